-- Assignments, and what follows from them for the referral.

CREATE FUNCTION cru.guard_assignment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    the_van cru.van;
    the_referral cru.referral;
BEGIN
    NEW.stand_down_reason := btrim(NEW.stand_down_reason);
    IF TG_OP = 'UPDATE' THEN
        NEW.version := OLD.version + 1;
        PERFORM cru.check_row('assignment', to_jsonb(OLD), to_jsonb(NEW), CASE WHEN NEW.state = 'stood down'
            AND OLD.state <> 'stood down' THEN '{referral_id,van_id}' ELSE '{referral_id,van_id,stand_down_reason}' END::text[]);
        IF NEW.state <> OLD.state THEN
            -- The step just taken has a time; skipped steps stay empty.
            NEW := jsonb_populate_record(NEW, jsonb_build_object(replace(NEW.state, ' ', '_') || '_at',
                coalesce(nullif(to_jsonb(NEW) -> (replace(NEW.state, ' ', '_') || '_at'), 'null'),
                         to_jsonb(cru.clock_now()))));
        END IF;
        RETURN NEW;
    END IF;
    NEW.version := 1;
    IF NEW.state <> 'allocated' THEN
        PERFORM cru.refuse('A new assignment starts as allocated.', '', 'CR001');
    END IF;
    PERFORM cru.check_row('assignment', jsonb_build_object('id', NEW.id, 'state', NEW.state), to_jsonb(NEW), '{}');
    -- Locked in this order everywhere: what was checked stays true until the commit.
    SELECT * INTO the_referral FROM cru.referral WHERE id = NEW.referral_id FOR NO KEY UPDATE;
    IF the_referral.state NOT IN ('accepted', 'allocated', 'attending')
       OR the_referral.entered_in_error_at IS NOT NULL THEN
        PERFORM cru.refuse(format('%s is %s, so no van can be allocated.', the_referral.reference, the_referral.state),
                           '', 'CR001');
    END IF;
    SELECT * INTO the_van FROM cru.van WHERE id = NEW.van_id FOR NO KEY UPDATE;
    IF the_van.duty_status <> 'available' THEN
        PERFORM cru.refuse(format('%s is %s.', the_van.callsign, the_van.duty_status),
                           'Choose another van, or make it available first.', 'CR001');
    ELSIF the_van.emergency_at IS NOT NULL THEN
        PERFORM cru.refuse(format('%s has an emergency.', the_van.callsign), 'Choose another van.', 'CR001');
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON cru.assignment
    FOR EACH ROW EXECUTE FUNCTION cru.guard_assignment();

CREATE FUNCTION cru.log_assignment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    PERFORM log_times('van ', CASE WHEN TG_OP = 'INSERT' THEN '{}' ELSE to_jsonb(OLD) END, to_jsonb(NEW),
                      NEW.referral_id, NEW.van_id,
                      CASE NEW.state WHEN 'stood down' THEN NEW.stand_down_reason WHEN 'conveying' THEN NEW.destination
                      ELSE '' END);
    IF TG_OP = 'UPDATE' THEN
        PERFORM log_details(to_jsonb(OLD), to_jsonb(NEW), NEW.referral_id, NEW.van_id,
            CASE WHEN NEW.state = 'conveying' AND OLD.state <> 'conveying' THEN '{state,stand_down_reason,destination}'
            ELSE '{state,stand_down_reason}' END::text[]);
    END IF;
    RETURN NULL;
END $$;

-- The referral's state follows its vans: allocated, attending once a crew is on scene, accepted again when the
-- last van is stood down, allocated again when the crew on scene is swapped for one on the way.
CREATE FUNCTION cru.follow_assignment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    now_is text := (SELECT state FROM referral WHERE id = NEW.referral_id FOR UPDATE);
    coming boolean := has_assignment(NEW.referral_id, '{allocated,acknowledged,mobile,"at rendezvous"}');
    there boolean := has_assignment(NEW.referral_id, '{"on scene","with patient",conveying,"at destination"}');
    should_be text;
BEGIN
    should_be := CASE
        WHEN NEW.state IN ('on scene', 'with patient', 'conveying', 'at destination', 'clear') THEN 'attending'
        WHEN there THEN 'attending' WHEN coming THEN 'allocated'
        WHEN now_is = 'attending' AND has_assignment(NEW.referral_id, '{clear}') THEN 'attending'
        ELSE 'accepted' END;
    IF now_is = 'attending' AND should_be = 'accepted' THEN
        PERFORM refuse('This is the only crew with the person.',
                       'Allocate another van first, or mark this one clear and close the referral.');
    END IF;
    IF now_is = 'accepted' AND should_be = 'attending' THEN
        UPDATE referral SET state = 'allocated' WHERE id = NEW.referral_id;
    END IF;
    UPDATE referral SET state = should_be WHERE id = NEW.referral_id AND state <> should_be;
    RETURN NULL;
END $$;

CREATE TRIGGER log AFTER INSERT OR UPDATE ON cru.assignment
    FOR EACH ROW EXECUTE FUNCTION cru.log_assignment();
CREATE TRIGGER then_follow AFTER INSERT OR UPDATE OF state ON cru.assignment
    FOR EACH ROW EXECUTE FUNCTION cru.follow_assignment();
