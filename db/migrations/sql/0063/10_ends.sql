-- An end that is put right later asks for what its new reason asks for: what stays open, and who is with the person.

-- EMAS took them along: that is back to EMAS, too, whoever of ours was still on the way.
INSERT INTO cru.ending_rule (kind, code, aftercare_hours, author)
SELECT 'cancel', 'ems_conveyed', 48, 'default set'
WHERE EXISTS (SELECT FROM cru.service) ON CONFLICT DO NOTHING;

-- The mental-health part of what went back to EMAS; once, however often it ends so.
CREATE FUNCTION cru.keep_open(the_referral uuid, the_hours integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    aftercare constant text := 'Mental-health assessment beside physical care, and aftercare where worries remain';
BEGIN
    IF the_hours IS NOT NULL AND NOT EXISTS (SELECT FROM follow_up f WHERE f.referral_id = the_referral
           AND f.what_for = aftercare AND f.done_at IS NULL AND f.taken_back_at IS NULL) THEN
        INSERT INTO follow_up (referral_id, due_at, what_for)
        VALUES (the_referral, clock_now() + make_interval(hours => the_hours), aftercare);
    END IF;
END $$;
REVOKE ALL ON FUNCTION cru.keep_open(uuid, integer) FROM PUBLIC;

-- AFTER the reason of an end was put right; who is responsible stays where somebody named them.
CREATE FUNCTION cru.follow_amended_end() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    asked cru.ending_rule := ending_rule_of(NEW);
    with_them cru.handover;
BEGIN
    UPDATE ending SET reason = coalesce(CASE WHEN NEW.state = 'closed' THEN NEW.outcome ELSE NEW.end_reason END, '')
        WHERE referral_id = NEW.id AND reopened_at IS NULL AND taken_back_at IS NULL;
    IF asked.aftercare_hours IS NOT NULL THEN
        with_them := stays_with(NEW.id);
        UPDATE ending SET holder_kind = with_them.from_kind, holder_name = left(with_them.from_party, 500)
            WHERE with_them.id IS NOT NULL AND referral_id = NEW.id AND holder_kind = ''
              AND reopened_at IS NULL AND taken_back_at IS NULL;
        PERFORM keep_open(NEW.id, asked.aftercare_hours);
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION cru.follow_amended_end() FROM PUBLIC;

CREATE TRIGGER then_end_amended AFTER UPDATE OF outcome, end_reason ON cru.referral FOR EACH ROW
    WHEN (NEW.state = OLD.state AND NEW.state IN ('closed', 'declined', 'cancelled')
          AND (NEW.outcome IS DISTINCT FROM OLD.outcome OR NEW.end_reason <> OLD.end_reason)
          AND NOT cru.is_being_restored('referral', NEW.id))
    EXECUTE FUNCTION cru.follow_amended_end();
