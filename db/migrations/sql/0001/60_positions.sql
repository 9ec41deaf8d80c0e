-- Van positions: one narrow row a van, and a history partitioned by the day of receipt.

CREATE TABLE cru.position_fix_other PARTITION OF cru.position_fix DEFAULT;

CREATE FUNCTION cru.ensure_fix_partition(the_day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    the_name text := 'position_fix_' || to_char(the_day, 'YYYYMMDD');
BEGIN
    IF to_regclass('cru.' || the_name) IS NOT NULL THEN
        RETURN;
    END IF;
    -- A fix that waited for weeks, or whose clock is wrong, goes to the default partition.
    IF the_day NOT BETWEEN clock_now()::date - 31 AND clock_now()::date + 2 THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('cru.position_fix'));
    IF to_regclass('cru.' || the_name) IS NULL AND NOT EXISTS (
            SELECT FROM position_fix_other WHERE received_at >= the_day::timestamp AT TIME ZONE 'UTC'
            AND received_at < (the_day + 1)::timestamp AT TIME ZONE 'UTC') THEN
        EXECUTE format('CREATE TABLE cru.%I PARTITION OF cru.position_fix FOR VALUES FROM (%L) TO (%L)', the_name,
                       the_day::timestamp AT TIME ZONE 'UTC', (the_day + 1)::timestamp AT TIME ZONE 'UTC');
    END IF;
END $$;

-- Store a batch. Each fix: van_id, fixed_at, lat, lon, and optionally received_at, accuracy, speed, heading, source,
-- refused, attributes. A refused fix is kept and not shown; an older fix never replaces a newer one.
-- Whatever the gateway let through, a fix in the future or off the globe is refused here: it would freeze the van.
CREATE FUNCTION cru.record_fixes(fixes jsonb) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    stored integer;
BEGIN
    PERFORM ensure_fix_partition(d) FROM (SELECT DISTINCT (coalesce((f ->> 'received_at')::timestamptz, clock_now())
        AT TIME ZONE 'UTC')::date AS d FROM jsonb_array_elements(fixes) f) days;
    WITH fix AS (
        INSERT INTO position_fix (van_id, fixed_at, received_at, lat, lon, accuracy, speed, heading, source, refused,
                                  attributes)
        SELECT (f ->> 'van_id')::uuid, (f ->> 'fixed_at')::timestamptz,
               coalesce((f ->> 'received_at')::timestamptz, clock_now()), (f ->> 'lat')::float8, (f ->> 'lon')::float8,
               (f ->> 'accuracy')::float8, (f ->> 'speed')::float8, (f ->> 'heading')::float8,
               coalesce(f ->> 'source', ''), CASE WHEN coalesce(f ->> 'refused', '') <> '' THEN f ->> 'refused'
                   WHEN (f ->> 'fixed_at')::timestamptz > clock_now() + interval '2 minutes' THEN 'dated in the future'
                   WHEN (f ->> 'lat')::float8 BETWEEN -90 AND 90 AND (f ->> 'lon')::float8 BETWEEN -180 AND 180 THEN ''
                   ELSE 'not a place on earth' END, coalesce(f -> 'attributes', '{}')
        FROM jsonb_array_elements(fixes) f
        RETURNING *
    ), latest AS (
        INSERT INTO position AS p (van_id, fixed_at, received_at, lat, lon, accuracy, speed, heading, source)
        SELECT DISTINCT ON (van_id) van_id, fixed_at, received_at, lat, lon, accuracy, speed, heading, source
        FROM fix WHERE refused = '' ORDER BY van_id, fixed_at DESC
        ON CONFLICT (van_id) DO UPDATE SET version = p.version + 1, fixed_at = excluded.fixed_at,
            received_at = excluded.received_at, lat = excluded.lat, lon = excluded.lon, accuracy = excluded.accuracy,
            speed = excluded.speed, heading = excluded.heading, source = excluded.source
        WHERE excluded.fixed_at > p.fixed_at
    )
    SELECT count(*) INTO stored FROM fix;
    RETURN stored;
END $$;

-- A panic button: raise the emergency of a van. A shift lead clears it.
CREATE FUNCTION cru.raise_emergency(the_van uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    UPDATE van SET emergency_at = clock_now() WHERE id = the_van AND emergency_at IS NULL
$$;
