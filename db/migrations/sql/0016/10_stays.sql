-- Which van had a device, and when. A tablet that changes vans empties its buffer later: what it saw before belongs to the
-- van of then. The device has a key of its own, since its name may change; a stay keeps the name of then.

ALTER TABLE cru.device ADD COLUMN id UUID DEFAULT gen_random_uuid() NOT NULL,
    ADD CONSTRAINT device_id_key UNIQUE (id);

CREATE TABLE cru.device_stay (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    device UUID NOT NULL,
    name TEXT NOT NULL,
    van_id UUID NOT NULL,
    from_at TIMESTAMP WITH TIME ZONE DEFAULT cru.clock_now() NOT NULL,
    until_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT device_stay_pkey PRIMARY KEY (id),
    CONSTRAINT device_stay_device_fkey FOREIGN KEY (device) REFERENCES cru.device (id),
    CONSTRAINT device_stay_van_id_fkey FOREIGN KEY (van_id) REFERENCES cru.van (id),
    CONSTRAINT device_stay_ends_after_start_check CHECK (until_at >= from_at),
    CONSTRAINT device_stay_name_length_check CHECK (char_length(name) <= 200),
    CONSTRAINT device_stay_name_given_check CHECK (name ~ '[^[:space:]]'),
    CONSTRAINT device_stay_from_at_time_check CHECK (from_at >= '2000-01-01 00:00:00+00' AND from_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT device_stay_until_at_time_check CHECK (until_at >= '2000-01-01 00:00:00+00' AND until_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT device_stay_one_line_check CHECK (concat_ws('', name) !~ '[\u0001-\u001F\u007F]')
);
CREATE UNIQUE INDEX device_stay_one_open ON cru.device_stay (device) WHERE until_at IS NULL;
CREATE INDEX device_stay_device_from_at_idx ON cru.device_stay (device, from_at);

-- The device whose fix is shown; empty for a fix that named none.
ALTER TABLE cru.position ADD COLUMN device_name TEXT DEFAULT '' NOT NULL,
    ADD CONSTRAINT position_device_name_length_check CHECK (char_length(device_name) <= 200),
    DROP CONSTRAINT position_one_line_check,
    ADD CONSTRAINT position_one_line_check CHECK (concat_ws('', device_name, source) !~ '[\u0001-\u001F\u007F]');

INSERT INTO cru.device_stay (device, name, van_id, from_at, until_at)
SELECT id, device_id, van_id, least(dated::timestamp AT TIME ZONE 'Europe/London', cru.clock_now()),
    CASE WHEN NOT active THEN cru.clock_now() END FROM cru.device;

GRANT SELECT ON cru.device_stay TO cru_gateway, cru_shift_lead;
