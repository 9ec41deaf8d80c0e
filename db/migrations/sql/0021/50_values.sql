-- The value of each measure for each referral, or for each job of a van: a column a measure, named by its key. Beside what is
-- kept stand those that go by a number which a trust sets, so that they follow it at once.

CREATE FUNCTION cru.holds(minutes double precision, most double precision) RETURNS smallint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN minutes = 'NaN' THEN -1 ELSE (minutes <= most)::int END::smallint;

CREATE FUNCTION cru.limit_of(the_key text) RETURNS double precision
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$ SELECT within_limit FROM measure WHERE key = the_key $$;

-- How long an ambulance crew would have stayed without this service: a number with an author and a date.
CREATE FUNCTION cru.assumed_without() RETURNS double precision
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT coalesce((SELECT value * CASE unit WHEN 'hours' THEN 60 ELSE 1 END FROM rule
        WHERE name = 'assumed_without' AND active AND unit IN ('minutes', 'hours')), 94)
$$;

CREATE VIEW cru.referral_measures AS
SELECT f.*,
    CASE WHEN NOT f.in_error THEN 1 END AS received,
    f.in_error::int AS entered_in_error,
    CASE WHEN NOT f.accompanied THEN f.response END AS response_alone,
    CASE WHEN f.accompanied THEN f.response END AS response_accompanied,
    cru.holds(f.response, p.within_minutes) AS within,
    cru.holds(f.response, n.within_45) AS within_45, cru.holds(f.response, n.within_60) AS within_60,
    cru.holds(f.handover, n.handover_15) AS handover_15, cru.holds(f.handover, n.handover_30) AS handover_30,
    cru.holds(f.handover, n.handover_60) AS handover_60,
    CASE WHEN NOT f.in_error AND f.held_until IS NOT NULL
        THEN (f.held_until > f.received_at + make_interval(mins => p.within_minutes))::int END AS holds_past_due,
    CASE WHEN f.ems_wait < 'NaN' THEN greatest(0, n.assumed - f.ems_wait) / 60 ELSE f.ems_wait END AS ems_given_back
FROM cru.referral_fact f JOIN cru.priority p ON p.code = f.priority
CROSS JOIN (SELECT cru.limit_of('within_45') AS within_45, cru.limit_of('within_60') AS within_60,
    cru.limit_of('handover_15') AS handover_15, cru.limit_of('handover_30') AS handover_30,
    cru.limit_of('handover_60') AS handover_60, cru.assumed_without() AS assumed OFFSET 0) n;

CREATE VIEW cru.job_measures AS SELECT * FROM cru.job_fact;

-- Where the values of a measure stand; NULL for one that is worked out from shifts.
CREATE FUNCTION cru.values_of(the_key text) RETURNS text
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE a.attname = the_key AND a.attrelid IN ('referral_measures'::regclass, 'job_measures'::regclass)
$$;

CREATE FUNCTION cru.has_several(the_key text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$ SELECT values_of(the_key || '_of') IS NOT NULL $$;

REVOKE ALL ON FUNCTION cru.holds(double precision, double precision), cru.limit_of(text), cru.assumed_without(),
    cru.values_of(text), cru.has_several(text) FROM PUBLIC;
