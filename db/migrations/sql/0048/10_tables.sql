-- How a sealed table's rows are read: its columns in their order, what tells its rows apart (columns, with blanks between),
-- which column the record stamps when it writes a row, and whether a row is written once and for all.
CREATE TABLE cru.audit_shape (
    shape INTEGER GENERATED ALWAYS AS IDENTITY,
    table_name TEXT NOT NULL,
    columns JSONB NOT NULL,
    row_keys TEXT NOT NULL,
    stamped TEXT NOT NULL,
    once BOOLEAN NOT NULL,
    CONSTRAINT audit_shape_pkey PRIMARY KEY (shape)
);

-- What was written and is not sealed yet, in the order in which it was written (of two writers of one row, the second waits
-- for the first, and draws its number after that).
CREATE TABLE cru.audit_pending (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    xid BIGINT DEFAULT (pg_current_xact_id()::text)::bigint NOT NULL,
    shape INTEGER NOT NULL,
    op TEXT NOT NULL,
    row_key TEXT NOT NULL,
    digest BYTEA NOT NULL,
    salt UUID,
    CONSTRAINT audit_pending_pkey PRIMARY KEY (id)
);

-- The leaves of the tree. The salt is no part of a leaf: without it nobody can try out what an erased row may have said.
CREATE TABLE cru.audit_leaf (
    place BIGINT NOT NULL,
    id BIGINT NOT NULL,
    xid BIGINT NOT NULL,
    shape INTEGER NOT NULL,
    op TEXT NOT NULL,
    row_key TEXT NOT NULL,
    digest BYTEA NOT NULL,
    salt UUID,
    CONSTRAINT audit_leaf_pkey PRIMARY KEY (place)
);
CREATE INDEX audit_leaf_row_key_idx ON cru.audit_leaf USING hash (row_key);

-- Perfect subtrees of 256 leaves and more, so that nobody reads a million leaves to go on from there.
CREATE TABLE cru.audit_node (
    level SMALLINT NOT NULL,
    index BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    CONSTRAINT audit_node_pkey PRIMARY KEY (level, index)
);

-- What was signed (note), and beside it what the sealer goes on from: its own transaction, in which life of the record.
CREATE TABLE cru.audit_checkpoint (
    number BIGINT NOT NULL,
    size BIGINT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    note TEXT NOT NULL,
    xid BIGINT NOT NULL,
    life TEXT NOT NULL,
    CONSTRAINT audit_checkpoint_pkey PRIMARY KEY (number)
);
-- It holds hashes and times, and says nothing about anybody. By number alone it is read backwards from its end.
GRANT SELECT ON cru.audit_checkpoint TO cru_viewer, cru_dispatcher;
