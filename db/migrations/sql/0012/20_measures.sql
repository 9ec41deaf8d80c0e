-- What is measured, in plain words, each beside its balance: what a service would do to look well by the one shows in the
-- other. How a figure is worked out is in db/domain/measures.py, by its key. A definition that changes is put down with
-- who changed it and the day.
CREATE TRIGGER guard BEFORE UPDATE ON cru.measure FOR EACH ROW EXECUTE FUNCTION cru.guard_rule();
GRANT SELECT ON cru.measure TO cru_shift_lead;
GRANT UPDATE (ae_care, force_used, ethnicity, deprivation) ON cru.referral TO cru_dispatcher;

-- The wall has the same columns, the personal ones empty. Its list is read from the view, so that columns that came
-- since are kept.
DO $$
BEGIN
    EXECUTE 'CREATE OR REPLACE VIEW cru.referral_wall AS '
        || regexp_replace(pg_get_viewdef('cru.referral_wall'::regclass), '\s+FROM (cru\.)?referral;?\s*$',
            ', NULL::text AS ae_care, NULL::text AS force_used, NULL::text AS ethnicity, NULL::smallint AS deprivation'
            ' FROM cru.referral');
END $$;

INSERT INTO cru.measure (key, title, definition, clock_start, clock_stop, unit, balance, source, computed, rank, author)
SELECT key, title, definition, clock_start, clock_stop, unit, balance, source, computed,
    (row_number() OVER ())::int, 'default set: to be confirmed by the trust'
FROM (VALUES
    ('response', 'Time until met',
        'Of all whom a crew met: minutes from received to the first crew with the person. Median, mean and 90th centile. A referral that was met twice counts once.',
        'received', 'with patient', 'minutes', 'never_met',
        'docs/record.md, the response clock; mean and 90th centile as ambulance services report them', true),
    ('within', 'Met within the time of their priority',
        'Of all whom a crew met: how many within the minutes that their priority allows. Those whom nobody met are counted beside it and not left out of sight.',
        'received', 'with patient', 'share', 'never_met', 'the rows of priorities of this record', true),
    ('never_met', 'Never met',
        'Of all referrals that have ended: how many nobody of this service met, whatever the reason.',
        'received', 'closed', 'share', 'response', 'definition of this service', true),
    ('declined', 'Declined',
        'Of all referrals that have ended: how many the service did not take on.',
        '', '', 'share', 'back', 'definition of this service', true),
    ('cancelled', 'Cancelled',
        'Of all referrals that have ended: how many were cancelled, by whomever.',
        '', '', 'share', 'cancelled_unheard', 'definition of this service', true),
    ('cancelled_unheard', 'Cancelled without a word with the person',
        'Of all cancelled referrals: how many where nobody has put down that the person was spoken to.',
        '', '', 'share', 'cancelled', 'definition of this service', true),
    ('response_alone', 'Time until met, waiting alone',
        'As the time until met, for those with whom no crew and no police waited.',
        'received', 'with patient', 'minutes', 'response_accompanied', 'definition of this service', true),
    ('response_accompanied', 'Time until met, waiting with others',
        'As the time until met, for those with whom a crew or police waited: who is alone must not wait longer so that a crew is free sooner.',
        'received', 'with patient', 'minutes', 'response_alone', 'definition of this service', true),
    ('care_done', 'A&E needed, and they went',
        'Of all whom a crew met and of whom it is put down: how many needed A&E and were taken or went there. This is care, and no failure to avoid it.',
        '', '', 'share', 'care_not_done', 'definition of this service', true),
    ('care_not_done', 'A&E needed, and they did not go',
        'Of all whom a crew met and of whom it is put down: how many needed A&E and did not get there. Each one is looked at.',
        '', '', 'share', 'care_done', 'definition of this service', true),
    ('care_not_needed', 'A&E not needed',
        'Of all whom a crew met and of whom it is put down: how many did not need A&E.',
        '', '', 'share', 'care_not_done', 'definition of this service', true),
    ('care_not_known', 'A&E: not known whether needed',
        'Of all whom a crew met and of whom it is put down: of how many nobody can say it.',
        '', '', 'share', 'care_not_needed', 'definition of this service', true),
    ('back', 'Back within 72 hours',
        'Of all ended referrals of a person who can be told again (NHS number, or name and date of birth): how many are followed by another referral of the same person from the ambulance service, 111 or the police within 72 hours. A visit to A&E of which this record is not told does not count.',
        'closed', 'received', 'share', 'declined', 'definition of this service', true),
    ('promises_kept', 'Promises kept',
        'Of all promises to a person who waited that are due or settled: how many were kept.',
        '', '', 'share', 'promises_made', 'definition of this service', true),
    ('promises_made', 'Promises made',
        'Of all referrals: to how many something was promised. A service that promises nothing breaks nothing.',
        '', '', 'share', 'promises_kept', 'definition of this service', true),
    ('wishes_kept', 'Wishes kept',
        'Of all wishes of which it was said afterwards: how many were kept. Partly kept is not kept.',
        '', '', 'share', 'wishes_asked', 'definition of this service', true),
    ('wishes_asked', 'Asked for their wishes',
        'Of all whom a crew met: of how many something that they wish for is put down.',
        '', '', 'share', 'wishes_kept', 'definition of this service', true),
    ('follow_ups_kept', 'Follow-ups kept',
        'Of all follow-ups that were due: how many were done by the time.',
        'made', 'done', 'share', 'follow_ups_made', 'definition of this service', true),
    ('follow_ups_made', 'Follow-ups made',
        'Of all ended referrals: after how many a follow-up was put down.',
        '', '', 'share', 'follow_ups_kept', 'definition of this service', true),
    ('holds_past_due', 'Holds past the time of their priority',
        'Of all referrals that were put on hold: how many of them beyond the minutes that their priority allows.',
        'received', 'end of the hold', 'share', 'response', 'definition of this service', true),
    ('overrides', 'Screening let through by a clinician',
        'Of all screened referrals: how many a named clinician let through against an answer. Neither many nor few is better.',
        '', '', 'share', 'screened_out', 'definition of this service', true),
    ('screened_out', 'Not taken on after a concern in the screening',
        'Of all screened referrals: how many had an answer of concern and were not taken on.',
        '', '', 'share', 'overrides', 'definition of this service', true),
    ('unknown_to_no', 'Answers from "not known" to "no"',
        'Of all screening answers that were first "not known" and were asked again: how many became "no". Many, fast, may mean that people are pushed to an answer.',
        '', '', 'share', 'unknown_to_yes', 'definition of this service', true),
    ('unknown_to_yes', 'Answers from "not known" to "yes"',
        'Of all screening answers that were first "not known" and were asked again: how many became "yes".',
        '', '', 'share', 'unknown_to_no', 'definition of this service', true),
    ('force', 'Force used',
        'Of all whom a crew met and of whom it is put down: how many had force used on them by anybody while this service was there, police and ambulance crews among them.',
        '', '', 'share', 'force_not_said', 'Mental Health Units (Use of Force) Act 2018, as the ground for recording; definition to be confirmed', true),
    ('force_not_said', 'Force: nothing put down',
        'Of all whom a crew met and whose referral is closed: of how many nobody put down whether force was used.',
        '', '', 'share', 'force', 'definition of this service', true),
    ('avoided', 'A&E avoided, as answered at the end',
        'Of all whom a crew met and of whom it is answered: how many "A&E avoided: yes". Alone it would punish the right decision to take somebody there.',
        '', '', 'share', 'care_not_done', 'docs/record.md', true)
) AS v(key, title, definition, clock_start, clock_stop, unit, balance, source, computed);
