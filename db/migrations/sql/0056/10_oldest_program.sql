-- The oldest program that may work on this schema. A revision that takes away or changes what a console reads, calls
-- or is told replaces it with its own name; one that only adds leaves it, and consoles of before work on.
CREATE FUNCTION cru.oldest_program() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = cru, pg_temp AS $$
    SELECT '0056'
$$;
REVOKE ALL ON FUNCTION cru.oldest_program() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.oldest_program() TO cru_viewer, cru_dispatcher, cru_gateway;
