-- That somebody died is told on each other referral of theirs: it stands against the next step until the referral is ended, or until
-- somebody says that it is not them, that they live, or why it goes on. Meanwhile nobody is told to call them.
CREATE FUNCTION cru.says_died(it cru.ending) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT it.reopened_at IS NULL AND it.taken_back_at IS NULL AND (it.reason = 'died' OR it.died_known_at IS NOT NULL)
$$;
-- Few die: where nobody has, nothing more is asked.
CREATE INDEX ending_died_idx ON cru.ending (referral_id) WHERE reopened_at IS NULL AND taken_back_at IS NULL
    AND (reason = 'died' OR died_known_at IS NOT NULL);

-- The ends of other referrals of the person that say that they died.
CREATE FUNCTION cru.died_elsewhere(the_referral uuid) RETURNS TABLE (ending_id uuid, reference text)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 1 SET search_path = cru, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM ending e WHERE e.reopened_at IS NULL AND e.taken_back_at IS NULL
                   AND (e.reason = 'died' OR e.died_known_at IS NOT NULL)) THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT e.id, r.reference FROM ending e JOIN referral r ON r.id = e.referral_id
        WHERE e.reopened_at IS NULL AND e.taken_back_at IS NULL AND (e.reason = 'died' OR e.died_known_at IS NOT NULL)
        AND e.referral_id IN (SELECT same_person_as(the_referral)) AND e.referral_id <> the_referral;
END $$;

-- Whether nobody calls them, since they died as far as the record knows, and nobody has said otherwise.
CREATE FUNCTION cru.is_said_to_have_died(the_referral uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT EXISTS (SELECT FROM danger WHERE referral_id = the_referral AND stands @> '[{"kind": "died"}]')
$$;

-- AFTER a death is said or taken back, or who is the same person: told on every referral of all who are concerned.
CREATE FUNCTION cru.then_died_elsewhere() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    here jsonb := to_jsonb(NEW);
    was jsonb := CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(OLD) ELSE '{}' END;
    theirs uuid[];
BEGIN
    SELECT array_agg(DISTINCT s ORDER BY s) INTO theirs FROM (
        SELECT unnest(ARRAY[CASE WHEN TG_TABLE_NAME = 'referral' THEN here ->> 'id' END, here ->> 'referral_id', here ->> 'other_id']) AS one
        UNION
        (SELECT r.id::text FROM referral r WHERE r.nhs_number IS NOT NULL
            AND nhs_digits(r.nhs_number) = nhs_digits(was ->> 'nhs_number') LIMIT 1)) n
        CROSS JOIN LATERAL same_person_as(n.one::uuid) AS s WHERE n.one IS NOT NULL;
    IF EXISTS (SELECT FROM ending e WHERE e.referral_id = ANY (theirs) AND says_died(e))
        OR EXISTS (SELECT FROM danger WHERE referral_id = ANY (theirs) AND stands @> '[{"kind": "died"}]') THEN
        PERFORM follow_danger(s, is_being_restored(TG_TABLE_NAME, (here ->> 'id')::uuid)) FROM unnest(theirs) AS s;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER then_died AFTER INSERT OR UPDATE ON cru.ending
    FOR EACH ROW EXECUTE FUNCTION cru.then_died_elsewhere();
CREATE TRIGGER then_died AFTER UPDATE OF nhs_number, entered_in_error_at ON cru.referral FOR EACH ROW
    WHEN (NEW.nhs_number IS DISTINCT FROM OLD.nhs_number OR NEW.entered_in_error_at IS DISTINCT FROM OLD.entered_in_error_at)
    EXECUTE FUNCTION cru.then_died_elsewhere();
CREATE TRIGGER then_died AFTER INSERT OR UPDATE ON cru.same_person FOR EACH ROW EXECUTE FUNCTION cru.then_died_elsewhere();

-- What the shift lead sees to after a death.
CREATE FUNCTION cru.after_a_death() RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT 'For the shift lead: support for those who were close to them, who must be notified, what is to be learned'
$$;

-- It was said in error: what is for the bereaved ends, what was planned comes back, and somebody looks at what was promised.
CREATE OR REPLACE FUNCTION cru.follow_no_death(the_referral uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    again constant text := 'It was said in error that the person had died: look again at what was promised and planned for them';
    soon constant timestamptz := clock_now() + interval '1 hour';
    theirs uuid[] := ARRAY (SELECT same_person_as(the_referral) UNION SELECT the_referral);
BEGIN
    UPDATE follow_up SET outcome = 'Not to be done: it was said in error that the person had died' WHERE referral_id = the_referral
        AND what_for = after_a_death() AND done_at IS NULL AND taken_back_at IS NULL;
    PERFORM keep_to_do(the_referral, again, soon, 'said in error');
    -- Another of their referrals may say that they died as well.
    IF EXISTS (SELECT FROM died_elsewhere(the_referral)) THEN
        RETURN;
    END IF;
    PERFORM keep_to_do(c.referral_id, again, soon, 'said in error') FROM (
        SELECT DISTINCT referral_id FROM contact WHERE referral_id = ANY (theirs) AND referral_id <> the_referral
        AND promise_outcome = 'ended' AND taken_back_at IS NULL) c;
    INSERT INTO follow_up (referral_id, due_at, what_for)
    SELECT f.referral_id, greatest(max(f.due_at), soon), f.what_for FROM follow_up f WHERE f.referral_id = ANY (theirs)
        AND f.outcome = ended_with_them() AND f.taken_back_at IS NULL AND f.what_for <> after_a_death()
        AND NOT EXISTS (SELECT FROM follow_up o WHERE o.referral_id = f.referral_id AND o.what_for = f.what_for
                        AND o.taken_back_at IS NULL AND (o.done_at IS NULL OR o.made_at >= f.done_at))
    GROUP BY f.referral_id, f.what_for ORDER BY 1, 3;
END $$;
