-- Messages between those who work at a desk: short, to the room or to one login, about a referral or about none. All of them
-- are part of the record: whoever works at a desk may read each, and none is changed or taken away.

CREATE TABLE cru.message (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    version BIGINT DEFAULT 1 NOT NULL,
    referral_id UUID,
    to_login TEXT DEFAULT '' NOT NULL,
    words TEXT NOT NULL,
    written_by TEXT DEFAULT session_user NOT NULL,
    written_at TIMESTAMP WITH TIME ZONE DEFAULT cru.clock_now() NOT NULL,
    CONSTRAINT message_pkey PRIMARY KEY (id),
    CONSTRAINT message_referral_id_fkey FOREIGN KEY(referral_id) REFERENCES cru.referral (id),
    CONSTRAINT message_version_range_check CHECK (version BETWEEN 1 AND 9007199254740991),
    CONSTRAINT message_to_login_length_check CHECK (char_length(to_login) <= 200),
    CONSTRAINT message_words_length_check CHECK (char_length(words) <= 500),
    CONSTRAINT message_words_given_check CHECK (words ~ '[^[:space:]]'),
    CONSTRAINT message_written_by_length_check CHECK (char_length(written_by) <= 200),
    CONSTRAINT message_written_at_time_check CHECK (written_at >= '2000-01-01 00:00:00+00' AND written_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT message_characters_check CHECK (concat_ws('', words) !~ '[\u0001-\u0008\u000E-\u001F\u007F]'),
    CONSTRAINT message_one_line_check CHECK (concat_ws('', to_login, written_by) !~ '[\u0001-\u001F\u007F]')
);
CREATE INDEX message_written_at_idx ON cru.message (written_at);
CREATE INDEX message_referral_id_idx ON cru.message (referral_id);
CREATE INDEX message_to_login_idx ON cru.message (to_login) WHERE to_login <> '';

CREATE TABLE cru.message_seen (
    message_id UUID NOT NULL,
    seen_by TEXT DEFAULT session_user NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE DEFAULT cru.clock_now() NOT NULL,
    CONSTRAINT message_seen_pkey PRIMARY KEY (message_id, seen_by),
    CONSTRAINT message_seen_message_id_fkey FOREIGN KEY(message_id) REFERENCES cru.message (id),
    CONSTRAINT message_seen_seen_by_length_check CHECK (char_length(seen_by) <= 200),
    CONSTRAINT message_seen_seen_at_time_check CHECK (seen_at >= '2000-01-01 00:00:00+00' AND seen_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT message_seen_one_line_check CHECK (concat_ws('', seen_by) !~ '[\u0001-\u001F\u007F]')
);

CREATE FUNCTION cru.guard_message() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM refuse('A message stays as it was sent.', 'Send another one.', 'CR002');
    END IF;
    NEW.version := 1;
    NEW.words := btrim(NEW.words, E' \t\r\n');
    NEW.written_by := session_user;
    NEW.written_at := clock_now();
    IF NEW.to_login = session_user THEN
        PERFORM refuse('That is you.', 'Send it to the room, or to somebody else.');
    ELSIF NEW.to_login <> '' AND NOT EXISTS (SELECT FROM user_account u WHERE u.login = NEW.to_login AND u.disabled_at IS NULL
            AND u.role IN ('dispatcher', 'shift lead')) THEN
        PERFORM refuse('Nobody at a desk has that login.', 'Send it to the room, or to somebody who works there.');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION cru.guard_message_seen() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    it cru.message;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM refuse('That somebody saw a message stays.', '', 'CR002');
    END IF;
    SELECT * INTO it FROM message WHERE id = NEW.message_id;
    NEW.seen_by := session_user;
    NEW.seen_at := clock_now();
    IF it.written_by = session_user OR it.to_login NOT IN ('', session_user) THEN
        PERFORM refuse('That message is not to you.', 'Whoever it is to says that it was seen.', 'CR002');
    END IF;
    RETURN NEW;
END $$;

-- It stands in the story of its referral, and what it says of the person is read for danger as any note is.
CREATE FUNCTION cru.log_message() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    PERFORM write_event(NEW.referral_id, NULL, 'message', NEW.written_at, NEW.words,
        jsonb_build_object('message', NEW.id, 'to', NEW.to_login));
    RETURN NULL;
END $$;
DO $$
BEGIN
    EXECUTE format('CREATE OR REPLACE FUNCTION cru.word_kinds() RETURNS text[] LANGUAGE sql IMMUTABLE'
        ' SET search_path = cru, pg_temp AS %L', format('SELECT %L::text[]', cru.word_kinds() || 'message'::text));
END $$;

CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON cru.message FOR EACH ROW EXECUTE FUNCTION cru.guard_message();
CREATE TRIGGER log AFTER INSERT ON cru.message FOR EACH ROW EXECUTE FUNCTION cru.log_message();
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON cru.message_seen
    FOR EACH ROW EXECUTE FUNCTION cru.guard_message_seen();
CREATE TRIGGER note_insert AFTER INSERT ON cru.message REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION cru.note_rows('id', 'message');
CREATE TRIGGER note_truncate AFTER TRUNCATE ON cru.message FOR EACH STATEMENT EXECUTE FUNCTION cru.note_whole('all');
CREATE TRIGGER note_insert AFTER INSERT ON cru.message_seen REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION cru.note_rows('message_id', 'message');
CREATE TRIGGER note_truncate AFTER TRUNCATE ON cru.message_seen
    FOR EACH STATEMENT EXECUTE FUNCTION cru.note_whole('all');

-- What was said to others is not unsaid.
DO $$
DECLARE
    found text := (SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = 'cru.event'::regclass AND tgname = 'act');
BEGIN
    DROP TRIGGER act ON cru.event;
    EXECUTE regexp_replace(found, '\mWHEN \((.*)\) EXECUTE', 'WHEN ((\1) AND NEW.kind <> ''message'') EXECUTE');
END $$;

REVOKE ALL ON FUNCTION cru.guard_message(), cru.guard_message_seen(), cru.log_message() FROM PUBLIC;
GRANT SELECT ON cru.message, cru.message_seen TO cru_dispatcher;
GRANT INSERT (id, referral_id, to_login, words) ON cru.message TO cru_dispatcher;
GRANT INSERT (message_id) ON cru.message_seen TO cru_dispatcher;
