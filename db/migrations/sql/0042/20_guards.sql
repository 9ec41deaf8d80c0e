-- One person has a call, until somebody else takes it over by an act of their own: no two desks write the same one unseen.

CREATE FUNCTION cru.is_on_the_phone(the_referral uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    SELECT EXISTS (SELECT FROM intake_call WHERE referral_id = the_referral AND ended_at IS NULL)
$$;

-- A call that goes on, or ended otherwise than as a referral: counted nowhere.
CREATE FUNCTION cru.is_no_referral(the_referral uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    SELECT EXISTS (SELECT FROM intake_call WHERE referral_id = the_referral AND ended_how <> 'referral')
$$;

CREATE FUNCTION cru.ended_without(the_referral uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    SELECT EXISTS (SELECT FROM intake_call WHERE referral_id = the_referral AND ended_how NOT IN ('', 'referral'))
$$;

CREATE FUNCTION cru.refuse_call_of(the_call cru.intake_call) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = cru, pg_temp AS $$
BEGIN
    PERFORM refuse(format('%s has this call since %s.', name_of((the_call).taken_by),
        local_time((the_call).taken_since_at, clock_now())), 'Take the call over first.', 'CR001');
END $$;

CREATE FUNCTION cru.guard_intake_call() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    it cru.referral;
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM refuse('A call is never deleted.', '', 'CR002');
    END IF;
    SELECT * INTO it FROM referral WHERE id = NEW.referral_id FOR NO KEY UPDATE;
    IF TG_OP = 'INSERT' THEN
        IF it.state <> 'received' OR (NEW.ended_how = '' AND it.acknowledged_at IS NOT NULL) THEN
            PERFORM refuse('That referral is taken already.', 'Look at it again.', 'CR001');
        ELSIF NEW.ended_how NOT IN ('', 'referral') THEN
            PERFORM refuse('A call begins before it ends.', '', 'CR001');
        END IF;
        NEW.version := 1;
        NEW.begun_at := clock_now();
        NEW.taken_by := session_user;
        NEW.taken_since_at := NEW.begun_at;
        NEW.saved_at := NEW.begun_at;
        NEW.call_back_at := NULL;
        -- A console's idea of the record's clock may be some milliseconds ahead of it.
        NEW.answered_at := least(NEW.answered_at, NEW.begun_at);
    ELSIF OLD.ended_at IS NOT NULL THEN
        PERFORM refuse(format('That call is over: %s ended it at %s.', name_of(OLD.ended_by),
            local_time(OLD.ended_at, clock_now())), 'Look at the referral again.', 'CR001');
    ELSE
        PERFORM check_call(OLD, NEW);
        NEW.version := OLD.version + 1;
        IF NEW.taken_by <> OLD.taken_by THEN
            NEW.taken_since_at := clock_now();
            NEW.call_back_at := NULL;
        END IF;
        IF NEW.typed <> OLD.typed THEN
            NEW.saved_at := clock_now();
            -- Whoever types again has the caller on the telephone again.
            NEW.call_back_at := CASE WHEN NEW.call_back_at IS DISTINCT FROM OLD.call_back_at THEN NEW.call_back_at END;
        END IF;
    END IF;
    IF NEW.ended_how = 'referral' AND (it.source IS NULL OR it.priority IS NULL OR it.acknowledged_at IS NULL) THEN
        PERFORM refuse('Who refers, and how urgent it is, is not said yet.', 'Choose both, then save.');
    END IF;
    IF NEW.ended_how <> '' THEN
        NEW.ended_at := clock_now();
        NEW.ended_by := session_user;
        NEW.call_back_at := NULL;
        -- The referral has it, or nobody needs it.
        NEW.typed := '{}';
    ELSE
        NEW.ended_at := NULL;
        NEW.ended_by := '';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION cru.check_call(was cru.intake_call, now cru.intake_call) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = cru, pg_temp AS $$
BEGIN
    IF ((was).referral_id, (was).answered_at, (was).begun_at) IS DISTINCT FROM
       ((now).referral_id, (now).answered_at, (now).begun_at) THEN
        PERFORM refuse('When a call was answered never changes.', '', 'CR002');
    ELSIF (now).taken_by <> (was).taken_by AND (now).taken_by <> session_user THEN
        PERFORM refuse('A call is taken over by whoever does it, and given to nobody.', '', 'CR002');
    ELSIF (now).taken_by = (was).taken_by AND (was).taken_by <> session_user THEN
        PERFORM refuse_call_of(was);
    ELSIF (now).call_back_at IS DISTINCT FROM (was).call_back_at AND (now).call_back_at IS NOT NULL
          AND (now).call_back_at NOT BETWEEN clock_now() AND clock_now() + interval '1 day' THEN
        PERFORM refuse('A caller is called back within a day, and not before now.', 'Choose another time.');
    ELSIF (now).ended_how NOT IN ('', 'referral')
          AND NOT EXISTS (SELECT FROM reason WHERE kind = 'call' AND code = (now).ended_how) THEN
        PERFORM refuse('A call ends with a reason of the list.', 'Choose one.');
    END IF;
END $$;

-- A referral that is still being taken goes no further, and only whoever has the call writes it.
CREATE FUNCTION cru.guard_on_the_phone() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    it cru.intake_call;
BEGIN
    SELECT * INTO it FROM intake_call WHERE referral_id = NEW.id AND ended_how <> 'referral';
    IF NOT FOUND THEN
        RETURN NEW;
    ELSIF it.ended_at IS NOT NULL THEN
        IF NEW.state <> 'received' OR (OLD.entered_in_error_at IS NOT NULL AND NEW.entered_in_error_at IS NULL) THEN
            PERFORM refuse('That call ended without a referral.', 'Take it down anew.', 'CR001');
        END IF;
    ELSIF it.taken_by <> session_user THEN
        PERFORM refuse_call_of(it);
    ELSIF NEW.state <> 'received' OR NEW.hold_until IS NOT NULL OR NEW.entered_in_error_at IS NOT NULL THEN
        PERFORM refuse(format('%s is still being taken.', NEW.reference), 'Save it, or end the call.', 'CR001');
    END IF;
    RETURN NEW;
END $$;

-- What says neither who refers nor how urgent it is has a call that goes on, or ended.
CREATE FUNCTION cru.guard_unsaid() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM referral WHERE id = NEW.id AND num_nulls(source, priority) > 0) AND NOT is_no_referral(NEW.id) THEN
        PERFORM refuse('A referral says who refers and how urgent it is.', 'Choose both.');
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION cru.log_intake_call() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    why text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM write_event(NEW.referral_id, NULL, 'phone answered', NEW.answered_at);
        RETURN NULL;
    END IF;
    IF NEW.taken_by <> OLD.taken_by THEN
        PERFORM write_event(NEW.referral_id, NULL, 'call taken over', NEW.taken_since_at, '',
            jsonb_build_object('from', OLD.taken_by));
    END IF;
    IF NEW.call_back_at IS DISTINCT FROM OLD.call_back_at AND NEW.call_back_at IS NOT NULL THEN
        PERFORM write_event(NEW.referral_id, NULL, 'caller hung up', clock_now(), '',
            jsonb_build_object('until', NEW.call_back_at));
    END IF;
    IF NEW.ended_how NOT IN ('', 'referral') THEN
        why := (SELECT label FROM reason WHERE kind = 'call' AND code = NEW.ended_how);
        PERFORM write_event(NEW.referral_id, NULL, 'call ended', NEW.ended_at, why);
        UPDATE referral SET entered_in_error_at = NEW.ended_at, entered_in_error_reason = 'call without a referral: ' || why
            WHERE id = NEW.referral_id;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON cru.intake_call
    FOR EACH ROW EXECUTE FUNCTION cru.guard_intake_call();
CREATE TRIGGER log AFTER INSERT OR UPDATE ON cru.intake_call
    FOR EACH ROW EXECUTE FUNCTION cru.log_intake_call();
CREATE TRIGGER note_insert AFTER INSERT ON cru.intake_call REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION cru.note_rows('referral_id', 'intake_call');
CREATE TRIGGER note_update AFTER UPDATE ON cru.intake_call REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION cru.note_rows('referral_id', 'intake_call');
CREATE TRIGGER note_truncate AFTER TRUNCATE ON cru.intake_call
    FOR EACH STATEMENT EXECUTE FUNCTION cru.note_whole('all');

-- Before the other guards, so that whoever has not the call is told so and nothing else.
CREATE TRIGGER a_on_the_phone BEFORE UPDATE ON cru.referral FOR EACH ROW
    WHEN (NOT cru.is_being_restored('referral', NEW.id)) EXECUTE FUNCTION cru.guard_on_the_phone();
CREATE CONSTRAINT TRIGGER unsaid AFTER INSERT OR UPDATE ON cru.referral DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.source IS NULL OR NEW.priority IS NULL) EXECUTE FUNCTION cru.guard_unsaid();

REVOKE ALL ON FUNCTION cru.is_on_the_phone(uuid), cru.is_no_referral(uuid), cru.ended_without(uuid),
    cru.refuse_call_of(cru.intake_call), cru.guard_intake_call(), cru.check_call(cru.intake_call, cru.intake_call),
    cru.guard_on_the_phone(), cru.guard_unsaid(), cru.log_intake_call() FROM PUBLIC;
GRANT SELECT ON cru.intake_call TO cru_dispatcher;
GRANT INSERT (referral_id, answered_at, typed, ended_how), UPDATE (taken_by, typed, call_back_at, ended_how)
    ON cru.intake_call TO cru_dispatcher;
