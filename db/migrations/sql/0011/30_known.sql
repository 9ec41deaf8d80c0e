-- Who is known, and what is known of a place: read from what stands in the referrals, so that a corrected number or an
-- address leads elsewhere at once.

-- An NHS number whose check digit fits, as ten digits; null for what is none. One that does not fit proves nothing.
CREATE FUNCTION cru.nhs_digits(typed text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT CASE WHEN d ~ '^[0-9]{10}$' AND (SELECT (11 - sum(substr(d, n, 1)::int * (11 - n)) % 11) % 11
            FROM generate_series(1, 9) n) = substr(d, 10, 1)::int THEN d END
    FROM (SELECT regexp_replace(typed, '[[:space:]-]', '', 'g') AS d) t
$$;

-- A name whatever the case, the order and the commas: "Bell, Mari" and "mari bell" are one.
CREATE FUNCTION cru.name_key(typed text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT string_agg(word, ' ' ORDER BY word) FROM regexp_split_to_table(lower(typed), '[[:space:],.]+') AS word
    WHERE word <> ''
$$;

CREATE FUNCTION cru.phone_key(typed text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT CASE WHEN length(d) >= 9 THEN right(d, 9) END
    FROM (SELECT regexp_replace(typed, '[^0-9]', '', 'g') AS d) t
$$;

-- A home: the postcode, and which house and flat in it by its numbers and its floor; null where that is not told.
CREATE FUNCTION cru.address_key(the_postcode text, the_place text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT CASE WHEN code ~ '^[A-Z]{1,2}[0-9][0-9A-Z]?[0-9][A-Z]{2}$' AND coalesce(house, '') <> ''
        THEN left(code || ':' || house, 300) END
    FROM (SELECT upper(regexp_replace(the_postcode, '[^A-Za-z0-9]', '', 'g')) AS code,
            replace(lower(the_place), lower(btrim(the_postcode)), ' ') AS place) a
    CROSS JOIN LATERAL (SELECT coalesce(
        (SELECT string_agg(DISTINCT word, ' ' ORDER BY word) FROM (
            SELECT m[1] AS word FROM regexp_matches(place, '\m([0-9]+[a-z]?)\M', 'g') AS m
            UNION ALL
            SELECT m[2] FROM regexp_matches(place, '\m(flat|apartment|apt|unit|room|studio)[[:space:]]+([a-z])\M', 'g') AS m
            UNION ALL
            SELECT m[1] FROM regexp_matches(place,
                '\m(basement|ground|first|second|third|fourth|top|rear|front|upper|lower|garden)([ -]floor)?[ -]flat', 'g') AS m
        ) w HAVING bool_or(word ~ '[0-9]')),
        -- A house without a number has a name.
        nullif(btrim(regexp_replace(split_part(place, ',', 1), '[^a-z]+', ' ', 'g')), '')) AS house) h
$$;

CREATE INDEX referral_nhs_digits_idx ON cru.referral (cru.nhs_digits(nhs_number)) WHERE nhs_number IS NOT NULL;
CREATE INDEX referral_name_key_idx ON cru.referral (cru.name_key(patient_name), patient_born) WHERE patient_born IS NOT NULL;
CREATE INDEX referral_address_key_idx ON cru.referral (cru.address_key(postcode, location_text));
CREATE INDEX referral_phone_key_idx ON cru.referral (cru.phone_key(call_back)) WHERE call_back <> '';

-- What a dispatcher last said of two referrals: one person, or not; null where nobody said anything.
CREATE FUNCTION cru.said_same(one uuid, other uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT is_same FROM same_person WHERE taken_back_at IS NULL
        AND (referral_id, other_id) IN ((one, other), (other, one))
    ORDER BY added_at DESC, id DESC LIMIT 1
$$;

-- The referrals of one person, this one among them: by an NHS number that fits, or by a dispatcher's word; never by a
-- telephone number. A word that they are two persons counts for more than a number. What was entered in error is none.
CREATE FUNCTION cru.same_person_as(the_referral uuid) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    found uuid[] := ARRAY[the_referral];
    more uuid[];
BEGIN
    LOOP
        SELECT array_agg(DISTINCT r.id) INTO more FROM referral r JOIN (
            SELECT o.id FROM referral o WHERE o.nhs_number IS NOT NULL AND nhs_digits(o.nhs_number) IN (
                SELECT DISTINCT nhs_digits(m.nhs_number) FROM referral m
                WHERE m.id = ANY (found) AND m.nhs_number IS NOT NULL)
            UNION
            SELECT CASE WHEN s.referral_id = ANY (found) THEN s.other_id ELSE s.referral_id END
            FROM same_person s WHERE s.is_same AND s.taken_back_at IS NULL
                AND (s.referral_id = ANY (found) OR s.other_id = ANY (found))
                AND said_same(s.referral_id, s.other_id)) n ON n.id = r.id
        WHERE r.entered_in_error_at IS NULL AND r.id <> ALL (found)
            AND NOT EXISTS (SELECT FROM same_person w WHERE NOT w.is_same AND w.taken_back_at IS NULL
                AND (w.referral_id = r.id AND w.other_id = ANY (found) OR w.other_id = r.id AND w.referral_id = ANY (found))
                AND said_same(w.referral_id, w.other_id) IS FALSE);
        EXIT WHEN more IS NULL;
        found := found || more;
    END LOOP;
    RETURN QUERY SELECT unnest(found);
END $$;

-- Whether two referrals have the same name and date of birth, or the same NHS number: what a dispatcher's word rests on.
CREATE FUNCTION cru.may_be_same(one uuid, other uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT coalesce((SELECT nhs_digits(a.nhs_number) = nhs_digits(b.nhs_number)
            OR name_key(a.patient_name) = name_key(b.patient_name) AND a.patient_born = b.patient_born
        FROM referral a, referral b WHERE a.id = one AND b.id = other), false)
$$;

-- Whether somebody consented, and nobody said no later, that what was said at a referral is kept for the next one.
CREATE FUNCTION cru.keeps_for_next_time(the_referral uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT coalesce((SELECT code = 'yes' FROM about_me WHERE referral_id = the_referral AND topic = 'keep'
        AND ended_at IS NULL AND taken_back_at IS NULL ORDER BY added_at DESC, id DESC LIMIT 1), false)
$$;

-- What is known here of the person of a referral: earlier and other referrals, and by what each was found.
CREATE FUNCTION cru.known_before(the_referral uuid) RETURNS TABLE (
    referral_id uuid, reference text, received_at timestamptz, found_by text, is_same boolean, keeps boolean,
    outcome text, said bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    WITH mine AS MATERIALIZED (SELECT * FROM referral WHERE id = the_referral),
    same AS MATERIALIZED (SELECT s AS id FROM same_person_as(the_referral) s WHERE s <> the_referral),
    others AS (
        SELECT id, 1 AS rank, 'the same person' AS found_by FROM same
        UNION ALL
        SELECT r.id, 2, 'same name and date of birth' FROM mine m JOIN referral r
            ON name_key(r.patient_name) = name_key(m.patient_name) AND r.patient_born = m.patient_born
        UNION ALL
        SELECT r.id, 3, 'same telephone, which proves nothing' FROM mine m JOIN referral r
            ON phone_key(r.call_back) = phone_key(m.call_back) AND r.call_back <> '' AND m.call_back <> ''),
    first AS (SELECT DISTINCT ON (id) id, rank, found_by FROM others WHERE id <> the_referral ORDER BY id, rank)
    SELECT r.id, r.reference, r.received_at, f.found_by, f.rank = 1, keeps_for_next_time(r.id), r.outcome,
        (SELECT count(*) FROM about_me a WHERE a.referral_id = r.id AND a.ended_at IS NULL AND a.taken_back_at IS NULL)
    FROM first f JOIN referral r ON r.id = f.id
    WHERE r.entered_in_error_at IS NULL AND said_same(the_referral, r.id) IS NOT FALSE
    ORDER BY f.rank, r.received_at DESC LIMIT 20
$$;

-- What may be taken over to a referral: said at another one of the same person, kept with consent, not there already.
CREATE FUNCTION cru.about_before(the_referral uuid) RETURNS SETOF cru.about_me
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    SELECT DISTINCT ON (t.rank, a.topic, a.code, lower(btrim(a.words))) a.*
    FROM same_person_as(the_referral) s JOIN about_me a ON a.referral_id = s JOIN about_topic t ON t.key = a.topic
    WHERE s <> the_referral AND t.carried AND a.ended_at IS NULL AND a.taken_back_at IS NULL
        AND keeps_for_next_time(s)
        AND NOT EXISTS (SELECT FROM about_me b WHERE b.referral_id = the_referral AND b.taken_back_at IS NULL
            AND b.ended_at IS NULL AND b.topic = a.topic AND b.code = a.code AND lower(btrim(b.words)) = lower(btrim(a.words)))
    ORDER BY t.rank, a.topic, a.code, lower(btrim(a.words)), a.added_at DESC
$$;

-- The flags of a referral: its own, those of the same person, and those of the same home.
CREATE FUNCTION cru.flags_of(the_referral uuid) RETURNS SETOF cru.flag
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    SELECT f.* FROM flag f WHERE f.withdrawn_at IS NULL AND f.taken_back_at IS NULL AND (
        f.referral_id = the_referral
        OR f.subject = 'person' AND f.referral_id IN (SELECT same_person_as(the_referral))
        OR f.subject = 'address' AND f.address_key <> ''
            AND f.address_key = (SELECT cru.address_key(postcode, location_text) FROM referral WHERE id = the_referral))
$$;

-- The same the other way round, among referrals that a console still shows.
CREATE FUNCTION cru.referrals_of_flag(the_flag uuid) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    WITH f AS MATERIALIZED (SELECT * FROM flag WHERE id = the_flag),
    found AS (
        SELECT f.referral_id AS id FROM f
        UNION
        SELECT same_person_as(f.referral_id) FROM f WHERE f.subject = 'person'
        UNION
        SELECT r.id FROM f JOIN referral r ON cru.address_key(r.postcode, r.location_text) = f.address_key
        WHERE f.subject = 'address' AND f.address_key <> '')
    SELECT coalesce(array_agg(r.id ORDER BY r.received_at, r.id), '{}') FROM found JOIN referral r USING (id)
    WHERE r.closed_at IS NULL OR r.closed_at > clock_now() - interval '12 hours'
$$;
