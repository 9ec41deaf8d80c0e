-- Guards, the way out, and who may do what: a desk acknowledges, a shift lead shelves, and nobody writes an alarm by hand.
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON cru.alarm FOR EACH ROW EXECUTE FUNCTION cru.guard_alarm();
CREATE TRIGGER log AFTER UPDATE ON cru.alarm FOR EACH ROW EXECUTE FUNCTION cru.log_alarm();
DO $$
DECLARE
    moment text;
BEGIN
    FOREACH moment IN ARRAY '{insert,update,delete}'::text[] LOOP
        EXECUTE format('CREATE TRIGGER note_%s AFTER %s ON cru.alarm REFERENCING %s TABLE AS changed FOR EACH STATEMENT'
                       ' EXECUTE FUNCTION cru.note_rows(''id'', ''alarm'')', moment, moment,
                       CASE WHEN moment = 'delete' THEN 'OLD' ELSE 'NEW' END);
    END LOOP;
END $$;
CREATE TRIGGER note_truncate AFTER TRUNCATE ON cru.alarm FOR EACH STATEMENT EXECUTE FUNCTION cru.note_whole('all');
CREATE TRIGGER listed BEFORE INSERT OR UPDATE ON cru.alarm_kind FOR EACH ROW EXECUTE FUNCTION cru.guard_listed();
CREATE TRIGGER log AFTER INSERT OR UPDATE ON cru.alarm_kind FOR EACH ROW EXECUTE FUNCTION cru.log_listed();
CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON cru.alarm_kind
    FOR EACH STATEMENT EXECUTE FUNCTION cru.note_whole('reference');

-- To have heard of something is nothing that could be taken back.
DO $$
DECLARE
    found text := (SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = 'cru.event'::regclass AND tgname = 'act');
BEGIN
    DROP TRIGGER act ON cru.event;
    EXECUTE regexp_replace(found, '\mWHEN \((.*)\) EXECUTE', 'WHEN ((\1) AND NEW.kind <> ALL (''{alarm acknowledged,'
        'alarm shelved,alarm back from the shelf}''::text[])) EXECUTE');
END $$;

REVOKE ALL ON FUNCTION cru.guard_alarm(), cru.is_acknowledged(cru.alarm), cru.watch_alarms(uuid),
    cru.has_begun(text, cru.alarm_kind), cru.raise_alarms(jsonb), cru.end_alarms(text[]), cru.open_alarm(uuid), cru.log_alarm(),
    cru.acknowledge_alarm(uuid), cru.shelve_alarm(uuid, timestamptz, text), cru.unshelve_alarm(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.watch_alarms(uuid), cru.raise_alarms(jsonb), cru.end_alarms(text[]),
    cru.acknowledge_alarm(uuid) TO cru_dispatcher;
GRANT EXECUTE ON FUNCTION cru.shelve_alarm(uuid, timestamptz, text), cru.unshelve_alarm(uuid) TO cru_shift_lead;
GRANT SELECT ON cru.alarm TO cru_dispatcher;
GRANT SELECT ON cru.alarm_kind TO cru_viewer, cru_dispatcher;
GRANT SELECT (id, beat_at) ON cru.alarm_watch TO cru_viewer, cru_dispatcher;
GRANT UPDATE (label, priority, delay_seconds, times, within_minutes, escalate_minutes, stays, shelvable, what_to_do, rank,
    active) ON cru.alarm_kind TO cru_shift_lead;

INSERT INTO cru.alarm_kind (code, label, priority, times, escalate_minutes, stays, shelvable, what_to_do, rank, author)
SELECT k.*, 'default set' FROM (VALUES
    ('emergency', 'Van emergency', 1, 1, 1, true, false, 'Call the crew. No answer: police and ambulance to the van''s place at once.', 1),
    ('danger', 'Danger told after accepting', 1, 1, 2, true, true, 'Screen again, or give it back to 999.', 2),
    ('no_van', 'Most urgent, no van', 1, 1, 5, true, true, 'Send a van, or tell the shift lead that there is none.', 3),
    ('unreadable_first', 'Most urgent, cannot be read', 1, 1, 5, false, true, 'Ask the owner of the record; work by telephone meanwhile.', 4),
    ('late', 'Response late', 2, 1, 15, false, true, 'Send a nearer van, or call the person and say when.', 5),
    ('silent_hold', 'Rests past its time', 2, 1, 15, false, true, 'Call the person.', 6),
    ('call', 'Call overdue', 2, 1, 15, false, true, 'Call the person who waits.', 7),
    ('handover', 'Long handover', 2, 1, 15, false, true, 'Ask the crew what holds it up.', 8),
    ('lost_fix', 'Van on a job, no fix', 2, 1, 15, false, true, 'Call the crew: where are they, are they well?', 9),
    ('unreadable', 'Cannot be read', 2, 1, 15, false, true, 'Ask the owner of the record.', 10),
    ('due_soon', 'Response due soon', 3, 1, NULL, false, true, 'Look whether its van will be there in time.', 11),
    ('call_later', 'Call overdue, less urgent', 3, 1, NULL, false, true, 'Call the person who waits.', 12),
    ('promise', 'Promise due', 3, 1, NULL, false, true, 'Keep it, or say why not.', 13),
    ('follow_up', 'Follow-up overdue', 3, 1, NULL, false, true, 'Do it, or give it to somebody.', 14),
    ('shift_end', 'On a job at the end of the shift', 3, 1, NULL, false, true, 'Relieve the crew, or agree on an extension.', 15)
) AS k (code, label, priority, times, escalate_minutes, stays, shelvable, what_to_do, rank) WHERE EXISTS (SELECT FROM cru.wish);
