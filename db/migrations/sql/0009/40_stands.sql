-- What stands against the next step of a referral: one rule, asked at every step. db/domain/danger.py has the same, and
-- a test compares the two on many histories.

-- Flags that say danger now. A function of its own, because whose flags a referral has may come to mean more.
CREATE FUNCTION cru.danger_flags(the_referral uuid) RETURNS TABLE (id uuid, kind text, until timestamptz)
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT f.id, f.kind, f.expires_at FROM flag f WHERE f.referral_id = the_referral AND f.danger
        AND f.taken_back_at IS NULL AND (f.expires_at IS NULL OR f.expires_at > clock_now())
$$;

-- The version by which a referral's words are read: that of its latest screening, or the one in force.
CREATE FUNCTION cru.tool_of(the_referral uuid) RETURNS integer
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT coalesce((SELECT tool_version FROM screening WHERE referral_id = the_referral AND taken_back_at IS NULL
                     ORDER BY completed_at DESC, id LIMIT 1), tool_in_force())
$$;

-- Each row names itself by "what", which a decision covers. A yes is known by the screening in which it began, so that
-- a later yes, or the same after a no, is another one. What is "hard" nobody may let on.
CREATE FUNCTION cru.stands_against(the_referral uuid)
RETURNS TABLE (what text, kind text, key text, words text, hard boolean, until timestamptz)
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
WITH r AS (SELECT * FROM referral WHERE id = the_referral),
s AS (
    SELECT *, row_number() OVER (ORDER BY completed_at, id DESC) AS n FROM screening
    WHERE referral_id = the_referral AND taken_back_at IS NULL
), latest AS (SELECT * FROM s ORDER BY n DESC LIMIT 1),
item AS (SELECT i.* FROM screening_item i WHERE i.tool_version = tool_of(the_referral)),
said AS (
    SELECT s.n, s.id, s.tool_version, a.key, a.value,
        (a.value IS DISTINCT FROM lag(a.value) OVER (PARTITION BY a.key ORDER BY s.n))::integer AS fresh
    FROM s CROSS JOIN LATERAL jsonb_each_text(s.answers) AS a
), run AS (SELECT *, sum(fresh) OVER (PARTITION BY key ORDER BY n) AS nth FROM said),
origin AS (
    -- Where each run of the same answer began, and whether it is the answer now.
    SELECT o.*, o.nth = max(o.nth) OVER (PARTITION BY o.key) AND o.value = (SELECT answers ->> o.key FROM latest) AS is_now,
        coalesce((SELECT i.text FROM screening_item i WHERE i.tool_version = o.tool_version AND i.key = o.key), o.key) AS text
    FROM run o WHERE o.fresh = 1
), found (what, kind, key, words, hard, until, rank, place) AS (
    SELECT 'unscreened', 'unscreened', '', 'not screened', true, NULL::timestamptz, 0, 0
        WHERE NOT EXISTS (SELECT FROM latest) OR NOT EXISTS (SELECT FROM item)
    UNION ALL
    SELECT 'scale A', 'scale', '', 'scale A, immediate danger', true, NULL, 1, 0 FROM r WHERE triage_scale = 'A'
    UNION ALL
    SELECT 'yes ' || o.id || ' ' || o.key, CASE WHEN o.is_now THEN 'yes' ELSE 'earlier' END, o.key,
        CASE WHEN o.is_now THEN 'yes: ' ELSE 'yes earlier: ' END || o.text,
        o.is_now AND coalesce((SELECT no_override FROM item i WHERE i.key = o.key), false), NULL,
        CASE WHEN o.is_now THEN 2 ELSE 6 END, coalesce((SELECT ordinal FROM item i WHERE i.key = o.key), 9999)
        FROM origin o WHERE o.value = 'yes'
    UNION ALL
    SELECT 'flag ' || f.id, 'flag', '', 'caution: ' || f.kind, false, f.until, 3, 0 FROM danger_flags(the_referral) f
    UNION ALL
    SELECT DISTINCT 'words ' || (f.one ->> 'key') || ' ' || md5((f.one ->> 'word') || '|' || (f.one ->> 'said')), 'words',
        f.one ->> 'key', 'says “' || (f.one ->> 'word') || '”: ' || coalesce(i.text, f.one ->> 'key'), false,
        NULL::timestamptz, 4, coalesce(i.ordinal, 9999)
        FROM reading rd CROSS JOIN LATERAL jsonb_array_elements(rd.found) AS f(one) LEFT JOIN item i ON i.key = f.one ->> 'key'
        WHERE rd.referral_id = the_referral AND CASE WHEN rd.event_id IS NULL
            THEN rd.tool_version = tool_of(the_referral) AND rd.text_digest = (SELECT digest(narrative) FROM r)
            ELSE NOT EXISTS (SELECT FROM event e WHERE e.amends = rd.event_id AND e.kind LIKE '% taken back') END
        -- A word that meets a yes, or a not known, says nothing that does not stand already.
        AND coalesce((SELECT answers ->> (f.one ->> 'key') FROM latest), 'no') = 'no'
    UNION ALL
    SELECT 'not known ' || o.id || ' ' || o.key, 'not known', o.key, 'not known: ' || o.text, false, NULL, 5,
        coalesce((SELECT ordinal FROM item i WHERE i.key = o.key), 9999)
        FROM origin o, latest l WHERE o.is_now AND o.value NOT IN ('yes', 'no')
        -- What could not be measured was asked about instead.
        AND NOT (l.how ->> o.key = 'not measured' AND l.not_measured <> ''
                 AND EXISTS (SELECT FROM item WHERE branch = 'not_measured'))
    UNION ALL
    SELECT 'unanswered ' || i.key, 'unanswered', i.key, 'not asked: ' || i.text, true, NULL, 7, i.ordinal
        FROM item i, latest l WHERE l.answers ->> i.key IS NULL
        AND (i.branch = '' OR i.branch = 'not_measured' AND l.how ->> 'observations' = 'not measured')
    UNION ALL
    SELECT 'scale ' || e.id, 'scale earlier', '', 'scale A earlier', false, NULL, 8, 0
        FROM r, LATERAL (SELECT max(c.id) AS id FROM event c WHERE c.referral_id = the_referral
            AND c.kind = 'details changed' AND c.detail -> 'triage_scale' ->> 'from' = 'A'
            AND NOT EXISTS (SELECT FROM event b WHERE b.amends = c.id AND b.kind LIKE '% taken back')) e
        WHERE r.triage_scale <> 'A' AND e.id IS NOT NULL
    UNION ALL
    SELECT 'unread', 'unread', '', 'the narrative was not read since it changed', true, NULL, 9, 0 FROM r
        WHERE r.narrative ~ '[^[:space:]]' AND NOT EXISTS (
            SELECT FROM reading rd WHERE rd.referral_id = the_referral AND rd.event_id IS NULL
            AND rd.tool_version = tool_of(the_referral) AND rd.text_digest = digest(r.narrative))
)
SELECT f.what, f.kind, f.key, f.words, f.hard, f.until FROM found f
WHERE f.hard OR NOT EXISTS (SELECT FROM decision d WHERE d.referral_id = the_referral AND d.taken_back_at IS NULL
                            AND f.what = ANY (d.covers))
ORDER BY f.rank, f.place, f.what
$$;

-- The screening's part of it, which "accept" has always asked for.
CREATE OR REPLACE FUNCTION cru.screening_lets_through(the_referral uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT NOT EXISTS (SELECT FROM stands_against(the_referral)
                       WHERE kind IN ('unscreened', 'unanswered', 'yes', 'not known'))
$$;

-- The narrative that still has to be read, and by which version; no row where it was read.
CREATE FUNCTION cru.to_be_read(the_referral uuid) RETURNS TABLE (narrative text, tool_version integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    SELECT r.narrative, tool_of(r.id) FROM referral r WHERE r.id = the_referral AND r.narrative ~ '[^[:space:]]'
        AND tool_of(r.id) IS NOT NULL AND NOT EXISTS (
            SELECT FROM reading rd WHERE rd.referral_id = r.id AND rd.event_id IS NULL
            AND rd.tool_version = tool_of(r.id) AND rd.text_digest = digest(r.narrative))
$$;

-- Refuse a step while anything stands against it.
CREATE FUNCTION cru.check_stands(the_referral uuid, the_step text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = cru, pg_temp AS $$
DECLARE
    all_words text;
    any_hard boolean;
    only_unread boolean;
BEGIN
    SELECT string_agg(words, '; '), bool_or(hard), bool_and(kind = 'unread') INTO all_words, any_hard, only_unread
        FROM stands_against(the_referral);
    IF all_words IS NOT NULL THEN
        PERFORM refuse(format('Not %s: %s.', the_step, left(all_words, 500)), CASE
            WHEN only_unread THEN 'Save the narrative again, so that it is read.'
            WHEN any_hard THEN 'Screen again, or say 999 / back to EMAS. Nobody may let this on.'
            ELSE 'Screen again, say 999 / back to EMAS, or ask a clinician to decide.' END);
    END IF;
END $$;

CREATE FUNCTION cru.guard_danger() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'referral' THEN
        PERFORM check_stands(NEW.id, NEW.state);
        RETURN NEW;
    END IF;
    -- A van may always acknowledge, wait at a rendezvous, and be stood down; a crew that is there already goes on.
    -- "mobile", and whatever brings it from the way to the person, is asked about.
    IF TG_OP = 'UPDATE' AND (OLD.state <> ALL (en_route_states())
                             OR NEW.state <> 'mobile' AND NEW.state <> ALL (at_scene_states())) THEN
        RETURN NEW;
    END IF;
    -- Locked as every guard locks it: what was asked stays true until the commit.
    PERFORM FROM referral WHERE id = NEW.referral_id FOR NO KEY UPDATE;
    PERFORM check_stands(NEW.referral_id, NEW.state);
    RETURN NEW;
END $$;

CREATE TRIGGER guard_danger BEFORE UPDATE OF state ON cru.referral FOR EACH ROW
    WHEN (NEW.state = 'accepted' AND OLD.state = 'received' AND NOT cru.is_being_restored('referral', NEW.id))
    EXECUTE FUNCTION cru.guard_danger();
CREATE TRIGGER guard_danger BEFORE INSERT ON cru.assignment FOR EACH ROW
    WHEN (NOT cru.is_being_restored('assignment', NEW.id)) EXECUTE FUNCTION cru.guard_danger();
CREATE TRIGGER guard_danger_step BEFORE UPDATE OF state ON cru.assignment FOR EACH ROW
    WHEN (OLD.state <> NEW.state AND NOT cru.is_being_restored('assignment', NEW.id))
    EXECUTE FUNCTION cru.guard_danger();

REVOKE ALL ON FUNCTION cru.danger_flags(uuid), cru.tool_of(uuid), cru.stands_against(uuid), cru.to_be_read(uuid),
    cru.check_stands(uuid, text), cru.guard_danger() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.to_be_read(uuid) TO cru_dispatcher;
