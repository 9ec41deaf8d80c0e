-- A panic carries the time at which the button was pressed, and a press after a shift lead cleared the last emergency is
-- another one. Whoever presses while one stands changes nothing.

DROP FUNCTION cru.raise_emergency(uuid);

-- pressed: NULL is now, as a queue of an older gateway has it. One that is no later than the last emergency is that one,
-- sent again; any later one is another, also if it was on its way while the lead cleared the last: rather twice than never.
CREATE FUNCTION cru.raise_emergency(the_van uuid, pressed timestamptz DEFAULT NULL) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    -- A clock of a device may be anything; the record takes no emergency older than a day.
    UPDATE van SET emergency_at = greatest(least(pressed, clock_now()), clock_now() - interval '23 hours')
    WHERE id = the_van AND emergency_at IS NULL
        AND NOT EXISTS (SELECT FROM event WHERE van_id = the_van AND kind = 'emergency' AND happened_at >= pressed)
$$;
REVOKE ALL ON FUNCTION cru.raise_emergency(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.raise_emergency(uuid, timestamptz) TO cru_gateway;
