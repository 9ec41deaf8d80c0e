-- Erasing is sealed too: what rub_out makes of a row is a leaf of its own, told apart from other changes, in the transaction of
-- the event "erased". What the row said before stays as a hash whose salt is gone, from which nobody can find out what it was.
CREATE FUNCTION cru.rub_out_sealed(the_ids uuid[]) RETURNS void
LANGUAGE plpgsql SET search_path = cru, pg_temp AS $$
DECLARE
    ours bigint := (pg_current_xact_id()::text)::bigint;
    -- What else was done in this transaction before is no erasing.
    before bigint := coalesce((SELECT max(p.id) FROM audit_pending p), 0);
BEGIN
    PERFORM rub_out(the_ids);
    UPDATE audit_pending p SET op = 'E' WHERE p.xid = ours AND p.id > before AND p.op = 'U';
    UPDATE audit_leaf l SET salt = NULL FROM audit_pending p JOIN audit_shape ps ON ps.shape = p.shape, audit_shape ls
    WHERE p.xid = ours AND p.op = 'E' AND l.row_key = p.row_key AND ls.shape = l.shape AND ls.table_name = ps.table_name;
    UPDATE audit_pending b SET salt = NULL FROM audit_pending p JOIN audit_shape ps ON ps.shape = p.shape, audit_shape bs
    WHERE p.xid = ours AND p.op = 'E' AND b.row_key = p.row_key AND b.id < p.id AND bs.shape = b.shape
        AND bs.table_name = ps.table_name;
END $$;
REVOKE ALL ON FUNCTION cru.rub_out_sealed(uuid[]) FROM PUBLIC;
