-- What a shift lead has to look at, between the ends of a look: of each kind the newest thousand. What was taken back or entered
-- in error is left out.
CREATE FUNCTION cru.to_review(the_look bigint) RETURNS TABLE (kind text, about text, referral_id uuid, at timestamptz, words text,
    by text, reference text, reviewed_by text, reviewed_at timestamptz, line text)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 300 SET search_path = cru, pg_temp SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
    w_since timestamptz;
    w_until timestamptz;
    part text;
    most constant integer := 1000;
BEGIN
    SELECT s.since, s.until INTO w_since, w_until FROM stretch_of(the_look, 'review') s;
    FOREACH part IN ARRAY ARRAY[
        -- Met after the time of their priority, or ended after it without having been met: as the measures count.
        $q$SELECT 'late', r.id::text, r.id, l.at,
            CASE WHEN l.met THEN 'met ' ELSE 'never met, ended ' END || ceil(extract(epoch FROM l.at - r.received_at) / 60)::int
            || ' min after receipt, allowed ' || l.within_minutes || ' min', ''
        FROM cru.late_between($1, $2) l JOIN cru.referral r ON r.id = l.referral_id$q$,
        $q$SELECT 'long handover', h.id::text, h.referral_id, h.accepted_at,
            ceil(extract(epoch FROM h.accepted_at - h.started_at) / 60)::int || ' min from ' || h.from_party || ' to ' || h.to_party, ''
        FROM cru.handover h WHERE h.taken_back_at IS NULL AND h.accepted_at >= $1 AND h.accepted_at < $2
            AND h.accepted_at - h.started_at > make_interval(secs => 60 * coalesce((SELECT value FROM cru.rule
                WHERE name = 'long_handover' AND unit = 'minutes' AND active), 15))$q$,
        $q$SELECT 'refused', h.id::text, h.referral_id, h.refused_at,
            h.to_party || ' refused: ' || coalesce((SELECT n.label FROM cru.reason n WHERE n.code = h.refusal_reason
                ORDER BY n.kind <> 'refuse_handover' LIMIT 1), h.refusal_reason), ''
        FROM cru.handover h WHERE h.taken_back_at IS NULL AND h.refused_at >= $1 AND h.refused_at < $2$q$,
        $q$SELECT 'overridden', d.id::text, d.referral_id, d.decided_at, d.kind || ': ' || d.reason, d.decided_by
        FROM cru.decision d WHERE d.taken_back_at IS NULL AND d.kind = 'let on' AND d.decided_at >= $1 AND d.decided_at < $2
        UNION ALL
        SELECT 'overridden', s.id::text, s.referral_id, s.override_at, s.override_reason, s.override_by
        FROM cru.screening s WHERE s.taken_back_at IS NULL AND s.override_at >= $1 AND s.override_at < $2$q$,
        $q$SELECT 'reality objected', e.id::text, e.referral_id, e.recorded_at,
            e.kind || ', although ' || (e.detail ->> 'insisted'), e.recorded_by
        FROM cru.event e WHERE e.detail ? 'insisted' AND e.recorded_at >= $1 AND e.recorded_at < $2
            AND NOT EXISTS (SELECT FROM cru.event u WHERE u.amends = e.id AND u.kind LIKE '% taken back')$q$,
        $q$SELECT 'back in 72 h', r.id::text, r.id, r.received_at,
            'received ' || ceil(extract(epoch FROM r.received_at - e.closed_at) / 3600)::int || ' h after ' || e.reference, ''
        FROM cru.back_between($1, $2) b JOIN cru.referral r ON r.id = b.referral_id JOIN cru.referral e ON e.id = b.ended_id$q$,
        $q$SELECT 'feedback', f.id::text, f.referral_id, f.recorded_at, f.said_by || ': ' || f.words, f.recorded_by
        FROM cru.feedback f WHERE f.taken_back_at IS NULL AND f.recorded_at >= $1 AND f.recorded_at < $2$q$,
        $q$SELECT CASE WHEN e.kind = 'time amended' THEN 'amended' ELSE 'taken back' END, e.id::text, e.referral_id, e.recorded_at,
            CASE WHEN e.kind = 'time amended' THEN e.words || ' amended' ELSE e.kind END
            || coalesce(': ' || nullif(e.reason, ''), ''), e.recorded_by
        FROM cru.event e WHERE (e.kind = 'time amended' OR e.kind LIKE '% taken back') AND e.referral_id IS NOT NULL
            AND e.recorded_at >= $1 AND e.recorded_at < $2$q$
    ] LOOP
        RETURN QUERY EXECUTE format('SELECT q.kind, q.about, q.referral_id, q.at, q.words, q.by, coalesce(r.reference, ''''), v.reviewed_by,'
            ' v.reviewed_at, v.words FROM (%s) q (kind, about, referral_id, at, words, by) LEFT JOIN cru.referral r ON r.id = q.referral_id'
            ' LEFT JOIN cru.review v ON v.kind = q.kind AND v.about = q.about WHERE r.entered_in_error_at IS NULL'
            ' ORDER BY q.at DESC, q.about LIMIT %s', part, most) USING w_since, w_until;
    END LOOP;
END $$;

-- What people said between the ends of a look, the newest, with the reference of the visit.
CREATE FUNCTION cru.said_afterwards(the_look bigint, most integer) RETURNS TABLE (said cru.feedback, reference text)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 300 SET search_path = cru, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    w record := stretch_of(the_look, 'feedback');
BEGIN
    RETURN QUERY SELECT f, r.reference FROM feedback f LEFT JOIN referral r ON r.id = f.referral_id
        WHERE f.taken_back_at IS NULL AND f.recorded_at >= w.since AND f.recorded_at < w.until
        ORDER BY f.recorded_at DESC, f.id LIMIT least(most, 2000);
END $$;

-- Who is known by name at the visits that feedback is about, so that a page that goes out names nobody.
CREATE FUNCTION cru.named_at_visits(the_look bigint, the_feedback uuid[]) RETURNS TABLE (id uuid, names text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = cru, pg_temp SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
BEGIN
    PERFORM stretch_of(the_look, 'feedback');
    RETURN QUERY SELECT f.id, array_remove(array_agg(DISTINCT n.name), NULL) FROM feedback f JOIN referral r ON r.id = f.referral_id
    CROSS JOIN LATERAL (SELECT unnest(ARRAY[r.patient_name, r.caller]) AS name
        UNION ALL SELECT a.words FROM about_me a WHERE a.referral_id = r.id AND a.topic = 'call_me'
        UNION ALL SELECT c.with_name FROM contact c WHERE c.referral_id = r.id) n
    WHERE f.id = ANY (the_feedback[1:4000]) GROUP BY f.id;
END $$;

-- Of all patients of the stretch and of so long before it: the names of whom every part was said in what people said, or in what
-- became of it. Nobody else is named.
CREATE FUNCTION cru.named_by_others(the_look bigint, known_for interval) RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = cru, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    w record := stretch_of(the_look, 'feedback');
    said tsvector;
BEGIN
    said := array_to_tsvector(ARRAY(SELECT DISTINCT split_words(replace(plain_letters(t.words), '''', '')) FROM (
        SELECT f.words FROM feedback f WHERE f.taken_back_at IS NULL AND f.recorded_at >= w.since AND f.recorded_at < w.until
        UNION ALL
        SELECT concat_ws(E'\n', i.said, i.did) FROM improvement i WHERE i.state IN ('open', 'doing')
            OR i.changed_at >= w.since AND i.changed_at < w.until) t));
    RETURN QUERY SELECT DISTINCT r.patient_name FROM referral r
        WHERE r.patient_name <> '' AND r.received_at >= w.since - known_for AND r.received_at < w.until
        AND NOT EXISTS (SELECT FROM split_words(replace(plain_letters(r.patient_name), '''', '')) p WHERE NOT p = ANY (tsvector_to_array(said)));
END $$;

-- What a van's crew did lately. Of a visit that is past only that it was: what was written of it is opened with its referral.
CREATE FUNCTION cru.story_of_van(the_van uuid, most integer) RETURNS SETOF cru.event
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 SET search_path = cru, pg_temp AS $$
DECLARE
    one cru.event;
BEGIN
    FOR one IN SELECT * FROM event e WHERE e.van_id = the_van ORDER BY e.id DESC LIMIT least(most, 200) LOOP
        IF one.referral_id IS NOT NULL AND NOT sees(one.referral_id) THEN
            one.words := '';
            one.reason := '';
            one.detail := bare_detail(one.kind, one.detail);
        END IF;
        RETURN NEXT one;
    END LOOP;
END $$;

-- Who told each step of referrals of the past, for a timeline: times and kinds, and no word about anybody.
CREATE FUNCTION cru.steps_told(theirs uuid[]) RETURNS SETOF cru.event
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100 SET search_path = cru, pg_temp AS $$
DECLARE
    one cru.event;
BEGIN
    FOR one IN SELECT e.* FROM event e WHERE e.referral_id = ANY (theirs[1:500]) AND e.kind <> 'record opened'
            ORDER BY e.happened_at, e.id LOOP
        one.words := '';
        one.reason := '';
        one.detail := bare_detail(one.kind, one.detail);
        RETURN NEXT one;
    END LOOP;
END $$;

CREATE FUNCTION cru.referral_called(the_reference text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    SELECT id FROM referral WHERE reference = upper(the_reference)
$$;

REVOKE ALL ON FUNCTION cru.to_review(bigint), cru.said_afterwards(bigint, integer), cru.named_at_visits(bigint, uuid[]),
    cru.named_by_others(bigint, interval), cru.story_of_van(uuid, integer), cru.steps_told(uuid[]), cru.referral_called(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.said_afterwards(bigint, integer), cru.story_of_van(uuid, integer), cru.steps_told(uuid[]),
    cru.referral_called(text) TO cru_dispatcher;
GRANT EXECUTE ON FUNCTION cru.to_review(bigint), cru.named_at_visits(bigint, uuid[]),
    cru.named_by_others(bigint, interval) TO cru_shift_lead;
