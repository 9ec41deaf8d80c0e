-- What somebody asks about the record of a person: a copy of it, a correction, or that it is erased. One row each, from when it
-- is asked until it is answered; what is not granted stays with the reason, and with what the person wants to stand beside it
-- (UK GDPR, articles 12 and 15 to 18).

CREATE TABLE cru.person_request (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    version BIGINT DEFAULT 1 NOT NULL,
    referral_id UUID NOT NULL,
    kind TEXT NOT NULL,
    about TEXT DEFAULT '' NOT NULL,
    said_by TEXT NOT NULL,
    words TEXT NOT NULL,
    made_by TEXT DEFAULT session_user NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT cru.clock_now() NOT NULL,
    state TEXT DEFAULT 'open' NOT NULL,
    answer TEXT DEFAULT '' NOT NULL,
    statement TEXT DEFAULT '' NOT NULL,
    answered_by TEXT DEFAULT '' NOT NULL,
    answered_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT person_request_pkey PRIMARY KEY (id),
    CONSTRAINT person_request_referral_id_fkey FOREIGN KEY(referral_id) REFERENCES cru.referral (id),
    CONSTRAINT person_request_kind_check CHECK (kind IN ('copy', 'correction', 'erasing')),
    CONSTRAINT person_request_state_check CHECK (state IN ('open', 'done', 'refused', 'withdrawn')),
    CONSTRAINT person_request_answered_by_somebody_check
        CHECK ((state = 'open') = (answered_at IS NULL) AND (state = 'open') = (answered_by = '')),
    CONSTRAINT person_request_answered_with_words_check CHECK (state = 'open' OR answer ~ '[^[:space:]]'),
    CONSTRAINT person_request_version_range_check CHECK (version BETWEEN 1 AND 9007199254740991),
    CONSTRAINT person_request_about_length_check CHECK (char_length(about) <= 200),
    CONSTRAINT person_request_said_by_length_check CHECK (char_length(said_by) <= 500),
    CONSTRAINT person_request_said_by_given_check CHECK (said_by ~ '[^[:space:]]'),
    CONSTRAINT person_request_words_length_check CHECK (char_length(words) <= 4000),
    CONSTRAINT person_request_words_given_check CHECK (words ~ '[^[:space:]]'),
    CONSTRAINT person_request_made_by_length_check CHECK (char_length(made_by) <= 200),
    CONSTRAINT person_request_made_at_time_check CHECK (made_at >= '2000-01-01 00:00:00+00' AND made_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT person_request_answer_length_check CHECK (char_length(answer) <= 4000),
    CONSTRAINT person_request_statement_length_check CHECK (char_length(statement) <= 4000),
    CONSTRAINT person_request_answered_by_length_check CHECK (char_length(answered_by) <= 200),
    CONSTRAINT person_request_answered_at_time_check CHECK (answered_at >= '2000-01-01 00:00:00+00' AND answered_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT person_request_characters_check
        CHECK (concat_ws('', said_by, words, answer, statement) !~ '[\u0001-\u0008\u000E-\u001F\u007F]'),
    CONSTRAINT person_request_one_line_check CHECK (concat_ws('', about, made_by, answered_by) !~ '[\u0001-\u001F\u007F]')
);
CREATE INDEX person_request_referral_id_idx ON cru.person_request (referral_id);
CREATE INDEX person_request_open_idx ON cru.person_request (made_at) WHERE state = 'open';

-- Whether whoever is signed in owns the record.
CREATE FUNCTION cru.is_owner() RETURNS boolean
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT pg_has_role(session_user, (SELECT relowner FROM pg_class WHERE oid = 'cru.referral'::regclass), 'MEMBER')
$$;

-- Who answers: a correction is made at a desk, a copy is given out by a shift lead, and what is refused is refused by a lead;
-- that nobody is erased after all says the owner alone, who also erases. Whoever asked may want it no longer.
CREATE FUNCTION cru.check_answer(r cru.person_request) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = cru, pg_temp AS $$
BEGIN
    IF (r).state = 'withdrawn' OR ((r).kind, (r).state) = ('correction', 'done') THEN
        RETURN;
    ELSIF (r).kind = 'erasing' AND (r).state = 'done' THEN
        PERFORM refuse('That somebody is erased says the record itself.', 'The owner runs "admin erase".', 'CR002');
    ELSIF (r).kind = 'erasing' AND NOT is_owner() THEN
        PERFORM refuse('Only the owner of the record refuses to erase somebody.', 'The owner runs "admin erase".', 'CR002');
    ELSIF (r).kind <> 'erasing' AND NOT (is_lead() OR is_owner()) THEN
        PERFORM refuse(CASE WHEN (r).state = 'done' THEN 'Only a shift lead gives out a record.'
            ELSE 'Only a shift lead refuses what is asked about a record.' END, 'Ask the shift lead.', 'CR002');
    END IF;
END $$;

CREATE FUNCTION cru.guard_person_request() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
        PERFORM refuse('What was asked about a record stays.', '', 'CR002');
    ELSIF TG_OP = 'INSERT' THEN
        NEW.version := 1;
        NEW.made_by := session_user;
        NEW.made_at := clock_now();
        IF EXISTS (SELECT FROM referral WHERE id = NEW.referral_id AND erased_at IS NOT NULL) THEN
            PERFORM refuse('Of this person nothing is kept any more.', 'Look at it again.', 'CR001');
        ELSIF EXISTS (SELECT FROM person_request p WHERE p.referral_id = NEW.referral_id AND p.kind = NEW.kind
                AND p.about = NEW.about AND p.state = 'open' AND p.words = btrim(NEW.words, E' \t\r\n')) THEN
            PERFORM refuse('That was asked already, and is not answered yet.', 'Answer it.', 'CR001');
        END IF;
    ELSIF OLD.state <> 'open' THEN
        PERFORM refuse('That was answered already.', 'Look at it again; what is asked anew is written down anew.', 'CR001');
    ELSIF to_jsonb(NEW) - '{state,answer,statement}'::text[] <> to_jsonb(OLD) - '{state,answer,statement}'::text[] THEN
        PERFORM refuse('What was asked about a record stays as it was asked.', 'It is answered.', 'CR002');
    ELSIF NEW.state = 'open' THEN
        PERFORM refuse('An answer says that it is done, refused or wanted no longer.', 'Say which.');
    ELSE
        NEW.version := OLD.version + 1;
    END IF;
    NEW.words := btrim(NEW.words, E' \t\r\n');
    IF NEW.state = 'open' THEN
        IF NEW.answer || NEW.statement ~ '[^[:space:]]' THEN
            PERFORM refuse('An answer says that it is done, refused or wanted no longer.', 'Say which.');
        END IF;
        NEW.answer := '';
        NEW.statement := '';
        NEW.answered_by := '';
        NEW.answered_at := NULL;
    ELSE
        PERFORM check_answer(NEW);
        NEW.answered_by := session_user;
        NEW.answered_at := clock_now();
    END IF;
    RETURN NEW;
END $$;

-- It stands in the story of its referral, so that whoever is there next reads what the person says of what is written.
CREATE FUNCTION cru.log_person_request() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM write_event(NEW.referral_id, NULL, NEW.kind || ' asked', NEW.made_at,
            concat_ws(' · ', nullif(NEW.about, ''), format('%s: %s', NEW.said_by, NEW.words)), jsonb_build_object('request', NEW.id));
    END IF;
    IF NEW.state <> 'open' THEN
        PERFORM write_event(NEW.referral_id, NULL, format('%s %s', NEW.kind, NEW.state), NEW.answered_at,
            concat_ws(' · ', nullif(NEW.about, ''), NEW.answer, CASE WHEN NEW.statement ~ '[^[:space:]]'
                THEN format('%s wants to stand beside it: %s', NEW.said_by, NEW.statement) END),
            jsonb_build_object('request', NEW.id));
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON cru.person_request
    FOR EACH ROW EXECUTE FUNCTION cru.guard_person_request();
CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON cru.person_request
    FOR EACH STATEMENT EXECUTE FUNCTION cru.guard_person_request();
CREATE TRIGGER log AFTER INSERT OR UPDATE ON cru.person_request
    FOR EACH ROW EXECUTE FUNCTION cru.log_person_request();

-- What was asked about the record, and a correction that came of it, is no slip of the hand of whoever typed it.
CREATE FUNCTION cru.why_a_request_stays(the_act uuid) RETURNS text
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT CASE split_part(e.kind, ' ', 2)
        WHEN 'asked' THEN 'What was asked about a record is not taken back; it is answered.'
        ELSE 'What was answered to a person is not taken back; write down anew what is asked now.' END
    FROM act_part p JOIN event e ON e.id = cru.event_of(p)
    WHERE p.act_id = the_act AND p.table_name = 'event' AND e.kind ~ '^(copy|correction|erasing) (asked|done|refused|withdrawn)$'
    ORDER BY e.id DESC LIMIT 1
$$;

REVOKE ALL ON FUNCTION cru.is_owner(), cru.check_answer(cru.person_request), cru.guard_person_request(), cru.log_person_request(),
    cru.why_a_request_stays(uuid) FROM PUBLIC;
GRANT SELECT ON cru.person_request TO cru_dispatcher;
GRANT INSERT (id, referral_id, kind, about, said_by, words, state, answer, statement), UPDATE (state, answer, statement)
    ON cru.person_request TO cru_dispatcher;
SELECT cru.seal_table('person_request', false);
