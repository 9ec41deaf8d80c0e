-- In which tenth of neighbourhoods by deprivation somebody is, by their postcode: the owner loads the government's list, and
-- a dispatcher may say it. For measures alone: nothing is decided by it.

CREATE TABLE cru.neighbourhood (
    area TEXT NOT NULL,
    tenth SMALLINT NOT NULL,
    source TEXT NOT NULL,
    loaded_by TEXT DEFAULT session_user NOT NULL,
    loaded_at TIMESTAMP WITH TIME ZONE DEFAULT cru.clock_now() NOT NULL,
    CONSTRAINT neighbourhood_pkey PRIMARY KEY (area),
    CONSTRAINT neighbourhood_area_is_a_postcode_check CHECK (area ~ '^[A-Z]{1,2}[0-9][A-Z0-9]?([0-9][A-Z]{2})?$'),
    CONSTRAINT neighbourhood_area_length_check CHECK (char_length(area) <= 40),
    CONSTRAINT neighbourhood_tenth_range_check CHECK (tenth BETWEEN 1 AND 10),
    CONSTRAINT neighbourhood_source_length_check CHECK (char_length(source) <= 500),
    CONSTRAINT neighbourhood_source_given_check CHECK (source ~ '[^[:space:]]'),
    CONSTRAINT neighbourhood_loaded_by_length_check CHECK (char_length(loaded_by) <= 200),
    CONSTRAINT neighbourhood_loaded_at_time_check CHECK (loaded_at >= '2000-01-01 00:00:00+00' AND loaded_at < '2200-01-01 00:00:00+00'),
    CONSTRAINT neighbourhood_characters_check CHECK (concat_ws('', source) !~ '[\u0001-\u0008\u000E-\u001F\u007F]'),
    CONSTRAINT neighbourhood_one_line_check CHECK (concat_ws('', area, loaded_by) !~ '[\u0001-\u001F\u007F]')
);

-- The whole postcode counts for more than its first half; null where neither is listed.
CREATE FUNCTION cru.tenth_of(the_postcode text) RETURNS smallint
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT n.tenth FROM (SELECT upper(regexp_replace(coalesce(the_postcode, ''), '[^A-Za-z0-9]', '', 'g')) AS whole) p
    JOIN neighbourhood n ON n.area IN (p.whole, CASE WHEN p.whole ~ '[0-9][A-Z]{2}$' THEN left(p.whole, -3) END)
    ORDER BY char_length(n.area) DESC LIMIT 1
$$;

-- A postcode brings its tenth. What somebody said stays until there is another postcode.
CREATE FUNCTION cru.fill_deprivation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    NEW.deprivation := CASE WHEN TG_OP = 'INSERT' THEN coalesce(NEW.deprivation, tenth_of(NEW.postcode))
        ELSE tenth_of(NEW.postcode) END;
    RETURN NEW;
END $$;

CREATE TRIGGER fill_deprivation BEFORE INSERT ON cru.referral FOR EACH ROW
    WHEN (NOT cru.is_being_restored('referral', NEW.id)) EXECUTE FUNCTION cru.fill_deprivation();
CREATE TRIGGER fill_deprivation_anew BEFORE UPDATE OF postcode ON cru.referral FOR EACH ROW
    WHEN (upper(replace(NEW.postcode, ' ', '')) <> upper(replace(OLD.postcode, ' ', ''))
          AND NOT cru.is_being_restored('referral', NEW.id))
    EXECUTE FUNCTION cru.fill_deprivation();

REVOKE ALL ON FUNCTION cru.tenth_of(text), cru.fill_deprivation() FROM PUBLIC;
GRANT SELECT ON cru.neighbourhood TO cru_dispatcher;
