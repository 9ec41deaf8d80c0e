-- Alarms, what each kind asks for, and who sees to it that they are raised. The program's own list of limits is
-- db/tables/bounds.py, and a test holds that the two say the same.

CREATE TABLE cru.alarm_kind (
    code TEXT NOT NULL,
    label TEXT NOT NULL,
    priority INTEGER NOT NULL,
    delay_seconds INTEGER DEFAULT 0 NOT NULL,
    times INTEGER DEFAULT 1 NOT NULL,
    within_minutes INTEGER DEFAULT 10 NOT NULL,
    escalate_minutes INTEGER,
    stays BOOLEAN DEFAULT false NOT NULL,
    shelvable BOOLEAN DEFAULT true NOT NULL,
    what_to_do TEXT NOT NULL,
    rank INTEGER NOT NULL,
    active BOOLEAN DEFAULT true NOT NULL,
    author TEXT DEFAULT session_user NOT NULL,
    dated DATE DEFAULT CURRENT_DATE NOT NULL,
    CONSTRAINT alarm_kind_pkey PRIMARY KEY (code),
    CONSTRAINT alarm_kind_code_length_check CHECK (char_length(code) <= 60),
    CONSTRAINT alarm_kind_code_given_check CHECK (code ~ '[^[:space:]]'),
    CONSTRAINT alarm_kind_label_length_check CHECK (char_length(label) <= 200),
    CONSTRAINT alarm_kind_label_given_check CHECK (label ~ '[^[:space:]]'),
    CONSTRAINT alarm_kind_priority_range_check CHECK (priority BETWEEN 1 AND 3),
    CONSTRAINT alarm_kind_delay_seconds_range_check CHECK (delay_seconds BETWEEN 0 AND 3600),
    CONSTRAINT alarm_kind_times_range_check CHECK (times BETWEEN 1 AND 20),
    CONSTRAINT alarm_kind_within_minutes_range_check CHECK (within_minutes BETWEEN 1 AND 100000),
    CONSTRAINT alarm_kind_escalate_minutes_range_check CHECK (escalate_minutes BETWEEN 1 AND 100000),
    CONSTRAINT alarm_kind_what_to_do_length_check CHECK (char_length(what_to_do) <= 500),
    CONSTRAINT alarm_kind_what_to_do_given_check CHECK (what_to_do ~ '[^[:space:]]'),
    CONSTRAINT alarm_kind_rank_range_check CHECK (rank BETWEEN -1000000 AND 1000000),
    CONSTRAINT alarm_kind_author_length_check CHECK (char_length(author) <= 200),
    CONSTRAINT alarm_kind_dated_day_check CHECK (dated BETWEEN '2000-01-01' AND '2199-12-31'),
    CONSTRAINT alarm_kind_characters_check CHECK (concat_ws('', what_to_do) !~ '[\u0001-\u0008\u000E-\u001F\u007F]'),
    CONSTRAINT alarm_kind_one_line_check CHECK (concat_ws('', code, label, author) !~ '[\u0001-\u001F\u007F]')
);

CREATE TABLE cru.alarm (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    version BIGINT DEFAULT 1 NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    priority INTEGER NOT NULL,
    words TEXT NOT NULL,
    referral_id UUID,
    van_id UUID,
    since_at TIMESTAMP WITH TIME ZONE NOT NULL,
    raised_at TIMESTAMP WITH TIME ZONE DEFAULT cru.clock_now() NOT NULL,
    raised_by TEXT DEFAULT session_user NOT NULL,
    again_at TIMESTAMP WITH TIME ZONE,
    acknowledged_at TIMESTAMP WITH TIME ZONE,
    acknowledged_by TEXT DEFAULT '' NOT NULL,
    shelved_at TIMESTAMP WITH TIME ZONE,
    shelved_by TEXT DEFAULT '' NOT NULL,
    shelved_until TIMESTAMP WITH TIME ZONE,
    shelved_reason TEXT DEFAULT '' NOT NULL,
    returned_at TIMESTAMP WITH TIME ZONE,
    closed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT alarm_pkey PRIMARY KEY (id),
    CONSTRAINT alarm_acknowledged_by_somebody_check CHECK (acknowledged_at IS NULL OR acknowledged_by <> ''),
    CONSTRAINT alarm_shelved_with_an_end_check CHECK ((shelved_at IS NULL) = (shelved_until IS NULL)
        AND (shelved_at IS NULL OR (shelved_by <> '' AND shelved_reason ~ '[^[:space:]]'))),
    CONSTRAINT alarm_kind_fkey FOREIGN KEY(kind) REFERENCES cru.alarm_kind (code),
    CONSTRAINT alarm_referral_id_fkey FOREIGN KEY(referral_id) REFERENCES cru.referral (id),
    CONSTRAINT alarm_van_id_fkey FOREIGN KEY(van_id) REFERENCES cru.van (id),
    CONSTRAINT alarm_version_range_check CHECK (version BETWEEN 1 AND 9007199254740991),
    CONSTRAINT alarm_name_length_check CHECK (char_length(name) <= 200),
    CONSTRAINT alarm_name_given_check CHECK (name ~ '[^[:space:]]'),
    CONSTRAINT alarm_kind_length_check CHECK (char_length(kind) <= 60),
    CONSTRAINT alarm_kind_given_check CHECK (kind ~ '[^[:space:]]'),
    CONSTRAINT alarm_priority_range_check CHECK (priority BETWEEN 1 AND 3),
    CONSTRAINT alarm_words_length_check CHECK (char_length(words) <= 500),
    CONSTRAINT alarm_words_given_check CHECK (words ~ '[^[:space:]]'),
    CONSTRAINT alarm_since_at_time_check CHECK (since_at >= '2000-01-01 00:00:00+00' AND since_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT alarm_raised_at_time_check CHECK (raised_at >= '2000-01-01 00:00:00+00' AND raised_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT alarm_raised_by_length_check CHECK (char_length(raised_by) <= 200),
    CONSTRAINT alarm_again_at_time_check CHECK (again_at >= '2000-01-01 00:00:00+00' AND again_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT alarm_acknowledged_at_time_check CHECK (acknowledged_at >= '2000-01-01 00:00:00+00' AND acknowledged_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT alarm_acknowledged_by_length_check CHECK (char_length(acknowledged_by) <= 200),
    CONSTRAINT alarm_shelved_at_time_check CHECK (shelved_at >= '2000-01-01 00:00:00+00' AND shelved_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT alarm_shelved_by_length_check CHECK (char_length(shelved_by) <= 200),
    CONSTRAINT alarm_shelved_until_time_check CHECK (shelved_until >= '2000-01-01 00:00:00+00' AND shelved_until < '2200-01-01 00:00:00+00'),
    CONSTRAINT alarm_shelved_reason_length_check CHECK (char_length(shelved_reason) <= 2000),
    CONSTRAINT alarm_returned_at_time_check CHECK (returned_at >= '2000-01-01 00:00:00+00' AND returned_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT alarm_closed_at_time_check CHECK (closed_at >= '2000-01-01 00:00:00+00' AND closed_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT alarm_characters_check CHECK (concat_ws('', words, shelved_reason) !~ '[\u0001-\u0008\u000E-\u001F\u007F]'),
    CONSTRAINT alarm_one_line_check CHECK (concat_ws('', name, kind, raised_by, acknowledged_by, shelved_by) !~ '[\u0001-\u001F\u007F]')
);
-- One condition is one alarm, whoever sees it first.
CREATE UNIQUE INDEX alarm_one_of_a_name ON cru.alarm (name) WHERE closed_at IS NULL;
CREATE INDEX alarm_raised_at_idx ON cru.alarm (raised_at);
CREATE INDEX alarm_referral_id_idx ON cru.alarm (referral_id);
CREATE INDEX alarm_van_id_idx ON cru.alarm (van_id);

-- How often a condition began lately, for kinds that sound only then: a fix that wobbles is no alarm.
CREATE TABLE cru.alarm_onset (
    name TEXT NOT NULL,
    begun_at TIMESTAMP WITH TIME ZONE DEFAULT cru.clock_now() NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT alarm_onset_pkey PRIMARY KEY (name, begun_at),
    CONSTRAINT alarm_onset_name_length_check CHECK (char_length(name) <= 200),
    CONSTRAINT alarm_onset_name_given_check CHECK (name ~ '[^[:space:]]'),
    CONSTRAINT alarm_onset_begun_at_time_check CHECK (begun_at >= '2000-01-01 00:00:00+00' AND begun_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT alarm_onset_ended_at_time_check CHECK (ended_at >= '2000-01-01 00:00:00+00' AND ended_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT alarm_onset_one_line_check CHECK (concat_ws('', name) !~ '[\u0001-\u001F\u007F]')
);

-- Which console raises for all, and when it last did so, by the server's own clock.
CREATE TABLE cru.alarm_watch (
    id SMALLINT DEFAULT 1 NOT NULL,
    console UUID,
    watched_by TEXT DEFAULT '' NOT NULL,
    beat_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT alarm_watch_pkey PRIMARY KEY (id),
    CONSTRAINT alarm_watch_single_check CHECK (id = 1),
    CONSTRAINT alarm_watch_watched_by_length_check CHECK (char_length(watched_by) <= 200),
    CONSTRAINT alarm_watch_beat_at_time_check CHECK (beat_at >= '2000-01-01 00:00:00+00' AND beat_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT alarm_watch_one_line_check CHECK (concat_ws('', watched_by) !~ '[\u0001-\u001F\u007F]')
);
INSERT INTO cru.alarm_watch DEFAULT VALUES;
