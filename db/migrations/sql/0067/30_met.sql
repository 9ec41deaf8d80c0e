-- Whoever ended as if nobody had met them, and was met after all as the record knows by now: the shift lead looks at the end again.
CREATE FUNCTION cru.follow_late_meeting() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    the_lead constant text := 'For the shift lead: it ended as if nobody had met the person, and somebody has: say how it ended';
    here jsonb := to_jsonb(NEW);
    it cru.referral;
    asked cru.ending_rule;
    stands boolean;
BEGIN
    SELECT * INTO it FROM referral WHERE id = CASE WHEN TG_TABLE_NAME = 'referral' THEN here ->> 'id' ELSE here ->> 'referral_id' END::uuid;
    asked := ending_rule_of(it);
    stands := it.state <> ALL (open_referral_states()) AND coalesce(asked.only_unmet, false) AND was_met_again(it.id);
    IF NOT stands THEN
        UPDATE follow_up SET outcome = 'Not to be done any more: the end was put right' WHERE referral_id = it.id
            AND what_for = the_lead AND done_at IS NULL AND taken_back_at IS NULL;
    ELSIF NOT EXISTS (SELECT FROM follow_up WHERE referral_id = it.id AND what_for = the_lead AND done_at IS NULL
                      AND taken_back_at IS NULL) THEN
        INSERT INTO follow_up (referral_id, due_at, what_for) VALUES (it.id, clock_now() + interval '1 hour', the_lead);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER then_met AFTER UPDATE ON cru.assignment FOR EACH ROW
    WHEN (((NEW.with_patient_at, NEW.conveying_at, NEW.at_destination_at, NEW.taken_back_at)
           IS DISTINCT FROM (OLD.with_patient_at, OLD.conveying_at, OLD.at_destination_at, OLD.taken_back_at))
          AND NEW.state IN ('clear', 'stood down') AND NOT cru.is_being_restored('assignment', NEW.id))
    EXECUTE FUNCTION cru.follow_late_meeting();
CREATE TRIGGER then_met AFTER INSERT ON cru.contact FOR EACH ROW
    WHEN (NEW.spoke_with = 'person' AND NEW.channel = 'in person') EXECUTE FUNCTION cru.follow_late_meeting();
-- It sorts behind "then_end_amended", which asks what the new end asks.
CREATE TRIGGER then_met AFTER UPDATE OF outcome, end_reason ON cru.referral FOR EACH ROW
    WHEN ((NEW.outcome, NEW.end_reason) IS DISTINCT FROM (OLD.outcome, OLD.end_reason)
          AND OLD.state = NEW.state AND NOT cru.is_being_restored('referral', NEW.id))
    EXECUTE FUNCTION cru.follow_late_meeting();

REVOKE ALL ON FUNCTION cru.follow_more_urgent(), cru.says_died(cru.ending), cru.died_elsewhere(uuid), cru.is_said_to_have_died(uuid),
    cru.then_died_elsewhere(), cru.after_a_death(), cru.follow_late_meeting() FROM PUBLIC;
