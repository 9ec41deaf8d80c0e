-- A step that nobody reported in time: a shift lead enters its time afterwards, with a reason. It is still never invented:
-- without that the skipped time stays empty, and what the event was recorded at says that it came later.

CREATE FUNCTION cru.steps_in_order(entity text) RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT CASE entity
        WHEN 'assignment' THEN '{allocated,acknowledged,mobile,at rendezvous,on scene,with patient,conveying,at destination,clear}'
        WHEN 'handover' THEN '{expected,started,accepted,released}' END::text[]
$$;

CREATE FUNCTION cru.was_skipped(entity text, col text, after jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT coalesce(array_position(steps_in_order(entity), replace(left(col, -3), '_', ' '))
        < array_position(steps_in_order(entity), replace(after ->> 'state', '_', ' ')), false)
$$;

CREATE OR REPLACE FUNCTION cru.check_row(entity text, before jsonb, after jsonb, fixed text[]) RETURNS void
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
            -- The times of steps come with the steps: a skipped one stays empty, and is not invented.
            IF entity IN ('assignment', 'handover') AND c.was #>> '{}' IS NULL
               AND c.key <> replace(after ->> 'state', ' ', '_') || '_at' THEN
                IF before ->> 'state' IS DISTINCT FROM after ->> 'state' OR NOT cru.was_skipped(entity, c.key, after) THEN
                    PERFORM cru.refuse('That time is set by the step itself.', 'Take the step.', 'CR002');
                ELSIF NOT cru.is_lead() THEN
                    PERFORM cru.refuse('Only a shift lead enters a time afterwards.', 'Ask the shift lead.', 'CR002');
                ELSIF cru.context('reason') = '' THEN
                    PERFORM cru.refuse('A time that is entered afterwards needs a reason.', 'Say how it is known.');
                END IF;
            END IF;
            PERFORM cru.check_time(entity, c.key, c.was #>> '{}', c.now #>> '{}', before, after);
        END IF;
    END LOOP;
END $$;

REVOKE ALL ON FUNCTION cru.steps_in_order(text), cru.was_skipped(text, text, jsonb) FROM PUBLIC;
