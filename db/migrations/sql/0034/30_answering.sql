-- What people do about an alarm: acknowledge it by their name, shelve it with a reason and an end, take it back.

CREATE FUNCTION cru.open_alarm(the_alarm uuid) RETURNS cru.alarm
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    found_one cru.alarm;
BEGIN
    SELECT * INTO found_one FROM alarm WHERE id = the_alarm FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM refuse('There is no such alarm.', 'Look at the list again.');
    ELSIF found_one.closed_at IS NOT NULL THEN
        PERFORM refuse('That alarm is over.', 'There is nothing left to do about it.', 'CR001');
    END IF;
    RETURN found_one;
END $$;

CREATE FUNCTION cru.acknowledge_alarm(the_alarm uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    it cru.alarm := open_alarm(the_alarm);
BEGIN
    -- Whoever is second has seen it too: nothing is wrong, and the first name stays.
    IF is_acknowledged(it) OR it.shelved_until > clock_now() THEN
        RETURN;
    END IF;
    UPDATE alarm SET acknowledged_at = clock_now(), acknowledged_by = session_user WHERE id = the_alarm;
END $$;

CREATE FUNCTION cru.shelve_alarm(the_alarm uuid, until_then timestamptz, why text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    it cru.alarm := open_alarm(the_alarm);
BEGIN
    IF NOT (SELECT shelvable FROM alarm_kind WHERE code = it.kind) THEN
        PERFORM refuse('This kind of alarm is never shelved.', 'Acknowledge it, and see to it.');
    ELSIF coalesce(why, '') !~ '[^[:space:]]' THEN
        PERFORM refuse('An alarm is shelved with a reason.', 'Say why.');
    ELSIF until_then IS NULL OR until_then <= clock_now() OR until_then > clock_now() + interval '12 hours' THEN
        PERFORM refuse('An alarm is shelved until a time within the next 12 hours.', 'Choose another time.');
    END IF;
    UPDATE alarm SET shelved_at = clock_now(), shelved_by = session_user, shelved_until = until_then, shelved_reason = btrim(why)
    WHERE id = the_alarm;
END $$;

-- By hand it comes back as acknowledged: whoever took it off has it before them. By time it sounds again.
CREATE FUNCTION cru.unshelve_alarm(the_alarm uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    it cru.alarm := open_alarm(the_alarm);
BEGIN
    IF it.shelved_until IS NULL OR it.shelved_until <= clock_now() THEN
        PERFORM refuse('That alarm is not shelved.', 'Look at the list again.', 'CR001');
    END IF;
    UPDATE alarm SET shelved_at = NULL, shelved_by = '', shelved_until = NULL, shelved_reason = '',
        acknowledged_at = clock_now(), acknowledged_by = session_user
    WHERE id = the_alarm;
END $$;

-- Who is told: the story of the referral and of the van that it is about, if any.
CREATE FUNCTION cru.log_alarm() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    did text := CASE WHEN NEW.shelved_at > coalesce(OLD.shelved_at, '-infinity') THEN 'alarm shelved'
        WHEN OLD.shelved_at IS NOT NULL AND NEW.shelved_at IS NULL THEN 'alarm back from the shelf'
        WHEN NEW.acknowledged_at > coalesce(OLD.acknowledged_at, '-infinity') THEN 'alarm acknowledged' END;
BEGIN
    IF did IS NOT NULL THEN
        PERFORM write_event(NEW.referral_id, NEW.van_id, did, clock_now(), NEW.words, jsonb_strip_nulls(jsonb_build_object(
            'alarm', NEW.id, 'priority', NEW.priority, 'until', NEW.shelved_until, 'why', nullif(NEW.shelved_reason, ''))));
    END IF;
    RETURN NULL;
END $$;
