-- What somebody did, decided, said or was told is sealed, with how it stood after each change; and the rules that it went by.
-- Not sealed is what is worked out from it (figures, findings, what is found by), what is shown and then over (positions,
-- presence, a draft of a call), plans, and the lists that a trust sets.
SELECT cru.seal_table('audit_shape', true), cru.seal_rows('audit_shape');

-- Written once and for all.
SELECT cru.seal_table(v.name, true, v.stamped) FROM (VALUES
    ('event', 'recorded_at'), ('command_log', 'done_at'), ('decision', 'decided_at'), ('search', 'asked_at'),
    ('message', 'written_at'), ('message_seen', ''), ('read_back', ''), ('review', ''), ('backup', '')) AS v (name, stamped);

-- As it stood after each change.
SELECT cru.seal_table(v.name, false) FROM unnest('{about_me,alarm,assignment,contact,crew_word,ending,feedback,flag,follow_up,
    handover,improvement,interpreter,late_link,referral,rule,same_person,screening,shift,shift_handover,shift_handover_item,shift_log,
    shift_member,user_account,wish_kept}'::text[]) AS v (name);

SELECT cru.seal_rows(s.table_name) FROM cru.audit_shape s WHERE s.table_name <> 'audit_shape' ORDER BY s.shape;
