-- A gateway knows a device by its token and need not read what the record keeps of it: it is given the digest sealed with a
-- word of its own, which fits no other gateway's list and not the record.
CREATE FUNCTION cru.sealed_devices(the_salt text) RETURNS TABLE (
    id uuid, device_id text, van_id uuid, callsign text, seal text, active boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF the_salt IS NULL OR the_salt !~ '^[0-9a-f]{64}$' THEN
        PERFORM refuse('A gateway seals with 64 hexadecimal digits.', 'Draw them by chance.');
    END IF;
    RETURN QUERY SELECT d.id, d.device_id, d.van_id, v.callsign,
        CASE WHEN d.token_digest = '' THEN '' ELSE encode(sha256(convert_to(the_salt || lower(d.token_digest), 'UTF8')), 'hex') END,
        d.active AND v.active FROM device d JOIN van v ON v.id = d.van_id;
END $$;
REVOKE ALL ON FUNCTION cru.sealed_devices(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.sealed_devices(text) TO cru_gateway;
REVOKE SELECT ON cru.device FROM cru_gateway;

-- An emergency is raised by a device for the van that it is in, or was in when it was pressed: a press may wait for a network, up
-- to a week, and clocks differ by a day at most. A device that is switched off raises it all the same.
CREATE OR REPLACE FUNCTION cru.raise_emergency(the_van uuid, pressed timestamptz DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM device WHERE van_id = the_van)
       AND NOT EXISTS (SELECT FROM device_stay WHERE van_id = the_van AND until_at > least(clock_now() - interval '1 day',
           greatest(pressed, clock_now() - interval '7 days'))) THEN
        -- In the kind of a value that will not do: the gateway puts it aside and goes on with the others.
        PERFORM refuse('No device is in that van.', 'Give it one: main.py admin add-device', '22023');
    END IF;
    -- A clock of a device may be anything; the record takes no emergency older than a day.
    UPDATE van SET emergency_at = greatest(least(pressed, clock_now()), clock_now() - interval '23 hours')
    WHERE id = the_van AND emergency_at IS NULL
        AND NOT EXISTS (SELECT FROM event WHERE van_id = the_van AND kind = 'emergency' AND happened_at >= pressed);
END $$;
