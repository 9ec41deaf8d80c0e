-- To take an act back: the rows become what they were before it, both stay in the events.

-- How long whoever did something may take it back, by the record's clock.
CREATE FUNCTION cru.undo_within() RETURNS interval
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$ SELECT interval '60 seconds' $$;

-- Referral, then van, then what hangs on them: the order in which every command locks. The handovers of a referral too,
-- because they move where it stands, and at a psql prompt they move without a lock on it.
CREATE FUNCTION cru.lock_parts(the_act uuid) RETURNS void
LANGUAGE plpgsql SET search_path = cru, pg_temp AS $$
DECLARE
    p record;
BEGIN
    PERFORM FROM referral WHERE id IN (SELECT referral_id FROM act_part WHERE act_id = the_act) ORDER BY id FOR UPDATE;
    PERFORM FROM van WHERE id IN (SELECT van_id FROM act_part WHERE act_id = the_act) ORDER BY id FOR UPDATE;
    PERFORM FROM handover WHERE referral_id IN (SELECT referral_id FROM act_part WHERE act_id = the_act)
        ORDER BY id FOR UPDATE;
    FOR p IN SELECT table_name, row_id FROM act_part WHERE act_id = the_act
             AND table_name NOT IN ('referral', 'van', 'handover', 'event') ORDER BY 1, 2 LOOP
        EXECUTE format('SELECT FROM cru.%I WHERE id = $1::uuid FOR UPDATE', p.table_name) USING p.row_id;
    END LOOP;
END $$;

-- What stands in a row that was inserted and did not happen. It is not deleted; it stands as ended, so that no rule and
-- no older program takes it for something that runs, and the mark takes it off every count.
CREATE FUNCTION cru.as_not_happened(the_table text) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT jsonb_build_object('taken_back_at', clock_now()) || CASE the_table
        WHEN 'assignment' THEN jsonb_build_object('state', 'stood down', 'stood_down_at', clock_now(),
                                                  'stand_down_reason', 'taken back')
        WHEN 'handover' THEN jsonb_build_object('state', 'refused', 'refused_at', clock_now(),
                                                'refusal_reason', 'taken back')
        WHEN 'shift' THEN jsonb_build_object('ended_at', clock_now())
        ELSE '{}' END
$$;

CREATE FUNCTION cru.restore_part(part cru.act_part) RETURNS void
LANGUAGE plpgsql SET search_path = cru, pg_temp AS $$
DECLARE
    was jsonb := CASE WHEN part.inserted THEN as_not_happened(part.table_name) ELSE part.before END;
    assigned text;
    now_is bigint;
BEGIN
    SELECT string_agg(CASE WHEN attname = 'version' THEN 'version = t.version + 1'
                      ELSE format('%1$I = was.%1$I', attname) END, ', ') INTO assigned
    FROM pg_attribute WHERE attrelid = format('cru.%I', part.table_name)::regclass AND attnum > 0 AND NOT attisdropped
        AND (was ? attname OR attname = 'version');
    UPDATE act_part SET restoring = pg_current_xact_id()::text::bigint WHERE id = part.id;
    EXECUTE format('UPDATE cru.%1$I t SET %2$s FROM jsonb_populate_record(NULL::cru.%1$I, $1) AS was WHERE t.id = $2::uuid',
                   part.table_name, assigned) USING was, part.row_id;
    UPDATE act_part SET restoring = NULL WHERE id = part.id;
    IF part.version_before IS NOT NULL THEN
        -- Whoever did what was there before may take that back too.
        now_is := version_of(part.table_name, part.row_id);
        UPDATE act_part SET version_after = now_is WHERE table_name = part.table_name AND row_id = part.row_id
            AND version_after = part.version_before AND act_id <> part.act_id;
    END IF;
END $$;

-- Another van that was sent meanwhile keeps the referral where this act had brought it: then the change is that van's.
CREATE FUNCTION cru.carried_on(part cru.act_part) RETURNS boolean
LANGUAGE plpgsql SET search_path = cru, pg_temp AS $$
DECLARE
    now_is text := (SELECT state FROM referral WHERE id = part.referral_id);
    follows text := CASE WHEN has_assignment(part.referral_id, at_scene_states()) THEN 'attending'
        WHEN has_assignment(part.referral_id, en_route_states()) THEN 'allocated' END;
BEGIN
    IF NOT part.before ? 'state' OR part.before ->> 'state' NOT IN ('accepted', 'allocated')
       OR follows IS DISTINCT FROM now_is THEN
        RETURN false;
    END IF;
    UPDATE act_part SET act_id = later.act_id FROM (
        SELECT o.act_id FROM act_part o JOIN act a ON a.id = o.act_id JOIN assignment j
            ON j.id = CASE WHEN o.table_name = 'assignment' THEN o.row_id::uuid END
        WHERE o.referral_id = part.referral_id AND o.act_id <> part.act_id
            AND a.taken_back_at IS NULL AND j.state = ANY (open_assignment_states())
        ORDER BY o.id DESC LIMIT 1) later
    WHERE act_part.id = part.id;
    RETURN true;
END $$;

-- Times and codes as they stood until now, by row: whoever replays the time between shows what people saw then.
CREATE FUNCTION cru.rows_until_now(the_act uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = cru, pg_temp AS $$
DECLARE
    codes constant text[] := '{outcome,end_reason,ae_avoided,ems_released,police_avoided,entered_in_error_reason,'
        'stand_down_reason,refusal_reason,destination}';
    p cru.act_part;
    this jsonb;
    found jsonb := '{}';
BEGIN
    FOR p IN SELECT * FROM act_part WHERE act_id = the_act AND NOT inserted AND table_name <> 'event' LOOP
        EXECUTE format('SELECT to_jsonb(t) FROM cru.%I t WHERE id = $1::uuid', p.table_name) INTO this USING p.row_id;
        found := found || jsonb_build_object(p.row_id, (
            SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(this) WHERE p.before ? key
            AND (right(key, 3) = '_at' OR key = ANY (codes))));
    END LOOP;
    RETURN found;
END $$;

-- Each event of the act stays, and one beside it says that it did not happen. Written inside a trigger, as all events
-- are, since nobody types one.
CREATE FUNCTION cru.log_taken_back() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    INSERT INTO event (referral_id, van_id, kind, happened_at, source, detail, amends, reason, command_id)
    SELECT e.referral_id, e.van_id, left(e.kind || ' taken back', 60), NEW.taken_back_at,
        coalesce(nullif(context('source'), ''), 'user'),
        jsonb_build_object('done_at', NEW.done_at, 'rows', rows_until_now(NEW.id)), e.id, NEW.taken_back_reason,
        nullif(context('command'), '')::uuid
    FROM act_part p JOIN event e ON e.id = cru.event_of(p)
    WHERE p.act_id = NEW.id AND p.table_name = 'event' ORDER BY e.id;
    RETURN NULL;
END $$;

CREATE TRIGGER log AFTER UPDATE OF taken_back_at ON cru.act FOR EACH ROW EXECUTE FUNCTION cru.log_taken_back();

-- Who may take an act back: its author within a minute, later a shift lead with a reason. A false emergency is the
-- lead's to clear, also within the minute: somebody else may have heard it.
CREATE FUNCTION cru.guard_take_back(the_act uuid, the_reason text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = cru, pg_temp AS $$
DECLARE
    it cru.act;
    fresh boolean;
BEGIN
    SELECT * INTO it FROM act WHERE id = the_act;
    IF it.id IS NULL THEN
        PERFORM refuse('The record keeps nothing that could be taken back under this command.',
                       'Look at it again: it was not done, or too long ago.');
    END IF;
    fresh := it.done_by = session_user AND clock_now() - it.done_at <= undo_within();
    IF fresh AND NOT is_lead() AND EXISTS (SELECT FROM act_part WHERE act_id = the_act AND table_name = 'van'
                                           AND before ? 'emergency_at') THEN
        PERFORM refuse('Only a shift lead takes back an emergency.', 'Ask the shift lead.', 'CR002');
    ELSIF NOT fresh AND NOT is_lead() THEN
        PERFORM refuse(CASE WHEN it.done_by = session_user THEN format('%s was done more than a minute ago.', act_subject(the_act))
            ELSE format('%s was done by %s.', act_subject(the_act), name_of(it.done_by)) END, 'Ask the shift lead.', 'CR002');
    ELSIF NOT fresh AND coalesce(the_reason, '') !~ '[^[:space:]]' THEN
        PERFORM refuse('Taking back what was done needs a reason.', 'Say why.');
    END IF;
END $$;

-- Take back what one act did. Its author may within a minute of the record's clock; later a shift lead, with a reason.
CREATE FUNCTION cru.take_back(the_act uuid, the_reason text DEFAULT '') RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp SET timezone = 'UTC' SET extra_float_digits = 1 AS $$
DECLARE
    part cru.act_part;
    sentence text;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        PERFORM refuse('The record is changed at the isolation level "read committed" only.');
    END IF;
    PERFORM check_context();
    PERFORM FROM act WHERE id = the_act FOR UPDATE;
    PERFORM guard_take_back(the_act, btrim(the_reason));
    PERFORM lock_parts(the_act);
    sentence := why_not_taken_back(the_act);
    IF sentence IS NOT NULL THEN
        PERFORM refuse(sentence, 'Look at it again before you go on.', 'CR001');
    END IF;
    UPDATE act SET taken_back_at = clock_now(), taken_back_by = session_user,
        taken_back_reason = coalesce(btrim(the_reason), '')
        WHERE id = the_act;
    BEGIN
        -- Vans and handovers first: where the referral stands follows from them.
        FOR part IN SELECT * FROM act_part WHERE act_id = the_act AND table_name <> 'event'
                    ORDER BY table_name = 'referral', id DESC LOOP
            IF part.table_name <> 'referral' OR NOT carried_on(part) THEN
                PERFORM restore_part(part);
            END IF;
        END LOOP;
    EXCEPTION WHEN integrity_constraint_violation THEN
        PERFORM refuse(built_on_since(the_act), 'Look at it again before you go on.', 'CR001');
    END;
    IF NOT hangs_together(the_act) THEN
        PERFORM refuse(built_on_since(the_act), 'Look at it again before you go on.', 'CR001');
    END IF;
END $$;
