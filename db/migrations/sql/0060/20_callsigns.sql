-- CRU2, cru2 and "CRU 2" are one van to whoever hears them: no second one is called so. What is called so already stays.
CREATE FUNCTION cru.guard_callsign() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    heard text := lower(regexp_replace(NEW.callsign, '[^[:alnum:]]', '', 'g'));
    other text;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.callsign = OLD.callsign THEN
        RETURN NEW;
    END IF;
    -- Whoever is called the very same the table refuses, or leaves alone where a set is loaded again.
    SELECT callsign INTO other FROM van v
    WHERE v.id <> NEW.id AND v.callsign <> NEW.callsign AND lower(regexp_replace(v.callsign, '[^[:alnum:]]', '', 'g')) = heard LIMIT 1;
    IF heard = '' THEN
        PERFORM refuse('A callsign has letters or figures.', 'Type what the van is called.', 'CR003');
    ELSIF other IS NOT NULL THEN
        PERFORM refuse(format('Another van is called %s.', other), 'Choose a callsign that nobody takes for it.', 'CR001');
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION cru.guard_callsign() FROM PUBLIC;
CREATE TRIGGER guard_callsign BEFORE INSERT OR UPDATE OF callsign ON cru.van
    FOR EACH ROW EXECUTE FUNCTION cru.guard_callsign();
