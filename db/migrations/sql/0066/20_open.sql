-- What about an end is still open keeps it in sight: also who looks for somebody who was not found, and until when, and on what
-- ground something was done against their wishes, by whom, and whether they were told their rights.
DROP INDEX cru.ending_unanswered_idx;
CREATE INDEX ending_unanswered_idx ON cru.ending (referral_id) WHERE reopened_at IS NULL AND taken_back_at IS NULL
    AND (holder_kind = '' OR person_told_by || person_not_told = '' OR caller_told_by || caller_not_told = ''
        OR referrer_told_by || referrer_not_told = '' OR asks_search AND looks_until IS NULL OR asks_ground AND (ground = ''
        OR ground <> 'consent' AND (ground_by = '' OR rights_told_by || rights_not_told = '')));
CREATE OR REPLACE VIEW cru.kept_in_sight AS
SELECT e.referral_id FROM cru.ending e WHERE e.reopened_at IS NULL AND e.taken_back_at IS NULL AND (e.holder_kind = ''
    OR e.person_told_by || e.person_not_told = '' OR e.caller_told_by || e.caller_not_told = ''
    OR e.referrer_told_by || e.referrer_not_told = '' OR e.asks_search AND e.looks_until IS NULL OR e.asks_ground AND (e.ground = ''
    OR e.ground <> 'consent' AND (e.ground_by = '' OR e.rights_told_by || e.rights_not_told = '')))
UNION ALL
SELECT f.referral_id FROM cru.follow_up f WHERE f.done_at IS NULL AND f.taken_back_at IS NULL;
