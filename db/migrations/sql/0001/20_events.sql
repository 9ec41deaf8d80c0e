-- Events: written by triggers, and by people only as notes. Never updated, never deleted, by anybody.

CREATE FUNCTION cru.guard_event() RETURNS trigger
LANGUAGE plpgsql SET search_path = cru, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM cru.refuse('Events are never changed or deleted.', 'Amend by a new event.', 'CR002');
    END IF;
    -- The record's own functions insert as the owner, from inside a trigger. Whoever else does so is a person, also
    -- from inside a trigger on a temporary table of their own: such an event may not pass for a change of state.
    IF (pg_trigger_depth() = 1
        OR current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID))
       AND NEW.kind NOT IN ('note', 'record opened', '999 advised', 'contact') THEN
        PERFORM cru.refuse(format('An event of the kind "%s" follows from what is done, and is not typed.', NEW.kind),
                           '', 'CR002');
    END IF;
    NEW.recorded_by := session_user;
    NEW.recorded_at := cru.clock_now();
    IF NEW.happened_at > NEW.recorded_at + interval '1 minute' THEN
        PERFORM cru.refuse('An event cannot happen in the future.', 'Check the time.');
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON cru.event
    FOR EACH ROW EXECUTE FUNCTION cru.guard_event();
CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON cru.event
    FOR EACH STATEMENT EXECUTE FUNCTION cru.guard_event();

-- The context is set by the client. It may say from where, never who; what is no context at all is refused in words.
CREATE FUNCTION cru.check_context() RETURNS void
LANGUAGE plpgsql STABLE SET search_path = cru, pg_temp AS $$
BEGIN
    IF context('source') NOT IN ('', 'user', 'crew', 'device', 'geofence', 'message') THEN
        PERFORM refuse(format('Nothing is recorded from "%s".', context('source')),
                       'The source is user, crew, device, geofence or message.');
    ELSIF context('command') !~ '^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})?$' THEN
        PERFORM refuse('A command is named by a UUID.');
    END IF;
END $$;

CREATE FUNCTION cru.write_event(
    the_referral uuid, the_van uuid, the_kind text, happened timestamptz,
    said text DEFAULT '', details jsonb DEFAULT '{}', amended bigint DEFAULT NULL
) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    SELECT check_context();
    INSERT INTO event (referral_id, van_id, kind, happened_at, source, words, detail, amends, reason, command_id)
    VALUES (the_referral, the_van, the_kind, coalesce(happened, clock_now()),
            coalesce(nullif(context('source'), ''), 'user'), coalesce(said, ''), details, amended,
            context('reason'), nullif(context('command'), '')::uuid)
$$;

-- The columns of a row that changed, without bookkeeping: {"column": {"from": ..., "to": ...}}.
CREATE FUNCTION cru.changes(before jsonb, after jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT coalesce(jsonb_object_agg(a.key, jsonb_build_object('from', before -> a.key, 'to', a.value)), '{}')
    FROM jsonb_each(after) a
    WHERE a.value IS DISTINCT FROM coalesce(before -> a.key, 'null') AND a.key <> 'version'
$$;

CREATE FUNCTION cru.called(entity text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT CASE WHEN entity = 'assignment' THEN 'an ' ELSE 'a ' END || entity
$$;

-- What every guarded row obeys: versions count up, ids stay, states move legally, and times are honest.
CREATE FUNCTION cru.check_row(entity text, before jsonb, after jsonb, fixed text[]) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = cru, pg_temp AS $$
DECLARE
    c record;
BEGIN
    -- The guards look at other rows too, which an older snapshot would hide from them.
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        PERFORM cru.refuse('The record is changed at the isolation level "read committed" only.');
    END IF;
    FOR c IN SELECT key, value -> 'from' AS was, value -> 'to' AS now FROM jsonb_each(cru.changes(before, after)) LOOP
        IF c.key = ANY (fixed || '{id}') THEN
            PERFORM cru.refuse(format('The %s of %s never changes.', replace(c.key, '_', ' '), cru.called(entity)), '', 'CR002');
        ELSIF c.key = 'state' OR (entity = 'van' AND c.key = 'duty_status') THEN
            IF NOT EXISTS (SELECT FROM cru.legal_move m WHERE m.entity = check_row.entity
                           AND m.from_state = c.was #>> '{}' AND m.to_state = c.now #>> '{}') THEN
                PERFORM cru.refuse(format('%s cannot go from "%s" to "%s".', initcap(left(cru.called(entity), 1))
                    || substr(cru.called(entity), 2), c.was #>> '{}', c.now #>> '{}'), '', 'CR001');
            END IF;
        ELSIF right(c.key, 3) = '_at' AND c.key NOT IN ('planned_end_at', 'meal_due_at', 'meal_until_at') THEN
            -- The times of steps come with the steps: a skipped one stays empty and is not invented.
            IF entity IN ('assignment', 'handover') AND c.was #>> '{}' IS NULL
               AND c.key <> replace(after ->> 'state', ' ', '_') || '_at' THEN
                PERFORM cru.refuse('That time is set by the step itself.', 'Take the step.', 'CR002');
            END IF;
            PERFORM cru.check_time(entity, c.key, c.was #>> '{}', c.now #>> '{}', before, after);
        END IF;
    END LOOP;
END $$;

CREATE FUNCTION cru.check_time(entity text, col text, was text, now text, before jsonb, after jsonb) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = cru, pg_temp AS $$
BEGIN
    IF now::timestamptz > cru.clock_now() + interval '1 minute' THEN
        PERFORM cru.refuse('A time cannot lie in the future.', 'Check the time.');
    END IF;
    IF was IS NULL OR col IN ('duty_since_at', 'emergency_at') THEN
        RETURN;
    END IF;
    IF entity = 'referral' AND col = 'closed_at' AND before ->> 'state' IS DISTINCT FROM after ->> 'state' THEN
        RETURN; -- reopened: the closing stays in the events
    END IF;
    IF now IS NULL AND col <> 'entered_in_error_at' THEN
        PERFORM cru.refuse('A time is amended, never taken away.', 'Say what the time was.', 'CR002');
    END IF;
    IF NOT cru.is_lead() THEN
        PERFORM cru.refuse('Only a shift lead amends a time.', 'Ask the shift lead.', 'CR002');
    END IF;
    IF cru.context('reason') = '' THEN
        PERFORM cru.refuse('An amended time needs a reason.', 'Say why.');
    END IF;
END $$;

-- Write an event for every time that was set or amended.
CREATE FUNCTION cru.log_times(
    entity text, before jsonb, after jsonb, the_referral uuid, the_van uuid, said text, skip text[] DEFAULT '{}'
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    c record;
    the_kind text;
BEGIN
    FOR c IN SELECT key, value ->> 'from' AS was, value ->> 'to' AS now FROM jsonb_each(changes(before, after))
             WHERE right(key, 3) = '_at' AND key <> ALL (skip || '{duty_since_at,planned_end_at,meal_due_at,meal_until_at}')
             ORDER BY value ->> 'to', key LOOP
        the_kind := entity || replace(left(c.key, -3), '_', ' ');
        IF c.was IS NULL THEN
            PERFORM write_event(the_referral, the_van, the_kind, c.now::timestamptz, said);
        ELSE
            PERFORM write_event(the_referral, the_van, 'time amended', clock_now(), the_kind,
                jsonb_build_object('time', the_kind, 'from', c.was, 'to', c.now),
                (SELECT max(id) FROM event WHERE referral_id IS NOT DISTINCT FROM the_referral
                 AND van_id IS NOT DISTINCT FROM the_van AND kind = the_kind));
        END IF;
    END LOOP;
END $$;

-- Write one event that says which other columns changed.
CREATE FUNCTION cru.log_details(before jsonb, after jsonb, the_referral uuid, the_van uuid, skip text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    changed jsonb := (SELECT jsonb_object_agg(key, value) FROM jsonb_each(changes(before, after))
        WHERE key <> ALL (skip)
        AND (right(key, 3) <> '_at' OR key IN ('planned_end_at', 'meal_due_at', 'meal_until_at')));
BEGIN
    IF changed IS NOT NULL THEN
        PERFORM write_event(the_referral, the_van, 'details changed', clock_now(),
            (SELECT string_agg(replace(regexp_replace(key, '_at$', ''), '_', ' '), ', ' ORDER BY key)
             FROM jsonb_each(changed)), changed);
    END IF;
END $$;
