-- Work out what is due: what something happened to, and what the passing of time made something else of. One at a time, or
-- the older of two would have the last word. Returns how many referrals there were.
CREATE OR REPLACE FUNCTION cru.settle_measures() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    due uuid[];
    reached bigint := 0;
    done integer := 0;
BEGIN
    -- A standby or a reader that may not write sees what was worked out last.
    IF current_setting('transaction_read_only')::boolean THEN
        RETURN 0;
    END IF;
    -- A lock that nobody but the owner can take, unlike a number that every login may lock; no writer of a measure minds it.
    LOCK TABLE measure IN SHARE UPDATE EXCLUSIVE MODE;
    LOOP
        WITH taken AS (
            DELETE FROM fact_due WHERE id IN (SELECT id FROM fact_due WHERE id > reached ORDER BY id LIMIT 5000)
            RETURNING id, referral_id
        ) SELECT array_agg(DISTINCT referral_id), max(id) INTO due, reached FROM taken;
        EXIT WHEN due IS NULL;
        due := facts_touched(due);
        PERFORM settle_referrals(due);
        done := done + cardinality(due);
    END LOOP;
    due := ARRAY(SELECT referral_id FROM referral_fact WHERE again_at <= clock_now());
    IF cardinality(due) > 0 THEN
        PERFORM settle_referrals(due);
    END IF;
    RETURN done + cardinality(due);
END $$;

-- By a foreign key the figures held every referral and job that they were worked out from, as long as that transaction lasted:
-- a wall's session that slept stopped the crews' next steps. Whatever goes from the record goes by the owner's hand, who runs
-- cru.measure_anew() after it.
ALTER TABLE cru.referral_fact DROP CONSTRAINT referral_fact_referral_id_fkey;
ALTER TABLE cru.job_fact DROP CONSTRAINT job_fact_referral_id_fkey, DROP CONSTRAINT job_fact_assignment_id_fkey;

-- The wall's figures, for whoever may not read all others: worked out and given up again with all that it locked, so that
-- no session of theirs holds up a lead's figures.
CREATE OR REPLACE FUNCTION cru.wall_figures(starts timestamptz[], ends timestamptz[]) RETURNS TABLE (
    ordinal integer, key text, value double precision, n integer, missing integer, part double precision,
    total double precision, mean double precision, ninth double precision, longest double precision)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = cru, pg_temp SET jit = off AS $$
BEGIN
    PERFORM settle_measures();
    -- Rows that are returned stay so, also when what they were read from is undone.
    RETURN QUERY SELECT * FROM figures_of(starts, ends, '{}', ARRAY(SELECT m.key FROM measure m WHERE m.active AND m.on_wall));
    IF NOT is_lead() THEN
        RAISE EXCEPTION USING errcode = 'CR000';
    END IF;
EXCEPTION WHEN SQLSTATE 'CR000' THEN
    RETURN;
END $$;
