-- A step on the way changes nobody's flags: whose flags a referral has is told anew when it comes onto the board or leaves
-- it, and not at each state between.
DROP TRIGGER z_flags_come ON cru.referral;
CREATE TRIGGER z_flags_come AFTER INSERT ON cru.referral FOR EACH ROW EXECUTE FUNCTION cru.note_flags_of_referral();
CREATE TRIGGER z_flags_come_again AFTER UPDATE OF nhs_number, postcode, location_text, entered_in_error_at, state
    ON cru.referral FOR EACH ROW WHEN ((OLD.nhs_number, OLD.postcode, OLD.location_text, OLD.entered_in_error_at,
        OLD.closed_at IS NULL) IS DISTINCT FROM (NEW.nhs_number, NEW.postcode, NEW.location_text, NEW.entered_in_error_at,
        NEW.closed_at IS NULL)) EXECUTE FUNCTION cru.note_flags_of_referral();

-- Which rows a statement changed, for whoever follows: asked by a plan that is kept for each table, where a text that is put
-- together was read and planned anew each time, ten times a step. A column that is none of these is still found.
CREATE OR REPLACE FUNCTION cru.note_rows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    found uuid[];
BEGIN
    IF TG_ARGV[0] = 'id' THEN
        SELECT array_agg(DISTINCT c.id) INTO found FROM changed c;
    ELSIF TG_ARGV[0] = 'referral_id' THEN
        SELECT array_agg(DISTINCT c.referral_id) INTO found FROM changed c WHERE c.referral_id IS NOT NULL;
    ELSIF TG_ARGV[0] = 'van_id' THEN
        SELECT array_agg(DISTINCT c.van_id) INTO found FROM changed c WHERE c.van_id IS NOT NULL;
    ELSE
        EXECUTE format('SELECT array_agg(DISTINCT %I) FROM changed WHERE %I IS NOT NULL', TG_ARGV[0], TG_ARGV[0]) INTO found;
    END IF;
    PERFORM note_change(coalesce(TG_ARGV[1], TG_TABLE_NAME), coalesce(found, '{}'));
    RETURN NULL;
END $$;
