-- New tables. Their limits are those of db/tables/bounds.py, as a test holds.

CREATE TABLE cru.tool_life (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    tool_version INTEGER NOT NULL,
    step TEXT NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    profession TEXT DEFAULT '' NOT NULL,
    from_at TIMESTAMP WITH TIME ZONE DEFAULT cru.clock_now() NOT NULL,
    note TEXT DEFAULT '' NOT NULL,
    author TEXT DEFAULT session_user NOT NULL,
    written_at TIMESTAMP WITH TIME ZONE DEFAULT cru.clock_now() NOT NULL,
    CONSTRAINT tool_life_pkey PRIMARY KEY (id),
    CONSTRAINT tool_life_step_check CHECK (step IN ('drafted', 'approved', 'in force', 'retired')),
    CONSTRAINT tool_life_tool_version_fkey FOREIGN KEY(tool_version) REFERENCES cru.screening_tool (version),
    CONSTRAINT tool_life_id_range_check CHECK (id BETWEEN 1 AND 9223372036854775807),
    CONSTRAINT tool_life_tool_version_range_check CHECK (tool_version BETWEEN 0 AND 1000000),
    CONSTRAINT tool_life_name_length_check CHECK (char_length(name) <= 200),
    CONSTRAINT tool_life_profession_length_check CHECK (char_length(profession) <= 200),
    CONSTRAINT tool_life_from_at_time_check CHECK (from_at >= '2000-01-01 00:00:00+00' AND from_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT tool_life_note_length_check CHECK (char_length(note) <= 4000),
    CONSTRAINT tool_life_author_length_check CHECK (char_length(author) <= 200),
    CONSTRAINT tool_life_written_at_time_check CHECK (written_at >= '2000-01-01 00:00:00+00' AND written_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT tool_life_characters_check CHECK (concat_ws('', note) !~ '[\u0001-\u0008\u000E-\u001F\u007F]'),
    CONSTRAINT tool_life_one_line_check CHECK (concat_ws('', name, profession, author) !~ '[\u0001-\u001F\u007F]')
);

CREATE UNIQUE INDEX tool_life_from_at_key ON cru.tool_life (from_at) WHERE step = 'in force';

CREATE INDEX tool_life_tool_version_idx ON cru.tool_life (tool_version);

CREATE TABLE cru.tool_limit (
    tool_version INTEGER NOT NULL,
    measure TEXT NOT NULL,
    low DOUBLE PRECISION,
    high DOUBLE PRECISION,
    CONSTRAINT tool_limit_pkey PRIMARY KEY (tool_version, measure),
    CONSTRAINT tool_limit_tool_version_fkey FOREIGN KEY(tool_version) REFERENCES cru.screening_tool (version),
    CONSTRAINT tool_limit_tool_version_range_check CHECK (tool_version BETWEEN 0 AND 1000000),
    CONSTRAINT tool_limit_measure_length_check CHECK (char_length(measure) <= 60),
    CONSTRAINT tool_limit_measure_given_check CHECK (measure ~ '[^[:space:]]'),
    CONSTRAINT tool_limit_low_range_check CHECK (low BETWEEN -1000 AND 10000),
    CONSTRAINT tool_limit_high_range_check CHECK (high BETWEEN -1000 AND 10000),
    CONSTRAINT tool_limit_one_line_check CHECK (concat_ws('', measure) !~ '[\u0001-\u001F\u007F]')
);

CREATE TABLE cru.news_band (
    tool_version INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    measure TEXT NOT NULL,
    low DOUBLE PRECISION,
    high DOUBLE PRECISION,
    points SMALLINT NOT NULL,
    CONSTRAINT news_band_pkey PRIMARY KEY (tool_version, ordinal),
    CONSTRAINT news_band_tool_version_fkey FOREIGN KEY(tool_version) REFERENCES cru.screening_tool (version),
    CONSTRAINT news_band_tool_version_range_check CHECK (tool_version BETWEEN 0 AND 1000000),
    CONSTRAINT news_band_ordinal_range_check CHECK (ordinal BETWEEN -1000000 AND 1000000),
    CONSTRAINT news_band_measure_length_check CHECK (char_length(measure) <= 60),
    CONSTRAINT news_band_measure_given_check CHECK (measure ~ '[^[:space:]]'),
    CONSTRAINT news_band_low_range_check CHECK (low BETWEEN -1000 AND 10000),
    CONSTRAINT news_band_high_range_check CHECK (high BETWEEN -1000 AND 10000),
    CONSTRAINT news_band_points_range_check CHECK (points BETWEEN 0 AND 3),
    CONSTRAINT news_band_one_line_check CHECK (concat_ws('', measure) !~ '[\u0001-\u001F\u007F]')
);

CREATE TABLE cru.tool_letter (
    tool_version INTEGER NOT NULL,
    letter TEXT NOT NULL,
    meaning TEXT NOT NULL,
    soon TEXT DEFAULT '' NOT NULL,
    goes_to TEXT DEFAULT '' NOT NULL,
    meanwhile TEXT DEFAULT '' NOT NULL,
    CONSTRAINT tool_letter_pkey PRIMARY KEY (tool_version, letter),
    CONSTRAINT tool_letter_tool_version_fkey FOREIGN KEY(tool_version) REFERENCES cru.screening_tool (version),
    CONSTRAINT tool_letter_tool_version_range_check CHECK (tool_version BETWEEN 0 AND 1000000),
    CONSTRAINT tool_letter_letter_length_check CHECK (char_length(letter) <= 60),
    CONSTRAINT tool_letter_letter_given_check CHECK (letter ~ '[^[:space:]]'),
    CONSTRAINT tool_letter_meaning_length_check CHECK (char_length(meaning) <= 500),
    CONSTRAINT tool_letter_soon_length_check CHECK (char_length(soon) <= 500),
    CONSTRAINT tool_letter_goes_to_length_check CHECK (char_length(goes_to) <= 500),
    CONSTRAINT tool_letter_meanwhile_length_check CHECK (char_length(meanwhile) <= 500),
    CONSTRAINT tool_letter_characters_check CHECK (concat_ws('', meaning, soon, goes_to, meanwhile) !~ '[\u0001-\u0008\u000E-\u001F\u007F]'),
    CONSTRAINT tool_letter_one_line_check CHECK (concat_ws('', letter) !~ '[\u0001-\u001F\u007F]')
);

CREATE TABLE cru.tool_branch (
    tool_version INTEGER NOT NULL,
    key TEXT NOT NULL,
    title TEXT NOT NULL,
    asked_when TEXT DEFAULT '' NOT NULL,
    CONSTRAINT tool_branch_pkey PRIMARY KEY (tool_version, key),
    CONSTRAINT tool_branch_tool_version_fkey FOREIGN KEY(tool_version) REFERENCES cru.screening_tool (version),
    CONSTRAINT tool_branch_tool_version_range_check CHECK (tool_version BETWEEN 0 AND 1000000),
    CONSTRAINT tool_branch_key_length_check CHECK (char_length(key) <= 60),
    CONSTRAINT tool_branch_key_given_check CHECK (key ~ '[^[:space:]]'),
    CONSTRAINT tool_branch_title_length_check CHECK (char_length(title) <= 200),
    CONSTRAINT tool_branch_asked_when_length_check CHECK (char_length(asked_when) <= 500),
    CONSTRAINT tool_branch_characters_check CHECK (concat_ws('', asked_when) !~ '[\u0001-\u0008\u000E-\u001F\u007F]'),
    CONSTRAINT tool_branch_one_line_check CHECK (concat_ws('', key, title) !~ '[\u0001-\u001F\u007F]')
);

CREATE TABLE cru.reading (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    referral_id UUID NOT NULL,
    tool_version INTEGER NOT NULL,
    text_digest TEXT NOT NULL,
    event_id BIGINT,
    found JSONB NOT NULL,
    read_by TEXT DEFAULT session_user NOT NULL,
    read_at TIMESTAMP WITH TIME ZONE DEFAULT cru.clock_now() NOT NULL,
    CONSTRAINT reading_pkey PRIMARY KEY (id),
    CONSTRAINT reading_referral_id_fkey FOREIGN KEY(referral_id) REFERENCES cru.referral (id),
    CONSTRAINT reading_tool_version_fkey FOREIGN KEY(tool_version) REFERENCES cru.screening_tool (version),
    CONSTRAINT reading_tool_version_range_check CHECK (tool_version BETWEEN 0 AND 1000000),
    CONSTRAINT reading_text_digest_length_check CHECK (char_length(text_digest) <= 64),
    CONSTRAINT reading_text_digest_given_check CHECK (text_digest ~ '[^[:space:]]'),
    CONSTRAINT reading_event_id_range_check CHECK (event_id BETWEEN 1 AND 9223372036854775807),
    CONSTRAINT reading_found_shape_check CHECK (cru.is_found(found)),
    CONSTRAINT reading_read_by_length_check CHECK (char_length(read_by) <= 200),
    CONSTRAINT reading_read_at_time_check CHECK (read_at >= '2000-01-01 00:00:00+00' AND read_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT reading_one_line_check CHECK (concat_ws('', text_digest, read_by) !~ '[\u0001-\u001F\u007F]')
);

CREATE INDEX reading_referral_id_idx ON cru.reading (referral_id);

CREATE TABLE cru.decision (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    referral_id UUID NOT NULL,
    kind TEXT NOT NULL,
    clinician TEXT NOT NULL,
    reason TEXT NOT NULL,
    covers TEXT[] NOT NULL,
    decided_by TEXT DEFAULT session_user NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE DEFAULT cru.clock_now() NOT NULL,
    taken_back_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT decision_pkey PRIMARY KEY (id),
    CONSTRAINT decision_kind_check CHECK (kind IN ('let on', 'looked at')),
    CONSTRAINT decision_referral_id_fkey FOREIGN KEY(referral_id) REFERENCES cru.referral (id),
    CONSTRAINT decision_clinician_length_check CHECK (char_length(clinician) <= 500),
    CONSTRAINT decision_clinician_given_check CHECK (clinician ~ '[^[:space:]]'),
    CONSTRAINT decision_reason_length_check CHECK (char_length(reason) <= 4000),
    CONSTRAINT decision_reason_given_check CHECK (reason ~ '[^[:space:]]'),
    CONSTRAINT decision_covers_list_check CHECK (coalesce(array_ndims(covers), 1) = 1 AND cardinality(covers) <= 50 AND array_position(covers, NULL) IS NULL AND char_length(array_to_string(covers, '')) <= 4000),
    CONSTRAINT decision_decided_by_length_check CHECK (char_length(decided_by) <= 200),
    CONSTRAINT decision_decided_at_time_check CHECK (decided_at >= '2000-01-01 00:00:00+00' AND decided_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT decision_taken_back_at_time_check CHECK (taken_back_at >= '2000-01-01 00:00:00+00' AND taken_back_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT decision_characters_check CHECK (concat_ws('', reason) !~ '[\u0001-\u0008\u000E-\u001F\u007F]'),
    CONSTRAINT decision_one_line_check CHECK (concat_ws('', clinician, covers, decided_by) !~ '[\u0001-\u001F\u007F]')
);

CREATE INDEX decision_referral_id_idx ON cru.decision (referral_id);

CREATE TABLE cru.danger (
    referral_id UUID NOT NULL,
    version BIGINT DEFAULT 1 NOT NULL,
    stands JSONB DEFAULT '[]' NOT NULL,
    decided JSONB DEFAULT '[]' NOT NULL,
    since_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT danger_pkey PRIMARY KEY (referral_id),
    CONSTRAINT danger_referral_id_fkey FOREIGN KEY(referral_id) REFERENCES cru.referral (id),
    CONSTRAINT danger_version_range_check CHECK (version BETWEEN 1 AND 9007199254740991),
    CONSTRAINT danger_stands_shape_check CHECK (cru.is_objects(stands)),
    CONSTRAINT danger_decided_shape_check CHECK (cru.is_objects(decided)),
    CONSTRAINT danger_since_at_time_check CHECK (since_at >= '2000-01-01 00:00:00+00' AND since_at < '2200-01-01 00:00:00+00')
);


-- What older tables gain.

ALTER TABLE cru.screening
    ADD COLUMN how JSONB DEFAULT '{}' NOT NULL,
    ADD COLUMN not_measured TEXT DEFAULT '' NOT NULL,
    DROP CONSTRAINT IF EXISTS screening_characters_check,
    ADD CONSTRAINT screening_how_shape_check CHECK (cru.is_how(how)),
    ADD CONSTRAINT screening_not_measured_length_check CHECK (char_length(not_measured) <= 500),
    ADD CONSTRAINT screening_characters_check CHECK (concat_ws('', not_measured, note, override_clinician, override_reason) !~ '[\u0001-\u0008\u000E-\u001F\u007F]');

ALTER TABLE cru.screening_item
    ADD COLUMN spoken TEXT DEFAULT '' NOT NULL,
    ADD COLUMN source TEXT DEFAULT '' NOT NULL,
    ADD COLUMN rationale TEXT DEFAULT '' NOT NULL,
    ADD COLUMN owner TEXT DEFAULT '' NOT NULL,
    ADD COLUMN review_on DATE,
    ADD COLUMN alone BOOLEAN DEFAULT false NOT NULL,
    ADD COLUMN no_override BOOLEAN DEFAULT false NOT NULL,
    ADD COLUMN branch TEXT DEFAULT '' NOT NULL,
    DROP CONSTRAINT IF EXISTS screening_item_watch_words_list_check,
    DROP CONSTRAINT IF EXISTS screening_item_characters_check,
    DROP CONSTRAINT IF EXISTS screening_item_one_line_check,
    ADD CONSTRAINT screening_item_spoken_length_check CHECK (char_length(spoken) <= 1000),
    ADD CONSTRAINT screening_item_source_length_check CHECK (char_length(source) <= 1000),
    ADD CONSTRAINT screening_item_rationale_length_check CHECK (char_length(rationale) <= 2000),
    ADD CONSTRAINT screening_item_owner_length_check CHECK (char_length(owner) <= 200),
    ADD CONSTRAINT screening_item_review_on_day_check CHECK (review_on BETWEEN '2000-01-01' AND '2199-12-31'),
    ADD CONSTRAINT screening_item_branch_length_check CHECK (char_length(branch) <= 60),
    ADD CONSTRAINT screening_item_watch_words_list_check CHECK (coalesce(array_ndims(watch_words), 1) = 1 AND cardinality(watch_words) <= 400 AND array_position(watch_words, NULL) IS NULL AND char_length(array_to_string(watch_words, '')) <= 20000),
    ADD CONSTRAINT screening_item_characters_check CHECK (concat_ws('', text, spoken, source, rationale) !~ '[\u0001-\u0008\u000E-\u001F\u007F]'),
    ADD CONSTRAINT screening_item_one_line_check CHECK (concat_ws('', key, section, watch_words, owner, branch) !~ '[\u0001-\u001F\u007F]');

ALTER TABLE cru.screening_tool
    ADD COLUMN title TEXT DEFAULT '' NOT NULL,
    ADD COLUMN author TEXT DEFAULT session_user NOT NULL,
    ADD COLUMN dated DATE DEFAULT CURRENT_DATE NOT NULL,
    DROP CONSTRAINT IF EXISTS screening_tool_one_line_check,
    ADD CONSTRAINT screening_tool_title_length_check CHECK (char_length(title) <= 200),
    ADD CONSTRAINT screening_tool_author_length_check CHECK (char_length(author) <= 200),
    ADD CONSTRAINT screening_tool_dated_day_check CHECK (dated BETWEEN '2000-01-01' AND '2199-12-31'),
    ADD CONSTRAINT screening_tool_one_line_check CHECK (concat_ws('', signed_by, title, author) !~ '[\u0001-\u001F\u007F]');

-- Every letter of the scale.
ALTER TABLE cru.referral DROP CONSTRAINT referral_triage_scale_check,
    ADD CONSTRAINT referral_triage_scale_check CHECK (triage_scale IN ('', 'A', 'B', 'C', 'D', 'E', 'F', 'G'));
