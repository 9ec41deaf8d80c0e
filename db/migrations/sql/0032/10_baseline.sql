-- What is usual begins anew only where a person says so: for which measure, from which day, on which days it rests, and why.
-- The program's own list of limits is db/tables/bounds.py, and a test holds that the two say the same.

CREATE TABLE cru.spc_baseline (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    measure TEXT NOT NULL,
    since_on DATE NOT NULL,
    until_on DATE,
    reason TEXT NOT NULL,
    author TEXT DEFAULT session_user NOT NULL,
    set_at TIMESTAMP WITH TIME ZONE DEFAULT cru.clock_now() NOT NULL,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    withdrawn_by TEXT DEFAULT '' NOT NULL,
    CONSTRAINT spc_baseline_pkey PRIMARY KEY (id),
    CONSTRAINT spc_baseline_measure_fkey FOREIGN KEY(measure) REFERENCES cru.measure (key),
    CONSTRAINT spc_baseline_in_order_check CHECK (until_on >= since_on),
    CONSTRAINT spc_baseline_measure_length_check CHECK (char_length(measure) <= 60),
    CONSTRAINT spc_baseline_measure_given_check CHECK (measure ~ '[^[:space:]]'),
    CONSTRAINT spc_baseline_since_on_day_check CHECK (since_on BETWEEN '2000-01-01' AND '2199-12-31'),
    CONSTRAINT spc_baseline_until_on_day_check CHECK (until_on BETWEEN '2000-01-01' AND '2199-12-31'),
    CONSTRAINT spc_baseline_reason_length_check CHECK (char_length(reason) <= 2000),
    CONSTRAINT spc_baseline_reason_given_check CHECK (reason ~ '[^[:space:]]'),
    CONSTRAINT spc_baseline_author_length_check CHECK (char_length(author) <= 200),
    CONSTRAINT spc_baseline_set_at_time_check CHECK (set_at >= '2000-01-01 00:00:00+00' AND set_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT spc_baseline_withdrawn_at_time_check CHECK (withdrawn_at >= '2000-01-01 00:00:00+00' AND withdrawn_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT spc_baseline_withdrawn_by_length_check CHECK (char_length(withdrawn_by) <= 200),
    CONSTRAINT spc_baseline_characters_check CHECK (concat_ws('', reason) !~ '[\u0001-\u0008\u000E-\u001F\u007F]'),
    CONSTRAINT spc_baseline_one_line_check CHECK (concat_ws('', measure, author, withdrawn_by) !~ '[\u0001-\u001F\u007F]')
);
CREATE UNIQUE INDEX spc_baseline_in_force_idx ON cru.spc_baseline (measure, since_on) WHERE withdrawn_at IS NULL;

-- A row is a decision: it is withdrawn, and never changed.
CREATE FUNCTION cru.guard_spc_baseline() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    today date := (clock_now() AT TIME ZONE 'Europe/London')::date;
    other cru.spc_baseline;
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM refuse('A baseline is never deleted.', 'Withdraw it.', 'CR002');
    ELSIF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - 'withdrawn_at' <> to_jsonb(OLD) - 'withdrawn_at' OR NEW.withdrawn_at IS NULL THEN
            PERFORM refuse('A baseline is never changed.', 'Withdraw it, and set another one.', 'CR002');
        ELSIF OLD.withdrawn_at IS NOT NULL THEN
            PERFORM refuse(format('%s withdrew it, %s.', name_of(OLD.withdrawn_by), time_in_words(OLD.withdrawn_at)),
                           'Read the page again.', 'CR001');
        END IF;
        NEW.withdrawn_at := clock_now();
        NEW.withdrawn_by := session_user;
        RETURN NEW;
    END IF;
    NEW.author := session_user;
    NEW.set_at := clock_now();
    NEW.withdrawn_at := NULL;
    NEW.withdrawn_by := '';
    NEW.reason := btrim(NEW.reason, E' \t\r\n');
    IF NEW.reason = '' THEN
        PERFORM refuse('It does not say why.', 'Say what changed, such as: a sixth van.');
    ELSIF greatest(NEW.since_on, NEW.until_on) > today THEN
        PERFORM refuse('What is usual is told by days that have been.', 'Choose days that are over.');
    ELSIF NEW.until_on < NEW.since_on THEN
        PERFORM refuse('Its last day lies before its first.', 'Change one of them.');
    END IF;
    SELECT * INTO other FROM spc_baseline
    WHERE measure = NEW.measure AND since_on = NEW.since_on AND withdrawn_at IS NULL;
    IF other.id IS NOT NULL THEN
        PERFORM refuse(format('%s set one from that day, %s.', name_of(other.author), time_in_words(other.set_at)),
                       'Withdraw it first, or choose another day.', 'CR001');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION cru.log_spc_baseline() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    PERFORM write_event(NULL, NULL, CASE WHEN TG_OP = 'INSERT' THEN 'baseline set' ELSE 'baseline withdrawn' END,
        clock_now(), NEW.reason, jsonb_build_object('baseline', NEW.id, 'measure', NEW.measure,
            'since_on', NEW.since_on, 'until_on', NEW.until_on));
    RETURN NULL;
END $$;

CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON cru.spc_baseline
    FOR EACH ROW EXECUTE FUNCTION cru.guard_spc_baseline();
CREATE TRIGGER log AFTER INSERT OR UPDATE ON cru.spc_baseline FOR EACH ROW EXECUTE FUNCTION cru.log_spc_baseline();
-- An open page reads again.
CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON cru.spc_baseline
    FOR EACH STATEMENT EXECUTE FUNCTION cru.note_whole('reference');

-- It is withdrawn, and nothing that Undo restores.
DO $$
DECLARE
    found text := (SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = 'cru.event'::regclass AND tgname = 'act');
BEGIN
    DROP TRIGGER act ON cru.event;
    EXECUTE regexp_replace(found, '\mWHEN \((.*)\) EXECUTE', 'WHEN ((\1) AND NEW.kind <> ALL (''{baseline set,'
        'baseline withdrawn}''::text[])) EXECUTE');
END $$;

REVOKE ALL ON FUNCTION cru.guard_spc_baseline(), cru.log_spc_baseline() FROM PUBLIC;
GRANT SELECT, INSERT (id, measure, since_on, until_on, reason), UPDATE (withdrawn_at) ON cru.spc_baseline TO cru_shift_lead;
