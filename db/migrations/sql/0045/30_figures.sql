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
