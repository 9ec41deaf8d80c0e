-- The telephone call by which a referral comes in. Its referral is in the record from the first location on, so that
-- whoever is beside sees it and looks at vans; who refers and how urgent it is may still be unsaid.
CREATE TABLE cru.intake_call (
    referral_id UUID NOT NULL,
    version BIGINT DEFAULT 1 NOT NULL,
    answered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    begun_at TIMESTAMP WITH TIME ZONE DEFAULT cru.clock_now() NOT NULL,
    taken_by TEXT DEFAULT session_user NOT NULL,
    taken_since_at TIMESTAMP WITH TIME ZONE DEFAULT cru.clock_now() NOT NULL,
    typed JSONB DEFAULT '{}' NOT NULL,
    saved_at TIMESTAMP WITH TIME ZONE DEFAULT cru.clock_now() NOT NULL,
    call_back_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    ended_by TEXT DEFAULT '' NOT NULL,
    ended_how TEXT DEFAULT '' NOT NULL,
    CONSTRAINT intake_call_pkey PRIMARY KEY (referral_id),
    CONSTRAINT intake_call_ends_somehow_check CHECK ((ended_at IS NULL) = (ended_how = '')),
    CONSTRAINT intake_call_nobody_calls_back_after_check CHECK (ended_at IS NULL OR call_back_at IS NULL),
    CONSTRAINT intake_call_referral_id_fkey FOREIGN KEY(referral_id) REFERENCES cru.referral (id),
    CONSTRAINT intake_call_version_range_check CHECK (version BETWEEN 1 AND 9007199254740991),
    CONSTRAINT intake_call_answered_at_time_check CHECK (answered_at >= '2000-01-01 00:00:00+00' AND answered_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT intake_call_begun_at_time_check CHECK (begun_at >= '2000-01-01 00:00:00+00' AND begun_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT intake_call_taken_by_length_check CHECK (char_length(taken_by) <= 200),
    CONSTRAINT intake_call_taken_since_at_time_check CHECK (taken_since_at >= '2000-01-01 00:00:00+00' AND taken_since_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT intake_call_typed_shape_check CHECK (jsonb_typeof(typed) = 'object' AND octet_length(typed::text) <= 400000 AND NOT jsonb_path_exists(typed, 'strict $.**{6}') AND NOT jsonb_path_exists(typed, 'strict $.** ? (@.type() == "number" && (@ > 1e15 || @ < -1e15))')),
    CONSTRAINT intake_call_saved_at_time_check CHECK (saved_at >= '2000-01-01 00:00:00+00' AND saved_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT intake_call_call_back_at_time_check CHECK (call_back_at >= '2000-01-01 00:00:00+00' AND call_back_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT intake_call_ended_at_time_check CHECK (ended_at >= '2000-01-01 00:00:00+00' AND ended_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT intake_call_ended_by_length_check CHECK (char_length(ended_by) <= 200),
    CONSTRAINT intake_call_ended_how_length_check CHECK (char_length(ended_how) <= 60),
    CONSTRAINT intake_call_one_line_check CHECK (concat_ws('', taken_by, ended_by, ended_how) !~ '[\u0001-\u001F\u007F]')
);

ALTER TABLE cru.referral ALTER COLUMN source DROP NOT NULL, ALTER COLUMN priority DROP NOT NULL;
ALTER TABLE cru.referral ADD CONSTRAINT referral_says_who_and_how_urgent_check
    CHECK (num_nulls(source, priority) = 0 OR (state = 'received' AND acknowledged_at IS NULL));
