-- Two vans that are called alike at the same moment: whoever comes second waits, and sees the first.
-- The revision before wrote it in two wordings that do the same: from here on every record has one, which is the one compared.
CREATE OR REPLACE FUNCTION cru.guard_callsign() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    heard text := lower(regexp_replace(NEW.callsign, '[^[:alnum:]]', '', 'g'));
    other text;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.callsign = OLD.callsign THEN
        RETURN NEW;
    END IF;
    -- Nobody but the owner may take this lock; readers and fixes go on beside it. A transaction that sees the record as it was when
    -- it began would not see who came first.
    LOCK TABLE ONLY van IN SHARE UPDATE EXCLUSIVE MODE;
    IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN
        PERFORM refuse('A van gets its callsign in a transaction that sees the record as it is.', 'Use read committed.', 'CR002');
    END IF;
    -- Whoever is called the very same the table refuses, or leaves alone where a set is loaded again.
    SELECT callsign INTO other FROM van v
    WHERE v.id <> NEW.id AND v.callsign <> NEW.callsign AND lower(regexp_replace(v.callsign, '[^[:alnum:]]', '', 'g')) = heard LIMIT 1;
    IF heard = '' THEN
        PERFORM refuse('A callsign has letters or figures.', 'Type what the van is called.', 'CR003');
    ELSIF other IS NOT NULL THEN
        PERFORM refuse(format('Another van is called %s.', other), 'Choose a callsign that nobody takes for it.', 'CR001');
    END IF;
    RETURN NEW;
END $$;
