-- A fix is stored once, however often its device sends it: known by the device, its time and its place. Phones send again
-- what nobody answered, in any order, also after the gateway was killed.
-- What names no device may be anybody's, and is stored as it comes. Nobody looks at the days before a fix was made.

CREATE OR REPLACE FUNCTION cru.store_fixes(fixes jsonb) RETURNS integer
LANGUAGE plpgsql SET search_path = cru, pg_temp AS $$
DECLARE
    stored integer;
BEGIN
    PERFORM ensure_fix_partition(d) FROM (SELECT DISTINCT (coalesce((f ->> 'received_at')::timestamptz, clock_now())
        AT TIME ZONE 'UTC')::date AS d FROM jsonb_array_elements(fixes) f) days;
    WITH sent AS (
        SELECT n, (f ->> 'van_id')::uuid AS van_id, (f ->> 'fixed_at')::timestamptz AS fixed_at,
               coalesce((f ->> 'received_at')::timestamptz, clock_now()) AS received_at, (f ->> 'lat')::float8 AS lat,
               (f ->> 'lon')::float8 AS lon, (f ->> 'accuracy')::float8 AS accuracy, (f ->> 'speed')::float8 AS speed,
               (f ->> 'heading')::float8 AS heading, coalesce(f ->> 'source', '') AS source,
               CASE WHEN coalesce(f ->> 'refused', '') <> '' THEN f ->> 'refused'
                   WHEN (f ->> 'fixed_at')::timestamptz > clock_now() + interval '2 minutes' THEN 'dated in the future'
                   ELSE '' END AS refused, coalesce(f -> 'attributes', '{}') AS attributes
        FROM jsonb_array_elements(fixes) WITH ORDINALITY AS e(f, n)
    ), once AS (
        SELECT DISTINCT ON (van_id, fixed_at, lat, lon, coalesce(attributes ->> 'device', n::text)) * FROM sent s
        WHERE NOT EXISTS (
            SELECT FROM position_fix p WHERE p.van_id = s.van_id AND p.fixed_at = s.fixed_at
                AND p.received_at >= s.fixed_at - interval '1 day' AND p.lat IS NOT DISTINCT FROM s.lat
                AND p.lon IS NOT DISTINCT FROM s.lon
                AND p.attributes ->> 'device' = s.attributes ->> 'device')
        ORDER BY van_id, fixed_at, lat, lon, coalesce(attributes ->> 'device', n::text), n
    ), fix AS (
        INSERT INTO position_fix (van_id, fixed_at, received_at, lat, lon, accuracy, speed, heading, source, refused,
                                  attributes)
        SELECT van_id, fixed_at, received_at, lat, lon, accuracy, speed, heading, source, refused, attributes
        FROM once ORDER BY n
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
