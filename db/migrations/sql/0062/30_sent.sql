-- A crew that is sent off has read its brief back, and has the registered clinicians that the rule asks for, also where somebody
-- left it since it was allocated. What speaks against it is put down whoever writes and says nothing of it; a trust may set that
-- nobody is mobile so. What has happened already, a van on scene that was never told mobile, is never refused.
INSERT INTO cru.rule (name, value, unit, meaning, author)
SELECT 'read_back_binds', 0, 'yes or no', 'Whether a van is never mobile before its crew has read the brief back (1), or only after somebody has said that they know (0)',
    'default set'
WHERE EXISTS (SELECT FROM cru.service) ON CONFLICT DO NOTHING;

-- What is known to speak against it; empty for nothing.
CREATE FUNCTION cru.unfit_to_go(the_job cru.assignment) RETURNS text
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT concat_ws('; ',
        CASE WHEN NOT EXISTS (SELECT FROM read_back b WHERE b.referral_id = the_job.referral_id AND b.assignment_id = the_job.id
                              AND b.taken_back_at IS NULL)
            THEN format('%s has not read the brief back', v.callsign) END,
        CASE WHEN r.there < r.least THEN format('%s has %s of %s registered clinicians', v.callsign, r.there, r.least) END)
    FROM van v CROSS JOIN LATERAL (SELECT registered_on(v.id) AS there, registered_least() AS least OFFSET 0) r
    WHERE v.id = the_job.van_id
$$;

CREATE FUNCTION cru.binds(the_rule text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT EXISTS (SELECT FROM rule WHERE name = the_rule || '_binds' AND unit = 'yes or no' AND value = 1 AND active)
$$;

CREATE FUNCTION cru.guard_going() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    read_back_binds boolean := binds('read_back');
    registered_binds boolean := binds('registered');
    unfit text;
BEGIN
    -- Most trusts set neither.
    IF read_back_binds OR registered_binds THEN
        unfit := unfit_to_go(NEW);
        IF unfit ~ 'read the brief' AND read_back_binds OR unfit ~ 'registered' AND registered_binds THEN
            PERFORM refuse(unfit || '.', 'Mend that first, or send another van.', 'CR001');
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER guard_going BEFORE UPDATE OF state ON cru.assignment FOR EACH ROW
    WHEN (NEW.state = 'mobile' AND OLD.state <> 'mobile' AND NOT cru.is_being_restored('assignment', NEW.id))
    EXECUTE FUNCTION cru.guard_going();

REVOKE ALL ON FUNCTION cru.unfit_to_go(cru.assignment), cru.guard_going(), cru.binds(text) FROM PUBLIC;
