-- Handovers, vans and shifts.

CREATE FUNCTION cru.guard_handover() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    where_now text := (SELECT state FROM cru.referral WHERE id = NEW.referral_id);
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.version := 1;
        IF NEW.state <> 'expected' THEN
            PERFORM cru.refuse('A new handover starts as expected.', '', 'CR001');
        ELSIF btrim(NEW.from_party) = '' OR btrim(NEW.to_party) = '' THEN
            PERFORM cru.refuse('A handover needs both parties.', 'Say from whom and to whom.');
        ELSIF where_now NOT IN ('received', 'accepted', 'allocated', 'attending') THEN
            PERFORM cru.refuse(format('This referral is %s.', where_now), '', 'CR001');
        END IF;
        PERFORM cru.check_row('handover', jsonb_build_object('id', NEW.id, 'state', NEW.state), to_jsonb(NEW), '{}');
        RETURN NEW;
    END IF;
    NEW.version := OLD.version + 1;
    NEW.refusal_reason := btrim(NEW.refusal_reason);
    -- Who handed the patient to whom is history as soon as it happened.
    PERFORM cru.check_row('handover', to_jsonb(OLD), to_jsonb(NEW), CASE
        WHEN OLD.state = 'expected' THEN '{referral_id,ordinal}'
        WHEN OLD.state = 'started' THEN '{referral_id,ordinal,from_party,to_party}'
        ELSE '{referral_id,ordinal,from_party,to_party,refusal_reason}' END::text[]);
    IF NEW.state <> OLD.state THEN
        IF NEW.state IN ('started', 'accepted') AND where_now <> 'attending' THEN
            PERFORM cru.refuse('A handover starts when a crew is on scene.', 'Mark the van on scene first.', 'CR001');
        END IF;
        NEW := jsonb_populate_record(NEW, jsonb_build_object(NEW.state || '_at',
            coalesce(nullif(to_jsonb(NEW) -> (NEW.state || '_at'), 'null'), to_jsonb(cru.clock_now()))));
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON cru.handover
    FOR EACH ROW EXECUTE FUNCTION cru.guard_handover();

CREATE FUNCTION cru.log_handover() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    PERFORM log_times('handover ', CASE WHEN TG_OP = 'INSERT' THEN '{}' ELSE to_jsonb(OLD) END, to_jsonb(NEW),
        NEW.referral_id, NULL,
        CASE WHEN NEW.state = 'refused' THEN NEW.refusal_reason ELSE NEW.from_party || ' to ' || NEW.to_party END);
    IF TG_OP = 'UPDATE' THEN
        PERFORM log_details(to_jsonb(OLD), to_jsonb(NEW), NEW.referral_id, NULL, '{state,refusal_reason}');
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER log AFTER INSERT OR UPDATE ON cru.handover
    FOR EACH ROW EXECUTE FUNCTION cru.log_handover();

CREATE FUNCTION cru.guard_van() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.version := 1;
        IF NEW.duty_status <> 'off duty' OR NEW.emergency_at IS NOT NULL THEN
            PERFORM cru.refuse('A new van starts off duty.', '', 'CR001');
        END IF;
        RETURN NEW;
    END IF;
    NEW.version := OLD.version + 1;
    NEW.duty_reason := btrim(NEW.duty_reason);
    PERFORM cru.check_row('van', to_jsonb(OLD), to_jsonb(NEW),
        CASE WHEN NEW.duty_status = OLD.duty_status THEN '{duty_since_at,duty_reason}' ELSE '{}' END::text[]);
    IF NEW.duty_status = 'available' AND OLD.duty_status <> 'available'
       AND NOT EXISTS (SELECT FROM cru.shift s WHERE s.van_id = NEW.id AND s.ended_at IS NULL) THEN
        PERFORM cru.refuse(format('%s has no crew.', NEW.callsign), 'Put a crew on duty first.', 'CR001');
    END IF;
    IF NEW.duty_status <> OLD.duty_status THEN
        IF EXISTS (SELECT FROM cru.assignment a WHERE a.van_id = NEW.id AND a.state NOT IN ('clear', 'stood down')) THEN
            PERFORM cru.refuse(format('%s is committed to a job.', NEW.callsign),
                               'Mark it clear or stand it down first.', 'CR001');
        END IF;
        NEW.duty_since_at := cru.clock_now();
    END IF;
    IF OLD.emergency_at IS NOT NULL AND NEW.emergency_at IS NULL AND NOT cru.is_lead() THEN
        PERFORM cru.refuse('Only a shift lead clears an emergency.', 'Ask the shift lead.', 'CR002');
    ELSIF OLD.emergency_at <> NEW.emergency_at THEN
        PERFORM cru.refuse(format('%s has an emergency already.', NEW.callsign), '', 'CR001');
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON cru.van
    FOR EACH ROW EXECUTE FUNCTION cru.guard_van();

CREATE FUNCTION cru.log_van() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF NEW.duty_status <> OLD.duty_status THEN
        PERFORM write_event(NULL, NEW.id, NEW.duty_status, NEW.duty_since_at, NEW.duty_reason);
    END IF;
    IF NEW.emergency_at IS DISTINCT FROM OLD.emergency_at THEN
        PERFORM write_event(NULL, NEW.id, CASE WHEN NEW.emergency_at IS NULL THEN 'emergency cleared'
                            ELSE 'emergency' END, coalesce(NEW.emergency_at, clock_now()));
    END IF;
    PERFORM log_details(to_jsonb(OLD), to_jsonb(NEW), NULL, NEW.id, '{duty_status,duty_reason}');
    RETURN NULL;
END $$;

CREATE TRIGGER log AFTER UPDATE ON cru.van
    FOR EACH ROW EXECUTE FUNCTION cru.log_van();

CREATE FUNCTION cru.guard_shift() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    NEW.version := CASE WHEN TG_OP = 'INSERT' THEN 1 ELSE OLD.version + 1 END;
    PERFORM cru.check_row('shift', CASE WHEN TG_OP = 'INSERT' THEN jsonb_build_object('id', NEW.id)
                          ELSE to_jsonb(OLD) END, to_jsonb(NEW),
                          CASE WHEN TG_OP = 'INSERT' THEN '{}' ELSE '{van_id}' END::text[]);
    IF NEW.ended_at IS NOT NULL AND EXISTS (SELECT FROM cru.van v WHERE v.id = NEW.van_id
                                            AND v.duty_status IN ('available', 'meal break') FOR NO KEY UPDATE) THEN
        PERFORM cru.refuse('A crew on duty does not end its shift.', 'Take the van off duty first.', 'CR001');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION cru.guard_member() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM cru.shift s WHERE s.id = NEW.shift_id AND s.ended_at IS NOT NULL) THEN
        PERFORM cru.refuse('That shift has ended.', '', 'CR001');
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON cru.shift_member
    FOR EACH ROW EXECUTE FUNCTION cru.guard_member();

CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON cru.shift
    FOR EACH ROW EXECUTE FUNCTION cru.guard_shift();

CREATE FUNCTION cru.log_shift() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    PERFORM log_times('shift ', CASE WHEN TG_OP = 'INSERT' THEN '{}' ELSE to_jsonb(OLD) END, to_jsonb(NEW),
                      NULL, NEW.van_id, '');
    IF TG_OP = 'UPDATE' THEN
        PERFORM log_details(to_jsonb(OLD), to_jsonb(NEW), NULL, NEW.van_id, '{}');
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER log AFTER INSERT OR UPDATE ON cru.shift
    FOR EACH ROW EXECUTE FUNCTION cru.log_shift();

CREATE FUNCTION cru.guard_author() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    -- Feedback, flags and the command log: the author is whoever is signed in.
    IF TG_OP <> 'INSERT' THEN
        PERFORM cru.refuse('This is never changed or deleted.', '', 'CR002');
    END IF;
    NEW := jsonb_populate_record(NEW, jsonb_build_object(TG_ARGV[0] || '_by', session_user,
                                                         TG_ARGV[0] || '_at', cru.clock_now()));
    RETURN NEW;
END $$;

CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON cru.feedback
    FOR EACH ROW EXECUTE FUNCTION cru.guard_author('recorded');
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON cru.flag
    FOR EACH ROW EXECUTE FUNCTION cru.guard_author('added');
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON cru.command_log
    FOR EACH ROW EXECUTE FUNCTION cru.guard_author('done');

CREATE FUNCTION cru.log_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    this jsonb := to_jsonb(NEW);
BEGIN
    PERFORM write_event(NEW.referral_id, NULL, TG_TABLE_NAME, clock_now(),
                        coalesce(this ->> 'words', this ->> 'reason'),
                        jsonb_strip_nulls(jsonb_build_object('about', coalesce(this ->> 'said_by', this ->> 'kind'),
                                                             'expires_at', this -> 'expires_at')));
    RETURN NULL;
END $$;

CREATE TRIGGER log AFTER INSERT ON cru.feedback FOR EACH ROW EXECUTE FUNCTION cru.log_words();
CREATE TRIGGER log AFTER INSERT ON cru.flag FOR EACH ROW EXECUTE FUNCTION cru.log_words();
