-- Whoever waits, or has a van on the way, is shown at once what is asked about now: quietly, since nobody told it just now.
SELECT cru.follow_danger(r.id, true) FROM cru.referral r
WHERE r.state IN ('received', 'accepted', 'allocated') AND EXISTS (SELECT FROM cru.danger d WHERE d.referral_id = r.id);
