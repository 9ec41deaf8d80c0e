-- Refuse a time that lies before one that must precede it. Asked only where a time changes, so that a row which broke
-- the order before there was one can still be changed.

-- As db/domain/clocks.py says it: the date when it is not today, the zone in the hour that comes twice.
CREATE FUNCTION cru.local_time(moment timestamptz, today timestamptz, shape text DEFAULT 'HH24:MI') RETURNS text
LANGUAGE sql STABLE SET search_path = cru, pg_temp SET timezone = 'Europe/London' AS $$
    SELECT to_char(moment, shape)
        || CASE WHEN moment::timestamp IN ((moment - interval '1 hour')::timestamp, (moment + interval '1 hour')::timestamp)
                THEN to_char(moment, ' TZ') ELSE '' END
        || CASE WHEN moment::date <> today::date THEN to_char(moment, ' Dy DD Mon') ELSE '' END
$$;

CREATE FUNCTION cru.step_words(step text, whose text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT btrim(CASE WHEN step ~ 'handover' THEN 'handover' ELSE whose END || ' ' || CASE split_part(step, '.', 2)
        WHEN 'ems_on_scene' THEN 'EMAS on scene' WHEN 'screened' THEN 'screening complete'
        WHEN 'completed' THEN 'screening complete' WHEN 'reached' THEN 'at the scene'
        ELSE replace(split_part(step, '.', 2), '_', ' ') END)
$$;

-- "CRU2 on scene 03:41 is before mobile 03:44."
CREATE FUNCTION cru.refuse_order(
    late_step text, late_whose text, late timestamptz, early_step text, early_whose text, early timestamptz
) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = cru, pg_temp AS $$
DECLARE
    today timestamptz := clock_now();
    -- To the second where they share the minute.
    shape text := CASE WHEN date_trunc('minute', late) < date_trunc('minute', early) THEN 'HH24:MI'
        WHEN date_trunc('second', late) < date_trunc('second', early) THEN 'HH24:MI:SS' ELSE 'HH24:MI:SS.US' END;
    said text := step_words(late_step, late_whose);
    then_said text := step_words(early_step, CASE WHEN early_whose = late_whose THEN '' ELSE early_whose END);
BEGIN
    PERFORM refuse(format('%s %s is before %s %s.', upper(left(said, 1)) || substr(said, 2),
        local_time(late, today, shape), then_said, local_time(early, today, shape)), 'Check the two times.');
END $$;

CREATE FUNCTION cru.check_order() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    before jsonb := CASE WHEN TG_OP = 'INSERT' THEN '{}' ELSE to_jsonb(OLD) END;
    this jsonb := to_jsonb(NEW);
    about uuid := coalesce(this ->> 'referral_id', this ->> 'id')::uuid;
    moved text[];
    f record;
BEGIN
    SELECT array_agg(p.kind || TG_TABLE_NAME || '.' || left(c.key, -3)) INTO moved
    FROM jsonb_each(changes(before, this)) AS c, unnest('{"","ems "}'::text[]) AS p(kind)
    WHERE right(c.key, 3) = '_at' AND c.value ->> 'to' IS NOT NULL;
    IF moved IS NULL THEN
        RETURN NULL;
    END IF;
    -- What is compared with stays as it is until the commit.
    PERFORM FROM referral WHERE id = about FOR NO KEY UPDATE;
    IF TG_TABLE_NAME = 'assignment' AND least(reached(before), (SELECT min(reached(to_jsonb(a))) FROM assignment a
            WHERE a.referral_id = about AND a.id <> NEW.id)) IS DISTINCT FROM
            (SELECT t.at FROM times_of(about) t WHERE t.step = 'scene.reached') THEN
        moved := moved || 'scene.reached'::text;
    END IF;
    SELECT e.step AS early_step, e.whose AS early_whose, e.at AS early, l.step AS late_step, l.whose AS late_whose,
           l.at AS late INTO f
    FROM times_of(about) e JOIN time_order() o ON o.earlier = e.step JOIN times_of(about) l ON l.step = o.later
    WHERE l.at < e.at AND binds(e.at) AND (e.entity <> l.entity OR e.row_id = l.row_id)
      AND (e.step = ANY (moved) AND (e.row_id = NEW.id OR e.entity = 'scene') OR l.step = ANY (moved) AND l.row_id = NEW.id)
    ORDER BY e.at - l.at DESC LIMIT 1;
    IF FOUND THEN
        PERFORM refuse_order(f.late_step, f.late_whose, f.late, f.early_step, f.early_whose, f.early);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION cru.overlap(a timestamptz, a_end timestamptz, b timestamptz, b_end timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT a < coalesce(b_end, 'infinity') AND b < coalesce(a_end, 'infinity')
       AND binds(CASE WHEN a < b THEN coalesce(a_end, a) ELSE coalesce(b_end, b) END)
$$;

-- A van is on one job at a time: none begins before the one before it has ended.
CREATE FUNCTION cru.check_jobs() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    whose text;
    f record;
BEGIN
    SELECT callsign INTO whose FROM van WHERE id = NEW.van_id FOR NO KEY UPDATE;
    SELECT a.*, coalesce(a.clear_at, a.stood_down_at) AS ended, r.reference INTO f
    FROM assignment a JOIN referral r ON r.id = a.referral_id
    WHERE a.van_id = NEW.van_id AND a.id <> NEW.id
      AND overlap(NEW.allocated_at, coalesce(NEW.clear_at, NEW.stood_down_at), a.allocated_at,
                  coalesce(a.clear_at, a.stood_down_at))
      AND (TG_OP = 'INSERT' OR NOT overlap(OLD.allocated_at, coalesce(OLD.clear_at, OLD.stood_down_at), a.allocated_at,
                                           coalesce(a.clear_at, a.stood_down_at)))
    ORDER BY a.allocated_at LIMIT 1;
    IF FOUND AND f.allocated_at <= NEW.allocated_at THEN
        PERFORM refuse_order('assignment.allocated', whose, NEW.allocated_at, CASE WHEN f.clear_at IS NULL
            THEN 'assignment.stood_down' ELSE 'assignment.clear' END, whose || ' of ' || f.reference, f.ended);
    ELSIF FOUND THEN
        PERFORM refuse_order('assignment.allocated', whose || ' of ' || f.reference, f.allocated_at, CASE WHEN
            NEW.clear_at IS NULL THEN 'assignment.stood_down' ELSE 'assignment.clear' END, whose,
            coalesce(NEW.clear_at, NEW.stood_down_at));
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION cru.check_shift() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF NEW.ended_at < NEW.started_at AND binds(NEW.started_at) THEN
        PERFORM refuse_order('shift.ended', 'shift', NEW.ended_at, 'shift.started', 'shift', NEW.started_at);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER in_order AFTER INSERT OR UPDATE ON cru.referral FOR EACH ROW EXECUTE FUNCTION cru.check_order();
CREATE TRIGGER in_order AFTER INSERT OR UPDATE ON cru.assignment FOR EACH ROW EXECUTE FUNCTION cru.check_order();
CREATE TRIGGER in_order AFTER INSERT OR UPDATE ON cru.handover FOR EACH ROW EXECUTE FUNCTION cru.check_order();
CREATE TRIGGER in_order AFTER INSERT OR UPDATE ON cru.screening FOR EACH ROW EXECUTE FUNCTION cru.check_order();
CREATE TRIGGER in_order_jobs AFTER INSERT OR UPDATE OF allocated_at, clear_at, stood_down_at, state ON cru.assignment
    FOR EACH ROW EXECUTE FUNCTION cru.check_jobs();
CREATE TRIGGER in_order AFTER UPDATE OF started_at, ended_at ON cru.shift FOR EACH ROW
    WHEN (NEW.started_at IS DISTINCT FROM OLD.started_at OR NEW.ended_at IS DISTINCT FROM OLD.ended_at)
    EXECUTE FUNCTION cru.check_shift();

REVOKE ALL ON FUNCTION cru.local_time(timestamptz, timestamptz, text), cru.step_words(text, text),
    cru.refuse_order(text, text, timestamptz, text, text, timestamptz), cru.check_order(), cru.check_jobs(),
    cru.overlap(timestamptz, timestamptz, timestamptz, timestamptz), cru.check_shift() FROM PUBLIC;
