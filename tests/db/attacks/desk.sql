-- What a desk's login tries beyond its rights and beyond the rules. One statement a line; what stands before the last
-- semicolon is let through, and the last is refused.
--- a.shah l.lead: CR003 is over: what it says is amended with a reason.
UPDATE cru.referral SET patient_name = 'Somebody else' WHERE id = '<closed>'
UPDATE cru.referral SET patient_born = '1990-01-01' WHERE id = '<closed>'
UPDATE cru.referral SET nhs_number = NULL WHERE id = '<closed>'
UPDATE cru.referral SET caller = 'another' WHERE id = '<closed>'
UPDATE cru.referral SET call_back = '07700 900999' WHERE id = '<closed>'
UPDATE cru.referral SET narrative = 'It never was' WHERE id = '<closed>'
UPDATE cru.referral SET location_text = 'Elsewhere' WHERE id = '<closed>'
UPDATE cru.referral SET postcode = 'NN18 9ND' WHERE id = '<closed>'
UPDATE cru.referral SET lat = 51.5 WHERE id = '<closed>'
UPDATE cru.referral SET access_note = 'back door' WHERE id = '<closed>'
UPDATE cru.referral SET ems_incident = 'X1' WHERE id = '<closed>'
UPDATE cru.referral SET ems_callsign = 'A9999' WHERE id = '<closed>'
UPDATE cru.referral SET waiting_party = 'nobody' WHERE id = '<closed>'
UPDATE cru.referral SET legal_status = 's136' WHERE id = '<closed>'
UPDATE cru.referral SET police = 'avoided' WHERE id = '<closed>'
UPDATE cru.referral SET source = 'hub' WHERE id = '<closed>'
UPDATE cru.referral SET priority = 'P3' WHERE id = '<closed>'
UPDATE cru.referral SET triage_scale = 'C' WHERE id = '<closed>'
UPDATE cru.referral SET plan = '{"helps": "tea"}' WHERE id = '<closed>'
UPDATE cru.referral SET patient_born_said = 'about 40' WHERE id = '<closed>'
UPDATE cru.referral SET outcome = 'police' WHERE id = '<closed>'
UPDATE cru.referral SET ae_avoided = 'no' WHERE id = '<closed>'
UPDATE cru.referral SET ems_released = 'no' WHERE id = '<closed>'
UPDATE cru.referral SET police_avoided = 'no' WHERE id = '<closed>'
UPDATE cru.referral SET patient_name = 'Somebody else' WHERE id = '<declined>'
UPDATE cru.referral SET patient_name = 'Somebody else' WHERE id = '<error>'
UPDATE cru.referral SET narrative = 'It never was' WHERE id = '<declined>'
UPDATE cru.referral SET narrative = 'It never was' WHERE id = '<error>'
UPDATE cru.referral SET outcome = 'police' WHERE id = '<declined>'
UPDATE cru.referral SET outcome = 'police' WHERE id = '<error>'
UPDATE cru.referral SET location_text = 'Elsewhere' WHERE id = '<declined>'
UPDATE cru.referral SET location_text = 'Elsewhere' WHERE id = '<error>'
SELECT set_config('cru.reason', '   ', true); UPDATE cru.referral SET patient_name = 'x' WHERE id = '<closed>'
SELECT set_config('cru.reason', '', true); UPDATE cru.referral SET outcome = 'police' WHERE id = '<closed>'
SET LOCAL cru.reason TO ''; UPDATE cru.referral SET patient_name = NULL WHERE id = '<closed>'
UPDATE cru.referral SET patient_name = 'x', hold_reason = 'y' WHERE id = '<closed>'
UPDATE cru.referral SET patient_name = 'x' WHERE state = 'closed'
UPDATE cru.referral SET patient_name = upper(patient_name) FROM cru.van WHERE referral.id = '<closed>'
WITH u AS (UPDATE cru.referral SET narrative = 'x' WHERE id = '<closed>' RETURNING id) SELECT * FROM u
INSERT INTO cru.referral (id, source, priority, location_text) SELECT id, source, priority, 'x' FROM cru.referral WHERE id = '<closed>' ON CONFLICT (id) DO UPDATE SET location_text = 'x'
MERGE INTO cru.referral r USING cru.service s ON r.id = '<closed>' WHEN MATCHED THEN UPDATE SET caller = 'x'
--- a.shah l.lead: CR003
UPDATE cru.referral SET state = 'accepted' WHERE id = '<said yes>'
INSERT INTO cru.screening (referral_id, tool_version, answers, how) VALUES ('<said yes>', cru.tool_in_force(), <no>, <asked>); UPDATE cru.referral SET state = 'accepted' WHERE id = '<said yes>'
INSERT INTO cru.screening (referral_id, tool_version, answers, how, completed_at) VALUES ('<said yes>', cru.tool_in_force(), <no>, <asked>, cru.clock_now() - interval '20 seconds'); UPDATE cru.referral SET state = 'accepted' WHERE id = '<said yes>'
INSERT INTO cru.screening (referral_id, tool_version, answers, how, note) SELECT '<said yes>', cru.tool_in_force(), <no>, <asked>, 'n' || n FROM generate_series(1, 9) n; UPDATE cru.referral SET state = 'accepted' WHERE id = '<said yes>'
UPDATE cru.referral SET narrative = '' WHERE id = '<said yes>'; UPDATE cru.referral SET state = 'accepted' WHERE id = '<said yes>'
UPDATE cru.referral SET triage_scale = 'C', priority = 'P3' WHERE id = '<said yes>'; UPDATE cru.referral SET state = 'accepted' WHERE id = '<said yes>'
UPDATE cru.referral SET state = 'accepted' WHERE id = '<said not known>'
UPDATE cru.referral SET state = 'accepted' WHERE id = '<unscreened>'
UPDATE cru.referral SET triage_scale = 'A' WHERE id = '<open>'; UPDATE cru.referral SET triage_scale = 'C' WHERE id = '<open>'; INSERT INTO cru.assignment (referral_id, van_id) VALUES ('<open>', '<van>')
INSERT INTO cru.screening (referral_id, tool_version, answers, how) VALUES ('<open>', cru.tool_in_force(), <no> || '{"weapon": "yes"}', <asked>); INSERT INTO cru.screening (referral_id, tool_version, answers, how) VALUES ('<open>', cru.tool_in_force(), <no>, <asked>); INSERT INTO cru.assignment (referral_id, van_id) VALUES ('<open>', '<van>')
INSERT INTO cru.screening (referral_id, tool_version, answers) VALUES ('<said yes>', cru.tool_in_force(), '{}'); UPDATE cru.referral SET state = 'accepted' WHERE id = '<said yes>'
INSERT INTO cru.screening (referral_id, tool_version, answers) VALUES ('<said yes>', cru.tool_in_force(), '{"weapon": "no"}'); UPDATE cru.referral SET state = 'accepted' WHERE id = '<said yes>'
--- a.shah: CR002
INSERT INTO cru.decision (referral_id, kind, clinician, reason, covers) SELECT '<said yes>', 'let on', 'Dr X', 'safe', array_agg(s ->> 'what') FROM cru.danger, jsonb_array_elements(stands) s WHERE referral_id = '<said yes>'
--- a.shah l.lead: CR001
INSERT INTO cru.decision (referral_id, kind, clinician, reason, covers) SELECT '<said yes>', 'looked at', 'Dr X', 'safe', array_agg(s ->> 'what') FROM cru.danger, jsonb_array_elements(stands) s WHERE referral_id = '<said yes>'
INSERT INTO cru.decision (referral_id, kind, clinician, reason, covers) VALUES ('<open>', 'looked at', 'Dr X', 'safe', '{anything to come}')
INSERT INTO cru.decision (referral_id, kind, clinician, reason, covers) VALUES ('<closed>', 'looked at', 'Dr X', 'safe', '{anything}')
INSERT INTO cru.assignment (referral_id, van_id) VALUES ('<said yes>', '<van>')
INSERT INTO cru.assignment (referral_id, van_id) VALUES ('<closed>', '<van>')
INSERT INTO cru.assignment (referral_id, van_id) VALUES ('<open>', '<bare>')
--- a.shah l.lead: 42501
UPDATE cru.screening SET answers = <no> WHERE referral_id = '<said yes>'
UPDATE cru.screening SET taken_back_at = now()
UPDATE cru.screening SET completed_at = now()
UPDATE cru.screening SET completed_by = 'b.okafor'
UPDATE cru.screening SET tool_version = 2
UPDATE cru.screening SET how = '{}'
UPDATE cru.screening SET note = ''
UPDATE cru.screening SET referral_id = '<open>'
DELETE FROM cru.screening WHERE referral_id = '<said yes>'
UPDATE cru.danger SET stands = '[]'
UPDATE cru.danger SET decided = '[]', since_at = NULL
DELETE FROM cru.danger
INSERT INTO cru.danger (referral_id) VALUES ('<open>')
UPDATE cru.decision SET covers = '{a}'
UPDATE cru.decision SET taken_back_at = now()
INSERT INTO cru.decision (referral_id, kind, clinician, reason, covers, decided_by) VALUES ('<open>', 'looked at', 'x', 'x', '{a}', 'b.okafor')
UPDATE cru.reading SET found = '[]'
DELETE FROM cru.reading
UPDATE cru.flag SET danger = false
UPDATE cru.flag SET expires_at = now()
UPDATE cru.flag SET reason = 'x'
INSERT INTO cru.flag (referral_id, subject, kind, reason, expires_at, added_by) VALUES ('<open>', 'person', 'pets', 'x', now() + interval '1 day', 'b.okafor')
DELETE FROM cru.flag
UPDATE cru.screening_item SET text = 'x'
UPDATE cru.referral SET id = gen_random_uuid()
UPDATE cru.referral SET reference = 'CRU-20260101-0001'
UPDATE cru.referral SET version = 1
UPDATE cru.referral SET erased_at = now()
INSERT INTO cru.referral (source, priority, location_text, state) VALUES ('hub', 'P2', 'x', 'accepted')
INSERT INTO cru.referral (source, priority, location_text, reference) VALUES ('hub', 'P2', 'x', 'mine')
INSERT INTO cru.referral (source, priority, location_text, closed_at) VALUES ('hub', 'P2', 'x', now())
UPDATE cru.assignment SET van_id = '<bare>'
UPDATE cru.assignment SET referral_id = '<open>'
UPDATE cru.assignment SET taken_back_at = now()
INSERT INTO cru.assignment (referral_id, van_id, state) VALUES ('<open>', '<van>', 'on scene')
UPDATE cru.handover SET ordinal = 7
UPDATE cru.handover SET taken_back_at = now()
INSERT INTO cru.handover (referral_id, ordinal, from_party, to_party, state) VALUES ('<open>', 5, 'EMAS', 'CRU', 'accepted')
INSERT INTO cru.event (referral_id, kind, recorded_by) VALUES ('<open>', 'note', 'b.okafor')
INSERT INTO cru.event (referral_id, kind, recorded_at) VALUES ('<open>', 'note', '2020-01-01')
INSERT INTO cru.event (referral_id, kind, detail) VALUES ('<open>', 'note', '{"a": 1}')
INSERT INTO cru.event (referral_id, kind, reason) VALUES ('<open>', 'note', 'x')
INSERT INTO cru.event (referral_id, kind, amends) VALUES ('<open>', 'note', 1)
UPDATE cru.event SET words = 'x'
UPDATE cru.event SET referral_id = '<open>'
UPDATE cru.event SET happened_at = now()
INSERT INTO cru.command_log (command_id, verb, done_by) VALUES (gen_random_uuid(), 'x', 'b.okafor')
UPDATE cru.command_log SET verb = 'x'
INSERT INTO cru.feedback (referral_id, said_by, words, recorded_by) VALUES ('<closed>', 'person', 'x', 'b.okafor')
UPDATE cru.feedback SET words = 'x'
UPDATE cru.feedback SET taken_back_at = now()
UPDATE cru.contact SET said = 'x'
DELETE FROM cru.contact
INSERT INTO cru.ending (referral_id, state, reason, ended_at) VALUES ('<open>', 'closed', 'x', now())
UPDATE cru.ending SET ended_at = now()
UPDATE cru.ending SET named_by = 'b.okafor'
UPDATE cru.ending SET asks_search = false
UPDATE cru.ending SET asks_ground = false
DELETE FROM cru.ending
UPDATE cru.follow_up SET what_for = 'x'
INSERT INTO cru.message (words, written_by) VALUES ('x', 'b.okafor')
UPDATE cru.message SET words = 'x'
DELETE FROM cru.message
INSERT INTO cru.message_seen (message_id, seen_by) SELECT id, 'b.okafor' FROM cru.message
UPDATE cru.shift_log SET words = 'x'
INSERT INTO cru.shift_log (words, written_by) VALUES ('x', 'b.okafor')
DELETE FROM cru.shift_log
INSERT INTO cru.shift_handover (offered_by) VALUES ('b.okafor')
UPDATE cru.shift_handover_item SET words = 'x'
UPDATE cru.presence SET login = 'b.okafor'
INSERT INTO cru.presence (id, login, beat_at) VALUES (gen_random_uuid(), 'b.okafor', now())
DELETE FROM cru.presence
UPDATE cru.alarm SET closed_at = now()
INSERT INTO cru.alarm (kind) VALUES ('x')
DELETE FROM cru.alarm
UPDATE cru.alarm_watch SET beat_at = now()
UPDATE cru.intake_call SET answered_at = now()
UPDATE cru.intake_call SET ended_by = 'b.okafor'
DELETE FROM cru.intake_call
UPDATE cru.about_me SET words = 'x'
UPDATE cru.about_me SET taken_back_at = now()
UPDATE cru.same_person SET is_same = true
DELETE FROM cru.same_person
UPDATE cru.read_back SET brief = 'x'
UPDATE cru.crew_word SET words = 'x'
UPDATE cru.wish_kept SET kept = 'yes'
UPDATE cru.interpreter SET booked_with = 'x'
UPDATE cru.late_link SET incident = 'x'
UPDATE cru.places_free SET free = 9
UPDATE cru.position SET lat = 0
UPDATE cru.position_fix SET lat = 0
INSERT INTO cru.position (van_id, fixed_at, lat, lon) VALUES ('<van>', now(), 52, -1)
SELECT * FROM cru.act
SELECT * FROM cru.act_part
SELECT * FROM cru.findable
SELECT * FROM cru.referral_fact
SELECT * FROM cru.job_fact
SELECT * FROM cru.fact_due
DELETE FROM cru.fact_due
INSERT INTO cru.search (found) VALUES (0)
UPDATE cru.referral_fact SET received_at = now()
INSERT INTO cru.act (id) VALUES (gen_random_uuid())
UPDATE cru.shift SET van_id = '<bare>'
UPDATE cru.shift SET started_at = now()
UPDATE cru.shift SET taken_back_at = now()
UPDATE cru.shift SET version = 9
DELETE FROM cru.shift
INSERT INTO cru.shift (van_id, started_at, planned_end_at, ended_at) VALUES ('<bare>', now(), now() + interval '8 hours', now())
UPDATE cru.shift_member SET staff_id = '<staff>'
UPDATE cru.shift_member SET from_at = now()
DELETE FROM cru.shift_member
UPDATE cru.van SET author = 'b.okafor'
UPDATE cru.van SET dated = '2020-01-01'
UPDATE cru.staff SET author = 'b.okafor'
UPDATE cru.staff SET dated = '2020-01-01'
UPDATE cru.staff SET language_codes = '{eng}'
INSERT INTO cru.staff (name, profession, author) VALUES ('x', 'y', 'b.okafor')
DELETE FROM cru.staff
DELETE FROM cru.van
DELETE FROM cru.device
UPDATE cru.device SET author = 'b.okafor'
UPDATE cru.device SET dated = '2020-01-01'
UPDATE cru.device_stay SET van_id = '<bare>'
INSERT INTO cru.device_stay (device, name, van_id) SELECT id, 'x', '<bare>' FROM cru.van
UPDATE cru.planned_shift SET made_by = 'b.okafor'
UPDATE cru.improvement SET made_by = 'b.okafor'
UPDATE cru.planned_ride SET staff_id = '<staff>'
DELETE FROM cru.planned_shift
DELETE FROM cru.rota_published
UPDATE cru.rule SET author = 'b.okafor'
INSERT INTO cru.rule (name, value) VALUES ('x', 1)
DELETE FROM cru.rule
UPDATE cru.review SET words = 'x'
INSERT INTO cru.backup (what) VALUES ('backup')
DELETE FROM cru.backup
SELECT * FROM cru.sealed_devices(repeat('0', 64))
SELECT cru.raise_emergency('<van>')
SELECT cru.record_fixes('[]')
--- a.shah: 42501
INSERT INTO cru.staff (name, profession) VALUES ('x', 'y')
UPDATE cru.staff SET name = 'x'
UPDATE cru.staff SET registered = true
UPDATE cru.staff SET active = false
INSERT INTO cru.van (callsign, registration, base, livery, seats) VALUES ('x', 'x', 'x', 'marked', 4)
UPDATE cru.van SET callsign = 'x'
UPDATE cru.van SET active = false
UPDATE cru.van SET seats = 9
SELECT * FROM cru.device
SELECT token_digest FROM cru.device
INSERT INTO cru.device (device_id, van_id, token_digest) VALUES ('x', '<van>', repeat('0', 64))
UPDATE cru.device SET van_id = '<bare>'
UPDATE cru.device SET active = false
UPDATE cru.shift_member SET until_at = now()
UPDATE cru.shift_member SET left_reason = 'x'
INSERT INTO cru.shift_member (shift_id, staff_id, from_at) VALUES ('<shift>', '<staff>', '2020-01-01')
INSERT INTO cru.planned_shift (van_id, starts_at, ends_at) VALUES ('<van>', now(), now() + interval '8 hours')
UPDATE cru.planned_shift SET cancelled_at = now()
INSERT INTO cru.planned_ride (planned_shift_id, staff_id) SELECT id, '<staff>' FROM cru.planned_shift
UPDATE cru.planned_ride SET off_at = now(), off_reason = 'x'
INSERT INTO cru.rota_published (planned_shift_id, plan_version) SELECT id, 1 FROM cru.planned_shift
INSERT INTO cru.cover_wanted (weekday, from_hour, vans) VALUES (1, 1, 1)
UPDATE cru.cover_wanted SET vans = 0
UPDATE cru.rule SET value = 1
UPDATE cru.priority SET within_minutes = 600
UPDATE cru.reason SET label = 'x'
INSERT INTO cru.outcome (code, label, rank) VALUES ('x', 'x', 1)
UPDATE cru.destination SET phone = 'x'
UPDATE cru.alarm_kind SET active = false
UPDATE cru.contact_schedule SET every_minutes = 600
UPDATE cru.screening SET override_clinician = 'Dr X', override_reason = 'x', override_at = now()
INSERT INTO cru.screening (referral_id, tool_version, answers, override_clinician, override_reason, override_at) VALUES ('<open>', 1, '{}', 'Dr X', 'x', now())
UPDATE cru.referral SET entered_in_error_at = now(), entered_in_error_reason = 'x'
UPDATE cru.referral SET screened_at = now()
UPDATE cru.shift_handover SET taken_at = now()
UPDATE cru.shift_handover_item SET signed_at = now()
SELECT cru.offer_room(gen_random_uuid(), 'x', '[]')
SELECT cru.shelve_alarm(gen_random_uuid(), now() + interval '1 hour', 'x')
SELECT cru.unshelve_alarm(gen_random_uuid())
SELECT cru.due_to_erase(1)
SELECT cru.erase_person('<closed>')
SELECT cru.back_between(now(), now())
SELECT cru.late_between(now(), now())
SELECT cru.measure_areas()
SELECT cru.rule_bounds('a', 'b')
SELECT * FROM cru.search
SELECT * FROM cru.mended
SELECT * FROM cru.backup
SELECT * FROM cru.measure
SELECT * FROM cru.spc_baseline
INSERT INTO cru.review (kind, about, words) VALUES ('late', 'x', 'x')
INSERT INTO cru.improvement (said, raised_by) VALUES ('x', 'team')
--- a.shah: CR002
UPDATE cru.referral SET state = 'accepted' WHERE id = '<closed>'
UPDATE cru.van SET emergency_at = NULL WHERE id = '<crying>'
UPDATE cru.shift SET planned_end_at = planned_end_at + interval '1 hour' WHERE id = '<shift>'
UPDATE cru.referral SET received_at = received_at - interval '1 minute' WHERE id = '<open>'
UPDATE cru.assignment SET on_scene_at = on_scene_at - interval '1 second' WHERE referral_id = '<closed>'
--- a.shah l.lead: CR002
INSERT INTO cru.event (referral_id, kind) VALUES ('<open>', 'closed')
INSERT INTO cru.event (referral_id, kind) VALUES ('<open>', 'let on by a clinician')
INSERT INTO cru.event (van_id, kind) VALUES ('<van>', 'emergency cleared')
INSERT INTO cru.event (kind) VALUES ('staff changed')
INSERT INTO cru.event (referral_id, kind) VALUES ('<open>', 'note taken back')
INSERT INTO cru.event (referral_id, kind) VALUES ('<open>', 'time amended')
INSERT INTO cru.event (referral_id, kind) VALUES ('<open>', 'details changed')
INSERT INTO cru.event (referral_id, kind) VALUES ('<open>', 'screening overridden')
--- l.lead: CR003
UPDATE cru.referral SET state = 'accepted' WHERE id = '<closed>'
UPDATE cru.referral SET closed_at = closed_at - interval '1 second' WHERE id = '<closed>'
UPDATE cru.assignment SET on_scene_at = on_scene_at - interval '1 second' WHERE referral_id = '<closed>'
--- l.lead: CR002
UPDATE cru.van SET id = gen_random_uuid() WHERE id = '<bare>'
UPDATE cru.device SET id = gen_random_uuid()
--- a.shah l.lead: 42501
UPDATE cru.person_request SET words = 'x' WHERE id = '<wrong>'
UPDATE cru.person_request SET said_by = 'x' WHERE id = '<wrong>'
UPDATE cru.person_request SET about = 'x' WHERE id = '<wrong>'
UPDATE cru.person_request SET kind = 'copy' WHERE id = '<wrong>'
UPDATE cru.person_request SET referral_id = '<closed>' WHERE id = '<wrong>'
UPDATE cru.person_request SET made_by = 'b.okafor' WHERE id = '<wrong>'
UPDATE cru.person_request SET made_at = now() WHERE id = '<wrong>'
UPDATE cru.person_request SET answered_by = 'b.okafor' WHERE id = '<wrong>'
UPDATE cru.person_request SET answered_at = now() WHERE id = '<wrong>'
UPDATE cru.person_request SET version = 9 WHERE id = '<wrong>'
INSERT INTO cru.person_request (referral_id, kind, said_by, words, made_by) VALUES ('<open>', 'copy', 'x', 'y', 'b.okafor')
INSERT INTO cru.person_request (referral_id, kind, said_by, words, answered_by) VALUES ('<open>', 'copy', 'x', 'y', 'b.okafor')
INSERT INTO cru.person_request (referral_id, kind, said_by, words, made_at) VALUES ('<open>', 'copy', 'x', 'y', now() - interval '40 days')
DELETE FROM cru.person_request
TRUNCATE cru.person_request
LOCK TABLE cru.person_request IN SHARE MODE
SELECT cru.check_answer(p) FROM cru.person_request p
SELECT cru.waits_for_answer(ARRAY['<open>']::uuid[])
SELECT cru.is_owner()
--- a.shah: CR002
UPDATE cru.person_request SET state = 'refused', answer = 'no' WHERE id = '<wrong>'
UPDATE cru.person_request SET state = 'refused', answer = 'no' WHERE id = '<wanted>'
UPDATE cru.person_request SET state = 'done', answer = 'given out' WHERE id = '<wanted>'
INSERT INTO cru.person_request (referral_id, kind, said_by, words, state, answer) VALUES ('<open>', 'copy', 'x', 'y', 'done', 'z')
INSERT INTO cru.person_request (referral_id, kind, said_by, words, state, answer) VALUES ('<open>', 'copy', 'x', 'y', 'refused', 'z')
INSERT INTO cru.person_request (referral_id, kind, said_by, words, state, answer) VALUES ('<open>', 'correction', 'x', 'y', 'refused', 'z')
--- a.shah l.lead: CR002
UPDATE cru.person_request SET state = 'refused', answer = 'no' WHERE id = '<gone>'
UPDATE cru.person_request SET state = 'done', answer = 'erased' WHERE id = '<gone>'
INSERT INTO cru.person_request (referral_id, kind, said_by, words, state, answer) VALUES ('<open>', 'erasing', 'x', 'y', 'done', 'z')
INSERT INTO cru.person_request (referral_id, kind, said_by, words, state, answer) VALUES ('<open>', 'erasing', 'x', 'y', 'refused', 'z')
INSERT INTO cru.event (referral_id, kind) VALUES ('<open>', 'copy done')
INSERT INTO cru.event (referral_id, kind) VALUES ('<open>', 'correction refused')
INSERT INTO cru.event (referral_id, kind) VALUES ('<open>', 'erased')
--- a.shah l.lead: CR001
INSERT INTO cru.person_request (referral_id, kind, said_by, words) SELECT referral_id, kind, said_by, words FROM cru.person_request WHERE id = '<wanted>'
UPDATE cru.person_request SET state = 'withdrawn', answer = 'no more' WHERE id = '<wrong>'; UPDATE cru.person_request SET state = 'withdrawn', answer = 'still not' WHERE id = '<wrong>'
--- a.shah l.lead: CR003
UPDATE cru.person_request SET state = 'open' WHERE id = '<wrong>'
UPDATE cru.person_request SET answer = 'x' WHERE id = '<wrong>'
INSERT INTO cru.person_request (referral_id, kind, said_by, words, answer) VALUES ('<open>', 'copy', 'x', 'y', 'z')
--- a.shah l.lead: 23514
UPDATE cru.person_request SET state = 'withdrawn', answer = '  ' WHERE id = '<wrong>'
INSERT INTO cru.person_request (referral_id, kind, said_by, words) VALUES ('<open>', 'copy', 'x', ' ')
INSERT INTO cru.person_request (referral_id, kind, said_by, words) VALUES ('<open>', 'objection', 'x', 'y')
-- Opening what is past, otherwise than by asking for it.
--- a.shah l.lead: 42501
SELECT cru.alike_by('9434765919', '', NULL, '', '', '', '', NULL, NULL, NULL, false)
SELECT cru.known_by('<closed>')
SELECT cru.note_look('alike', NULL, NULL, ARRAY['<closed>'::uuid])
SELECT cru.may_look('alike', 1)
SELECT cru.out_of_sight(ARRAY['<closed>'::uuid])
INSERT INTO cru.opened (login, referral_id, opened_at, xid) VALUES (session_user, '<closed>', now(), 1)
INSERT INTO cru.look (why, referrals) VALUES ('alike', ARRAY['<closed>'::uuid])
UPDATE cru.opened SET opened_at = 'infinity'
DELETE FROM cru.look WHERE why = 'alike'
INSERT INTO cru.rule (name, value, unit, meaning) VALUES ('looks_alike', 9999, 'times an hour', 'x')
ALTER TABLE cru.shift_log DISABLE ROW LEVEL SECURITY
DROP POLICY in_sight ON cru.shift_handover_item
--- a.shah: 42501
UPDATE cru.rule SET value = 1999 WHERE name = 'looks_alike'
SELECT count(*) FROM cru.look
--- l.lead: CR003
UPDATE cru.rule SET value = 2001 WHERE name = 'looks_alike'
UPDATE cru.rule SET value = 'infinity' WHERE name LIKE 'looks%'
UPDATE cru.rule SET value = 74 WHERE name = 'looks_alike'
--- a.shah l.lead: CR002
SELECT cru.open_rows(ARRAY['<closed>'::uuid], 'alike')
SELECT cru.open_rows(ARRAY['<closed>'::uuid], 'known')
SELECT cru.open_list('alike', now() - interval '1 day', now())
SELECT cru.open_list('log', NULL, now())
--- l.lead: CR001 Another van is called
UPDATE cru.van SET callsign = (SELECT lower(o.callsign) FROM cru.van o WHERE o.id = '<van>') WHERE id = '<bare>'
UPDATE cru.van SET callsign = (SELECT replace(o.callsign, 'U', 'u-') FROM cru.van o WHERE o.id = '<van>') WHERE id = '<bare>'
--- l.lead: CR003 A callsign has letters or figures
UPDATE cru.van SET callsign = U&'\200B' WHERE id = '<bare>'
UPDATE cru.van SET callsign = '- /' WHERE id = '<bare>'
