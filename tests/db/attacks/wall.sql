-- What a viewer's login tries to read, by any path, and to leave behind. One statement a line.
--- w.wall: 42501
SELECT 1 FROM cru.referral LIMIT 1
SELECT * FROM cru.person_request
SELECT * FROM cru.kept_until('<open>')
SELECT * FROM cru.referrals_of_person('<open>')
SELECT FROM cru.referral FOR SHARE
TABLE cru.referral
SELECT r FROM cru.referral r
SELECT (r).patient_name FROM cru.referral r
SELECT to_jsonb(r) FROM cru.referral r
SELECT patient_name FROM ONLY cru.referral
SELECT ctid, xmin FROM cru.referral
SELECT tableoid::regclass FROM cru.referral
SELECT max(length(narrative)) FROM cru.referral
SELECT EXISTS (SELECT FROM cru.referral WHERE patient_name LIKE 'Z%')
SELECT 1 WHERE 'Zebedee' IN (SELECT patient_name FROM cru.referral)
COPY cru.referral TO STDOUT
COPY (SELECT narrative FROM cru.referral) TO STDOUT
COPY cru.referral (patient_name) TO STDOUT WITH CSV HEADER
EXPLAIN ANALYZE SELECT * FROM cru.referral
DECLARE c CURSOR FOR SELECT * FROM cru.referral
CREATE TEMP TABLE mine AS SELECT * FROM cru.referral
CREATE TEMP TABLE mine (a text) ; CREATE RULE r AS ON INSERT TO mine DO ALSO SELECT * FROM cru.referral; INSERT INTO mine VALUES ('x')
CREATE TEMP VIEW mine AS SELECT * FROM cru.referral; SELECT * FROM mine
CREATE FUNCTION pg_temp.mine() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM cru.referral'; SELECT pg_temp.mine()
DO 'BEGIN PERFORM * FROM cru.referral; END'
PREPARE mine AS SELECT * FROM cru.referral; EXECUTE mine
WITH r AS (SELECT * FROM cru.referral) SELECT count(*) FROM r
SELECT w.id, r.patient_name FROM cru.referral_wall w JOIN cru.referral r USING (id)
SELECT w.id, (SELECT patient_name FROM cru.referral r WHERE r.id = w.id) FROM cru.referral_wall w
SELECT * FROM cru.van v, LATERAL (SELECT * FROM cru.referral LIMIT 1) r
SELECT patient_name::int FROM cru.referral
SELECT * FROM cru.referral TABLESAMPLE SYSTEM (100)
SELECT query_to_xml('SELECT patient_name FROM cru.referral', true, false, '')
SELECT ts_stat('SELECT words FROM cru.findable')
SELECT * FROM cru.referral_wall w WHERE (SELECT narrative FROM cru.referral r WHERE r.id = w.id) ~ 'a'
MERGE INTO cru.referral r USING cru.referral_wall w ON r.id = w.id WHEN MATCHED THEN DO NOTHING
LOCK TABLE cru.referral IN ACCESS SHARE MODE
INSERT INTO cru.referral_wall (id) VALUES (gen_random_uuid())
DELETE FROM cru.referral_wall
DELETE FROM cru.handover_wall
UPDATE cru.assignment_wall SET state = 'clear'
CREATE TRIGGER t INSTEAD OF UPDATE ON cru.referral_wall FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()
COMMENT ON TABLE cru.referral IS 'x'
COMMENT ON COLUMN cru.referral.narrative IS 'x'
CREATE STATISTICS cru.mine ON postcode, narrative FROM cru.referral
CREATE STATISTICS pg_temp.mine ON postcode, narrative FROM cru.referral
CREATE INDEX mine ON cru.referral (narrative)
CREATE POLICY mine ON cru.referral USING (true)
CREATE VIEW cru.mine AS SELECT 1
CREATE MATERIALIZED VIEW cru.mine AS SELECT 1
CREATE PUBLICATION mine FOR TABLE cru.referral
CREATE OR REPLACE VIEW cru.referral_wall AS SELECT * FROM cru.referral
ALTER VIEW cru.referral_wall SET (security_invoker = true)
ALTER TABLE cru.referral ENABLE ROW LEVEL SECURITY
CREATE FOREIGN DATA WRAPPER mine
CREATE EXTENSION dblink
CREATE EXTENSION pg_trgm SCHEMA cru
SELECT left_reason FROM cru.shift_member
SELECT * FROM cru.user_account
SELECT login FROM cru.user_account
SELECT u.display_name FROM cru.user_account u JOIN cru.my_account USING (role)
UPDATE cru.my_account SET role = 'shift lead'
INSERT INTO cru.my_account (login, display_name, role) VALUES ('mine', 'Mine', 'shift lead')
SELECT * FROM cru.shift_member
SELECT m FROM cru.shift_member m
SELECT * FROM cru.alarm_watch
SELECT last_value FROM cru.reference_count_0
SELECT nextval('cru.reference_count_0')
SELECT setval('cru.reference_count_0', 1)
SELECT last_value FROM cru.reference_count_late
SELECT last_value FROM cru.event_id_seq
SELECT nextval(pg_get_serial_sequence('cru.event', 'id'))
SELECT nextval(pg_get_serial_sequence('cru.change', 'id'))
SELECT cru.look_for('Zebedee')
SELECT * FROM cru.found_by(1, 'Zebedee')
SELECT * FROM cru.known_of('<open>')
SELECT * FROM cru.known_before('<open>')
SELECT * FROM cru.about_before('<open>')
SELECT * FROM cru.to_be_read('<open>')
SELECT * FROM cru.unread_words('<open>')
SELECT * FROM cru.stands_against('<open>')
SELECT * FROM cru.danger_flags('<open>')
SELECT cru.referrals_of_flag('<open>')
SELECT * FROM cru.facts_of(ARRAY['<open>']::uuid[])
SELECT * FROM cru.job_facts_of(ARRAY['<open>']::uuid[])
SELECT * FROM cru.figures_of(ARRAY[now() - interval '1 day'], ARRAY[now()], '{}', ARRAY['response'])
SELECT * FROM cru.measure_figures(ARRAY[now() - interval '1 day'], ARRAY[now()], '{}')
SELECT * FROM cru.back_between(now() - interval '1 year', now())
SELECT * FROM cru.late_between(now() - interval '1 year', now())
SELECT * FROM cru.due_to_erase(5)
SELECT * FROM cru.my_last_act()
SELECT * FROM cru.acts_of('<open>', NULL)
SELECT cru.times_of('<open>')
SELECT cru.name_of('a.shah')
SELECT cru.name_key('Zebedee')
SELECT cru.held_up_by(1)
SELECT cru.settle_measures()
SELECT cru.measure_anew()
SELECT cru.be_present('<open>', '<open>', true)
SELECT cru.raise_alarms('[]')
SELECT cru.end_alarms(ARRAY['x'])
SELECT cru.same_person_as('<open>')
SELECT cru.party_kind('Zebedee', 'ems')
SELECT cru.sealed_devices(repeat('0', 64))
SELECT cru.is_on_the_phone('<open>')
SELECT cru.write_event('<open>', NULL, 'note', now())
SELECT cru.note_change('referral', ARRAY['<open>']::uuid[])
SELECT cru.raise_emergency('<van>')
SELECT cru.record_fixes('[]')
SELECT cru.context('reason')
SELECT cru.changes('{}', '{}')
SELECT cru.digest('Zebedee')
SELECT cru.words_found_by('Zebedee')
SELECT cru.looked_for('Zebedee')
SELECT cru.erase_person('<closed>')
SELECT cru.offer_room(gen_random_uuid(), 'x', '[]')
SELECT * FROM cru.about_me
SELECT * FROM cru.act
SELECT * FROM cru.act_part
SELECT * FROM cru.alarm
SELECT * FROM cru.alarm_onset
SELECT * FROM cru.backup
SELECT * FROM cru.command_log
SELECT * FROM cru.contact
SELECT * FROM cru.crew_word
SELECT * FROM cru.danger
SELECT * FROM cru.decision
SELECT * FROM cru.device
SELECT * FROM cru.device_stay
SELECT * FROM cru.ending
SELECT * FROM cru.event
SELECT * FROM cru.fact_due
SELECT * FROM cru.feedback
SELECT * FROM cru.findable
SELECT * FROM cru.flag
SELECT * FROM cru.follow_up
SELECT * FROM cru.handover
SELECT * FROM cru.assignment
SELECT * FROM cru.improvement
SELECT * FROM cru.intake_call
SELECT * FROM cru.interpreter
SELECT * FROM cru.job_fact
SELECT * FROM cru.late_link
SELECT * FROM cru.mended
SELECT * FROM cru.message
SELECT * FROM cru.message_seen
SELECT * FROM cru.neighbourhood
SELECT * FROM cru.planned_ride
SELECT * FROM cru.planned_shift
SELECT * FROM cru.position_fix
SELECT * FROM cru.presence
SELECT * FROM cru.read_back
SELECT * FROM cru.reading
SELECT * FROM cru.places_free
SELECT * FROM cru.referral
SELECT * FROM cru.referral_fact
SELECT * FROM cru.review
SELECT * FROM cru.rota_published
SELECT * FROM cru.same_person
SELECT * FROM cru.screening
SELECT * FROM cru.search
SELECT * FROM cru.shift_handover
SELECT * FROM cru.shift_handover_item
SELECT * FROM cru.shift_log
SELECT * FROM cru.spc_baseline
SELECT * FROM cru.staff
SELECT * FROM cru.wish_kept
SELECT * FROM cru.measure
--- w.wall: 42P16 0A000 22023
CREATE TEMP TABLE mine (id uuid REFERENCES cru.referral)
SELECT table_to_xml('cru.referral', true, false, '')
UPDATE cru.referral_wall SET narrative = 'x'
SECURITY LABEL ON TABLE cru.referral IS 'x'
--- w.wall g.gateway: 42501
SELECT cru.open_alike('9434765919', '', NULL, '', '', '', '', NULL, NULL)
SELECT cru.alike('', 'Zebedee', '1968-04-30', '', '', '', '', NULL, NULL, '<open>')
SELECT cru.open_known('<open>')
SELECT cru.known_of('<open>')
SELECT cru.sees_stretch('log', now())
SELECT cru.sees_room('<open>')
