-- What is told of somebody is told in notes, in calls while they wait, and in the shift log: all of it is read for danger,
-- and no step goes past it unread, whichever program asks for the step.

CREATE FUNCTION cru.word_kinds() RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT '{note,contact,shift log,shift log corrected}'::text[]
$$;

-- What was written of a referral and not read yet. A call of which nothing was said has the name alone.
CREATE FUNCTION cru.unread_words(the_referral uuid) RETURNS TABLE (id bigint, words text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    SELECT e.id, e.words FROM event e WHERE e.referral_id = the_referral AND e.kind = ANY (word_kinds())
        AND e.words ~ '[^[:space:]]' AND e.words IS DISTINCT FROM e.detail ->> 'with_name'
        AND NOT EXISTS (SELECT FROM reading r WHERE r.referral_id = e.referral_id AND r.event_id = e.id)
        AND NOT EXISTS (SELECT FROM event b WHERE b.amends = e.id AND b.kind LIKE '% taken back')
    ORDER BY e.id
$$;

-- As in 0009, but that a note is not all that can be read.
CREATE OR REPLACE FUNCTION cru.guard_reading() RETURNS trigger
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
                       AND e.kind = ANY (word_kinds()) AND digest(e.words) = NEW.text_digest) THEN
        PERFORM refuse('What was read is not what stands there now.', 'Read it again.', 'CR001');
    END IF;
    RETURN NEW;
END $$;

-- The same steps as "guard_danger" asks about. It runs behind that, whose sentences come first.
CREATE FUNCTION cru.guard_unread() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'assignment' AND TG_OP = 'UPDATE'
       AND (OLD.state <> ALL (en_route_states()) OR NEW.state <> 'mobile' AND NEW.state <> ALL (at_scene_states())) THEN
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT FROM unread_words((to_jsonb(NEW) ->> CASE TG_TABLE_NAME WHEN 'referral' THEN 'id'
                                         ELSE 'referral_id' END)::uuid)) THEN
        PERFORM refuse(format('Not %s: what was written of them since was not read for danger.', NEW.state),
                       'Take this step in the console, which reads it.');
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER guard_unread BEFORE UPDATE OF state ON cru.referral FOR EACH ROW
    WHEN (NEW.state = 'accepted' AND OLD.state = 'received' AND NOT cru.is_being_restored('referral', NEW.id))
    EXECUTE FUNCTION cru.guard_unread();
CREATE TRIGGER guard_unread BEFORE INSERT ON cru.assignment FOR EACH ROW
    WHEN (NOT cru.is_being_restored('assignment', NEW.id)) EXECUTE FUNCTION cru.guard_unread();
CREATE TRIGGER guard_unread_step BEFORE UPDATE OF state ON cru.assignment FOR EACH ROW
    WHEN (OLD.state <> NEW.state AND NOT cru.is_being_restored('assignment', NEW.id))
    EXECUTE FUNCTION cru.guard_unread();

-- "guard_danger" looks at the row as it was: what the same statement changes beside the state is asked about once it stands.
CREATE TRIGGER guard_danger_after AFTER UPDATE OF state ON cru.referral FOR EACH ROW
    WHEN (NEW.state = 'accepted' AND OLD.state = 'received' AND NOT cru.is_being_restored('referral', NEW.id)
          AND (NEW.triage_scale <> OLD.triage_scale OR NEW.narrative <> OLD.narrative))
    EXECUTE FUNCTION cru.guard_danger();

-- A call that is taken back was not made, and says nothing.
CREATE TRIGGER then_danger_of_words AFTER INSERT ON cru.event FOR EACH ROW
    WHEN (NEW.kind IN ('contact taken back', 'shift log taken back', 'shift log corrected taken back')
          AND NEW.referral_id IS NOT NULL)
    EXECUTE FUNCTION cru.then_danger();

REVOKE ALL ON FUNCTION cru.word_kinds(), cru.unread_words(uuid), cru.guard_unread() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.unread_words(uuid) TO cru_dispatcher;
