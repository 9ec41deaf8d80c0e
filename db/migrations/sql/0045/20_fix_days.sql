-- The days' parts of the positions, made a week ahead and only where nobody is in the way. To begin a part stops all who read
-- positions or write them, and waits for who does: a dump over midnight stopped every van. Where a day has no part
-- when its first fix comes in, it lies among the others (position_fix_other), where it is read as well.

CREATE OR REPLACE FUNCTION cru.ensure_fix_partition(the_day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    the_name text := 'position_fix_' || to_char(the_day, 'YYYYMMDD');
    starts timestamptz := the_day::timestamp AT TIME ZONE 'UTC';
    stops timestamptz := (the_day + 1)::timestamp AT TIME ZONE 'UTC';
BEGIN
    -- A fix that waited for weeks, or whose clock is wrong, goes to the default partition.
    IF to_regclass('cru.' || the_name) IS NOT NULL
       OR the_day NOT BETWEEN (clock_now() AT TIME ZONE 'UTC')::date - 31 AND (clock_now() AT TIME ZONE 'UTC')::date + 7
       OR EXISTS (SELECT FROM position_fix_other WHERE received_at >= starts AND received_at < stops) THEN
        RETURN;
    END IF;
    -- Not even a short wait: all who come after would queue behind it.
    LOCK TABLE ONLY position_fix, position_fix_other IN ACCESS EXCLUSIVE MODE NOWAIT;
    IF to_regclass('cru.' || the_name) IS NULL
       AND NOT EXISTS (SELECT FROM position_fix_other WHERE received_at >= starts AND received_at < stops) THEN
        EXECUTE format('CREATE TABLE cru.%I PARTITION OF cru.position_fix FOR VALUES FROM (%L) TO (%L)',
                       the_name, starts, stops);
    END IF;
EXCEPTION WHEN lock_not_available THEN
    RETURN;
END $$;

-- The days of a batch and the week to come, as far as they have no part yet.
CREATE FUNCTION cru.ensure_fix_partitions(fixes jsonb) RETURNS void
LANGUAGE sql SET search_path = cru, pg_temp AS $$
    SELECT ensure_fix_partition(d) FROM (
        SELECT DISTINCT (coalesce((f ->> 'received_at')::timestamptz, clock_now()) AT TIME ZONE 'UTC')::date AS d
        FROM jsonb_array_elements(fixes) f
        UNION SELECT (clock_now() AT TIME ZONE 'UTC')::date + ahead FROM generate_series(0, 7) ahead
        ORDER BY d) days
    WHERE to_regclass('cru.position_fix_' || to_char(d, 'YYYYMMDD')) IS NULL
$$;
REVOKE ALL ON FUNCTION cru.ensure_fix_partitions(jsonb) FROM PUBLIC;

SELECT cru.ensure_fix_partitions('[]');

-- As it was, but for the line about the parts.
CREATE OR REPLACE FUNCTION cru.store_fixes(fixes jsonb) RETURNS integer
LANGUAGE plpgsql SET search_path = cru, pg_temp AS $$
DECLARE
    stored integer;
BEGIN
    PERFORM ensure_fix_partitions(fixes);
    WITH named AS MATERIALIZED (
        SELECT DISTINCT f -> 'attributes' ->> 'device' AS name FROM jsonb_array_elements(fixes) f
    ), known AS MATERIALIZED (
        -- A name that another device has now is whose it was: the newest stay under it that had begun
        -- when the fix came in, else the first.
        SELECT s.name, s.device, s.from_at FROM device_stay s JOIN named n ON n.name = s.name
    ), moved AS MATERIALIZED (
        -- Who has had one van only, as nearly all, is looked up once and not for each fix.
        SELECT device, count(DISTINCT van_id) > 1 AS moved, (min(van_id::text))::uuid AS van_id
        FROM device_stay WHERE device IN (SELECT device FROM known) GROUP BY device
    ), sent AS (
        SELECT n, CASE WHEN m.device IS NULL THEN (f ->> 'van_id')::uuid WHEN NOT m.moved THEN m.van_id
                   ELSE van_of_device(m.device, (f ->> 'fixed_at')::timestamptz) END AS van_id,
               (f ->> 'fixed_at')::timestamptz AS fixed_at,
               coalesce((f ->> 'received_at')::timestamptz, clock_now()) AS received_at, (f ->> 'lat')::float8 AS lat,
               (f ->> 'lon')::float8 AS lon, (f ->> 'accuracy')::float8 AS accuracy, (f ->> 'speed')::float8 AS speed,
               (f ->> 'heading')::float8 AS heading, coalesce(f ->> 'source', '') AS source,
               CASE WHEN coalesce(f ->> 'refused', '') <> '' THEN f ->> 'refused'
                   WHEN (f ->> 'fixed_at')::timestamptz > clock_now() + interval '2 minutes' THEN 'dated in the future'
                   ELSE '' END AS refused, coalesce(f -> 'attributes', '{}') AS attributes
        FROM jsonb_array_elements(fixes) WITH ORDINALITY AS e(f, n)
        LEFT JOIN LATERAL (SELECT k.device FROM known k WHERE k.name = f -> 'attributes' ->> 'device'
            ORDER BY CASE WHEN k.from_at <= coalesce((f ->> 'received_at')::timestamptz, clock_now())
                THEN k.from_at END DESC NULLS LAST, k.from_at LIMIT 1) k ON true
        LEFT JOIN moved m ON m.device = k.device
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
        INSERT INTO position AS p (van_id, fixed_at, received_at, lat, lon, accuracy, speed, heading, source,
                                   device_name)
        SELECT DISTINCT ON (van_id) van_id, fixed_at, received_at, lat, lon, accuracy, speed, heading, source,
            left(coalesce(attributes ->> 'device', ''), 200)
        FROM fix WHERE refused = '' ORDER BY van_id, fixed_at DESC
        ON CONFLICT (van_id) DO UPDATE SET version = p.version + 1, fixed_at = excluded.fixed_at,
            received_at = excluded.received_at, lat = excluded.lat, lon = excluded.lon, accuracy = excluded.accuracy,
            speed = excluded.speed, heading = excluded.heading, source = excluded.source,
            device_name = excluded.device_name
        WHERE excluded.fixed_at > p.fixed_at
    )
    SELECT count(*) INTO stored FROM fix;
    RETURN stored;
END $$;
