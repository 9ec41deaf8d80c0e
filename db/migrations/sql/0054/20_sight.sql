-- What a desk sees without opening it: what is open, what ended within three days, and what somebody still has to see to, however
-- long ago it ended, in the words of the indexes that serve a board. Three days are more than a board may be told to keep what
-- ended (two), and leave the nights before to whoever amends, hands over or is asked about them.
CREATE VIEW cru.kept_in_sight AS
SELECT e.referral_id FROM cru.ending e WHERE e.reopened_at IS NULL AND e.taken_back_at IS NULL AND (e.holder_kind = ''
    OR e.person_told_by || e.person_not_told = '' OR e.caller_told_by || e.caller_not_told = ''
    OR e.referrer_told_by || e.referrer_not_told = '')
UNION ALL
SELECT f.referral_id FROM cru.follow_up f WHERE f.done_at IS NULL AND f.taken_back_at IS NULL;

-- Beside that, for ten minutes, what this login opened. What a transaction opened itself counts only in the next one: that
-- somebody looked stands in the record before they see anything, and no ROLLBACK takes it away again.
CREATE VIEW cru.opened_now AS
SELECT o.referral_id FROM cru.opened o WHERE o.login = session_user
    AND o.opened_at > statement_timestamp() - interval '10 minutes'
    AND o.xid IS DISTINCT FROM (SELECT (pg_current_xact_id_if_assigned())::text::bigint);

CREATE VIEW cru.in_sight AS
SELECT o.referral_id FROM cru.opened_now o
UNION ALL
SELECT r.id FROM cru.referral r WHERE (r.closed_at IS NULL AND r.entered_in_error_at IS NULL)
    OR coalesce(r.closed_at, r.entered_in_error_at) > (SELECT cru.clock_now() - interval '72 hours')
UNION ALL
SELECT k.referral_id FROM cru.kept_in_sight k;

-- Of every referral what names nobody: for lists of what is live, and for what is counted.
CREATE VIEW cru.referral_times AS
SELECT id, reference, priority, received_at, accepted_at, closed_at, entered_in_error_at FROM cru.referral;

-- And who held them, but for a party that is neither a service nor a place: that may be somebody's sister.
CREATE VIEW cru.handover_unnamed AS
SELECT id, version, referral_id, ordinal, CASE from_kind WHEN 'other' THEN cru.party_on_wall(from_kind) ELSE from_party END AS from_party,
    from_kind, CASE to_kind WHEN 'other' THEN cru.party_on_wall(to_kind) ELSE to_party END AS to_party, to_kind, state, expected_at,
    started_at, accepted_at, released_at, refused_at, refusal_reason, taken_back_at FROM cru.handover;

-- Asked of each row that is not of the last days. Its search path is not pinned, which would take twice as long as the answer:
-- each name and each operator in it says where it lies. What it sees is as old as the statement, so that whoever ends a referral
-- by a time of last week writes what they still see.
CREATE FUNCTION cru.sees(the_referral uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN EXISTS (SELECT FROM cru.in_sight s WHERE s.referral_id OPERATOR(pg_catalog.=) the_referral);
END $$;

-- Whether a function that sees everything may tell a session of a referral. The owner's tools are told.
CREATE FUNCTION cru.may_tell(the_referral uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT sees(the_referral) OR pg_has_role(session_user, (SELECT relowner FROM pg_class WHERE oid = 'cru.referral'::regclass), 'MEMBER')
$$;

REVOKE ALL ON FUNCTION cru.sees(uuid), cru.may_tell(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.sees(uuid) TO cru_dispatcher;
GRANT SELECT ON cru.referral_times, cru.handover_unnamed, cru.opened_now, cru.kept_in_sight, cru.in_sight TO cru_dispatcher;

-- One rule for the referral and for all that hangs on it: what was written within three days by the server's clock needs no
-- question, and nearly all that a board reads was. The record's own functions see everything, since they are the owner's.
DO $$
DECLARE
    tab text;
    besides text;
BEGIN
    FOR tab, besides IN SELECT * FROM (VALUES
        ('referral', '(closed_at IS NULL AND entered_in_error_at IS NULL) OR coalesce(closed_at, entered_in_error_at) > lately'),
        ('intake_call', 'begun_at > lately'), ('screening', 'completed_at > lately'), ('about_me', 'added_at > lately'),
        ('read_back', 'recorded_at > lately'), ('crew_word', 'recorded_at > lately'), ('interpreter', 'recorded_at > lately'),
        ('reading', 'read_at > lately'), ('decision', 'decided_at > lately'), ('danger', '(stands = ''[]'' AND decided = ''[]'') OR since_at > lately'), ('contact', 'made_at > lately'),
        ('late_link', 'made_at > lately'), ('wish_kept', 'recorded_at > lately'), ('feedback', 'recorded_at > lately OR referral_id IS NULL'),
        ('ending', 'ended_at > lately'), ('person_request', 'made_at > lately OR answered_at > lately OR state = ''open'''), ('follow_up', 'made_at > lately OR (done_at IS NULL AND taken_back_at IS NULL)'),
        ('handover', 'expected_at > lately'),
        -- What is about no referral; and a night's worth of events is opened at once.
        ('event', 'recorded_at > lately OR referral_id IS NULL OR EXISTS (SELECT FROM cru.opened_now o WHERE o.referral_id = event.referral_id)'),
        -- To the room or to somebody who has not seen it yet; by the record's clock, since it may be about no referral.
        ('message', 'written_at > (SELECT cru.clock_now() - interval ''72 hours'') OR id IN (SELECT w.message_id FROM cru.message_waiting w)'),
        -- In force: whoever lives there, or comes back, may be on the board.
        ('flag', 'added_at > lately OR (withdrawn_at IS NULL AND taken_back_at IS NULL AND expires_at > lately - interval ''90 days'')')
    ) AS v (name, also) LOOP
        EXECUTE format('CREATE POLICY in_sight ON cru.%I USING (%s OR cru.sees(%s))', tab,
            replace(besides, 'lately', 'statement_timestamp() - interval ''72 hours'''), CASE tab WHEN 'referral' THEN 'id' ELSE 'referral_id' END);
        EXECUTE format('ALTER TABLE cru.%I ENABLE ROW LEVEL SECURITY', tab);
    END LOOP;
END $$;
