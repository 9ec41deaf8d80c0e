-- Guards, events, acts that can be taken back, and the way out, as of all that people write.
DO $$
DECLARE
    t record;
    moment text;
BEGIN
    FOR t IN SELECT * FROM (VALUES ('contact', true), ('ending', true), ('follow_up', true), ('late_link', false))
                       AS v(tab, changes) LOOP
        FOREACH moment IN ARRAY '{guard,log,act}'::text[] LOOP
            EXECUTE format('CREATE TRIGGER %I %s ON cru.%I FOR EACH ROW WHEN (NOT cru.is_being_restored(%L, NEW.id))'
                           ' EXECUTE FUNCTION cru.%s()', moment,
                CASE WHEN moment = 'guard' THEN 'BEFORE INSERT OR UPDATE' ELSE 'AFTER INSERT OR UPDATE' END, t.tab, t.tab,
                CASE moment WHEN 'act' THEN 'note_act' ELSE moment || '_' || t.tab END);
        END LOOP;
        EXECUTE format('CREATE TRIGGER a_taken_back BEFORE UPDATE ON cru.%I FOR EACH ROW'
                       ' WHEN (OLD.taken_back_at IS NOT NULL) EXECUTE FUNCTION cru.guard_taken_back()', t.tab);
        EXECUTE format('CREATE TRIGGER guard_delete BEFORE DELETE ON cru.%I FOR EACH ROW'
                       ' EXECUTE FUNCTION cru.guard_author('''')', t.tab);
        FOREACH moment IN ARRAY '{insert,update,delete}'::text[] LOOP
            EXECUTE format('CREATE TRIGGER note_%s AFTER %s ON cru.%I REFERENCING %s TABLE AS changed FOR EACH STATEMENT'
                           ' EXECUTE FUNCTION cru.note_rows(''id'', %L)', moment, moment, t.tab,
                           CASE WHEN moment = 'delete' THEN 'OLD' ELSE 'NEW' END, t.tab);
        END LOOP;
        EXECUTE format('CREATE TRIGGER note_truncate AFTER TRUNCATE ON cru.%I FOR EACH STATEMENT'
                       ' EXECUTE FUNCTION cru.note_whole(''all'')', t.tab);
    END LOOP;
    FOR t IN SELECT unnest('{contact_schedule,ending_rule,places_free}'::text[]) AS tab LOOP
        EXECUTE format('CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON cru.%I FOR EACH STATEMENT'
                       ' EXECUTE FUNCTION cru.note_whole(''reference'')', t.tab);
    END LOOP;
END $$;

CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON cru.places_free FOR EACH ROW
    EXECUTE FUNCTION cru.guard_places_free();
CREATE TRIGGER guard BEFORE UPDATE ON cru.contact_schedule FOR EACH ROW EXECUTE FUNCTION cru.guard_rule();
CREATE TRIGGER log AFTER UPDATE ON cru.contact_schedule FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION cru.log_schedule();
CREATE TRIGGER guard BEFORE UPDATE ON cru.ending_rule FOR EACH ROW EXECUTE FUNCTION cru.guard_rule();

REVOKE ALL ON FUNCTION cru.response_due(cru.referral), cru.next_call(uuid), cru.guard_contact(), cru.log_contact(),
    cru.agreed_to_wait(uuid, timestamptz), cru.guard_silent_hold(), cru.ending_rule_of(cru.referral), cru.was_met(uuid),
    cru.spoken_of_ending(uuid), cru.guard_ending_of_referral(), cru.guard_taken_up_again(), cru.stays_with(uuid),
    cru.follow_ending(), cru.guard_ending(), cru.told_words(text, text, text), cru.log_ending(), cru.guard_follow_up(),
    cru.log_follow_up(), cru.guard_late_link(), cru.log_late_link(), cru.guard_places_free(), cru.log_schedule() FROM PUBLIC;

GRANT SELECT ON cru.contact, cru.ending, cru.follow_up, cru.late_link TO cru_dispatcher;
GRANT SELECT ON cru.contact_schedule, cru.ending_rule, cru.places_free TO cru_viewer, cru_dispatcher;
GRANT INSERT (id, referral_id, about, made_at, spoke_with, with_name, channel, said, why_not, agreed_until, promised,
    promise_due_at), UPDATE (promise_outcome, promise_note) ON cru.contact TO cru_dispatcher;
GRANT UPDATE (holder_kind, holder_name, person_told_by, person_told_at, person_not_told, caller_told_by, caller_told_at,
    caller_not_told, referrer_told_by, referrer_told_at, referrer_not_told) ON cru.ending TO cru_dispatcher;
GRANT INSERT (id, referral_id, due_at, what_for), UPDATE (due_at, done_at, outcome) ON cru.follow_up TO cru_dispatcher;
GRANT INSERT (id, referral_id, service, incident, crew, came_at) ON cru.late_link TO cru_dispatcher;
GRANT INSERT (id, destination, free, said_by, said_at) ON cru.places_free TO cru_dispatcher;
GRANT INSERT (priority, first_minutes, every_minutes, again_minutes, active),
    UPDATE (first_minutes, every_minutes, again_minutes, active) ON cru.contact_schedule TO cru_shift_lead;

-- A record in use gets what a new one is delivered with, for the codes that it has.
INSERT INTO cru.contact_schedule (priority, first_minutes, every_minutes, again_minutes, author)
SELECT v.code, v.first, v.every, v.again, 'default set' FROM (VALUES ('P2', 30, 60, 10), ('P3', 120, 240, 30))
    AS v(code, first, every, again) WHERE EXISTS (SELECT FROM cru.priority p WHERE p.code = v.code);
INSERT INTO cru.ending_rule (kind, code, needs_meeting, asks_person, aftercare_hours, author)
SELECT v.kind, v.code, v.met, v.asks, v.hours, 'default set' FROM (VALUES
    ('outcome', 'home_safety_plan', true, false, NULL::integer), ('outcome', 'in_van', true, false, NULL),
    ('outcome', 'returned_ems', false, false, 48), ('decline', 'ems_physical', false, false, 48),
    ('decline', 'ems_danger', false, false, 48), ('cancel', 'by_caller', false, true, NULL)
) AS v(kind, code, met, asks, hours)
WHERE v.kind = 'outcome' AND EXISTS (SELECT FROM cru.outcome o WHERE o.code = v.code)
   OR EXISTS (SELECT FROM cru.reason r WHERE r.kind = v.kind AND r.code = v.code);
