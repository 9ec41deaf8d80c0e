-- What nobody could find but by reading a whole table.

-- Those that are on the board, and that were on it at some time: most leave it within a day, and the few others are found
-- by themselves. One in error never ends, and leaves by its mark.
CREATE INDEX referral_not_closed_idx ON cru.referral (entered_in_error_at) WHERE closed_at IS NULL;
-- In the transaction of an upgrade an index is made of what rows said before they were mended, too: only what is a time of
-- ours is reckoned with.
CREATE INDEX referral_long_idx ON cru.referral (received_at) WHERE coalesce(closed_at, entered_in_error_at) IS NULL
    OR CASE WHEN received_at BETWEEN '2000-01-01 00:00Z' AND '2200-01-01 00:00Z'
        AND coalesce(closed_at, entered_in_error_at) BETWEEN '2000-01-01 00:00Z' AND '2200-01-01 00:00Z'
        THEN coalesce(closed_at, entered_in_error_at) - received_at > interval '7 days' END;
-- Those that stay on the board since somebody still has to see to something.
CREATE INDEX ending_unanswered_idx ON cru.ending (referral_id) WHERE reopened_at IS NULL AND taken_back_at IS NULL
    AND (holder_kind = '' OR person_told_by || person_not_told = '' OR caller_told_by || caller_not_told = ''
        OR referrer_told_by || referrer_not_told = '');
-- The calls that are no referral, or not yet: few, and left out wherever referrals are counted or shown on the wall.
CREATE INDEX intake_call_no_referral_idx ON cru.intake_call (referral_id) WHERE ended_how <> 'referral';
-- A van's jobs by when they ended: what it does now, and what it did last.
CREATE INDEX assignment_van_id_until_idx ON cru.assignment (van_id, coalesce(clear_at, stood_down_at, 'infinity'));
-- What a shift lead looks at afterwards.
CREATE INDEX handover_accepted_at_idx ON cru.handover (accepted_at);
CREATE INDEX handover_refused_at_idx ON cru.handover (refused_at) WHERE refused_at IS NOT NULL;
CREATE INDEX decision_decided_at_idx ON cru.decision (decided_at);
CREATE INDEX screening_override_at_idx ON cru.screening (override_at) WHERE override_at IS NOT NULL;
CREATE INDEX event_amended_idx ON cru.event (recorded_at) WHERE kind = 'time amended' OR kind LIKE '% taken back';
CREATE INDEX improvement_changed_at_idx ON cru.improvement (changed_at);
-- The room's handover that was last, and what of it was about a referral.
CREATE INDEX shift_handover_taken_at_idx ON cru.shift_handover (taken_at);
CREATE INDEX shift_handover_item_referral_id_idx ON cru.shift_handover_item (referral_id);
CREATE INDEX flag_expires_at_idx ON cru.flag (expires_at) WHERE withdrawn_at IS NULL AND taken_back_at IS NULL;
CREATE INDEX mended_row_id_idx ON cru.mended (row_id);

-- How few stay for long: told nothing of a difference, Postgres takes a third of all for it, and no index for that.
CREATE STATISTICS cru.referral_ends ON (coalesce(closed_at, entered_in_error_at)) FROM cru.referral;
CREATE STATISTICS cru.referral_stays ON (CASE WHEN received_at BETWEEN '2000-01-01 00:00Z' AND '2200-01-01 00:00Z'
    AND coalesce(closed_at, entered_in_error_at) BETWEEN '2000-01-01 00:00Z' AND '2200-01-01 00:00Z'
    THEN coalesce(closed_at, entered_in_error_at) - received_at > interval '7 days' END) FROM cru.referral;
CREATE STATISTICS cru.shift_lasts ON (ended_at - started_at) FROM cru.shift;
ANALYZE cru.referral, cru.ending, cru.assignment, cru.shift;
