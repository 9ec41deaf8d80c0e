-- When the facts are worked out: not when something is written, where a person waits for it, but when somebody reads a figure.

CREATE FUNCTION cru.note_fact_due() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    INSERT INTO fact_due (referral_id) VALUES (NEW.referral_id);
    RETURN NULL;
END $$;

-- Whatever happens to a referral, or is taken back, is an event of it.
CREATE TRIGGER measure AFTER INSERT ON cru.event FOR EACH ROW
    WHEN (NEW.referral_id IS NOT NULL AND NEW.kind <> 'record opened') EXECUTE FUNCTION cru.note_fact_due();

-- A referral that changed may be, or may have been, the return of a person whose referral ended in the three days before it.
CREATE FUNCTION cru.facts_touched(the_ids uuid[]) RETURNS uuid[]
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT coalesce(array_agg(id), '{}') FROM (
        SELECT unnest(the_ids) AS id
        UNION SELECT referral_id FROM referral_fact WHERE back_id = ANY (the_ids)
        UNION SELECT CASE WHEN s.referral_id = ANY (the_ids) THEN s.other_id ELSE s.referral_id END FROM same_person s
            WHERE s.referral_id = ANY (the_ids) OR s.other_id = ANY (the_ids)
        UNION SELECT e.id FROM referral r JOIN referral e ON nhs_digits(e.nhs_number) = nhs_digits(r.nhs_number)
            AND e.nhs_number IS NOT NULL AND e.closed_at BETWEEN r.received_at - interval '72 hours' AND r.received_at
            WHERE r.id = ANY (the_ids) AND r.nhs_number IS NOT NULL
        UNION SELECT e.id FROM referral r JOIN referral e ON name_key(e.patient_name) = name_key(r.patient_name)
            AND e.patient_born = r.patient_born
            AND e.closed_at BETWEEN r.received_at - interval '72 hours' AND r.received_at
            WHERE r.id = ANY (the_ids) AND r.patient_born IS NOT NULL) t
$$;

CREATE FUNCTION cru.settle_referrals(the_ids uuid[]) RETURNS void
LANGUAGE plpgsql SET search_path = cru, pg_temp AS $$
BEGIN
    DELETE FROM referral_fact WHERE referral_id = ANY (the_ids);
    -- In the order in which they are read, so that a figure reads no page twice.
    INSERT INTO referral_fact SELECT * FROM facts_of(the_ids) ORDER BY received_at;
    DELETE FROM job_fact WHERE referral_id = ANY (the_ids);
    INSERT INTO job_fact SELECT * FROM job_facts_of(the_ids) ORDER BY received_at, from_at;
END $$;

-- Work out what is due: what something happened to, and what the passing of time made something else of. One at a time, or
-- the older of two would have the last word. Returns how many referrals there were.
CREATE FUNCTION cru.settle_measures() RETURNS integer
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
    PERFORM pg_advisory_xact_lock(hashtextextended('cru.settle_measures', 0));
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

-- After a repair by the owner's hand, of which no event tells: work out everything anew.
CREATE FUNCTION cru.measure_anew() RETURNS integer
LANGUAGE plpgsql SET search_path = cru, pg_temp AS $$
DECLARE
    due uuid[];
    reached timestamptz := '-infinity';
    done integer := 0;
BEGIN
    PERFORM settle_measures();
    LOOP
        -- As many at a time as are received by the same moment as the last of them.
        SELECT array_agg(id), max(received_at) INTO due, reached FROM referral WHERE received_at > reached
            AND received_at <= (SELECT max(at) FROM (SELECT received_at AS at FROM referral WHERE received_at > reached
                ORDER BY 1 LIMIT 5000) s);
        EXIT WHEN due IS NULL;
        PERFORM settle_referrals(due);
        done := done + cardinality(due);
    END LOOP;
    RETURN done;
END $$;

REVOKE ALL ON FUNCTION cru.note_fact_due(), cru.facts_touched(uuid[]), cru.settle_referrals(uuid[]), cru.settle_measures(),
    cru.measure_anew() FROM PUBLIC;
