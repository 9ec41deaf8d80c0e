-- Raising: whichever console watches tells the record what has begun and what is over. Telling it twice changes nothing.

CREATE FUNCTION cru.guard_alarm() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    stays boolean := (SELECT k.stays FROM alarm_kind k WHERE k.code = NEW.kind);
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM refuse('An alarm is never deleted.', '', 'CR002');
    ELSIF TG_OP = 'INSERT' THEN
        NEW.version := 1;
        RETURN NEW;
    ELSIF OLD.closed_at IS NOT NULL THEN
        PERFORM refuse('That alarm is over.', 'Look at it again before you go on.', 'CR001');
    ELSIF '{id,name,kind,words,referral_id,van_id,since_at,raised_at,raised_by}'::text[]
          && ARRAY(SELECT jsonb_object_keys(changes(to_jsonb(OLD), to_jsonb(NEW)))) THEN
        PERFORM refuse('What an alarm said never changes.', '', 'CR002');
    END IF;
    NEW.version := OLD.version + 1;
    -- What is over, and was seen or need not be, is closed.
    IF NEW.returned_at IS NOT NULL AND (NOT stays OR is_acknowledged(NEW)) THEN
        NEW.closed_at := greatest(clock_now(), NEW.returned_at);
    END IF;
    RETURN NEW;
END $$;

-- Acknowledged since it last had reason to sound: when it was raised, came again or got graver, or came back from the shelf.
CREATE FUNCTION cru.is_acknowledged(the_alarm cru.alarm) RETURNS boolean
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT coalesce((the_alarm).acknowledged_at >= greatest((the_alarm).raised_at, (the_alarm).again_at,
        CASE WHEN (the_alarm).shelved_until <= clock_now() THEN (the_alarm).shelved_until END), false)
$$;

-- Which console raises: the one that did so within the last six seconds, else whoever asks first.
CREATE FUNCTION cru.watch_alarms(the_console uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    near constant interval := '6 seconds';
BEGIN
    -- By the server's own clock, which a practice shift does not bend; one that was set back frees it too.
    UPDATE alarm_watch SET console = the_console, watched_by = session_user, beat_at = clock_timestamp()
    WHERE console = the_console OR beat_at IS NULL
        OR beat_at NOT BETWEEN clock_timestamp() - near AND clock_timestamp() + near;
    RETURN FOUND;
END $$;

-- Whether it began often enough lately to be raised. One that goes on has begun once.
CREATE FUNCTION cru.has_begun(the_name text, often cru.alarm_kind) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    from_then timestamptz := clock_now() - make_interval(mins => (often).within_minutes);
BEGIN
    IF (often).times <= 1 THEN
        RETURN true;
    END IF;
    DELETE FROM alarm_onset WHERE name = the_name AND ended_at < from_then;
    IF NOT EXISTS (SELECT FROM alarm_onset WHERE name = the_name AND ended_at IS NULL) THEN
        INSERT INTO alarm_onset (name) VALUES (the_name) ON CONFLICT DO NOTHING;
    END IF;
    RETURN (SELECT count(*) FROM alarm_onset WHERE name = the_name AND (ended_at IS NULL OR begun_at >= from_then))
        >= (often).times;
END $$;

CREATE FUNCTION cru.raise_alarms(told jsonb) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    one record;
    of_kind cru.alarm_kind;
    raised integer := 0;
    changed integer;
BEGIN
    IF jsonb_typeof(told) IS DISTINCT FROM 'array' OR jsonb_array_length(told) > 500 THEN
        PERFORM refuse('Alarms are told as a list of at most 500.');
    END IF;
    -- In the order of their names, so that two consoles that raise at once never wait for each other in a circle.
    FOR one IN SELECT * FROM jsonb_to_recordset(told) AS t(name text, kind text, words text, since timestamptz,
            referral_id uuid, van_id uuid) ORDER BY t.name LOOP
        SELECT * INTO of_kind FROM alarm_kind WHERE code = one.kind AND active;
        CONTINUE WHEN NOT FOUND OR one.since IS NULL OR one.since > clock_now() + interval '2 seconds'
            OR NOT has_begun(one.name, of_kind);
        INSERT INTO alarm AS a (name, kind, priority, words, since_at, referral_id, van_id)
        VALUES (one.name, one.kind, of_kind.priority, one.words, one.since, one.referral_id, one.van_id)
        ON CONFLICT (name) WHERE closed_at IS NULL DO UPDATE
            SET returned_at = NULL, again_at = clock_now(), priority = excluded.priority
            WHERE a.returned_at IS NOT NULL OR excluded.priority < a.priority;
        GET DIAGNOSTICS changed = ROW_COUNT;
        raised := raised + changed;
    END LOOP;
    RETURN raised;
END $$;

CREATE FUNCTION cru.end_alarms(names text[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    ended integer;
BEGIN
    UPDATE alarm_onset SET ended_at = clock_now() WHERE name = ANY (names) AND ended_at IS NULL;
    -- An emergency ends when the record says so, whatever a console believes.
    UPDATE alarm SET returned_at = clock_now() WHERE id IN (SELECT a.id FROM alarm a WHERE a.name = ANY (names)
        AND a.closed_at IS NULL AND a.returned_at IS NULL
        AND NOT (a.kind = 'emergency' AND EXISTS (SELECT FROM van v WHERE v.id = a.van_id AND v.emergency_at IS NOT NULL))
        ORDER BY a.name FOR UPDATE);
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END $$;
