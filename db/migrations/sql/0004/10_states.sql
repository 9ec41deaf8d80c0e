-- The sets of states that the guards ask about, each in one place. db/domain/states.py has the same, and a test compares
-- the two. They are constants to the planner, so that the partial indexes on open rows serve them.

CREATE FUNCTION cru.open_referral_states() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = cru, pg_temp AS $$
    SELECT '{received,accepted,allocated,attending}'::text[]
$$;

CREATE FUNCTION cru.en_route_states() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = cru, pg_temp AS $$
    SELECT '{allocated,acknowledged,mobile,"at rendezvous"}'::text[]
$$;

CREATE FUNCTION cru.at_scene_states() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = cru, pg_temp AS $$
    SELECT '{"on scene","with patient",conveying,"at destination"}'::text[]
$$;

CREATE FUNCTION cru.open_assignment_states() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = cru, pg_temp AS $$
    SELECT en_route_states() || at_scene_states()
$$;

REVOKE ALL ON FUNCTION cru.open_referral_states(), cru.en_route_states(), cru.at_scene_states(),
    cru.open_assignment_states() FROM PUBLIC;

-- The guards as they were, asking these.

CREATE OR REPLACE FUNCTION cru.guard_referral() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'received' OR NEW.closed_at IS NOT NULL OR NEW.accepted_at IS NOT NULL THEN
            PERFORM cru.refuse('A new referral starts as received.', '', 'CR001');
        END IF;
        NEW.version := 1;
        PERFORM cru.check_row('referral', jsonb_build_object('id', NEW.id, 'state', NEW.state), to_jsonb(NEW), '{}');
        -- Whatever a client sent: two consoles would take the same number, and a gap would look like a lost referral.
        NEW.reference := cru.next_reference(NEW.received_at);
        RETURN NEW;
    END IF;
    NEW.version := OLD.version + 1;
    NEW.end_reason := btrim(NEW.end_reason);
    NEW.hold_reason := btrim(NEW.hold_reason);
    NEW.entered_in_error_reason := btrim(NEW.entered_in_error_reason);
    PERFORM cru.check_row('referral', to_jsonb(OLD), to_jsonb(NEW), '{reference}');
    IF NEW.state <> OLD.state THEN
        PERFORM cru.guard_referral_move(OLD, NEW);
        -- One that comes back to accepted, stood down or reopened, keeps the time at which it was accepted first.
        IF NEW.state = 'accepted' AND OLD.state = 'received' THEN
            NEW.accepted_at := coalesce(NEW.accepted_at, cru.clock_now());
        ELSIF NEW.state <> ALL (cru.open_referral_states()) THEN
            NEW.closed_at := coalesce(NEW.closed_at, cru.clock_now());
        ELSIF OLD.state = 'closed' THEN
            -- Open again, it has no end; the event of the closing keeps the time.
            NEW.closed_at := NULL;
        END IF;
    -- A time that is there may be amended, which is told. One that is not there comes with its step and no other way.
    ELSIF NEW.closed_at IS DISTINCT FROM OLD.closed_at AND OLD.closed_at IS NULL
          OR NEW.accepted_at IS DISTINCT FROM OLD.accepted_at AND OLD.accepted_at IS NULL THEN
        PERFORM cru.refuse('That time is set by the step itself.', '', 'CR002');
    END IF;
    IF NEW.entered_in_error_at IS DISTINCT FROM OLD.entered_in_error_at AND NOT cru.is_lead() THEN
        PERFORM cru.refuse('Only a shift lead marks a referral as entered in error.', 'Ask the shift lead.', 'CR002');
    ELSIF NEW.entered_in_error_at IS NOT NULL AND NEW.state IN ('allocated', 'attending') THEN
        PERFORM cru.refuse(format('A van is on %s.', NEW.reference), 'Stand the van down first.', 'CR002');
    END IF;
    IF NEW.hold_until IS NOT NULL AND NEW.hold_until IS DISTINCT FROM OLD.hold_until THEN
        IF NEW.state NOT IN ('received', 'accepted') THEN
            PERFORM cru.refuse(format('%s is %s and cannot be held.', NEW.reference, NEW.state), '', 'CR001');
        ELSIF NEW.hold_until <= cru.clock_now() THEN
            PERFORM cru.refuse('A hold ends in the future.', 'Choose a later time.');
        END IF;
    ELSIF NEW.hold_until > cru.clock_now() AND NEW.state NOT IN ('received', 'accepted') THEN
        NEW.hold_until := NULL; -- whoever sends a van, or ends the referral, ends the hold
        NEW.hold_reason := '';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION cru.guard_referral_move(was cru.referral, now cru.referral) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = cru, pg_temp AS $$
BEGIN
    IF now.state = 'accepted' AND was.state = 'received' AND NOT cru.screening_lets_through(now.id) THEN
        PERFORM cru.refuse('The screening does not let this referral through.',
                           'Complete the screening, or return the person to EMAS.');
    ELSIF was.state = 'closed' AND NOT cru.is_lead() THEN
        PERFORM cru.refuse('Only a shift lead reopens a referral.', 'Ask the shift lead.', 'CR002');
    ELSIF was.state = 'closed' AND cru.context('reason') = '' THEN
        PERFORM cru.refuse('Reopening needs a reason.', 'Say why.');
    -- The three states below are facts about vans. follow_assignment writes them; whoever types one is held to the same.
    ELSIF now.state = 'allocated' AND NOT cru.has_assignment(now.id, cru.en_route_states()) THEN
        PERFORM cru.refuse('No van is allocated to this referral.', 'Allocate a van.');
    ELSIF now.state = 'allocated' AND cru.has_assignment(now.id, cru.at_scene_states()) THEN
        PERFORM cru.refuse('A crew is with this referral.', 'Stand it down or mark it clear first.');
    ELSIF now.state = 'attending' AND NOT cru.has_assignment(now.id, cru.at_scene_states()) THEN
        PERFORM cru.refuse('No crew has reached the scene.');
    ELSIF now.state NOT IN ('allocated', 'attending') AND cru.has_assignment(now.id, cru.open_assignment_states()) THEN
        PERFORM cru.refuse('A van is still on this referral.', 'Mark the van clear or stand it down first.');
    END IF;
END $$;

CREATE OR REPLACE FUNCTION cru.log_referral() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    before jsonb := CASE WHEN TG_OP = 'INSERT' THEN '{}' ELSE to_jsonb(OLD) END;
    logged text[] := '{state}';
BEGIN
    PERFORM log_times('', before, to_jsonb(NEW), NEW.id, NULL, '', CASE WHEN before ->> 'screened_at' IS NULL
        THEN '{closed_at,entered_in_error_at,screened_at}' ELSE '{closed_at,entered_in_error_at}' END::text[]);
    IF TG_OP = 'INSERT' THEN
        RETURN NULL;
    END IF;
    IF NEW.state <> OLD.state THEN
        logged := logged || '{end_reason,outcome,ae_avoided,ems_released,police_avoided}';
    END IF;
    IF NEW.state <> OLD.state AND OLD.state = 'closed' THEN
        PERFORM write_event(NEW.id, NULL, 'reopened', clock_now());
    ELSIF NEW.state <> ALL (open_referral_states()) AND NEW.state <> OLD.state THEN
        PERFORM write_event(NEW.id, NULL, NEW.state, NEW.closed_at, coalesce(nullif(NEW.end_reason, ''), NEW.outcome));
    ELSIF NEW.closed_at IS DISTINCT FROM OLD.closed_at THEN
        PERFORM write_event(NEW.id, NULL, 'time amended', clock_now(), 'closed',
            jsonb_build_object('time', 'closed', 'from', OLD.closed_at, 'to', NEW.closed_at));
    END IF;
    IF NEW.hold_until IS DISTINCT FROM OLD.hold_until THEN
        logged := logged || '{hold_until,hold_reason}';
        PERFORM write_event(NEW.id, NULL, CASE WHEN NEW.hold_until IS NULL THEN 'hold ended' ELSE 'on hold' END,
                            clock_now(), NEW.hold_reason, jsonb_build_object('until', NEW.hold_until));
    END IF;
    IF NEW.entered_in_error_at IS DISTINCT FROM OLD.entered_in_error_at THEN
        logged := logged || '{entered_in_error_reason}';
        PERFORM write_event(NEW.id, NULL, CASE WHEN NEW.entered_in_error_at IS NULL THEN 'entered in error undone'
            ELSE 'entered in error' END, clock_now(), NEW.entered_in_error_reason);
    END IF;
    PERFORM log_details(before, to_jsonb(NEW), NEW.id, NULL, logged);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION cru.guard_assignment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    the_van cru.van;
    the_referral cru.referral;
BEGIN
    NEW.stand_down_reason := btrim(NEW.stand_down_reason);
    IF TG_OP = 'UPDATE' THEN
        NEW.version := OLD.version + 1;
        PERFORM cru.check_row('assignment', to_jsonb(OLD), to_jsonb(NEW), CASE WHEN NEW.state = 'stood down'
            AND OLD.state <> 'stood down' THEN '{referral_id,van_id}' ELSE '{referral_id,van_id,stand_down_reason}' END::text[]);
        IF NEW.state <> OLD.state THEN
            -- The step just taken has a time; skipped steps stay empty.
            NEW := jsonb_populate_record(NEW, jsonb_build_object(replace(NEW.state, ' ', '_') || '_at',
                coalesce(nullif(to_jsonb(NEW) -> (replace(NEW.state, ' ', '_') || '_at'), 'null'),
                         to_jsonb(cru.clock_now()))));
        END IF;
        RETURN NEW;
    END IF;
    NEW.version := 1;
    IF NEW.state <> 'allocated' THEN
        PERFORM cru.refuse('A new assignment starts as allocated.', '', 'CR001');
    END IF;
    PERFORM cru.check_row('assignment', jsonb_build_object('id', NEW.id, 'state', NEW.state), to_jsonb(NEW), '{}');
    -- Locked in this order everywhere: what was checked stays true until the commit.
    SELECT * INTO the_referral FROM cru.referral WHERE id = NEW.referral_id FOR NO KEY UPDATE;
    -- Received is open as well, but nobody has let it through the gate.
    IF the_referral.state = 'received' OR the_referral.state <> ALL (cru.open_referral_states())
       OR the_referral.entered_in_error_at IS NOT NULL THEN
        PERFORM cru.refuse(format('%s is %s, so no van can be allocated.', the_referral.reference, the_referral.state),
                           '', 'CR001');
    END IF;
    SELECT * INTO the_van FROM cru.van WHERE id = NEW.van_id FOR NO KEY UPDATE;
    IF the_van.duty_status <> 'available' THEN
        PERFORM cru.refuse(format('%s is %s.', the_van.callsign, the_van.duty_status),
                           'Choose another van, or make it available first.', 'CR001');
    ELSIF the_van.emergency_at IS NOT NULL THEN
        PERFORM cru.refuse(format('%s has an emergency.', the_van.callsign), 'Choose another van.', 'CR001');
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION cru.follow_assignment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    now_is text := (SELECT state FROM referral WHERE id = NEW.referral_id FOR UPDATE);
    coming boolean := has_assignment(NEW.referral_id, en_route_states());
    there boolean := has_assignment(NEW.referral_id, at_scene_states());
    should_be text;
BEGIN
    -- A crew that is clear was there. So the referral stays attended until somebody closes it, with an outcome.
    should_be := CASE
        WHEN NEW.state = ANY (at_scene_states() || 'clear'::text) THEN 'attending'
        WHEN there THEN 'attending' WHEN coming THEN 'allocated'
        WHEN now_is = 'attending' AND has_assignment(NEW.referral_id, '{clear}') THEN 'attending'
        ELSE 'accepted' END;
    IF now_is = 'attending' AND should_be = 'accepted' THEN
        PERFORM refuse('This is the only crew with the person.',
                       'Allocate another van first, or mark this one clear and close the referral.');
    END IF;
    -- The referral knows no move from accepted to attending: a first step that is "on scene" makes both.
    IF now_is = 'accepted' AND should_be = 'attending' THEN
        UPDATE referral SET state = 'allocated' WHERE id = NEW.referral_id;
    END IF;
    UPDATE referral SET state = should_be WHERE id = NEW.referral_id AND state <> should_be;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION cru.guard_van() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.version := 1;
        IF NEW.duty_status <> 'off duty' OR NEW.emergency_at IS NOT NULL THEN
            PERFORM cru.refuse('A new van starts off duty.', '', 'CR001');
        END IF;
        RETURN NEW;
    END IF;
    NEW.version := OLD.version + 1;
    NEW.duty_reason := btrim(NEW.duty_reason);
    PERFORM cru.check_row('van', to_jsonb(OLD), to_jsonb(NEW),
        -- Why and since when belong to the change: typed later, they would say of the past what nobody said then.
        CASE WHEN NEW.duty_status = OLD.duty_status THEN '{duty_since_at,duty_reason}' ELSE '{}' END::text[]);
    IF NEW.duty_status = 'available' AND OLD.duty_status <> 'available'
       AND NOT EXISTS (SELECT FROM cru.shift s WHERE s.van_id = NEW.id AND s.ended_at IS NULL) THEN
        PERFORM cru.refuse(format('%s has no crew.', NEW.callsign), 'Put a crew on duty first.', 'CR001');
    END IF;
    IF NEW.duty_status <> OLD.duty_status THEN
        IF EXISTS (SELECT FROM cru.assignment a WHERE a.van_id = NEW.id AND a.state = ANY (cru.open_assignment_states())) THEN
            PERFORM cru.refuse(format('%s is committed to a job.', NEW.callsign),
                               'Mark it clear or stand it down first.', 'CR001');
        END IF;
        NEW.duty_since_at := cru.clock_now();
    END IF;
    IF OLD.emergency_at IS NOT NULL AND NEW.emergency_at IS NULL AND NOT cru.is_lead() THEN
        PERFORM cru.refuse('Only a shift lead clears an emergency.', 'Ask the shift lead.', 'CR002');
    ELSIF OLD.emergency_at <> NEW.emergency_at THEN
        PERFORM cru.refuse(format('%s has an emergency already.', NEW.callsign), '', 'CR001');
    END IF;
    RETURN NEW;
END $$;
