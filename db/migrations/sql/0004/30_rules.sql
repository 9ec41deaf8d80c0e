-- Numbers that a trust sets: rows with an author and a date. A new record takes them from its reference set, like all
-- that is configurable; one that is in use already gets what the program went by until now.

CREATE FUNCTION cru.guard_rule() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    -- Whoever changes a number answers for it from that day on.
    NEW.author := session_user;
    NEW.dated := (cru.clock_now() AT TIME ZONE 'Europe/London')::date;
    RETURN NEW;
END $$;

CREATE TRIGGER guard BEFORE UPDATE ON cru.rule FOR EACH ROW EXECUTE FUNCTION cru.guard_rule();
CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON cru.rule
    FOR EACH STATEMENT EXECUTE FUNCTION cru.note_whole('reference');
REVOKE ALL ON FUNCTION cru.guard_rule() FROM PUBLIC;
GRANT SELECT ON cru.rule TO cru_viewer, cru_dispatcher;

INSERT INTO cru.rule (name, value, unit, meaning, author)
SELECT name, value, unit, meaning, 'default set' FROM (VALUES
    ('due_soon', 0.75, 'share', 'The share of the allowed time from which a referral counts as due soon'),
    ('no_van', 5, 'minutes', 'How long a referral of the first priority may be without a van before an alarm sounds'),
    ('long_handover', 15, 'minutes', 'How long a handover may take before an alarm sounds'),
    ('lost_fix', 5, 'minutes', 'How old the last fix of a van on a job may be before an alarm sounds'),
    ('shift_end', 30, 'minutes', 'How long before the end of its shift a van that is on a job makes an alarm sound'),
    ('assumed_handover', 15, 'minutes', 'How long a handover is assumed to take when the release of a waiting crew is predicted'),
    ('assumed_visit', 60, 'minutes', 'How long a crew is assumed to stay with a person when the next free van is predicted'),
    ('ended_lanes', 3, 'hours', 'How long the timelines show a referral after it was closed')
) AS v(name, value, unit, meaning) WHERE EXISTS (SELECT FROM cru.service);
