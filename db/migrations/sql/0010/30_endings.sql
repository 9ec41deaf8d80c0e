-- Nothing ends without somebody: each end of a referral is a row of its own, made by the record with the end itself. Who is
-- with the person or responsible next may stay unanswered (an emergency goes first); then it stays on a list.

CREATE FUNCTION cru.ending_rule_of(it cru.referral) RETURNS cru.ending_rule
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT e FROM ending_rule e WHERE e.active AND CASE it.state WHEN 'closed' THEN e.kind = 'outcome' AND e.code = it.outcome
        WHEN 'declined' THEN e.kind = 'decline' AND e.code = it.end_reason
        WHEN 'cancelled' THEN e.kind = 'cancel' AND e.code = it.end_reason END
$$;

-- Whether a crew of ours met the person: a step of theirs says so, or a handover to us that was accepted.
CREATE FUNCTION cru.was_met(the_referral uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT EXISTS (SELECT FROM assignment WHERE referral_id = the_referral AND taken_back_at IS NULL
                   AND coalesce(with_patient_at, conveying_at, at_destination_at) IS NOT NULL)
        OR EXISTS (SELECT FROM handover WHERE referral_id = the_referral AND taken_back_at IS NULL
                   AND to_kind = 'cru' AND accepted_at IS NOT NULL)
$$;

-- The person was spoken to about it since the referral was last open anew, or it was said why not.
CREATE FUNCTION cru.spoken_of_ending(the_referral uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT EXISTS (SELECT FROM contact c WHERE c.referral_id = the_referral AND c.taken_back_at IS NULL
        AND c.about = 'cancel' AND c.spoke_with IN ('person', 'nobody')
        AND NOT EXISTS (SELECT FROM ending e WHERE e.referral_id = the_referral AND e.taken_back_at IS NULL
                        AND e.ended_at >= c.made_at))
$$;

-- Runs after "guard", whose sentences come first.
CREATE FUNCTION cru.guard_ending_of_referral() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    asked cru.ending_rule := ending_rule_of(NEW);
BEGIN
    IF asked.needs_meeting AND NOT was_met(NEW.id) THEN
        PERFORM refuse('Nobody met the person, so it cannot end like this.',
                       'Choose another outcome, or mark the van with the patient first.');
    ELSIF asked.asks_person AND NEW.state <> OLD.state AND NOT spoken_of_ending(NEW.id) THEN
        PERFORM refuse('The caller cancels, and nobody has spoken to the person.',
                       'Speak to them and say with whom and when, or say why not.');
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER guard_ending BEFORE UPDATE ON cru.referral FOR EACH ROW
    WHEN (NEW.state IN ('closed', 'declined', 'cancelled')
          AND (NEW.state <> OLD.state OR NEW.outcome IS DISTINCT FROM OLD.outcome OR NEW.end_reason <> OLD.end_reason)
          AND NOT cru.is_being_restored('referral', NEW.id))
    EXECUTE FUNCTION cru.guard_ending_of_referral();

-- A shift lead takes back what was declined or cancelled, with a reason, to where it stood: received, or accepted.
INSERT INTO cru.legal_move (entity, from_state, to_state) VALUES
    ('referral', 'declined', 'received'), ('referral', 'declined', 'accepted'),
    ('referral', 'cancelled', 'received'), ('referral', 'cancelled', 'accepted');

CREATE FUNCTION cru.guard_taken_up_again() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF NOT is_lead() THEN
        PERFORM refuse('Only a shift lead reopens a referral.', 'Ask the shift lead.', 'CR002');
    ELSIF context('reason') = '' THEN
        PERFORM refuse('Reopening needs a reason.', 'Say why.');
    ELSIF (NEW.state = 'accepted') <> (NEW.accepted_at IS NOT NULL) THEN
        PERFORM refuse('A referral goes back to where it stood before it ended.', '', 'CR001');
    END IF;
    NEW.closed_at := NULL;
    RETURN NEW;
END $$;

CREATE TRIGGER guard_taken_up_again BEFORE UPDATE ON cru.referral FOR EACH ROW
    WHEN (OLD.state IN ('declined', 'cancelled') AND NEW.state IN ('received', 'accepted')
          AND NOT cru.is_being_restored('referral', NEW.id))
    EXECUTE FUNCTION cru.guard_taken_up_again();

-- As in 0004, but that a declined or cancelled referral is reopened like a closed one.
CREATE OR REPLACE FUNCTION cru.log_referral() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    before jsonb := CASE WHEN TG_OP = 'INSERT' THEN '{}' ELSE to_jsonb(OLD) END;
    logged text[] := '{state}';
BEGIN
    PERFORM log_times('', before, to_jsonb(NEW), NEW.id, NULL, '', CASE WHEN before ->> 'screened_at' IS NULL
        THEN '{closed_at,entered_in_error_at,screened_at}' ELSE '{closed_at,entered_in_error_at}' END::text[]);
    IF TG_OP = 'INSERT' THEN
        RETURN NULL;
    END IF;
    IF NEW.state <> OLD.state THEN
        logged := logged || '{end_reason,outcome,ae_avoided,ems_released,police_avoided}';
    END IF;
    IF OLD.state <> ALL (open_referral_states()) AND NEW.state = ANY (open_referral_states()) THEN
        PERFORM write_event(NEW.id, NULL, 'reopened', clock_now());
    ELSIF NEW.state <> ALL (open_referral_states()) AND NEW.state <> OLD.state THEN
        PERFORM write_event(NEW.id, NULL, NEW.state, NEW.closed_at, coalesce(nullif(NEW.end_reason, ''), NEW.outcome));
    ELSIF NEW.closed_at IS DISTINCT FROM OLD.closed_at THEN
        PERFORM write_event(NEW.id, NULL, 'time amended', clock_now(), 'closed',
            jsonb_build_object('time', 'closed', 'from', OLD.closed_at, 'to', NEW.closed_at));
    END IF;
    IF NEW.hold_until IS DISTINCT FROM OLD.hold_until THEN
        logged := logged || '{hold_until,hold_reason}';
        PERFORM write_event(NEW.id, NULL, CASE WHEN NEW.hold_until IS NULL THEN 'hold ended' ELSE 'on hold' END,
                            clock_now(), NEW.hold_reason, jsonb_build_object('until', NEW.hold_until));
    END IF;
    IF NEW.entered_in_error_at IS DISTINCT FROM OLD.entered_in_error_at THEN
        logged := logged || '{entered_in_error_reason}';
        PERFORM write_event(NEW.id, NULL, CASE WHEN NEW.entered_in_error_at IS NULL THEN 'entered in error undone'
            ELSE 'entered in error' END, clock_now(), NEW.entered_in_error_reason);
    END IF;
    PERFORM log_details(before, to_jsonb(NEW), NEW.id, NULL, logged);
    RETURN NULL;
END $$;

-- Who is known to be with the person when a referral is declined: the crew whose handover was never taken. That the person
-- stays with them is what declining says.
CREATE FUNCTION cru.stays_with(the_referral uuid) RETURNS cru.handover
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT h FROM handover h WHERE referral_id = the_referral AND taken_back_at IS NULL
        AND from_kind IN ('ems', 'police', 'other') AND to_kind = 'cru' AND accepted_at IS NULL
    ORDER BY ordinal DESC LIMIT 1
$$;

-- AFTER an end or a reopening; it sorts behind "log", so that the ending comes after the end.
CREATE FUNCTION cru.follow_ending() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    asked cru.ending_rule := ending_rule_of(NEW);
    with_them cru.handover;
BEGIN
    IF NEW.state = ANY (open_referral_states()) THEN
        UPDATE ending SET reopened_at = clock_now()
            WHERE referral_id = NEW.id AND reopened_at IS NULL AND taken_back_at IS NULL;
        RETURN NULL;
    END IF;
    IF NEW.state = 'declined' THEN
        with_them := stays_with(NEW.id);
    END IF;
    INSERT INTO ending (referral_id, state, reason, ended_at, holder_kind, holder_name)
    VALUES (NEW.id, NEW.state, coalesce(CASE WHEN NEW.state = 'closed' THEN NEW.outcome ELSE NEW.end_reason END, ''),
            NEW.closed_at, coalesce(with_them.from_kind, ''), left(coalesce(with_them.from_party, ''), 500));
    IF asked.aftercare_hours IS NOT NULL THEN
        INSERT INTO follow_up (referral_id, due_at, what_for)
        VALUES (NEW.id, clock_now() + make_interval(hours => asked.aftercare_hours),
                'Mental-health assessment beside physical care, and aftercare where worries remain');
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER then_end AFTER UPDATE OF state ON cru.referral FOR EACH ROW
    WHEN (NEW.state <> OLD.state AND (NEW.state IN ('closed', 'declined', 'cancelled')
                                      OR OLD.state IN ('closed', 'declined', 'cancelled'))
          AND NOT cru.is_being_restored('referral', NEW.id))
    EXECUTE FUNCTION cru.follow_ending();

CREATE FUNCTION cru.guard_ending() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    who text;
    told timestamptz;
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.version := 1;
    ELSE
        NEW.version := OLD.version + 1;
        PERFORM check_row('ending', jsonb_build_object('id', OLD.id), jsonb_build_object('id', NEW.id), '{}');
        IF OLD.reopened_at IS NOT NULL THEN
            PERFORM refuse('This referral was reopened since.', 'Say it at its new end.', 'CR001');
        ELSIF NEW.holder_kind = '' AND OLD.holder_kind <> '' THEN
            PERFORM refuse('Who is responsible is corrected, never taken away.', 'Say who it is.');
        END IF;
    END IF;
    FOREACH who IN ARRAY '{person,caller,referrer}'::text[] LOOP
        told := (to_jsonb(NEW) ->> (who || '_told_at'))::timestamptz;
        IF told > clock_now() + interval '1 minute' THEN
            PERFORM refuse('A time cannot lie in the future.', 'Check the time.');
        ELSIF told < NEW.ended_at - interval '1 day' THEN
            PERFORM refuse(format('The %s was told more than a day before the end.', who), 'Check the time.');
        END IF;
    END LOOP;
    IF NEW.holder_kind <> '' AND (TG_OP = 'INSERT' OR (NEW.holder_kind, NEW.holder_name)
                                  IS DISTINCT FROM (OLD.holder_kind, OLD.holder_name)) THEN
        NEW.named_by := session_user;
        NEW.named_at := clock_now();
    END IF;
    RETURN NEW;
END $$;

-- Who told somebody, and when, or why not: "person told by K. Bell".
CREATE FUNCTION cru.told_words(who text, told_by text, not_told text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT CASE WHEN told_by <> '' THEN who || ' told by ' || told_by WHEN not_told <> '' THEN who || ' not told: ' || not_told END
$$;

CREATE FUNCTION cru.log_ending() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    before jsonb := CASE WHEN TG_OP = 'INSERT' THEN '{}' ELSE to_jsonb(OLD) END;
    what jsonb := changes(before, to_jsonb(NEW)) - '{id,referral_id,state,reason,ended_at,named_at,named_by,reopened_at,taken_back_at}'::text[];
BEGIN
    IF TG_OP = 'INSERT' AND NEW.holder_kind = '' OR NEW.reopened_at IS NOT NULL OR what = '{}' THEN
        RETURN NULL;
    END IF;
    PERFORM write_event(NEW.referral_id, NULL, 'ending named', clock_now(), concat_ws(', ',
        nullif(NEW.holder_name, ''), told_words('person', NEW.person_told_by, NEW.person_not_told),
        told_words('caller', NEW.caller_told_by, NEW.caller_not_told),
        told_words('referrer', NEW.referrer_told_by, NEW.referrer_not_told)),
        CASE WHEN TG_OP = 'INSERT' THEN jsonb_build_object('holder_kind', NEW.holder_kind) ELSE what END);
    RETURN NULL;
END $$;
