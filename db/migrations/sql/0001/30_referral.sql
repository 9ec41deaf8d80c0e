-- Referrals and their screening.

CREATE FUNCTION cru.next_reference(moment timestamptz) RETURNS text
LANGUAGE sql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    INSERT INTO referral_day AS d (day, last) VALUES ((moment AT TIME ZONE 'Europe/London')::date, 1)
    ON CONFLICT (day) DO UPDATE SET last = d.last + 1
    RETURNING 'CRU-' || to_char(day, 'YYYYMMDD') || '-' || lpad(last::text, 4, '0')
$$;

CREATE FUNCTION cru.screening_lets_through(the_referral uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    -- Any "yes" or "not known" blocks until a named clinician overrides; so does a question nobody answered.
    SELECT coalesce((
        SELECT NOT EXISTS (SELECT FROM cru.screening_item i WHERE i.tool_version = s.tool_version
                           AND s.answers ->> i.key IS NULL)
           AND EXISTS (SELECT FROM cru.screening_item i WHERE i.tool_version = s.tool_version)
           AND (s.override_at IS NOT NULL
                OR NOT EXISTS (SELECT FROM jsonb_each_text(s.answers) a WHERE a.value IS DISTINCT FROM 'no'))
        FROM cru.screening s WHERE s.referral_id = the_referral ORDER BY s.completed_at DESC, s.id LIMIT 1), false)
$$;

CREATE FUNCTION cru.has_assignment(the_referral uuid, states text[]) RETURNS boolean
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT EXISTS (SELECT FROM cru.assignment WHERE referral_id = the_referral AND state = ANY (states))
$$;

CREATE FUNCTION cru.guard_referral() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'received' OR NEW.closed_at IS NOT NULL OR NEW.accepted_at IS NOT NULL THEN
            PERFORM cru.refuse('A new referral starts as received.', '', 'CR001');
        END IF;
        NEW.version := 1;
        PERFORM cru.check_row('referral', jsonb_build_object('id', NEW.id, 'state', NEW.state), to_jsonb(NEW), '{}');
        NEW.reference := cru.next_reference(NEW.received_at);
        RETURN NEW;
    END IF;
    NEW.version := OLD.version + 1;
    NEW.end_reason := btrim(NEW.end_reason);
    NEW.hold_reason := btrim(NEW.hold_reason);
    NEW.entered_in_error_reason := btrim(NEW.entered_in_error_reason);
    PERFORM cru.check_row('referral', to_jsonb(OLD), to_jsonb(NEW), '{reference}');
    IF NEW.state <> OLD.state THEN
        PERFORM cru.guard_referral_move(OLD, NEW);
        IF NEW.state = 'accepted' AND OLD.state = 'received' THEN
            NEW.accepted_at := coalesce(NEW.accepted_at, cru.clock_now());
        ELSIF NEW.state IN ('closed', 'declined', 'cancelled') THEN
            NEW.closed_at := coalesce(NEW.closed_at, cru.clock_now());
        ELSIF OLD.state = 'closed' THEN
            NEW.closed_at := NULL;
        END IF;
    ELSIF NEW.closed_at IS DISTINCT FROM OLD.closed_at AND OLD.closed_at IS NULL
          OR NEW.accepted_at IS DISTINCT FROM OLD.accepted_at AND OLD.accepted_at IS NULL THEN
        PERFORM cru.refuse('That time is set by the step itself.', '', 'CR002');
    END IF;
    IF NEW.entered_in_error_at IS DISTINCT FROM OLD.entered_in_error_at AND NOT cru.is_lead() THEN
        PERFORM cru.refuse('Only a shift lead marks a referral as entered in error.', 'Ask the shift lead.', 'CR002');
    ELSIF NEW.entered_in_error_at IS NOT NULL AND NEW.state IN ('allocated', 'attending') THEN
        PERFORM cru.refuse(format('A van is on %s.', NEW.reference), 'Stand the van down first.', 'CR002');
    END IF;
    IF NEW.hold_until IS NOT NULL AND NEW.hold_until IS DISTINCT FROM OLD.hold_until THEN
        IF NEW.state NOT IN ('received', 'accepted') THEN
            PERFORM cru.refuse(format('%s is %s and cannot be held.', NEW.reference, NEW.state), '', 'CR001');
        ELSIF NEW.hold_until <= cru.clock_now() THEN
            PERFORM cru.refuse('A hold ends in the future.', 'Choose a later time.');
        END IF;
    ELSIF NEW.hold_until > cru.clock_now() AND NEW.state NOT IN ('received', 'accepted') THEN
        NEW.hold_until := NULL; -- whoever sends a van, or ends the referral, ends the hold
        NEW.hold_reason := '';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION cru.guard_referral_move(was cru.referral, now cru.referral) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = cru, pg_temp AS $$
BEGIN
    IF now.state = 'accepted' AND was.state = 'received' AND NOT cru.screening_lets_through(now.id) THEN
        PERFORM cru.refuse('The screening does not let this referral through.',
                           'Complete the screening, or return the person to EMAS.');
    ELSIF was.state = 'closed' AND NOT cru.is_lead() THEN
        PERFORM cru.refuse('Only a shift lead reopens a referral.', 'Ask the shift lead.', 'CR002');
    ELSIF was.state = 'closed' AND cru.context('reason') = '' THEN
        PERFORM cru.refuse('Reopening needs a reason.', 'Say why.');
    ELSIF now.state = 'allocated' AND NOT cru.has_assignment(now.id,
            '{allocated,acknowledged,mobile,"at rendezvous"}') THEN
        PERFORM cru.refuse('No van is allocated to this referral.', 'Allocate a van.');
    ELSIF now.state = 'allocated' AND cru.has_assignment(now.id,
            '{"on scene","with patient",conveying,"at destination"}') THEN
        PERFORM cru.refuse('A crew is with this referral.', 'Stand it down or mark it clear first.');
    ELSIF now.state = 'attending' AND NOT cru.has_assignment(now.id,
            '{"on scene","with patient",conveying,"at destination"}') THEN
        PERFORM cru.refuse('No crew has reached the scene.');
    ELSIF now.state IN ('accepted', 'closed', 'declined', 'cancelled') AND cru.has_assignment(now.id,
            '{allocated,acknowledged,mobile,"at rendezvous","on scene","with patient",conveying,"at destination"}') THEN
        PERFORM cru.refuse('A van is still on this referral.', 'Mark the van clear or stand it down first.');
    END IF;
END $$;

CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON cru.referral
    FOR EACH ROW EXECUTE FUNCTION cru.guard_referral();

CREATE FUNCTION cru.log_referral() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    before jsonb := CASE WHEN TG_OP = 'INSERT' THEN '{}' ELSE to_jsonb(OLD) END;
    logged text[] := '{state}';
BEGIN
    PERFORM log_times('', before, to_jsonb(NEW), NEW.id, NULL, '', CASE WHEN before ->> 'screened_at' IS NULL
        THEN '{closed_at,entered_in_error_at,screened_at}' ELSE '{closed_at,entered_in_error_at}' END::text[]);
    IF TG_OP = 'INSERT' THEN
        RETURN NULL;
    END IF;
    IF NEW.state <> OLD.state THEN
        logged := logged || '{end_reason,outcome,ae_avoided,ems_released,police_avoided}';
    END IF;
    IF NEW.state <> OLD.state AND OLD.state = 'closed' THEN
        PERFORM write_event(NEW.id, NULL, 'reopened', clock_now());
    ELSIF NEW.state IN ('closed', 'declined', 'cancelled') AND NEW.state <> OLD.state THEN
        PERFORM write_event(NEW.id, NULL, NEW.state, NEW.closed_at, coalesce(nullif(NEW.end_reason, ''), NEW.outcome));
    ELSIF NEW.closed_at IS DISTINCT FROM OLD.closed_at THEN
        PERFORM write_event(NEW.id, NULL, 'time amended', clock_now(), 'closed',
            jsonb_build_object('time', 'closed', 'from', OLD.closed_at, 'to', NEW.closed_at));
    END IF;
    IF NEW.hold_until IS DISTINCT FROM OLD.hold_until THEN
        logged := logged || '{hold_until,hold_reason}';
        PERFORM write_event(NEW.id, NULL, CASE WHEN NEW.hold_until IS NULL THEN 'hold ended' ELSE 'on hold' END,
                            clock_now(), NEW.hold_reason, jsonb_build_object('until', NEW.hold_until));
    END IF;
    IF NEW.entered_in_error_at IS DISTINCT FROM OLD.entered_in_error_at THEN
        logged := logged || '{entered_in_error_reason}';
        PERFORM write_event(NEW.id, NULL, CASE WHEN NEW.entered_in_error_at IS NULL THEN 'entered in error undone'
            ELSE 'entered in error' END, clock_now(), NEW.entered_in_error_reason);
    END IF;
    PERFORM log_details(before, to_jsonb(NEW), NEW.id, NULL, logged);
    RETURN NULL;
END $$;

CREATE TRIGGER log AFTER INSERT OR UPDATE ON cru.referral
    FOR EACH ROW EXECUTE FUNCTION cru.log_referral();

CREATE FUNCTION cru.guard_screening() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    NEW.override_clinician := btrim(NEW.override_clinician);
    NEW.override_reason := btrim(NEW.override_reason);
    IF NEW.override_at IS NULL AND NEW.override_clinician || NEW.override_reason <> ''
       OR NEW.override_at > cru.clock_now() + interval '1 minute' THEN
        PERFORM cru.refuse('An override has a time, and not one in the future.');
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.override_at IS NOT NULL AND NOT cru.is_lead() THEN
            PERFORM cru.refuse('Only a shift lead records an override.', 'Ask the shift lead.', 'CR002');
        END IF;
        NEW.version := 1;
        NEW.completed_by := session_user;
        IF jsonb_typeof(NEW.answers) <> 'object' OR EXISTS (SELECT FROM jsonb_each_text(NEW.answers) a
                WHERE a.value IS NULL OR a.value NOT IN ('yes', 'no', 'not known')) THEN
            PERFORM cru.refuse('A screening answer is yes, no or not known.');
        ELSIF NEW.tool_version <> (SELECT max(version) FROM cru.screening_tool) THEN
            PERFORM cru.refuse('The screening tool has a newer version.', 'Ask its questions instead.');
        END IF;
    ELSE
        NEW.version := OLD.version + 1;
        PERFORM cru.check_row('screening', to_jsonb(OLD), to_jsonb(NEW),
                              '{referral_id,tool_version,answers,note,completed_at,completed_by}');
        IF NOT cru.is_lead() THEN
            PERFORM cru.refuse('Only a shift lead records an override.', 'Ask the shift lead.', 'CR002');
        END IF;
        IF OLD.override_at IS NOT NULL THEN
            PERFORM cru.refuse('This screening is overridden already.', '', 'CR001');
        END IF;
    END IF;
    IF NEW.completed_at > cru.clock_now() + interval '1 minute' THEN
        PERFORM cru.refuse('A time cannot lie in the future.', 'Check the time.');
    END IF;
    IF NEW.override_at IS NOT NULL THEN
        NEW.override_by := session_user;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON cru.screening
    FOR EACH ROW EXECUTE FUNCTION cru.guard_screening();

CREATE FUNCTION cru.log_screening() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM write_event(NEW.referral_id, NULL, 'screening complete', NEW.completed_at,
            (SELECT count(*) FILTER (WHERE a.value = 'no') || ' no, ' || count(*) FILTER (WHERE a.value = 'yes')
                    || ' yes, ' || count(*) FILTER (WHERE a.value = 'not known') || ' not known'
             FROM jsonb_each_text(NEW.answers) a), jsonb_build_object('answers', NEW.answers));
        UPDATE referral SET screened_at = NEW.completed_at WHERE id = NEW.referral_id AND screened_at IS NULL;
    END IF;
    IF NEW.override_at IS NOT NULL THEN -- the guard lets it be set once
        PERFORM write_event(NEW.referral_id, NULL, 'screening overridden', NEW.override_at,
            NEW.override_clinician || ': ' || NEW.override_reason);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER log AFTER INSERT OR UPDATE ON cru.screening
    FOR EACH ROW EXECUTE FUNCTION cru.log_screening();
