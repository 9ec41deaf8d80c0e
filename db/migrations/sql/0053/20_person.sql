-- The person of a referral: all that is theirs, and how long it is kept.

CREATE FUNCTION cru.referrals_of_person(the_referral uuid) RETURNS TABLE (referral_id uuid, reference text, received_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp ROWS 5 AS $$
    SELECT r.id, r.reference, r.received_at FROM same_person_as(the_referral) s JOIN referral r ON r.id = s ORDER BY r.received_at, r.id
$$;

-- Whether somebody asked for a copy or a correction and was not answered yet.
CREATE FUNCTION cru.waits_for_answer(the_ids uuid[]) RETURNS boolean
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT EXISTS (SELECT FROM person_request WHERE referral_id = ANY (the_ids) AND state = 'open' AND kind <> 'erasing')
$$;

-- Until when the rule keeps them: with when anybody last had to do with them, null while something is open; and whether something
-- is asked that is not answered yet, since nobody is erased who waits for a copy or a correction.
CREATE FUNCTION cru.kept_until(the_referral uuid) RETURNS TABLE (last_contact_at timestamptz, until_at timestamptz, is_erased boolean,
    is_asked boolean, years double precision, set_by text, set_on date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp ROWS 1 AS $$
    WITH theirs AS MATERIALIZED (
        SELECT coalesce(array_agg(r.id), '{}') AS ids FROM same_person_as(the_referral) s JOIN referral r ON r.id = s
        WHERE r.erased_at IS NULL),
    found AS MATERIALIZED (SELECT ids, CASE WHEN cardinality(ids) > 0 THEN cru.last_contact(ids) END AS last_at FROM theirs)
    SELECT f.last_at, f.last_at + keep_people(), cardinality(f.ids) = 0, waits_for_answer(f.ids),
        extract(epoch FROM keep_people()) / 86400 / 365.25, coalesce(name_of(k.author), ''), k.dated
    FROM found f LEFT JOIN rule k ON k.name = 'keep_people' AND k.unit = 'years' AND k.active
$$;

REVOKE ALL ON FUNCTION cru.referrals_of_person(uuid), cru.kept_until(uuid), cru.waits_for_answer(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.referrals_of_person(uuid), cru.kept_until(uuid) TO cru_dispatcher;
