-- How old the last backup and the last proof of one may be. The list of bounds is the one that stands there: what other
-- revisions put into it stays.
DO $$
DECLARE
    found text := pg_get_functiondef('cru.rule_bounds(text,text)'::regprocedure);
    more constant text := '(VALUES (''backup_within'', ''time'', 60, 20160), (''drill_within'', ''time'', 1440, 525600), ';
BEGIN
    IF position('(VALUES (''due_soon''' IN found) = 0 THEN
        RAISE EXCEPTION 'the bounds of the rules are not where they were';
    END IF;
    EXECUTE replace(found, '(VALUES (''due_soon''', more || '(''due_soon''');
END $$;

INSERT INTO cru.rule (name, value, unit, meaning, author)
SELECT name, value, unit, meaning, 'default set' FROM (VALUES
    ('backup_within', 26, 'hours', 'How old the last backup of the record may be before an alarm of the shift lead''s'),
    ('drill_within', 840, 'hours', 'How old the last drill of a backup may be before an alarm of the shift lead''s')
) AS v(name, value, unit, meaning) WHERE EXISTS (SELECT FROM cru.service);

INSERT INTO cru.alarm_kind (code, label, priority, times, escalate_minutes, stays, shelvable, what_to_do, rank, author)
SELECT k.*, 'default set' FROM (VALUES
    ('backup', 'No backup of the record', 2, 1, NULL::integer, false, true, 'Tell the owner of the record: main.py admin backup.', 21),
    ('drill', 'No backup drill', 3, 1, NULL, false, true, 'Tell the owner of the record: main.py admin drill.', 22)
) AS k (code, label, priority, times, escalate_minutes, stays, shelvable, what_to_do, rank) WHERE EXISTS (SELECT FROM cru.wish);
