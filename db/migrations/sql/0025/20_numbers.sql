-- Numbers that stood in the program, as rows like the others.
ALTER TABLE cru.rule DROP CONSTRAINT rule_unit_check, DROP CONSTRAINT rule_value_counts_check;
ALTER TABLE cru.rule
    ADD CONSTRAINT rule_unit_check CHECK (unit IN ('share', 'minutes', 'hours', 'people', 'yes or no', 'seconds', 'metres', 'minutes of travel')),
    ADD CONSTRAINT rule_value_counts_check CHECK ((value > 0 OR unit IN ('people', 'yes or no', 'minutes of travel')) AND (unit NOT IN ('share', 'yes or no') OR value <= 1));

CREATE OR REPLACE FUNCTION cru.rule_bounds(the_name text, the_unit text, OUT low double precision, OUT high double precision)
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT b.low * u.minute, b.high * u.minute
    FROM (VALUES ('due_soon', 'share', 0.1, 1), ('no_van', 'time', 1, 120), ('long_handover', 'time', 1, 480),
        ('lost_fix', 'time', 1, 120), ('shift_end', 'time', 1, 480), ('assumed_handover', 'time', 1, 480),
        ('assumed_visit', 'time', 5, 1440), ('ended_lanes', 'time', 10, 2880), ('registered_least', 'people', 0, 10),
        ('registered_binds', 'yes or no', 0, 1), ('shift_most', 'time', 60, 2880), ('rest_least', 'time', 60, 2880),
        ('assumed_without', 'time', 5, 1440), ('stale_fix', 'time', 0.5, 30), ('lost_van', 'time', 1, 120), ('ended_board', 'time', 30, 2880),
        ('longest_hold', 'time', 60, 20160), ('arrives_within', 'metres', 20, 500), ('leaves_beyond', 'metres', 100, 2000),
        ('arrives_silent', 'time', 0.1, 10), ('weigh_fix_after', 'time', 1, 120), ('weigh_shift_left', 'time', 5, 720),
        ('weigh_meal_within', 'time', 1, 240), ('weigh_cover_over', 'time', 5, 240),
        ('weigh_old_fix', 'minutes of travel', 0, 120), ('weigh_no_fix', 'minutes of travel', 0, 120),
        ('weigh_short_shift', 'minutes of travel', 0, 120), ('weigh_meal', 'minutes of travel', 0, 120),
        ('weigh_livery', 'minutes of travel', 0, 120), ('gain_livery', 'minutes of travel', 0, 120),
        ('weigh_safer', 'minutes of travel', 0, 120), ('gain_safer', 'minutes of travel', 0, 120),
        ('weigh_language', 'minutes of travel', 0, 120), ('gain_language', 'minutes of travel', 0, 120),
        ('weigh_equipment', 'minutes of travel', 0, 120), ('weigh_alone', 'minutes of travel', 0, 120),
        ('weigh_last_van', 'minutes of travel', 0, 120), ('weigh_cover', 'minutes of travel', 0, 120)
    ) AS b (name, kind, low, high)
    JOIN (VALUES ('minutes', 'time', 1.0::double precision), ('hours', 'time', 1 / 60.0::double precision), ('seconds', 'time', 60.0),
        ('share', 'share', 1), ('people', 'people', 1), ('yes or no', 'yes or no', 1), ('metres', 'metres', 1),
        ('minutes of travel', 'minutes of travel', 1)) AS u (unit, kind, minute) ON u.kind = b.kind
    WHERE b.name = the_name AND u.unit = the_unit
$$;

-- Some mean something only beside another.
CREATE FUNCTION cru.guard_setting_pairs() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF rule_number('leaves_beyond', 'metres', 200) < rule_number('arrives_within', 'metres', 80) + 50 THEN
        PERFORM refuse('A van leaves at least 50 metres beyond where it arrives, or drift would do both in turns.',
            'Set the other one first.');
    ELSIF rule_span('lost_van', '5 minutes') < rule_span('stale_fix', '2 minutes') THEN
        PERFORM refuse('A van is lost no sooner than its fix is old.', 'Set the other one first.');
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION cru.rule_number(the_name text, the_unit text, otherwise double precision) RETURNS double precision
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    SELECT coalesce((SELECT value FROM rule WHERE name = the_name AND unit = the_unit AND active), otherwise)
$$;

-- A length of time, whatever its unit.
CREATE FUNCTION cru.rule_span(the_name text, otherwise interval) RETURNS interval
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    SELECT coalesce((SELECT value * CASE unit WHEN 'hours' THEN interval '1 hour' WHEN 'seconds' THEN interval '1 second'
            ELSE interval '1 minute' END
        FROM rule WHERE name = the_name AND unit IN ('seconds', 'minutes', 'hours') AND active), otherwise)
$$;

CREATE TRIGGER pairs AFTER INSERT OR UPDATE ON cru.rule FOR EACH ROW
    WHEN (NEW.name IN ('arrives_within', 'leaves_beyond', 'stale_fix', 'lost_van'))
    EXECUTE FUNCTION cru.guard_setting_pairs();

CREATE OR REPLACE FUNCTION cru.bound_hold() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    most interval := rule_span('longest_hold', '7 days');
BEGIN
    -- A hold brings a referral back by itself. One without end would be a person forgotten.
    IF NEW.hold_until IS DISTINCT FROM OLD.hold_until AND NEW.hold_until > clock_now() + most THEN
        PERFORM refuse(format('A referral rests for at most %s.', CASE WHEN most >= interval '48 hours'
            THEN round(extract(epoch FROM most) / 86400, 1)::float || ' days'
            ELSE round(extract(epoch FROM most) / 3600, 1)::float || ' hours' END),
            'Choose an earlier time, or end the referral.');
    END IF;
    RETURN NEW;
END $$;

-- The measures go by the same age of a fix as the map does. What is settled stays as it was worked out.
CREATE OR REPLACE FUNCTION cru.stale_after() RETURNS interval
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$ SELECT rule_span('stale_fix', '2 minutes') $$;

REVOKE ALL ON FUNCTION cru.rule_number(text, text, double precision), cru.rule_span(text, interval),
    cru.guard_setting_pairs() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.rule_span(text, interval) TO cru_viewer, cru_dispatcher;

INSERT INTO cru.rule (name, value, unit, meaning, author)
SELECT name, value, unit, meaning, 'default set' FROM (VALUES
    ('stale_fix', 2, 'minutes', 'How old a fix may be before it says where a van was and not where it is'),
    ('lost_van', 5, 'minutes', 'How old the last fix may be before a van is called lost'),
    ('ended_board', 12, 'hours', 'How long the board shows a referral after it was closed'),
    ('longest_hold', 168, 'hours', 'How long a referral may rest at most'),
    ('arrives_within', 80, 'metres', 'How near to the scene a van has arrived'),
    ('leaves_beyond', 200, 'metres', 'How far from the scene a van has left'),
    ('arrives_silent', 20, 'seconds', 'How long a van that stands at the scene is silent before it counts as arrived'),
    ('weigh_fix_after', 10, 'minutes', 'How old a fix may be before it speaks against a van'),
    ('weigh_old_fix', 5, 'minutes of travel', 'How much an old fix speaks against a van'),
    ('weigh_no_fix', 10, 'minutes of travel', 'How much it speaks against a van that it has no fix'),
    ('weigh_shift_left', 90, 'minutes', 'How much of its shift a van needs before the end of it speaks against it'),
    ('weigh_short_shift', 15, 'minutes of travel', 'How much the end of its shift speaks against a van'),
    ('weigh_meal_within', 30, 'minutes', 'How soon a meal break is due that speaks against a van'),
    ('weigh_meal', 4, 'minutes of travel', 'How much a meal break that is due speaks against a van'),
    ('weigh_livery', 8, 'minutes of travel', 'How much it speaks against a van that it does not look as the person asked'),
    ('gain_livery', 2, 'minutes of travel', 'How much it speaks for a van that it looks as the person asked'),
    ('weigh_safer', 8, 'minutes of travel', 'How much it speaks against a van that nobody with whom the person feels safer rides in it'),
    ('gain_safer', 3, 'minutes of travel', 'How much it speaks for a van that somebody with whom the person feels safer rides in it'),
    ('weigh_language', 8, 'minutes of travel', 'How much it speaks against a van that nobody in it speaks the language'),
    ('gain_language', 4, 'minutes of travel', 'How much it speaks for a van that somebody in it speaks the language'),
    ('weigh_equipment', 15, 'minutes of travel', 'How much it speaks against a van that it lacks what the person needs to get about'),
    ('weigh_alone', 15, 'minutes of travel', 'How much it speaks against a van that its crew is too few for a flag'),
    ('weigh_last_van', 3, 'minutes of travel', 'How much it speaks against a van that no other is free'),
    ('weigh_cover', 3, 'minutes of travel', 'How much it speaks against a van that its base waits long for another'),
    ('weigh_cover_over', 30, 'minutes', 'How long a base waits for another van before that speaks against sending its own')
) AS v(name, value, unit, meaning) WHERE EXISTS (SELECT FROM cru.service);

-- Among referrals that a console still shows: as long as the board keeps what has ended.
CREATE OR REPLACE FUNCTION cru.referrals_of_flag(the_flag uuid) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    WITH f AS MATERIALIZED (SELECT * FROM flag WHERE id = the_flag),
    found AS (
        SELECT f.referral_id AS id FROM f
        UNION
        SELECT same_person_as(f.referral_id) FROM f WHERE f.subject = 'person'
        UNION
        SELECT r.id FROM f JOIN referral r ON cru.address_key(r.postcode, r.location_text) = f.address_key
        WHERE f.subject = 'address' AND f.address_key <> '')
    SELECT coalesce(array_agg(r.id ORDER BY r.received_at, r.id), '{}') FROM found JOIN referral r USING (id)
    WHERE r.closed_at IS NULL OR r.closed_at > clock_now() - (SELECT rule_span('ended_board', '12 hours'))
$$;
