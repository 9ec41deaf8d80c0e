-- What an end asks for beside who has the person: that nobody was met, who looks for them, on what ground it was.
ALTER TABLE cru.ending_rule ADD COLUMN only_unmet BOOLEAN DEFAULT false NOT NULL,
    ADD COLUMN asks_search BOOLEAN DEFAULT false NOT NULL, ADD COLUMN asks_ground BOOLEAN DEFAULT false NOT NULL;

-- Where a reason comes from, such as the section of an Act.
ALTER TABLE cru.reason ADD COLUMN source TEXT DEFAULT '' NOT NULL,
    ADD CONSTRAINT reason_source_length_check CHECK (char_length(source) <= 1000),
    ADD CONSTRAINT reason_characters_check CHECK (concat_ws('', source) !~ '[\u0001-\u0008\u000E-\u001F\u007F]');

-- What was asked is stamped by the record, so that a rule that changes later asks nobody about what is long over.
ALTER TABLE cru.ending ADD COLUMN asks_search BOOLEAN DEFAULT false NOT NULL,
    ADD COLUMN looks_until TIMESTAMP WITH TIME ZONE,
    ADD COLUMN asks_ground BOOLEAN DEFAULT false NOT NULL,
    ADD COLUMN ground TEXT DEFAULT '' NOT NULL,
    ADD COLUMN ground_by TEXT DEFAULT '' NOT NULL,
    ADD COLUMN rights_told_by TEXT DEFAULT '' NOT NULL,
    ADD COLUMN rights_not_told TEXT DEFAULT '' NOT NULL,
    ADD COLUMN died_known_at TIMESTAMP WITH TIME ZONE,
    ADD CONSTRAINT ending_somebody_looks_check CHECK (looks_until IS NULL OR holder_kind <> ''),
    ADD CONSTRAINT ending_rights_told_or_not_check CHECK (rights_told_by = '' OR rights_not_told = ''),
    ADD CONSTRAINT ending_looks_until_time_check CHECK (looks_until >= '2000-01-01 00:00:00+00' AND looks_until < '2200-01-01 00:00:00+00'),
    ADD CONSTRAINT ending_ground_length_check CHECK (char_length(ground) <= 60),
    ADD CONSTRAINT ending_ground_by_length_check CHECK (char_length(ground_by) <= 500),
    ADD CONSTRAINT ending_rights_told_by_length_check CHECK (char_length(rights_told_by) <= 500),
    ADD CONSTRAINT ending_rights_not_told_length_check CHECK (char_length(rights_not_told) <= 2000),
    ADD CONSTRAINT ending_died_known_at_time_check CHECK (died_known_at >= '2000-01-01 00:00:00+00' AND died_known_at < '2200-01-01 00:00:00+00'),
    DROP CONSTRAINT ending_characters_check, DROP CONSTRAINT ending_one_line_check,
    ADD CONSTRAINT ending_characters_check CHECK (concat_ws('', holder_name, person_told_by, person_not_told, caller_told_by, caller_not_told, referrer_told_by, referrer_not_told, ground_by, rights_told_by, rights_not_told) !~ '[\u0001-\u0008\u000E-\u001F\u007F]'),
    ADD CONSTRAINT ending_one_line_check CHECK (concat_ws('', reason, named_by, ground) !~ '[\u0001-\u001F\u007F]');

-- What was promised to somebody who has died is neither kept nor broken.
ALTER TABLE cru.contact DROP CONSTRAINT contact_promise_outcome_check,
    ADD CONSTRAINT contact_promise_outcome_check CHECK (promise_outcome IN ('', 'kept', 'not kept', 'ended'));
