-- Every act keeps what was before it. Triggers write it in the transaction that changes the rows, for whoever changes
-- them by whatever program; nobody but the record's own functions reads it or writes to it.

-- The act that this transaction is doing under the command in progress. It goes by the command's id, which whoever asked
-- for it knows; an id that was used before names somebody else's act, so the new one gets an id of its own.
CREATE FUNCTION cru.this_act() RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    command uuid;
    found uuid;
BEGIN
    PERFORM check_context();
    command := nullif(context('command'), '')::uuid;
    SELECT a.id INTO found FROM act a WHERE a.xid = pg_current_xact_id()::text::bigint AND a.began_at = now()
        AND a.command_id IS NOT DISTINCT FROM command;
    IF found IS NULL AND command IS NOT NULL THEN
        INSERT INTO act (id, command_id) VALUES (command, command) ON CONFLICT DO NOTHING RETURNING id INTO found;
    END IF;
    IF found IS NULL THEN
        INSERT INTO act (command_id) VALUES (command) RETURNING id INTO found;
    END IF;
    RETURN found;
END $$;

-- What a lead can still take back: all of a referral that is on the board, and of every other what is a week old at
-- most. The rest holds details of persons for nothing, and goes; the events stay.
CREATE FUNCTION cru.trim_acts() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    DELETE FROM act WHERE id IN (
        SELECT a.id FROM act a WHERE a.done_at < clock_now() - interval '7 days' AND NOT EXISTS (
            SELECT FROM act_part p JOIN referral r ON r.id = p.referral_id
            WHERE p.act_id = a.id AND r.closed_at IS NULL AND r.entered_in_error_at IS NULL)
        ORDER BY a.done_at LIMIT 500 FOR UPDATE SKIP LOCKED)
$$;

CREATE FUNCTION cru.keep_acts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    PERFORM trim_acts();
    RETURN NULL;
END $$;

-- About one act in two hundred and fifty looks after the old ones.
CREATE TRIGGER keep AFTER INSERT ON cru.act FOR EACH ROW WHEN (right(NEW.id::text, 2) = '00')
    EXECUTE FUNCTION cru.keep_acts();

-- AFTER INSERT or UPDATE of a row. It runs before "log", so that the events of a change come after the change.
CREATE FUNCTION cru.note_act() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp SET timezone = 'UTC' SET extra_float_digits = 1 AS $$
DECLARE
    after jsonb := to_jsonb(NEW);
    was jsonb := CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(OLD) ELSE '{}' END;
    the_act uuid;
    changed jsonb;
BEGIN
    SELECT coalesce(jsonb_object_agg(key, value), '{}') INTO changed FROM jsonb_each(was)
        WHERE key <> 'version' AND value IS DISTINCT FROM after -> key;
    IF TG_OP = 'UPDATE' AND changed = '{}' THEN
        -- Saved without a change: nothing was done, and nobody built on anything.
        UPDATE act_part SET version_after = (after ->> 'version')::bigint WHERE table_name = TG_TABLE_NAME
            AND row_id = after ->> 'id' AND version_after = (was ->> 'version')::bigint;
        RETURN NULL;
    END IF;
    the_act := this_act();
    -- Of a row that one act changes twice, the first before counts.
    UPDATE act_part SET id = DEFAULT, version_after = (after ->> 'version')::bigint, before = changed || before
        WHERE act_id = the_act AND table_name = TG_TABLE_NAME AND row_id = after ->> 'id';
    IF NOT FOUND THEN
        INSERT INTO act_part (act_id, table_name, row_id, referral_id, van_id, inserted, version_before, version_after,
                              before)
        VALUES (the_act, TG_TABLE_NAME, after ->> 'id',
            CASE WHEN TG_TABLE_NAME = 'referral' THEN after ->> 'id' ELSE after ->> 'referral_id' END::uuid,
            CASE WHEN TG_TABLE_NAME = 'van' THEN after ->> 'id' ELSE after ->> 'van_id' END::uuid,
            TG_OP = 'INSERT', (was ->> 'version')::bigint, (after ->> 'version')::bigint, changed);
    END IF;
    RETURN NULL;
END $$;
