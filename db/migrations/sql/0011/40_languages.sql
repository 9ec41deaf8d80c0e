-- What people typed about languages, read by the grammar of db/domain/languages.py: only where all of it is certain.
CREATE FUNCTION cru.language_code(the_name text) RETURNS text
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT code FROM language WHERE lower(btrim(the_name)) = ANY (
        SELECT lower(n) FROM unnest(aliases || label || code) AS n) ORDER BY rank LIMIT 1
$$;

-- One part of it: the code of a language, and whether an interpreter is needed ('' where it says nothing of that); no
-- row for what is not understood.
CREATE FUNCTION cru.read_language(part text) RETURNS TABLE (code text, needed text)
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT '', 'yes' WHERE part IN ('no english', 'not english', 'speaks no english', 'does not speak english',
        'interpreter', 'interpreter needed', 'interpreter required', 'needs interpreter', 'needs an interpreter',
        'with interpreter', 'with an interpreter', 'interpreter by telephone', 'interpreter by phone',
        'telephone interpreter', 'phone interpreter')
    UNION ALL
    SELECT '', 'no' WHERE part IN ('no interpreter', 'no interpreter needed', 'interpreter not needed',
        'without interpreter')
    UNION ALL
    (SELECT language_code(name), CASE WHEN needs AND language_code(name) <> 'eng' THEN 'yes' ELSE '' END
     FROM (VALUES (1, part, false),
        (2, substring(part FROM '^(.*) only$'), true), (3, substring(part FROM '^(.*) speaker$'), false),
        (4, substring(part FROM '^(.*) speaking$'), false), (5, substring(part FROM '^(.*) interpreter$'), true),
        (6, substring(part FROM '^speaks only (.*)$'), true), (7, substring(part FROM '^only (.*)$'), true),
        (8, substring(part FROM '^speaks (.*)$'), false)) AS v(n, name, needs)
     WHERE name IS NOT NULL AND language_code(name) IS NOT NULL ORDER BY n LIMIT 1)
$$;

CREATE FUNCTION cru.read_languages(typed text) RETURNS TABLE (topic text, code text, words text)
LANGUAGE plpgsql STABLE SET search_path = cru, pg_temp AS $$
DECLARE
    parts text[] := (SELECT array_agg(btrim(lower(p)) ORDER BY n)
        FROM regexp_split_to_table(typed, '[[:space:]]*([,;/+&.]|\mand\M)[[:space:]]*', 'i') WITH ORDINALITY AS t(p, n)
        WHERE btrim(p) <> '');
BEGIN
    IF parts IS NULL THEN
        IF btrim(typed) <> '' THEN
            RETURN QUERY SELECT 'language', '', btrim(typed);
        END IF;
    ELSIF EXISTS (SELECT FROM unnest(parts) AS p WHERE NOT EXISTS (SELECT FROM read_language(p))) THEN
        RETURN QUERY SELECT 'language', '', btrim(typed);
    ELSE
        RETURN QUERY SELECT 'language', l.code, '' FROM (
            SELECT r.code, min(p.n) AS n FROM unnest(parts) WITH ORDINALITY AS p(part, n), read_language(p.part) r
            WHERE r.code <> '' GROUP BY r.code) l ORDER BY l.n;
        RETURN QUERY SELECT 'interpreter', max(r.needed), '' FROM unnest(parts) AS part, read_language(part) r
            WHERE r.needed <> '' HAVING count(*) > 0;
    END IF;
END $$;

-- The languages of staff by code. Names that nobody knows stay names.
CREATE FUNCTION cru.fill_staff() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    NEW.language_codes := coalesce((SELECT array_agg(DISTINCT c ORDER BY c) FROM (
        SELECT language_code(n) AS c FROM unnest(NEW.languages) AS n) k WHERE c IS NOT NULL), '{}');
    RETURN NEW;
END $$;

CREATE TRIGGER fill BEFORE INSERT OR UPDATE OF languages, language_codes ON cru.staff
    FOR EACH ROW EXECUTE FUNCTION cru.fill_staff();
