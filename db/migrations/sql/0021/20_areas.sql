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
-- for the postcode, which may stand in the address. Empty where nobody knows.
CREATE FUNCTION cru.area_of(the_postcode text, the_place text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    WITH part AS (
        SELECT n, regexp_replace(lower(btrim(p, ' .')), '[[:space:]]+', ' ', 'g') AS said
        FROM regexp_split_to_table(the_place, '[[:space:]]*[,;·|[:cntrl:]][[:space:]]*|[[:space:]]+[-–—/][[:space:]]+')
            WITH ORDINALITY AS s(p, n)
    )
    SELECT coalesce(
        (SELECT t.town FROM part JOIN post_towns() t ON part.said = lower(t.town) ORDER BY n LIMIT 1),
        (SELECT t.town FROM part JOIN post_towns() t ON right(part.said, length(t.town) + 1) = ' ' || lower(t.town)
         ORDER BY n DESC LIMIT 1),
        (SELECT t.town FROM post_towns() t WHERE coalesce(
            substring(upper(btrim(the_postcode)) FROM '^([A-Z]{1,2}[0-9][0-9A-Z]?)[[:space:]]*(?:[0-9][A-Z]{2})?$'),
            substring(upper(the_place) FROM '\m([A-Z]{1,2}[0-9][0-9A-Z]?)[[:space:]]?[0-9][A-Z]{2}\M')
        ) = ANY (string_to_array(t.districts, ' '))), '')
$$;

REVOKE ALL ON FUNCTION cru.post_towns(), cru.area_of(text, text) FROM PUBLIC;
