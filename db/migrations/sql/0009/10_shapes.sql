-- The shapes of JSON that the gate keeps, and the digest by which a text is known. A constraint calls a shape as whoever
-- writes, so whoever writes may call it; the digest is called by the record's own functions alone.

-- How answers came about, by the keys of their questions.
CREATE FUNCTION cru.is_how(how jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT CASE WHEN jsonb_typeof(how) = 'object' THEN
        (SELECT count(*) <= 200 AND coalesce(bool_and(char_length(name) <= 60
            AND said IN ('"asked"', '"group"', '"changed"', '"not measured"', '"not asked"')), true)
         FROM jsonb_each(how) AS e(name, said))
    ELSE false END
$$;

-- What the reader found: the question it is about, the word, and what was said around it.
CREATE FUNCTION cru.is_found(found jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT CASE WHEN jsonb_typeof(found) = 'array' THEN jsonb_array_length(found) <= 200 AND NOT EXISTS (
        SELECT FROM jsonb_array_elements(found) AS e(one) WHERE NOT CASE WHEN jsonb_typeof(one) = 'object' THEN
            (SELECT count(*) = 3 AND bool_and(jsonb_typeof(said) = 'string' AND said #>> '{}' !~ '[\u0001-\u001F\u007F]'
                AND char_length(said #>> '{}') BETWEEN 1 AND CASE name WHEN 'key' THEN 60 WHEN 'word' THEN 200
                                                             WHEN 'said' THEN 500 ELSE 0 END)
             FROM jsonb_each(one) AS p(name, said))
        ELSE false END)
    ELSE false END
$$;

-- What the record's own triggers keep of a referral: a list of objects.
CREATE FUNCTION cru.is_objects(list jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT CASE WHEN jsonb_typeof(list) = 'array' THEN NOT EXISTS (
        SELECT FROM jsonb_array_elements(list) AS e(one) WHERE jsonb_typeof(one) <> 'object')
    ELSE false END
$$;

CREATE FUNCTION cru.digest(the_text text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT encode(sha256(convert_to(the_text, 'UTF8')), 'hex')
$$;

REVOKE ALL ON FUNCTION cru.is_how(jsonb), cru.is_found(jsonb), cru.is_objects(jsonb), cru.digest(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.is_how(jsonb), cru.is_found(jsonb) TO cru_dispatcher;
