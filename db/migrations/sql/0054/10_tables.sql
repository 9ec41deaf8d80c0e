-- Who opened something that is past, when, why, and which referrals: sealed, as what they did is. A referral is past once it
-- ended three days ago and nobody has to see to it any more.
CREATE TABLE cru.look (
    id BIGINT GENERATED ALWAYS AS IDENTITY NOT NULL,
    looked_by TEXT DEFAULT session_user NOT NULL,
    looked_at TIMESTAMP WITH TIME ZONE DEFAULT cru.clock_now() NOT NULL,
    why TEXT NOT NULL,
    since_at TIMESTAMP WITH TIME ZONE,
    until_at TIMESTAMP WITH TIME ZONE,
    referrals UUID[] DEFAULT '{}' NOT NULL,
    xid BIGINT DEFAULT (pg_current_xact_id())::text::bigint NOT NULL,
    CONSTRAINT look_pkey PRIMARY KEY (id)
);
CREATE INDEX look_looked_by_idx ON cru.look (looked_by, looked_at);

-- What of it may be read now, by whom. It is no history and is lost with the server: whoever reads on opens it again.
CREATE UNLOGGED TABLE cru.opened (
    login TEXT NOT NULL,
    referral_id UUID NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    xid BIGINT NOT NULL,
    CONSTRAINT opened_pkey PRIMARY KEY (login, referral_id)
);

CREATE FUNCTION cru.guard_look() RETURNS trigger
LANGUAGE plpgsql SET search_path = cru, pg_temp AS $$
BEGIN
    PERFORM refuse('Who opened something is never changed or deleted.', '', 'CR002');
    RETURN NULL;
END $$;
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON cru.look FOR EACH ROW EXECUTE FUNCTION cru.guard_look();
CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON cru.look FOR EACH STATEMENT EXECUTE FUNCTION cru.guard_look();
REVOKE ALL ON FUNCTION cru.guard_look() FROM PUBLIC;
GRANT SELECT ON cru.look TO cru_shift_lead;
SELECT cru.seal_table('look', true, 'looked_at');
