-- What was said of a birth is a date, or what was said instead of one: whoever writes the date takes the other away, also
-- a console of the version before, which knows of no other. The event keeps what it was.
CREATE FUNCTION cru.fill_said() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF NEW.patient_born IS NOT NULL THEN
        NEW.patient_born_said := '';
        NEW.patient_age_low := NULL;
        NEW.patient_age_high := NULL;
        NEW.patient_age_on := NULL;
    ELSIF NEW.patient_age_on > (clock_now() AT TIME ZONE 'Europe/London')::date THEN
        PERFORM refuse('An age is not said on a day to come.', 'Check the day.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fill_said BEFORE INSERT OR UPDATE OF patient_born, patient_born_said, patient_age_low, patient_age_high,
    patient_age_on ON cru.referral FOR EACH ROW WHEN (NOT cru.is_being_restored('referral', NEW.id))
    EXECUTE FUNCTION cru.fill_said();
REVOKE ALL ON FUNCTION cru.fill_said() FROM PUBLIC;

GRANT INSERT (patient_born_said, patient_age_low, patient_age_high, patient_age_on, call_connected_said, sent_said,
    ems_on_scene_said), UPDATE (patient_born_said, patient_age_low, patient_age_high, patient_age_on,
    call_connected_said, sent_said, ems_on_scene_said) ON cru.referral TO cru_dispatcher;

-- The wall has the same columns, the personal ones empty; its list is read from the view, as that of the characters is
-- from its constraint, so that columns that came since are kept.
DO $$
DECLARE
    characters text := (SELECT pg_get_constraintdef(oid) FROM pg_constraint
        WHERE conrelid = 'cru.referral'::regclass AND conname = 'referral_characters_check');
BEGIN
    EXECUTE 'CREATE OR REPLACE VIEW cru.referral_wall AS '
        || regexp_replace(pg_get_viewdef('cru.referral_wall'::regclass), '\s+FROM (cru\.)?referral;?\s*$',
            ', ''''::text AS patient_born_said, NULL::smallint AS patient_age_low, NULL::smallint AS patient_age_high,'
            ' NULL::date AS patient_age_on, ''''::text AS call_connected_said, ''''::text AS sent_said,'
            ' ''''::text AS ems_on_scene_said FROM cru.referral');
    ALTER TABLE cru.referral DROP CONSTRAINT referral_characters_check;
    EXECUTE 'ALTER TABLE cru.referral ADD CONSTRAINT referral_characters_check '
        || replace(replace(characters, ', nhs_number', ', patient_born_said, nhs_number'),
            ', hold_reason', ', call_connected_said, sent_said, ems_on_scene_said, hold_reason');
END $$;
