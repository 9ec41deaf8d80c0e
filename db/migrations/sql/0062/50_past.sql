-- Who was here before is told to nobody by a question that leaves no trace: not by a number of rows, by an id or by a time either,
-- asked in a transaction that is then undone, of a referral that was made up in it.

-- Of a person only what is in sight, or was opened in a transaction before.
CREATE OR REPLACE FUNCTION cru.referrals_of_person(the_referral uuid) RETURNS TABLE (referral_id uuid, reference text, received_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp ROWS 5 AS $$
    WITH theirs AS MATERIALIZED (SELECT ARRAY(SELECT same_person_as(the_referral)) AS ids),
    hidden AS MATERIALIZED (SELECT out_of_sight(ids) AS ids FROM theirs)
    SELECT r.id, r.reference, r.received_at FROM referral r WHERE r.id = ANY ((SELECT ids FROM theirs)::uuid[])
        AND r.id <> ALL ((SELECT ids FROM hidden)::uuid[]) ORDER BY r.received_at, r.id
$$;

-- All that is theirs, opened to whoever asks for it; it is told in the transactions that follow.
CREATE FUNCTION cru.open_person(the_referral uuid, the_why text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    theirs uuid[];
BEGIN
    IF the_why !~ '^[A-Za-z ]{1,40}$' OR look_kind(the_why) <> 'opened' THEN
        PERFORM refuse('What a record is opened for is said in letters.', '', 'CR002');
    END IF;
    PERFORM pg_current_xact_id();
    theirs := not_in_sight(ARRAY(SELECT same_person_as(the_referral)));
    IF cardinality(theirs) > 0 THEN
        PERFORM note_look(the_why, NULL, NULL, theirs);
    END IF;
END $$;
REVOKE ALL ON FUNCTION cru.open_person(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.open_person(uuid, text) TO cru_dispatcher;

-- A look that finds nobody is a look: whoever guesses at numbers is seen, and stopped at ten times as many.
CREATE OR REPLACE FUNCTION cru.may_look(the_why text, more integer) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = cru, pg_temp AS $$
DECLARE
    most record := looks_an_hour(look_kind(the_why));
BEGIN
    RETURN (SELECT count(*) FILTER (WHERE l.why <> 'alike' OR cardinality(l.referrals) > 0) < most.looks AND count(*) < 10 * most.looks
            AND coalesce(sum(cardinality(l.referrals)), 0) + more <= most.referrals
        FROM look l
        WHERE l.looked_by = session_user AND l.looked_at > clock_now() - interval '1 hour' AND look_kind(l.why) = look_kind(the_why));
END $$;

-- What a login opened is told to nobody in the transaction that opened it, so that none is undone once it was read.
CREATE POLICY stands ON cru.look USING (xid IS DISTINCT FROM (SELECT (pg_current_xact_id_if_assigned())::text::bigint));
ALTER TABLE cru.look ENABLE ROW LEVEL SECURITY;

-- What whoever goes there must know is told of anybody: what is in force, and was lately. Of the rest, which is past, what was opened.
CREATE OR REPLACE FUNCTION cru.flags_ever_of(the_referrals uuid[]) RETURNS TABLE (flag_id uuid, referral_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp ROWS 3 AS $$
    SELECT e.id, e.of_it FROM (
        SELECT f.id, f.referral_id AS of_it FROM flag f WHERE f.referral_id = ANY (the_referrals)
        UNION
        SELECT f.id, r FROM unnest(the_referrals) AS r CROSS JOIN LATERAL same_person_as(r) AS s
            JOIN flag f ON f.referral_id = s WHERE f.subject = 'person'
        UNION
        SELECT f.id, r.id FROM referral r JOIN flag f ON f.address_key = cru.address_key(r.postcode, r.location_text)
            WHERE r.id = ANY (the_referrals) AND f.subject = 'address' AND f.address_key <> '') e
    JOIN flag k ON k.id = e.id
    WHERE k.withdrawn_at IS NULL AND k.taken_back_at IS NULL AND k.expires_at > clock_now() - interval '93 days'
        OR k.added_at > statement_timestamp() - interval '72 hours' OR may_tell(k.referral_id)
$$;
