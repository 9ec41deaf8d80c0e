-- What people said afterwards, what became of it, and what a shift lead has looked at. The program's own list of limits is
-- db/tables/bounds.py, and a test holds that the two say the same.

CREATE TABLE cru.feedback_theme (
    label TEXT NOT NULL,
    rank INTEGER NOT NULL,
    active BOOLEAN DEFAULT true NOT NULL,
    author TEXT DEFAULT session_user NOT NULL,
    dated DATE DEFAULT CURRENT_DATE NOT NULL,
    CONSTRAINT feedback_theme_pkey PRIMARY KEY (label),
    CONSTRAINT feedback_theme_label_length_check CHECK (char_length(label) <= 200),
    CONSTRAINT feedback_theme_label_given_check CHECK (label ~ '[^[:space:]]'),
    CONSTRAINT feedback_theme_rank_range_check CHECK (rank BETWEEN -1000000 AND 1000000),
    CONSTRAINT feedback_theme_author_length_check CHECK (char_length(author) <= 200),
    CONSTRAINT feedback_theme_dated_day_check CHECK (dated BETWEEN '2000-01-01' AND '2199-12-31'),
    CONSTRAINT feedback_theme_one_line_check CHECK (concat_ws('', label, author) !~ '[\u0001-\u001F\u007F]')
);

CREATE TABLE cru.improvement (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    version BIGINT DEFAULT 1 NOT NULL,
    feedback_id UUID,
    said TEXT NOT NULL,
    raised_by TEXT NOT NULL,
    owner TEXT DEFAULT '' NOT NULL,
    due_on DATE,
    state TEXT DEFAULT 'open' NOT NULL,
    did TEXT DEFAULT '' NOT NULL,
    made_by TEXT DEFAULT session_user NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT cru.clock_now() NOT NULL,
    changed_by TEXT DEFAULT session_user NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT cru.clock_now() NOT NULL,
    CONSTRAINT improvement_pkey PRIMARY KEY (id),
    CONSTRAINT improvement_raised_by_check CHECK (raised_by IN ('EMAS crew', 'person', 'carer', 'other professional', 'team')),
    CONSTRAINT improvement_state_check CHECK (state IN ('open', 'doing', 'done', 'not done')),
    CONSTRAINT improvement_ended_with_what_changed_check CHECK (state IN ('open', 'doing') OR did ~ '[^[:space:]]'),
    CONSTRAINT improvement_somebody_sees_to_it_check CHECK (state = 'open' OR owner ~ '[^[:space:]]'),
    CONSTRAINT improvement_feedback_id_fkey FOREIGN KEY(feedback_id) REFERENCES cru.feedback (id),
    CONSTRAINT improvement_version_range_check CHECK (version BETWEEN 1 AND 9007199254740991),
    CONSTRAINT improvement_said_length_check CHECK (char_length(said) <= 4000),
    CONSTRAINT improvement_said_given_check CHECK (said ~ '[^[:space:]]'),
    CONSTRAINT improvement_owner_length_check CHECK (char_length(owner) <= 200),
    CONSTRAINT improvement_due_on_day_check CHECK (due_on BETWEEN '2000-01-01' AND '2199-12-31'),
    CONSTRAINT improvement_did_length_check CHECK (char_length(did) <= 4000),
    CONSTRAINT improvement_made_by_length_check CHECK (char_length(made_by) <= 200),
    CONSTRAINT improvement_made_at_time_check CHECK (made_at >= '2000-01-01 00:00:00+00' AND made_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT improvement_changed_by_length_check CHECK (char_length(changed_by) <= 200),
    CONSTRAINT improvement_changed_at_time_check CHECK (changed_at >= '2000-01-01 00:00:00+00' AND changed_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT improvement_characters_check CHECK (concat_ws('', said, did) !~ '[\u0001-\u0008\u000E-\u001F\u007F]'),
    CONSTRAINT improvement_one_line_check CHECK (concat_ws('', owner, made_by, changed_by) !~ '[\u0001-\u001F\u007F]')
);

CREATE INDEX improvement_open_idx ON cru.improvement (due_on) WHERE state IN ('open', 'doing');

CREATE TABLE cru.review (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    kind TEXT NOT NULL,
    about TEXT NOT NULL,
    referral_id UUID,
    words TEXT NOT NULL,
    reviewed_by TEXT DEFAULT session_user NOT NULL,
    reviewed_at TIMESTAMP WITH TIME ZONE DEFAULT cru.clock_now() NOT NULL,
    CONSTRAINT review_pkey PRIMARY KEY (id),
    CONSTRAINT review_kind_check CHECK (kind IN ('late', 'long handover', 'refused', 'overridden', 'reality objected', 'back in 72 h', 'feedback', 'taken back', 'amended')),
    CONSTRAINT review_kind_about_key UNIQUE (kind, about),
    CONSTRAINT review_referral_id_fkey FOREIGN KEY(referral_id) REFERENCES cru.referral (id),
    CONSTRAINT review_about_length_check CHECK (char_length(about) <= 60),
    CONSTRAINT review_about_given_check CHECK (about ~ '[^[:space:]]'),
    CONSTRAINT review_words_length_check CHECK (char_length(words) <= 2000),
    CONSTRAINT review_words_given_check CHECK (words ~ '[^[:space:]]'),
    CONSTRAINT review_reviewed_by_length_check CHECK (char_length(reviewed_by) <= 200),
    CONSTRAINT review_reviewed_at_time_check CHECK (reviewed_at >= '2000-01-01 00:00:00+00' AND reviewed_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT review_characters_check CHECK (concat_ws('', words) !~ '[\u0001-\u0008\u000E-\u001F\u007F]'),
    CONSTRAINT review_one_line_check CHECK (concat_ws('', about, reviewed_by) !~ '[\u0001-\u001F\u007F]')
);

CREATE INDEX review_referral_id_idx ON cru.review (referral_id);
