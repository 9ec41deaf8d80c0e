-- Shifts to come, who is to ride on them, and how many vans are wanted at which hour. The program's own list of limits is
-- db/tables/bounds.py, and a test holds that the two say the same.

CREATE TABLE cru.planned_shift (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    version BIGINT DEFAULT 1 NOT NULL,
    van_id UUID NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
    note TEXT DEFAULT '' NOT NULL,
    made_by TEXT DEFAULT session_user NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT cru.clock_now() NOT NULL,
    changed_by TEXT DEFAULT session_user NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT cru.clock_now() NOT NULL,
    cancelled_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT planned_shift_pkey PRIMARY KEY (id),
    CONSTRAINT planned_shift_ends_after_start_check CHECK (ends_at > starts_at),
    CONSTRAINT planned_shift_van_id_fkey FOREIGN KEY(van_id) REFERENCES cru.van (id),
    CONSTRAINT planned_shift_version_range_check CHECK (version BETWEEN 1 AND 9007199254740991),
    CONSTRAINT planned_shift_starts_at_time_check CHECK (starts_at >= '2000-01-01 00:00:00+00' AND starts_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT planned_shift_ends_at_time_check CHECK (ends_at >= '2000-01-01 00:00:00+00' AND ends_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT planned_shift_note_length_check CHECK (char_length(note) <= 4000),
    CONSTRAINT planned_shift_made_by_length_check CHECK (char_length(made_by) <= 200),
    CONSTRAINT planned_shift_made_at_time_check CHECK (made_at >= '2000-01-01 00:00:00+00' AND made_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT planned_shift_changed_by_length_check CHECK (char_length(changed_by) <= 200),
    CONSTRAINT planned_shift_changed_at_time_check CHECK (changed_at >= '2000-01-01 00:00:00+00' AND changed_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT planned_shift_cancelled_at_time_check CHECK (cancelled_at >= '2000-01-01 00:00:00+00' AND cancelled_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT planned_shift_characters_check CHECK (concat_ws('', note) !~ '[\u0001-\u0008\u000E-\u001F\u007F]'),
    CONSTRAINT planned_shift_one_line_check CHECK (concat_ws('', made_by, changed_by) !~ '[\u0001-\u001F\u007F]')
);
CREATE INDEX planned_shift_van_id_starts_at_idx ON cru.planned_shift (van_id, starts_at);
CREATE INDEX planned_shift_ends_at_idx ON cru.planned_shift (ends_at);

-- A ride without times of its own is the whole shift, and moves with it.
CREATE TABLE cru.planned_ride (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    planned_shift_id UUID NOT NULL,
    staff_id UUID NOT NULL,
    from_at TIMESTAMP WITH TIME ZONE,
    until_at TIMESTAMP WITH TIME ZONE,
    off_at TIMESTAMP WITH TIME ZONE,
    off_reason TEXT DEFAULT '' NOT NULL,
    CONSTRAINT planned_ride_pkey PRIMARY KEY (id),
    CONSTRAINT planned_ride_from_before_until_check CHECK (from_at < until_at),
    CONSTRAINT planned_ride_planned_shift_id_fkey FOREIGN KEY(planned_shift_id) REFERENCES cru.planned_shift (id),
    CONSTRAINT planned_ride_staff_id_fkey FOREIGN KEY(staff_id) REFERENCES cru.staff (id),
    CONSTRAINT planned_ride_from_at_time_check CHECK (from_at >= '2000-01-01 00:00:00+00' AND from_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT planned_ride_until_at_time_check CHECK (until_at >= '2000-01-01 00:00:00+00' AND until_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT planned_ride_off_at_time_check CHECK (off_at >= '2000-01-01 00:00:00+00' AND off_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT planned_ride_off_reason_length_check CHECK (char_length(off_reason) <= 2000),
    CONSTRAINT planned_ride_characters_check CHECK (concat_ws('', off_reason) !~ '[\u0001-\u0008\u000E-\u001F\u007F]')
);
CREATE INDEX planned_ride_planned_shift_id_idx ON cru.planned_ride (planned_shift_id);
CREATE INDEX planned_ride_staff_id_idx ON cru.planned_ride (staff_id);

-- From this hour of this day of the week on (Monday is 1, London time) so many vans are wanted, until the next row.
CREATE TABLE cru.cover_wanted (
    weekday INTEGER NOT NULL,
    from_hour INTEGER NOT NULL,
    vans INTEGER NOT NULL,
    active BOOLEAN DEFAULT true NOT NULL,
    author TEXT DEFAULT session_user NOT NULL,
    dated DATE DEFAULT CURRENT_DATE NOT NULL,
    CONSTRAINT cover_wanted_pkey PRIMARY KEY (weekday, from_hour),
    CONSTRAINT cover_wanted_weekday_range_check CHECK (weekday BETWEEN 1 AND 7),
    CONSTRAINT cover_wanted_from_hour_range_check CHECK (from_hour BETWEEN 0 AND 23),
    CONSTRAINT cover_wanted_vans_range_check CHECK (vans BETWEEN 0 AND 1000),
    CONSTRAINT cover_wanted_author_length_check CHECK (char_length(author) <= 200),
    CONSTRAINT cover_wanted_dated_day_check CHECK (dated BETWEEN '2000-01-01' AND '2199-12-31'),
    CONSTRAINT cover_wanted_one_line_check CHECK (concat_ws('', author) !~ '[\u0001-\u001F\u007F]')
);

-- Who rides, from when until when. Whoever rode until now did so from the start of the shift.
ALTER TABLE cru.shift_member ADD COLUMN from_at timestamptz, ADD COLUMN until_at timestamptz,
    ADD COLUMN left_reason text NOT NULL DEFAULT '';
ALTER TABLE cru.shift_member DISABLE TRIGGER USER;
UPDATE cru.shift_member m SET from_at = s.started_at FROM cru.shift s WHERE s.id = m.shift_id;
ALTER TABLE cru.shift_member ENABLE TRIGGER USER;
ALTER TABLE cru.shift_member ALTER COLUMN from_at SET NOT NULL, ALTER COLUMN from_at SET DEFAULT cru.clock_now(),
    DROP CONSTRAINT shift_member_pkey,
    ADD CONSTRAINT shift_member_pkey PRIMARY KEY (shift_id, staff_id, from_at),
    ADD CONSTRAINT shift_member_leaves_after_joining_check CHECK (until_at >= from_at),
    ADD CONSTRAINT shift_member_from_at_time_check CHECK (from_at >= '2000-01-01 00:00:00+00' AND from_at < '2200-01-01 00:00:00+00'),
    ADD CONSTRAINT shift_member_until_at_time_check CHECK (until_at >= '2000-01-01 00:00:00+00' AND until_at < '2200-01-01 00:00:00+00'),
    ADD CONSTRAINT shift_member_left_reason_length_check CHECK (char_length(left_reason) <= 2000),
    ADD CONSTRAINT shift_member_characters_check CHECK (concat_ws('', left_reason) !~ '[\u0001-\u0008\u000E-\u001F\u007F]');
CREATE UNIQUE INDEX shift_member_rides_once ON cru.shift_member (shift_id, staff_id) WHERE until_at IS NULL;
CREATE INDEX shift_member_staff_id_idx ON cru.shift_member (staff_id) WHERE until_at IS NULL;

CREATE INDEX event_named_idx ON cru.event (happened_at) WHERE detail ? 'callsign' OR detail ? 'name';

INSERT INTO cru.rule (name, value, unit, meaning, author)
SELECT name, value, unit, meaning, 'default set' FROM (VALUES
    ('shift_most', 24, 'hours', 'How long a shift may be at most'),
    ('rest_least', 11, 'hours', 'How long somebody rests at least between two shifts before the rota says so')
) AS v(name, value, unit, meaning) WHERE EXISTS (SELECT FROM cru.service);
INSERT INTO cru.cover_wanted (weekday, from_hour, vans, author)
SELECT d, h, CASE h WHEN 7 THEN 3 ELSE 2 END, 'default set' FROM generate_series(1, 7) d, unnest('{7,19}'::int[]) h
WHERE EXISTS (SELECT FROM cru.service);
