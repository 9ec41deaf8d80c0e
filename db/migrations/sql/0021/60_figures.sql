-- Figures: many stretches of time at once, cut by priority, source, area, hour and van. Each stretch is an index range of the
-- facts and is read once for all measures. Nothing is compiled for it: that takes longer than what it would save.

-- A cut as its parts; one that is not there, or empty, cuts nothing away.
CREATE FUNCTION cru.cut_of(cut jsonb, part text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN jsonb_typeof(cut -> part) = 'array' AND cut -> part <> '[]'
    THEN ARRAY(SELECT jsonb_array_elements_text(cut -> part)) END;

-- The condition of a cut on rows of facts named "f", for the functions below: $3 is the cut. Of what cuts nothing away nothing
-- is asked.
CREATE FUNCTION cru.cut_condition(cut jsonb) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT coalesce(string_agg(format(' AND f.%I = ANY (cru.cut_of($3, %L)::%s[])', c.name, c.part, c.type), ''), '')
    FROM (VALUES ('priority', 'priorities', 'text'), ('source', 'sources', 'text'), ('area', 'areas', 'text'),
        ('hour', 'hours', 'smallint'), ('van_id', 'vans', 'uuid')) AS c(name, part, type)
    WHERE cut_of(cut, c.part) IS NOT NULL
$$;

-- How a measure is summed up, by its unit: an array of value, n, missing, part, whole, mean, 90th centile, longest.
CREATE FUNCTION cru.sum_of(m cru.measure) RETURNS text
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT format('ARRAY[' || CASE
        WHEN m.unit = 'minutes' THEN 'percentile_cont(0.5) WITHIN GROUP (ORDER BY f.%1$I) FILTER (WHERE f.%1$I < ''NaN''),'
            ' count(*) FILTER (WHERE f.%1$I < ''NaN''), count(*) FILTER (WHERE f.%1$I = ''NaN''), NULL, NULL,'
            ' avg(f.%1$I) FILTER (WHERE f.%1$I < ''NaN''),'
            ' percentile_disc(0.9) WITHIN GROUP (ORDER BY f.%1$I) FILTER (WHERE f.%1$I < ''NaN''),'
            ' max(f.%1$I) FILTER (WHERE f.%1$I < ''NaN'')'
        WHEN m.unit = 'share' AND has_several(m.key) THEN 'NULL, coalesce(sum(f.%2$I), 0), 0, coalesce(sum(f.%1$I), 0)'
        WHEN m.unit = 'share' THEN 'NULL, count(*) FILTER (WHERE f.%1$I >= 0), count(*) FILTER (WHERE f.%1$I = -1),'
            ' count(*) FILTER (WHERE f.%1$I = 1)'
        WHEN m.unit = 'time' THEN 'NULL, count(*) FILTER (WHERE f.%1$I < ''NaN''), count(*) FILTER (WHERE f.%1$I = ''NaN''),'
            ' coalesce(sum(f.%1$I) FILTER (WHERE f.%1$I < ''NaN''), 0), coalesce(sum(f.%2$I) FILTER (WHERE f.%1$I < ''NaN''), 0)'
        WHEN m.unit = 'hours' THEN 'coalesce(sum(f.%1$I) FILTER (WHERE f.%1$I < ''NaN''), 0),'
            ' count(*) FILTER (WHERE f.%1$I < ''NaN''), count(*) FILTER (WHERE f.%1$I = ''NaN'')'
        ELSE 'coalesce(sum(f.%1$I), 0), count(f.%1$I), 0' END || ']::float8[]', m.key, m.key || '_of')
$$;

-- Everything that is summed up over one kind of facts, for each stretch of time.
CREATE FUNCTION cru.sums(kind text, starts timestamptz[], ends timestamptz[], cut jsonb, keys text[])
RETURNS TABLE (ordinal integer, key text, sums double precision[])
LANGUAGE plpgsql STABLE SET search_path = cru, pg_temp AS $$
DECLARE
    asked cru.measure[] := ARRAY(SELECT m FROM measure m WHERE m.key = ANY (keys) AND values_of(m.key) = kind ORDER BY m.key);
    made text;
    told text;
BEGIN
    IF cardinality(asked) = 0 THEN
        RETURN;
    END IF;
    SELECT string_agg(format('%s AS %I', sum_of(m), m.key), ', '), string_agg(format('(%L, s.%I)', m.key, m.key), ', ')
    INTO made, told FROM unnest(asked) m;
    RETURN QUERY EXECUTE format('SELECT w.n::int, t.* FROM unnest($1, $2) WITH ORDINALITY AS w(start, stop, n)'
        ' CROSS JOIN LATERAL (SELECT %s FROM cru.%I f WHERE f.received_at >= w.start AND f.received_at < w.stop%s) s'
        ' CROSS JOIN LATERAL (VALUES %s) AS t(key, sums)', made, kind, cut_condition(cut), told) USING starts, ends, cut;
END $$;

-- The minutes of a stretch that lie in some local hours of the day; all of them where no hours are named.
CREATE FUNCTION cru.minutes_within(from_at timestamptz, until_at timestamptz, hours text[]) RETURNS double precision
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT CASE WHEN from_at >= until_at THEN 0 WHEN hours IS NULL THEN minutes_between(from_at, until_at) ELSE (
        SELECT coalesce(sum(minutes_between(greatest(h, from_at), least(h + interval '1 hour', until_at))), 0)
        FROM generate_series(date_trunc('hour', from_at), until_at, interval '1 hour') AS h
        WHERE h < until_at AND extract(hour FROM h AT TIME ZONE 'Europe/London')::text = ANY (hours)) END
$$;

-- When vans were on a job, as far as it lies in a stretch of time. The few that took longer than a day have an index of
-- their own, so that nobody has to look further back than that for all the others.
CREATE FUNCTION cru.jobs_between(start timestamptz, stop timestamptz, cut jsonb)
RETURNS TABLE (assignment_id uuid, referral_id uuid, van_id uuid, from_at timestamptz, until_at timestamptz)
LANGUAGE plpgsql STABLE SET search_path = cru, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE replace('SELECT f.assignment_id, f.referral_id, f.van_id, greatest(f.from_at, $1),'
        ' least(coalesce(f.until_at, $4), $2) FROM job_fact f WHERE f.from_at > $1 - interval ''1 day'' AND f.from_at < $2'
        ' AND coalesce(f.until_at, $4) > $1 %CUT% UNION ALL '
        'SELECT f.assignment_id, f.referral_id, f.van_id, $1, least(coalesce(f.until_at, $4), $2) FROM job_fact f'
        ' WHERE (f.until_at IS NULL OR f.until_at - f.from_at > interval ''1 day'')'
        ' AND f.from_at <= $1 - interval ''1 day'' AND coalesce(f.until_at, $4) > $1 %CUT%',
        '%CUT%', cut_condition(cut - 'hours')) USING start, stop, cut, clock_now();
END $$;

-- The same of shifts: few last longer than a week, or were left open.
CREATE FUNCTION cru.duties_between(start timestamptz, stop timestamptz, cut jsonb)
RETURNS TABLE (van_id uuid, from_at timestamptz, until_at timestamptz)
LANGUAGE plpgsql STABLE SET search_path = cru, pg_temp AS $$
DECLARE
    today timestamptz := clock_now();
    vans uuid[] := cut_of(cut, 'vans')::uuid[];
BEGIN
    RETURN QUERY SELECT s.van_id, greatest(s.started_at, start), least(coalesce(s.ended_at, today), stop) FROM shift s
        WHERE s.taken_back_at IS NULL AND s.started_at > start - interval '7 days' AND s.started_at < stop
            AND coalesce(s.ended_at, today) > start AND (vans IS NULL OR s.van_id = ANY (vans))
        UNION ALL
        SELECT s.van_id, start, least(coalesce(s.ended_at, today), stop) FROM shift s
        WHERE s.taken_back_at IS NULL AND (s.ended_at IS NULL OR s.ended_at - s.started_at > interval '7 days')
            AND s.started_at <= start - interval '7 days'
            AND coalesce(s.ended_at, today) > start AND (vans IS NULL OR s.van_id = ANY (vans));
END $$;

-- Hours on a job out of hours on duty, by the clock: of each stretch only what lies in it, and in the hours of the cut.
CREATE FUNCTION cru.sums_of_vans(starts timestamptz[], ends timestamptz[], cut jsonb)
RETURNS TABLE (ordinal integer, key text, sums double precision[])
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT w.n::int, 'utilisation', ARRAY[NULL, d.n, 0, j.minutes, d.minutes]::float8[]
    FROM unnest(starts, ends) WITH ORDINALITY AS w(start, stop, n)
    CROSS JOIN LATERAL (SELECT count(*) AS n, coalesce(sum(CASE WHEN h.hours IS NULL
        THEN minutes_between(b.from_at, b.until_at) ELSE minutes_within(b.from_at, b.until_at, h.hours) END), 0) AS minutes
        FROM duties_between(w.start, w.stop, cut) b, (SELECT cut_of(cut, 'hours') AS hours) h) d
    CROSS JOIN LATERAL (SELECT coalesce(sum(CASE WHEN h.hours IS NULL
        THEN minutes_between(b.from_at, b.until_at) ELSE minutes_within(b.from_at, b.until_at, h.hours) END), 0) AS minutes
        FROM jobs_between(w.start, w.stop, cut) b, (SELECT cut_of(cut, 'hours') AS hours) h) j
$$;

-- The figures of some measures for each stretch of time, in the order in which the stretches were given.
CREATE FUNCTION cru.figures_of(starts timestamptz[], ends timestamptz[], cut jsonb, keys text[]) RETURNS TABLE (
    ordinal integer, key text, value double precision, n integer, missing integer, part double precision,
    total double precision, mean double precision, ninth double precision, longest double precision)
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT s.ordinal, s.key, CASE m.unit WHEN 'share' THEN s.sums[4] / nullif(s.sums[2], 0)
            WHEN 'time' THEN s.sums[4] / nullif(s.sums[5], 0) ELSE s.sums[1] END,
        s.sums[2]::int, s.sums[3]::int, s.sums[4], s.sums[5], s.sums[6], s.sums[7], s.sums[8]
    FROM (SELECT * FROM sums('referral_measures', starts, ends, cut, keys)
          UNION ALL SELECT * FROM sums('job_measures', starts, ends, cut, keys)
          UNION ALL SELECT * FROM sums_of_vans(starts, ends, cut) WHERE 'utilisation' = ANY (keys)) s
    JOIN measure m ON m.key = s.key
$$;

-- For a shift lead: every measure that is offered.
CREATE FUNCTION cru.measure_figures(starts timestamptz[], ends timestamptz[], cut jsonb) RETURNS TABLE (
    ordinal integer, key text, value double precision, n integer, missing integer, part double precision,
    total double precision, mean double precision, ninth double precision, longest double precision)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = cru, pg_temp SET jit = off AS $$
BEGIN
    PERFORM settle_measures();
    RETURN QUERY SELECT * FROM figures_of(starts, ends, cut, ARRAY(SELECT m.key FROM measure m WHERE m.active));
END $$;

-- For the wall: those that name nobody and are marked for it, of all referrals.
CREATE FUNCTION cru.wall_figures(starts timestamptz[], ends timestamptz[]) RETURNS TABLE (
    ordinal integer, key text, value double precision, n integer, missing integer, part double precision,
    total double precision, mean double precision, ninth double precision, longest double precision)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = cru, pg_temp SET jit = off AS $$
BEGIN
    PERFORM settle_measures();
    RETURN QUERY SELECT * FROM figures_of(starts, ends, '{}', ARRAY(SELECT m.key FROM measure m WHERE m.active AND m.on_wall));
END $$;

-- What stands behind a figure: each referral, or each job, with its value. A missing one has none.
CREATE FUNCTION cru.measure_behind(the_key text, start timestamptz, stop timestamptz, cut jsonb) RETURNS TABLE (
    referral_id uuid, reference text, received_at timestamptz, priority text, source text, area text, van_id uuid,
    value double precision, out_of integer)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = cru, pg_temp SET jit = off AS $$
DECLARE
    kind text := values_of(the_key);
BEGIN
    PERFORM settle_measures();
    IF the_key = 'utilisation' THEN
        RETURN QUERY SELECT f.referral_id, f.reference, f.received_at, f.priority, f.source, f.area, f.van_id,
            minutes_within(j.from_at, j.until_at, cut_of(cut, 'hours')), 1
        FROM jobs_between(start, stop, cut) j JOIN job_fact f USING (assignment_id) ORDER BY j.from_at, j.assignment_id;
        RETURN;
    ELSIF kind IS NULL OR NOT EXISTS (SELECT FROM measure m WHERE m.key = the_key) THEN
        PERFORM refuse('There is no such measure.');
    END IF;
    RETURN QUERY EXECUTE format('SELECT f.referral_id, f.reference, f.received_at, f.priority, f.source, f.area, f.van_id,'
        ' CASE WHEN v.value NOT IN (''NaN'', -1) THEN v.value END, v.out_of'
        ' FROM cru.%I f CROSS JOIN LATERAL (SELECT f.%I::float8 AS value, %s AS out_of) v'
        ' WHERE f.received_at >= $1 AND f.received_at < $2%s AND v.value IS NOT NULL AND v.out_of > 0'
        ' ORDER BY f.received_at, f.referral_id', kind, the_key,
        CASE WHEN has_several(the_key) AND kind = 'referral_measures' THEN format('f.%I::int', the_key || '_of') ELSE '1' END,
        cut_condition(cut)) USING start, stop, cut;
END $$;

REVOKE ALL ON FUNCTION cru.cut_of(jsonb, text), cru.cut_condition(jsonb), cru.sum_of(cru.measure),
    cru.sums(text, timestamptz[], timestamptz[], jsonb, text[]), cru.minutes_within(timestamptz, timestamptz, text[]),
    cru.jobs_between(timestamptz, timestamptz, jsonb), cru.duties_between(timestamptz, timestamptz, jsonb),
    cru.sums_of_vans(timestamptz[], timestamptz[], jsonb), cru.figures_of(timestamptz[], timestamptz[], jsonb, text[]),
    cru.measure_figures(timestamptz[], timestamptz[], jsonb), cru.wall_figures(timestamptz[], timestamptz[]),
    cru.measure_behind(text, timestamptz, timestamptz, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.measure_figures(timestamptz[], timestamptz[], jsonb),
    cru.measure_behind(text, timestamptz, timestamptz, jsonb) TO cru_shift_lead;
GRANT EXECUTE ON FUNCTION cru.wall_figures(timestamptz[], timestamptz[]) TO cru_viewer;
