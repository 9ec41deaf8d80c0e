-- What a lead's page asks of each referral of a stretch is read once: how long it waited for a crew, and how it ended. NaN is a
-- time that nobody put down; NULL is one of whom that is not asked.
CREATE FUNCTION cru.measure_received(start timestamptz, stop timestamptz, cut jsonb) RETURNS TABLE (
    referral_id uuid, reference text, received_at timestamptz, priority text, source text, area text, van_id uuid,
    response double precision, out_of integer, state text, end_code text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = cru, pg_temp SET jit = off AS $$
BEGIN
    PERFORM settle_measures();
    RETURN QUERY EXECUTE format('SELECT f.referral_id, f.reference, f.received_at, f.priority, f.source, f.area, f.van_id,'
        ' f.response, 1, f.state, f.end_code FROM referral_fact f WHERE f.received_at >= $1 AND f.received_at < $2 AND NOT f.in_error%s'
        ' ORDER BY f.received_at, f.referral_id', cut_condition(cut)) USING start, stop, cut;
END $$;

-- As in 0021, but that what vans did is summed up by each hour that was before anybody asks which hour of the day that is.
CREATE OR REPLACE FUNCTION cru.measure_hours(starts timestamptz[], ends timestamptz[], cut jsonb) RETURNS TABLE (
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
        ' cell AS (SELECT s.kind, h, sum(CASE WHEN h < s.from_at OR h + interval ''1 hour'' > s.until_at'
        '   THEN minutes_between(greatest(h, s.from_at), least(h + interval ''1 hour'', s.until_at)) ELSE 60 END) AS minutes'
        '   FROM span s CROSS JOIN LATERAL generate_series(date_trunc(''hour'', s.from_at), s.until_at, interval ''1 hour'') h'
        '   WHERE h < s.until_at GROUP BY s.kind, h),'
        ' clock AS (SELECT c.hour, sum(c.minutes) FILTER (WHERE kind = 1) AS minutes,'
        '   coalesce(sum(c.minutes) FILTER (WHERE kind = 2), 0) AS staffed,'
        '   coalesce(sum(c.minutes) FILTER (WHERE kind = 3), 0) AS committed'
        '   FROM (SELECT kind, cell.minutes, extract(hour FROM h AT TIME ZONE ''Europe/London'')::int AS hour FROM cell) c'
        '   GROUP BY 1)'
        ' SELECT 1, c.hour, coalesce(d.received, 0), c.minutes, c.staffed, c.committed FROM clock c'
        '   LEFT JOIN demand d ON d.n = 1 AND d.hour = c.hour'
        ' UNION ALL SELECT d.n, d.hour, d.received, NULL, NULL, NULL FROM demand d WHERE d.n > 1', cut_condition(cut))
    USING starts, ends, cut;
END $$;

REVOKE ALL ON FUNCTION cru.measure_received(timestamptz, timestamptz, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.measure_received(timestamptz, timestamptz, jsonb) TO cru_shift_lead;
