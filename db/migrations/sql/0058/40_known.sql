-- What is known of the past beside a referral that is here: opened first, like everything of the past. Asked of a referral that a
-- transaction has just made up, it opened nobody's record and was undone with it; now that it was asked stays, or nothing is told.
CREATE FUNCTION cru.known_by(the_referral uuid) RETURNS TABLE (id uuid, rank integer, found_by text)
LANGUAGE sql STABLE ROWS 20 SET search_path = cru, pg_temp AS $$
    WITH mine AS MATERIALIZED (SELECT * FROM referral WHERE id = the_referral),
    others AS (
        SELECT s AS id, 1 AS rank, 'the same person' AS found_by FROM same_person_as(the_referral) s
        UNION ALL
        SELECT a.id, v.rank, v.found_by FROM mine m CROSS JOIN LATERAL alike_by(m.nhs_number, m.patient_name,
            m.patient_born, m.call_back, m.ems_incident, m.postcode, m.location_text, NULL, NULL, NULL, false) a
        CROSS JOIN LATERAL (VALUES (2, 'same name and date of birth', a.name), (2, 'same NHS number', a.number),
            (3, 'same EMAS incident', a.incident), (4, 'same telephone, which proves nothing', a.phone),
            (6, 'same address', a.home)) AS v (rank, found_by, holds) WHERE v.holds
        UNION ALL
        SELECT CASE WHEN s.referral_id = the_referral THEN s.other_id ELSE s.referral_id END, 5, 'somebody said so'
            FROM same_person s WHERE the_referral IN (s.referral_id, s.other_id) AND s.taken_back_at IS NULL),
    first AS (SELECT DISTINCT ON (id) id, rank, found_by FROM others WHERE id <> the_referral ORDER BY id, rank),
    told AS (
        SELECT f.*, row_number() OVER (PARTITION BY f.rank ORDER BY r.received_at DESC) AS nth
        FROM first f JOIN referral r ON r.id = f.id WHERE r.entered_in_error_at IS NULL)
    SELECT id, rank, found_by FROM told WHERE nth <= 20
$$;

-- Returns how many were past; null where so many were opened within the hour that the past is not looked through.
CREATE FUNCTION cru.open_known(the_referral uuid) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    -- Twenty of each rank.
    most constant integer := 120;
    theirs uuid[];
BEGIN
    IF NOT may_tell(the_referral) THEN
        RETURN 0;
    ELSIF NOT may_look('known', most) THEN
        RETURN NULL;
    END IF;
    theirs := not_in_sight(ARRAY(SELECT k.id FROM known_by(the_referral) k));
    IF cardinality(theirs) > 0 THEN
        PERFORM note_look('known', NULL, NULL, theirs);
    END IF;
    RETURN cardinality(theirs);
END $$;

CREATE OR REPLACE FUNCTION cru.known_of(the_referral uuid) RETURNS TABLE (referral_id uuid, reference text, received_at timestamptz,
    is_open boolean, found_by text, is_same boolean, at_address boolean, word boolean, keeps boolean, outcome text, said bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    WITH found AS MATERIALIZED (SELECT * FROM known_by(the_referral) WHERE may_tell(the_referral)),
    past AS MATERIALIZED (SELECT unnest(out_of_sight(ARRAY(SELECT id FROM found))) AS id)
    SELECT r.id, r.reference, r.received_at, r.state = ANY (open_referral_states()), t.found_by, t.rank = 1,
        t.rank = 6, said_same(the_referral, t.id), keeps_for_next_time(r.id), r.outcome,
        (SELECT count(*) FROM about_me a WHERE a.referral_id = r.id AND a.ended_at IS NULL AND a.taken_back_at IS NULL)
    FROM found t JOIN referral r ON r.id = t.id WHERE NOT EXISTS (SELECT FROM past p WHERE p.id = t.id)
    ORDER BY t.rank, r.received_at DESC
$$;

CREATE OR REPLACE FUNCTION cru.about_before(the_referral uuid) RETURNS SETOF cru.about_me
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    SELECT DISTINCT ON (t.rank, a.topic, a.code, lower(btrim(a.words))) a.*
    FROM same_person_as(the_referral) s JOIN about_me a ON a.referral_id = s JOIN about_topic t ON t.key = a.topic
    WHERE s <> the_referral AND may_tell(the_referral) AND may_tell(s) AND t.carried AND a.ended_at IS NULL AND a.taken_back_at IS NULL
        AND keeps_for_next_time(s)
        AND NOT EXISTS (SELECT FROM about_me b WHERE b.referral_id = the_referral AND b.taken_back_at IS NULL
            AND b.ended_at IS NULL AND b.topic = a.topic AND b.code = a.code AND lower(btrim(b.words)) = lower(btrim(a.words)))
    ORDER BY t.rank, a.topic, a.code, lower(btrim(a.words)), a.added_at DESC
$$;

REVOKE ALL ON FUNCTION cru.known_by(uuid), cru.open_known(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.open_known(uuid) TO cru_dispatcher;
