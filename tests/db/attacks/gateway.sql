-- What a gateway's login tries beyond handing positions and panics on. One statement a line.
--- g.gateway: 42501
SELECT token_digest FROM cru.device
SELECT * FROM cru.device
SELECT d FROM cru.device d
SELECT count(*) FROM cru.device WHERE token_digest LIKE 'a%'
SELECT device_id FROM cru.device ORDER BY token_digest
TABLE cru.device
COPY cru.device (token_digest) TO STDOUT
SELECT 1 FROM cru.device FOR UPDATE
UPDATE cru.device SET token_digest = repeat('0', 64)
UPDATE cru.device SET van_id = '<van>'
INSERT INTO cru.device (device_id, van_id, token_digest) VALUES ('mine', '<van>', repeat('0', 64))
INSERT INTO cru.device_stay (device, name, van_id) SELECT device, name, '<bare>' FROM cru.device_stay
UPDATE cru.device_stay SET until_at = NULL
DELETE FROM cru.device
UPDATE cru.van SET emergency_at = now() WHERE id = '<van>'
UPDATE cru.van SET emergency_at = NULL WHERE id = '<van>'
SELECT registration FROM cru.van
SELECT * FROM cru.van
SELECT equipment, seats FROM cru.van
UPDATE cru.position SET lat = 0
INSERT INTO cru.position (van_id, fixed_at, lat, lon) VALUES ('<van>', now(), 52, -1)
DELETE FROM cru.position
INSERT INTO cru.position_fix (van_id, fixed_at, lat, lon) VALUES ('<van>', now(), 52, -1)
INSERT INTO cru.position_fix_other (van_id, fixed_at, lat, lon) VALUES ('<van>', now(), 52, -1)
SELECT * FROM cru.position_fix
SELECT * FROM cru.position_fix_other
SELECT * FROM cru.person_request
INSERT INTO cru.person_request (referral_id, kind, said_by, words) VALUES ('<open>', 'copy', 'x', 'y')
SELECT * FROM cru.kept_until('<open>')
SELECT * FROM cru.referral
SELECT * FROM cru.referral_wall
SELECT * FROM cru.assignment_wall
SELECT * FROM cru.handover_wall
SELECT * FROM cru.past_wall
SELECT * FROM cru.measure_wall
SELECT * FROM cru.event
SELECT * FROM cru.change
SELECT * FROM cru.staff
SELECT * FROM cru.shift
SELECT * FROM cru.shift_member
SELECT * FROM cru.user_account
SELECT * FROM cru.service
SELECT * FROM cru.rule
SELECT * FROM cru.alarm
SELECT * FROM cru.message
SELECT * FROM cru.intake_call
SELECT cru.beat()
SELECT cru.record_life()
SELECT cru.backups()
SELECT cru.wall_figures(ARRAY[now()], ARRAY[now()])
SELECT cru.tool_in_force()
SELECT cru.outward('NN1 4LP')
SELECT cru.look_for('Zebedee')
SELECT cru.found_by(1, 'Zebedee')
SELECT cru.take_back(gen_random_uuid())
SELECT cru.raise_alarms('[]')
SELECT cru.van_of_device('<van>', now())
SELECT cru.write_event(NULL, '<van>', 'emergency', now())
INSERT INTO cru.event (kind, van_id) VALUES ('note', '<van>')
INSERT INTO cru.referral (source, priority, location_text) VALUES ('hub', 'P2', 'x')
INSERT INTO cru.command_log (command_id, verb) VALUES (gen_random_uuid(), 'x')
INSERT INTO cru.message (words) VALUES ('x')
SELECT nextval(pg_get_serial_sequence('cru.position_fix', 'id'))
--- g.gateway: 22023
SELECT cru.raise_emergency('<bare>')
SELECT cru.raise_emergency('<bare>', now())
SELECT cru.raise_emergency('<bare>', now() - interval '3 hours')
SELECT cru.raise_emergency('<bare>', 'infinity')
SELECT cru.raise_emergency(gen_random_uuid())
SELECT cru.raise_emergency(NULL)
SELECT cru.raise_emergency(v.id) FROM cru.van v WHERE NOT EXISTS (SELECT FROM cru.device_stay s WHERE s.van_id = v.id)
--- g.gateway: CR003
SELECT * FROM cru.sealed_devices('')
SELECT * FROM cru.sealed_devices(NULL)
SELECT * FROM cru.sealed_devices('0')
SELECT * FROM cru.sealed_devices(repeat('G', 64))
SELECT * FROM cru.sealed_devices(repeat('0', 63))
SELECT * FROM cru.sealed_devices(repeat('0', 65))
SELECT * FROM cru.sealed_devices(E'\n' || repeat('0', 64))
