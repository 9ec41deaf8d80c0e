-- What of the rota was published: a shift as it was at a version. What is planned or changed after that is not yet known
-- to those who ride. The program's own list of limits is db/tables/bounds.py, and a test holds that the two say the same.

CREATE TABLE cru.rota_published (
    planned_shift_id UUID NOT NULL,
    plan_version BIGINT NOT NULL,
    published_by TEXT DEFAULT session_user NOT NULL,
    published_at TIMESTAMP WITH TIME ZONE DEFAULT cru.clock_now() NOT NULL,
    CONSTRAINT rota_published_pkey PRIMARY KEY (planned_shift_id, plan_version),
    CONSTRAINT rota_published_planned_shift_id_fkey FOREIGN KEY(planned_shift_id) REFERENCES cru.planned_shift (id),
    CONSTRAINT rota_published_plan_version_range_check CHECK (plan_version BETWEEN 1 AND 9007199254740991),
    CONSTRAINT rota_published_published_by_length_check CHECK (char_length(published_by) <= 200),
    CONSTRAINT rota_published_published_at_time_check CHECK (published_at >= '2000-01-01 00:00:00+00' AND published_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT rota_published_one_line_check CHECK (concat_ws('', published_by) !~ '[\u0001-\u001F\u007F]')
);

-- Until now whoever planned a shift told it at once.
INSERT INTO cru.rota_published (planned_shift_id, plan_version, published_by, published_at)
SELECT id, version, changed_by, changed_at FROM cru.planned_shift;

CREATE FUNCTION cru.guard_rota_published() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    plan cru.planned_shift;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM refuse('What was published stays.', 'Publish what was changed since.', 'CR002');
    END IF;
    -- Whoever changes it at this moment waits, or is seen.
    SELECT * INTO plan FROM planned_shift WHERE id = NEW.planned_shift_id FOR SHARE;
    IF plan.version <> NEW.plan_version THEN
        PERFORM refuse(format('%s changed that shift meanwhile.', plan.changed_by), 'Look at it again.', 'CR001');
    END IF;
    NEW.published_by := session_user;
    NEW.published_at := clock_now();
    RETURN NEW;
END $$;

CREATE FUNCTION cru.log_rota_published() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    shifts bigint;
    words text;
BEGIN
    SELECT count(*), span_in_words(min(p.starts_at), max(p.ends_at)) INTO shifts, words
    FROM published n JOIN planned_shift p ON p.id = n.planned_shift_id;
    -- Published twice is published once.
    IF shifts > 0 THEN
        PERFORM write_event(NULL, NULL, 'rota published', clock_now(), words, jsonb_build_object('shifts', shifts));
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON cru.rota_published
    FOR EACH ROW EXECUTE FUNCTION cru.guard_rota_published();
CREATE TRIGGER log AFTER INSERT ON cru.rota_published REFERENCING NEW TABLE AS published
    FOR EACH STATEMENT EXECUTE FUNCTION cru.log_rota_published();
CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON cru.rota_published
    FOR EACH STATEMENT EXECUTE FUNCTION cru.note_whole('reference');

-- People were told: that is nothing that Undo takes back.
DO $$
DECLARE
    found text := (SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = 'cru.event'::regclass AND tgname = 'act');
BEGIN
    DROP TRIGGER act ON cru.event;
    EXECUTE regexp_replace(found, '\mWHEN \((.*)\) EXECUTE', 'WHEN ((\1) AND NEW.kind <> ''rota published'') EXECUTE');
END $$;

REVOKE ALL ON FUNCTION cru.guard_rota_published(), cru.log_rota_published() FROM PUBLIC;
GRANT SELECT ON cru.rota_published TO cru_viewer, cru_dispatcher;
GRANT INSERT (planned_shift_id, plan_version) ON cru.rota_published TO cru_shift_lead;
