-- Who may ride where, and when. A person is on one van at a time: the row of whoever is put anywhere is locked, so that
-- two leads who plan at once wait for each other.

CREATE FUNCTION cru.leads_or_owns() RETURNS boolean
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT is_lead() OR session_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'cru.van'::regclass)
$$;

CREATE FUNCTION cru.span_in_words(from_moment timestamptz, until_moment timestamptz) RETURNS text
LANGUAGE sql STABLE SET search_path = cru, pg_temp SET timezone = 'Europe/London' SET lc_time = 'C' AS $$
    SELECT to_char(from_moment, 'Dy FMDD Mon HH24:MI') || ' to '
        || to_char(until_moment, CASE WHEN from_moment::date = until_moment::date THEN 'HH24:MI' ELSE 'Dy FMDD Mon HH24:MI' END)
$$;

CREATE FUNCTION cru.shift_most() RETURNS interval
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT coalesce((SELECT value * CASE unit WHEN 'minutes' THEN interval '1 minute' ELSE interval '1 hour' END
        FROM rule WHERE name = 'shift_most' AND unit IN ('minutes', 'hours') AND active), interval '24 hours')
$$;

CREATE FUNCTION cru.check_length(from_moment timestamptz, until_moment timestamptz) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = cru, pg_temp AS $$
DECLARE
    most interval := shift_most();
BEGIN
    -- In seconds: nobody asks how long a day is when the clocks change.
    IF extract(epoch FROM until_moment) - extract(epoch FROM from_moment) > extract(epoch FROM most) THEN
        PERFORM refuse(format('A shift is %s hours at most, and this one is %s.',
            round(extract(epoch FROM most) / 3600, 1)::float8,
            round((extract(epoch FROM until_moment) - extract(epoch FROM from_moment)) / 3600, 1)::float8),
            'Check the times.');
    END IF;
END $$;

-- Where else somebody is, or is to be, between two moments; null for nowhere. What is planned for a van that they ride
-- on now is the same place.
CREATE FUNCTION cru.rides_elsewhere(the_staff uuid, from_moment timestamptz, until_moment timestamptz, but_shift uuid,
    but_van uuid) RETURNS text
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT format('%s is on %s, %s.', (SELECT name FROM staff WHERE id = the_staff), callsign, said) FROM (
        SELECT v.callsign, s.started_at AS since, 'since ' || time_in_words(s.started_at) AS said
        FROM shift_member m JOIN shift s ON s.id = m.shift_id JOIN van v ON v.id = s.van_id
        WHERE m.staff_id = the_staff AND m.until_at IS NULL AND s.ended_at IS NULL AND s.taken_back_at IS NULL
            AND s.van_id <> but_van AND from_moment < s.planned_end_at AND until_moment > m.from_at
        UNION ALL
        SELECT v.callsign, p.starts_at, span_in_words(coalesce(r.from_at, p.starts_at), coalesce(r.until_at, p.ends_at))
        FROM planned_ride r JOIN planned_shift p ON p.id = r.planned_shift_id JOIN van v ON v.id = p.van_id
        WHERE r.staff_id = the_staff AND r.off_at IS NULL AND p.cancelled_at IS NULL
            AND p.id IS DISTINCT FROM but_shift AND from_moment < coalesce(r.until_at, p.ends_at)
            AND until_moment > coalesce(r.from_at, p.starts_at)) there
    ORDER BY since LIMIT 1
$$;

CREATE FUNCTION cru.guard_planned_shift() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    the_van cru.van;
    other cru.planned_shift;
    sentence text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM refuse('A planned shift is never deleted.', 'Cancel it.', 'CR002');
    ELSIF current_setting('transaction_isolation') <> 'read committed' THEN
        PERFORM refuse('The record is changed at the isolation level "read committed" only.');
    ELSIF TG_OP = 'INSERT' THEN
        NEW.version := 1;
        NEW.made_by := session_user;
        NEW.made_at := clock_now();
        NEW.cancelled_at := NULL;
    ELSE
        NEW.version := OLD.version + 1;
        NEW.made_by := OLD.made_by;
        NEW.made_at := OLD.made_at;
        IF NEW.id <> OLD.id THEN
            PERFORM refuse('The id of a planned shift never changes.', '', 'CR002');
        ELSIF OLD.cancelled_at IS NOT NULL THEN
            PERFORM refuse('That shift was cancelled.', 'Plan another one.', 'CR001');
        ELSIF OLD.ends_at <= clock_now() THEN
            PERFORM refuse('That shift is over, and what was planned then stays.', '', 'CR001');
        ELSIF NEW.cancelled_at IS NOT NULL THEN
            NEW.cancelled_at := clock_now();
        END IF;
    END IF;
    NEW.changed_by := session_user;
    NEW.changed_at := clock_now();
    NEW.note := btrim(NEW.note);
    IF NEW.cancelled_at IS NOT NULL THEN
        RETURN NEW;
    END IF;
    IF NEW.ends_at <= clock_now() THEN
        PERFORM refuse('A shift that is over is not planned any more.', 'Check the day.');
    ELSIF NEW.starts_at > clock_now() + interval '400 days' THEN
        PERFORM refuse('A shift is planned 400 days ahead at most.', 'Check the date.');
    END IF;
    PERFORM check_length(NEW.starts_at, NEW.ends_at);
    SELECT * INTO the_van FROM van WHERE id = NEW.van_id FOR NO KEY UPDATE;
    IF NOT the_van.active THEN
        PERFORM refuse(format('%s was retired.', the_van.callsign), 'Choose another van.', 'CR001');
    END IF;
    SELECT * INTO other FROM planned_shift p WHERE p.van_id = NEW.van_id AND p.id <> NEW.id AND p.cancelled_at IS NULL
        AND p.starts_at < NEW.ends_at AND p.ends_at > NEW.starts_at ORDER BY p.starts_at LIMIT 1;
    IF other.id IS NOT NULL THEN
        PERFORM refuse(format('%s has a shift already, %s.', the_van.callsign, span_in_words(other.starts_at, other.ends_at)),
                       'Change one of the two.', 'CR001');
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF EXISTS (SELECT FROM planned_ride r WHERE r.planned_shift_id = NEW.id AND r.off_at IS NULL
                   AND (r.from_at NOT BETWEEN NEW.starts_at AND NEW.ends_at
                        OR r.until_at NOT BETWEEN NEW.starts_at AND NEW.ends_at)) THEN
            PERFORM refuse('Somebody rides on that shift for a part that lies outside it now.', 'Change when they ride first.');
        END IF;
        PERFORM FROM staff WHERE id IN (SELECT staff_id FROM planned_ride WHERE planned_shift_id = NEW.id AND off_at IS NULL)
            ORDER BY id FOR NO KEY UPDATE;
        SELECT rides_elsewhere(r.staff_id, coalesce(r.from_at, NEW.starts_at), coalesce(r.until_at, NEW.ends_at), NEW.id,
            NEW.van_id) INTO sentence
        FROM planned_ride r WHERE r.planned_shift_id = NEW.id AND r.off_at IS NULL ORDER BY 1 LIMIT 1;
        IF sentence IS NOT NULL THEN
            PERFORM refuse(sentence, 'Take them off one of the two first.', 'CR001');
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION cru.guard_planned_ride() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    plan cru.planned_shift;
    who cru.staff;
    sentence text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM refuse('Who was to ride is never deleted.', 'Take them off the shift.', 'CR002');
    ELSIF current_setting('transaction_isolation') <> 'read committed' THEN
        PERFORM refuse('The record is changed at the isolation level "read committed" only.');
    ELSIF TG_OP = 'UPDATE' THEN
        IF (NEW.id, NEW.planned_shift_id, NEW.staff_id) IS DISTINCT FROM (OLD.id, OLD.planned_shift_id, OLD.staff_id) THEN
            PERFORM refuse('Who rides on which shift never changes.', 'Take them off, and put somebody else on.', 'CR002');
        ELSIF OLD.off_at IS NOT NULL THEN
            PERFORM refuse('They were taken off that shift.', 'Put them on anew.', 'CR001');
        ELSIF NEW.off_at IS NOT NULL THEN
            NEW.off_at := clock_now();
            NEW.off_reason := btrim(NEW.off_reason);
        END IF;
    ELSE
        NEW.off_at := NULL;
        NEW.off_reason := '';
    END IF;
    SELECT * INTO plan FROM planned_shift WHERE id = NEW.planned_shift_id FOR NO KEY UPDATE;
    IF plan.cancelled_at IS NOT NULL THEN
        PERFORM refuse('That shift was cancelled.', 'Plan another one.', 'CR001');
    ELSIF plan.ends_at <= clock_now() THEN
        PERFORM refuse('That shift is over, and what was planned then stays.', '', 'CR001');
    ELSIF NEW.off_at IS NOT NULL THEN
        RETURN NEW;
    END IF;
    SELECT * INTO who FROM staff WHERE id = NEW.staff_id FOR NO KEY UPDATE;
    IF NOT who.active THEN
        PERFORM refuse(format('%s has left the service.', who.name), 'Choose somebody else.', 'CR001');
    ELSIF NEW.from_at NOT BETWEEN plan.starts_at AND plan.ends_at OR NEW.until_at NOT BETWEEN plan.starts_at AND plan.ends_at THEN
        PERFORM refuse(format('The shift is %s.', span_in_words(plan.starts_at, plan.ends_at)),
                       'Nobody rides on it before or after.');
    ELSIF EXISTS (SELECT FROM planned_ride r WHERE r.planned_shift_id = plan.id AND r.staff_id = NEW.staff_id
            AND r.id <> NEW.id AND r.off_at IS NULL
            AND coalesce(r.from_at, plan.starts_at) < coalesce(NEW.until_at, plan.ends_at)
            AND coalesce(r.until_at, plan.ends_at) > coalesce(NEW.from_at, plan.starts_at)) THEN
        PERFORM refuse(format('%s is on that shift already.', who.name), '', 'CR001');
    END IF;
    sentence := rides_elsewhere(who.id, coalesce(NEW.from_at, plan.starts_at), coalesce(NEW.until_at, plan.ends_at), plan.id,
                                plan.van_id);
    IF sentence IS NOT NULL THEN
        PERFORM refuse(sentence, 'Take them off there first.', 'CR001');
    END IF;
    RETURN NEW;
END $$;

-- A crew. While its van is off duty whoever puts it on duty says who rides; from then on a shift lead changes that.
-- A van on a job asks once more: the person who waits was told who comes.
CREATE FUNCTION cru.guard_rides() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    the_shift cru.shift;
    the_van cru.van;
    who cru.staff;
    job text;
    sentence text;
BEGIN
    SELECT * INTO the_shift FROM shift WHERE id = NEW.shift_id;
    SELECT * INTO the_van FROM van WHERE id = the_shift.van_id FOR NO KEY UPDATE;
    IF the_van.duty_status <> 'off duty' THEN
        IF NOT leads_or_owns() THEN
            PERFORM refuse(format('Only a shift lead changes the crew of %s while it is on duty.', the_van.callsign),
                           'Ask the shift lead.', 'CR002');
        END IF;
        job := (SELECT format('%s for %s', a.state, r.reference) FROM assignment a JOIN referral r ON r.id = a.referral_id
                WHERE a.van_id = the_van.id AND a.state = ANY (open_assignment_states()) LIMIT 1);
        IF job IS NOT NULL AND context('insisted') = '' THEN
            PERFORM refuse(format('%s is %s.', the_van.callsign, job), 'Say that you know, and change its crew all the same.',
                           'CR001');
        END IF;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.shift_id, NEW.staff_id, NEW.from_at) IS DISTINCT FROM (OLD.shift_id, OLD.staff_id, OLD.from_at)
           OR OLD.until_at IS NOT NULL THEN
            PERFORM refuse('Who rode, and from when, never changes.', '', 'CR002');
        ELSIF NEW.until_at IS NULL THEN
            RETURN NEW;
        END IF;
        NEW.left_reason := btrim(NEW.left_reason);
        IF NEW.until_at > clock_now() + interval '1 minute' THEN
            PERFORM refuse('A time cannot lie in the future.', 'What is to come belongs on the rota.');
        ELSIF NOT EXISTS (SELECT FROM shift_member m WHERE m.shift_id = NEW.shift_id AND m.until_at IS NULL
                          AND m.staff_id <> NEW.staff_id) THEN
            PERFORM refuse(format('%s would have no crew.', the_van.callsign),
                           'Put somebody else on first, or take the van off duty.', 'CR001');
        END IF;
        RETURN NEW;
    END IF;
    NEW.until_at := NULL;
    NEW.left_reason := '';
    SELECT * INTO who FROM staff WHERE id = NEW.staff_id FOR NO KEY UPDATE;
    IF NEW.from_at > clock_now() + interval '1 minute' THEN
        PERFORM refuse('A time cannot lie in the future.', 'What is to come belongs on the rota.');
    ELSIF NOT who.active THEN
        PERFORM refuse(format('%s has left the service.', who.name), 'Choose somebody else.', 'CR001');
    END IF;
    sentence := (SELECT format('%s is on %s, since %s.', who.name, v.callsign, time_in_words(m.from_at))
        FROM shift_member m JOIN shift s ON s.id = m.shift_id JOIN van v ON v.id = s.van_id
        WHERE m.staff_id = NEW.staff_id AND m.until_at IS NULL AND s.ended_at IS NULL AND s.taken_back_at IS NULL
            AND s.van_id <> the_van.id LIMIT 1);
    IF sentence IS NOT NULL THEN
        PERFORM refuse(sentence, 'Take them off there first.', 'CR001');
    END IF;
    RETURN NEW;
END $$;

-- How long a shift is, and who says so: after the limits of the row, which say it first.
CREATE FUNCTION cru.guard_shift_length() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    sentence text;
BEGIN
    IF NEW.ended_at IS NOT NULL THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' AND EXISTS (SELECT FROM van WHERE id = NEW.van_id AND NOT active) THEN
        PERFORM refuse(format('%s was retired.', (SELECT callsign FROM van WHERE id = NEW.van_id)), 'Choose another van.',
                       'CR001');
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.planned_end_at IS DISTINCT FROM OLD.planned_end_at AND NOT leads_or_owns() THEN
        PERFORM refuse('Only a shift lead changes when a shift ends.', 'Ask the shift lead.', 'CR002');
    END IF;
    PERFORM check_length(NEW.started_at, NEW.planned_end_at);
    IF TG_OP = 'UPDATE' AND NEW.planned_end_at > OLD.planned_end_at THEN
        SELECT rides_elsewhere(m.staff_id, OLD.planned_end_at, NEW.planned_end_at, NULL, NEW.van_id) INTO sentence
        FROM shift_member m WHERE m.shift_id = NEW.id AND m.until_at IS NULL ORDER BY 1 LIMIT 1;
        IF sentence IS NOT NULL THEN
            PERFORM refuse(sentence, 'Take them off there first.', 'CR001');
        END IF;
    END IF;
    RETURN NULL;
END $$;

-- A shift that is put back as open (what ended it was taken back): its crew may ride elsewhere by now.
CREATE FUNCTION cru.guard_reopened_shift() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    sentence text := (SELECT format('%s is on %s, since %s.', p.name, v.callsign, time_in_words(o.from_at))
        FROM shift_member m JOIN staff p ON p.id = m.staff_id JOIN shift_member o ON o.staff_id = m.staff_id
        JOIN shift s ON s.id = o.shift_id JOIN van v ON v.id = s.van_id
        WHERE m.shift_id = NEW.id AND m.until_at IS NULL AND o.until_at IS NULL AND s.id <> NEW.id
            AND s.ended_at IS NULL AND s.taken_back_at IS NULL ORDER BY p.name LIMIT 1);
BEGIN
    IF sentence IS NOT NULL THEN
        PERFORM refuse(sentence, 'Take them off there first.', 'CR001');
    END IF;
    RETURN NULL;
END $$;

-- A van leaves the service when nothing hangs on it.
CREATE FUNCTION cru.guard_retired() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    job text := (SELECT r.reference FROM assignment a JOIN referral r ON r.id = a.referral_id
        WHERE a.van_id = NEW.id AND a.state = ANY (open_assignment_states()) LIMIT 1);
    planned cru.planned_shift;
BEGIN
    SELECT * INTO planned FROM planned_shift WHERE van_id = NEW.id AND cancelled_at IS NULL AND ends_at > clock_now()
        ORDER BY starts_at LIMIT 1;
    IF job IS NOT NULL THEN
        PERFORM refuse(format('%s is on a job, %s.', NEW.callsign, job), 'Mark it clear or stand it down first.', 'CR001');
    ELSIF EXISTS (SELECT FROM shift WHERE van_id = NEW.id AND ended_at IS NULL) THEN
        PERFORM refuse(format('%s has a crew on shift.', NEW.callsign), 'Take it off duty first.', 'CR001');
    ELSIF NEW.emergency_at IS NOT NULL THEN
        PERFORM refuse(format('%s has an emergency.', NEW.callsign), 'Clear it first.', 'CR001');
    ELSIF planned.id IS NOT NULL THEN
        PERFORM refuse(format('%s is on the rota, %s.', NEW.callsign, span_in_words(planned.starts_at, planned.ends_at)),
                       'Cancel its shifts, or give them to another van.', 'CR001');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION cru.guard_staff() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    where_on text;
BEGIN
    -- The owner loads a set that says whose it is.
    IF TG_OP = 'UPDATE' OR session_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
        NEW.author := session_user;
        NEW.dated := (clock_now() AT TIME ZONE 'Europe/London')::date;
    END IF;
    NEW.name := btrim(NEW.name);
    IF TG_OP = 'INSERT' OR NEW.active OR NOT OLD.active THEN
        RETURN NEW;
    END IF;
    where_on := coalesce(
        (SELECT v.callsign || ' now' FROM shift_member m JOIN shift s ON s.id = m.shift_id JOIN van v ON v.id = s.van_id
         WHERE m.staff_id = NEW.id AND m.until_at IS NULL AND s.ended_at IS NULL LIMIT 1),
        (SELECT v.callsign || ', ' || span_in_words(p.starts_at, p.ends_at) FROM planned_ride r
         JOIN planned_shift p ON p.id = r.planned_shift_id JOIN van v ON v.id = p.van_id
         WHERE r.staff_id = NEW.id AND r.off_at IS NULL AND p.cancelled_at IS NULL AND p.ends_at > clock_now()
         ORDER BY p.starts_at LIMIT 1));
    IF where_on IS NOT NULL THEN
        PERFORM refuse(format('%s is on %s.', NEW.name, where_on), 'Take them off there first.', 'CR001');
    END IF;
    RETURN NEW;
END $$;
