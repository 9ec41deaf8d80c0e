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

-- The functions are taken as they stand, but for the line that changes, so that what came since is kept.
DO $$
DECLARE
    body text := pg_get_functiondef('cru.log_van()'::regprocedure);
    becomes text := replace(body, '''{duty_status,duty_reason}''', '''{duty_status,duty_reason,author,dated}''');
BEGIN
    IF becomes = body THEN
        RAISE EXCEPTION 'cru.log_van is not as it was';
    END IF;
    EXECUTE becomes;
END $$;

-- Who goes on duty with a van is told by the start of the shift, if both are one act. Somebody who joins or leaves the crew of
-- a van off duty at another time is an event: nobody else would know who put them there.
DO $$
DECLARE
    body text := pg_get_functiondef('cru.log_rides()'::regprocedure);
    becomes text := replace(body, 'duty_status = ''off duty'')',
        'duty_status = ''off duty'') AND EXISTS (SELECT FROM shift WHERE id = NEW.shift_id AND xmin = pg_current_xact_id()::xid)');
BEGIN
    IF becomes = body THEN
        RAISE EXCEPTION 'cru.log_rides is not as it was';
    END IF;
    EXECUTE becomes;
END $$;

REVOKE ALL ON FUNCTION cru.fill_author() FROM PUBLIC;
