-- The messages to somebody that they have not seen: few, where whoever looks for them among all of years reads all.
CREATE TABLE cru.message_waiting (
    message_id UUID NOT NULL,
    CONSTRAINT message_waiting_pkey PRIMARY KEY (message_id),
    CONSTRAINT message_waiting_message_id_fkey FOREIGN KEY(message_id) REFERENCES cru.message (id)
);
INSERT INTO cru.message_waiting (message_id)
SELECT m.id FROM cru.message m WHERE m.to_login <> ''
    AND NOT EXISTS (SELECT FROM cru.message_seen s WHERE s.message_id = m.id AND s.seen_by = m.to_login);

CREATE FUNCTION cru.follow_waiting() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'message' THEN
        INSERT INTO message_waiting (message_id) VALUES (NEW.id);
    ELSE
        -- Nobody else says that they saw it: the guard refused them.
        DELETE FROM message_waiting WHERE message_id = NEW.message_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER then_wait AFTER INSERT ON cru.message FOR EACH ROW WHEN (NEW.to_login <> '')
    EXECUTE FUNCTION cru.follow_waiting();
CREATE TRIGGER then_wait_no_more AFTER INSERT ON cru.message_seen FOR EACH ROW EXECUTE FUNCTION cru.follow_waiting();

REVOKE ALL ON FUNCTION cru.follow_waiting() FROM PUBLIC;
GRANT SELECT ON cru.message_waiting TO cru_dispatcher;
