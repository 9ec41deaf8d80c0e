-- Looking for something, in two steps: what is found is put down with the search, and told once that stands in the record. The
-- lines of a search are no history.
CREATE UNLOGGED TABLE cru.search_line (
    search_id BIGINT NOT NULL,
    nth INTEGER NOT NULL,
    login TEXT NOT NULL,
    id UUID NOT NULL,
    found_at TIMESTAMP WITH TIME ZONE NOT NULL,
    xid BIGINT NOT NULL,
    CONSTRAINT search_line_pkey PRIMARY KEY (search_id, nth)
);
CREATE INDEX search_line_found_at_idx ON cru.search_line (found_at);
CREATE INDEX search_asked_by_idx ON cru.search (asked_by, asked_at);

DROP FUNCTION cru.find(text, timestamptz);
CREATE FUNCTION cru.look_for(typed text, older_than timestamptz DEFAULT 'infinity') RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp SET enable_seqscan = off AS $$
DECLARE
    most constant integer := 50;
    -- So many of the newest are looked through one by one for words that are everywhere: they are there often enough.
    near constant integer := 20000;
    wanted tsquery;
    rare tsquery;
    hits uuid[] := '{}';
    the_search bigint;
BEGIN
    SELECT l.wanted, l.rare INTO wanted, rare FROM looked_for(typed) l;
    IF wanted IS NULL THEN
        PERFORM refuse('There is no word to look for.', 'Type a name, a number, a place or words of a note.');
    ELSIF (SELECT count(*) FROM search s WHERE s.asked_by = session_user AND s.asked_at > clock_now() - interval '1 hour')
            >= (SELECT l.searches FROM looks_an_hour() l) THEN
        PERFORM refuse('So often nobody looks for something within an hour.', 'Go on later.', 'CR002');
    END IF;
    IF rare IS NULL THEN
        hits := ARRAY(SELECT l.id FROM (SELECT f.id, f.at, f.words FROM findable f WHERE f.at < older_than
            ORDER BY f.at DESC, f.id LIMIT near) l WHERE l.words @@ wanted ORDER BY l.at DESC, l.id LIMIT most);
    END IF;
    IF cardinality(hits) < most THEN
        hits := ARRAY(SELECT l.id FROM (SELECT f.id, f.at, f.words FROM findable f WHERE f.words @@ coalesce(rare, wanted)
            OFFSET 0) l WHERE l.words @@ wanted AND l.at < older_than ORDER BY l.at DESC, l.id LIMIT most);
    END IF;
    INSERT INTO search (found) VALUES (cardinality(hits)) RETURNING id INTO the_search;
    INSERT INTO search_line SELECT the_search, h.nth, session_user, h.id, clock_timestamp(), (pg_current_xact_id())::text::bigint
    FROM unnest(hits) WITH ORDINALITY AS h(id, nth);
    DELETE FROM search_line WHERE ctid = ANY (ARRAY(SELECT l.ctid FROM search_line l
        WHERE l.found_at < clock_timestamp() - interval '10 minutes' LIMIT 1000 FOR UPDATE SKIP LOCKED));
    RETURN the_search;
END $$;

CREATE FUNCTION cru.found_by(the_search bigint, typed text) RETURNS TABLE (
    id uuid, referral_id uuid, is_log boolean, at timestamptz, reference text, patient_name text, patient_born date,
    location_text text, postcode text, state text, in_error boolean, words text, found_in text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 SET search_path = cru, pg_temp SET enable_seqscan = off AS $$
DECLARE
    wanted tsquery := (SELECT l.wanted FROM looked_for(typed) l);
    any_of tsquery := replace(wanted::text, ' & ', ' | ')::tsquery;
BEGIN
    RETURN QUERY
    SELECT f.id, coalesce(r.id, s.referral_id), f.is_log, f.at, coalesce(r.reference, o.reference, ''),
        coalesce(r.patient_name, ''), r.patient_born, coalesce(r.location_text, ''), coalesce(r.postcode, ''),
        coalesce(r.state, ''), coalesce(r.entered_in_error_at IS NOT NULL, false), coalesce(s.words, ''),
        CASE WHEN f.is_log THEN '{}'::text[] ELSE array_remove(ARRAY[
            CASE WHEN words_found_by(concat_ws(E'\n', r.location_text, r.postcode, r.access_note)) @@ any_of THEN 'place' END,
            CASE WHEN words_found_by(r.narrative) @@ any_of THEN 'narrative' END,
            CASE WHEN NOT words_of_referral(r) @@ wanted THEN 'notes' END], NULL) END
    FROM search_line n JOIN findable f ON f.id = n.id
    LEFT JOIN referral r ON NOT f.is_log AND r.id = f.id
    LEFT JOIN shift_log s ON f.is_log AND s.id = f.id
    LEFT JOIN referral o ON o.id = s.referral_id
    WHERE n.search_id = the_search AND n.login = session_user AND n.found_at > clock_timestamp() - interval '10 minutes'
        AND n.xid IS DISTINCT FROM (pg_current_xact_id_if_assigned())::text::bigint
    ORDER BY n.nth;
END $$;
REVOKE ALL ON FUNCTION cru.look_for(text, timestamptz), cru.found_by(bigint, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.look_for(text, timestamptz), cru.found_by(bigint, text) TO cru_dispatcher;
