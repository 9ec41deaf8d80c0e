-- How long what is kept about a person is kept, which a trust sets; and what is done when that time is over.
ALTER TABLE cru.rule DROP CONSTRAINT rule_unit_check;
ALTER TABLE cru.rule ADD CONSTRAINT rule_unit_check CHECK (unit IN ('share', 'minutes', 'hours', 'people', 'yes or no', 'seconds',
    'metres', 'minutes of travel', 'years'));

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
        ('keep_people', 'years', 1, 100), ('weigh_meal_within', 'time', 1, 240), ('weigh_cover_over', 'time', 5, 240),
        ('weigh_old_fix', 'minutes of travel', 0, 120), ('weigh_no_fix', 'minutes of travel', 0, 120),
        ('weigh_short_shift', 'minutes of travel', 0, 120), ('weigh_meal', 'minutes of travel', 0, 120),
        ('weigh_livery', 'minutes of travel', 0, 120), ('gain_livery', 'minutes of travel', 0, 120),
        ('weigh_safer', 'minutes of travel', 0, 120), ('gain_safer', 'minutes of travel', 0, 120),
        ('weigh_language', 'minutes of travel', 0, 120), ('gain_language', 'minutes of travel', 0, 120),
        ('weigh_equipment', 'minutes of travel', 0, 120), ('weigh_alone', 'minutes of travel', 0, 120),
        ('weigh_last_van', 'minutes of travel', 0, 120), ('weigh_cover', 'minutes of travel', 0, 120)
    ) AS b (name, kind, low, high)
    JOIN (VALUES ('minutes', 'time', 1.0::double precision), ('hours', 'time', 1 / 60.0::double precision), ('seconds', 'time', 60.0),
        ('share', 'share', 1), ('years', 'years', 1), ('people', 'people', 1), ('yes or no', 'yes or no', 1), ('metres', 'metres', 1),
        ('minutes of travel', 'minutes of travel', 1)) AS u (unit, kind, minute) ON u.kind = b.kind
    WHERE b.name = the_name AND u.unit = the_unit
$$;

INSERT INTO cru.rule (name, value, unit, meaning, author)
SELECT 'keep_people', 20, 'years', 'How long after the last contact all that is kept about a person is kept, before it may be erased',
    'default set' WHERE EXISTS (SELECT FROM cru.service);

CREATE FUNCTION cru.keep_people() RETURNS interval
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT coalesce((SELECT make_interval(secs => value * 365.25 * 86400) FROM rule WHERE name = 'keep_people' AND unit = 'years' AND active),
        interval '20 years')
$$;

ALTER TABLE cru.referral ADD COLUMN erased_at TIMESTAMP WITH TIME ZONE,
    ADD CONSTRAINT referral_erased_at_time_check CHECK (erased_at >= '2000-01-01 00:00:00+00' AND erased_at < '2200-01-01 00:00:00+00');

-- The wall has the same columns; its list is read from the view, so that columns that came since are kept.
DO $$
BEGIN
    EXECUTE 'CREATE OR REPLACE VIEW cru.referral_wall AS '
        || regexp_replace(pg_get_viewdef('cru.referral_wall'::regclass), '\s+FROM (cru\.)?referral;?\s*$', ', erased_at FROM cru.referral');
END $$;

-- Facts of what was erased stay as they were worked out: they name nobody, and there is nothing left to work them out from.
CREATE OR REPLACE FUNCTION cru.settle_referrals(the_ids uuid[]) RETURNS void
LANGUAGE plpgsql SET search_path = cru, pg_temp AS $$
BEGIN
    the_ids := ARRAY (SELECT id FROM referral r WHERE r.id = ANY (the_ids) AND r.erased_at IS NULL
        -- Nor that somebody who was erased had been here within three days.
        AND NOT EXISTS (SELECT FROM referral_fact f JOIN referral b ON b.id = f.back_id WHERE f.referral_id = r.id AND b.erased_at IS NOT NULL));
    DELETE FROM referral_fact WHERE referral_id = ANY (the_ids);
    -- In the order in which they are read, so that a figure reads no page twice.
    INSERT INTO referral_fact SELECT * FROM facts_of(the_ids) ORDER BY received_at;
    DELETE FROM job_fact WHERE referral_id = ANY (the_ids);
    INSERT INTO job_fact SELECT * FROM job_facts_of(the_ids) ORDER BY received_at, from_at;
END $$;

-- The last that anybody had to do with them, of several referrals; null while one of them is open.
CREATE FUNCTION cru.last_contact(the_ids uuid[]) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT CASE WHEN bool_and(r.closed_at IS NOT NULL OR r.entered_in_error_at IS NOT NULL) THEN max(greatest(r.received_at, r.closed_at,
        r.entered_in_error_at, (SELECT max(c.made_at) FROM contact c WHERE c.referral_id = r.id),
        (SELECT max(coalesce(f.done_at, f.due_at)) FROM follow_up f WHERE f.referral_id = r.id))) END
    FROM referral r WHERE r.id = ANY (the_ids)
$$;

-- Whose time is over, the oldest first: one referral of each person stands for all of theirs.
CREATE FUNCTION cru.due_to_erase(most integer DEFAULT 1000) RETURNS TABLE (referral_id uuid, reference text, last_contact_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
#variable_conflict use_column
DECLARE
    before_at timestamptz := clock_now() - keep_people();
    one record;
    theirs uuid[];
    seen uuid[] := '{}';
    last_at timestamptz;
BEGIN
    FOR one IN SELECT r.id, r.reference FROM referral r WHERE r.received_at < before_at AND r.erased_at IS NULL ORDER BY r.received_at LOOP
        CONTINUE WHEN one.id = ANY (seen);
        theirs := ARRAY (SELECT same_person_as(one.id));
        seen := seen || theirs;
        last_at := cru.last_contact(theirs);
        IF last_at < before_at THEN
            referral_id := one.id;
            reference := one.reference;
            last_contact_at := last_at;
            RETURN NEXT;
            most := most - 1;
            EXIT WHEN most <= 0;
        END IF;
    END LOOP;
END $$;

CREATE FUNCTION cru.rubbed_out(said text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$ SELECT CASE WHEN said ~ '[^[:space:]]' THEN 'erased' ELSE '' END $$;

-- Of an event stays what happened and when; of its detail only the times and codes that replay and figures go by.
CREATE FUNCTION cru.bare_detail(the_kind text, detail jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(detail)
    WHERE key IN ('done_at', 'rows') AND the_kind LIKE '% taken back' OR key IN ('from', 'to') AND the_kind = 'time amended'
        OR key = 'until' AND the_kind = 'on hold'
$$;

-- What was said and who it was goes, in every table that has it; when it was, what was done and what came of it stays.
CREATE FUNCTION cru.rub_out(the_ids uuid[]) RETURNS void
LANGUAGE plpgsql SET search_path = cru, pg_temp AS $$
BEGIN
    UPDATE referral SET location_text = 'erased', postcode = '', lat = NULL, lon = NULL, access_note = '', caller = '', call_back = '',
        ems_incident = '', waiting_party = '', patient_name = NULL, patient_born = NULL, patient_born_said = '', patient_age_low = NULL,
        patient_age_high = NULL, patient_age_on = NULL, nhs_number = NULL, narrative = '', plan = '{}', legal_status = '', police = '',
        call_connected_said = '', sent_said = '', ems_on_scene_said = '', hold_reason = rubbed_out(hold_reason),
        entered_in_error_reason = rubbed_out(entered_in_error_reason), ethnicity = NULL, deprivation = NULL,
        erased_at = clock_now(), version = version + 1 WHERE id = ANY (the_ids);
    UPDATE event SET words = '', detail = bare_detail(kind, detail), reason = rubbed_out(reason) WHERE referral_id = ANY (the_ids);
    UPDATE about_me SET code = '', words = 'erased', said_by = 'erased', from_plan = '' WHERE referral_id = ANY (the_ids);
    UPDATE alarm SET words = 'erased', shelved_reason = rubbed_out(shelved_reason) WHERE referral_id = ANY (the_ids);
    UPDATE contact SET with_name = rubbed_out(with_name), said = rubbed_out(said), why_not = rubbed_out(why_not),
        promised = rubbed_out(promised), promise_note = rubbed_out(promise_note) WHERE referral_id = ANY (the_ids);
    UPDATE danger SET stands = '[]', decided = '[]' WHERE referral_id = ANY (the_ids);
    UPDATE decision SET reason = 'erased' WHERE referral_id = ANY (the_ids);
    UPDATE ending SET holder_name = rubbed_out(holder_name), person_told_by = rubbed_out(person_told_by),
        caller_told_by = rubbed_out(caller_told_by), referrer_told_by = rubbed_out(referrer_told_by),
        person_not_told = rubbed_out(person_not_told), caller_not_told = rubbed_out(caller_not_told),
        referrer_not_told = rubbed_out(referrer_not_told) WHERE referral_id = ANY (the_ids);
    UPDATE feedback SET words = 'erased' WHERE referral_id = ANY (the_ids);
    UPDATE flag SET reason = 'erased', address_key = '', withdrawn_reason = rubbed_out(withdrawn_reason) WHERE referral_id = ANY (the_ids);
    UPDATE follow_up SET what_for = 'erased', outcome = rubbed_out(outcome) WHERE referral_id = ANY (the_ids);
    UPDATE handover SET from_party = CASE from_kind WHEN 'other' THEN 'erased' ELSE from_party END,
        to_party = CASE to_kind WHEN 'other' THEN 'erased' ELSE to_party END WHERE referral_id = ANY (the_ids);
    UPDATE interpreter SET booked_with = 'erased', booking = '' WHERE referral_id = ANY (the_ids);
    UPDATE late_link SET incident = rubbed_out(incident), crew = rubbed_out(crew) WHERE referral_id = ANY (the_ids);
    UPDATE reading SET text_digest = 'erased ' || id, found = '[]' WHERE referral_id = ANY (the_ids);
    UPDATE review SET words = 'erased' WHERE referral_id = ANY (the_ids);
    UPDATE screening SET not_measured = rubbed_out(not_measured), note = rubbed_out(note),
        override_reason = rubbed_out(override_reason) WHERE referral_id = ANY (the_ids);
    UPDATE shift_handover_item SET words = 'erased', remark = rubbed_out(remark) WHERE referral_id = ANY (the_ids);
    UPDATE shift_log SET words = 'erased' WHERE referral_id = ANY (the_ids);
    UPDATE crew_word SET said_by = rubbed_out(said_by), words = rubbed_out(words) WHERE referral_id = ANY (the_ids);
    UPDATE read_back SET brief = 'erased' WHERE referral_id = ANY (the_ids);
    UPDATE wish_kept SET said_by = 'erased', words = rubbed_out(words) WHERE referral_id = ANY (the_ids);
    -- What was kept so that somebody could take something back, or see what a revision mended.
    DELETE FROM act WHERE id IN (SELECT act_id FROM act_part WHERE referral_id = ANY (the_ids));
    UPDATE mended SET was = 'erased', now = 'erased' WHERE row_id = ANY (the_ids::text[]);
END $$;

-- Everything about the person of a referral, at once, when the time that the trust keeps it is over. By a shift lead or the
-- owner; there is no way back. The guards are set aside for this transaction alone, which takes moments; while somebody else
-- writes it is refused, since whoever waits for several tables might hold up who has one of them.
CREATE FUNCTION cru.erase_person(the_referral uuid) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    tables constant text[] := '{referral,event,about_me,alarm,contact,danger,decision,ending,feedback,flag,follow_up,handover,interpreter,'
        'late_link,reading,review,screening,shift_handover_item,shift_log,crew_word,read_back,wish_kept,act,act_part,mended}';
    theirs uuid[];
    last_at timestamptz;
    tab text;
BEGIN
    IF NOT (is_lead() OR pg_has_role(session_user, (SELECT relowner FROM pg_class WHERE oid = 'cru.referral'::regclass), 'MEMBER')) THEN
        PERFORM refuse('Only a shift lead erases a person.', 'Ask the shift lead.', 'CR002');
    END IF;
    PERFORM check_context();
    -- What the figures go by is worked out before it goes.
    PERFORM settle_measures();
    BEGIN
        EXECUTE (SELECT 'LOCK TABLE ' || string_agg('cru.' || t, ', ') FROM unnest(tables) t) || ' IN SHARE ROW EXCLUSIVE MODE NOWAIT';
    EXCEPTION WHEN lock_not_available THEN
        PERFORM refuse('The record is being written to just now.', 'Try again in a moment.', 'CR001');
    END;
    theirs := ARRAY (SELECT s FROM same_person_as(the_referral) s JOIN referral r ON r.id = s WHERE r.erased_at IS NULL ORDER BY s);
    last_at := last_contact(theirs);
    IF cardinality(theirs) = 0 THEN
        PERFORM refuse('There is nothing left to erase.', 'Look at it again.', 'CR001');
    ELSIF last_at IS NULL THEN
        PERFORM refuse('Something about this person is still open.', 'It is kept while it is.', 'CR002');
    ELSIF last_at >= clock_now() - keep_people() THEN
        PERFORM refuse(format('It is kept until %s by the rule.', to_char(last_at + keep_people(), 'FMDD Mon YYYY')),
                       'A shift lead sets the rule, in the settings.', 'CR002');
    END IF;
    FOREACH tab IN ARRAY tables LOOP
        EXECUTE format('ALTER TABLE cru.%I DISABLE TRIGGER USER', tab);
    END LOOP;
    PERFORM rub_out(theirs);
    INSERT INTO event (referral_id, kind, happened_at, source, words, command_id) SELECT id, 'erased', clock_now(), 'user',
        'Kept until the end of the time that the trust keeps it', nullif(context('command'), '')::uuid FROM unnest(theirs) AS id;
    FOREACH tab IN ARRAY tables LOOP
        EXECUTE format('ALTER TABLE cru.%I ENABLE TRIGGER USER', tab);
    END LOOP;
    RETURN cardinality(theirs);
END $$;

REVOKE ALL ON FUNCTION cru.keep_people(), cru.last_contact(uuid[]), cru.due_to_erase(integer), cru.rubbed_out(text),
    cru.bare_detail(text, jsonb), cru.rub_out(uuid[]), cru.erase_person(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.due_to_erase(integer), cru.erase_person(uuid) TO cru_shift_lead;
