-- The clock of the record, and small helpers. Runs before the tables, since their defaults call the clock.

CREATE FUNCTION cru.clock_now() RETURNS timestamptz
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    s record;
BEGIN
    -- A practice shift runs by a clock of its own; a real service has no origin set.
    SELECT clock_origin, clock_shown, clock_speed INTO s FROM service WHERE id = 1;
    IF s.clock_origin IS NULL THEN
        RETURN clock_timestamp();
    END IF;
    RETURN s.clock_shown + (clock_timestamp() - s.clock_origin) * s.clock_speed;
END $$;

CREATE FUNCTION cru.is_lead() RETURNS boolean
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT pg_has_role(session_user, 'cru_shift_lead', 'MEMBER')
$$;

CREATE FUNCTION cru.context(name text) RETURNS text
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    -- What the command in progress said beside its rows: source, reason, command. Never who: that is session_user.
    SELECT btrim(coalesce(current_setting('cru.' || name, true), ''))
$$;

CREATE FUNCTION cru.refuse(sentence text, next_step text DEFAULT '', code text DEFAULT 'CR003') RETURNS void
LANGUAGE plpgsql SET search_path = cru, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '%', sentence USING ERRCODE = code, HINT = next_step;
END $$;
