-- The way out: consoles are told of what is said, and of flags that now belong to another referral.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY '{about_me,flag,read_back,interpreter}'::text[] LOOP
        EXECUTE format('CREATE TRIGGER note_insert AFTER INSERT ON cru.%I REFERENCING NEW TABLE AS changed '
                       'FOR EACH STATEMENT EXECUTE FUNCTION cru.note_rows(''id'', %L)', name, name);
        EXECUTE format('CREATE TRIGGER note_update AFTER UPDATE ON cru.%I REFERENCING NEW TABLE AS changed '
                       'FOR EACH STATEMENT EXECUTE FUNCTION cru.note_rows(''id'', %L)', name, name);
        EXECUTE format('CREATE TRIGGER note_truncate AFTER TRUNCATE ON cru.%I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION cru.note_whole(''all'')', name);
    END LOOP;
    FOREACH name IN ARRAY '{language,mobility,about_topic}'::text[] LOOP
        EXECUTE format('CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON cru.%I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION cru.note_whole(''reference'')', name);
    END LOOP;
END $$;

-- Flags that come to a referral, or leave it: its number, its address or its end changed, or somebody said who it is.
CREATE FUNCTION cru.note_flags(the_referral uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    SELECT note_change('flag', (SELECT coalesce(array_agg(DISTINCT f.id), '{}') FROM flags_of(the_referral) f
        WHERE f.referral_id <> the_referral OR EXISTS (SELECT FROM same_person_as(the_referral) s WHERE s <> the_referral)
            OR f.subject = 'address'))
$$;

CREATE FUNCTION cru.note_flags_of_referral() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF TG_WHEN = 'AFTER' OR TG_OP = 'UPDATE' THEN
        PERFORM note_flags(NEW.id);
    END IF;
    RETURN NEW;
END $$;

-- Before, for those that leave; after, for those that come.
CREATE TRIGGER z_flags_leave BEFORE UPDATE OF nhs_number, postcode, location_text, entered_in_error_at ON cru.referral
    FOR EACH ROW WHEN ((OLD.nhs_number, OLD.postcode, OLD.location_text, OLD.entered_in_error_at)
        IS DISTINCT FROM (NEW.nhs_number, NEW.postcode, NEW.location_text, NEW.entered_in_error_at))
    EXECUTE FUNCTION cru.note_flags_of_referral();
CREATE TRIGGER z_flags_come AFTER INSERT OR UPDATE OF nhs_number, postcode, location_text, entered_in_error_at, state
    ON cru.referral FOR EACH ROW EXECUTE FUNCTION cru.note_flags_of_referral();

CREATE FUNCTION cru.note_flags_of_same() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    -- Two that are no longer one share no flag that either could name: all are read.
    PERFORM note_whole_flags();
    RETURN NULL;
END $$;

CREATE FUNCTION cru.note_whole_flags() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    INSERT INTO change (entity) VALUES ('flag');
    SELECT pg_notify('console', 'flag:');
$$;

CREATE TRIGGER note AFTER INSERT OR UPDATE ON cru.same_person FOR EACH STATEMENT
    EXECUTE FUNCTION cru.note_flags_of_same();

-- A flag that says danger says it of every referral that it belongs to.
CREATE OR REPLACE FUNCTION cru.danger_flags(the_referral uuid) RETURNS TABLE (id uuid, kind text, until timestamptz)
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT f.id, f.kind, f.expires_at FROM flags_of(the_referral) f WHERE f.danger
        AND (f.expires_at IS NULL OR f.expires_at > clock_now())
$$;

CREATE FUNCTION cru.then_danger_elsewhere() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    PERFORM follow_danger(r, false) FROM unnest(referrals_of_flag(NEW.id)) AS r WHERE r <> NEW.referral_id;
    RETURN NULL;
END $$;

CREATE TRIGGER then_danger_elsewhere AFTER INSERT OR UPDATE ON cru.flag FOR EACH ROW WHEN (NEW.danger)
    EXECUTE FUNCTION cru.then_danger_elsewhere();

CREATE FUNCTION cru.then_danger_of_person() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    here jsonb := to_jsonb(NEW);
BEGIN
    PERFORM follow_danger(id::uuid, false) FROM unnest(ARRAY[here ->> 'id', here ->> 'referral_id', here ->> 'other_id']) AS id
        WHERE id::uuid IN (SELECT r.id FROM referral r);
    RETURN NULL;
END $$;

CREATE TRIGGER then_danger_of_person AFTER UPDATE OF nhs_number, postcode, location_text ON cru.referral
    FOR EACH ROW EXECUTE FUNCTION cru.then_danger_of_person();
CREATE TRIGGER then_danger_of_person AFTER INSERT OR UPDATE ON cru.same_person
    FOR EACH ROW EXECUTE FUNCTION cru.then_danger_of_person();

-- Least rights. Nobody deletes; the wall reads nothing of a person.
REVOKE ALL ON FUNCTION cru.nhs_digits(text), cru.name_key(text), cru.phone_key(text), cru.address_key(text, text),
    cru.said_same(uuid, uuid), cru.same_person_as(uuid), cru.may_be_same(uuid, uuid), cru.known_before(uuid),
    cru.keeps_for_next_time(uuid), cru.about_before(uuid), cru.flags_of(uuid), cru.referrals_of_flag(uuid),
    cru.language_code(text), cru.read_language(text), cru.read_languages(text), cru.fill_staff(), cru.guard_about_me(),
    cru.check_said(text, text, text), cru.guard_flag(), cru.follow_flag(), cru.guard_same_person(), cru.guard_read_back(),
    cru.guard_wish_kept(), cru.registered_on(uuid), cru.registered_least(), cru.guard_crew(), cru.log_said(),
    cru.log_withdrawn(), cru.said_in_plan(jsonb), cru.absorb_plan(uuid, jsonb, jsonb, timestamptz), cru.follow_plan(),
    cru.note_flags(uuid), cru.note_flags_of_referral(), cru.note_flags_of_same(), cru.note_whole_flags(),
    cru.then_danger_elsewhere(), cru.then_danger_of_person() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.known_before(uuid), cru.about_before(uuid), cru.referrals_of_flag(uuid) TO cru_dispatcher;
-- The indexes are kept up as whoever writes.
GRANT EXECUTE ON FUNCTION cru.nhs_digits(text), cru.name_key(text), cru.phone_key(text), cru.address_key(text, text)
    TO cru_dispatcher;
GRANT SELECT ON cru.language, cru.mobility, cru.about_topic TO cru_viewer, cru_dispatcher;
GRANT SELECT ON cru.about_me, cru.same_person, cru.read_back, cru.interpreter, cru.wish_kept TO cru_dispatcher;
GRANT INSERT (id, referral_id, topic, code, words, said_by, from_id), UPDATE (ended_at) ON cru.about_me TO cru_dispatcher;
GRANT INSERT (id, referral_id, other_id, is_same) ON cru.same_person TO cru_dispatcher;
GRANT INSERT (extends_id), UPDATE (withdrawn_at, withdrawn_reason) ON cru.flag TO cru_dispatcher;
GRANT INSERT (id, referral_id, assignment_id, read_by, channel, brief) ON cru.read_back TO cru_dispatcher;
GRANT INSERT (id, referral_id, language, booked_with, booking, booked_for_at) ON cru.interpreter TO cru_dispatcher;
GRANT INSERT (id, referral_id, about_id, kept, said_by, words) ON cru.wish_kept TO cru_dispatcher;
