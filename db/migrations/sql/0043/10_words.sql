-- What a text is found by: its words in small letters without accents. Nothing here goes by the server's locale or by an
-- extension, because a hosted record has the one and the other as somebody set it up.

-- As ``letters`` of db/domain/texts.py, but that an apostrophe is left where it stood.
CREATE FUNCTION cru.plain_letters(typed text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = cru, pg_temp SET standard_conforming_strings = on AS $$
    SELECT CASE WHEN typed ~ '^[\u0001-\u007E]*$' THEN lower(typed) ELSE
        replace(replace(replace(replace(lower(translate(
            regexp_replace(normalize(typed, NFKD), '[\u0300-\u036F\u0483-\u0487\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0610-\u061A\u064B-\u065F\u0670\u06D6-\u06DC\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF\u00AD]', '', 'g'),
            'ØøŁłĐđÐðıĦħŦŧŊŋ`´ʹʻʼʽˈ׳‘’‛′', 'oollddddihhttnn''''''''''''''''''''''''')),
            'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th') END
$$;

-- One word a line. What stands between words is the same whatever the server's locale: letters of every script are letters.
CREATE FUNCTION cru.split_words(plain text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = cru, pg_temp SET standard_conforming_strings = on AS $$
    SELECT left(word, 30) FROM regexp_split_to_table(plain,
        '[\u0001-\u002F\u003A-\u0040\u005B-\u0060\u007B-\u00A9\u00AB-\u00B4\u00B6-\u00B9\u00BB-\u00BF\u2010-\u2BFF\u3000-\u303F]+')
        AS word WHERE word <> ''
$$;

-- A number as it is dialled or written down, whatever stands between its digits; a telephone number from abroad as from here.
CREATE FUNCTION cru.joined_digits(typed text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = cru, pg_temp SET standard_conforming_strings = on AS $$
    SELECT regexp_replace(regexp_replace(typed, '[^0-9]', '', 'g'), '^(00)?44(?=[0-9]{9,10}$)0?', '0')
$$;

-- The words that a text is found by. "O'Brien-Hall" is found as obrien, as brien, as hall and as obrienhall; a postcode and
-- a telephone number with and without their blanks.
CREATE FUNCTION cru.words_found_by(typed text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = cru, pg_temp SET standard_conforming_strings = on AS $$
    WITH plain AS MATERIALIZED (SELECT plain_letters(typed) AS t)
    SELECT coalesce(array_to_tsvector((array_agg(DISTINCT left(word, 30)))[1:4000]), '') FROM (
        SELECT split_words(replace(t, '''', '')) AS word FROM plain
        UNION ALL SELECT split_words(m[1]) FROM plain CROSS JOIN regexp_matches(t, '(\S*''\S*)', 'g') AS m
        UNION ALL SELECT split_words(regexp_replace(m[1], '[-''\u2010-\u2015]', '', 'g')) FROM plain
            CROSS JOIN regexp_matches(t, '(\S+[-\u2010-\u2015]\S+)', 'g') AS m
        UNION ALL SELECT unnest(ARRAY[m[1], m[2], m[1] || m[2]]) FROM plain
            CROSS JOIN regexp_matches(t, '\m([a-z]{1,2}[0-9][0-9a-z]?) ?([0-9][a-z]{2})\M', 'g') AS m
        UNION ALL SELECT joined_digits(m[1]) FROM plain
            CROSS JOIN regexp_matches(t, '\+?[0-9(][-0-9 ().\u00A0\u2010-\u2015]+[0-9]', 'g') AS m WHERE length(m[1]) > 6
        ) w WHERE word <> ''
$$;

-- So many words that a row of them never grows beyond what the server takes, whatever was typed: nothing that is said of
-- somebody is refused because of how it is found.
CREATE FUNCTION cru.bounded_words(words tsvector) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = cru, pg_temp AS $$
    SELECT CASE WHEN length(words) > 4000 THEN array_to_tsvector((tsvector_to_array(words))[1:4000]) ELSE words END
$$;
