-- What is known here: other contacts of the person, of the address, and those of which a person said something, so that a
-- wrong word can be put right. Found by the same keys as while a call is typed.
CREATE FUNCTION cru.known_of(the_referral uuid) RETURNS TABLE (referral_id uuid, reference text, received_at timestamptz,
    is_open boolean, found_by text, is_same boolean, at_address boolean, word boolean, keeps boolean, outcome text, said bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    WITH mine AS MATERIALIZED (SELECT * FROM referral WHERE id = the_referral),
    others AS (
        SELECT s AS id, 1 AS rank, 'the same person' AS found_by FROM same_person_as(the_referral) s
        UNION ALL
        SELECT a.referral_id, v.rank, v.found_by FROM mine m CROSS JOIN LATERAL cru.alike(m.nhs_number, m.patient_name,
            m.patient_born, m.call_back, m.ems_incident, m.postcode, m.location_text, NULL, NULL) a
        CROSS JOIN LATERAL (VALUES (2, 'same name and date of birth', a.same_name_and_birth), (2, 'same NHS number', a.same_number),
            (3, 'same EMAS incident', a.same_incident), (4, 'same telephone, which proves nothing', a.same_phone),
            (6, 'same address', a.same_home)) AS v (rank, found_by, holds) WHERE v.holds
        UNION ALL
        SELECT CASE WHEN s.referral_id = the_referral THEN s.other_id ELSE s.referral_id END, 5, 'somebody said so'
            FROM same_person s WHERE the_referral IN (s.referral_id, s.other_id) AND s.taken_back_at IS NULL),
    first AS (SELECT DISTINCT ON (id) id, rank, found_by FROM others WHERE id <> the_referral ORDER BY id, rank),
    told AS (
        SELECT f.*, said_same(the_referral, f.id) AS word, row_number() OVER (PARTITION BY f.rank ORDER BY r.received_at DESC) AS nth
        FROM first f JOIN referral r ON r.id = f.id WHERE r.entered_in_error_at IS NULL)
    SELECT r.id, r.reference, r.received_at, r.state = ANY (open_referral_states()), t.found_by, t.rank = 1,
        t.rank = 6, t.word, keeps_for_next_time(r.id), r.outcome,
        (SELECT count(*) FROM about_me a WHERE a.referral_id = r.id AND a.ended_at IS NULL AND a.taken_back_at IS NULL)
    FROM told t JOIN referral r ON r.id = t.id WHERE t.nth <= 20 ORDER BY t.rank, r.received_at DESC
$$;

-- As consoles of the version before ask for it.
CREATE OR REPLACE FUNCTION cru.known_before(the_referral uuid) RETURNS TABLE (
    referral_id uuid, reference text, received_at timestamptz, found_by text, is_same boolean, keeps boolean,
    outcome text, said bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    SELECT k.referral_id, k.reference, k.received_at, k.found_by, k.is_same, k.keeps, k.outcome, k.said FROM cru.known_of(the_referral) k
    WHERE NOT k.at_address AND k.word IS NOT FALSE LIMIT 20
$$;

REVOKE ALL ON FUNCTION cru.known_of(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.known_of(uuid) TO cru_dispatcher;
