-- What was planned, changed and taken off again: by whom and when, with the names of then. An event of a van, since no
-- referral is concerned; of a person who rides on none, of nothing but the room.

CREATE FUNCTION cru.log_planned_shift() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    quiet constant text[] := '{changed_by,changed_at,made_by,made_at}';
    before jsonb := CASE WHEN TG_OP = 'INSERT' THEN '{}' ELSE to_jsonb(OLD) - quiet END;
BEGIN
    PERFORM write_event(NULL, NEW.van_id, CASE WHEN TG_OP = 'INSERT' THEN 'shift planned'
            WHEN NEW.cancelled_at IS NOT NULL THEN 'planned shift cancelled' ELSE 'planned shift changed' END, clock_now(),
        format('%s: %s', (SELECT callsign FROM van WHERE id = NEW.van_id), span_in_words(NEW.starts_at, NEW.ends_at)),
        jsonb_build_object('planned_shift', NEW.id) || changes(before, to_jsonb(NEW) - quiet));
    RETURN NULL;
END $$;

CREATE FUNCTION cru.log_planned_ride() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    plan cru.planned_shift;
BEGIN
    SELECT * INTO plan FROM planned_shift WHERE id = NEW.planned_shift_id;
    PERFORM write_event(NULL, plan.van_id, CASE WHEN TG_OP = 'INSERT' THEN 'crew planned'
            WHEN NEW.off_at IS NOT NULL THEN 'taken off the rota' ELSE 'crew plan changed' END, clock_now(),
        format('%s: %s', (SELECT name FROM staff WHERE id = NEW.staff_id),
               span_in_words(coalesce(NEW.from_at, plan.starts_at), coalesce(NEW.until_at, plan.ends_at))),
        jsonb_strip_nulls(jsonb_build_object('planned_shift', plan.id, 'staff', NEW.staff_id,
                                             'why', nullif(NEW.off_reason, ''))));
    RETURN NULL;
END $$;

CREATE FUNCTION cru.log_rides() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    the_van uuid := (SELECT van_id FROM shift WHERE id = NEW.shift_id);
BEGIN
    -- Who goes on duty with a van is told by the start of the shift.
    IF EXISTS (SELECT FROM van WHERE id = the_van AND duty_status = 'off duty') THEN
        RETURN NULL;
    END IF;
    PERFORM write_event(NULL, the_van,
        CASE WHEN TG_OP = 'INSERT' THEN 'joined the crew' ELSE 'left the crew' END,
        CASE WHEN TG_OP = 'INSERT' THEN NEW.from_at ELSE NEW.until_at END,
        (SELECT name FROM staff WHERE id = NEW.staff_id),
        jsonb_strip_nulls(jsonb_build_object('shift', NEW.shift_id, 'staff', NEW.staff_id,
            'why', nullif(NEW.left_reason, ''), 'insisted', nullif(context('insisted'), ''))));
    RETURN NULL;
END $$;

CREATE FUNCTION cru.log_staff() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    quiet constant text[] := '{author,dated,language_codes}';
    changed jsonb := changes(CASE WHEN TG_OP = 'INSERT' THEN '{}' ELSE to_jsonb(OLD) - quiet END, to_jsonb(NEW) - quiet);
BEGIN
    IF changed <> '{}' THEN
        PERFORM write_event(NULL, NULL, CASE WHEN TG_OP = 'INSERT' THEN 'staff added'
                WHEN OLD.active AND NOT NEW.active THEN 'staff left' WHEN NEW.active AND NOT OLD.active THEN 'staff back'
                ELSE 'staff changed' END, clock_now(), NEW.name, jsonb_build_object('staff', NEW.id) || changed);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION cru.log_new_van() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    PERFORM write_event(NULL, NEW.id, 'van added', clock_now(), NEW.callsign);
    RETURN NULL;
END $$;

CREATE FUNCTION cru.log_cover() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    PERFORM write_event(NULL, NULL, 'cover wanted', clock_now(), format('%s from %s:00: %s',
        (ARRAY['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'])[NEW.weekday],
        lpad(NEW.from_hour::text, 2, '0'), CASE WHEN NEW.active THEN NEW.vans || ' vans' ELSE 'as before' END),
        changes(CASE WHEN TG_OP = 'INSERT' THEN '{}' ELSE to_jsonb(OLD) END, to_jsonb(NEW)) - '{author,dated}'::text[]);
    RETURN NULL;
END $$;
