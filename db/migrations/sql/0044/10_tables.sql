-- A backup, or the proof that a record comes out of one. The program's own list of limits is db/tables/bounds.py, and a
-- test holds that the two say the same.
CREATE TABLE cru.backup (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    what TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    made_by TEXT DEFAULT session_user NOT NULL,
    worked BOOLEAN NOT NULL,
    of_at TIMESTAMP WITH TIME ZONE,
    row_count BIGINT DEFAULT 0 NOT NULL,
    took_seconds DOUBLE PRECISION DEFAULT 0 NOT NULL,
    CONSTRAINT backup_pkey PRIMARY KEY (id),
    CONSTRAINT backup_what_check CHECK (what IN ('backup', 'drill')),
    CONSTRAINT backup_made_at_time_check CHECK (made_at >= '2000-01-01 00:00:00+00' AND made_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT backup_made_by_length_check CHECK (char_length(made_by) <= 200),
    CONSTRAINT backup_of_at_time_check CHECK (of_at >= '2000-01-01 00:00:00+00' AND of_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT backup_row_count_range_check CHECK (row_count BETWEEN 0 AND 9007199254740991),
    CONSTRAINT backup_took_seconds_range_check CHECK (took_seconds BETWEEN 0 AND 10000000),
    CONSTRAINT backup_one_line_check CHECK (concat_ws('', made_by) !~ '[\u0001-\u001F\u007F]')
);
