-- Definitions, in plain words. Those that a trust worded itself stay; the shipped ones of before follow what is counted.

CREATE OR REPLACE FUNCTION cru.rule_bounds(the_name text, the_unit text, OUT low double precision, OUT high double precision)
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT b.low / CASE the_unit WHEN 'hours' THEN 60 ELSE 1 END, b.high / CASE the_unit WHEN 'hours' THEN 60 ELSE 1 END
    FROM (VALUES ('due_soon', 'share', 0.1, 1), ('no_van', 'time', 1, 120), ('long_handover', 'time', 1, 480),
        ('lost_fix', 'time', 1, 120), ('shift_end', 'time', 1, 480), ('assumed_handover', 'time', 1, 480),
        ('assumed_visit', 'time', 5, 1440), ('ended_lanes', 'time', 10, 2880), ('registered_least', 'people', 0, 10),
        ('registered_binds', 'yes or no', 0, 1), ('shift_most', 'time', 60, 2880), ('rest_least', 'time', 60, 2880),
        ('assumed_without', 'time', 5, 1440)
    ) AS b (name, kind, low, high)
    WHERE b.name = the_name AND b.kind = CASE WHEN the_unit IN ('minutes', 'hours') THEN 'time' ELSE the_unit END
$$;

INSERT INTO cru.rule (name, value, unit, meaning, author)
SELECT 'assumed_without', 94, 'minutes',
    'How long an ambulance crew is assumed to stay with a person where this service does not come', 'default set'
WHERE EXISTS (SELECT FROM cru.service) ON CONFLICT DO NOTHING;

INSERT INTO cru.measure (key, title, definition, clock_start, clock_stop, unit, balance, source, computed, rank, author,
    better, target, within_limit, on_wall)
SELECT key, title, definition, clock_start, clock_stop, unit, 'response', source, true,
    100 + (row_number() OVER ())::int, 'default set: to be confirmed by the trust', better, target::float8, within_limit::float8, on_wall
FROM (VALUES
    ('received', 'Referrals received',
        'All referrals received, but for those entered in error.',
        'received', '', 'count', 'never_met', 'definition of this service', 'neither', NULL, NULL, true),
    ('within_45', 'Met within 45 minutes',
        'Of all whom a crew met: how many within so many minutes of being received, whatever their priority.',
        'received', 'with patient', 'share', 'never_met', 'docs/record.md, priorities: the aim of the first', 'higher', NULL, 45, true),
    ('within_60', 'Met within 60 minutes',
        'Of all whom a crew met: how many within so many minutes of being received, whatever their priority.',
        'received', 'with patient', 'share', 'never_met', 'docs/record.md, priorities: the target of the first', 'higher', NULL, 60, true),
    ('decision', 'Time until accepted',
        'Of all referrals that were accepted: minutes from received to accepted, the first time where it was accepted twice.',
        'received', 'accepted', 'minutes', 'overrides', 'definition of this service', 'lower', NULL, NULL, false),
    ('activation', 'Time until on the way',
        'Of all jobs of vans that set off: minutes from allocated to mobile. Where the crew came further and nobody put down mobile, it is missing.',
        'allocated', 'mobile', 'minutes', 'travel', 'definition of this service', 'lower', NULL, NULL, false),
    ('travel', 'Time on the way',
        'Of all jobs of vans that reached the scene: minutes from mobile to on scene. Where one of the two was not put down, it is missing.',
        'mobile', 'on scene', 'minutes', 'activation', 'definition of this service', 'neither', NULL, NULL, false),
    ('handover', 'Time until handed over',
        'Of all referrals that this service took over from somebody: minutes from the first crew on scene to the first handover accepted.',
        'on scene', 'handover accepted', 'minutes', 'back', 'definition of this service', 'lower', NULL, NULL, true),
    ('handover_15', 'Handed over within 15 minutes',
        'Of all referrals that this service took over from somebody: how many within so many minutes of the first crew on scene.',
        'on scene', 'handover accepted', 'share', 'back', 'definition of this service', 'higher', NULL, 15, false),
    ('handover_30', 'Handed over within 30 minutes',
        'Of all referrals that this service took over from somebody: how many within so many minutes of the first crew on scene.',
        'on scene', 'handover accepted', 'share', 'back', 'definition of this service', 'higher', NULL, 30, false),
    ('handover_60', 'Handed over within 60 minutes',
        'Of all referrals that this service took over from somebody: how many within so many minutes of the first crew on scene.',
        'on scene', 'handover accepted', 'share', 'back', 'definition of this service', 'higher', NULL, 60, false),
    ('ems_wait', 'Time until the ambulance crew is free',
        'Of all referrals that this service took over from an ambulance crew: minutes from received until the first crew was released. While one still waits, it counts neither here nor as missing.',
        'received', 'EMAS crew released', 'minutes', 'response_alone', 'definition of this service', 'lower', NULL, NULL, true),
    ('ems_release', 'Ambulance crew free after we arrive',
        'Of all referrals that this service took over from an ambulance crew: minutes from the first crew on scene until the first ambulance crew was released.',
        'on scene', 'EMAS crew released', 'minutes', 'back', 'definition of this service', 'lower', NULL, NULL, true),
    ('ems_given_back', 'Ambulance hours given back',
        'Hours that ambulance crews did not have to stay: of each crew that was released, the minutes that it is assumed to stay where this service does not come, less those from received until it was released; never less than none. The assumption is a setting, with its author and its day.',
        'received', 'EMAS crew released', 'hours', 'response_alone', 'definition of this service; the assumption is to be confirmed', 'higher', NULL, NULL, true),
    ('police_avoided', 'Police avoided, as answered at the end',
        'Of all whom a crew met, where police would have been asked and it is answered: how many "police avoided: yes".',
        '', '', 'share', 'force', 'docs/record.md', 'neither', NULL, NULL, false),
    ('job_cycle', 'Length of a job',
        'Of all jobs of vans that are over, but for those that were stood down: minutes from allocated to clear.',
        'allocated', 'clear', 'minutes', 'wishes_kept', 'definition of this service', 'neither', NULL, NULL, false),
    ('utilisation', 'Time on a job',
        'Hours that vans were on a job, out of the hours that they were on duty; of each only what lies in the period. The number counted is shifts.',
        'allocated', 'clear or stood down', 'time', 'never_met', 'definition of this service', 'neither', NULL, NULL, true),
    ('called_in_time', 'Called in time while waiting',
        'Of all calls that fell due while somebody waited for the first van: how many were made by then. One that was never made is one that was not made in time.',
        'due', 'called', 'share', 'promises_kept', 'docs/record.md, while somebody waits', 'higher', NULL, NULL, false),
    ('untyped', 'Times that no one typed',
        'Of all times of steps, from received to the end: how many came from a device or a geofence, or were clicked when they happened. A time that was typed or amended is one that somebody typed.',
        '', '', 'share', 'amended', 'definition of this service', 'higher', NULL, NULL, false),
    ('amended', 'Times amended',
        'How often a time was corrected afterwards, of all referrals received.',
        '', '', 'count', 'untyped', 'definition of this service', 'neither', NULL, NULL, false),
    ('entered_in_error', 'Entered in error',
        'How many of the referrals received were marked as entered in error. They count nowhere else.',
        '', '', 'count', 'received', 'definition of this service', 'neither', NULL, NULL, false),
    ('stale', 'Time without a fresh position',
        'Of the time of all jobs that are over: how long the newest position of the van that had come in was older than two minutes. Jobs of a van from which none came in the day before are missing.',
        'allocated', 'clear or stood down', 'time', 'untyped', 'definition of this service', 'lower', NULL, NULL, false)
) AS v(key, title, definition, clock_start, clock_stop, unit, balance, source, better, target, within_limit, on_wall);

ALTER TABLE cru.measure DISABLE TRIGGER guard;
UPDATE cru.measure m SET balance = v.balance FROM (VALUES ('received', 'never_met'), ('within_45', 'never_met'),
    ('within_60', 'never_met'), ('decision', 'overrides'), ('activation', 'travel'), ('travel', 'activation'),
    ('handover', 'back'), ('handover_15', 'back'), ('handover_30', 'back'), ('handover_60', 'back'),
    ('ems_wait', 'response_alone'), ('ems_release', 'back'), ('ems_given_back', 'response_alone'), ('police_avoided', 'force'),
    ('job_cycle', 'wishes_kept'), ('utilisation', 'never_met'), ('called_in_time', 'promises_kept'), ('untyped', 'amended'),
    ('amended', 'untyped'), ('entered_in_error', 'received'), ('stale', 'untyped')) AS v(key, balance) WHERE v.key = m.key;
UPDATE cru.measure SET better = 'lower', on_wall = true WHERE key = 'response';
UPDATE cru.measure SET better = 'higher', on_wall = true WHERE key = 'within';
UPDATE cru.measure SET better = 'higher' WHERE key IN ('promises_kept', 'follow_ups_kept', 'wishes_kept', 'wishes_asked');
UPDATE cru.measure SET better = 'lower' WHERE key IN ('never_met', 'cancelled_unheard', 'care_not_done', 'holds_past_due',
    'force_not_said', 'response_alone', 'response_accompanied');
UPDATE cru.measure SET definition = v.now FROM (VALUES
    ('response', 'Of all whom a crew met: minutes from received to the first crew with the person. Median, mean and 90th centile. A referral that was met twice counts once.',
        'Of all whom a crew met: minutes from received to the first crew with the person, which is not asked again after a reopening or by a second van. Where nobody put down when that crew was with the person, it is missing.'),
    ('back', 'Of all ended referrals of a person who can be told again (NHS number, or name and date of birth): how many are followed by another referral of the same person from the ambulance service, 111 or the police within 72 hours. A visit to A&E of which this record is not told does not count.',
        'Of all ended referrals of a person who can be told again (NHS number, or name and date of birth, or a dispatcher''s word): how many are followed by another referral of the same person within 72 hours, from whomever. Until they are over, and where nobody can tell, it is missing. A visit to A&E of which this record is not told does not count.')
) AS v(key, was, now) WHERE measure.key = v.key AND measure.definition = v.was;
ALTER TABLE cru.measure ENABLE TRIGGER guard;

-- A viewer learns what the wall's figures mean.
CREATE VIEW cru.measure_wall AS SELECT * FROM cru.measure WHERE active AND on_wall;
GRANT SELECT ON cru.measure_wall TO cru_viewer;
