-- A step that the record stamps itself is never before the one that precedes it, also when the server's clock was set
-- back between the two. These run before the guards ("fill" sorts before "guard"), which keep a time that is there.

CREATE FUNCTION cru.stamp(the_referral uuid, the_row uuid, the_step text) RETURNS timestamptz
LANGUAGE sql VOLATILE SET search_path = cru, pg_temp AS $$
    SELECT greatest(clock_now(), earliest_for(the_referral, the_row, the_step))
$$;

CREATE FUNCTION cru.fill_referral() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF NEW.state = 'accepted' AND OLD.state = 'received' THEN
        NEW.accepted_at := coalesce(NEW.accepted_at, stamp(NEW.id, NEW.id, 'referral.accepted'));
    ELSIF NEW.state <> ALL (open_referral_states()) AND OLD.state = ANY (open_referral_states()) THEN
        NEW.closed_at := coalesce(NEW.closed_at, stamp(NEW.id, NEW.id, 'referral.closed'));
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER fill BEFORE UPDATE OF state ON cru.referral
    FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION cru.fill_referral();

CREATE FUNCTION cru.fill_assignment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF NEW.allocated_at IS NULL THEN
        -- As the guard locks them: whoever was before has committed.
        PERFORM FROM referral WHERE id = NEW.referral_id FOR NO KEY UPDATE;
        PERFORM FROM van WHERE id = NEW.van_id FOR NO KEY UPDATE;
        NEW.allocated_at := greatest(stamp(NEW.referral_id, NEW.id, 'assignment.allocated'), free_since(NEW.van_id));
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER fill BEFORE INSERT ON cru.assignment
    FOR EACH ROW EXECUTE FUNCTION cru.fill_assignment();

CREATE FUNCTION cru.fill_handover() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    NEW.expected_at := coalesce(NEW.expected_at, stamp(NEW.referral_id, NEW.id, 'handover.expected'));
    RETURN NEW;
END $$;

CREATE TRIGGER fill BEFORE INSERT ON cru.handover
    FOR EACH ROW EXECUTE FUNCTION cru.fill_handover();

CREATE FUNCTION cru.fill_screening() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    NEW.completed_at := coalesce(NEW.completed_at, stamp(NEW.referral_id, NEW.id, 'screening.completed'));
    RETURN NEW;
END $$;

CREATE TRIGGER fill BEFORE INSERT ON cru.screening
    FOR EACH ROW EXECUTE FUNCTION cru.fill_screening();

-- The state of an assignment or a handover names the time that comes with it.
CREATE FUNCTION cru.fill_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    step text := replace(NEW.state, ' ', '_');
BEGIN
    IF to_jsonb(NEW) ->> (step || '_at') IS NULL THEN
        NEW := jsonb_populate_record(NEW, jsonb_build_object(step || '_at',
            stamp(NEW.referral_id, NEW.id, TG_TABLE_NAME || '.' || step)));
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER fill_step BEFORE UPDATE OF state ON cru.assignment
    FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION cru.fill_step();
CREATE TRIGGER fill_step BEFORE UPDATE OF state ON cru.handover
    FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION cru.fill_step();

REVOKE ALL ON FUNCTION cru.stamp(uuid, uuid, text), cru.fill_referral(), cru.fill_assignment(), cru.fill_handover(),
    cru.fill_screening(), cru.fill_step() FROM PUBLIC;
