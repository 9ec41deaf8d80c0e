-- Some measures alone: what is usual may be told by weeks long before those that are shown, and a lead's page that is wide
-- reads twice nothing that can be added up.
CREATE FUNCTION cru.measure_some(starts timestamptz[], ends timestamptz[], cut jsonb, keys text[]) RETURNS TABLE (
    ordinal integer, key text, value double precision, n integer, missing integer, part double precision,
    total double precision, mean double precision, ninth double precision, longest double precision)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = cru, pg_temp SET jit = off AS $$
BEGIN
    PERFORM settle_measures();
    RETURN QUERY SELECT * FROM figures_of(starts, ends, cut,
        ARRAY(SELECT m.key FROM measure m WHERE m.active AND m.key = ANY (keys)));
END $$;

REVOKE ALL ON FUNCTION cru.measure_some(timestamptz[], timestamptz[], jsonb, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.measure_some(timestamptz[], timestamptz[], jsonb, text[]) TO cru_shift_lead;
