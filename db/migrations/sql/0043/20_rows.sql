-- One narrow row for each referral, with all that was said and noted of it, and one for each entry of the shift log. Triggers
-- keep them, in the transaction that writes the words; nobody reads or writes them but through cru.find().

CREATE TABLE cru.findable (
    id UUID NOT NULL,
    is_log BOOLEAN NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    words TSVECTOR NOT NULL,
    CONSTRAINT findable_pkey PRIMARY KEY (id)
);

-- Who looked for something, when, and how many lines they were shown. What they typed may be somebody's name: it is not kept.
CREATE TABLE cru.search (
    id BIGINT GENERATED ALWAYS AS IDENTITY NOT NULL,
    asked_by TEXT DEFAULT session_user NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE DEFAULT cru.clock_now() NOT NULL,
    found INTEGER NOT NULL,
    CONSTRAINT search_pkey PRIMARY KEY (id)
);
CREATE INDEX search_asked_at_idx ON cru.search (asked_at);

CREATE FUNCTION cru.guard_search() RETURNS trigger
LANGUAGE plpgsql SET search_path = cru, pg_temp AS $$
BEGIN
    PERFORM refuse('Who looked for something is never changed or deleted.', '', 'CR002');
    RETURN NULL;
END $$;
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON cru.search FOR EACH ROW EXECUTE FUNCTION cru.guard_search();
CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON cru.search FOR EACH STATEMENT EXECUTE FUNCTION cru.guard_search();

-- What the columns of a referral are found by. A name with a short word before it is found as one word too (O Brien, Mc Kay).
CREATE FUNCTION cru.words_of_referral(r cru.referral) RETURNS tsvector
LANGUAGE sql STABLE SET search_path = cru, pg_temp SET standard_conforming_strings = on AS $$
    SELECT words_found_by(concat_ws(E'\n', (r).reference, (r).patient_name,
            regexp_replace((r).patient_name, '(?<![^ ])([[:alpha:]]{1,3})[ '']([[:alpha:]]+)', '\1\2', 'g'),
            (r).patient_born_said, (r).caller, (r).call_back, joined_digits((r).call_back), (r).nhs_number, joined_digits((r).nhs_number),
            (r).location_text, (r).postcode, (r).access_note, (r).ems_incident, (r).ems_callsign, (r).waiting_party, (r).police, (r).legal_status,
            (r).narrative, to_char((r).patient_born, E'DDMMYYYY\nFMDDFMMMYYYY\nFMDDFMMMYY\nDDMMYY\nYYYYMMDD\nYYYY')))
$$;

-- What happened to a referral, as far as somebody wrote it. The shift log is found by itself.
CREATE FUNCTION cru.is_found_by(e cru.event) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT (e).referral_id IS NOT NULL AND (e).words <> '' AND (e).kind NOT LIKE 'shift log%' AND (e).kind NOT LIKE 'alarm%'
        AND (e).kind NOT IN ('record opened', 'danger', 'danger over', 'time amended', 'risk signed')
$$;

CREATE FUNCTION cru.make_findable(the_referrals uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    INSERT INTO findable (id, is_log, at, words)
    SELECT r.id, false, r.received_at, bounded_words(words_of_referral(r) || coalesce(
        (SELECT words_found_by(string_agg(e.words, E'\n')) FROM event e WHERE e.referral_id = r.id AND is_found_by(e)), ''))
    FROM referral r WHERE r.id = ANY (the_referrals)
    ON CONFLICT (id) DO UPDATE SET at = excluded.at, words = excluded.words
$$;

CREATE FUNCTION cru.find_referral() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    PERFORM make_findable(ARRAY[NEW.id]);
    RETURN NULL;
END $$;
CREATE TRIGGER find AFTER INSERT ON cru.referral FOR EACH ROW EXECUTE FUNCTION cru.find_referral();
-- Also where an act is taken back: what is no longer said of somebody does not find them.
CREATE TRIGGER find_again AFTER UPDATE ON cru.referral FOR EACH ROW WHEN (
    (OLD.received_at, OLD.patient_name, OLD.patient_born, OLD.patient_born_said, OLD.caller, OLD.call_back, OLD.nhs_number,
     OLD.location_text, OLD.postcode, OLD.access_note, OLD.ems_incident, OLD.ems_callsign, OLD.waiting_party, OLD.police,
     OLD.legal_status, OLD.narrative) IS DISTINCT FROM
    (NEW.received_at, NEW.patient_name, NEW.patient_born, NEW.patient_born_said, NEW.caller, NEW.call_back, NEW.nhs_number,
     NEW.location_text, NEW.postcode, NEW.access_note, NEW.ems_incident, NEW.ems_callsign, NEW.waiting_party, NEW.police,
     NEW.legal_status, NEW.narrative)) EXECUTE FUNCTION cru.find_referral();

CREATE FUNCTION cru.find_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    UPDATE findable SET words = bounded_words(words || words_found_by(NEW.words)) WHERE id = NEW.referral_id AND is_found_by(NEW);
    RETURN NULL;
END $$;
CREATE TRIGGER find AFTER INSERT ON cru.event FOR EACH ROW WHEN (NEW.words <> '' AND NEW.referral_id IS NOT NULL)
    EXECUTE FUNCTION cru.find_event();

CREATE FUNCTION cru.find_log() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF NEW.taken_back_at IS NOT NULL THEN
        DELETE FROM findable WHERE id = NEW.id;
    ELSE
        INSERT INTO findable (id, is_log, at, words) VALUES (NEW.id, true, NEW.happened_at, words_found_by(NEW.words))
        ON CONFLICT (id) DO UPDATE SET at = excluded.at, words = excluded.words;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER find AFTER INSERT OR UPDATE OF taken_back_at, words, happened_at ON cru.shift_log
    FOR EACH ROW EXECUTE FUNCTION cru.find_log();
