-- How long something took that is put down; NaN where its end lies before its beginning, as after a clock was set back: then
-- nobody knows, until somebody amends one of the two.
CREATE FUNCTION cru.length_of(earlier timestamptz, later timestamptz) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN later < earlier THEN 'NaN' ELSE cru.minutes_between(earlier, later) END;
REVOKE ALL ON FUNCTION cru.length_of(timestamptz, timestamptz) FROM PUBLIC;
