-- A record in use gets what a new one is delivered with: behind what it has, so that no digit selects another row.
INSERT INTO cru.outcome (code, label, rank, author)
SELECT 'died', 'The person has died', 1 + max(o.rank), 'default set' FROM cru.outcome o
HAVING count(*) > 0 ON CONFLICT DO NOTHING;
INSERT INTO cru.reason (kind, code, label, rank, author)
SELECT 'cancel', 'died', 'The person has died', 1 + max(r.rank), 'default set' FROM cru.reason r WHERE r.kind = 'cancel'
HAVING count(*) > 0 ON CONFLICT DO NOTHING;
