-- Whether a crew of ours met the person since the referral was last open anew, or somebody spoke with them face to face.
CREATE FUNCTION cru.was_met_again(the_referral uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    WITH opened AS (SELECT coalesce(max(reopened_at), '-infinity') AS at FROM ending
                    WHERE referral_id = the_referral AND taken_back_at IS NULL)
    SELECT EXISTS (SELECT FROM assignment a, opened o WHERE a.referral_id = the_referral AND a.taken_back_at IS NULL
                   AND greatest(a.with_patient_at, a.conveying_at, a.at_destination_at) > o.at)
        OR EXISTS (SELECT FROM handover h, opened o WHERE h.referral_id = the_referral AND h.taken_back_at IS NULL
                   AND h.to_kind = 'cru' AND h.accepted_at > o.at)
        OR EXISTS (SELECT FROM contact c, opened o WHERE c.referral_id = the_referral AND c.taken_back_at IS NULL
                   AND c.spoke_with = 'person' AND c.channel = 'in person' AND c.made_at > o.at)
$$;

-- The code by which an end says that the person has died; nobody tells them, and what was due for them is due no more.
CREATE FUNCTION cru.ended_by_death(it cru.referral) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT CASE WHEN it.state = 'closed' THEN it.outcome = 'died' WHEN it.state = 'cancelled' THEN it.end_reason = 'died' ELSE false END
$$;

-- Why nobody can tell the person how it ended; empty where somebody can.
CREATE FUNCTION cru.cannot_be_told(it cru.referral, asked cru.ending_rule) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT CASE WHEN ended_by_death(it) THEN 'the person has died' WHEN asked.asks_search THEN 'the person was not found' ELSE '' END
$$;

-- Something to be done later, once: it is moved where it stands already.
CREATE FUNCTION cru.keep_to_do(the_referral uuid, the_words text, due timestamptz, why text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    reason constant text := context('reason');
BEGIN
    PERFORM set_config('cru.reason', why, true);
    UPDATE follow_up SET due_at = due WHERE referral_id = the_referral AND what_for = the_words AND due_at <> due
        AND done_at IS NULL AND taken_back_at IS NULL;
    PERFORM set_config('cru.reason', reason, true);
    IF NOT EXISTS (SELECT FROM follow_up WHERE referral_id = the_referral AND what_for = the_words
                   AND done_at IS NULL AND taken_back_at IS NULL) THEN
        INSERT INTO follow_up (referral_id, due_at, what_for) VALUES (the_referral, due, the_words);
    END IF;
END $$;

-- What a record says of a follow-up that ended with the person.
CREATE FUNCTION cru.ended_with_them() RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$ SELECT 'Not to be done any more: the person has died' $$;

-- Nobody is to call somebody who has died, on whichever of their referrals it was promised or planned; one thing is left to do.
CREATE FUNCTION cru.follow_death(the_referral uuid, the_hours integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    theirs uuid[] := ARRAY (SELECT same_person_as(the_referral) UNION SELECT the_referral);
BEGIN
    UPDATE contact SET promise_outcome = 'ended', promise_note = 'the person has died' WHERE referral_id = ANY (theirs)
        AND promised <> '' AND promise_outcome = '' AND taken_back_at IS NULL;
    UPDATE follow_up SET outcome = ended_with_them() WHERE referral_id = ANY (theirs)
        AND done_at IS NULL AND taken_back_at IS NULL;
    PERFORM keep_to_do(the_referral, 'For the shift lead: support for those who were close to them, who must be notified, what is to'
        || ' be learned', clock_now() + make_interval(hours => coalesce(the_hours, 24)), 'the person has died');
END $$;

-- It was said in error: what ended is looked at again by somebody.
CREATE FUNCTION cru.follow_no_death(the_referral uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    again constant text := 'It was said in error that the person had died: look again at what was promised and planned for them';
BEGIN
    PERFORM keep_to_do(the_referral, again, clock_now() + interval '1 hour', 'said in error');
END $$;

-- BEFORE an ending, after its guard: who looks, and on what ground.
CREATE FUNCTION cru.guard_what_is_asked() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    NEW.ground_by := said(NEW.ground_by);
    NEW.rights_told_by := said(NEW.rights_told_by);
    NEW.rights_not_told := said(NEW.rights_not_told);
    IF NEW.looks_until IS DISTINCT FROM OLD.looks_until THEN
        IF NOT NEW.asks_search THEN
            PERFORM refuse('Nobody is looked for here.', 'Name who is with the person.');
        ELSIF NEW.looks_until IS NULL THEN
            PERFORM refuse('Until when somebody looks is put off, never taken away.', 'Say until when.');
        ELSIF NEW.holder_kind = '' THEN
            PERFORM refuse('Somebody looks for the person until then.', 'Say who was told to look.');
        ELSIF NEW.looks_until <= clock_now() OR NEW.looks_until > clock_now() + interval '30 days' THEN
            PERFORM refuse('Until when somebody looks lies ahead, within 30 days.', 'Check the time.');
        END IF;
    END IF;
    IF NEW.ground <> OLD.ground AND NOT EXISTS (SELECT FROM reason WHERE kind = 'ground' AND code = NEW.ground AND active) THEN
        PERFORM refuse('On what ground is chosen from the list.', 'Choose one that is in use.');
    ELSIF NEW.ground IN ('', 'consent') AND concat(NEW.ground_by, NEW.rights_told_by, NEW.rights_not_told) <> '' THEN
        PERFORM refuse('Who decided, and rights, belong to a legal ground.', 'Choose the ground.');
    END IF;
    IF OLD.died_known_at IS NOT NULL THEN
        NEW.died_known_at := OLD.died_known_at;
    ELSIF NEW.died_known_at IS NOT NULL THEN
        NEW.died_known_at := clock_now();
        NEW.person_not_told := CASE WHEN NEW.person_told_by || NEW.person_not_told = '' THEN 'the person has died'
            ELSE NEW.person_not_told END;
    END IF;
    RETURN NEW;
END $$;
-- It sorts behind "guard", and before the guards of names.
CREATE TRIGGER guard_asked BEFORE UPDATE ON cru.ending FOR EACH ROW WHEN (NOT cru.is_being_restored('ending', NEW.id))
    EXECUTE FUNCTION cru.guard_what_is_asked();
CREATE TRIGGER guard_grounded BEFORE UPDATE OF ground_by, rights_told_by, rights_not_told ON cru.ending FOR EACH ROW
    EXECUTE FUNCTION cru.guard_named('ground_by', 'rights_told_by', 'rights_not_told');

-- AFTER what was said of an end: when somebody asks whether the person was found, and that nobody calls the dead.
CREATE FUNCTION cru.follow_what_was_said() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF NEW.looks_until IS DISTINCT FROM OLD.looks_until THEN
        PERFORM keep_to_do(NEW.referral_id, 'Was the person found? Ask whoever was told to look for them', NEW.looks_until,
                           'looked for until another time');
    END IF;
    IF NEW.died_known_at IS NOT NULL AND OLD.died_known_at IS NULL THEN
        PERFORM follow_death(NEW.referral_id, (SELECT aftercare_hours FROM ending_rule WHERE active AND kind = 'outcome' AND code = 'died'));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER then_said AFTER UPDATE OF looks_until, died_known_at ON cru.ending FOR EACH ROW
    WHEN (NOT cru.is_being_restored('ending', NEW.id)) EXECUTE FUNCTION cru.follow_what_was_said();

REVOKE ALL ON FUNCTION cru.was_met_again(uuid), cru.ended_by_death(cru.referral), cru.cannot_be_told(cru.referral, cru.ending_rule),
    cru.keep_to_do(uuid, text, timestamptz, text), cru.ended_with_them(), cru.follow_death(uuid, integer),
    cru.follow_no_death(uuid), cru.guard_what_is_asked(), cru.follow_what_was_said() FROM PUBLIC;
GRANT UPDATE (looks_until, ground, ground_by, rights_told_by, rights_not_told, died_known_at) ON cru.ending TO cru_dispatcher;
GRANT INSERT (only_unmet, asks_search, asks_ground), UPDATE (only_unmet, asks_search, asks_ground) ON cru.ending_rule TO cru_shift_lead;
GRANT INSERT (source), UPDATE (source) ON cru.reason TO cru_shift_lead;
