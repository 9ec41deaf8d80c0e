-- The shapes of JSON that the record keeps. A constraint calls them as whoever writes, so whoever writes may call them.

-- A flat list of words: 40 of 200 characters each.
CREATE FUNCTION cru.is_list(list jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT CASE WHEN jsonb_typeof(list) = 'array' THEN jsonb_array_length(list) <= 40 AND NOT EXISTS (
        SELECT FROM jsonb_array_elements(list) AS e(item) WHERE jsonb_typeof(item) <> 'string'
        OR char_length(item #>> '{}') > 200 OR item #>> '{}' ~ '[\u0001-\u0008\u000E-\u001F\u007F]')
    ELSE false END
$$;

CREATE FUNCTION cru.is_text(word jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT jsonb_typeof(word) = 'string' AND char_length(word #>> '{}') <= 4000
       AND word #>> '{}' !~ '[\u0001-\u0008\u000E-\u001F\u007F]'
$$;

-- What the person asked for. The entries that every console reads are of the types that it reads. Others are let
-- through if they are plain: consoles of two versions serve the same record while a trust changes over, the newer one
-- may know one more entry, and the older one skips it. Nothing nests, so that no reader can be led astray by depth.
CREATE FUNCTION cru.is_plan(plan jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT CASE WHEN jsonb_typeof(plan) = 'object' AND octet_length(plan::text) <= 65536 THEN
        (SELECT count(*) <= 40 AND coalesce(bool_and(char_length(name) <= 60 AND CASE
            WHEN name = 'wishes' THEN is_list(said)
            WHEN name IN ('language', 'same_gender', 'communication', 'helps', 'makes_worse', 'crisis_plan', 'said_by')
                THEN is_text(said)
            WHEN jsonb_typeof(said) = 'string' THEN is_text(said)
            WHEN jsonb_typeof(said) = 'array' THEN is_list(said)
            WHEN jsonb_typeof(said) = 'number' THEN said BETWEEN '-1e15' AND '1e15'
            ELSE jsonb_typeof(said) IN ('boolean', 'null') END), true)
         FROM jsonb_each(plan) AS e(name, said))
    ELSE false END
$$;

-- Answers of the gate by the keys of its questions.
CREATE FUNCTION cru.is_answers(answers jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT CASE WHEN jsonb_typeof(answers) = 'object' THEN
        (SELECT count(*) <= 200 AND coalesce(bool_and(char_length(name) <= 60
            AND said IN ('"yes"', '"no"', '"not known"')), true)
         FROM jsonb_each(answers) AS e(name, said))
    ELSE false END
$$;

REVOKE ALL ON FUNCTION cru.is_list(jsonb), cru.is_text(jsonb), cru.is_plan(jsonb), cru.is_answers(jsonb)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.is_list(jsonb), cru.is_text(jsonb), cru.is_plan(jsonb), cru.is_answers(jsonb)
    TO cru_dispatcher;

-- What had to be mended is kept as it was, and may be a patient's.
GRANT SELECT ON cru.mended TO cru_shift_lead;
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON cru.mended
    FOR EACH ROW EXECUTE FUNCTION cru.guard_author('');
CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON cru.mended
    FOR EACH STATEMENT EXECUTE FUNCTION cru.guard_author('');
