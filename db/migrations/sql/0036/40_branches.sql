-- What a branch asks is answered before "accept", whichever program asks for the step. What opens a branch is the same in
-- db/domain/branches.py, and a test compares the two; a branch that somebody opened by hand is known to the console alone.
CREATE FUNCTION cru.branch_openers() RETURNS TABLE (branch text, key text)
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    VALUES ('confusion_older', 'conscious'), ('pregnant_postnatal', 'pregnancy'), ('intoxication', 'intoxicated'),
        ('intoxication', 'withdrawal')
$$;

CREATE FUNCTION cru.open_branches(the_referral uuid) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    WITH r AS (
        -- Of a span of ages the younger end where that may be a child, else the older.
        SELECT *, CASE WHEN patient_born IS NOT NULL
            THEN extract(year FROM age((clock_now() AT TIME ZONE 'Europe/London')::date::timestamp, patient_born::timestamp))
            WHEN patient_age_low < 18 THEN patient_age_low ELSE patient_age_high END AS years
        FROM referral WHERE id = the_referral
    ), latest AS (
        SELECT answers FROM screening WHERE referral_id = the_referral AND taken_back_at IS NULL
        ORDER BY completed_at DESC, id LIMIT 1
    )
    SELECT o.branch FROM branch_openers() o, latest l, r WHERE coalesce(l.answers ->> o.key, 'no') <> 'no'
        AND NOT (o.branch = 'confusion_older' AND coalesce(r.years < 65, false))
    UNION SELECT 'under_18' FROM r WHERE years < 18
    UNION SELECT 'detained' FROM r WHERE split_part(legal_status, ':', 1) IN ('s135', 's136')
    UNION SELECT 'consent'
$$;

CREATE FUNCTION cru.guard_branches() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    open text;
BEGIN
    SELECT string_agg(i.text, '; ' ORDER BY i.ordinal) INTO open FROM screening_item i
        WHERE i.tool_version = tool_of(NEW.id) AND i.branch IN (SELECT open_branches(NEW.id))
        AND (SELECT answers ->> i.key FROM screening WHERE referral_id = NEW.id AND taken_back_at IS NULL
             ORDER BY completed_at DESC, id LIMIT 1) IS NULL;
    IF open IS NOT NULL THEN
        PERFORM refuse(format('Not %s: not asked: %s.', NEW.state, left(open, 500)), 'Screen again.');
    END IF;
    RETURN NULL;
END $$;

-- Behind every other guard, and after the row, whose age and legal status the same statement may have changed.
CREATE TRIGGER guard_branches AFTER UPDATE OF state ON cru.referral FOR EACH ROW
    WHEN (NEW.state = 'accepted' AND (OLD.state = 'received' OR OLD.state IN ('declined', 'cancelled') AND OLD.accepted_at IS NULL)
          AND NOT cru.is_being_restored('referral', NEW.id))
    EXECUTE FUNCTION cru.guard_branches();

REVOKE ALL ON FUNCTION cru.branch_openers(), cru.open_branches(uuid), cru.guard_branches() FROM PUBLIC;
