-- What is drawn beside the figures: demand by the hour, how referrals ended, wishes, groups of people, and the vans' day.

-- By local hour of the day, for each stretch: referrals received; vans on duty and on a job, in minutes; and how many minutes
-- of the stretch lie in that hour.
CREATE FUNCTION cru.measure_hours(starts timestamptz[], ends timestamptz[], cut jsonb) RETURNS TABLE (
    ordinal integer, hour integer, minutes double precision, received integer, staffed double precision,
    committed double precision)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    PERFORM settle_measures();
    RETURN QUERY EXECUTE format('WITH w AS (SELECT * FROM unnest($1, $2) WITH ORDINALITY AS w(start, stop, n)),'
        ' cell AS MATERIALIZED (SELECT w.n, greatest(h, w.start) AS start, least(h + interval ''1 hour'', w.stop) AS stop,'
        '   extract(hour FROM h AT TIME ZONE ''Europe/London'')::int AS hour FROM w CROSS JOIN LATERAL'
        '   generate_series(date_trunc(''hour'', w.start), w.stop, interval ''1 hour'') AS h WHERE h < w.stop),'
        ' demand AS (SELECT w.n, f.hour::int AS hour, count(*) AS received FROM w JOIN referral_fact f'
        '   ON f.received_at >= w.start AND f.received_at < w.stop AND NOT f.in_error%s GROUP BY 1, 2),'
        ' duty AS (SELECT n, hour, sum(minutes_between(greatest(d.from_at, c.start), least(d.until_at, c.stop))) AS minutes'
        '   FROM w CROSS JOIN LATERAL duties_between(w.start, w.stop, $3) d JOIN cell c USING (n)'
        '   WHERE d.from_at < c.stop AND d.until_at > c.start GROUP BY 1, 2),'
        ' job AS (SELECT n, hour, sum(minutes_between(greatest(d.from_at, c.start), least(d.until_at, c.stop))) AS minutes'
        '   FROM w CROSS JOIN LATERAL jobs_between(w.start, w.stop, $3) d JOIN cell c USING (n)'
        '   WHERE d.from_at < c.stop AND d.until_at > c.start GROUP BY 1, 2)'
        ' SELECT c.n::int, c.hour, c.minutes, coalesce(d.received, 0)::int, coalesce(u.minutes, 0), coalesce(j.minutes, 0)'
        ' FROM (SELECT n, hour, sum(minutes_between(start, stop)) AS minutes FROM cell GROUP BY 1, 2) c'
        ' LEFT JOIN demand d USING (n, hour) LEFT JOIN duty u USING (n, hour) LEFT JOIN job j USING (n, hour)'
        ' ORDER BY 1, 2', cut_condition(cut)) USING starts, ends, cut;
END $$;

-- How the referrals of a stretch ended, and how many of them a crew met: the others are demand that was not met, by reason.
CREATE FUNCTION cru.measure_ends(start timestamptz, stop timestamptz, cut jsonb) RETURNS TABLE (
    state text, code text, n integer, met integer)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
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
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
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
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
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
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
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
