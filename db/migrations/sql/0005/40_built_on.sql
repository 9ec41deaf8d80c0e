-- What stands in the way of taking an act back.

CREATE FUNCTION cru.version_of(the_table text, the_row text) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = cru, pg_temp AS $$
DECLARE
    found bigint;
BEGIN
    EXECUTE format('SELECT version FROM cru.%I WHERE id = $1::uuid', the_table) INTO found USING the_row;
    RETURN found;
END $$;

-- The acts that stand on this one: they came later, were not taken back, and changed the same row, or did what could be
-- done only because of this one. A note, a caution and a look stand on nothing.
CREATE FUNCTION cru.acts_built_on(the_act uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT later.act_id FROM act_part mine
    JOIN act_part later ON later.id > mine.id AND later.act_id <> mine.act_id
        AND (later.referral_id = mine.referral_id OR later.van_id = mine.van_id
             OR (later.table_name, later.row_id) = (mine.table_name, mine.row_id))
    JOIN act a ON a.id = later.act_id AND a.taken_back_at IS NULL
    WHERE mine.act_id = the_act
        AND mine.table_name NOT IN ('event', 'flag', 'feedback') AND later.table_name NOT IN ('event', 'flag', 'feedback')
        AND (later.row_id = mine.row_id
            -- The first screening gave the referral its time, and a later one keeps it.
            OR mine.table_name = 'referral' AND mine.before ? 'screened_at' AND later.table_name = 'screening'
            -- The gate was passed with this screening.
            OR mine.table_name = 'screening' AND later.table_name = 'referral' AND later.before ->> 'state' = 'received'
            -- The patient changed hands, or was to, because of where the referral had come to.
            OR mine.table_name = 'referral' AND later.table_name = 'handover' AND mine.before ->> 'state' <> 'attending'
                AND (later.before ? 'state' OR mine.before ->> 'state' <> ALL (open_referral_states()))
            -- The van went elsewhere, or its crew rests, because this job was over.
            OR mine.table_name = 'assignment' AND later.van_id = mine.van_id AND (later.table_name IN ('assignment', 'shift')
                OR later.table_name = 'van' AND later.before ? 'duty_status')
            -- The van went anywhere at all, or has another duty, because its crew was there.
            OR (mine.table_name = 'van' AND mine.before ? 'duty_status'
                OR mine.table_name = 'shift' AND (mine.inserted OR mine.before ? 'ended_at')) AND later.van_id = mine.van_id
                AND (later.table_name IN ('assignment', 'shift') OR later.before ? 'duty_status'))
    ORDER BY later.id
$$;

-- That an act was built on, by whatever was done last about the same referral or van.
CREATE FUNCTION cru.built_on_since(the_act uuid) RETURNS text
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT act_subject(the_act) || ' has been built on since' || coalesce((
        SELECT ': ' || act_in_words(later.act_id) FROM act_part mine
        JOIN act_part later ON later.id > mine.id AND later.act_id <> mine.act_id
            AND (later.referral_id = mine.referral_id OR later.van_id = mine.van_id)
        JOIN act a ON a.id = later.act_id AND a.taken_back_at IS NULL
        WHERE mine.act_id = the_act AND later.table_name NOT IN ('event', 'flag', 'feedback')
        ORDER BY later.id DESC LIMIT 1), '') || '.'
$$;

-- Why an act cannot be taken back by anybody now, as a sentence; null if it can.
CREATE FUNCTION cru.why_not_taken_back(the_act uuid) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = cru, pg_temp AS $$
DECLARE
    it cru.act;
    later uuid;
BEGIN
    SELECT * INTO it FROM act WHERE id = the_act;
    IF it.taken_back_at IS NOT NULL THEN
        RETURN format('%s was taken back already, %s by %s.', act_subject(the_act), time_in_words(it.taken_back_at),
                      name_of(it.taken_back_by));
    ELSIF it.sent_outside_at IS NOT NULL THEN
        RETURN format('%s was sent outside at %s and cannot be taken back.', act_subject(the_act),
                      time_in_words(it.sent_outside_at));
    ELSIF EXISTS (SELECT FROM act_part WHERE act_id = the_act AND table_name = 'referral' AND inserted) THEN
        RETURN 'A referral that was taken is not taken back; a shift lead marks it as entered in error.';
    END IF;
    SELECT b INTO later FROM acts_built_on(the_act) AS b LIMIT 1;
    IF later IS NOT NULL THEN
        RETURN format('%s has been built on since: %s.', act_subject(the_act), act_in_words(later));
    ELSIF EXISTS (SELECT FROM act_part WHERE act_id = the_act AND CASE WHEN version_after IS NOT NULL
                      THEN version_after <> version_of(table_name, row_id) END) THEN
        RETURN built_on_since(the_act);
    END IF;
    RETURN NULL;
END $$;

-- What must be true of referrals and vans whatever was restored: where a referral stands follows from its vans.
CREATE FUNCTION cru.hangs_together(the_act uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    WITH concerned AS MATERIALIZED (
        SELECT * FROM referral WHERE id IN (
            SELECT referral_id FROM act_part WHERE act_id = the_act AND table_name IN ('referral', 'assignment')))
    SELECT NOT EXISTS (
        SELECT FROM concerned r WHERE CASE r.state
            WHEN 'allocated' THEN has_assignment(r.id, at_scene_states()) OR NOT has_assignment(r.id, en_route_states())
            WHEN 'attending' THEN NOT has_assignment(r.id, at_scene_states() || '{clear}'::text[])
            ELSE has_assignment(r.id, open_assignment_states()) END
        UNION ALL
        SELECT FROM concerned r WHERE r.entered_in_error_at IS NOT NULL AND has_assignment(r.id, open_assignment_states())
        UNION ALL
        SELECT FROM van v WHERE v.id IN (SELECT van_id FROM act_part WHERE act_id = the_act AND table_name <> 'event')
            AND v.duty_status <> 'available'
            AND EXISTS (SELECT FROM assignment a WHERE a.van_id = v.id AND a.state = ANY (open_assignment_states()))
        UNION ALL
        SELECT FROM van v WHERE v.id IN (SELECT van_id FROM act_part WHERE act_id = the_act AND table_name IN ('van', 'shift'))
            AND v.duty_status IN ('available', 'meal break')
            AND NOT EXISTS (SELECT FROM shift s WHERE s.van_id = v.id AND s.ended_at IS NULL))
$$;
