-- Handing over the room: the shift log, and what one shift lead hands to the next. The program's own list of limits is
-- db/tables/bounds.py, and a test holds that the two say the same.

CREATE TABLE cru.shift_log (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    version BIGINT DEFAULT 1 NOT NULL,
    happened_at TIMESTAMP WITH TIME ZONE DEFAULT cru.clock_now() NOT NULL,
    words TEXT NOT NULL,
    referral_id UUID,
    van_id UUID,
    pass_on BOOLEAN DEFAULT false NOT NULL,
    corrects UUID,
    written_by TEXT DEFAULT session_user NOT NULL,
    written_at TIMESTAMP WITH TIME ZONE DEFAULT cru.clock_now() NOT NULL,
    taken_back_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT shift_log_pkey PRIMARY KEY (id),
    CONSTRAINT shift_log_corrects_key UNIQUE (corrects),
    CONSTRAINT shift_log_referral_id_fkey FOREIGN KEY(referral_id) REFERENCES cru.referral (id),
    CONSTRAINT shift_log_van_id_fkey FOREIGN KEY(van_id) REFERENCES cru.van (id),
    CONSTRAINT shift_log_corrects_fkey FOREIGN KEY(corrects) REFERENCES cru.shift_log (id),
    CONSTRAINT shift_log_version_range_check CHECK (version BETWEEN 1 AND 9007199254740991),
    CONSTRAINT shift_log_happened_at_time_check CHECK (happened_at >= '2000-01-01 00:00:00+00' AND happened_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT shift_log_words_length_check CHECK (char_length(words) <= 4000),
    CONSTRAINT shift_log_words_given_check CHECK (words ~ '[^[:space:]]'),
    CONSTRAINT shift_log_written_by_length_check CHECK (char_length(written_by) <= 200),
    CONSTRAINT shift_log_written_at_time_check CHECK (written_at >= '2000-01-01 00:00:00+00' AND written_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT shift_log_taken_back_at_time_check CHECK (taken_back_at >= '2000-01-01 00:00:00+00' AND taken_back_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT shift_log_characters_check CHECK (concat_ws('', words) !~ '[\u0001-\u0008\u000E-\u001F\u007F]'),
    CONSTRAINT shift_log_one_line_check CHECK (concat_ws('', written_by) !~ '[\u0001-\u001F\u007F]')
);

CREATE INDEX shift_log_written_at_idx ON cru.shift_log (written_at);
CREATE INDEX shift_log_referral_id_idx ON cru.shift_log (referral_id);
CREATE INDEX shift_log_van_id_idx ON cru.shift_log (van_id);

CREATE TABLE cru.shift_handover (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    version BIGINT DEFAULT 1 NOT NULL,
    since_at TIMESTAMP WITH TIME ZONE DEFAULT cru.clock_now() NOT NULL,
    notes TEXT DEFAULT '' NOT NULL,
    offered_by TEXT DEFAULT session_user NOT NULL,
    offered_at TIMESTAMP WITH TIME ZONE DEFAULT cru.clock_now() NOT NULL,
    taken_by TEXT DEFAULT '' NOT NULL,
    taken_at TIMESTAMP WITH TIME ZONE,
    withdrawn_by TEXT DEFAULT '' NOT NULL,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT shift_handover_pkey PRIMARY KEY (id),
    CONSTRAINT shift_handover_taken_by_somebody_check CHECK ((taken_at IS NULL) = (taken_by = '')),
    CONSTRAINT shift_handover_withdrawn_by_somebody_check CHECK ((withdrawn_at IS NULL) = (withdrawn_by = '')),
    CONSTRAINT shift_handover_taken_or_withdrawn_check CHECK (taken_at IS NULL OR withdrawn_at IS NULL),
    CONSTRAINT shift_handover_version_range_check CHECK (version BETWEEN 1 AND 9007199254740991),
    CONSTRAINT shift_handover_since_at_time_check CHECK (since_at >= '2000-01-01 00:00:00+00' AND since_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT shift_handover_notes_length_check CHECK (char_length(notes) <= 8000),
    CONSTRAINT shift_handover_offered_by_length_check CHECK (char_length(offered_by) <= 200),
    CONSTRAINT shift_handover_offered_at_time_check CHECK (offered_at >= '2000-01-01 00:00:00+00' AND offered_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT shift_handover_taken_by_length_check CHECK (char_length(taken_by) <= 200),
    CONSTRAINT shift_handover_taken_at_time_check CHECK (taken_at >= '2000-01-01 00:00:00+00' AND taken_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT shift_handover_withdrawn_by_length_check CHECK (char_length(withdrawn_by) <= 200),
    CONSTRAINT shift_handover_withdrawn_at_time_check CHECK (withdrawn_at >= '2000-01-01 00:00:00+00' AND withdrawn_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT shift_handover_characters_check CHECK (concat_ws('', notes) !~ '[\u0001-\u0008\u000E-\u001F\u007F]'),
    CONSTRAINT shift_handover_one_line_check CHECK (concat_ws('', offered_by, taken_by, withdrawn_by) !~ '[\u0001-\u001F\u007F]')
);

CREATE INDEX shift_handover_offered_at_idx ON cru.shift_handover (offered_at);
CREATE UNIQUE INDEX shift_handover_one_offered ON cru.shift_handover ((true)) WHERE taken_at IS NULL AND withdrawn_at IS NULL;

CREATE TABLE cru.shift_handover_item (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    version BIGINT DEFAULT 1 NOT NULL,
    shift_handover_id UUID NOT NULL,
    rank INTEGER NOT NULL,
    kind TEXT NOT NULL,
    words TEXT NOT NULL,
    referral_id UUID,
    van_id UUID,
    due_at TIMESTAMP WITH TIME ZONE,
    is_risk BOOLEAN DEFAULT false NOT NULL,
    signed_by TEXT DEFAULT '' NOT NULL,
    signed_at TIMESTAMP WITH TIME ZONE,
    remark TEXT DEFAULT '' NOT NULL,
    CONSTRAINT shift_handover_item_pkey PRIMARY KEY (id),
    CONSTRAINT shift_handover_item_kind_check CHECK (kind IN ('person', 'call', 'ending', 'safety', 'alarm', 'van', 'crew', 'times', 'log')),
    CONSTRAINT shift_handover_item_signed_by_somebody_check CHECK ((signed_at IS NULL) = (signed_by = '')),
    CONSTRAINT shift_handover_item_remark_of_who_signed_check CHECK (remark = '' OR signed_at IS NOT NULL),
    CONSTRAINT shift_handover_item_shift_handover_id_rank_key UNIQUE (shift_handover_id, rank),
    CONSTRAINT shift_handover_item_shift_handover_id_fkey FOREIGN KEY(shift_handover_id) REFERENCES cru.shift_handover (id),
    CONSTRAINT shift_handover_item_referral_id_fkey FOREIGN KEY(referral_id) REFERENCES cru.referral (id),
    CONSTRAINT shift_handover_item_van_id_fkey FOREIGN KEY(van_id) REFERENCES cru.van (id),
    CONSTRAINT shift_handover_item_version_range_check CHECK (version BETWEEN 1 AND 9007199254740991),
    CONSTRAINT shift_handover_item_rank_range_check CHECK (rank BETWEEN 1 AND 10000),
    CONSTRAINT shift_handover_item_words_length_check CHECK (char_length(words) <= 4000),
    CONSTRAINT shift_handover_item_words_given_check CHECK (words ~ '[^[:space:]]'),
    CONSTRAINT shift_handover_item_due_at_time_check CHECK (due_at >= '2000-01-01 00:00:00+00' AND due_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT shift_handover_item_signed_by_length_check CHECK (char_length(signed_by) <= 200),
    CONSTRAINT shift_handover_item_signed_at_time_check CHECK (signed_at >= '2000-01-01 00:00:00+00' AND signed_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT shift_handover_item_remark_length_check CHECK (char_length(remark) <= 2000),
    CONSTRAINT shift_handover_item_characters_check CHECK (concat_ws('', words, remark) !~ '[\u0001-\u0008\u000E-\u001F\u007F]'),
    CONSTRAINT shift_handover_item_one_line_check CHECK (concat_ws('', signed_by) !~ '[\u0001-\u001F\u007F]')
);
