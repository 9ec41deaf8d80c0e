-- What is known of a person, and who comes: new tables, as they stood at this revision. The program's own list of limits
-- is db/tables/bounds.py, and a test holds that the two say the same.

CREATE TABLE cru.language (
    code TEXT NOT NULL,
    label TEXT NOT NULL,
    aliases TEXT[] DEFAULT '{}' NOT NULL,
    rank INTEGER NOT NULL,
    active BOOLEAN DEFAULT true NOT NULL,
    author TEXT DEFAULT session_user NOT NULL,
    dated DATE DEFAULT CURRENT_DATE NOT NULL,
    CONSTRAINT language_pkey PRIMARY KEY (code),
    CONSTRAINT language_code_length_check CHECK (char_length(code) <= 60),
    CONSTRAINT language_code_given_check CHECK (code ~ '[^[:space:]]'),
    CONSTRAINT language_label_length_check CHECK (char_length(label) <= 200),
    CONSTRAINT language_label_given_check CHECK (label ~ '[^[:space:]]'),
    CONSTRAINT language_aliases_list_check CHECK (coalesce(array_ndims(aliases), 1) = 1 AND cardinality(aliases) <= 40 AND array_position(aliases, NULL) IS NULL AND char_length(array_to_string(aliases, '')) <= 4000),
    CONSTRAINT language_rank_range_check CHECK (rank BETWEEN -1000000 AND 1000000),
    CONSTRAINT language_author_length_check CHECK (char_length(author) <= 200),
    CONSTRAINT language_dated_day_check CHECK (dated BETWEEN '2000-01-01' AND '2199-12-31'),
    CONSTRAINT language_one_line_check CHECK (concat_ws('', code, label, aliases, author) !~ '[\u0001-\u001F\u007F]')
);

CREATE TABLE cru.mobility (
    code TEXT NOT NULL,
    label TEXT NOT NULL,
    equipment TEXT[] DEFAULT '{}' NOT NULL,
    rank INTEGER NOT NULL,
    active BOOLEAN DEFAULT true NOT NULL,
    author TEXT DEFAULT session_user NOT NULL,
    dated DATE DEFAULT CURRENT_DATE NOT NULL,
    CONSTRAINT mobility_pkey PRIMARY KEY (code),
    CONSTRAINT mobility_code_length_check CHECK (char_length(code) <= 60),
    CONSTRAINT mobility_code_given_check CHECK (code ~ '[^[:space:]]'),
    CONSTRAINT mobility_label_length_check CHECK (char_length(label) <= 200),
    CONSTRAINT mobility_label_given_check CHECK (label ~ '[^[:space:]]'),
    CONSTRAINT mobility_equipment_list_check CHECK (coalesce(array_ndims(equipment), 1) = 1 AND cardinality(equipment) <= 40 AND array_position(equipment, NULL) IS NULL AND char_length(array_to_string(equipment, '')) <= 4000),
    CONSTRAINT mobility_rank_range_check CHECK (rank BETWEEN -1000000 AND 1000000),
    CONSTRAINT mobility_author_length_check CHECK (char_length(author) <= 200),
    CONSTRAINT mobility_dated_day_check CHECK (dated BETWEEN '2000-01-01' AND '2199-12-31'),
    CONSTRAINT mobility_one_line_check CHECK (concat_ws('', code, label, equipment, author) !~ '[\u0001-\u001F\u007F]')
);

CREATE TABLE cru.about_topic (
    key TEXT NOT NULL,
    label TEXT NOT NULL,
    question TEXT DEFAULT '' NOT NULL,
    kind TEXT NOT NULL,
    in_brief BOOLEAN DEFAULT true NOT NULL,
    carried BOOLEAN DEFAULT true NOT NULL,
    rank INTEGER NOT NULL,
    active BOOLEAN DEFAULT true NOT NULL,
    author TEXT DEFAULT session_user NOT NULL,
    dated DATE DEFAULT CURRENT_DATE NOT NULL,
    CONSTRAINT about_topic_pkey PRIMARY KEY (key),
    CONSTRAINT about_topic_kind_check CHECK (kind IN ('words', 'wish', 'language', 'mobility', 'answer', 'safer', 'notice')),
    CONSTRAINT about_topic_key_length_check CHECK (char_length(key) <= 60),
    CONSTRAINT about_topic_key_given_check CHECK (key ~ '[^[:space:]]'),
    CONSTRAINT about_topic_label_length_check CHECK (char_length(label) <= 200),
    CONSTRAINT about_topic_label_given_check CHECK (label ~ '[^[:space:]]'),
    CONSTRAINT about_topic_question_length_check CHECK (char_length(question) <= 500),
    CONSTRAINT about_topic_rank_range_check CHECK (rank BETWEEN -1000000 AND 1000000),
    CONSTRAINT about_topic_author_length_check CHECK (char_length(author) <= 200),
    CONSTRAINT about_topic_dated_day_check CHECK (dated BETWEEN '2000-01-01' AND '2199-12-31'),
    CONSTRAINT about_topic_characters_check CHECK (concat_ws('', question) !~ '[\u0001-\u0008\u000E-\u001F\u007F]'),
    CONSTRAINT about_topic_one_line_check CHECK (concat_ws('', key, label, author) !~ '[\u0001-\u001F\u007F]')
);

CREATE TABLE cru.about_me (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    version BIGINT DEFAULT 1 NOT NULL,
    referral_id UUID NOT NULL,
    topic TEXT NOT NULL,
    code TEXT DEFAULT '' NOT NULL,
    words TEXT DEFAULT '' NOT NULL,
    said_by TEXT NOT NULL,
    from_id UUID,
    from_plan TEXT DEFAULT '' NOT NULL,
    added_by TEXT DEFAULT session_user NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE DEFAULT cru.clock_now() NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    ended_by TEXT DEFAULT '' NOT NULL,
    taken_back_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT about_me_pkey PRIMARY KEY (id),
    CONSTRAINT about_me_says_something_check CHECK (code <> '' OR words ~ '[^[:space:]]'),
    CONSTRAINT about_me_ended_by_somebody_check CHECK ((ended_at IS NULL) = (ended_by = '')),
    CONSTRAINT about_me_referral_id_fkey FOREIGN KEY(referral_id) REFERENCES cru.referral (id),
    CONSTRAINT about_me_topic_fkey FOREIGN KEY(topic) REFERENCES cru.about_topic (key),
    CONSTRAINT about_me_from_id_fkey FOREIGN KEY(from_id) REFERENCES cru.about_me (id),
    CONSTRAINT about_me_version_range_check CHECK (version BETWEEN 1 AND 9007199254740991),
    CONSTRAINT about_me_topic_length_check CHECK (char_length(topic) <= 60),
    CONSTRAINT about_me_topic_given_check CHECK (topic ~ '[^[:space:]]'),
    CONSTRAINT about_me_code_length_check CHECK (char_length(code) <= 60),
    CONSTRAINT about_me_words_length_check CHECK (char_length(words) <= 4000),
    CONSTRAINT about_me_said_by_length_check CHECK (char_length(said_by) <= 200),
    CONSTRAINT about_me_said_by_given_check CHECK (said_by ~ '[^[:space:]]'),
    CONSTRAINT about_me_from_plan_length_check CHECK (char_length(from_plan) <= 60),
    CONSTRAINT about_me_added_by_length_check CHECK (char_length(added_by) <= 200),
    CONSTRAINT about_me_added_at_time_check CHECK (added_at >= '2000-01-01 00:00:00+00' AND added_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT about_me_ended_at_time_check CHECK (ended_at >= '2000-01-01 00:00:00+00' AND ended_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT about_me_ended_by_length_check CHECK (char_length(ended_by) <= 200),
    CONSTRAINT about_me_taken_back_at_time_check CHECK (taken_back_at >= '2000-01-01 00:00:00+00' AND taken_back_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT about_me_characters_check CHECK (concat_ws('', words) !~ '[\u0001-\u0008\u000E-\u001F\u007F]'),
    CONSTRAINT about_me_one_line_check CHECK (concat_ws('', topic, code, said_by, from_plan, added_by, ended_by) !~ '[\u0001-\u001F\u007F]')
);
CREATE INDEX about_me_referral_id_idx ON cru.about_me (referral_id);

CREATE TABLE cru.same_person (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    referral_id UUID NOT NULL,
    other_id UUID NOT NULL,
    is_same BOOLEAN NOT NULL,
    added_by TEXT DEFAULT session_user NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE DEFAULT cru.clock_now() NOT NULL,
    taken_back_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT same_person_pkey PRIMARY KEY (id),
    CONSTRAINT same_person_two_referrals_check CHECK (referral_id <> other_id),
    CONSTRAINT same_person_referral_id_fkey FOREIGN KEY(referral_id) REFERENCES cru.referral (id),
    CONSTRAINT same_person_other_id_fkey FOREIGN KEY(other_id) REFERENCES cru.referral (id),
    CONSTRAINT same_person_added_by_length_check CHECK (char_length(added_by) <= 200),
    CONSTRAINT same_person_added_at_time_check CHECK (added_at >= '2000-01-01 00:00:00+00' AND added_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT same_person_taken_back_at_time_check CHECK (taken_back_at >= '2000-01-01 00:00:00+00' AND taken_back_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT same_person_one_line_check CHECK (concat_ws('', added_by) !~ '[\u0001-\u001F\u007F]')
);
CREATE INDEX same_person_other_id_idx ON cru.same_person (other_id);
CREATE INDEX same_person_referral_id_idx ON cru.same_person (referral_id);

CREATE TABLE cru.read_back (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    referral_id UUID NOT NULL,
    assignment_id UUID NOT NULL,
    read_by TEXT NOT NULL,
    channel TEXT NOT NULL,
    brief TEXT NOT NULL,
    recorded_by TEXT DEFAULT session_user NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE DEFAULT cru.clock_now() NOT NULL,
    taken_back_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT read_back_pkey PRIMARY KEY (id),
    CONSTRAINT read_back_channel_check CHECK (channel IN ('radio', 'telephone', 'in person', 'message')),
    CONSTRAINT read_back_referral_id_fkey FOREIGN KEY(referral_id) REFERENCES cru.referral (id),
    CONSTRAINT read_back_assignment_id_fkey FOREIGN KEY(assignment_id) REFERENCES cru.assignment (id),
    CONSTRAINT read_back_read_by_length_check CHECK (char_length(read_by) <= 200),
    CONSTRAINT read_back_read_by_given_check CHECK (read_by ~ '[^[:space:]]'),
    CONSTRAINT read_back_brief_length_check CHECK (char_length(brief) <= 20000),
    CONSTRAINT read_back_brief_given_check CHECK (brief ~ '[^[:space:]]'),
    CONSTRAINT read_back_recorded_by_length_check CHECK (char_length(recorded_by) <= 200),
    CONSTRAINT read_back_recorded_at_time_check CHECK (recorded_at >= '2000-01-01 00:00:00+00' AND recorded_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT read_back_taken_back_at_time_check CHECK (taken_back_at >= '2000-01-01 00:00:00+00' AND taken_back_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT read_back_characters_check CHECK (concat_ws('', brief) !~ '[\u0001-\u0008\u000E-\u001F\u007F]'),
    CONSTRAINT read_back_one_line_check CHECK (concat_ws('', read_by, recorded_by) !~ '[\u0001-\u001F\u007F]')
);
CREATE INDEX read_back_referral_id_idx ON cru.read_back (referral_id);

CREATE TABLE cru.interpreter (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    referral_id UUID NOT NULL,
    language TEXT NOT NULL,
    booked_with TEXT NOT NULL,
    booking TEXT DEFAULT '' NOT NULL,
    booked_for_at TIMESTAMP WITH TIME ZONE,
    recorded_by TEXT DEFAULT session_user NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE DEFAULT cru.clock_now() NOT NULL,
    taken_back_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT interpreter_pkey PRIMARY KEY (id),
    CONSTRAINT interpreter_referral_id_fkey FOREIGN KEY(referral_id) REFERENCES cru.referral (id),
    CONSTRAINT interpreter_language_fkey FOREIGN KEY(language) REFERENCES cru.language (code),
    CONSTRAINT interpreter_language_length_check CHECK (char_length(language) <= 60),
    CONSTRAINT interpreter_language_given_check CHECK (language ~ '[^[:space:]]'),
    CONSTRAINT interpreter_booked_with_length_check CHECK (char_length(booked_with) <= 200),
    CONSTRAINT interpreter_booked_with_given_check CHECK (booked_with ~ '[^[:space:]]'),
    CONSTRAINT interpreter_booking_length_check CHECK (char_length(booking) <= 200),
    CONSTRAINT interpreter_booked_for_at_time_check CHECK (booked_for_at >= '2000-01-01 00:00:00+00' AND booked_for_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT interpreter_recorded_by_length_check CHECK (char_length(recorded_by) <= 200),
    CONSTRAINT interpreter_recorded_at_time_check CHECK (recorded_at >= '2000-01-01 00:00:00+00' AND recorded_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT interpreter_taken_back_at_time_check CHECK (taken_back_at >= '2000-01-01 00:00:00+00' AND taken_back_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT interpreter_one_line_check CHECK (concat_ws('', language, booked_with, booking, recorded_by) !~ '[\u0001-\u001F\u007F]')
);
CREATE INDEX interpreter_referral_id_idx ON cru.interpreter (referral_id);

CREATE TABLE cru.wish_kept (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    referral_id UUID NOT NULL,
    about_id UUID NOT NULL,
    kept TEXT NOT NULL,
    said_by TEXT NOT NULL,
    words TEXT DEFAULT '' NOT NULL,
    recorded_by TEXT DEFAULT session_user NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE DEFAULT cru.clock_now() NOT NULL,
    taken_back_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT wish_kept_pkey PRIMARY KEY (id),
    CONSTRAINT wish_kept_kept_check CHECK (kept IN ('yes', 'partly', 'no')),
    CONSTRAINT wish_kept_referral_id_fkey FOREIGN KEY(referral_id) REFERENCES cru.referral (id),
    CONSTRAINT wish_kept_about_id_fkey FOREIGN KEY(about_id) REFERENCES cru.about_me (id),
    CONSTRAINT wish_kept_said_by_length_check CHECK (char_length(said_by) <= 200),
    CONSTRAINT wish_kept_said_by_given_check CHECK (said_by ~ '[^[:space:]]'),
    CONSTRAINT wish_kept_words_length_check CHECK (char_length(words) <= 4000),
    CONSTRAINT wish_kept_recorded_by_length_check CHECK (char_length(recorded_by) <= 200),
    CONSTRAINT wish_kept_recorded_at_time_check CHECK (recorded_at >= '2000-01-01 00:00:00+00' AND recorded_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT wish_kept_taken_back_at_time_check CHECK (taken_back_at >= '2000-01-01 00:00:00+00' AND taken_back_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT wish_kept_characters_check CHECK (concat_ws('', words) !~ '[\u0001-\u0008\u000E-\u001F\u007F]'),
    CONSTRAINT wish_kept_one_line_check CHECK (concat_ws('', said_by, recorded_by) !~ '[\u0001-\u001F\u007F]')
);
CREATE INDEX wish_kept_referral_id_idx ON cru.wish_kept (referral_id);

-- A flag gets a version, a key of its address, what it goes on with, and its withdrawal. Its end becomes the day of its
-- review, which every flag has (70_upgrade.sql).
ALTER TABLE cru.flag DROP CONSTRAINT flag_kind_check, DROP CONSTRAINT flag_one_line_check,
    DROP CONSTRAINT flag_characters_check,
    ADD COLUMN version bigint NOT NULL DEFAULT 1, ADD COLUMN address_key text NOT NULL DEFAULT '',
    ADD COLUMN extends_id uuid, ADD COLUMN withdrawn_at timestamptz, ADD COLUMN withdrawn_by text NOT NULL DEFAULT '',
    ADD COLUMN withdrawn_reason text NOT NULL DEFAULT '';
ALTER TABLE cru.flag ADD CONSTRAINT flag_extends_id_fkey FOREIGN KEY (extends_id) REFERENCES cru.flag (id),
    ADD CONSTRAINT flag_withdrawn_with_a_reason_check CHECK ((withdrawn_at IS NULL) = (withdrawn_by = '')
        AND (withdrawn_at IS NULL OR withdrawn_reason <> '')),
    ADD CONSTRAINT flag_version_range_check CHECK (version BETWEEN 1 AND 9007199254740991),
    ADD CONSTRAINT flag_address_key_length_check CHECK (char_length(address_key) <= 300),
    ADD CONSTRAINT flag_withdrawn_at_time_check CHECK (withdrawn_at >= '2000-01-01 00:00:00+00'
        AND withdrawn_at < '2200-01-01 00:00:00+00'),
    ADD CONSTRAINT flag_withdrawn_by_length_check CHECK (char_length(withdrawn_by) <= 200),
    ADD CONSTRAINT flag_withdrawn_reason_length_check CHECK (char_length(withdrawn_reason) <= 2000),
    ADD CONSTRAINT flag_characters_check CHECK (concat_ws('', reason, withdrawn_reason) !~ '[\u0001-\u0008\u000E-\u001F\u007F]'),
    ADD CONSTRAINT flag_one_line_check CHECK (concat_ws('', added_by, address_key, withdrawn_by) !~ '[\u0001-\u001F\u007F]');
CREATE INDEX flag_address_key_idx ON cru.flag (address_key) WHERE address_key <> '';

-- Who is a clinician on a professional register, and what the languages that somebody speaks are by code.
ALTER TABLE cru.staff DROP CONSTRAINT staff_one_line_check,
    ADD COLUMN language_codes text[] NOT NULL DEFAULT '{}', ADD COLUMN registered boolean NOT NULL DEFAULT false;
ALTER TABLE cru.staff
    ADD CONSTRAINT staff_language_codes_list_check CHECK (coalesce(array_ndims(language_codes), 1) = 1
        AND cardinality(language_codes) <= 40 AND array_position(language_codes, NULL) IS NULL
        AND char_length(array_to_string(language_codes, '')) <= 4000),
    ADD CONSTRAINT staff_one_line_check CHECK (concat_ws('', name, profession, gender, languages, language_codes, author) !~ '[\u0001-\u001F\u007F]');

-- Numbers of people, and choices between yes and no, are rules too.
ALTER TABLE cru.rule DROP CONSTRAINT rule_unit_check, DROP CONSTRAINT rule_value_counts_check;
ALTER TABLE cru.rule
    ADD CONSTRAINT rule_unit_check CHECK (unit IN ('share', 'minutes', 'hours', 'people', 'yes or no')),
    ADD CONSTRAINT rule_value_counts_check CHECK ((value > 0 OR unit IN ('people', 'yes or no'))
        AND (unit NOT IN ('share', 'yes or no') OR value <= 1));
