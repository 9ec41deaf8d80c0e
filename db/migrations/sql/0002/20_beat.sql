-- The beat, and what tells one life of the record from another.

-- A change like any other, at most about one a second however many consoles ask: whoever follows the list sees that
-- writing, the list and the way out all work. It locks no row, so nobody can hold it up. Also trims the list, now and
-- then, of what is an hour old; a console that heard nothing for minutes reads everything anyway.
CREATE FUNCTION cru.beat() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM change WHERE entity = 'beat' AND at BETWEEN clock_timestamp() - interval '0.8 s'
                   AND clock_timestamp()) THEN
        INSERT INTO change (entity) VALUES ('beat');
        PERFORM pg_notify('console', 'beat:');
    END IF;
    IF random() < 0.01 THEN
        DELETE FROM change WHERE id IN (SELECT id FROM change WHERE at < clock_timestamp() - interval '1 hour'
                                        ORDER BY id LIMIT 5000 FOR UPDATE SKIP LOCKED);
    END IF;
END $$;

-- Server, timeline, database, list of changes, and the number drawn when this record began. After a failover, a
-- restored backup or a copy at least one of them is another. Empty on a standby, where nothing may be written.
CREATE FUNCTION cru.record_life() RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF pg_is_in_recovery() THEN
        RETURN '';
    END IF;
    RETURN concat_ws(':', (SELECT system_identifier FROM pg_control_system()),
        left(pg_walfile_name(pg_current_wal_lsn()), 8), (SELECT oid FROM pg_database WHERE datname = current_database()),
        'cru.change'::regclass::oid, (SELECT epoch FROM service WHERE id = 1));
END $$;

REVOKE ALL ON FUNCTION cru.note_change(text, uuid[]), cru.note_rows(), cru.note_whole(), cru.beat(), cru.record_life()
    FROM PUBLIC;
GRANT SELECT ON cru.change TO cru_viewer, cru_dispatcher;
GRANT EXECUTE ON FUNCTION cru.beat(), cru.record_life() TO cru_viewer, cru_dispatcher;
