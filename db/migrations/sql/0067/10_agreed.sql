-- Somebody agreed to wait as things stood then: once it is more urgent, or taken up again, that holds no call and no hold up.
ALTER TABLE cru.contact ADD COLUMN agreed_ended_at TIMESTAMP WITH TIME ZONE,
    ADD CONSTRAINT contact_agreed_ended_at_time_check CHECK (agreed_ended_at >= '2000-01-01 00:00:00+00' AND agreed_ended_at < '2200-01-01 00:00:00+00');

CREATE FUNCTION cru.follow_more_urgent() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    -- A priority that nobody configured is as urgent as any.
    IF OLD.state = ANY (open_referral_states()) AND coalesce((SELECT rank FROM priority WHERE code = NEW.priority), -1)
            >= coalesce((SELECT rank FROM priority WHERE code = OLD.priority), -1) THEN
        RETURN NULL;
    END IF;
    UPDATE contact SET agreed_ended_at = clock_now() WHERE referral_id = NEW.id AND agreed_until > clock_now()
        AND agreed_ended_at IS NULL AND taken_back_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER then_more_urgent AFTER UPDATE OF priority, state ON cru.referral FOR EACH ROW
    WHEN ((NEW.priority <> OLD.priority OR OLD.state IN ('closed', 'declined', 'cancelled') AND NEW.state IN ('received', 'accepted'))
          AND NOT cru.is_being_restored('referral', NEW.id))
    EXECUTE FUNCTION cru.follow_more_urgent();

CREATE OR REPLACE FUNCTION cru.agreed_to_wait(the_referral uuid, until timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT EXISTS (SELECT FROM contact WHERE referral_id = the_referral AND taken_back_at IS NULL
                   AND spoke_with = 'person' AND agreed_until >= until AND agreed_ended_at IS NULL)
$$;
