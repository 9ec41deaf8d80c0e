-- Who made it and when is not told but known; what was written stays.
CREATE FUNCTION cru.guard_backup() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM refuse('What was written of a backup never changes.', 'Make another one.', 'CR002');
    END IF;
    NEW.made_at := clock_timestamp();
    NEW.made_by := session_user;
    RETURN NEW;
END $$;

CREATE FUNCTION cru.write_backup(the_kind text, it_worked boolean, the_moment timestamptz, the_rows bigint, it_took double precision)
RETURNS uuid
LANGUAGE sql SET search_path = cru, pg_temp AS $$
    INSERT INTO backup (what, worked, of_at, row_count, took_seconds)
    VALUES (the_kind, it_worked, the_moment, the_rows, it_took) RETURNING id
$$;

-- When each was made last; nothing of a practice shift, nor of the server that a console brings along for itself.
CREATE FUNCTION cru.backups() RETURNS TABLE (what text, last_at timestamptz, failed_at timestamptz, since_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    SELECT k.what, w.last_at,
        (SELECT max(f.made_at) FROM backup f WHERE f.what = k.what AND NOT f.worked
            AND f.made_at > coalesce(w.last_at, '-infinity')),
        coalesce((SELECT min(u.added_at) FROM user_account u), clock_now())
    FROM unnest('{backup,drill}'::text[]) AS k (what)
    LEFT JOIN LATERAL (SELECT max(b.made_at) AS last_at FROM backup b WHERE b.what = k.what AND b.worked) AS w ON true
    WHERE NOT EXISTS (SELECT FROM service WHERE exercise)
        AND current_setting('cru.embedded', true) IS DISTINCT FROM 'on'
    ORDER BY k.what
$$;

CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON cru.backup FOR EACH ROW EXECUTE FUNCTION cru.guard_backup();
CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON cru.backup
    FOR EACH STATEMENT EXECUTE FUNCTION cru.note_whole('reference');

REVOKE ALL ON FUNCTION cru.guard_backup(), cru.backups(),
    cru.write_backup(text, boolean, timestamptz, bigint, double precision) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.backups() TO cru_viewer, cru_dispatcher;
GRANT SELECT ON cru.backup TO cru_shift_lead;
