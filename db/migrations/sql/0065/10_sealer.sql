-- What seals the record signs in by a login of its own, which may do that and nothing else: it runs day and night on a machine
-- that is not the record's, and had the owner's password lying there. No rights on tables: whoever may delete from one may lock
-- it, and behind a lock on what waits to be sealed everybody who writes would stand.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cru_sealer') THEN
        BEGIN
            CREATE ROLE cru_sealer NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- made at the same moment for another database
        END;
    END IF;
END $$;

ALTER TABLE cru.user_account DROP CONSTRAINT user_account_role_check,
    ADD CONSTRAINT user_account_role_check CHECK (role IN ('viewer', 'dispatcher', 'shift lead', 'gateway', 'sealer'));

-- Begin: one at a time, and then what the last one left. The lock is minded by no reader of checkpoints.
CREATE FUNCTION cru.begin_seal() RETURNS TABLE (note text, size bigint, at timestamptz, life text, epoch uuid, oldest bigint,
    complete_to timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    LOCK TABLE audit_checkpoint IN SHARE ROW EXCLUSIVE MODE NOWAIT;
    note := (SELECT c.note FROM audit_checkpoint c ORDER BY c.number DESC LIMIT 1);
    size := (SELECT coalesce(max(l.place) + 1, 0) FROM audit_leaf l);
    SELECT clock_now(), record_life(), s.epoch INTO at, life, epoch FROM service s WHERE s.id = 1;
    -- Its own number is drawn after the clock was read, and how far others are is asked before their leaves are taken.
    PERFORM pg_current_xact_id();
    oldest := (SELECT (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint);
    complete_to := (SELECT c.made_at FROM audit_checkpoint c WHERE c.life = begin_seal.life AND c.xid < oldest
        ORDER BY c.number DESC LIMIT 1);
    RETURN NEXT;
END $$;

-- Put what was written, at most so much of it, behind the leaves that are there.
CREATE FUNCTION cru.take_leaves(most integer) RETURNS TABLE (place bigint, id bigint, xid bigint, shape integer, op text,
    digest bytea, row_key text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
#variable_conflict use_column
DECLARE
    there bigint;
BEGIN
    LOCK TABLE audit_checkpoint IN SHARE ROW EXCLUSIVE MODE NOWAIT;
    there := (SELECT coalesce(max(place) + 1, 0) FROM audit_leaf);
    RETURN QUERY
        WITH taken AS (
            DELETE FROM audit_pending WHERE id IN (SELECT id FROM audit_pending ORDER BY id LIMIT most) RETURNING *
        )
        INSERT INTO audit_leaf (place, id, xid, shape, op, row_key, digest, salt)
        SELECT there + row_number() OVER (ORDER BY id) - 1, id, xid, shape, op, row_key, digest, salt FROM taken
        RETURNING place, id, xid, shape, op, digest, row_key;
END $$;

-- Write what was signed over them, and the parts of the tree that became whole.
CREATE FUNCTION cru.end_seal(the_number bigint, the_size bigint, the_time timestamptz, the_note text, levels integer[],
    indexes bigint[], hashes bytea[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    LOCK TABLE audit_checkpoint IN SHARE ROW EXCLUSIVE MODE NOWAIT;
    IF the_number IS DISTINCT FROM (SELECT coalesce(max(number), 0) + 1 FROM audit_checkpoint)
        OR the_size IS DISTINCT FROM (SELECT coalesce(max(place) + 1, 0) FROM audit_leaf)
        OR the_time NOT BETWEEN clock_now() - interval '1 hour' AND clock_now() + interval '1 minute'
        OR coalesce(char_length(the_note), 0) NOT BETWEEN 1 AND 4000 THEN
        PERFORM refuse('This is not what comes next in the record''s seals.', 'Let the sealer seal: main.py admin seal', 'CR002');
    END IF;
    INSERT INTO audit_node (level, index, hash) SELECT * FROM unnest(levels, indexes, hashes);
    INSERT INTO audit_checkpoint (number, size, made_at, note, xid, life)
    VALUES (the_number, the_size, the_time, the_note, (pg_current_xact_id()::text)::bigint, record_life());
END $$;

REVOKE ALL ON FUNCTION cru.begin_seal(), cru.take_leaves(integer),
    cru.end_seal(bigint, bigint, timestamptz, text, integer[], bigint[], bytea[]) FROM PUBLIC;
GRANT USAGE ON SCHEMA cru TO cru_sealer;
-- By which admin check says whether it is this program's record.
GRANT SELECT ON cru.alembic_version TO cru_sealer;
GRANT EXECUTE ON FUNCTION cru.begin_seal(), cru.take_leaves(integer), cru.sealed_parts(integer[], bigint[]),
    cru.end_seal(bigint, bigint, timestamptz, text, integer[], bigint[], bytea[]) TO cru_sealer;
