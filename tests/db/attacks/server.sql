-- What nobody of the room may do to the server, and to what guards the record. One statement a line.
--- a.shah l.lead w.wall g.gateway: 42501
ALTER ROLE CURRENT_USER SUPERUSER
ALTER ROLE CURRENT_USER CREATEROLE
ALTER ROLE CURRENT_USER BYPASSRLS
ALTER ROLE CURRENT_USER REPLICATION
ALTER ROLE "b.okafor" PASSWORD 'mine now'
ALTER ROLE "b.okafor" NOLOGIN
ALTER ROLE "b.okafor" SET lock_timeout = 1
ALTER ROLE cru_dispatcher LOGIN
ALTER ROLE ALL SET search_path = mine
DROP ROLE "b.okafor"
CREATE ROLE mine LOGIN SUPERUSER
GRANT cru_shift_lead TO CURRENT_USER
GRANT pg_read_all_data TO CURRENT_USER
GRANT pg_write_all_data TO CURRENT_USER
GRANT pg_read_server_files TO CURRENT_USER
GRANT pg_execute_server_program TO CURRENT_USER
GRANT postgres TO CURRENT_USER
REVOKE cru_dispatcher FROM "b.okafor"
SET SESSION AUTHORIZATION "b.okafor"
SET ROLE postgres
SET ROLE "b.okafor"
SET ROLE pg_read_all_data
SET session_replication_role = replica
SET session_replication_role = local
SET log_statement = 'all'
SET log_min_messages = 'debug5'
SET log_min_error_statement = 'debug5'
SET log_min_duration_statement = 0
SET session_preload_libraries = 'auto_explain'
SET row_security = off; SET lo_compat_privileges = on
SET max_stack_depth = '100kB'; SET temp_file_limit = -1
SET deadlock_timeout = 1
SET track_activities = off; SET zero_damaged_pages = on
SET allow_system_table_mods = on
SELECT set_config('session_replication_role', 'replica', true)
SELECT set_config('log_statement', 'all', false)
LOAD 'auto_explain'
SELECT pg_read_file('PG_VERSION')
SELECT pg_read_binary_file('global/pg_control')
SELECT pg_ls_dir('base')
SELECT pg_ls_logdir()
SELECT pg_ls_waldir()
SELECT pg_ls_tmpdir()
SELECT pg_stat_file('PG_VERSION')
SELECT lo_import('/etc/hostname')
SELECT lo_export(1, '/tmp/mine')
SELECT rolpassword FROM pg_authid
SELECT passwd FROM pg_shadow
SELECT * FROM pg_statistic
SELECT * FROM pg_statistic_ext_data
SELECT * FROM pg_user_mapping
SELECT * FROM pg_largeobject
SELECT * FROM pg_subscription
SELECT * FROM pg_hba_file_rules
SELECT * FROM pg_file_settings
SELECT * FROM pg_ident_file_mappings
SELECT * FROM pg_shmem_allocations
SELECT * FROM pg_backend_memory_contexts
SELECT * FROM pg_replication_origin_status
SELECT pg_stat_reset()
SELECT pg_stat_reset_shared('bgwriter')
SELECT pg_reload_conf()
SELECT pg_rotate_logfile()
SELECT pg_promote()
SELECT pg_switch_wal()
SELECT pg_create_restore_point('mine')
SELECT pg_backup_start('mine')
SELECT pg_wal_replay_pause()
SELECT pg_create_physical_replication_slot('mine')
SELECT pg_create_logical_replication_slot('mine', 'test_decoding')
SELECT pg_logical_emit_message(true, 'mine', 'x'), pg_export_snapshot(), pg_advisory_lock(1)
SELECT pg_advisory_lock(1)
SELECT pg_try_advisory_lock(1, 2)
SELECT pg_advisory_xact_lock_shared(7)
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres'
SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres'
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'b.okafor'
SELECT pg_log_backend_memory_contexts(1)
COPY (SELECT 1) TO '/tmp/mine'
COPY (SELECT 1) TO PROGRAM 'cat'
CREATE TEMP TABLE mine (a text); COPY mine FROM '/etc/passwd'
CREATE TEMP TABLE mine (a text); COPY mine FROM PROGRAM 'id'
CREATE SCHEMA mine
CREATE SCHEMA AUTHORIZATION CURRENT_USER
CREATE TABLE cru.mine ()
CREATE TABLE public.mine ()
CREATE SEQUENCE cru.mine
CREATE TYPE cru.mine AS ENUM ('a')
CREATE DOMAIN cru.mine AS text
CREATE AGGREGATE cru.mine (int) (sfunc = int4pl, stype = int)
CREATE OPERATOR cru.=== (leftarg = int, rightarg = int, function = int4eq)
CREATE COLLATION cru.mine FROM "C"
CREATE TEXT SEARCH CONFIGURATION cru.mine (COPY = simple)
CREATE FUNCTION cru.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'
CREATE FUNCTION public.clock_now() RETURNS int LANGUAGE sql AS 'SELECT 1'
CREATE FUNCTION pg_temp.mine() RETURNS int LANGUAGE c AS '$libdir/auto_explain', 'x'
CREATE FUNCTION pg_temp.mine() RETURNS int LANGUAGE internal AS 'int4eq'
CREATE EXTENSION file_fdw
CREATE EVENT TRIGGER mine ON ddl_command_start EXECUTE FUNCTION suppress_redundant_updates_trigger()
CREATE PUBLICATION mine FOR ALL TABLES
CREATE CAST (text AS uuid) WITH INOUT AS IMPLICIT
CREATE OPERATOR CLASS pg_temp.mine FOR TYPE int USING btree AS STORAGE int
CREATE ACCESS METHOD mine TYPE INDEX HANDLER bthandler
ALTER SCHEMA cru OWNER TO CURRENT_USER
ALTER SCHEMA cru RENAME TO mine
DROP SCHEMA cru CASCADE
COMMENT ON SCHEMA cru IS 'x'
GRANT ALL ON SCHEMA cru TO CURRENT_USER; CREATE TABLE cru.mine ()
ALTER DATABASE <database> SET search_path = mine
ALTER DATABASE <database> OWNER TO CURRENT_USER
ALTER TABLE cru.event DISABLE TRIGGER ALL
ALTER TABLE cru.event DISABLE TRIGGER guard
ALTER TABLE cru.referral DISABLE TRIGGER guard_amended
ALTER TABLE cru.van DISABLE TRIGGER author
ALTER TABLE cru.event OWNER TO CURRENT_USER
ALTER TABLE cru.event RENAME TO mine
ALTER TABLE cru.event SET SCHEMA public
ALTER TABLE cru.event ADD COLUMN mine text
ALTER TABLE cru.event DROP COLUMN recorded_by
ALTER TABLE cru.event ALTER COLUMN recorded_by SET DEFAULT 'b.okafor'
ALTER TABLE cru.referral DROP CONSTRAINT referral_pkey CASCADE
ALTER TABLE cru.referral REPLICA IDENTITY FULL
ALTER TABLE cru.referral SET (autovacuum_enabled = off)
ALTER TABLE cru.referral NO INHERIT cru.event
ALTER TABLE cru.position_fix DETACH PARTITION cru.position_fix_other
CREATE TEMP TABLE mine () INHERITS (cru.referral)
CREATE TRIGGER t BEFORE INSERT ON cru.event FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()
DROP TRIGGER guard ON cru.event
ALTER TRIGGER guard ON cru.event RENAME TO mine
DROP TABLE cru.event CASCADE
DROP VIEW cru.referral_wall
DROP FUNCTION cru.clock_now() CASCADE
DROP INDEX cru.event_referral_id_idx, cru.event_pkey
ALTER FUNCTION cru.clock_now() SECURITY INVOKER
ALTER FUNCTION cru.is_lead() OWNER TO CURRENT_USER
ALTER FUNCTION cru.is_lead() RESET ALL
CREATE OR REPLACE FUNCTION cru.is_lead() RETURNS boolean LANGUAGE sql AS 'SELECT true'
CREATE OR REPLACE FUNCTION cru.clock_now() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()'
REINDEX TABLE cru.event
CLUSTER cru.event USING event_pkey
CREATE RULE mine AS ON UPDATE TO cru.referral DO INSTEAD NOTHING
CREATE POLICY mine ON cru.event USING (true)
CREATE STATISTICS cru.mine ON id, kind FROM cru.event
LOCK TABLE cru.event IN ACCESS EXCLUSIVE MODE
LOCK TABLE cru.referral IN SHARE MODE
LOCK TABLE cru.measure IN SHARE UPDATE EXCLUSIVE MODE
LOCK TABLE cru.referral_day IN SHARE UPDATE EXCLUSIVE MODE
TRUNCATE cru.change
DELETE FROM cru.change
DELETE FROM cru.event
DELETE FROM cru.referral
DELETE FROM cru.search
DELETE FROM cru.alembic_version
UPDATE cru.alembic_version SET version_num = '0001'
UPDATE cru.event SET recorded_by = 'b.okafor'
UPDATE cru.command_log SET done_by = 'b.okafor'
UPDATE cru.service SET clock_origin = now(), clock_shown = '2001-01-01', clock_speed = 0
UPDATE cru.service SET exercise = true
UPDATE cru.user_account SET role = 'shift lead'
UPDATE cru.user_account SET display_name = 'L. Lead' WHERE login = session_user
INSERT INTO cru.user_account (login, display_name, role) VALUES ('mine', 'Mine', 'shift lead')
DELETE FROM cru.user_account
UPDATE cru.legal_move SET to_state = 'closed'
INSERT INTO cru.legal_move VALUES ('referral', 'received', 'closed')
DELETE FROM cru.legal_move
UPDATE cru.screening_item SET no_override = false
DELETE FROM cru.screening_item
INSERT INTO cru.tool_life (tool_version, step, from_at) VALUES (1, 'in force', now())
UPDATE cru.measure SET active = false
INSERT INTO cru.change (entity, ids, xid) VALUES ('referral', '{}', 0)
SELECT cru.write_event('<open>', NULL, 'accepted', now())
SELECT cru.next_reference(now())
SELECT cru.next_number('2026-01-01')
SELECT cru.limit_sessions()
SELECT cru.is_lead()
SELECT cru.ensure_fix_partition('2026-01-01')
SELECT cru.store_fixes('[]')
SELECT cru.rub_out(ARRAY['<open>']::uuid[])
SELECT cru.follow_danger('<open>', true)
SELECT cru.check_stands('<open>', 'accepted')
SELECT cru.device_event('<van>', 'emergency', 'x', '{}')
SELECT cru.settle_referrals(ARRAY['<open>']::uuid[])
SELECT cru.trim_acts()
SELECT cru.this_act()
SELECT cru.make_findable(ARRAY['<open>']::uuid[])
--- a.shah w.wall g.gateway: 42501
SET ROLE cru_shift_lead
SET ROLE "l.lead"
GRANT cru_dispatcher TO "g.gateway"
