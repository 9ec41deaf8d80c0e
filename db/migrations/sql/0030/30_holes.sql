-- A referral that was never accepted is not accepted by being taken up again: the gate is asked as at "accept".
-- These run behind "guard_taken_up_again", whose sentences come first.
CREATE TRIGGER guard_taken_up_danger BEFORE UPDATE OF state ON cru.referral FOR EACH ROW
    WHEN (OLD.state IN ('declined', 'cancelled') AND NEW.state = 'accepted' AND OLD.accepted_at IS NULL
          AND NOT cru.is_being_restored('referral', NEW.id))
    EXECUTE FUNCTION cru.guard_danger();
CREATE TRIGGER guard_taken_up_unread BEFORE UPDATE OF state ON cru.referral FOR EACH ROW
    WHEN (OLD.state IN ('declined', 'cancelled') AND NEW.state = 'accepted' AND OLD.accepted_at IS NULL
          AND NOT cru.is_being_restored('referral', NEW.id))
    EXECUTE FUNCTION cru.guard_unread();

-- How often people are called is a trust's to say, within what is still a call while they wait. What a record in use has
-- stays until it is changed.
CREATE FUNCTION cru.bound_schedule() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    allowed integer := (SELECT within_minutes FROM priority WHERE code = NEW.priority);
BEGIN
    IF NEW.first_minutes > coalesce(allowed, 1440) THEN
        PERFORM refuse(format('The first call would come after the time that %s allows.', NEW.priority), 'Type fewer minutes.');
    ELSIF NEW.every_minutes > 1440 THEN
        PERFORM refuse('Somebody who waits is called once a day at least.', 'Type 1440 minutes at most.');
    ELSIF NEW.again_minutes > 240 THEN
        PERFORM refuse('Who did not answer is tried again within four hours.', 'Type 240 minutes at most.');
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER bound BEFORE INSERT OR UPDATE ON cru.contact_schedule FOR EACH ROW EXECUTE FUNCTION cru.bound_schedule();

REVOKE ALL ON FUNCTION cru.bound_schedule() FROM PUBLIC;
