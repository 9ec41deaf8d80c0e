-- Referrals and their screening.

CREATE FUNCTION cru.next_reference(moment timestamptz) RETURNS text
LANGUAGE sql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    INSERT INTO referral_day AS d (day, last) VALUES ((moment AT TIME ZONE 'Europe/London')::date, 1)
    ON CONFLICT (day) DO UPDATE SET last = d.last + 1
    RETURNING 'CRU-' || to_char(day, 'YYYYMMDD') || '-' || lpad(last::text, 4, '0')
$$;

CREATE FUNCTION cru.screening_lets_through(the_referral uuid) RETURNS boolean
LANGUAGE sql STABLE AS $$
    -- Any "yes" or "not known" blocks until a named clinician overrides; so does a question nobody answered.
    SELECT coalesce((
        SELECT NOT EXISTS (SELECT FROM cru.screening_item i WHERE i.tool_version = s.tool_version
                           AND NOT s.answers ? i.key)
           AND (s.override_at IS NOT NULL
                OR NOT EXISTS (SELECT FROM jsonb_each_text(s.answers) a WHERE a.value <> 'no'))
        FROM cru.screening s WHERE s.referral_id = the_referral ORDER BY s.completed_at DESC, s.id LIMIT 1), false)
$$;

CREATE FUNCTION cru.has_assignment(the_referral uuid, states text[]) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM cru.assignment WHERE referral_id = the_referral AND state = ANY (states))
$$;

CREATE FUNCTION cru.guard_referral() RETURNS trigger
LANGUAGE plpgsql AS $$
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
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION cru.guard_referral_move(was cru.referral, now cru.referral) RETURNS void
LANGUAGE plpgsql STABLE AS $$
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
    ELSIF now.state = 'attending' AND NOT cru.has_assignment(now.id,
            '{"on scene","with patient",conveying,"at destination",clear}') THEN
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
    changed jsonb;
BEGIN
    PERFORM log_times('', before, to_jsonb(NEW), NEW.id, NULL, '', '{closed_at,entered_in_error_at,screened_at}');
    IF TG_OP = 'INSERT' THEN
        RETURN NULL;
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
        PERFORM write_event(NEW.id, NULL, CASE WHEN NEW.hold_until IS NULL THEN 'hold ended' ELSE 'on hold' END,
                            clock_now(), NEW.hold_reason, jsonb_build_object('until', NEW.hold_until));
    END IF;
    IF NEW.entered_in_error_at IS DISTINCT FROM OLD.entered_in_error_at THEN
        PERFORM write_event(NEW.id, NULL, 'entered in error', clock_now(), NEW.entered_in_error_reason);
    END IF;
    SELECT coalesce(jsonb_object_agg(key, value), '{}') INTO changed FROM jsonb_each(changes(before, to_jsonb(NEW)))
        WHERE key NOT LIKE '%\_at' AND key NOT IN ('state', 'hold_until', 'hold_reason', 'end_reason', 'outcome',
            'entered_in_error_reason', 'ae_avoided', 'ems_released', 'police_avoided');
    IF changed <> '{}' THEN
        PERFORM write_event(NEW.id, NULL, 'details changed', clock_now(),
            (SELECT string_agg(replace(key, '_', ' '), ', ' ORDER BY key) FROM jsonb_each(changed)), changed);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER log AFTER INSERT OR UPDATE ON cru.referral
    FOR EACH ROW EXECUTE FUNCTION cru.log_referral();

CREATE FUNCTION cru.guard_screening() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.override_at IS NOT NULL AND NOT cru.is_lead() THEN
            PERFORM cru.refuse('Only a shift lead records an override.', 'Ask the shift lead.', 'CR002');
        END IF;
        NEW.version := 1;
        NEW.completed_by := session_user;
        IF EXISTS (SELECT FROM jsonb_each_text(NEW.answers) a WHERE a.value NOT IN ('yes', 'no', 'not known')) THEN
            PERFORM cru.refuse('A screening answer is yes, no or not known.');
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
    ELSIF NEW.override_at IS NOT NULL AND OLD.override_at IS NULL THEN
        PERFORM write_event(NEW.referral_id, NULL, 'screening overridden', NEW.override_at,
            NEW.override_clinician || ': ' || NEW.override_reason);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER log AFTER INSERT OR UPDATE ON cru.screening
    FOR EACH ROW EXECUTE FUNCTION cru.log_screening();
