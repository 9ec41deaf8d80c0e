-- The lists that a shift lead keeps. A row is added, worded anew, taken out of use and brought back; it is never deleted,
-- and what tells it from the others never changes, since what happened speaks of it.

CREATE FUNCTION cru.guard_listed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    -- A set that is loaded says itself whose it is.
    IF TG_OP = 'UPDATE' OR NEW.author = session_user THEN
        NEW.author := session_user;
        NEW.dated := (clock_now() AT TIME ZONE 'Europe/London')::date;
    END IF;
    RETURN NEW;
END $$;

-- What a row is called, and its columns without who and when.
CREATE FUNCTION cru.listed_as(the_list text, the_row jsonb) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT concat_ws(' ', replace(the_list, '_', ' ') || ':', the_row ->> 'kind',
        coalesce(the_row ->> 'code', the_row ->> 'key', the_row ->> 'name', the_row ->> 'label', the_row ->> 'priority'))
$$;

CREATE FUNCTION cru.log_listed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    it jsonb := to_jsonb(NEW) - '{author,dated}'::text[];
    was jsonb;
    named text := listed_as(TG_TABLE_NAME, to_jsonb(NEW));
    said text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.author = session_user THEN
            PERFORM write_event(NULL, NULL, 'list changed', clock_now(), left(named || ', added', 2000),
                jsonb_build_object('list', TG_TABLE_NAME, 'row', it));
        END IF;
        RETURN NULL;
    END IF;
    was := to_jsonb(OLD) - '{author,dated}'::text[];
    IF it = was THEN
        RETURN NULL;
    END IF;
    SELECT string_agg(format('%s %s, before: %s', replace(key, '_', ' '), coalesce(nullif(it ->> key, ''), 'nothing'),
            coalesce(nullif(was ->> key, ''), 'nothing')), '; ' ORDER BY key) INTO said
    FROM jsonb_object_keys(it) AS key WHERE it -> key IS DISTINCT FROM was -> key AND key <> 'active';
    said := concat_ws('; ', CASE WHEN NEW.active AND NOT OLD.active THEN 'in use again'
        WHEN OLD.active AND NOT NEW.active THEN 'out of use' END, said);
    PERFORM write_event(NULL, NULL, 'list changed', clock_now(), left(named || ', ' || said, 2000),
        changes(to_jsonb(OLD), to_jsonb(NEW)) - '{author,dated}'::text[] || jsonb_build_object('list', TG_TABLE_NAME));
    RETURN NULL;
END $$;

-- What would leave the room without a choice, or with a clock that nobody can keep.
CREATE FUNCTION cru.bound_priority() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF NEW.within_minutes NOT BETWEEN 5 AND 20160 THEN
        PERFORM refuse('That lies between 5 minutes and 14 days.', 'Type another value.');
    ELSIF NEW.aim_minutes > NEW.within_minutes THEN
        PERFORM refuse('What is aimed at lies within what is allowed.', 'Type fewer minutes for the aim.');
    ELSIF NOT NEW.active AND NOT EXISTS (SELECT FROM priority WHERE active AND code <> NEW.code) THEN
        PERFORM refuse('One priority at least stays in use.', 'Add another one first.');
    ELSIF NOT NEW.active AND EXISTS (SELECT FROM referral_source WHERE active AND default_priority = NEW.code) THEN
        PERFORM refuse('Some who refer have it as their priority.', 'Give them another one first.');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION cru.bound_source() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF NEW.active AND NOT EXISTS (SELECT FROM priority WHERE active AND code = NEW.default_priority) THEN
        PERFORM refuse('That priority is not in use.', 'Choose another one.');
    ELSIF NOT NEW.active AND NOT EXISTS (SELECT FROM referral_source WHERE active AND code <> NEW.code) THEN
        PERFORM refuse('Somebody at least may refer.', 'Add another one first.');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION cru.bound_choice() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    others boolean;
BEGIN
    IF NEW.active THEN
        RETURN NEW;
    END IF;
    IF TG_TABLE_NAME = 'outcome' THEN
        others := EXISTS (SELECT FROM outcome WHERE active AND code <> NEW.code);
    ELSE
        others := EXISTS (SELECT FROM reason WHERE active AND kind = to_jsonb(NEW) ->> 'kind' AND code <> NEW.code);
    END IF;
    IF NOT others THEN
        PERFORM refuse('One of its kind at least stays in use.', 'Add another one first.');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION cru.bound_place() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF (NEW.lat IS NULL) <> (NEW.lon IS NULL) THEN
        PERFORM refuse('A place has a latitude and a longitude, or neither.', 'Type both.');
    ELSIF NEW.lat NOT BETWEEN 49 AND 61 OR NEW.lon NOT BETWEEN -9 AND 2.5 THEN
        PERFORM refuse('That place does not lie in Britain.', 'Latitude goes first: 52.24, then -0.90.');
    ELSIF TG_TABLE_NAME = 'van_base' AND NOT NEW.active
          AND EXISTS (SELECT FROM van WHERE active AND base = NEW.name) THEN
        PERFORM refuse('A van that is in use has it as its base.', 'Give the van another base first.');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION cru.bound_ending_rule() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM outcome WHERE NEW.kind = 'outcome' AND code = NEW.code
                   UNION ALL SELECT FROM reason WHERE kind = NEW.kind AND code = NEW.code) THEN
        PERFORM refuse('There is no such way of ending.', 'Choose one that is in the list.');
    END IF;
    RETURN NEW;
END $$;

DO $$
DECLARE
    t record;
BEGIN
    FOR t IN SELECT * FROM (VALUES
        ('priority', 'priority'), ('referral_source', 'source'), ('reason', 'choice'), ('outcome', 'choice'), ('wish', NULL),
        ('van_base', 'place'), ('destination', 'place'), ('language', NULL), ('mobility', NULL), ('about_topic', NULL),
        ('ending_rule', 'ending_rule'), ('contact_schedule', NULL)) AS v(tab, guard) LOOP
        -- "bounds" sorts before "listed", which puts down who and since when.
        IF t.guard IS NOT NULL THEN
            EXECUTE format('CREATE TRIGGER bounds BEFORE INSERT OR UPDATE ON cru.%I FOR EACH ROW EXECUTE FUNCTION cru.bound_%s()',
                           t.tab, t.guard);
        END IF;
        EXECUTE format('CREATE TRIGGER listed BEFORE INSERT OR UPDATE ON cru.%I FOR EACH ROW EXECUTE FUNCTION cru.guard_listed()', t.tab);
        -- How often people are called is told in words of its own when it changes.
        EXECUTE format('CREATE TRIGGER %I AFTER %s ON cru.%I FOR EACH ROW EXECUTE FUNCTION cru.log_listed()',
                       CASE WHEN t.tab = 'contact_schedule' THEN 'log_added' ELSE 'log' END,
                       CASE WHEN t.tab = 'contact_schedule' THEN 'INSERT' ELSE 'INSERT OR UPDATE' END, t.tab);
    END LOOP;
END $$;

-- It is set again, and nothing that Undo restores.
DO $$
DECLARE
    found text := (SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = 'cru.event'::regclass AND tgname = 'act');
BEGIN
    DROP TRIGGER act ON cru.event;
    EXECUTE regexp_replace(found, '\mWHEN \((.*)\) EXECUTE', 'WHEN ((\1) AND NEW.kind <> ''list changed'') EXECUTE');
END $$;

REVOKE ALL ON FUNCTION cru.guard_listed(), cru.listed_as(text, jsonb), cru.log_listed(), cru.bound_priority(),
    cru.bound_source(), cru.bound_choice(), cru.bound_place(), cru.bound_ending_rule() FROM PUBLIC;

GRANT INSERT (code, meaning, within_minutes, aim_minutes, rank, triage_scale, active),
    UPDATE (meaning, within_minutes, aim_minutes, rank, triage_scale, active) ON cru.priority TO cru_shift_lead;
GRANT INSERT (code, label, waits, waits_kind, default_priority, rank, active),
    UPDATE (label, waits, waits_kind, default_priority, rank, active) ON cru.referral_source TO cru_shift_lead;
GRANT INSERT (kind, code, label, rank, active), UPDATE (label, rank, active) ON cru.reason TO cru_shift_lead;
GRANT INSERT (code, label, rank, active), UPDATE (label, rank, active) ON cru.outcome TO cru_shift_lead;
GRANT INSERT (label, rank, active), UPDATE (rank, active) ON cru.wish TO cru_shift_lead;
GRANT INSERT (name, postcode, lat, lon, active), UPDATE (postcode, lat, lon, active) ON cru.van_base TO cru_shift_lead;
GRANT INSERT (name, kind, address, phone, hours, lat, lon, active),
    UPDATE (kind, address, phone, hours, lat, lon, active) ON cru.destination TO cru_shift_lead;
GRANT INSERT (code, label, aliases, rank, active), UPDATE (label, aliases, rank, active) ON cru.language TO cru_shift_lead;
GRANT INSERT (code, label, equipment, rank, active), UPDATE (label, equipment, rank, active) ON cru.mobility TO cru_shift_lead;
GRANT INSERT (key, label, question, kind, in_brief, carried, rank, active),
    UPDATE (label, question, in_brief, carried, rank, active) ON cru.about_topic TO cru_shift_lead;
GRANT INSERT (kind, code, needs_meeting, asks_person, aftercare_hours, active),
    UPDATE (needs_meeting, asks_person, aftercare_hours, active) ON cru.ending_rule TO cru_shift_lead;
