-- The town of a place, for figures by area. db/domain/towns.py has the same towns and districts, and a test compares them.

CREATE FUNCTION cru.post_towns() RETURNS TABLE (town text, districts text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = cru, pg_temp AS $$
    VALUES
    ('Banbury', 'OX15 OX16 OX17'),
    ('Bedford', 'MK40 MK41 MK42 MK43 MK44 MK45'),
    ('Bicester', 'OX25 OX26 OX27'),
    ('Brackley', 'NN13'),
    ('Buckingham', 'MK18'),
    ('Burton Latimer', ''),
    ('Corby', 'NN17 NN18'),
    ('Coventry', 'CV1 CV2 CV3 CV4 CV5 CV6 CV7 CV8'),
    ('Daventry', 'NN11'),
    ('Desborough', ''),
    ('Higham Ferrers', ''),
    ('Huntingdon', 'PE28 PE29'),
    ('Irthlingborough', ''),
    ('Kettering', 'NN14 NN15 NN16'),
    ('Leicester', 'LE1 LE2 LE3 LE4 LE5 LE7 LE8 LE9 LE18 LE19'),
    ('Lutterworth', 'LE17'),
    ('Market Harborough', 'LE16'),
    ('Milton Keynes', 'MK1 MK2 MK3 MK4 MK5 MK6 MK7 MK8 MK9 MK10 MK11 MK12 MK13 MK14 MK15 MK17 MK19'),
    ('Newport Pagnell', 'MK16'),
    ('Northampton', 'NN1 NN2 NN3 NN4 NN5 NN6 NN7'),
    ('Oakham', 'LE15'),
    ('Olney', 'MK46'),
    ('Oundle', ''),
    ('Peterborough', 'PE1 PE2 PE3 PE4 PE5 PE6 PE7 PE8'),
    ('Raunds', ''),
    ('Rothwell', ''),
    ('Rugby', 'CV21 CV22 CV23'),
    ('Rushden', 'NN10'),
    ('Southam', 'CV47'),
    ('Stamford', 'PE9'),
    ('Thrapston', ''),
    ('Towcester', 'NN12'),
    ('Wellingborough', 'NN8 NN9 NN29')
$$;

-- In the order in which the board looks: a part of the address that is a town, a town that a part ends with, the post's town
-- for the postcode, which may stand in the address. Empty where nobody knows. Of many places at once, each by its key.
CREATE FUNCTION cru.towns_said(keys uuid[], postcodes text[], places text[]) RETURNS TABLE (key uuid, town text)
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    WITH place AS MATERIALIZED (SELECT * FROM unnest(keys, postcodes, places) AS p(key, postcode, said)),
    town AS MATERIALIZED (SELECT t.town, lower(t.town) AS name, t.districts FROM post_towns() t),
    served AS MATERIALIZED (SELECT t.town, d AS district FROM town t, unnest(string_to_array(t.districts, ' ')) AS d),
    part AS MATERIALIZED (
        SELECT p.key, s.n, regexp_replace(lower(btrim(s.part, ' .')), '[[:space:]]+', ' ', 'g') AS said
        FROM place p CROSS JOIN LATERAL regexp_split_to_table(p.said,
            '[[:space:]]*[,;·|[:cntrl:]][[:space:]]*|[[:space:]]+[-–—/][[:space:]]+') WITH ORDINALITY AS s(part, n)
        WHERE s.part <> ''
    ), is_one AS (SELECT DISTINCT ON (part.key) part.key, t.town FROM part JOIN town t ON t.name = part.said
                  ORDER BY part.key, part.n),
    ends_with AS (
        SELECT DISTINCT ON (part.key) part.key, t.town FROM part
        JOIN town t ON right(part.said, length(t.name) + 1) = ' ' || t.name ORDER BY part.key, part.n DESC
    ), by_post AS (
        SELECT p.key, s.town FROM place p JOIN served s ON s.district = coalesce(
            substring(upper(btrim(p.postcode)) FROM '^([A-Z]{1,2}[0-9][0-9A-Z]?)[[:space:]]*(?:[0-9][A-Z]{2})?$'),
            substring(upper(p.said) FROM '\m([A-Z]{1,2}[0-9][0-9A-Z]?)[[:space:]]?[0-9][A-Z]{2}\M'))
    )
    SELECT p.key, coalesce(i.town, e.town, b.town, '') FROM place p LEFT JOIN is_one i ON i.key = p.key
    LEFT JOIN ends_with e ON e.key = p.key LEFT JOIN by_post b ON b.key = p.key
$$;

REVOKE ALL ON FUNCTION cru.post_towns(), cru.towns_said(uuid[], text[], text[]) FROM PUBLIC;
