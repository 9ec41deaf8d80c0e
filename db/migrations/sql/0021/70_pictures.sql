-- What is drawn beside the figures: demand by the hour, how referrals ended, wishes, groups of people, and the vans' day.

-- By local hour of the day: referrals received in each stretch; of the first one also how many of its minutes lie in that
-- hour, and how many minutes of them vans were on duty and on a job.
CREATE FUNCTION cru.measure_hours(starts timestamptz[], ends timestamptz[], cut jsonb) RETURNS TABLE (
    ordinal integer, hour integer, received integer, minutes double precision, staffed double precision,
    committed double precision)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = cru, pg_temp SET jit = off AS $$
BEGIN
    PERFORM settle_measures();
    RETURN QUERY EXECUTE format('WITH demand AS (SELECT w.n::int AS n, f.* FROM unnest($1, $2) WITH ORDINALITY'
        '   AS w(start, stop, n) CROSS JOIN LATERAL (SELECT f.hour::int AS hour, count(*)::int AS received'
        '   FROM referral_fact f WHERE f.received_at >= w.start AND f.received_at < w.stop AND NOT f.in_error%s GROUP BY 1) f),'
        ' span AS (SELECT 1 AS kind, $1[1] AS from_at, $2[1] AS until_at'
        '   UNION ALL SELECT 2, from_at, until_at FROM duties_between($1[1], $2[1], $3)'
        '   UNION ALL SELECT 3, from_at, until_at FROM jobs_between($1[1], $2[1], $3)),'
        ' cell AS (SELECT s.kind, extract(hour FROM h AT TIME ZONE ''Europe/London'')::int AS hour,'
        '   minutes_between(greatest(h, s.from_at), least(h + interval ''1 hour'', s.until_at)) AS minutes'
        '   FROM span s CROSS JOIN LATERAL generate_series(date_trunc(''hour'', s.from_at), s.until_at, interval ''1 hour'') h'
        '   WHERE h < s.until_at),'
        ' clock AS (SELECT c.hour, sum(c.minutes) FILTER (WHERE kind = 1) AS minutes,'
        '   coalesce(sum(c.minutes) FILTER (WHERE kind = 2), 0) AS staffed,'
        '   coalesce(sum(c.minutes) FILTER (WHERE kind = 3), 0) AS committed FROM cell c GROUP BY 1)'
        ' SELECT 1, c.hour, coalesce(d.received, 0), c.minutes, c.staffed, c.committed FROM clock c'
        '   LEFT JOIN demand d ON d.n = 1 AND d.hour = c.hour'
        ' UNION ALL SELECT d.n, d.hour, d.received, NULL, NULL, NULL FROM demand d WHERE d.n > 1', cut_condition(cut))
    USING starts, ends, cut;
END $$;

-- How the referrals of a stretch ended, and how many of them a crew met: the others are demand that was not met, by reason.
CREATE FUNCTION cru.measure_ends(start timestamptz, stop timestamptz, cut jsonb) RETURNS TABLE (
    state text, code text, n integer, met integer)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = cru, pg_temp SET jit = off AS $$
BEGIN
    PERFORM settle_measures();
    RETURN QUERY EXECUTE format('SELECT CASE WHEN f.state IN (''closed'', ''declined'', ''cancelled'') THEN f.state'
        ' ELSE ''open'' END, f.end_code, count(*)::int, count(*) FILTER (WHERE f.met)::int FROM referral_fact f'
        ' WHERE f.received_at >= $1 AND f.received_at < $2 AND NOT f.in_error%s GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2',
        cut_condition(cut)) USING start, stop, cut;
END $$;

-- What people wished for, wish by wish: by its code, by the words of the list, and what stands in no list together.
CREATE FUNCTION cru.measure_wishes(start timestamptz, stop timestamptz, cut jsonb) RETURNS TABLE (
    topic text, wish text, kept integer, partly integer, said integer)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = cru, pg_temp SET jit = off AS $$
BEGIN
    PERFORM settle_measures();
    RETURN QUERY EXECUTE format('SELECT a.topic, CASE WHEN a.code <> '''' THEN a.code'
        ' WHEN EXISTS (SELECT FROM wish i WHERE i.label = a.words) THEN a.words ELSE '''' END,'
        ' count(*) FILTER (WHERE s.kept = ''yes'')::int, count(*) FILTER (WHERE s.kept = ''partly'')::int, count(*)::int'
        ' FROM wishes_said(ARRAY(SELECT f.referral_id FROM referral_fact f'
        '   WHERE f.received_at >= $1 AND f.received_at < $2 AND NOT f.in_error%s)) s JOIN about_me a ON a.id = s.about_id'
        ' GROUP BY 1, 2 ORDER BY 5 DESC, 1, 2', cut_condition(cut)) USING start, stop, cut;
END $$;

-- Some measures by groups of people, where they may fare differently. Who reads it leaves out groups of few.
CREATE FUNCTION cru.measure_groups(start timestamptz, stop timestamptz, cut jsonb, keys text[]) RETURNS TABLE (
    dimension text, grouped text, key text, sums double precision[])
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = cru, pg_temp SET jit = off AS $$
DECLARE
    made text;
    told text;
BEGIN
    PERFORM settle_measures();
    SELECT string_agg(format('%s AS %I', sum_of(m), m.key), ', '), string_agg(format('(%L, s.%I)', m.key, m.key), ', ')
    INTO made, told FROM measure m WHERE m.key = ANY (keys) AND values_of(m.key) = 'referral_measures';
    IF made IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY EXECUTE format('SELECT s.dimension, s.grouped, t.* FROM (SELECT d.dimension, d.grouped, %s'
        ' FROM referral_measures f CROSS JOIN LATERAL (VALUES (''age'', f.age_band), (''language'', f.language),'
        '   (''ethnicity'', f.ethnicity), (''deprivation'', f.deprivation)) AS d(dimension, grouped)'
        ' WHERE f.received_at >= $1 AND f.received_at < $2 AND NOT f.in_error%s GROUP BY 1, 2) s'
        ' CROSS JOIN LATERAL (VALUES %s) AS t(key, sums)', made, cut_condition(cut), told) USING start, stop, cut;
END $$;

-- The jobs of vans in a stretch of time, whole.
CREATE FUNCTION cru.measure_jobs(start timestamptz, stop timestamptz, cut jsonb) RETURNS SETOF cru.assignment
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = cru, pg_temp SET jit = off AS $$
BEGIN
    PERFORM settle_measures();
    RETURN QUERY SELECT a.* FROM jobs_between(start, stop, cut) j JOIN assignment a ON a.id = j.assignment_id
        ORDER BY a.allocated_at, a.id;
END $$;

-- The towns that figures may be cut by.
CREATE FUNCTION cru.measure_areas() RETURNS TABLE (town text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$ SELECT t.town FROM post_towns() t $$;

REVOKE ALL ON FUNCTION cru.measure_areas(), cru.measure_hours(timestamptz[], timestamptz[], jsonb), cru.measure_ends(timestamptz, timestamptz, jsonb),
    cru.measure_wishes(timestamptz, timestamptz, jsonb), cru.measure_groups(timestamptz, timestamptz, jsonb, text[]),
    cru.measure_jobs(timestamptz, timestamptz, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.measure_areas(), cru.measure_hours(timestamptz[], timestamptz[], jsonb),
    cru.measure_ends(timestamptz, timestamptz, jsonb), cru.measure_wishes(timestamptz, timestamptz, jsonb),
    cru.measure_groups(timestamptz, timestamptz, jsonb, text[]), cru.measure_jobs(timestamptz, timestamptz, jsonb)
    TO cru_shift_lead;
