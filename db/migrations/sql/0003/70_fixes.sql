-- One fix that cannot be believed costs that fix and never the batch it came with: it is kept as refused, with what was
-- sent in its attributes. An accuracy, a speed or a heading that cannot be believed is not known.
--
-- A batch is stored as it came, and looked at value by value only if the record refused it: a thousand vans a second
-- pay nothing for the one whose device has gone mad.

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

CREATE FUNCTION cru.as_moment(sent jsonb) RETURNS timestamptz
LANGUAGE plpgsql STABLE STRICT SET search_path = cru, pg_temp AS $$
DECLARE
    found timestamptz;
BEGIN
    found := sent #>> '{}';
    RETURN CASE WHEN found >= '2000-01-01 00:00:00+00' AND found < '2200-01-01 00:00:00+00' THEN found END;
EXCEPTION WHEN data_exception THEN
    RETURN NULL;
END $$;

CREATE FUNCTION cru.as_uuid(sent jsonb) RETURNS uuid
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = cru, pg_temp AS $$
DECLARE
    found uuid;
BEGIN
    found := sent #>> '{}';
    RETURN found;
EXCEPTION WHEN data_exception THEN
    RETURN NULL;
END $$;

CREATE FUNCTION cru.as_words(sent text, most integer) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT left(regexp_replace(coalesce(sent, ''), '[\u0001-\u001F\u007F]', ' ', 'g'), most)
$$;

-- The same batch in the same order, each fix such that it can be stored.
CREATE FUNCTION cru.believed(fixes jsonb) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object(
        'van_id', coalesce(van_id, '00000000-0000-0000-0000-000000000000'),
        'fixed_at', coalesce(fixed_at, received_at, clock_now()), 'received_at', received_at,
        'lat', lat, 'lon', lon, 'accuracy', accuracy, 'speed', speed, 'heading', heading,
        'source', as_words(f ->> 'source', 60),
        'refused', CASE WHEN as_words(f ->> 'refused', 200) <> '' THEN as_words(f ->> 'refused', 200)
            WHEN (van_id IN (SELECT id FROM van)) IS NOT TRUE THEN 'not a van of the record'
            WHEN fixed_at IS NULL THEN 'its time cannot be believed'
            WHEN lat IS NULL OR lon IS NULL THEN 'not a place on earth' ELSE '' END,
        'attributes', coalesce(attributes, '{}') || CASE WHEN jsonb_typeof(f) <> 'object'
            THEN jsonb_build_object('sent', left(f::text, 256))
            ELSE jsonb_strip_nulls(jsonb_build_object(
                'sent van', CASE WHEN van_id IS NULL THEN left(f ->> 'van_id', 256) END,
                'sent fixed at', CASE WHEN fixed_at IS NULL THEN left(f ->> 'fixed_at', 256) END,
                'sent received at', CASE WHEN received_at IS NULL THEN left(f ->> 'received_at', 256) END,
                'sent lat', CASE WHEN lat IS NULL THEN left(f ->> 'lat', 256) END,
                'sent lon', CASE WHEN lon IS NULL THEN left(f ->> 'lon', 256) END,
                'sent accuracy', CASE WHEN accuracy IS NULL THEN left(f ->> 'accuracy', 256) END,
                'sent speed', CASE WHEN speed IS NULL THEN left(f ->> 'speed', 256) END,
                'sent heading', CASE WHEN heading IS NULL THEN left(f ->> 'heading', 256) END,
                'sent attributes', CASE WHEN attributes IS NULL THEN left(f ->> 'attributes', 256) END)) END)
        ORDER BY n), '[]')
    FROM (SELECT n, f, as_uuid(f -> 'van_id') AS van_id, as_moment(f -> 'fixed_at') AS fixed_at,
              as_moment(f -> 'received_at') AS received_at, as_number(f -> 'lat', -90, 90) AS lat,
              as_number(f -> 'lon', -180, 180) AS lon, as_number(f -> 'accuracy', 0, 50000000) AS accuracy,
              as_number(f -> 'speed', 0, 1000) AS speed, as_number(f -> 'heading', 0, 360) AS heading,
              CASE WHEN f ->> 'attributes' IS NULL THEN '{}' WHEN jsonb_typeof(f -> 'attributes') = 'object'
                  AND octet_length(f ->> 'attributes') <= 60000 -- leaves room for what is put beside it
                  AND NOT jsonb_path_exists(f -> 'attributes', 'strict $.**{6}') AND NOT jsonb_path_exists(
                      f -> 'attributes', 'strict $.** ? (@.type() == "number" && (@ > 1e15 || @ < -1e15))')
                  THEN f -> 'attributes' END AS attributes
          FROM jsonb_array_elements(fixes) WITH ORDINALITY AS e(f, n)) s
$$;

-- A refused fix is kept and not shown; an older fix never replaces a newer one.
-- Whatever the gateway let through, a fix in the future is refused here: it would freeze the van.
CREATE FUNCTION cru.store_fixes(fixes jsonb) RETURNS integer
LANGUAGE plpgsql SET search_path = cru, pg_temp AS $$
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
                   ELSE '' END, coalesce(f -> 'attributes', '{}')
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

-- Store a batch. Each fix: van_id, fixed_at, lat, lon, and optionally received_at, accuracy, speed, heading, source,
-- refused, attributes. A time without a zone is UTC.
CREATE OR REPLACE FUNCTION cru.record_fixes(fixes jsonb) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    RETURN store_fixes(fixes);
EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN
    RETURN store_fixes(believed(fixes));
END $$;

REVOKE ALL ON FUNCTION cru.as_number(jsonb, float8, float8), cru.as_moment(jsonb), cru.as_uuid(jsonb),
    cru.as_words(text, integer), cru.believed(jsonb), cru.store_fixes(jsonb) FROM PUBLIC;
