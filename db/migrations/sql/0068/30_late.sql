-- Whoever is spoken to after it has ended, and tells of danger, is on nobody's board: somebody looks at it now.
CREATE FUNCTION cru.follow_late_danger() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF NEW.event_id IS NOT NULL AND jsonb_array_length(NEW.found) > 0
       AND EXISTS (SELECT FROM event WHERE id = NEW.event_id AND kind = 'contact')
       AND EXISTS (SELECT FROM referral WHERE id = NEW.referral_id AND state <> ALL (open_referral_states())
                   AND entered_in_error_at IS NULL) THEN
        PERFORM keep_to_do(NEW.referral_id, told_late(), clock_now() + interval '1 minute', 'told once more');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER then_late_danger AFTER INSERT ON cru.reading FOR EACH ROW EXECUTE FUNCTION cru.follow_late_danger();

REVOKE ALL ON FUNCTION cru.follow_late_danger() FROM PUBLIC;
