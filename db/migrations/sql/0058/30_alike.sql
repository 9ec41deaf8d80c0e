-- Which referrals something that is being typed may be about, by which keys each is found: for functions of the record alone. By
-- which keys is carried along: to work the keys out again for every row takes longer than to find it. Planned anew each time: what
-- is not typed is found nowhere, and a plan for every value would not know that.
CREATE FUNCTION cru.alike_by(the_number text, the_name text, the_born date, the_phone text, the_incident text,
    the_postcode text, the_place text, the_lat double precision, the_lon double precision, not_this uuid, is_near boolean)
RETURNS TABLE (id uuid, number boolean, name boolean, phone boolean, incident boolean, home boolean)
LANGUAGE plpgsql STABLE ROWS 50 SET search_path = cru, pg_temp SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
    key_number text := nhs_digits(the_number);
    key_name text := name_key(the_name);
    key_phone text := phone_key(the_phone);
    key_incident text := incident_key(the_incident);
    key_home text := address_key(the_postcode, the_place);
    code text := nullif(upper(regexp_replace(the_postcode, '[^A-Za-z0-9]', '', 'g')), '');
    now_is timestamptz := clock_now();
BEGIN
    RETURN QUERY
    WITH hit AS (
        (SELECT r.id, 'number' AS by FROM referral r WHERE r.nhs_number IS NOT NULL AND nhs_digits(r.nhs_number) = key_number LIMIT 50)
        UNION ALL
        (SELECT r.id, 'name' FROM referral r WHERE name_key(r.patient_name) = key_name AND r.patient_born = the_born LIMIT 50)
        UNION ALL
        -- The name was perhaps heard otherwise.
        (SELECT r.id, 'birth' FROM referral r WHERE r.patient_born = the_born AND the_name <> ''
            ORDER BY r.received_at DESC LIMIT 60)
        UNION ALL
        (SELECT r.id, 'phone' FROM referral r WHERE r.call_back <> '' AND phone_key(r.call_back) = key_phone
            ORDER BY r.received_at DESC LIMIT 20)
        UNION ALL
        (SELECT r.id, 'incident' FROM referral r WHERE r.ems_incident <> '' AND incident_key(r.ems_incident) = key_incident
            AND r.received_at > now_is - interval '7 days' ORDER BY r.received_at DESC LIMIT 20)
        UNION ALL
        (SELECT r.id, 'home' FROM referral r WHERE address_key(r.postcode, r.location_text) = key_home
            ORDER BY r.received_at DESC LIMIT 20)
        UNION ALL
        -- What is newer, or still open, may be the same call: nearness means something for it alone, and it is never of the past.
        (SELECT r.id, 'near' FROM referral r
            WHERE is_near AND (r.received_at > now_is - interval '12 hours' OR r.closed_at IS NULL AND r.state = ANY (open_referral_states()))
            AND (upper(regexp_replace(r.postcode, '[^A-Za-z0-9]', '', 'g')) = code
                OR r.lat BETWEEN the_lat - 0.005 AND the_lat + 0.005 AND r.lon BETWEEN the_lon - 0.008 AND the_lon + 0.008))),
    keyed AS (
        SELECT h.id, bool_or(by = 'number') AS number, bool_or(by = 'name') AS name, bool_or(by = 'phone') AS phone,
            bool_or(by = 'incident') AS incident, bool_or(by = 'home') AS home FROM hit h GROUP BY h.id)
    SELECT k.id, k.number, k.name, k.phone, k.incident, k.home FROM keyed k JOIN referral r ON r.id = k.id
    WHERE r.entered_in_error_at IS NULL AND r.id IS DISTINCT FROM not_this
        -- Somebody has said of the two what there is to say.
        AND NOT EXISTS (SELECT FROM same_person s WHERE s.taken_back_at IS NULL
            AND (s.referral_id = not_this AND s.other_id = r.id OR s.other_id = not_this AND s.referral_id = r.id));
END $$;

-- Before it is told: those of the past of whom enough is alike are opened to whoever types, and that is put down. Returns how many;
-- null where so many were opened within the hour that the past is not looked through, which says of nobody whether they are there.
CREATE FUNCTION cru.open_alike(the_number text, the_name text, the_born date, the_phone text, the_incident text,
    the_postcode text, the_place text, the_lat double precision, the_lon double precision, not_this uuid DEFAULT NULL) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    -- So many are found by one question: 50 by a number, 50 by a name, 60 by a birthday, 20 by a telephone, 20 by a home.
    most constant integer := 200;
    theirs uuid[];
BEGIN
    IF NOT may_look('alike', most) THEN
        RETURN NULL;
    END IF;
    WITH found AS MATERIALIZED (
        SELECT * FROM alike_by(the_number, the_name, the_born, the_phone, the_incident, the_postcode, the_place, the_lat, the_lon, not_this, false)),
    past AS MATERIALIZED (
        SELECT unnest(not_in_sight(ARRAY(SELECT f.id FROM found f WHERE f.number OR f.name OR f.phone OR f.home OR the_born IS NOT NULL))) AS id)
    SELECT coalesce(array_agg(f.id), '{}') INTO theirs FROM past p JOIN found f ON f.id = p.id JOIN referral r ON r.id = f.id
    WHERE is_worth_opening(f.number, f.name, r.patient_born = the_born, f.phone, f.home, false)
        OR is_worth_opening(f.number, f.name, r.patient_born = the_born, f.phone, f.home, true) AND are_nearly(r.patient_name, the_name);
    IF cardinality(theirs) > 0 THEN
        PERFORM note_look('alike', NULL, NULL, theirs);
    END IF;
    RETURN cardinality(theirs);
END $$;

-- What is in sight, or was opened before. Of the rest only what whoever goes there must know, without a word of whom: in one row
-- that is nobody's.
CREATE OR REPLACE FUNCTION cru.alike(the_number text, the_name text, the_born date, the_phone text, the_incident text,
    the_postcode text, the_place text, the_lat double precision, the_lon double precision, not_this uuid DEFAULT NULL)
RETURNS TABLE (referral_id uuid, reference text, received_at timestamptz, is_open boolean, patient_name text,
    nhs_number text, lat double precision, lon double precision, same_birth boolean, same_postcode boolean,
    same_number boolean, same_name_and_birth boolean, same_phone boolean, same_incident boolean, same_home boolean, flags text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
#variable_conflict use_column
DECLARE
    key_home text := address_key(the_postcode, the_place);
    code text := nullif(upper(regexp_replace(the_postcode, '[^A-Za-z0-9]', '', 'g')), '');
    now_is timestamptz := clock_now();
BEGIN
    RETURN QUERY
    WITH found AS MATERIALIZED (
        SELECT * FROM alike_by(the_number, the_name, the_born, the_phone, the_incident, the_postcode, the_place, the_lat, the_lon, not_this, true)),
    past AS MATERIALIZED (SELECT unnest(out_of_sight(ARRAY(SELECT f.id FROM found f))) AS id),
    flagged AS MATERIALIZED (
        -- Of this home or of this very person.
        SELECT f.id, array_agg(DISTINCT g.kind) AS kinds FROM found f JOIN flag g ON g.referral_id = f.id
        WHERE g.withdrawn_at IS NULL AND g.taken_back_at IS NULL AND (g.expires_at IS NULL OR g.expires_at > now_is)
            AND CASE g.subject WHEN 'address' THEN g.address_key = key_home ELSE f.number OR f.name END
        GROUP BY f.id)
    SELECT r.id, r.reference, r.received_at, r.state = ANY (open_referral_states()), r.patient_name, r.nhs_number, r.lat, r.lon,
        r.patient_born = the_born, upper(regexp_replace(r.postcode, '[^A-Za-z0-9]', '', 'g')) = code,
        f.number, f.name, f.phone, f.incident, f.home, coalesce(g.kinds, '{}')
    FROM found f JOIN referral r ON r.id = f.id LEFT JOIN flagged g ON g.id = f.id
    WHERE NOT EXISTS (SELECT FROM past p WHERE p.id = f.id)
    UNION ALL
    SELECT '00000000-0000-0000-0000-000000000000'::uuid, '', timestamptz '2000-01-01 00:00Z', false, '', NULL, NULL, NULL, NULL, NULL,
        NULL, NULL, NULL, NULL, NULL, k.kinds
    FROM (SELECT array_agg(DISTINCT kind) AS kinds FROM flagged g JOIN past p ON p.id = g.id CROSS JOIN unnest(g.kinds) AS kind) k
    WHERE k.kinds IS NOT NULL;
END $$;

REVOKE ALL ON FUNCTION cru.alike_by(text, text, date, text, text, text, text, double precision, double precision, uuid, boolean),
    cru.open_alike(text, text, date, text, text, text, text, double precision, double precision, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.open_alike(text, text, date, text, text, text, text, double precision, double precision, uuid)
    TO cru_dispatcher;
