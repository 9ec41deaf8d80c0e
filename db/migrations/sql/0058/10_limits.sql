-- How often one login opens what is past within an hour: rows that a trust sets, within bounds. Each is more than three times
-- what a busy desk needs, and its least is what a busy desk needs.
ALTER TABLE cru.rule DROP CONSTRAINT rule_unit_check;
ALTER TABLE cru.rule ADD CONSTRAINT rule_unit_check CHECK (unit IN ('share', 'minutes', 'hours', 'people', 'yes or no', 'seconds',
    'metres', 'minutes of travel', 'years', 'times an hour'));

INSERT INTO cru.rule (name, value, unit, meaning, author)
SELECT name, value, 'times an hour', meaning, 'default set' FROM (VALUES
    ('looks_opened', 240, 'How often one person may open what is past: a record, a night, a list, a command about it'),
    ('looks_alike', 240, 'How often people of the past are opened to one person who types a call'),
    ('looks_known', 480, 'How often what is known of the past is opened to one person beside a referral that is here'),
    ('looks_search', 240, 'How often one person may look something up')
) AS v(name, value, meaning) WHERE EXISTS (SELECT FROM cru.service);

-- What is opened by typing a call, or beside a referral that is here, is counted apart: neither takes from what a person opens.
CREATE FUNCTION cru.look_kind(the_why text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT CASE WHEN the_why IN ('alike', 'known', 'search') THEN the_why ELSE 'opened' END
$$;

-- So many of a kind in an hour, and so many referrals by them.
DROP FUNCTION cru.looks_an_hour();
CREATE FUNCTION cru.looks_an_hour(the_kind text, OUT looks integer, OUT referrals integer)
LANGUAGE plpgsql STABLE SET search_path = cru, pg_temp AS $$
BEGIN
    looks := coalesce((SELECT r.value::integer FROM rule r WHERE r.name = 'looks_' || the_kind AND r.unit = 'times an hour' AND r.active),
        CASE the_kind WHEN 'known' THEN 480 ELSE 240 END);
    referrals := looks * 25 / 2;
END $$;

-- Whether whoever asks may open so many more now.
CREATE FUNCTION cru.may_look(the_why text, more integer) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = cru, pg_temp AS $$
DECLARE
    most record := looks_an_hour(look_kind(the_why));
BEGIN
    RETURN (SELECT count(*) < most.looks AND coalesce(sum(cardinality(l.referrals)), 0) + more <= most.referrals FROM look l
        WHERE l.looked_by = session_user AND l.looked_at > clock_now() - interval '1 hour' AND look_kind(l.why) = look_kind(the_why));
END $$;

-- Those that a function which sees everything may not tell whoever asks of. The owner's tools are told of all.
CREATE FUNCTION cru.out_of_sight(theirs uuid[]) RETURNS uuid[]
LANGUAGE plpgsql STABLE SET search_path = cru, pg_temp AS $$
BEGIN
    IF pg_has_role(session_user, (SELECT relowner FROM pg_class WHERE oid = 'cru.referral'::regclass), 'MEMBER') THEN
        RETURN '{}';
    END IF;
    RETURN ARRAY(SELECT t FROM unnest(theirs) AS t WHERE NOT sees(t));
END $$;

REVOKE ALL ON FUNCTION cru.look_kind(text), cru.looks_an_hour(text), cru.may_look(text, integer), cru.out_of_sight(uuid[]) FROM PUBLIC;
