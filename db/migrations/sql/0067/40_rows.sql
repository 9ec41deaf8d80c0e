-- A record in use gets what a new one is delivered with.
INSERT INTO cru.alarm_kind (code, label, priority, times, escalate_minutes, stays, shelvable, what_to_do, rank, author)
SELECT 'died', 'Said to have died', 1, 1, 2, true, true, 'End it; or, where it is not so or not them, put that right: until then nobody calls them.',
    26, 'default set' WHERE EXISTS (SELECT FROM cru.wish) ON CONFLICT DO NOTHING;
-- A word that a service gave another meaning keeps that.
INSERT INTO cru.command_word (label, verb, rank, author)
SELECT 'oe', 'other end', 2042, 'default set' WHERE EXISTS (SELECT FROM cru.wish)
    AND NOT EXISTS (SELECT FROM cru.command_word c WHERE lower(c.label) = 'oe') ON CONFLICT DO NOTHING;
SELECT cru.seal_table('contact', false);
-- Who has died already, and is open on another referral.
SELECT cru.follow_danger(r.id, true) FROM cru.referral r WHERE r.state = ANY (cru.open_referral_states()) AND EXISTS (
    SELECT FROM cru.died_elsewhere(r.id));
