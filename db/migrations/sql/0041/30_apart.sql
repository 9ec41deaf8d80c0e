-- Two that were taken for one person and are not: what followed from it goes with it. Flags are found by who is the same
-- and leave by themselves; what was taken over, and a flag of the one that was gone on with at the other, are rows.
CREATE INDEX about_me_from_id_idx ON cru.about_me (from_id) WHERE from_id IS NOT NULL;
CREATE INDEX flag_extends_id_idx ON cru.flag (extends_id) WHERE extends_id IS NOT NULL;

-- What was taken over, from these or by these, along a line in which somebody is another person now.
CREATE FUNCTION cru.end_what_was_taken_over(the_ids uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    WITH RECURSIVE below AS (
        SELECT id FROM about_me WHERE referral_id = ANY (the_ids)
        UNION SELECT b.id FROM about_me b JOIN below ON b.from_id = below.id),
    line AS (
        SELECT a.id, a.referral_id, a.from_id FROM about_me a JOIN below USING (id)
            WHERE a.from_id IS NOT NULL AND a.ended_at IS NULL AND a.taken_back_at IS NULL
        UNION SELECT l.id, l.referral_id, up.from_id FROM line l JOIN about_me up ON up.id = l.from_id WHERE up.from_id IS NOT NULL)
    UPDATE about_me a SET ended_at = clock_now() WHERE a.id IN (
        SELECT l.id FROM line l JOIN about_me up ON up.id = l.from_id
        WHERE up.referral_id NOT IN (SELECT same_person_as(l.referral_id)))
$$;

-- A flag of the one person that somebody went on with at the other goes back to where it came from, to be looked at on
-- the day that was said last.
CREATE FUNCTION cru.give_flags_back(the_ids uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    gone record;
BEGIN
    FOR gone IN
        WITH RECURSIVE below AS (
            SELECT id FROM flag WHERE referral_id = ANY (the_ids)
            UNION SELECT b.id FROM flag b JOIN below ON b.extends_id = below.id),
        line AS (
            SELECT f.id, f.id AS up, f.extends_id, 0 AS far FROM flag f JOIN below USING (id)
                WHERE f.subject = 'person' AND f.withdrawn_at IS NULL AND f.taken_back_at IS NULL
            UNION SELECT l.id, f.id, f.extends_id, l.far + 1 FROM line l JOIN flag f ON f.id = l.extends_id),
        apart AS (
            SELECT DISTINCT ON (l.id) l.id, u.referral_id AS home FROM line l JOIN flag u ON u.id = l.up JOIN flag f ON f.id = l.id
            WHERE u.referral_id NOT IN (SELECT same_person_as(f.referral_id)) ORDER BY l.id, l.far DESC)
        SELECT f.*, a.home FROM apart a JOIN flag f ON f.id = a.id
    LOOP
        UPDATE flag SET withdrawn_at = clock_now(), withdrawn_reason = 'not the same person' WHERE id = gone.id;
        IF gone.expires_at > clock_now() THEN
            INSERT INTO flag (referral_id, subject, kind, reason, danger, expires_at)
            VALUES (gone.home, gone.subject, gone.kind, gone.reason, gone.danger, gone.expires_at);
        END IF;
    END LOOP;
END $$;

CREATE FUNCTION cru.then_apart() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    here jsonb := to_jsonb(NEW);
    -- All of both: what is apart now may have been one by way of a third.
    both_ids uuid[] := ARRAY (SELECT DISTINCT s FROM unnest(ARRAY[here ->> 'id', here ->> 'referral_id', here ->> 'other_id']) AS one
        CROSS JOIN LATERAL same_person_as(one::uuid) AS s WHERE one IS NOT NULL);
BEGIN
    PERFORM end_what_was_taken_over(both_ids);
    PERFORM give_flags_back(both_ids);
    RETURN NULL;
END $$;

-- Before the dangers are worked out anew: a flag that comes back has its say.
CREATE TRIGGER then_apart AFTER INSERT OR UPDATE ON cru.same_person FOR EACH ROW
    WHEN (NEW.is_same IS FALSE OR NEW.taken_back_at IS NOT NULL) EXECUTE FUNCTION cru.then_apart();
CREATE TRIGGER then_apart AFTER UPDATE OF nhs_number, entered_in_error_at ON cru.referral FOR EACH ROW
    WHEN ((OLD.nhs_number, OLD.entered_in_error_at) IS DISTINCT FROM (NEW.nhs_number, NEW.entered_in_error_at))
    EXECUTE FUNCTION cru.then_apart();

REVOKE ALL ON FUNCTION cru.end_what_was_taken_over(uuid[]), cru.give_flags_back(uuid[]), cru.then_apart() FROM PUBLIC;
