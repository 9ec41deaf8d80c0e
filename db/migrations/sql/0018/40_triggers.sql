-- Guards, events, the way out, and who may do what: a shift lead plans, everybody at a desk sees it.

CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON cru.planned_shift
    FOR EACH ROW EXECUTE FUNCTION cru.guard_planned_shift();
CREATE TRIGGER log AFTER INSERT OR UPDATE ON cru.planned_shift FOR EACH ROW EXECUTE FUNCTION cru.log_planned_shift();
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON cru.planned_ride
    FOR EACH ROW EXECUTE FUNCTION cru.guard_planned_ride();
CREATE TRIGGER log AFTER INSERT OR UPDATE ON cru.planned_ride FOR EACH ROW EXECUTE FUNCTION cru.log_planned_ride();
CREATE TRIGGER guard_rides BEFORE INSERT OR UPDATE ON cru.shift_member
    FOR EACH ROW EXECUTE FUNCTION cru.guard_rides();
CREATE TRIGGER log AFTER INSERT OR UPDATE ON cru.shift_member FOR EACH ROW EXECUTE FUNCTION cru.log_rides();
CREATE TRIGGER guard_length AFTER INSERT OR UPDATE OF started_at, planned_end_at ON cru.shift FOR EACH ROW
    WHEN (NOT cru.is_being_restored('shift', NEW.id)) EXECUTE FUNCTION cru.guard_shift_length();
-- Also where an act is taken back: nobody can be in two places.
CREATE TRIGGER guard_reopened AFTER UPDATE ON cru.shift FOR EACH ROW
    WHEN (OLD.ended_at IS NOT NULL AND NEW.ended_at IS NULL) EXECUTE FUNCTION cru.guard_reopened_shift();
CREATE TRIGGER guard_retired BEFORE UPDATE OF active ON cru.van FOR EACH ROW
    WHEN (NOT cru.is_being_restored('van', NEW.id) AND OLD.active AND NOT NEW.active)
    EXECUTE FUNCTION cru.guard_retired();
CREATE TRIGGER log_new AFTER INSERT ON cru.van FOR EACH ROW EXECUTE FUNCTION cru.log_new_van();
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON cru.staff FOR EACH ROW EXECUTE FUNCTION cru.guard_staff();
CREATE TRIGGER log AFTER INSERT OR UPDATE ON cru.staff FOR EACH ROW EXECUTE FUNCTION cru.log_staff();
CREATE TRIGGER guard BEFORE UPDATE ON cru.cover_wanted FOR EACH ROW EXECUTE FUNCTION cru.guard_rule();
CREATE TRIGGER log AFTER INSERT OR UPDATE ON cru.cover_wanted FOR EACH ROW EXECUTE FUNCTION cru.log_cover();
CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON cru.cover_wanted
    FOR EACH STATEMENT EXECUTE FUNCTION cru.note_whole('reference');

-- What is planned is changed or cancelled, and a crew changed again, in its own way: none of it is an act that Undo
-- restores, and to take back its event alone would say that it did not happen.
-- What is no act already is read from the trigger, so that kinds that came since are kept.
DO $$
DECLARE
    found text := (SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = 'cru.event'::regclass AND tgname = 'act');
BEGIN
    DROP TRIGGER act ON cru.event;
    EXECUTE regexp_replace(found, '\mWHEN \((.*)\) EXECUTE', 'WHEN ((\1) AND NEW.kind <> ALL (''{shift planned,'
        'planned shift changed,planned shift cancelled,crew planned,crew plan changed,taken off the rota,joined the crew,'
        'left the crew,staff added,staff changed,staff left,staff back,van added,cover wanted}''::text[])) EXECUTE');
END $$;

-- Configurable data is read as a whole, and what is planned is a part of it: few rows, seldom changed.
CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON cru.planned_shift
    FOR EACH STATEMENT EXECUTE FUNCTION cru.note_whole('reference');
CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON cru.planned_ride
    FOR EACH STATEMENT EXECUTE FUNCTION cru.note_whole('reference');

REVOKE ALL ON FUNCTION cru.leads_or_owns(), cru.span_in_words(timestamptz, timestamptz), cru.shift_most(),
    cru.check_length(timestamptz, timestamptz), cru.rides_elsewhere(uuid, timestamptz, timestamptz, uuid, uuid),
    cru.guard_planned_shift(), cru.guard_planned_ride(), cru.guard_rides(), cru.guard_shift_length(),
    cru.guard_reopened_shift(), cru.guard_retired(), cru.guard_staff(),
    cru.log_planned_shift(), cru.log_planned_ride(), cru.log_rides(), cru.log_staff(), cru.log_new_van(), cru.log_cover()
    FROM PUBLIC;

GRANT SELECT ON cru.planned_shift, cru.planned_ride, cru.cover_wanted TO cru_viewer, cru_dispatcher;
GRANT INSERT (id, van_id, starts_at, ends_at, note), UPDATE (van_id, starts_at, ends_at, note, cancelled_at)
    ON cru.planned_shift TO cru_shift_lead;
GRANT INSERT (id, planned_shift_id, staff_id, from_at, until_at), UPDATE (from_at, until_at, off_at, off_reason)
    ON cru.planned_ride TO cru_shift_lead;
GRANT INSERT (weekday, from_hour, vans, active), UPDATE (vans, active) ON cru.cover_wanted TO cru_shift_lead;
REVOKE INSERT ON cru.shift_member FROM cru_dispatcher;
GRANT INSERT (shift_id, staff_id) ON cru.shift_member TO cru_dispatcher;
GRANT INSERT (from_at), UPDATE (until_at, left_reason) ON cru.shift_member TO cru_shift_lead;
REVOKE INSERT, UPDATE ON cru.staff FROM cru_shift_lead;
GRANT INSERT (id, name, profession, gender, languages, registered, active),
    UPDATE (name, profession, gender, languages, registered, active) ON cru.staff TO cru_shift_lead;
