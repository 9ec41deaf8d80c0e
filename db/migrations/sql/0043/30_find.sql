-- Looking for something: the newest first, 50 lines at most, and that somebody looked is written down.

-- What somebody looks for, as a query: every word, however far it is typed, in any order; null where there is no word. A
-- single letter is a word of its own, because half the record begins with it. The second query leaves out what so much of
-- the record has that the index would read for long to find it; whoever goes by it asks the first of what it finds. It is
-- null where all of the words are of that kind.
CREATE FUNCTION cru.looked_for(typed text, OUT wanted tsquery, OUT rare tsquery)
LANGUAGE sql STABLE SET search_path = cru, pg_temp SET standard_conforming_strings = on AS $$
    WITH pieces AS (
        -- A postcode, a number with blanks in it, or whatever stands between blanks.
        SELECT n, m[1] AS piece, joined_digits(m[1]) AS digits, m[1] ~ '^[^a-z]*[0-9][^a-z]*$' AS is_number,
            m[1] ~ '^[a-z]{1,2}[0-9][0-9a-z]? +[0-9][a-z]{2}$' AS is_postcode
        FROM regexp_matches(plain_letters(left(typed, 200)),
            '((?<![^ ,;])[a-z]{1,2}[0-9][0-9a-z]? +[0-9][a-z]{0,2}(?![^ ,;])'
            '|(?<![^ ,;])\+?[0-9(][-0-9 ().+/\u00A0\u2010-\u2015]*[0-9](?![^ ,;])|[^ ,;\u00A0]+)', 'g')
            WITH ORDINALITY AS t(m, n)),
    -- Each piece in every way in which it may stand in the record; a long number and a whole postcode always stand joined.
    ways AS (
        SELECT DISTINCT n, ARRAY(SELECT DISTINCT split_words(plain) ORDER BY 1) AS words FROM pieces CROSS JOIN LATERAL (VALUES
            (CASE WHEN NOT is_postcode AND NOT (is_number AND length(digits) > 6) THEN piece END),
            (CASE WHEN NOT is_postcode AND NOT (is_number AND length(digits) > 6) THEN replace(piece, '''', '') END),
            (regexp_replace(piece, '[-'' \u2010-\u2015]', '', 'g')),
            (CASE WHEN is_number THEN digits END)) AS v(plain)
        WHERE plain IS NOT NULL),
    known AS MATERIALIZED (
        SELECT e.elem, s.most_common_elem_freqs[e.n] AS share FROM pg_stats s
            CROSS JOIN unnest(s.most_common_elems::text::text[]) WITH ORDINALITY AS e(elem, n)
        WHERE s.schemaname = 'cru' AND s.tablename = 'findable' AND s.attname = 'words'),
    sized AS MATERIALIZED (
        SELECT w.word, coalesce(sum(k.share), 0) * (SELECT reltuples FROM pg_class WHERE oid = 'cru.findable'::regclass)
            > 10000 AS is_common
        FROM (SELECT DISTINCT unnest(words) AS word FROM ways) w
        LEFT JOIN known k ON CASE WHEN char_length(w.word) > 1 THEN starts_with(k.elem, w.word) ELSE k.elem = w.word END
        GROUP BY w.word),
    said AS (
        SELECT w.n, string_agg(quote_literal(s.word) || CASE WHEN char_length(s.word) > 1 THEN ':*' ELSE '' END, ' & ') AS way,
            string_agg(quote_literal(s.word) || CASE WHEN char_length(s.word) > 1 THEN ':*' ELSE '' END, ' & ')
                FILTER (WHERE NOT s.is_common) AS rare_way
        FROM (SELECT n, words, row_number() OVER () AS nth FROM ways) w JOIN sized s ON s.word = ANY (w.words)
        GROUP BY w.n, w.nth),
    per_piece AS (
        SELECT '(' || string_agg('(' || way || ')', ' | ') || ')' AS any_way,
            CASE WHEN bool_and(rare_way IS NOT NULL) THEN '(' || string_agg('(' || rare_way || ')', ' | ') || ')' END AS any_rare
        FROM said GROUP BY n)
    SELECT string_agg(any_way, ' & ')::tsquery, string_agg(any_rare, ' & ')::tsquery FROM per_piece
$$;

CREATE FUNCTION cru.find(typed text, older_than timestamptz DEFAULT 'infinity') RETURNS TABLE (
    id uuid, referral_id uuid, is_log boolean, at timestamptz, reference text, patient_name text, patient_born date,
    location_text text, postcode text, state text, in_error boolean, words text, found_in text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp SET enable_seqscan = off AS $$
DECLARE
    most constant integer := 50;
    -- So many of the newest are looked through one by one for words that are everywhere: they are there often enough.
    near constant integer := 20000;
    wanted tsquery;
    rare tsquery;
    any_of tsquery;
    hits uuid[] := '{}';
BEGIN
    SELECT l.wanted, l.rare INTO wanted, rare FROM looked_for(typed) l;
    IF wanted IS NULL THEN
        PERFORM refuse('There is no word to look for.', 'Type a name, a number, a place or words of a note.');
    END IF;
    any_of := replace(wanted::text, ' & ', ' | ')::tsquery;
    IF rare IS NULL THEN
        hits := ARRAY(SELECT l.id FROM (SELECT f.id, f.at, f.words FROM findable f WHERE f.at < older_than
            ORDER BY f.at DESC, f.id LIMIT near) l WHERE l.words @@ wanted ORDER BY l.at DESC, l.id LIMIT most);
    END IF;
    IF cardinality(hits) < most THEN
        hits := ARRAY(SELECT l.id FROM (SELECT f.id, f.at, f.words FROM findable f WHERE f.words @@ coalesce(rare, wanted)
            OFFSET 0) l WHERE l.words @@ wanted AND l.at < older_than ORDER BY l.at DESC, l.id LIMIT most);
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

REVOKE ALL ON FUNCTION cru.plain_letters(text), cru.split_words(text), cru.joined_digits(text), cru.words_found_by(text), cru.bounded_words(tsvector),
    cru.looked_for(text), cru.guard_search(), cru.words_of_referral(cru.referral),
    cru.is_found_by(cru.event), cru.make_findable(uuid[]), cru.find_referral(), cru.find_event(), cru.find_log(),
    cru.find(text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.find(text, timestamptz) TO cru_dispatcher;
GRANT SELECT ON cru.search TO cru_shift_lead;
