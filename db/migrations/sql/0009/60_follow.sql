-- What stands against a referral is kept beside it, so that every console shows what the record would say. It is worked
-- out anew by whatever it depends on, also when that is taken back: so these triggers ask for no mark of restoring.

CREATE FUNCTION cru.follow_danger(the_referral uuid, quiet boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    was cru.danger;
    stands_now jsonb;
    decided_now jsonb;
    came text;
    state_now text;
BEGIN
    INSERT INTO danger (referral_id) VALUES (the_referral) ON CONFLICT DO NOTHING;
    -- Locked before it is worked out: of two who change at once, the second sees what the first did.
    SELECT * INTO was FROM danger WHERE referral_id = the_referral FOR UPDATE;
    SELECT coalesce(jsonb_agg(to_jsonb(s)), '[]') INTO stands_now FROM stands_against(the_referral) s;
    SELECT coalesce(jsonb_agg(jsonb_build_object('kind', d.kind, 'clinician', d.clinician, 'reason', d.reason,
        'by', d.decided_by, 'at', d.decided_at, 'covers', to_jsonb(d.covers)) ORDER BY d.decided_at, d.id), '[]')
        INTO decided_now FROM decision d WHERE d.referral_id = the_referral AND d.taken_back_at IS NULL;
    IF stands_now = was.stands AND decided_now = was.decided THEN
        RETURN;
    END IF;
    SELECT string_agg(n ->> 'words', '; ') INTO came FROM jsonb_array_elements(stands_now) AS n
        WHERE n ->> 'kind' <> 'unread' AND NOT EXISTS (
            SELECT FROM jsonb_array_elements(was.stands) AS w WHERE w ->> 'what' = n ->> 'what');
    UPDATE danger SET version = version + 1, stands = stands_now, decided = decided_now, since_at = CASE
            WHEN NOT jsonb_path_exists(stands_now, '$[*] ? (@.kind != "unread")') THEN NULL
            WHEN came IS NOT NULL THEN clock_now() ELSE coalesce(since_at, clock_now()) END
        WHERE referral_id = the_referral;
    SELECT state INTO state_now FROM referral WHERE id = the_referral AND entered_in_error_at IS NULL;
    IF quiet OR state_now IS NULL OR state_now = 'received' OR state_now <> ALL (open_referral_states()) THEN
        RETURN;
    END IF;
    IF came IS NOT NULL THEN
        PERFORM write_event(the_referral, NULL, 'danger', clock_now(), left(came, 2000));
    ELSIF jsonb_array_length(stands_now) = 0 AND jsonb_path_exists(was.stands, '$[*] ? (@.kind != "unread")') THEN
        PERFORM write_event(the_referral, NULL, 'danger over', clock_now());
    END IF;
END $$;

CREATE FUNCTION cru.then_danger() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    here jsonb := to_jsonb(NEW);
BEGIN
    PERFORM follow_danger(CASE TG_TABLE_NAME WHEN 'referral' THEN here ->> 'id' ELSE here ->> 'referral_id' END::uuid,
        TG_TABLE_NAME <> 'reading' AND TG_TABLE_NAME <> 'event' AND is_being_restored(TG_TABLE_NAME, (here ->> 'id')::uuid));
    RETURN NULL;
END $$;

CREATE TRIGGER then_danger AFTER INSERT OR UPDATE OF triage_scale, narrative ON cru.referral
    FOR EACH ROW EXECUTE FUNCTION cru.then_danger();
CREATE TRIGGER then_danger AFTER INSERT ON cru.reading FOR EACH ROW EXECUTE FUNCTION cru.then_danger();
CREATE TRIGGER then_danger AFTER INSERT OR UPDATE ON cru.screening FOR EACH ROW EXECUTE FUNCTION cru.then_danger();
CREATE TRIGGER then_danger AFTER INSERT OR UPDATE ON cru.flag FOR EACH ROW EXECUTE FUNCTION cru.then_danger();
CREATE TRIGGER then_danger AFTER INSERT OR UPDATE ON cru.decision FOR EACH ROW EXECUTE FUNCTION cru.then_danger();
CREATE TRIGGER then_danger AFTER INSERT ON cru.event FOR EACH ROW
    WHEN (NEW.kind IN ('note taken back', 'details changed taken back') AND NEW.referral_id IS NOT NULL)
    EXECUTE FUNCTION cru.then_danger();

-- That danger came, or is over, follows from what somebody did: it is told beside it, and is nobody's act by itself.
DROP TRIGGER act ON cru.event;
CREATE TRIGGER act AFTER INSERT ON cru.event FOR EACH ROW
    WHEN (NEW.kind NOT IN ('record opened', 'danger', 'danger over') AND NEW.kind NOT LIKE '% taken back')
    EXECUTE FUNCTION cru.note_act();

-- Consoles are told.
CREATE TRIGGER note_insert AFTER INSERT ON cru.danger REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION cru.note_rows('referral_id', 'danger');
CREATE TRIGGER note_update AFTER UPDATE ON cru.danger REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION cru.note_rows('referral_id', 'danger');
CREATE TRIGGER note_delete AFTER DELETE ON cru.danger REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION cru.note_rows('referral_id', 'danger');
CREATE TRIGGER note_truncate AFTER TRUNCATE ON cru.danger
    FOR EACH STATEMENT EXECUTE FUNCTION cru.note_whole('all');

REVOKE ALL ON FUNCTION cru.follow_danger(uuid, boolean), cru.then_danger() FROM PUBLIC;
