-- Whether the person was spoken to about the end that stands, or that is to be, or it was said why not.
CREATE OR REPLACE FUNCTION cru.spoken_of_ending(the_referral uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT EXISTS (SELECT FROM contact c WHERE c.referral_id = the_referral AND c.taken_back_at IS NULL
        AND c.about = 'cancel' AND c.spoke_with IN ('person', 'nobody')
        AND NOT EXISTS (SELECT FROM ending e WHERE e.referral_id = the_referral AND e.taken_back_at IS NULL
                        AND e.reopened_at >= c.made_at))
$$;

-- How well an event says what an act was, the least first: the beginning or end of a referral, else what a van did, else what
-- came last; what followed from it by itself says it worst.
CREATE FUNCTION cru.says_best(the_kind text, of_van boolean) RETURNS integer
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT CASE WHEN ends_a_referral(the_kind) OR the_kind IN ('end put right', 'received') THEN 0
        ELSE CASE WHEN of_van THEN 1 ELSE 4 END + CASE WHEN the_kind IN ('follow-up planned', 'danger', 'danger over') THEN 2
            WHEN the_kind LIKE 'shift %' OR the_kind = 'details changed' THEN 1 ELSE 0 END END
$$;

CREATE OR REPLACE FUNCTION cru.main_event(the_act uuid) RETURNS cru.event
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT e FROM act_part p JOIN event e ON e.id = cru.event_of(p)
    WHERE p.act_id = the_act AND p.table_name = 'event'
    ORDER BY says_best(e.kind, e.van_id IS NOT NULL), e.id DESC LIMIT 1
$$;

-- The acts of a referral, or of a van's duty, that were not taken back, each by the event that says it best.
CREATE OR REPLACE FUNCTION cru.acts_of(the_referral uuid, the_van uuid DEFAULT NULL) RETURNS TABLE (
    event_id bigint, act_id uuid, referral_id uuid, van_id uuid, kind text, words text, done_by text,
    done_at timestamptz, blocked text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    WITH told AS MATERIALIZED (
        SELECT DISTINCT ON (a.id) e.id AS event_id, a.id AS act_id, e.referral_id, e.van_id, e.kind, e.words, a.done_by, a.done_at
        FROM act_part p JOIN act a ON a.id = p.act_id JOIN event e ON e.id = cru.event_of(p)
        WHERE p.table_name = 'event' AND a.taken_back_at IS NULL AND (the_referral IS NULL OR may_tell(the_referral))
            AND (p.referral_id = the_referral OR the_van = p.van_id AND p.referral_id IS NULL)
        ORDER BY a.id, says_best(e.kind, e.van_id IS NOT NULL), e.id DESC)
    SELECT told.*, why_not_taken_back(act_id) FROM told ORDER BY event_id
$$;

REVOKE ALL ON FUNCTION cru.says_best(text, boolean) FROM PUBLIC;
