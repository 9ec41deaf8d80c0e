-- What the measures ask about a referral: the one definition of each. In words they stand in docs/record.md and in the rows
-- of cru.measure; tests/db/test_measures_checked.py works each out again from the events, in another language.
--
-- What was taken back did not happen. What was entered in error counts nowhere: all of its values are NULL.

CREATE FUNCTION cru.minutes_between(earlier timestamptz, later timestamptz) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN extract(epoch FROM later - earlier)::double precision / 60;

CREATE FUNCTION cru.answered(said text) RETURNS smallint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE said WHEN 'yes' THEN 1 WHEN 'no' THEN 0 ELSE -1 END::smallint;

CREATE FUNCTION cru.age_band(years integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN years IS NULL THEN 'not recorded' WHEN years < 18 THEN 'under 18' WHEN years < 25 THEN '18 to 24'
        WHEN years < 45 THEN '25 to 44' WHEN years < 65 THEN '45 to 64' WHEN years < 85 THEN '65 to 84'
        ELSE '85 and over' END;

-- Who was first: the crew that was with the person first, whether or not anybody put down when; where none was, whichever
-- came to the scene, and else whichever was sent first. "reached" is the first sign that a crew was at the scene.
CREATE FUNCTION cru.first_crews(the_ids uuid[]) RETURNS TABLE (
    referral_id uuid, van_id uuid, met boolean, met_at timestamptz, scene_at timestamptz)
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT DISTINCT ON (a.referral_id) a.referral_id, a.van_id, a.there IS NOT NULL, a.with_patient_at,
        (first_value(a.on_scene_at) OVER (PARTITION BY a.referral_id ORDER BY a.reached, a.allocated_at, a.id))
    FROM (SELECT *, coalesce(with_patient_at, conveying_at, at_destination_at) AS there,
              coalesce(on_scene_at, with_patient_at, conveying_at, at_destination_at) AS reached
          FROM assignment WHERE referral_id = ANY (the_ids) AND taken_back_at IS NULL) a
    ORDER BY a.referral_id, a.there, a.reached, a.allocated_at, a.id
$$;

-- The handovers that a referral is measured by: the first that this service accepted, and the first ambulance crew that was
-- relieved. A second crew, or a second time after a reopening, counts no second time.
CREATE FUNCTION cru.first_handovers(the_ids uuid[]) RETURNS TABLE (
    referral_id uuid, accepted_at timestamptz, from_ems boolean, released_at timestamptz)
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT h.referral_id, min(h.accepted_at) FILTER (WHERE h.to_kind = 'cru' AND h.from_kind <> 'cru'),
        bool_or(h.from_kind = 'ems'), min(h.released_at) FILTER (WHERE h.from_kind = 'ems')
    FROM handover h
    WHERE h.referral_id = ANY (the_ids) AND h.taken_back_at IS NULL AND h.accepted_at IS NOT NULL GROUP BY 1
$$;

-- The next referral of the same person within 72 hours of an end: by an NHS number that fits, by name and date of birth, or by
-- a dispatcher's word, which counts for more than both.
CREATE FUNCTION cru.came_back(the_ids uuid[]) RETURNS TABLE (referral_id uuid, back_id uuid)
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    WITH ended AS (SELECT * FROM referral WHERE id = ANY (the_ids) AND closed_at IS NOT NULL),
    pair AS (
        SELECT e.id, o.id AS other FROM ended e JOIN referral o
            ON nhs_digits(o.nhs_number) = nhs_digits(e.nhs_number) AND o.nhs_number IS NOT NULL
        WHERE e.nhs_number IS NOT NULL
        UNION
        SELECT e.id, o.id FROM ended e JOIN referral o
            ON name_key(o.patient_name) = name_key(e.patient_name) AND o.patient_born = e.patient_born
        WHERE e.patient_born IS NOT NULL
        UNION
        SELECT e.id, CASE WHEN s.referral_id = e.id THEN s.other_id ELSE s.referral_id END
        FROM ended e JOIN same_person s ON e.id IN (s.referral_id, s.other_id) AND s.is_same AND s.taken_back_at IS NULL
    )
    SELECT DISTINCT ON (e.id) e.id, o.id FROM ended e JOIN pair p ON p.id = e.id
    JOIN referral o ON o.id = p.other AND o.id <> e.id AND o.entered_in_error_at IS NULL
        AND o.received_at > e.closed_at AND o.received_at <= e.closed_at + interval '72 hours'
    WHERE said_same(e.id, o.id) IS NOT FALSE
        AND (said_same(e.id, o.id) OR nhs_digits(o.nhs_number) = nhs_digits(e.nhs_number)
             OR name_key(o.patient_name) = name_key(e.patient_name) AND o.patient_born = e.patient_born)
    ORDER BY e.id, o.received_at, o.id
$$;

-- Calls: of those that were due while somebody waited without a van, how many were made by then. One that fell due before a
-- van was allocated and was never made is one that was not made in time.
CREATE FUNCTION cru.calls_due(the_ids uuid[]) RETURNS TABLE (
    referral_id uuid, due integer, in_time integer, next_at timestamptz)
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    WITH waited AS (
        SELECT r.id, r.received_at, r.priority, least((SELECT min(allocated_at) FROM assignment a
            WHERE a.referral_id = r.id AND a.taken_back_at IS NULL), r.closed_at) AS until_at
        FROM referral r WHERE r.id = ANY (the_ids)
    ), call AS (
        SELECT c.* FROM contact c JOIN waited w ON w.id = c.referral_id
        WHERE c.taken_back_at IS NULL AND c.made_at < coalesce(w.until_at, 'infinity')
    ), heard AS (
        SELECT DISTINCT ON (referral_id) referral_id, made_at, agreed_until FROM call
        WHERE spoke_with IN ('person', 'carer') ORDER BY referral_id, made_at DESC, id DESC
    ), tried AS (
        SELECT c.referral_id, max(c.made_at) AS made_at FROM call c LEFT JOIN heard h USING (referral_id)
        WHERE c.spoke_with = 'nobody' AND c.made_at > coalesce(h.made_at, '-infinity') GROUP BY 1
    ), made AS (
        SELECT c.referral_id, count(*) AS due, count(*) FILTER (WHERE c.made_at <= c.due_at) AS in_time
        FROM call c WHERE c.due_at IS NOT NULL GROUP BY 1
    ), upcoming AS (
        SELECT w.id, w.until_at, greatest(
            coalesce(h.made_at + make_interval(mins => s.every_minutes), w.received_at + make_interval(mins => s.first_minutes)),
            h.agreed_until, t.made_at + make_interval(mins => s.again_minutes)) AS at
        FROM waited w JOIN contact_schedule s ON s.priority = w.priority AND s.active
        LEFT JOIN heard h ON h.referral_id = w.id LEFT JOIN tried t ON t.referral_id = w.id
    )
    SELECT w.id, coalesce(m.due, 0)::int + (u.at < coalesce(w.until_at, clock_now()) IS TRUE)::int,
        coalesce(m.in_time, 0)::int, CASE WHEN w.until_at IS NULL AND u.at >= clock_now() THEN u.at END
    FROM waited w LEFT JOIN made m ON m.referral_id = w.id LEFT JOIN upcoming u ON u.id = w.id
$$;

CREATE FUNCTION cru.step_kinds() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY['received', 'acknowledged', 'accepted', 'closed', 'declined', 'cancelled', 'van allocated',
        'van acknowledged', 'van mobile', 'van at rendezvous', 'van on scene', 'van with patient', 'van conveying',
        'van at destination', 'van clear', 'van stood down', 'handover started', 'handover accepted', 'handover released',
        'handover refused'];

-- The times of a referral's steps, and those that nobody typed: a device or a geofence brought it, or somebody clicked when
-- it happened. What people type has no fraction of a second; what the record stamps has one. A time that was amended was
-- typed.
CREATE FUNCTION cru.steps_typed(the_ids uuid[]) RETURNS TABLE (
    referral_id uuid, steps integer, untyped integer, amended integer, held_until timestamptz)
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    WITH told AS (
        SELECT e.*, e.kind = ANY (step_kinds()) AS is_step, CASE WHEN e.van_id IS NULL
            AND e.kind IN ('declined', 'cancelled') THEN 'closed' ELSE e.kind END AS named
        FROM event e WHERE e.referral_id = ANY (the_ids) AND (e.kind = ANY (step_kinds())
            OR e.kind IN ('time amended', 'on hold') OR e.amends IS NOT NULL)
    ), back AS (SELECT amends FROM told WHERE kind LIKE '% taken back'),
    stands AS (SELECT * FROM told WHERE kind NOT LIKE '% taken back' AND id NOT IN (SELECT amends FROM back)),
    -- Known by the time that it had: of two handovers an amendment does not say which.
    again AS (SELECT DISTINCT referral_id, words, coalesce(van_id, referral_id) AS whose,
        (detail ->> 'from')::timestamptz AS was FROM stands WHERE kind = 'time amended')
    SELECT s.referral_id, count(*) FILTER (WHERE s.is_step),
        count(*) FILTER (WHERE s.is_step AND a.was IS NULL
            AND (s.source IN ('device', 'geofence', 'message') OR date_trunc('second', s.happened_at) <> s.happened_at)),
        count(*) FILTER (WHERE s.kind = 'time amended'),
        max((s.detail ->> 'until')::timestamptz) FILTER (WHERE s.kind = 'on hold')
    FROM stands s LEFT JOIN again a ON a.referral_id = s.referral_id AND a.was = s.happened_at AND a.words = s.named
        AND a.whose = coalesce(s.van_id, s.referral_id)
    GROUP BY 1
$$;

-- What a referral was screened for: the last answers decide, and what became of each "not known" that was asked again.
CREATE FUNCTION cru.screened(the_ids uuid[]) RETURNS TABLE (
    referral_id uuid, concern boolean, overridden boolean, asked integer, became_no integer, became_yes integer)
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT s.referral_id,
        (array_agg(EXISTS (SELECT FROM jsonb_each_text(s.answers) a WHERE a.value <> 'no')
                   ORDER BY s.completed_at DESC, s.id DESC))[1],
        bool_or(s.override_at IS NOT NULL OR EXISTS (SELECT FROM decision d WHERE d.referral_id = s.referral_id
            AND d.kind = 'let on' AND d.taken_back_at IS NULL)),
        coalesce(sum(k.asked), 0)::int, coalesce(sum(k.no), 0)::int, coalesce(sum(k.yes), 0)::int
    FROM (SELECT *, lead(answers) OVER (PARTITION BY screening.referral_id ORDER BY completed_at, id) AS then_said
          FROM screening WHERE screening.referral_id = ANY (the_ids) AND taken_back_at IS NULL) s
    CROSS JOIN LATERAL (
        SELECT count(*) AS asked, count(*) FILTER (WHERE s.then_said ->> a.key = 'no') AS no,
            count(*) FILTER (WHERE s.then_said ->> a.key = 'yes') AS yes
        FROM jsonb_each_text(s.answers) a WHERE a.value = 'not known' AND s.then_said ? a.key) k
    GROUP BY 1
$$;

-- What was promised, wished for and put down for later.
CREATE FUNCTION cru.promised(the_ids uuid[]) RETURNS TABLE (
    referral_id uuid, spoken_to boolean, made integer, due integer, kept integer, next_at timestamptz)
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT c.referral_id, bool_or(c.spoke_with = 'person'), count(*) FILTER (WHERE c.promised <> ''),
        count(*) FILTER (WHERE c.promised <> '' AND (c.promise_outcome <> '' OR c.promise_due_at <= clock_now())),
        count(*) FILTER (WHERE c.promised <> '' AND c.promise_outcome = 'kept'),
        min(c.promise_due_at) FILTER (WHERE c.promise_outcome = '' AND c.promise_due_at > clock_now())
    FROM contact c WHERE c.referral_id = ANY (the_ids) AND c.taken_back_at IS NULL GROUP BY 1
$$;

CREATE FUNCTION cru.followed_up(the_ids uuid[]) RETURNS TABLE (
    referral_id uuid, made integer, due integer, kept integer, next_at timestamptz)
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT f.referral_id, count(*), count(*) FILTER (WHERE f.due_at <= clock_now() OR f.done_at IS NOT NULL),
        count(*) FILTER (WHERE f.done_at <= f.due_at),
        min(f.due_at) FILTER (WHERE f.done_at IS NULL AND f.due_at > clock_now())
    FROM follow_up f WHERE f.referral_id = ANY (the_ids) AND f.taken_back_at IS NULL GROUP BY 1
$$;

-- Of each wish, what was said last. One of which nobody said anything is neither kept nor broken.
CREATE FUNCTION cru.wishes_said(the_ids uuid[]) RETURNS TABLE (referral_id uuid, about_id uuid, kept text)
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT DISTINCT ON (w.about_id) w.referral_id, w.about_id, w.kept FROM wish_kept w
    WHERE w.referral_id = ANY (the_ids) AND w.taken_back_at IS NULL ORDER BY w.about_id, w.recorded_at DESC, w.id
$$;

CREATE FUNCTION cru.said_about(the_ids uuid[]) RETURNS TABLE (referral_id uuid, language text, wished boolean)
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT a.referral_id, min(coalesce(l.label, nullif(a.words, ''))) FILTER (WHERE a.topic = 'language'),
        bool_or(a.topic IN ('wish', 'arrive', 'avoid', 'safer_with', 'helps', 'touch', 'bring', 'not_bring'))
    FROM about_me a LEFT JOIN language l ON l.code = a.code AND a.topic = 'language'
    WHERE a.referral_id = ANY (the_ids) AND a.ended_at IS NULL AND a.taken_back_at IS NULL GROUP BY 1
$$;

CREATE FUNCTION cru.towns_of(the_ids uuid[]) RETURNS TABLE (key uuid, town text)
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT t.* FROM (SELECT array_agg(id) AS ids, array_agg(postcode) AS postcodes, array_agg(location_text) AS places
        FROM referral WHERE id = ANY (the_ids)) p CROSS JOIN LATERAL towns_said(p.ids, p.postcodes, p.places) t
$$;

CREATE FUNCTION cru.facts_of(the_ids uuid[]) RETURNS SETOF cru.referral_fact
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT r.id, r.reference, r.received_at, clock_now(),
        CASE WHEN NOT d.in_error THEN least(c.next_at, p.next_at, f.next_at, j.next_at,
            CASE WHEN d.tellable AND b.back_id IS NULL AND r.closed_at + interval '72 hours' > clock_now()
                THEN r.closed_at + interval '72 hours' END) END,
        r.priority, r.source, a.town,
        extract(hour FROM r.received_at AT TIME ZONE 'Europe/London')::smallint, g.van_id,
        r.state, CASE WHEN d.ended THEN coalesce(nullif(r.end_reason, ''), r.outcome, '') ELSE '' END,
        d.in_error, d.met,
        r.waiting_party <> '' OR r.ems_on_scene_at IS NOT NULL OR s.waits_kind <> 'nobody',
        t.held_until, b.back_id,
        CASE WHEN r.patient_born IS NOT NULL THEN age_band(extract(year FROM age(
                (r.received_at AT TIME ZONE 'Europe/London')::date::timestamp, r.patient_born::timestamp))::int)
            WHEN age_band(r.patient_age_low) = age_band(r.patient_age_high) THEN age_band(r.patient_age_low)
            ELSE 'not recorded' END,
        coalesce(nullif(btrim(coalesce(nullif(o.language, ''), r.plan ->> 'language')), ''), 'not recorded'),
        coalesce(r.ethnicity, 'not recorded'),
        coalesce('fifth ' || (r.deprivation + 1) / 2 || ' of 5, 1 the most deprived', 'not recorded'),
        -- Minutes.
        CASE WHEN d.met THEN coalesce(minutes_between(r.received_at, g.met_at), 'NaN') END,
        CASE WHEN d.in_error THEN NULL WHEN r.accepted_at IS NOT NULL THEN minutes_between(r.received_at, r.accepted_at)
            WHEN r.state = 'closed' OR r.state <> 'received' AND r.state = ANY (open_referral_states()) THEN 'NaN' END,
        CASE WHEN NOT d.in_error AND h.accepted_at IS NOT NULL
            THEN coalesce(minutes_between(g.scene_at, h.accepted_at), 'NaN') END,
        CASE WHEN d.relieved THEN coalesce(minutes_between(r.received_at, h.released_at), 'NaN') END,
        CASE WHEN d.relieved THEN coalesce(minutes_between(g.scene_at, h.released_at), 'NaN') END,
        -- Shares.
        CASE WHEN d.ended THEN (NOT d.met)::int END::smallint,
        CASE WHEN d.ended THEN (r.state = 'declined')::int END::smallint,
        CASE WHEN d.ended THEN (r.state = 'cancelled')::int END::smallint,
        CASE WHEN d.ended AND r.state = 'cancelled' THEN (p.spoken_to IS NOT TRUE)::int END::smallint,
        CASE WHEN d.met THEN coalesce((r.ae_care = 'needed and done')::int, -1) END::smallint,
        CASE WHEN d.met THEN coalesce((r.ae_care = 'needed and not done')::int, -1) END::smallint,
        CASE WHEN d.met THEN coalesce((r.ae_care = 'not needed')::int, -1) END::smallint,
        CASE WHEN d.met THEN coalesce((r.ae_care = 'unknown')::int, -1) END::smallint,
        CASE WHEN NOT d.ended THEN NULL WHEN b.back_id IS NOT NULL THEN 1
            WHEN d.tellable AND r.closed_at + interval '72 hours' <= clock_now() THEN 0 ELSE -1 END::smallint,
        CASE WHEN NOT d.in_error THEN coalesce(p.kept, 0) END::smallint,
        CASE WHEN NOT d.in_error THEN coalesce(p.due, 0) END::smallint,
        CASE WHEN NOT d.in_error THEN (coalesce(p.made, 0) > 0)::int END::smallint,
        CASE WHEN NOT d.in_error THEN coalesce(w.kept, 0) END::smallint,
        CASE WHEN NOT d.in_error THEN coalesce(w.said, 0) END::smallint,
        CASE WHEN d.met THEN (coalesce(o.wished, false) OR coalesce(r.plan -> 'wishes', '[]') <> '[]' OR coalesce(r.plan ->> 'helps', '') <> '')::int
            END::smallint,
        CASE WHEN NOT d.in_error THEN coalesce(f.kept, 0) END::smallint,
        CASE WHEN NOT d.in_error THEN coalesce(f.due, 0) END::smallint,
        CASE WHEN d.ended THEN (coalesce(f.made, 0) > 0)::int END::smallint,
        CASE WHEN NOT d.in_error THEN c.in_time END::smallint,
        CASE WHEN NOT d.in_error THEN c.due END::smallint,
        CASE WHEN NOT d.in_error AND n.referral_id IS NOT NULL THEN n.overridden::int END::smallint,
        CASE WHEN NOT d.in_error AND n.referral_id IS NOT NULL THEN (n.concern AND r.state = 'declined')::int END::smallint,
        CASE WHEN NOT d.in_error THEN coalesce(n.became_no, 0) END::smallint,
        CASE WHEN NOT d.in_error THEN coalesce(n.asked, 0) END::smallint,
        CASE WHEN NOT d.in_error THEN coalesce(n.became_yes, 0) END::smallint,
        CASE WHEN NOT d.in_error THEN coalesce(n.asked, 0) END::smallint,
        CASE WHEN d.met THEN answered(r.force_used) END,
        -- It is asked at the closing, so before that nobody has left it out.
        CASE WHEN d.met AND r.state = 'closed' THEN (r.force_used IS NULL)::int END::smallint,
        CASE WHEN d.met THEN answered(r.ae_avoided) END,
        CASE WHEN d.met THEN answered(r.police_avoided) END,
        CASE WHEN NOT d.in_error THEN coalesce(t.untyped, 0) END::smallint,
        CASE WHEN NOT d.in_error THEN coalesce(t.steps, 0) END::smallint,
        CASE WHEN NOT d.in_error THEN coalesce(t.amended, 0) END::smallint
    FROM referral r JOIN referral_source s ON s.code = r.source
    JOIN towns_of(the_ids) a ON a.key = r.id
    LEFT JOIN first_crews(the_ids) g ON g.referral_id = r.id
    LEFT JOIN first_handovers(the_ids) h ON h.referral_id = r.id
    LEFT JOIN came_back(the_ids) b ON b.referral_id = r.id
    LEFT JOIN calls_due(the_ids) c ON c.referral_id = r.id
    LEFT JOIN steps_typed(the_ids) t ON t.referral_id = r.id
    LEFT JOIN screened(the_ids) n ON n.referral_id = r.id
    LEFT JOIN promised(the_ids) p ON p.referral_id = r.id
    LEFT JOIN followed_up(the_ids) f ON f.referral_id = r.id
    LEFT JOIN (SELECT referral_id, count(*) AS said, count(*) FILTER (WHERE kept = 'yes') AS kept
               FROM wishes_said(the_ids) GROUP BY 1) w ON w.referral_id = r.id
    LEFT JOIN said_about(the_ids) o ON o.referral_id = r.id
    -- Positions that waited in a gateway come in for a while.
    CROSS JOIN LATERAL (SELECT min(a.until_at + interval '1 day') AS next_at FROM (
        SELECT coalesce(clear_at, stood_down_at) AS until_at FROM assignment
        WHERE referral_id = r.id AND taken_back_at IS NULL) a WHERE a.until_at > clock_now() - interval '1 day') j
    CROSS JOIN LATERAL (SELECT r.entered_in_error_at IS NOT NULL AS in_error,
        r.entered_in_error_at IS NULL AND coalesce(g.met, false) AS met,
        r.entered_in_error_at IS NULL AND r.state <> ALL (open_referral_states()) AS ended,
        -- Nothing is missing yet of a handover that still goes on.
        r.entered_in_error_at IS NULL AND coalesce(h.from_ems, false)
            AND (h.released_at IS NOT NULL OR r.closed_at IS NOT NULL) AS relieved,
        r.closed_at IS NOT NULL AND (nhs_digits(r.nhs_number) IS NOT NULL
            OR nullif(r.patient_name, '') IS NOT NULL AND r.patient_born IS NOT NULL) AS tellable) d
    WHERE r.id = ANY (the_ids)
$$;

CREATE FUNCTION cru.stale_after() RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN interval '2 minutes';

-- How long the room did not know where a van on a job was: its newest fix, of those that had come in by then, was older than
-- two minutes. NULL while the job goes on; NaN for a van from which nothing came in the day before it or during it.
CREATE FUNCTION cru.minutes_stale(the_van uuid, from_at timestamptz, until_at timestamptz) RETURNS double precision
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    WITH fix AS (
        SELECT received_at, max(fixed_at) OVER (ORDER BY received_at, id) AS newest FROM position_fix
        WHERE van_id = the_van AND refused = '' AND fixed_at >= from_at - stale_after() AND fixed_at <= until_at
            AND received_at >= from_at - stale_after() AND received_at <= until_at
    ), known AS (
        SELECT from_at AS at, coalesce(max(newest) FILTER (WHERE received_at <= from_at), '-infinity') AS newest FROM fix
        UNION ALL
        SELECT received_at, newest FROM fix WHERE received_at > from_at
    ), stretch AS (SELECT at, newest, lead(at, 1, until_at) OVER (ORDER BY at, newest) AS next_at FROM known)
    SELECT CASE WHEN until_at IS NULL THEN NULL
        WHEN NOT EXISTS (SELECT FROM position WHERE van_id = the_van) OR NOT EXISTS (SELECT FROM position_fix p WHERE p.van_id = the_van AND p.refused = ''
            AND p.fixed_at >= from_at - interval '1 day' AND p.fixed_at <= until_at
            AND p.received_at >= from_at - interval '1 day' AND p.received_at <= until_at) THEN 'NaN'
        ELSE (SELECT sum(greatest(0, minutes_between(greatest(at, newest + stale_after()), next_at))) FROM stretch) END
$$;

-- Of referrals whose own facts are there already.
CREATE FUNCTION cru.job_facts_of(the_ids uuid[]) RETURNS SETOF cru.job_fact
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT a.id, a.referral_id, f.reference, f.received_at, f.priority, f.source, f.area, f.hour, a.van_id, a.allocated_at, e.until_at,
        -- A step that was skipped has no time, and whoever came further than it has one missing.
        CASE WHEN coalesce(a.mobile_at, a.at_rendezvous_at, e.reached) IS NOT NULL
            THEN coalesce(minutes_between(a.allocated_at, a.mobile_at), 'NaN') END,
        CASE WHEN e.reached IS NOT NULL THEN coalesce(minutes_between(a.mobile_at, a.on_scene_at), 'NaN') END,
        CASE WHEN a.state = 'clear' THEN minutes_between(a.allocated_at, a.clear_at) END,
        minutes_stale(a.van_id, a.allocated_at, e.until_at), minutes_between(a.allocated_at, e.until_at)
    FROM assignment a JOIN referral_fact f ON f.referral_id = a.referral_id
    CROSS JOIN LATERAL (SELECT coalesce(a.clear_at, a.stood_down_at) AS until_at,
        coalesce(a.on_scene_at, a.with_patient_at, a.conveying_at, a.at_destination_at) AS reached) e
    WHERE a.referral_id = ANY (the_ids) AND a.taken_back_at IS NULL AND NOT f.in_error
$$;

REVOKE ALL ON FUNCTION cru.minutes_between(timestamptz, timestamptz), cru.answered(text), cru.age_band(integer),
    cru.first_crews(uuid[]), cru.first_handovers(uuid[]), cru.came_back(uuid[]), cru.calls_due(uuid[]), cru.steps_typed(uuid[]),
    cru.step_kinds(), cru.screened(uuid[]), cru.promised(uuid[]), cru.followed_up(uuid[]), cru.wishes_said(uuid[]),
    cru.said_about(uuid[]), cru.towns_of(uuid[]), cru.facts_of(uuid[]), cru.stale_after(), cru.minutes_stale(uuid, timestamptz, timestamptz),
    cru.job_facts_of(uuid[]) FROM PUBLIC;
