-- A word from a crew that is with somebody: they are well. Who is silent for longer than a trust has set raises an alarm.
CREATE TABLE cru.crew_word (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    referral_id UUID NOT NULL,
    assignment_id UUID NOT NULL,
    channel TEXT NOT NULL,
    said_by TEXT DEFAULT '' NOT NULL,
    words TEXT DEFAULT '' NOT NULL,
    recorded_by TEXT DEFAULT session_user NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE DEFAULT cru.clock_now() NOT NULL,
    taken_back_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT crew_word_pkey PRIMARY KEY (id),
    CONSTRAINT crew_word_channel_check CHECK (channel IN ('radio', 'telephone', 'in person', 'message')),
    CONSTRAINT crew_word_referral_id_fkey FOREIGN KEY(referral_id) REFERENCES cru.referral (id),
    CONSTRAINT crew_word_assignment_id_fkey FOREIGN KEY(assignment_id) REFERENCES cru.assignment (id),
    CONSTRAINT crew_word_said_by_length_check CHECK (char_length(said_by) <= 500),
    CONSTRAINT crew_word_words_length_check CHECK (char_length(words) <= 20000),
    CONSTRAINT crew_word_recorded_by_length_check CHECK (char_length(recorded_by) <= 200),
    CONSTRAINT crew_word_recorded_at_time_check CHECK (recorded_at >= '2000-01-01 00:00:00+00' AND recorded_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT crew_word_taken_back_at_time_check CHECK (taken_back_at >= '2000-01-01 00:00:00+00' AND taken_back_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT crew_word_characters_check CHECK (concat_ws('', said_by, words) !~ '[\u0001-\u0008\u000E-\u001F\u007F]'),
    CONSTRAINT crew_word_one_line_check CHECK (concat_ws('', recorded_by) !~ '[\u0001-\u001F\u007F]')
);
CREATE INDEX crew_word_referral_id_idx ON cru.crew_word (referral_id);
