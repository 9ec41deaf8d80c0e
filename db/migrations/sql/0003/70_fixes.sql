-- One fix that cannot be believed costs that fix and never the batch it came with: it is kept as refused, with what was
-- sent in its attributes. An accuracy, a speed or a heading that cannot be believed is not known.

CREATE FUNCTION cru.as_number(sent jsonb, low float8, high float8) RETURNS float8
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = cru, pg_temp AS $$
DECLARE
    found float8;
BEGIN
    found := sent #>> '{}';
    RETURN CASE WHEN found BETWEEN low AND high THEN found END;
EXCEPTION WHEN data_exception THEN
    RETURN NULL;
END $$;

-- A time without a zone is UTC; words such as "now" are none.
CREATE FUNCTION cru.as_moment(sent jsonb) RETURNS timestamptz
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = cru, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    found timestamptz;
BEGIN
    IF sent #>> '{}' ~ '^\d{4}-\d\d-\d\d[T ]\d\d:\d\d' THEN
        found := sent #>> '{}';
    END IF;
    RETURN CASE WHEN found >= '2000-01-01 00:00:00+00' AND found < '2100-01-01 00:00:00+00' THEN found END;
EXCEPTION WHEN data_exception THEN
    RETURN NULL;
END $$;

CREATE FUNCTION cru.as_uuid(sent jsonb) RETURNS uuid
LANGUAGE sql IMMUTABLE STRICT SET search_path = cru, pg_temp AS $$
    SELECT CASE WHEN sent #>> '{}' ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' THEN (sent #>> '{}')::uuid END
$$;

CREATE FUNCTION cru.as_words(sent text, most integer) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT left(regexp_replace(coalesce(sent, ''), '[\u0001-\u001F\u007F]', ' ', 'g'), most)
$$;

-- Store a batch. Each fix: van_id, fixed_at, lat, lon, and optionally received_at, accuracy, speed, heading, source,
-- refused, attributes. A refused fix is kept and not shown; an older fix never replaces a newer one.
-- Whatever the gateway let through, a fix in the future or off the globe is refused here: it would freeze the van.
CREATE OR REPLACE FUNCTION cru.record_fixes(fixes jsonb) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    arrived timestamptz := clock_now();
    stored integer;
BEGIN
    PERFORM ensure_fix_partition(d) FROM (SELECT DISTINCT (coalesce(as_moment(f -> 'received_at'), arrived)
        AT TIME ZONE 'UTC')::date AS d FROM jsonb_array_elements(fixes) f) days;
    WITH sent AS MATERIALIZED (
        SELECT f, as_uuid(f -> 'van_id') AS van_id, as_moment(f -> 'fixed_at') AS fixed_at,
               as_moment(f -> 'received_at') AS received_at, as_number(f -> 'lat', -90, 90) AS lat,
               as_number(f -> 'lon', -180, 180) AS lon, as_number(f -> 'accuracy', 0, 50000000) AS accuracy,
               as_number(f -> 'speed', 0, 1000) AS speed, as_number(f -> 'heading', 0, 360) AS heading,
               CASE WHEN f ->> 'attributes' IS NULL THEN '{}' WHEN is_tree(f -> 'attributes', 60000) THEN f -> 'attributes'
               END AS attributes
        FROM jsonb_array_elements(fixes) f
    ), fix AS (
        INSERT INTO position_fix (van_id, fixed_at, received_at, lat, lon, accuracy, speed, heading, source, refused,
                                  attributes)
        SELECT coalesce(s.van_id, '00000000-0000-0000-0000-000000000000'), coalesce(s.fixed_at, s.received_at, arrived),
               coalesce(s.received_at, arrived), s.lat, s.lon, s.accuracy, s.speed, s.heading, as_words(f ->> 'source', 60),
               CASE WHEN as_words(f ->> 'refused', 200) <> '' THEN as_words(f ->> 'refused', 200)
                   WHEN (s.van_id IN (SELECT id FROM van)) IS NOT TRUE THEN 'not a van of the record'
                   WHEN s.fixed_at > arrived + interval '2 minutes' THEN 'dated in the future'
                   WHEN s.fixed_at IS NULL THEN 'its time cannot be believed'
                   WHEN s.lat IS NULL OR s.lon IS NULL THEN 'not a place on earth' ELSE '' END,
               coalesce(s.attributes, '{}') || CASE WHEN jsonb_typeof(f) <> 'object'
                   THEN jsonb_build_object('sent', left(f::text, 256))
                   ELSE jsonb_strip_nulls(jsonb_build_object(
                       'sent van', CASE WHEN s.van_id IS NULL THEN left(f ->> 'van_id', 256) END,
                       'sent fixed at', CASE WHEN s.fixed_at IS NULL THEN left(f ->> 'fixed_at', 256) END,
                       'sent received at', CASE WHEN s.received_at IS NULL THEN left(f ->> 'received_at', 256) END,
                       'sent lat', CASE WHEN s.lat IS NULL THEN left(f ->> 'lat', 256) END,
                       'sent lon', CASE WHEN s.lon IS NULL THEN left(f ->> 'lon', 256) END,
                       'sent accuracy', CASE WHEN s.accuracy IS NULL THEN left(f ->> 'accuracy', 256) END,
                       'sent speed', CASE WHEN s.speed IS NULL THEN left(f ->> 'speed', 256) END,
                       'sent heading', CASE WHEN s.heading IS NULL THEN left(f ->> 'heading', 256) END,
                       'sent attributes', CASE WHEN s.attributes IS NULL THEN left(f ->> 'attributes', 256) END)) END
        FROM sent s
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

REVOKE ALL ON FUNCTION cru.as_number(jsonb, float8, float8), cru.as_moment(jsonb), cru.as_uuid(jsonb),
    cru.as_words(text, integer) FROM PUBLIC;
