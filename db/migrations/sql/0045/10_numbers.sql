-- The number of a referral, without a row that a sleeping transaction could hold. A sequence waits for nobody, and does not
-- give back what it gave: whoever was refused leaves a gap, which says nothing about a referral being lost.

-- Whoever is taking a number by the old way ends first.
LOCK TABLE cru.referral_day IN SHARE MODE;

-- One for each of 32 days, taken in turn: what is written down late counts on in its own day. A value is the Julian day and
-- the number, so that one of a month ago is told from one of today.
DO $$
BEGIN
    FOR n IN 0..31 LOOP
        EXECUTE format('CREATE SEQUENCE cru.reference_count_%s', n);
    END LOOP;
END $$;
-- For what is a month late, where the day's own sequence counts another day already: far above any day's numbers.
CREATE SEQUENCE cru.reference_count_late START 500001;

CREATE FUNCTION cru.next_number(the_day date) RETURNS bigint
LANGUAGE plpgsql SET search_path = cru, pg_temp AS $$
DECLARE
    before bigint := extract(julian FROM the_day)::bigint * 1000000;
    counter regclass := format('cru.reference_count_%s', extract(julian FROM the_day)::bigint % 32);
    drawn bigint;
BEGIN
    -- Not drawn from in vain: those of the later day would have a gap.
    IF pg_sequence_last_value(counter) > before + 500000 THEN
        RETURN nextval('reference_count_late');
    END IF;
    drawn := nextval(counter);
    IF drawn < before THEN
        -- The first of its day sets the sequence on: one at a time, and never back. The lock is given up with the block that
        -- took it, whatever becomes of the transaction; what a sequence counted stays.
        BEGIN
            LOCK TABLE referral_day IN SHARE UPDATE EXCLUSIVE MODE;
            drawn := nextval(counter);
            IF drawn < before THEN
                -- Those of a day that began before there were sequences.
                PERFORM setval(counter, before + coalesce((SELECT last FROM referral_day WHERE day = the_day), 0) + 1, false);
                drawn := nextval(counter);
            END IF;
            RAISE EXCEPTION USING errcode = 'CR000';
        EXCEPTION WHEN SQLSTATE 'CR000' THEN
            NULL;
        END;
    END IF;
    -- A later day began in this very moment.
    RETURN CASE WHEN drawn < before + 500000 THEN drawn - before ELSE nextval('reference_count_late') END;
END $$;

-- Four digits at least; the ten thousandth of a day has five.
CREATE OR REPLACE FUNCTION cru.next_reference(moment timestamptz) RETURNS text
LANGUAGE sql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    SELECT 'CRU-' || to_char(day, 'YYYYMMDD') || '-' || lpad(number, greatest(length(number), 4), '0')
    FROM (SELECT (moment AT TIME ZONE 'Europe/London')::date AS day) d, LATERAL (SELECT next_number(day)::text AS number) n
$$;
REVOKE ALL ON FUNCTION cru.next_number(date) FROM PUBLIC;
