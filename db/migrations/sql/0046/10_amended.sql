-- Who somebody was and how it ended changes after the end only as an amendment: the event says what it was, what it is, who
-- and when, and why. What a trust counts by, and the number of an ambulance crew that came later, is added without where nobody
-- had put it down.

CREATE FUNCTION cru.guard_amended() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    -- Marks with reasons of their own, and what the record itself writes.
    marks constant text[] := '{hold_until,hold_reason,entered_in_error_at,entered_in_error_reason,screened_at}';
    added constant text[] := '{ethnicity,deprivation,ae_care,force_used,ems_incident,ems_callsign}';
BEGIN
    IF context('reason') = '' AND EXISTS (SELECT FROM jsonb_each(changes(to_jsonb(OLD), to_jsonb(NEW))) c
            WHERE c.key <> ALL (marks) AND NOT (c.key = ANY (added) AND c.value -> 'from' IN ('null', '""'))) THEN
        PERFORM refuse(format('%s is over: what it says is amended with a reason.', OLD.reference), 'Say why.');
    END IF;
    RETURN NEW;
END $$;

-- What ends a referral, or opens it again, is a move and has its own rules.
CREATE TRIGGER guard_amended BEFORE UPDATE ON cru.referral FOR EACH ROW
    WHEN ((OLD.state IN ('closed', 'declined', 'cancelled') OR OLD.entered_in_error_at IS NOT NULL)
          AND NEW.state = OLD.state AND NOT cru.is_being_restored('referral', NEW.id))
    EXECUTE FUNCTION cru.guard_amended();

REVOKE ALL ON FUNCTION cru.guard_amended() FROM PUBLIC;
