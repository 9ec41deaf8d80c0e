-- What a login's sessions may hold up, and for how long. A session that sleeps in a transaction (a computer that was
-- closed, a prompt that somebody left) keeps what it locked from all others until it is ended.

-- Seconds, by role. A console's own commands ask for less.
CREATE FUNCTION cru.session_limits(the_role text) RETURNS TABLE (setting text, seconds integer)
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    VALUES ('idle_in_transaction_session_timeout', 10), ('lock_timeout', 5),
           -- A lead reads weeks at once.
           ('statement_timeout', CASE WHEN the_role = 'shift lead' THEN 120 ELSE 30 END)
$$;

-- Settings belong to a login and are not inherited from its group. Who lacks one is told here; what the owner set otherwise
-- stays.
CREATE FUNCTION cru.unlimited() RETURNS TABLE (login name, setting text, seconds integer)
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT r.rolname, l.setting, l.seconds
    FROM user_account u JOIN pg_roles r ON r.rolname = u.login, LATERAL session_limits(u.role) l
    WHERE NOT EXISTS (SELECT FROM unnest(r.rolconfig) c WHERE starts_with(c, l.setting || '='))
    ORDER BY 1, 2
$$;

-- Give each login what it lacks, as far as whoever calls may. A login of another owner's stays in ``cru.unlimited()``.
CREATE FUNCTION cru.limit_sessions() RETURNS void
LANGUAGE plpgsql SET search_path = cru, pg_temp AS $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT * FROM unlimited() LOOP
        BEGIN
            EXECUTE format('ALTER ROLE %I SET %I = %L', one.login, one.setting, one.seconds || 's');
        EXCEPTION WHEN insufficient_privilege THEN
            NULL;
        END;
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION cru.session_limits(text), cru.unlimited(), cru.limit_sessions() FROM PUBLIC;

SELECT cru.limit_sessions();

-- The server's table of locks is one for all: a login that fills it with numbers of its own stops everybody. The record uses
-- none of them.
DO $$
DECLARE
    one regprocedure;
BEGIN
    -- An owner who is no superuser may not.
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        RETURN;
    END IF;
    FOR one IN SELECT oid FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND proname ~ 'advisory' LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', one);
    END LOOP;
END $$;

-- Who holds up a session: the names alone, and only for whoever signed in by the same login. Of the owner's and other
-- programs' sessions the login is told.
CREATE FUNCTION cru.held_up_by(the_pid integer) RETURNS TABLE (who text, application text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    -- Whoever stands before it in the queue may only wait too.
    WITH RECURSIVE queue(pid, place) AS (
        SELECT pid, 0 FROM pg_stat_activity WHERE pid = the_pid AND usename = session_user
        UNION SELECT b.pid, place + 1 FROM queue, unnest(pg_blocking_pids(queue.pid)) b(pid) WHERE place < 20
    )
    SELECT coalesce(u.display_name, a.usename::text), a.application_name
    FROM queue q JOIN pg_stat_activity a USING (pid) LEFT JOIN user_account u ON u.login = a.usename
    WHERE q.place > 0 AND pg_blocking_pids(q.pid) = '{}'
    ORDER BY q.place, a.xact_start LIMIT 1
$$;
REVOKE ALL ON FUNCTION cru.held_up_by(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.held_up_by(integer) TO cru_dispatcher, cru_shift_lead;
