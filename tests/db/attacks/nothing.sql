-- What a viewer's login is let read, and learns nothing of anybody by. One statement a line; what is said, answered and
-- noticed is looked through for every word that was typed of the person.
--- w.wall: tells nothing
SELECT * FROM cru.referral_wall
SELECT w::text FROM cru.referral_wall w
SELECT to_jsonb(w) FROM cru.referral_wall w
SELECT row_to_json(w) FROM cru.referral_wall w
SELECT * FROM cru.handover_wall
SELECT * FROM cru.assignment_wall
SELECT * FROM cru.past_wall
SELECT * FROM cru.change
SELECT * FROM cru.van
SELECT * FROM cru.shift
SELECT * FROM cru.position
SELECT * FROM cru.my_account
SELECT * FROM cru.measure_wall
SELECT * FROM cru.wall_figures(ARRAY[now() - interval '1 day'], ARRAY[now()])
SELECT cru.backups()
SELECT postcode::int FROM cru.referral_wall
SELECT (location_text || '!')::int FROM cru.referral_wall
SELECT narrative::date FROM cru.referral_wall
SELECT 1 / length(narrative) FROM cru.referral_wall
SELECT postcode::int FROM cru.referral_wall WHERE postcode::int > 0
SELECT from_party::int FROM cru.handover_wall
SELECT to_party::uuid FROM cru.handover_wall
SELECT refusal_reason::int FROM cru.handover_wall
SELECT destination::int FROM cru.assignment_wall
SELECT stand_down_reason::uuid FROM cru.assignment_wall
SELECT plan::text::int FROM cru.referral_wall
SELECT xmlparse(content narrative || '<') FROM cru.referral_wall
SELECT string_agg(w::text, ' ') FROM cru.referral_wall w
SELECT convert_to(w::text, 'UTF8') FROM cru.referral_wall w
SELECT regexp_matches(w::text, '.*', 'g') FROM cru.referral_wall w
CREATE FUNCTION pg_temp.leak(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS 'BEGIN RAISE NOTICE ''%'', $1; RETURN true; END'; SELECT id FROM cru.referral_wall WHERE pg_temp.leak(narrative) AND pg_temp.leak(postcode) AND pg_temp.leak(location_text)
CREATE FUNCTION pg_temp.leak(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS 'BEGIN RAISE NOTICE ''%'', $1; RETURN true; END'; SELECT id FROM cru.handover_wall WHERE pg_temp.leak(from_party) AND pg_temp.leak(to_party)
CREATE FUNCTION pg_temp.leak(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS 'BEGIN RAISE NOTICE ''%'', $1; RETURN true; END'; SELECT id FROM cru.referral_wall w WHERE pg_temp.leak(w::text)
CREATE FUNCTION pg_temp.leak(text, text) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RAISE NOTICE ''% %'', $1, $2; RETURN true; END'; CREATE OPERATOR pg_temp.>>> (leftarg = text, rightarg = text, function = pg_temp.leak); SELECT id FROM cru.referral_wall w WHERE w::text OPERATOR(pg_temp.>>>) 'x'
CREATE FUNCTION pg_temp.outward(text) RETURNS text LANGUAGE sql AS 'SELECT $1'; SET search_path = pg_temp, cru; SELECT * FROM cru.referral_wall
CREATE TEMP TABLE referral (LIKE cru.van); SET search_path = pg_temp, cru; SELECT * FROM cru.referral_wall
SELECT * FROM pg_stats
SELECT * FROM pg_stats WHERE tablename = 'referral'
SELECT most_common_vals::text FROM pg_stats WHERE schemaname = 'cru'
SELECT histogram_bounds::text FROM pg_stats WHERE schemaname = 'cru'
SELECT most_common_elems::text FROM pg_stats WHERE tablename = 'findable'
SELECT * FROM pg_stats_ext
SELECT * FROM pg_stats_ext_exprs
SELECT query FROM pg_stat_activity
SELECT * FROM pg_stat_activity
SELECT * FROM pg_stat_user_tables
SELECT * FROM pg_stat_user_indexes
SELECT * FROM pg_statio_user_tables
SELECT * FROM pg_stat_user_functions
SELECT * FROM pg_stat_xact_user_tables
SELECT * FROM pg_stat_progress_copy
SELECT * FROM pg_stat_replication
SELECT * FROM pg_locks
SELECT * FROM pg_sequences
SELECT * FROM pg_cursors
SELECT * FROM pg_prepared_statements
SELECT * FROM pg_prepared_xacts
SELECT * FROM pg_largeobject_metadata
SELECT * FROM pg_description
SELECT * FROM pg_seclabels
SELECT * FROM pg_shdescription
SELECT * FROM pg_settings
SELECT * FROM pg_db_role_setting
SELECT * FROM pg_roles
SELECT * FROM pg_user
SELECT prosrc FROM pg_proc WHERE pronamespace = 'cru'::regnamespace
SELECT pg_get_viewdef(oid) FROM pg_class WHERE relkind = 'v' AND relnamespace = 'cru'::regnamespace
SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef
SELECT pg_get_constraintdef(oid) FROM pg_constraint
SELECT pg_get_triggerdef(oid) FROM pg_trigger
SELECT pg_get_partition_constraintdef(oid) FROM pg_class WHERE relispartition
SELECT * FROM information_schema.columns
SELECT * FROM information_schema.views
SELECT * FROM information_schema.routines
SELECT pg_total_relation_size(oid) FROM pg_class WHERE relname = 'referral'
SELECT pg_relation_size('cru.referral'), pg_column_size(w) FROM cru.referral_wall w
SELECT cru.outward(postcode) FROM cru.referral_wall
SELECT cru.party_on_wall(from_kind) FROM cru.handover_wall
SELECT obj_description('cru.referral'::regclass), col_description('cru.referral'::regclass, 5)
SELECT cru.record_life()
SELECT cru.beat()
SELECT cru.tool_in_force()
EXPLAIN SELECT * FROM cru.referral_wall
EXPLAIN (VERBOSE, ANALYZE) SELECT * FROM cru.referral_wall
EXPLAIN (VERBOSE) SELECT * FROM cru.referral_wall WHERE postcode = 'NN1'
SELECT pg_notification_queue_usage()
SELECT current_setting('cru.reason', true), current_setting('cru.command', true), current_setting('cru.insisted', true)
SELECT txid_current_snapshot(), pg_current_wal_lsn()
SELECT * FROM cru.rule
SELECT * FROM cru.destination
SELECT * FROM cru.alarm_kind
SELECT id, beat_at FROM cru.alarm_watch
SELECT shift_id, staff_id, from_at, until_at FROM cru.shift_member
SELECT query_to_xml('SELECT * FROM cru.referral_wall', true, false, '')
SELECT schema_to_xml('pg_temp', true, false, '')
SELECT ts_stat('SELECT to_tsvector(w::text) FROM cru.referral_wall w')
