-- Looking for something: the newest first, 50 lines at most, and that somebody looked is written down.

CREATE FUNCTION cru.find(typed text, older_than timestamptz DEFAULT 'infinity') RETURNS TABLE (
    id uuid, referral_id uuid, is_log boolean, at timestamptz, reference text, patient_name text, patient_born date,
    location_text text, postcode text, state text, in_error boolean, words text, found_in text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp SET enable_seqscan = off AS $$
DECLARE
    most constant integer := 50;
    -- So many of the newest are looked through one by one: a word that is everywhere is found there, without reading of the
    -- index how often else it was said. A word that is not there fifty times is rare enough for the index.
    near constant integer := 5000;
    wanted tsquery := looked_for(typed);
    any_of tsquery := replace(wanted::text, ' & ', ' | ')::tsquery;
    hits uuid[];
BEGIN
    IF wanted IS NULL THEN
        PERFORM refuse('There is no word to look for.', 'Type a name, a number, a place or words of a note.');
    END IF;
    hits := ARRAY(SELECT l.id FROM (SELECT f.id, f.at, f.words FROM findable f WHERE f.at < older_than
        ORDER BY f.at DESC, f.id LIMIT near) l WHERE l.words @@ wanted ORDER BY l.at DESC, l.id LIMIT most);
    IF cardinality(hits) < most THEN
        hits := ARRAY(SELECT l.id FROM (SELECT f.id, f.at FROM findable f WHERE f.words @@ wanted OFFSET 0) l
            WHERE l.at < older_than ORDER BY l.at DESC, l.id LIMIT most);
    END IF;
    INSERT INTO search (found) VALUES (cardinality(hits));
    RETURN QUERY
    SELECT f.id, coalesce(r.id, s.referral_id), f.is_log, f.at, coalesce(r.reference, o.reference, ''),
        coalesce(r.patient_name, ''), r.patient_born, coalesce(r.location_text, ''), coalesce(r.postcode, ''),
        coalesce(r.state, ''), coalesce(r.entered_in_error_at IS NOT NULL, false), coalesce(s.words, ''),
        CASE WHEN f.is_log THEN '{}'::text[] ELSE array_remove(ARRAY[
            CASE WHEN words_found_by(concat_ws(E'\n', r.location_text, r.postcode, r.access_note)) @@ any_of THEN 'place' END,
            CASE WHEN words_found_by(r.narrative) @@ any_of THEN 'narrative' END,
            CASE WHEN NOT words_of_referral(r) @@ wanted THEN 'notes' END], NULL) END
    FROM unnest(hits) WITH ORDINALITY AS n(id, nth) JOIN findable f ON f.id = n.id
    LEFT JOIN referral r ON NOT f.is_log AND r.id = f.id
    LEFT JOIN shift_log s ON f.is_log AND s.id = f.id
    LEFT JOIN referral o ON o.id = s.referral_id
    ORDER BY n.nth;
END $$;

REVOKE ALL ON FUNCTION cru.plain_letters(text), cru.split_words(text), cru.joined_digits(text), cru.words_found_by(text),
    cru.prefixes_of(text), cru.looked_for(text), cru.guard_search(), cru.words_of_referral(cru.referral),
    cru.is_found_by(cru.event), cru.make_findable(uuid[]), cru.find_referral(), cru.find_event(), cru.find_log(),
    cru.find(text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.find(text, timestamptz) TO cru_dispatcher;
GRANT SELECT ON cru.search TO cru_shift_lead;
