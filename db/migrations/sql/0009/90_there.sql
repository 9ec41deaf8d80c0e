-- What is in the record already. An override counts as the decision that it was; and each open referral is weighed.

-- A caution that is there was written when none spoke against a step: whoever wants it to may add another.
INSERT INTO cru.decision (id, referral_id, kind, clinician, reason, covers, decided_by, decided_at)
SELECT gen_random_uuid(), s.referral_id, 'let on', left(regexp_replace(s.override_clinician, '[\u0001-\u001F\u007F]+', ' ', 'g'), 500),
    s.override_reason, covered.what, s.override_by, s.override_at
FROM cru.screening s CROSS JOIN LATERAL (
    SELECT array_agg(w.what) AS what FROM cru.stands_against(s.referral_id) w
    WHERE w.kind IN ('yes', 'not known', 'earlier') AND w.what LIKE ANY (
        SELECT 'yes ' || x.id || ' %' FROM cru.screening x WHERE x.referral_id = s.referral_id AND x.completed_at <= s.completed_at
        UNION ALL
        SELECT 'not known ' || x.id || ' %' FROM cru.screening x
        WHERE x.referral_id = s.referral_id AND x.completed_at <= s.completed_at)) AS covered
WHERE s.override_at IS NOT NULL AND s.taken_back_at IS NULL AND covered.what IS NOT NULL;

SELECT cru.follow_danger(id, true) FROM cru.referral
    WHERE state = ANY (cru.open_referral_states()) AND entered_in_error_at IS NULL;
