-- Of what was kept in part only, or not, somebody says why: it is what the next crew learns from. What is there stays.
CREATE FUNCTION cru.guard_why_not() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF NEW.kept <> 'yes' AND NEW.words !~ '[^[:space:]]' THEN
        PERFORM refuse('What was not kept, or kept in part, has a reason.', 'Say why.');
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION cru.guard_why_not() FROM PUBLIC;
CREATE TRIGGER guard_why BEFORE INSERT ON cru.wish_kept FOR EACH ROW
    WHEN (NOT cru.is_being_restored('wish_kept', NEW.id)) EXECUTE FUNCTION cru.guard_why_not();
