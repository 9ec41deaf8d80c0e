-- Guards, events, the way out, and who may do what: a desk writes the log, a shift lead hands over the room.
DO $$
DECLARE
    tab text;
    moment text;
BEGIN
    FOREACH tab IN ARRAY '{shift_log,shift_handover,shift_handover_item}'::text[] LOOP
        EXECUTE format('CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON cru.%1$I FOR EACH ROW%2$s'
                       ' EXECUTE FUNCTION cru.guard_%1$s()', tab,
                       CASE tab WHEN 'shift_log' THEN ' WHEN (NOT cru.is_being_restored(''shift_log'', NEW.id))' ELSE '' END);
        EXECUTE format('CREATE TRIGGER guard_delete BEFORE DELETE ON cru.%1$I FOR EACH ROW'
                       ' EXECUTE FUNCTION cru.guard_%1$s()', tab);
        FOREACH moment IN ARRAY '{insert,update,delete}'::text[] LOOP
            EXECUTE format('CREATE TRIGGER note_%s AFTER %s ON cru.%I REFERENCING %s TABLE AS changed FOR EACH STATEMENT'
                           ' EXECUTE FUNCTION cru.note_rows(''id'', %L)', moment, moment, tab,
                           CASE WHEN moment = 'delete' THEN 'OLD' ELSE 'NEW' END, tab);
        END LOOP;
        EXECUTE format('CREATE TRIGGER note_truncate AFTER TRUNCATE ON cru.%I FOR EACH STATEMENT'
                       ' EXECUTE FUNCTION cru.note_whole(''all'')', tab);
    END LOOP;
END $$;

-- An entry is an act as others are: whoever wrote it may take it back within a minute.
CREATE TRIGGER log AFTER INSERT OR UPDATE ON cru.shift_log FOR EACH ROW
    WHEN (NOT cru.is_being_restored('shift_log', NEW.id)) EXECUTE FUNCTION cru.log_shift_log();
CREATE TRIGGER act AFTER INSERT ON cru.shift_log FOR EACH ROW
    WHEN (NOT cru.is_being_restored('shift_log', NEW.id)) EXECUTE FUNCTION cru.note_act();
CREATE TRIGGER a_taken_back BEFORE UPDATE ON cru.shift_log FOR EACH ROW
    WHEN (OLD.taken_back_at IS NOT NULL) EXECUTE FUNCTION cru.guard_taken_back();
CREATE TRIGGER log AFTER INSERT OR UPDATE ON cru.shift_handover FOR EACH ROW EXECUTE FUNCTION cru.log_shift_handover();
CREATE TRIGGER log AFTER UPDATE ON cru.shift_handover_item FOR EACH ROW EXECUTE FUNCTION cru.log_shift_handover_item();

-- An offer is withdrawn and not taken back, and what was signed stays signed.
DO $$
DECLARE
    found text := (SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = 'cru.event'::regclass AND tgname = 'act');
BEGIN
    DROP TRIGGER act ON cru.event;
    EXECUTE regexp_replace(found, '\mWHEN \((.*)\) EXECUTE', 'WHEN ((\1) AND NEW.kind <> ALL (''{room offered,room taken,'
        'room offer withdrawn,risk signed,shift log passed on}''::text[])) EXECUTE');
END $$;

REVOKE ALL ON FUNCTION cru.guard_shift_log(), cru.log_shift_log(), cru.guard_shift_handover(),
    cru.guard_shift_handover_item(), cru.log_shift_handover(), cru.log_shift_handover_item(),
    cru.offer_room(uuid, text, jsonb) FROM PUBLIC;
GRANT SELECT ON cru.shift_log, cru.shift_handover, cru.shift_handover_item TO cru_dispatcher;
GRANT INSERT (id, happened_at, words, referral_id, van_id, pass_on, corrects), UPDATE (pass_on) ON cru.shift_log
    TO cru_dispatcher;
GRANT UPDATE (taken_at, withdrawn_at) ON cru.shift_handover TO cru_shift_lead;
GRANT UPDATE (signed_at, remark) ON cru.shift_handover_item TO cru_shift_lead;
GRANT EXECUTE ON FUNCTION cru.offer_room(uuid, text, jsonb) TO cru_shift_lead;
