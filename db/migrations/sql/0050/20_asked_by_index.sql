-- The same rules, asked so that an index serves.

-- Which flags some referrals have, also those that were withdrawn since: their own, those of the same person, and those of
-- the same home. Each way by an index of its own.
CREATE FUNCTION cru.flags_ever_of(the_referrals uuid[]) RETURNS TABLE (flag_id uuid, referral_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp ROWS 3 AS $$
    SELECT f.id, f.referral_id FROM flag f WHERE f.referral_id = ANY (the_referrals)
    UNION
    SELECT f.id, r FROM unnest(the_referrals) AS r CROSS JOIN LATERAL same_person_as(r) AS s
        JOIN flag f ON f.referral_id = s WHERE f.subject = 'person'
    UNION
    SELECT f.id, r.id FROM referral r JOIN flag f ON f.address_key = cru.address_key(r.postcode, r.location_text)
        WHERE r.id = ANY (the_referrals) AND f.subject = 'address' AND f.address_key <> ''
$$;

CREATE OR REPLACE FUNCTION cru.flags_of(the_referral uuid) RETURNS SETOF cru.flag
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp ROWS 3 AS $$
    SELECT f.* FROM flags_ever_of(ARRAY[the_referral]) e JOIN flag f ON f.id = e.flag_id
    WHERE f.withdrawn_at IS NULL AND f.taken_back_at IS NULL
$$;
REVOKE ALL ON FUNCTION cru.flags_ever_of(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.flags_ever_of(uuid[]) TO cru_dispatcher;

-- Since when a van is free: the last end of a job that its clock binds.
CREATE OR REPLACE FUNCTION cru.free_since(the_van uuid, but_for uuid DEFAULT NULL) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT coalesce(clear_at, stood_down_at) FROM assignment
    WHERE van_id = the_van AND id IS DISTINCT FROM but_for AND binds(coalesce(clear_at, stood_down_at))
    ORDER BY coalesce(clear_at, stood_down_at, 'infinity') DESC LIMIT 1
$$;

-- The event that told of a time last: of a referral, or of a van apart from its jobs.
CREATE FUNCTION cru.told_last(the_referral uuid, the_van uuid, the_kind text) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = cru, pg_temp AS $$
BEGIN
    IF the_referral IS NULL THEN
        RETURN (SELECT e.id FROM event e WHERE e.van_id = the_van AND e.referral_id IS NULL AND e.kind = the_kind
            ORDER BY e.id DESC LIMIT 1);
    END IF;
    RETURN (SELECT max(e.id) FROM event e WHERE e.referral_id = the_referral AND e.van_id IS NOT DISTINCT FROM the_van
        AND e.kind = the_kind);
END $$;
REVOKE ALL ON FUNCTION cru.told_last(uuid, uuid, text) FROM PUBLIC;

-- How many rows these give: told nothing, Postgres takes each to give a thousand, and reads whole tables beside it.
ALTER FUNCTION cru.same_person_as(uuid) ROWS 3;
ALTER FUNCTION cru.danger_flags(uuid) ROWS 2;
ALTER FUNCTION cru.stands_against(uuid) ROWS 3;
ALTER FUNCTION cru.unread_words(uuid) ROWS 2;
ALTER FUNCTION cru.late_between(timestamptz, timestamptz) ROWS 50;
ALTER FUNCTION cru.back_between(timestamptz, timestamptz) ROWS 20;
ALTER FUNCTION cru.measure_jobs(timestamptz, timestamptz, jsonb) ROWS 50;
ALTER FUNCTION cru.jobs_between(timestamptz, timestamptz, jsonb) ROWS 50;
ALTER FUNCTION cru.first_crews(uuid[]) ROWS 50;
ALTER FUNCTION cru.came_back(uuid[]) ROWS 20;
ALTER FUNCTION cru.wishes_said(uuid[]) ROWS 50;

-- Each step of these looks up one row by its key. Left to itself Postgres may join them with all of a table instead: of the
-- parts of the positions it does not foresee that it looks into one or two.
DO $$
DECLARE
    one text;
    way text;
BEGIN
    FOREACH one IN ARRAY ARRAY['give_flags_back(uuid[])', 'end_what_was_taken_over(uuid[])', 'store_fixes(jsonb)'] LOOP
        FOREACH way IN ARRAY ARRAY['enable_hashjoin', 'enable_mergejoin'] LOOP
            EXECUTE format('ALTER FUNCTION cru.%s SET %I = off', one, way);
        END LOOP;
    END LOOP;
END $$;
