-- What may be taken back, asked by the screen.

-- The last thing that this login did within the minute, taken back or not, and why it cannot be if it cannot.
CREATE FUNCTION cru.my_last_act() RETURNS TABLE (
    event_id bigint, act_id uuid, referral_id uuid, van_id uuid, kind text, words text, done_by text,
    done_at timestamptz, blocked text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    SELECT e.id, a.id, e.referral_id, e.van_id, e.kind, e.words, a.done_by, a.done_at, why_not_taken_back(a.id)
    FROM (SELECT * FROM act WHERE done_by = session_user AND done_at >= clock_now() - undo_within()
              AND taken_back_at IS NULL ORDER BY done_at DESC, began_at DESC LIMIT 5) a
        CROSS JOIN LATERAL main_event(a.id) e
    WHERE e.id IS NOT NULL ORDER BY a.done_at DESC, a.began_at DESC, e.id DESC LIMIT 1
$$;

-- The acts behind the events of a referral, or of a van's duty, that were not taken back. A lead chooses among them.
CREATE FUNCTION cru.acts_of(the_referral uuid, the_van uuid DEFAULT NULL) RETURNS TABLE (
    event_id bigint, act_id uuid, referral_id uuid, van_id uuid, kind text, words text, done_by text,
    done_at timestamptz, blocked text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    WITH told AS MATERIALIZED (
        SELECT e.id AS event_id, a.id AS act_id, e.referral_id, e.van_id, e.kind, e.words, a.done_by, a.done_at
        FROM act_part p JOIN act a ON a.id = p.act_id JOIN event e ON e.id = cru.event_of(p)
        WHERE p.table_name = 'event' AND a.taken_back_at IS NULL
            AND (p.referral_id = the_referral OR the_van = p.van_id AND p.referral_id IS NULL)),
    why AS MATERIALIZED (
        SELECT act_id, why_not_taken_back(act_id) AS blocked FROM (SELECT DISTINCT act_id FROM told) t)
    SELECT told.event_id, told.act_id, told.referral_id, told.van_id, told.kind, told.words, told.done_by, told.done_at,
        why.blocked FROM told JOIN why USING (act_id) ORDER BY event_id
$$;

REVOKE ALL ON FUNCTION cru.this_act(), cru.trim_acts(), cru.keep_acts(), cru.note_act(), cru.is_being_restored(text, uuid),
    cru.guard_taken_back(), cru.time_in_words(timestamptz), cru.event_of(cru.act_part),
    cru.ends_a_referral(text), cru.main_event(uuid), cru.act_title(uuid), cru.act_subject(uuid),
    cru.name_of(text), cru.act_in_words(uuid), cru.version_of(text, text), cru.acts_built_on(uuid),
    cru.built_on_since(uuid),
    cru.why_not_taken_back(uuid), cru.hangs_together(uuid), cru.undo_within(), cru.lock_parts(uuid),
    cru.as_not_happened(text), cru.restore_part(cru.act_part), cru.carried_on(cru.act_part), cru.rows_until_now(uuid),
    cru.log_taken_back(), cru.guard_take_back(uuid, text), cru.take_back(uuid, text), cru.my_last_act(),
    cru.acts_of(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.is_being_restored(text, uuid), cru.take_back(uuid, text), cru.my_last_act(),
    cru.acts_of(uuid, uuid) TO cru_dispatcher;
