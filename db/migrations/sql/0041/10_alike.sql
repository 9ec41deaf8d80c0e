-- Which referrals something that is being typed may be about: found by keys, each by an index and the newest first, so
-- that it is quick among a million people. What it comes to is for the program to weigh and for a person to say.

-- An incident number without what people put between its signs; null for what is too short to be one.
CREATE FUNCTION cru.incident_key(typed text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT CASE WHEN length(k) >= 4 THEN k END FROM (SELECT upper(regexp_replace(typed, '[^A-Za-z0-9]', '', 'g')) AS k) t
$$;

-- With the time, so that the newest few of a surgery's telephone or of a care home are found without reading them all.
CREATE INDEX referral_phone_newest_idx ON cru.referral (cru.phone_key(call_back), received_at) WHERE call_back <> '';
CREATE INDEX referral_address_newest_idx ON cru.referral (cru.address_key(postcode, location_text), received_at);
CREATE INDEX referral_born_newest_idx ON cru.referral (patient_born, received_at) WHERE patient_born IS NOT NULL;
CREATE INDEX referral_incident_newest_idx ON cru.referral (cru.incident_key(ems_incident), received_at) WHERE ems_incident <> '';
-- Each serves what the one without the time served.
DROP INDEX cru.referral_phone_key_idx;
DROP INDEX cru.referral_address_key_idx;

-- By which keys each is found is carried along: to work the keys out again for every row takes longer than to find it.
-- Planned anew each time: what is not typed is found nowhere, and a plan for every value would not know that.
CREATE FUNCTION cru.alike(the_number text, the_name text, the_born date, the_phone text, the_incident text,
    the_postcode text, the_place text, the_lat double precision, the_lon double precision, not_this uuid DEFAULT NULL)
RETURNS TABLE (referral_id uuid, reference text, received_at timestamptz, is_open boolean, patient_name text,
    nhs_number text, lat double precision, lon double precision, same_birth boolean, same_postcode boolean,
    same_number boolean, same_name_and_birth boolean, same_phone boolean, same_incident boolean, same_home boolean, flags text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = cru, pg_temp SET plan_cache_mode = force_custom_plan AS $$
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
        -- What is newer, or still open, may be the same call: nearness means something for it alone.
        (SELECT r.id, 'near' FROM referral r
            WHERE (r.received_at > now_is - interval '12 hours' OR r.state = ANY (open_referral_states()))
            AND (upper(regexp_replace(r.postcode, '[^A-Za-z0-9]', '', 'g')) = code
                OR r.lat BETWEEN the_lat - 0.005 AND the_lat + 0.005 AND r.lon BETWEEN the_lon - 0.008 AND the_lon + 0.008))),
    found AS (
        SELECT h.id, bool_or(by = 'number') AS number, bool_or(by = 'name') AS name, bool_or(by = 'phone') AS phone,
            bool_or(by = 'incident') AS incident, bool_or(by = 'home') AS home FROM hit h GROUP BY h.id)
    SELECT r.id, r.reference, r.received_at, r.state = ANY (open_referral_states()), r.patient_name, r.nhs_number, r.lat, r.lon,
        r.patient_born = the_born, upper(regexp_replace(r.postcode, '[^A-Za-z0-9]', '', 'g')) = code,
        f.number, f.name, f.phone, f.incident, f.home,
        -- What whoever goes there must know, of this home or of this very person.
        ARRAY (SELECT DISTINCT g.kind FROM flag g WHERE g.referral_id = r.id AND g.withdrawn_at IS NULL
            AND g.taken_back_at IS NULL AND (g.expires_at IS NULL OR g.expires_at > now_is)
            AND CASE g.subject WHEN 'address' THEN g.address_key = key_home ELSE f.number OR f.name END)
    FROM found f JOIN referral r ON r.id = f.id
    WHERE r.entered_in_error_at IS NULL AND r.id IS DISTINCT FROM not_this
        -- Somebody has said of the two what there is to say.
        AND NOT EXISTS (SELECT FROM same_person s WHERE s.taken_back_at IS NULL
            AND (s.referral_id = not_this AND s.other_id = r.id OR s.other_id = not_this AND s.referral_id = r.id));
END $$;

REVOKE ALL ON FUNCTION cru.incident_key(text), cru.alike(text, text, date, text, text, text, text, double precision,
    double precision, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.incident_key(text), cru.alike(text, text, date, text, text, text, text, double precision,
    double precision, uuid) TO cru_dispatcher;
