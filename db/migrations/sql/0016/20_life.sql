-- What may happen to a device, whoever asks, and the events of it. A shift lead may; nobody else has the right.

CREATE FUNCTION cru.guard_device() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    the_van record;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.id <> OLD.id THEN
        PERFORM refuse('The id of a device never changes.', '', 'CR002');
    END IF;
    IF (TG_OP = 'INSERT' OR NEW.token_digest <> OLD.token_digest) AND NEW.token_digest !~ '^[0-9a-fA-F]{64}$' THEN
        PERFORM refuse('Only the digest of a token is kept, as 64 hexadecimal digits.', 'Make a new token.');
    END IF;
    IF TG_OP = 'INSERT' OR NEW.van_id <> OLD.van_id OR (NEW.active AND NOT OLD.active) THEN
        SELECT callsign, active INTO the_van FROM van WHERE id = NEW.van_id;
        IF NOT the_van.active THEN
            PERFORM refuse(format('%s is not in use.', the_van.callsign), 'Choose a van that is.', 'CR001');
        END IF;
    END IF;
    -- Whoever changes it answers for it.
    NEW.author := session_user;
    NEW.dated := (clock_now() AT TIME ZONE 'Europe/London')::date;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON cru.device FOR EACH ROW EXECUTE FUNCTION cru.guard_device();

CREATE FUNCTION cru.device_event(the_van uuid, the_kind text, said text, details jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    SELECT write_event(NULL, the_van, the_kind, clock_now(), said, details)
$$;

CREATE FUNCTION cru.live_device() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    said jsonb := jsonb_build_object('device', NEW.device_id);
    its_van text := (SELECT callsign FROM van WHERE id = NEW.van_id);
    van_before text;
    begun timestamptz := clock_now();
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.active AND (NOT NEW.active OR NEW.van_id <> OLD.van_id
                                            OR NEW.device_id <> OLD.device_id) THEN
        -- A clock that was set back ends no stay before it began.
        UPDATE device_stay SET until_at = greatest(begun, from_at) WHERE device = NEW.id AND until_at IS NULL
        RETURNING until_at INTO begun;
        begun := coalesce(begun, clock_now());
    END IF;
    IF NEW.active AND (TG_OP = 'INSERT' OR NOT OLD.active OR NEW.van_id <> OLD.van_id
                       OR NEW.device_id <> OLD.device_id) THEN
        INSERT INTO device_stay (device, name, van_id, from_at) VALUES (NEW.id, NEW.device_id, NEW.van_id, begun);
    END IF;
    IF TG_OP = 'INSERT' THEN
        PERFORM device_event(NEW.van_id, 'device given', NEW.device_id, said);
        RETURN NULL;
    END IF;
    IF NEW.device_id <> OLD.device_id THEN
        PERFORM device_event(NEW.van_id, 'device renamed', format('%s, before: %s', NEW.device_id, OLD.device_id),
                             said || jsonb_build_object('before', OLD.device_id));
    END IF;
    IF NEW.van_id <> OLD.van_id THEN
        van_before := (SELECT callsign FROM van WHERE id = OLD.van_id);
        said := said || jsonb_build_object('from', van_before, 'to', its_van);
        PERFORM device_event(OLD.van_id, 'device moved', format('%s to %s', NEW.device_id, its_van), said);
        PERFORM device_event(NEW.van_id, 'device moved', format('%s from %s', NEW.device_id, van_before), said);
    END IF;
    IF NEW.active <> OLD.active THEN
        PERFORM device_event(NEW.van_id, CASE WHEN NEW.active THEN 'device switched on' ELSE 'device switched off' END,
                             NEW.device_id, said);
    END IF;
    IF NEW.token_digest <> OLD.token_digest THEN
        PERFORM device_event(NEW.van_id, 'device token renewed', NEW.device_id, said);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER live AFTER INSERT OR UPDATE ON cru.device FOR EACH ROW EXECUTE FUNCTION cru.live_device();

-- The van whose device it was at a moment; what a device saw before it was given is the first van's.
CREATE FUNCTION cru.van_of_device(the_device uuid, moment timestamptz) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    SELECT coalesce(
        (SELECT van_id FROM device_stay WHERE device = the_device AND from_at <= moment
         ORDER BY from_at DESC, until_at DESC NULLS FIRST LIMIT 1),
        (SELECT van_id FROM device_stay WHERE device = the_device ORDER BY from_at LIMIT 1))
$$;

-- Another device of the van is shown from now on: a shift lead reads which, and when it changed.
CREATE FUNCTION cru.note_shown() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    INSERT INTO event (van_id, kind, happened_at, source, words, detail)
    VALUES (NEW.van_id, 'device shown', clock_now(), 'device', format('%s, before: %s', NEW.device_name, OLD.device_name),
            jsonb_build_object('device', NEW.device_name, 'before', OLD.device_name));
    RETURN NULL;
END $$;
CREATE TRIGGER note_shown AFTER UPDATE OF device_name ON cru.position FOR EACH ROW
    WHEN (OLD.device_name <> '' AND NEW.device_name <> '' AND NEW.device_name <> OLD.device_name) EXECUTE FUNCTION cru.note_shown();

REVOKE ALL ON FUNCTION cru.guard_device(), cru.device_event(uuid, text, text, jsonb), cru.live_device(),
    cru.van_of_device(uuid, timestamptz), cru.note_shown() FROM PUBLIC;
