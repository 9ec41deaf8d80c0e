-- A record in use gets what a new one is delivered with. Drafts: no clinical lead has signed them, and each says where it is from.
INSERT INTO cru.reason (kind, code, label, rank, source, author)
SELECT 'ground', v.code, v.label, v.rank + (SELECT max(rank) FROM cru.reason), v.source, 'default set' FROM (VALUES
    (1, 'consent', 'With consent', ''),
    (2, 's136', 'Section 136', 'From a public place, by the police: Mental Health Act 1983, s136 and s136A to C; Code of Practice (2015), chapter 16'),
    (3, 's135_1', 'Section 135(1)', 'By a magistrate''s warrant: Mental Health Act 1983, s135(1); Code of Practice (2015), chapter 16'),
    (4, 's135_2', 'Section 135(2) or 138', 'Taken back: Mental Health Act 1983, s18, s135(2) and s138; Code of Practice (2015), chapter 28'),
    (5, 's2_3_4', 'Section 2, 3 or 4', 'Conveyed to hospital: Mental Health Act 1983, s2 to s4, s6 and s137; Code of Practice (2015), chapter 17'),
    (6, 'recall', 'Recall, CTO', 'Mental Health Act 1983, s17E and s42; Code of Practice (2015), chapter 29'),
    (7, 'capacity', 'Capacity Act', 'Best interests: Mental Capacity Act 2005, s4 to s6; its Code of Practice, chapters 5 and 6'),
    (8, 'police', 'Police powers', 'Arrest, breach of the peace, life and limb: Police and Criminal Evidence Act 1984, s17 and s24; common law'),
    (9, 'parent', 'Parent, under 16', 'Children Act 1989, s3; Mental Health Act Code of Practice (2015), chapter 19'),
    (10, 'none', 'Ground not known', 'Asked so that it is found out and not left out')) AS v (rank, code, label, source)
WHERE EXISTS (SELECT FROM cru.service) ON CONFLICT DO NOTHING;

-- A rule that a trust has set for one of these stays whose it is.
ALTER TABLE cru.ending_rule DISABLE TRIGGER USER;
INSERT INTO cru.ending_rule AS known (kind, code, only_unmet, asks_search, asks_ground, aftercare_hours, author)
SELECT v.kind, v.code, v.unmet, v.search, v.ground, v.hours, 'default set' FROM (VALUES
    ('outcome', 'not_found', true, true, false, NULL::integer), ('cancel', 'not_found', true, true, false, NULL),
    ('outcome', 'stood_down', true, false, false, NULL), ('outcome', 'duplicate', true, false, false, NULL),
    ('cancel', 'duplicate', true, false, false, NULL), ('outcome', 'died', false, false, false, 24),
    ('cancel', 'died', false, false, false, 24), ('outcome', 'liaison_ed', false, false, true, NULL),
    ('outcome', 'hbpos', false, false, true, NULL), ('outcome', 'informal_admission', false, false, true, NULL),
    ('outcome', 'mha_assessment', false, false, true, NULL), ('outcome', 'police', false, false, true, NULL),
    ('outcome', 'returned_ems', false, false, true, NULL), ('cancel', 'ems_conveyed', false, false, true, NULL)
) AS v (kind, code, unmet, search, ground, hours)
WHERE v.kind = 'outcome' AND EXISTS (SELECT FROM cru.outcome o WHERE o.code = v.code)
   OR EXISTS (SELECT FROM cru.reason r WHERE r.kind = v.kind AND r.code = v.code)
ON CONFLICT (kind, code) DO UPDATE SET only_unmet = excluded.only_unmet, asks_search = excluded.asks_search,
    asks_ground = excluded.asks_ground, aftercare_hours = coalesce(known.aftercare_hours, excluded.aftercare_hours);
ALTER TABLE cru.ending_rule ENABLE TRIGGER USER;
SELECT cru.seal_table('ending', false);
