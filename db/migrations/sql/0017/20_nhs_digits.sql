-- Ten times one digit passes the check and is nobody's number: two people of whom it was typed are not one.
CREATE OR REPLACE FUNCTION cru.nhs_digits(typed text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT CASE WHEN d ~ '^[0-9]{10}$' AND d !~ '^(.)\1{9}$' AND (SELECT (11 - sum(substr(d, n, 1)::int * (11 - n)) % 11) % 11
            FROM generate_series(1, 9) n) = substr(d, 10, 1)::int THEN d END
    FROM (SELECT regexp_replace(typed, '[[:space:]-]', '', 'g') AS d) t
$$;
REINDEX INDEX cru.referral_nhs_digits_idx;
