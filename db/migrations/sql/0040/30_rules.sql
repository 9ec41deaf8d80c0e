-- When a crew that is with somebody says that they are well, and how long a silence is nothing yet.
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
        ('welfare_first', 'time', 5, 240), ('welfare_every', 'time', 5, 240), ('welfare_close_first', 'time', 2, 240),
        ('welfare_close_every', 'time', 2, 240), ('welfare_silent', 'time', 1, 60), ('welfare_lost', 'time', 2, 120),
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

CREATE FUNCTION cru.guard_welfare_pairs() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF rule_span('welfare_lost', '10 minutes') <= rule_span('welfare_silent', '5 minutes') THEN
        PERFORM refuse('The emergency procedure begins after the shift lead was told, and not before.', 'Set the other one first.');
    ELSIF rule_span('welfare_close_first', '15 minutes') > rule_span('welfare_first', '30 minutes')
          OR rule_span('welfare_close_every', '15 minutes') > rule_span('welfare_every', '30 minutes') THEN
        PERFORM refuse('A crew that is watched closely is asked no later than others.', 'Set the other one first.');
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION cru.guard_welfare_pairs() FROM PUBLIC;
CREATE TRIGGER pairs_welfare AFTER INSERT OR UPDATE ON cru.rule FOR EACH ROW WHEN (NEW.name LIKE 'welfare%')
    EXECUTE FUNCTION cru.guard_welfare_pairs();

INSERT INTO cru.rule (name, value, unit, meaning, author)
SELECT name, value, unit, meaning, 'default set' FROM (VALUES
    ('welfare_first', 30, 'minutes', 'How long a crew is at a scene before it says that all is well'),
    ('welfare_every', 30, 'minutes', 'How long after a word from a crew it says again that all is well'),
    ('welfare_close_first', 15, 'minutes', 'How long a crew that is watched closely is at a scene before it says that all is well'),
    ('welfare_close_every', 15, 'minutes', 'How long after its word a crew that is watched closely says again that all is well'),
    ('welfare_silent', 5, 'minutes', 'How long after it was to be heard a silent crew is an alarm, and soon the shift lead''s'),
    ('welfare_lost', 10, 'minutes', 'How long after it was to be heard a silent crew is an emergency')
) AS v(name, value, unit, meaning) WHERE EXISTS (SELECT FROM cru.service);

INSERT INTO cru.alarm_kind (code, label, priority, times, escalate_minutes, stays, shelvable, what_to_do, rank, author)
SELECT k.*, 'default set' FROM (VALUES
    ('crew_lost', 'Crew not heard from', 1, 1, 1, true, false, 'Call every way there is. No answer: police and ambulance to the van''s place at once.', 16),
    ('crew_silent', 'Crew silent', 2, 1, 1, false, false, 'Call the crew by radio, then by telephone; tell the shift lead.', 17),
    ('crew_word', 'Word from the crew due', 3, 1, NULL::integer, false, false, 'Call the crew: are they well?', 18)
) AS k (code, label, priority, times, escalate_minutes, stays, shelvable, what_to_do, rank) WHERE EXISTS (SELECT FROM cru.wish);

INSERT INTO cru.command_word (label, verb, rank, author)
SELECT w.label, w.verb, 1000 + w.rank, 'default set' FROM (VALUES ('well', 'crew well', 1), ('ok', 'crew well', 2),
    ('heard', 'heard otherwise', 3)) AS w (label, verb, rank) WHERE EXISTS (SELECT FROM cru.wish) ON CONFLICT DO NOTHING;
