-- Answers, readings and decisions: who may write what.

-- As it was, but that the version in force is asked for and not the newest, and that how an answer came about is kept.
CREATE OR REPLACE FUNCTION cru.guard_screening() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    NEW.override_clinician := btrim(NEW.override_clinician);
    NEW.override_reason := btrim(NEW.override_reason);
    IF NEW.override_at IS NULL AND NEW.override_clinician || NEW.override_reason <> ''
       OR NEW.override_at > cru.clock_now() + interval '1 minute' THEN
        PERFORM cru.refuse('An override has a time, and not one in the future.');
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.override_at IS NOT NULL AND NOT cru.is_lead() THEN
            PERFORM cru.refuse('Only a shift lead records an override.', 'Ask the shift lead.', 'CR002');
        END IF;
        NEW.version := 1;
        NEW.completed_by := session_user;
        NEW.not_measured := btrim(NEW.not_measured);
        IF jsonb_typeof(NEW.answers) <> 'object' OR EXISTS (SELECT FROM jsonb_each_text(NEW.answers) a
                WHERE a.value IS NULL OR a.value NOT IN ('yes', 'no', 'not known')) THEN
            PERFORM cru.refuse('A screening answer is yes, no or not known.');
        ELSIF NEW.tool_version IS DISTINCT FROM cru.tool_in_force() THEN
            PERFORM cru.refuse('Another version of the screening tool is in force.', 'Ask its questions instead.');
        END IF;
    ELSE
        NEW.version := OLD.version + 1;
        PERFORM cru.check_row('screening', to_jsonb(OLD), to_jsonb(NEW),
            '{referral_id,tool_version,answers,how,not_measured,note,completed_at,completed_by}');
        IF NOT cru.is_lead() THEN
            PERFORM cru.refuse('Only a shift lead records an override.', 'Ask the shift lead.', 'CR002');
        END IF;
        IF OLD.override_at IS NOT NULL THEN
            PERFORM cru.refuse('This screening is overridden already.', '', 'CR001');
        END IF;
    END IF;
    IF NEW.completed_at > cru.clock_now() + interval '1 minute' THEN
        PERFORM cru.refuse('A time cannot lie in the future.', 'Check the time.');
    END IF;
    IF NEW.override_at IS NOT NULL THEN
        NEW.override_by := session_user;
    END IF;
    RETURN NEW;
END $$;

-- "The rest no" never covers what kills, and how an answer came about stays with it. Runs after the guard.
CREATE FUNCTION cru.guard_how() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    before jsonb := (SELECT answers FROM screening WHERE referral_id = NEW.referral_id AND taken_back_at IS NULL
                     ORDER BY completed_at DESC, id LIMIT 1);
    wrong text;
BEGIN
    SELECT i.text INTO wrong FROM screening_item i WHERE i.tool_version = NEW.tool_version AND i.alone
        AND NEW.answers ? i.key AND coalesce(NEW.how ->> i.key, 'group') = 'group' ORDER BY i.ordinal LIMIT 1;
    IF wrong IS NOT NULL THEN
        PERFORM refuse(format('“%s” is asked by itself.', wrong), 'Ask it, and say that it was asked.');
    END IF;
    SELECT h.key INTO wrong FROM jsonb_each_text(NEW.how) h WHERE NOT NEW.answers ? h.key LIMIT 1;
    IF wrong IS NOT NULL THEN
        PERFORM refuse(format('How “%s” was answered is said, and no answer.', wrong));
    END IF;
    SELECT h.key INTO wrong FROM jsonb_each_text(NEW.how) h
        WHERE h.value = 'not asked' AND NEW.answers ->> h.key <> 'not known' LIMIT 1;
    IF wrong IS NOT NULL THEN
        PERFORM refuse(format('“%s” was not asked, so it is not known.', wrong));
    END IF;
    SELECT h.key INTO wrong FROM jsonb_each_text(NEW.how) h WHERE h.value = 'group' AND (NEW.answers ->> h.key <> 'no'
        OR before ->> h.key <> 'no') LIMIT 1;
    IF wrong IS NOT NULL THEN
        PERFORM refuse(format('“%s” was not a plain no, and is not answered together with others.', wrong),
                       'Ask it by itself.');
    END IF;
    SELECT h.key INTO wrong FROM jsonb_each_text(NEW.how) h WHERE h.value = 'not measured'
        AND (h.key <> 'observations' OR NEW.answers ->> h.key <> 'not known') LIMIT 1;
    IF wrong IS NOT NULL OR (NEW.how ->> 'observations' IS NOT DISTINCT FROM 'not measured') <> (NEW.not_measured <> '') THEN
        PERFORM refuse('Only observations are not measured: they are not known then, and the reason is said.',
                       'Say why they could not be measured.');
    END IF;
    SELECT i.text INTO wrong FROM screening_item i WHERE i.tool_version = NEW.tool_version AND i.branch = 'not_measured'
        AND NEW.not_measured <> '' AND coalesce(NEW.how ->> i.key, 'group') IN ('group', 'not asked') ORDER BY i.ordinal LIMIT 1;
    IF wrong IS NOT NULL THEN
        PERFORM refuse(format('“%s” is asked where nothing was measured.', wrong), 'Ask it by itself.');
    END IF;
    -- An answer that differs from the one before it was changed, whatever is said of it.
    NEW.how := NEW.how || coalesce((SELECT jsonb_object_agg(h.key, 'changed') FROM jsonb_each_text(NEW.how) h
        WHERE h.value IN ('asked', 'not asked') AND before ->> h.key <> NEW.answers ->> h.key), '{}');
    RETURN NEW;
END $$;

CREATE TRIGGER guard_how BEFORE INSERT ON cru.screening FOR EACH ROW
    WHEN (NOT cru.is_being_restored('screening', NEW.id)) EXECUTE FUNCTION cru.guard_how();

-- A caution for the safety of staff speaks against going there, unless somebody says that it does not.
CREATE FUNCTION cru.fill_flag() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    NEW.danger := coalesce(NEW.danger, NEW.kind = 'staff safety');
    RETURN NEW;
END $$;

CREATE TRIGGER fill BEFORE INSERT ON cru.flag FOR EACH ROW
    WHEN (NOT cru.is_being_restored('flag', NEW.id)) EXECUTE FUNCTION cru.fill_flag();

-- A reading says what the program found in the text that stands there now. It stays true of that text, whatever is
-- taken back, so it is no act.
CREATE FUNCTION cru.guard_reading() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM refuse('What was read is never changed.', 'Read it again.', 'CR002');
    END IF;
    NEW.read_by := session_user;
    NEW.read_at := clock_now();
    IF NOT EXISTS (SELECT FROM referral r WHERE r.id = NEW.referral_id AND NEW.event_id IS NULL
                   AND digest(r.narrative) = NEW.text_digest)
       AND NOT EXISTS (SELECT FROM event e WHERE e.id = NEW.event_id AND e.referral_id = NEW.referral_id
                       AND e.kind = 'note' AND digest(e.words) = NEW.text_digest) THEN
        PERFORM refuse('What was read is not what stands there now.', 'Read it again.', 'CR001');
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON cru.reading FOR EACH ROW EXECUTE FUNCTION cru.guard_reading();
CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON cru.reading FOR EACH STATEMENT EXECUTE FUNCTION cru.guard_reading();

-- A decision covers what stands now, by name, and nothing that comes later. A shift lead records a clinician's; that
-- words were looked at, whoever looked.
CREATE FUNCTION cru.guard_decision() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    the_referral cru.referral;
    wrong text;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM refuse('A decision is never changed.', 'Decide anew.', 'CR002');
    END IF;
    NEW.clinician := btrim(NEW.clinician);
    NEW.reason := btrim(NEW.reason);
    NEW.decided_by := session_user;
    NEW.decided_at := clock_now();
    SELECT * INTO the_referral FROM referral WHERE id = NEW.referral_id FOR NO KEY UPDATE;
    IF the_referral.state <> ALL (open_referral_states()) OR the_referral.entered_in_error_at IS NOT NULL THEN
        PERFORM refuse(format('%s is %s.', the_referral.reference, the_referral.state), '', 'CR001');
    ELSIF cardinality(NEW.covers) = 0 THEN
        PERFORM refuse('A decision names what it lets through.');
    ELSIF NEW.kind = 'let on' AND NOT is_lead() THEN
        PERFORM refuse('Only a shift lead records a clinician''s decision.', 'Ask the shift lead.', 'CR002');
    END IF;
    SELECT string_agg(s.words, '; ') INTO wrong FROM stands_against(NEW.referral_id) s
        WHERE s.hard AND s.what = ANY (NEW.covers);
    IF wrong IS NOT NULL THEN
        PERFORM refuse(format('Nobody may let this on: %s.', wrong), '999, or back to EMAS.', 'CR002');
    END IF;
    SELECT c INTO wrong FROM unnest(NEW.covers) AS c WHERE NOT EXISTS (
        SELECT FROM stands_against(NEW.referral_id) s WHERE s.what = c AND (NEW.kind = 'let on' OR s.kind = 'words')) LIMIT 1;
    IF wrong IS NOT NULL THEN
        PERFORM refuse('What is to be let on is not what stands against it now.', 'Look at it again.', 'CR001');
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER a_taken_back BEFORE UPDATE ON cru.decision FOR EACH ROW WHEN (OLD.taken_back_at IS NOT NULL)
    EXECUTE FUNCTION cru.guard_taken_back();
CREATE TRIGGER act AFTER INSERT ON cru.decision FOR EACH ROW
    WHEN (NOT cru.is_being_restored('decision', NEW.id)) EXECUTE FUNCTION cru.note_act();
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON cru.decision FOR EACH ROW
    WHEN (NOT cru.is_being_restored('decision', NEW.id)) EXECUTE FUNCTION cru.guard_decision();
CREATE TRIGGER guard_delete BEFORE DELETE ON cru.decision FOR EACH ROW EXECUTE FUNCTION cru.guard_decision();
CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON cru.decision FOR EACH STATEMENT EXECUTE FUNCTION cru.guard_decision();

CREATE FUNCTION cru.log_decision() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    PERFORM write_event(NEW.referral_id, NULL, CASE NEW.kind WHEN 'let on' THEN 'let on by a clinician' ELSE NEW.kind END,
        NEW.decided_at, NEW.clinician || ': ' || NEW.reason, jsonb_build_object('covers', to_jsonb(NEW.covers)));
    RETURN NULL;
END $$;

CREATE TRIGGER log AFTER INSERT ON cru.decision FOR EACH ROW
    WHEN (NOT cru.is_being_restored('decision', NEW.id)) EXECUTE FUNCTION cru.log_decision();

-- An override that a program writes beside a screening, as before decisions had a table, lets on what that screening
-- and those before it say, as far as anybody may.
CREATE FUNCTION cru.then_decide() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    open_now text[];
BEGIN
    SELECT array_agg(what) INTO open_now FROM stands_against(NEW.referral_id)
        WHERE kind IN ('yes', 'not known', 'earlier') AND NOT hard;
    IF open_now IS NOT NULL THEN
        INSERT INTO decision (referral_id, kind, clinician, reason, covers) VALUES (NEW.referral_id, 'let on',
            regexp_replace(NEW.override_clinician, '[\u0001-\u001F\u007F]+', ' ', 'g'), NEW.override_reason, open_now);
    END IF;
    RETURN NULL;
END $$;

-- Before "log", so that the override is what was done last.
CREATE TRIGGER decide AFTER INSERT OR UPDATE OF override_at ON cru.screening FOR EACH ROW
    WHEN (NEW.override_at IS NOT NULL AND NOT cru.is_being_restored('screening', NEW.id))
    EXECUTE FUNCTION cru.then_decide();

REVOKE ALL ON FUNCTION cru.guard_how(), cru.fill_flag(), cru.guard_reading(), cru.guard_decision(), cru.log_decision(),
    cru.then_decide() FROM PUBLIC;

GRANT SELECT ON cru.reading, cru.decision, cru.danger TO cru_dispatcher;
GRANT INSERT (how, not_measured) ON cru.screening TO cru_dispatcher;
GRANT INSERT (danger) ON cru.flag TO cru_dispatcher;
GRANT INSERT (id, referral_id, tool_version, text_digest, event_id, found) ON cru.reading TO cru_dispatcher;
GRANT INSERT (id, referral_id, kind, clinician, reason, covers) ON cru.decision TO cru_dispatcher;
