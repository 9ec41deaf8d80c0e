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

-- The function is taken as it stands, but for the line about the parts, so that what came since is kept.
DO $$
DECLARE
    body text := pg_get_functiondef('cru.store_fixes(jsonb)'::regprocedure);
    becomes text := regexp_replace(body, 'PERFORM ensure_fix_partition\(d\)[^;]*;', 'PERFORM ensure_fix_partitions(fixes);');
BEGIN
    IF becomes = body THEN
        RAISE EXCEPTION 'cru.store_fixes is not as it was';
    END IF;
    EXECUTE becomes;
END $$;
