-- What comes later: follow-ups, EMAS or police who came into it, places free.

CREATE FUNCTION cru.guard_follow_up() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.version := 1;
        NEW.made_by := session_user;
        NEW.made_at := clock_now();
        NEW.done_at := NULL;
        NEW.done_by := '';
        NEW.outcome := '';
        IF NEW.due_at <= NEW.made_at THEN
            PERFORM refuse('A follow-up is due in the future.', 'Choose a later time.');
        END IF;
    ELSE
        NEW.version := OLD.version + 1;
        IF (NEW.referral_id, NEW.what_for, NEW.made_at, NEW.made_by) IS DISTINCT FROM
           (OLD.referral_id, OLD.what_for, OLD.made_at, OLD.made_by) THEN
            PERFORM refuse('What a follow-up is for never changes.', 'Add another one.', 'CR002');
        ELSIF OLD.done_at IS NOT NULL THEN
            PERFORM refuse('This follow-up is done already.', '', 'CR001');
        ELSIF NEW.due_at IS DISTINCT FROM OLD.due_at AND (NEW.due_at <= clock_now() OR context('reason') = '') THEN
            PERFORM refuse('A follow-up is put off to a later time, with a reason.', 'Say until when, and why.');
        END IF;
        NEW.outcome := btrim(NEW.outcome);
        IF NEW.done_at IS NOT NULL AND NEW.outcome !~ '[^[:space:]]' THEN
            PERFORM refuse('A follow-up that is done has an outcome.', 'Say how it went.');
        END IF;
        NEW.done_at := CASE WHEN NEW.outcome ~ '[^[:space:]]' THEN coalesce(NEW.done_at, clock_now()) END;
        NEW.done_by := CASE WHEN NEW.done_at IS NULL THEN '' ELSE session_user END;
        IF NEW.done_at > clock_now() + interval '1 minute' OR NEW.done_at < OLD.made_at - interval '1 minute' THEN
            PERFORM refuse('A follow-up is done after it was asked for, and not in the future.', 'Check the time.');
        END IF;
    END IF;
    IF NEW.due_at > clock_now() + interval '90 days' THEN
        PERFORM refuse('A follow-up is due within 90 days.', 'Choose an earlier time.');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION cru.log_follow_up() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM write_event(NEW.referral_id, NULL, 'follow-up planned', NEW.made_at, NEW.what_for,
            jsonb_build_object('follow_up', NEW.id, 'due_at', NEW.due_at));
    ELSIF NEW.done_at IS DISTINCT FROM OLD.done_at THEN
        PERFORM write_event(NEW.referral_id, NULL, 'follow-up done', NEW.done_at, NEW.outcome,
            jsonb_build_object('follow_up', NEW.id, 'due_at', NEW.due_at, 'what_for', NEW.what_for));
    ELSIF NEW.due_at IS DISTINCT FROM OLD.due_at THEN
        PERFORM write_event(NEW.referral_id, NULL, 'follow-up put off', clock_now(), NEW.what_for,
            jsonb_build_object('follow_up', NEW.id, 'from', OLD.due_at, 'to', NEW.due_at));
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION cru.guard_late_link() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    it cru.referral;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM refuse('This is never changed or deleted.', 'Take it back, then say it anew.', 'CR002');
    END IF;
    SELECT * INTO it FROM referral WHERE id = NEW.referral_id FOR NO KEY UPDATE;
    NEW.version := 1;
    NEW.made_by := session_user;
    NEW.made_at := clock_now();
    NEW.incident := btrim(NEW.incident);
    NEW.crew := btrim(NEW.crew);
    IF it.entered_in_error_at IS NOT NULL THEN
        PERFORM refuse(format('%s was entered in error.', it.reference), 'Take that back first.', 'CR001');
    ELSIF it.closed_at < NEW.made_at - interval '7 days' THEN
        PERFORM refuse(format('%s ended more than seven days ago.', it.reference), 'Take a new referral.');
    ELSIF NEW.came_at > clock_now() + interval '1 minute' THEN
        PERFORM refuse('A time cannot lie in the future.', 'Check the time.');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION cru.log_late_link() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    PERFORM write_event(NEW.referral_id, NULL, CASE NEW.service WHEN 'ems' THEN 'EMAS linked' ELSE 'police linked' END,
        coalesce(NEW.came_at, NEW.made_at), concat_ws(', ', nullif(NEW.crew, ''),
        nullif('incident ' || NEW.incident, 'incident ')), jsonb_build_object('late_link', NEW.id));
    IF NEW.service = 'ems' THEN
        -- The line for EMAS says their own number from now on; what somebody typed before stays.
        UPDATE referral SET ems_incident = CASE WHEN ems_incident = '' THEN NEW.incident ELSE ems_incident END,
            ems_callsign = CASE WHEN ems_callsign = '' THEN NEW.crew ELSE ems_callsign END
        WHERE id = NEW.referral_id AND (ems_incident = '' AND NEW.incident <> '' OR ems_callsign = '' AND NEW.crew <> '');
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION cru.guard_places_free() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM refuse('This is never changed or deleted.', 'Say it anew.', 'CR002');
    ELSIF NEW.said_at > clock_now() + interval '1 minute' THEN
        PERFORM refuse('A time cannot lie in the future.', 'Check the time.');
    END IF;
    NEW.recorded_by := session_user;
    NEW.recorded_at := clock_now();
    RETURN NEW;
END $$;

-- A shift lead sets how often people are called ("guard_rule" puts down who and since when); the events keep what it was.
CREATE FUNCTION cru.log_schedule() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    PERFORM write_event(NULL, NULL, 'contact schedule', clock_now(), format('%s: first after %s min, then every %s min, %s min after no answer',
        NEW.priority, NEW.first_minutes, NEW.every_minutes, NEW.again_minutes), changes(to_jsonb(OLD), to_jsonb(NEW)));
    RETURN NULL;
END $$;
