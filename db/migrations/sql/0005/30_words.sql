-- What people read of an act: what it was, when, and who did it.

-- As the screen says a time: 03:41, with the day where that is another one, and the zone in the doubled hour.
CREATE FUNCTION cru.time_in_words(moment timestamptz) RETURNS text
LANGUAGE sql STABLE SET search_path = cru, pg_temp SET timezone = 'Europe/London' SET lc_time = 'C' AS $$
    SELECT to_char(moment, CASE WHEN moment::date = clock_now()::date THEN '' ELSE 'DD Mon ' END || 'HH24:MI')
        || CASE WHEN (moment + interval '1 hour')::timestamp = moment::timestamp
            OR (moment - interval '1 hour')::timestamp = moment::timestamp THEN to_char(moment, ' TZ') ELSE '' END
$$;

-- The event that a part stands for; null for a row.
CREATE FUNCTION cru.event_of(part cru.act_part) RETURNS bigint
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT CASE WHEN part.table_name = 'event' THEN part.row_id::bigint END
$$;

CREATE FUNCTION cru.ends_a_referral(the_kind text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT EXISTS (SELECT FROM legal_move WHERE entity = 'referral' AND to_state = the_kind)
        AND the_kind <> ALL (open_referral_states())
$$;

-- The event that says best what an act was: the end of a referral, else what a van did, else what came last.
CREATE FUNCTION cru.main_event(the_act uuid) RETURNS cru.event
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT e FROM act_part p JOIN event e ON e.id = cru.event_of(p)
    WHERE p.act_id = the_act AND p.table_name = 'event'
    ORDER BY cru.ends_a_referral(e.kind) DESC, e.van_id IS NOT NULL DESC,
        e.kind LIKE 'shift %' OR e.kind = 'details changed', e.id DESC LIMIT 1
$$;

-- "CRU1 clear", "closed", "details changed".
CREATE FUNCTION cru.act_title(the_act uuid) RETURNS text
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT coalesce((SELECT CASE WHEN e.van_id IS NULL THEN e.kind
            ELSE v.callsign || ' ' || regexp_replace(e.kind, '^van ', '') END
        FROM main_event(the_act) e LEFT JOIN van v ON v.id = e.van_id), 'changed')
$$;

-- The same at the start of a sentence.
CREATE FUNCTION cru.act_subject(the_act uuid) RETURNS text
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT upper(left(act_title(the_act), 1)) || substr(act_title(the_act), 2)
$$;

CREATE FUNCTION cru.name_of(the_login text) RETURNS text
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT coalesce((SELECT display_name FROM user_account WHERE login = the_login), the_login)
$$;

-- "CRU2 mobile 03:41 by A. Shah".
CREATE FUNCTION cru.act_in_words(the_act uuid) RETURNS text
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT act_title(id) || ' ' || time_in_words(done_at) || ' by ' || name_of(done_by) FROM act WHERE id = the_act
$$;
