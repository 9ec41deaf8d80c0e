-- What a shift lead looks at afterwards goes by what the measures go by: who came back, and when a crew was with somebody
-- first. Rights of the owner, because what the measures are made of is read by nobody else.

CREATE FUNCTION cru.back_between(since timestamptz, stop timestamptz) RETURNS TABLE (referral_id uuid, ended_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    -- Longer ago than anybody counts as back: came_back alone knows how long that is.
    SELECT DISTINCT ON (r.id) r.id, e.id FROM came_back(ARRAY(SELECT id FROM referral
        WHERE closed_at >= since - interval '8 days' AND closed_at < stop AND entered_in_error_at IS NULL)) b
    JOIN referral r ON r.id = b.back_id JOIN referral e ON e.id = b.referral_id
    WHERE r.received_at >= since AND r.received_at < stop ORDER BY r.id, e.closed_at DESC
$$;

CREATE FUNCTION cru.late_between(since timestamptz, stop timestamptz) RETURNS TABLE (
    referral_id uuid, met boolean, at timestamptz, within_minutes integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    WITH recent AS MATERIALIZED (SELECT * FROM referral WHERE received_at >= since - interval '31 days' AND received_at < stop
        AND entered_in_error_at IS NULL),
    -- Where a crew was there and nobody put down when, it is a time to finish, and neither late nor in time.
    told AS (SELECT r.id, coalesce(g.met, false) AS met, p.within_minutes, r.received_at,
            CASE WHEN g.met THEN g.met_at WHEN r.state = 'closed' THEN r.closed_at END AS at
        FROM recent r JOIN priority p ON p.code = r.priority
        LEFT JOIN first_crews(ARRAY(SELECT id FROM recent)) g ON g.referral_id = r.id)
    SELECT t.id, t.met, t.at, t.within_minutes FROM told t
    WHERE t.at > t.received_at + make_interval(mins => t.within_minutes) AND t.at >= since AND t.at < stop
$$;

REVOKE ALL ON FUNCTION cru.back_between(timestamptz, timestamptz), cru.late_between(timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.back_between(timestamptz, timestamptz), cru.late_between(timestamptz, timestamptz)
    TO cru_shift_lead;
