-- How long nothing may be sealed, and what is told then.
INSERT INTO cru.rule (name, value, unit, meaning, author)
SELECT 'sealed_within', 30, 'minutes', 'How long nothing may be sealed in the record before an alarm of the shift lead''s', 'default set'
WHERE EXISTS (SELECT FROM cru.service);

INSERT INTO cru.alarm_kind (code, label, priority, times, escalate_minutes, stays, shelvable, what_to_do, rank, author)
SELECT k.*, 'default set' FROM (VALUES
    ('seal', 'Nothing is sealed', 3, 1, NULL::integer, false, true, 'Tell the owner of the record: main.py admin seal.', 23),
    ('seal_broken', 'Not what was sealed', 2, 1, NULL, false, true, 'Tell the owner of the record: main.py admin verify.', 24)
) AS k (code, label, priority, times, escalate_minutes, stays, shelvable, what_to_do, rank) WHERE EXISTS (SELECT FROM cru.wish);
