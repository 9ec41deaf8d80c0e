-- Whether a name may be another one as somebody else wrote it down: the record opens no more people of a birthday than that. What
-- the program calls nearly the same (db/domain/likely_names.py) is never left out; what shares all its letters is told apart there.
CREATE FUNCTION cru.name_words(typed text) RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp SET standard_conforming_strings = on AS $$
    SELECT coalesce(array_agg(word ORDER BY word COLLATE "C"), '{}') FROM regexp_split_to_table(translate(plain_letters(typed), '''`', ''),
        '[\u0001-\u002F\u003A-\u0040\u005B-\u005E\u0060\u007B-\u00A9\u00AB-\u00B4\u00B6-\u00B9\u00BB-\u00BF\u2010-\u2BFF\u3000-\u303F]+')
        AS word WHERE word <> ''
$$;

-- How many of their letters two texts share, wherever they stand, between 0 and 1: never less than what they share in its order.
CREATE FUNCTION cru.letters_shared(one text, other text) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE SET search_path = cru, pg_temp AS $$
DECLARE
    rest text := other;
    letter text;
    at integer;
    same integer := 0;
BEGIN
    FOREACH letter IN ARRAY string_to_array(one, NULL) LOOP
        at := position(letter IN rest);
        IF at > 0 THEN
            rest := overlay(rest PLACING '' FROM at FOR 1);
            same := same + 1;
        END IF;
    END LOOP;
    RETURN 2.0 * same / (length(one) + length(other));
END $$;

CREATE FUNCTION cru.are_nearly(one text, other text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE SET search_path = cru, pg_temp AS $$
DECLARE
    nearly constant double precision := 0.85 - 1e-9;
    mine text[] := name_words(one);
    theirs text[] := name_words(other);
    longer text[];
BEGIN
    IF cardinality(mine) > cardinality(theirs) THEN
        longer := mine;
        mine := theirs;
        theirs := longer;
    END IF;
    IF cardinality(mine) = 0 THEN
        RETURN false;
    ELSIF cardinality(mine) = 1 AND cardinality(theirs) > 1 THEN
        -- One name alone is compared with each of the other's.
        RETURN EXISTS (SELECT FROM unnest(theirs) AS word WHERE letters_shared(mine[1], word) >= nearly);
    END IF;
    -- "Sam Roy" and "Samuel Roy".
    RETURN letters_shared(array_to_string(mine, ' '), array_to_string(theirs, ' ')) >= nearly
        OR NOT EXISTS (SELECT FROM unnest(mine) AS part WHERE NOT EXISTS (SELECT FROM unnest(theirs) AS word WHERE starts_with(word, part)))
        OR NOT EXISTS (SELECT FROM unnest(theirs) AS part WHERE NOT EXISTS (SELECT FROM unnest(mine) AS word WHERE starts_with(word, part)));
END $$;

-- Whether a referral of the past may be worth telling (db/domain/alike.py): by what proves something alone, or by two things that
-- do together. A surgery's telephone, a hostel's address or a birthday alone opens nobody.
CREATE FUNCTION cru.is_worth_opening(same_number boolean, same_name_and_birth boolean, same_birth boolean, same_phone boolean,
    same_home boolean, nearly_same_name boolean) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN coalesce(same_number, false) OR coalesce(same_name_and_birth, false) OR coalesce(same_birth::integer, 0)
    + coalesce(same_phone::integer, 0) + coalesce(same_home::integer, 0) + coalesce(nearly_same_name::integer, 0) >= 2;

REVOKE ALL ON FUNCTION cru.name_words(text), cru.letters_shared(text, text), cru.are_nearly(text, text),
    cru.is_worth_opening(boolean, boolean, boolean, boolean, boolean, boolean) FROM PUBLIC;
