-- Danger is told wherever somebody types: how to get in, what the person says about themselves, why it rests. As in 0030, but
-- that all of it is read.

CREATE OR REPLACE FUNCTION cru.word_kinds() RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT '{note,contact,shift log,shift log corrected,received,details changed,about me,about me taken over,on hold,van stood down,handover refused,promise kept,promise not kept,follow-up done}'::text[]
$$;

-- The words of an event that somebody typed about a person; null where there are none to be read.
CREATE FUNCTION cru.words_of(e cru.event) RETURNS text
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT CASE
        -- The story says of these that they were, and which, and has their words elsewhere.
        WHEN e.kind = 'received' THEN (SELECT access_note FROM referral WHERE id = e.referral_id)
        WHEN e.kind = 'details changed' THEN e.detail -> 'access_note' ->> 'to'
        WHEN e.kind LIKE 'promise %' THEN (SELECT promise_note FROM contact WHERE id = (e.detail ->> 'contact')::uuid)
        -- What somebody is called is no danger, whatever it means elsewhere.
        WHEN e.kind LIKE 'about me%' AND e.detail ->> 'topic' IN ('call_me', 'pronouns') THEN NULL
        -- A reason from a list is one word; one that was typed has several.
        WHEN e.kind IN ('on hold', 'van stood down', 'handover refused') AND e.words !~ '[^[:space:]][[:space:]]+[^[:space:]]' THEN NULL
        ELSE e.words END
$$;

CREATE OR REPLACE FUNCTION cru.unread_words(the_referral uuid) RETURNS TABLE (id bigint, words text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    -- What was read already, which is nearly all, is left out before its words are looked for.
    WITH new AS MATERIALIZED (
        SELECT e FROM event e WHERE e.referral_id = the_referral AND e.kind = ANY (word_kinds())
            AND e.id NOT IN (SELECT r.event_id FROM reading r WHERE r.referral_id = the_referral AND r.event_id IS NOT NULL)
            AND e.id NOT IN (SELECT b.amends FROM event b WHERE b.referral_id = the_referral AND b.amends IS NOT NULL
                             AND b.kind LIKE '% taken back')
    ), said AS MATERIALIZED (SELECT (e).id AS id, (e).detail AS detail, words_of(e) AS words FROM new)
    SELECT s.id, s.words FROM said s
    WHERE s.words ~ '[^[:space:]]' AND s.words IS DISTINCT FROM s.detail ->> 'with_name' ORDER BY s.id
$$;

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
                       AND e.kind = ANY (word_kinds()) AND digest(words_of(e)) = NEW.text_digest) THEN
        PERFORM refuse('What was read is not what stands there now.', 'Read it again.', 'CR001');
    END IF;
    RETURN NEW;
END $$;

-- What is taken back was not said, and says nothing. Of the others 0009 and 0030 know.
CREATE TRIGGER then_danger_of_fields AFTER INSERT ON cru.event FOR EACH ROW
    WHEN (NEW.kind IN ('about me taken back', 'about me taken over taken back', 'on hold taken back', 'van stood down taken back',
          'handover refused taken back', 'promise kept taken back', 'promise not kept taken back', 'follow-up done taken back')
          AND NEW.referral_id IS NOT NULL)
    EXECUTE FUNCTION cru.then_danger();

REVOKE ALL ON FUNCTION cru.words_of(cru.event) FROM PUBLIC;
