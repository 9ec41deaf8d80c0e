-- Numbers that a shift lead sets. The bounds keep a slip of the finger from silencing an alarm or sounding it all night;
-- times are compared in minutes, whatever the unit of the row.

CREATE FUNCTION cru.rule_bounds(the_name text, the_unit text, OUT low double precision, OUT high double precision)
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT b.low / CASE the_unit WHEN 'hours' THEN 60 ELSE 1 END, b.high / CASE the_unit WHEN 'hours' THEN 60 ELSE 1 END
    FROM (VALUES ('due_soon', 'share', 0.1, 1), ('no_van', 'time', 1, 120), ('long_handover', 'time', 1, 480),
        ('lost_fix', 'time', 1, 120), ('shift_end', 'time', 1, 480), ('assumed_handover', 'time', 1, 480),
        ('assumed_visit', 'time', 5, 1440), ('ended_lanes', 'time', 10, 2880), ('registered_least', 'people', 0, 10),
        ('registered_binds', 'yes or no', 0, 1), ('shift_most', 'time', 60, 2880), ('rest_least', 'time', 60, 2880)
    ) AS b (name, kind, low, high)
    WHERE b.name = the_name AND b.kind = CASE WHEN the_unit IN ('minutes', 'hours') THEN 'time' ELSE the_unit END
$$;

CREATE FUNCTION cru.guard_setting() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    bound record;
BEGIN
    SELECT * INTO bound FROM rule_bounds(NEW.name, NEW.unit);
    IF NEW.value NOT BETWEEN bound.low AND bound.high THEN
        PERFORM refuse(format('That lies between %s and %s %s.', bound.low, bound.high, NEW.unit), 'Type another value.');
    ELSIF NEW.unit IN ('people', 'yes or no') AND NEW.value <> round(NEW.value) THEN
        PERFORM refuse('That is a whole number.', 'Type another value.');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION cru.log_setting() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    PERFORM write_event(NULL, NULL, 'setting changed', clock_now(), format('%s: %s %s, before: %s %s',
        replace(NEW.name, '_', ' '), NEW.value, NEW.unit, OLD.value, OLD.unit),
        changes(to_jsonb(OLD), to_jsonb(NEW)) - '{author,dated}'::text[] || jsonb_build_object('setting', NEW.name));
    RETURN NULL;
END $$;

CREATE TRIGGER guard_value BEFORE INSERT OR UPDATE OF value ON cru.rule FOR EACH ROW EXECUTE FUNCTION cru.guard_setting();
CREATE TRIGGER log AFTER UPDATE ON cru.rule FOR EACH ROW WHEN ((OLD.value, OLD.unit) IS DISTINCT FROM (NEW.value, NEW.unit))
    EXECUTE FUNCTION cru.log_setting();

-- It is set again, and nothing that Undo restores.
DO $$
DECLARE
    found text := (SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = 'cru.event'::regclass AND tgname = 'act');
BEGIN
    DROP TRIGGER act ON cru.event;
    EXECUTE regexp_replace(found, '\mWHEN \((.*)\) EXECUTE', 'WHEN ((\1) AND NEW.kind <> ''setting changed'') EXECUTE');
END $$;

REVOKE ALL ON FUNCTION cru.rule_bounds(text, text), cru.guard_setting(), cru.log_setting() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.rule_bounds(text, text) TO cru_shift_lead;
GRANT UPDATE (value) ON cru.rule TO cru_shift_lead;
