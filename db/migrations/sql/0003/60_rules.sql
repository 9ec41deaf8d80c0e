-- What a limit cannot say because it looks at the clock. These run before the guards ("bounds" sorts before "guard").

CREATE FUNCTION cru.bound_van() RETURNS trigger
LANGUAGE plpgsql SET search_path = cru, pg_temp AS $$
BEGIN
    -- It may be written down after a lost link, never years back: the oldest emergency counts as the one that is seen to.
    IF NEW.emergency_at IS DISTINCT FROM OLD.emergency_at AND NEW.emergency_at < clock_now() - interval '1 day' THEN
        PERFORM refuse('An emergency cannot have begun more than a day ago.', 'Check the time.');
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER bounds BEFORE UPDATE OF emergency_at ON cru.van
    FOR EACH ROW EXECUTE FUNCTION cru.bound_van();

CREATE FUNCTION cru.bound_hold() RETURNS trigger
LANGUAGE plpgsql SET search_path = cru, pg_temp AS $$
BEGIN
    -- A hold brings a referral back by itself. One without end would be a person forgotten.
    IF NEW.hold_until IS DISTINCT FROM OLD.hold_until AND NEW.hold_until > clock_now() + interval '7 days' THEN
        PERFORM refuse('A referral rests for at most seven days.', 'Choose an earlier time, or end the referral.');
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER bounds BEFORE UPDATE OF hold_until ON cru.referral
    FOR EACH ROW EXECUTE FUNCTION cru.bound_hold();

REVOKE ALL ON FUNCTION cru.bound_van(), cru.bound_hold() FROM PUBLIC;
