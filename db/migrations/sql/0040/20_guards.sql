CREATE FUNCTION cru.guard_crew_word() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    -- Locked: a crew that is cleared in the same moment is cleared before, or after.
    PERFORM FROM assignment WHERE id = NEW.assignment_id AND referral_id = NEW.referral_id AND state = ANY (at_scene_states())
        AND taken_back_at IS NULL FOR SHARE;
    IF NOT FOUND THEN
        PERFORM refuse('That crew is not with anybody now.', 'Look at the van again.', 'CR001');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION cru.log_crew_word() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    PERFORM write_event(NEW.referral_id, (SELECT van_id FROM assignment WHERE id = NEW.assignment_id), 'crew well', clock_now(),
        NEW.words, jsonb_strip_nulls(jsonb_build_object('channel', NEW.channel, 'about', nullif(NEW.said_by, ''))));
    RETURN NULL;
END $$;

CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON cru.crew_word FOR EACH ROW
    WHEN (NOT cru.is_being_restored('crew_word', NEW.id)) EXECUTE FUNCTION cru.guard_author('recorded');
CREATE TRIGGER guard_delete BEFORE DELETE ON cru.crew_word FOR EACH ROW EXECUTE FUNCTION cru.guard_author('');
CREATE TRIGGER guard_job BEFORE INSERT ON cru.crew_word FOR EACH ROW
    WHEN (NOT cru.is_being_restored('crew_word', NEW.id)) EXECUTE FUNCTION cru.guard_crew_word();
CREATE TRIGGER act AFTER INSERT OR UPDATE ON cru.crew_word FOR EACH ROW
    WHEN (NOT cru.is_being_restored('crew_word', NEW.id)) EXECUTE FUNCTION cru.note_act();
CREATE TRIGGER a_taken_back BEFORE UPDATE ON cru.crew_word FOR EACH ROW
    WHEN (OLD.taken_back_at IS NOT NULL) EXECUTE FUNCTION cru.guard_taken_back();
CREATE TRIGGER log AFTER INSERT ON cru.crew_word FOR EACH ROW
    WHEN (NOT cru.is_being_restored('crew_word', NEW.id)) EXECUTE FUNCTION cru.log_crew_word();
CREATE TRIGGER note_insert AFTER INSERT ON cru.crew_word REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION cru.note_rows('id', 'crew_word');
CREATE TRIGGER note_update AFTER UPDATE ON cru.crew_word REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION cru.note_rows('id', 'crew_word');
CREATE TRIGGER note_truncate AFTER TRUNCATE ON cru.crew_word
    FOR EACH STATEMENT EXECUTE FUNCTION cru.note_whole('all');

REVOKE ALL ON FUNCTION cru.guard_crew_word(), cru.log_crew_word() FROM PUBLIC;
GRANT SELECT ON cru.crew_word TO cru_dispatcher;
GRANT INSERT (id, referral_id, assignment_id, channel, said_by, words) ON cru.crew_word TO cru_dispatcher;
