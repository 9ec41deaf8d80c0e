-- Who waits is called: when the next call is due, and that no hold passes the response due time in silence.

-- When a crew must be with the person: db/domain/situation.py has the same. A priority that is no longer offered has the
-- tightest clock.
CREATE FUNCTION cru.response_due(of cru.referral) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT of.received_at + make_interval(mins => coalesce(
        (SELECT within_minutes FROM priority WHERE code = of.priority AND active),
        (SELECT min(within_minutes) FROM priority WHERE active), 60))
$$;

-- When the next call to somebody who waits is due by the schedule of their priority; null where there is none. From the
-- last word with the person, or with who cares for them, else from receipt; not before the time until which the person
-- agreed to wait; a while after a call that nobody answered. db/domain/calls.py has the same, and a test compares them.
CREATE FUNCTION cru.next_call(the_referral uuid) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    WITH asked AS (
        SELECT r.received_at, s.* FROM referral r JOIN contact_schedule s ON s.priority = r.priority AND s.active
        WHERE r.id = the_referral
    ), heard AS (
        SELECT made_at, agreed_until FROM contact WHERE referral_id = the_referral AND taken_back_at IS NULL
            AND spoke_with IN ('person', 'carer') ORDER BY made_at DESC, id DESC LIMIT 1
    ), tried AS (
        SELECT max(made_at) AS made_at FROM contact WHERE referral_id = the_referral AND taken_back_at IS NULL
            AND spoke_with = 'nobody' AND made_at > coalesce((SELECT made_at FROM heard), '-infinity')
    )
    SELECT greatest(
        coalesce(heard.made_at + make_interval(mins => every_minutes), received_at + make_interval(mins => first_minutes)),
        heard.agreed_until, tried.made_at + make_interval(mins => again_minutes))
    FROM asked CROSS JOIN tried LEFT JOIN heard ON true
$$;

CREATE FUNCTION cru.guard_contact() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    may_change constant text[] := '{version,promise_outcome,promise_note,promise_closed_at,promise_closed_by}';
    it cru.referral;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        NEW.version := OLD.version + 1;
        PERFORM check_row('contact', jsonb_build_object('id', OLD.id), jsonb_build_object('id', NEW.id), '{}');
        IF to_jsonb(NEW) - may_change <> to_jsonb(OLD) - may_change THEN
            PERFORM refuse('What was said in a call never changes.', 'Write down another call, or a note.', 'CR002');
        END IF;
        IF OLD.promise_outcome <> '' THEN
            PERFORM refuse('Whether this promise was kept is said already.', 'Write a note instead.', 'CR001');
        ELSIF NEW.promise_outcome <> '' AND NEW.promised !~ '[^[:space:]]' THEN
            PERFORM refuse('Nothing was promised.');
        END IF;
        NEW.promise_closed_at := CASE WHEN NEW.promise_outcome <> '' THEN clock_now() END;
        NEW.promise_closed_by := CASE WHEN NEW.promise_outcome <> '' THEN session_user ELSE '' END;
        RETURN NEW;
    END IF;
    PERFORM check_row('contact', jsonb_build_object('id', NEW.id),
        to_jsonb(NEW) - '{promise_due_at,due_at}'::text[], '{}');
    SELECT * INTO it FROM referral WHERE id = NEW.referral_id FOR NO KEY UPDATE;
    IF it.entered_in_error_at IS NOT NULL THEN
        PERFORM refuse(format('%s was entered in error.', it.reference), 'Take that back first.', 'CR001');
    ELSIF NEW.made_at < it.received_at THEN
        PERFORM refuse('A call lies before the referral was received.', 'Check the time.');
    ELSIF NEW.promise_due_at <= NEW.made_at OR NEW.agreed_until <= NEW.made_at THEN
        PERFORM refuse('What was agreed lies before the call.', 'Check the time.');
    ELSIF greatest(NEW.promise_due_at, NEW.agreed_until) > clock_now() + interval '30 days' THEN
        PERFORM refuse('What was agreed lies more than 30 days ahead.', 'Check the time, or add a follow-up.');
    END IF;
    NEW.version := 1;
    NEW.made_by := session_user;
    NEW.due_at := CASE WHEN it.state IN ('received', 'accepted') THEN next_call(it.id) END;
    NEW.promise_outcome := '';
    NEW.promise_closed_at := NULL;
    NEW.promise_closed_by := '';
    RETURN NEW;
END $$;

CREATE FUNCTION cru.log_contact() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM write_event(NEW.referral_id, NULL, 'contact', NEW.made_at,
            CASE WHEN NEW.spoke_with = 'nobody' THEN NEW.why_not
                 ELSE concat_ws('. ', NEW.with_name || coalesce(': ' || nullif(NEW.said, ''), ''),
                                nullif('Promised: ' || NEW.promised, 'Promised: ')) END,
            jsonb_strip_nulls(jsonb_build_object('contact', NEW.id, 'about', NEW.about, 'spoke_with', NEW.spoke_with,
                'with_name', NEW.with_name, 'channel', NEW.channel, 'due_at', NEW.due_at,
                'agreed_until', NEW.agreed_until, 'promise_due_at', NEW.promise_due_at)));
    ELSIF NEW.promise_outcome <> OLD.promise_outcome THEN
        PERFORM write_event(NEW.referral_id, NULL, 'promise ' || NEW.promise_outcome, NEW.promise_closed_at,
            concat_ws('. ', NEW.promised, nullif(NEW.promise_note, '')), jsonb_build_object('contact', NEW.id));
    END IF;
    RETURN NULL;
END $$;

-- The person themselves, by name, agreed to wait at least that long.
CREATE FUNCTION cru.agreed_to_wait(the_referral uuid, until timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT EXISTS (SELECT FROM contact WHERE referral_id = the_referral AND taken_back_at IS NULL
                   AND spoke_with = 'person' AND agreed_until >= until)
$$;

-- Runs after "guard", whose sentences come first.
CREATE FUNCTION cru.guard_silent_hold() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF NEW.hold_until > response_due(NEW) AND NOT agreed_to_wait(NEW.id, NEW.hold_until) THEN
        PERFORM refuse(format('A crew is due with the person by %s: this hold would pass it in silence.',
                              local_time(response_due(NEW), clock_now())),
                       'Speak to the person, and say with whom and when; or choose an earlier time.');
    END IF;
    RETURN NEW;
END $$;

-- A new referral rests not yet (clients cannot insert a hold); an edit that leaves a hold alone is never refused for it.
CREATE TRIGGER guard_silent_hold BEFORE UPDATE ON cru.referral FOR EACH ROW
    WHEN (NEW.hold_until IS DISTINCT FROM OLD.hold_until AND NEW.hold_until IS NOT NULL
          AND NOT cru.is_being_restored('referral', NEW.id))
    EXECUTE FUNCTION cru.guard_silent_hold();
