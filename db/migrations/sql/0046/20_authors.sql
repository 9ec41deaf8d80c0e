-- Vans, and who rides in them, change with an event and a true author.

-- Whoever changes what is said of a van answers for it, as with staff and devices.
CREATE FUNCTION cru.fill_author() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    NEW.author := session_user;
    NEW.dated := (clock_now() AT TIME ZONE 'Europe/London')::date;
    RETURN NEW;
END $$;
CREATE TRIGGER author BEFORE UPDATE OF callsign, registration, base, livery, seats, equipment, active ON cru.van FOR EACH ROW
    WHEN (NOT cru.is_being_restored('van', NEW.id)) EXECUTE FUNCTION cru.fill_author();

REVOKE ALL ON FUNCTION cru.fill_author() FROM PUBLIC;
