-- Guards, events, and who may do what: a desk writes down what was said, a shift lead says what becomes of it.
DROP TRIGGER guard ON cru.feedback;
DROP TRIGGER log ON cru.feedback;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON cru.feedback FOR EACH ROW
    WHEN (NOT cru.is_being_restored('feedback', NEW.id)) EXECUTE FUNCTION cru.guard_feedback();
CREATE TRIGGER log AFTER INSERT OR UPDATE ON cru.feedback FOR EACH ROW
    WHEN (NOT cru.is_being_restored('feedback', NEW.id)) EXECUTE FUNCTION cru.log_feedback();
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON cru.improvement FOR EACH ROW EXECUTE FUNCTION cru.guard_improvement();
CREATE TRIGGER log AFTER INSERT OR UPDATE ON cru.improvement FOR EACH ROW EXECUTE FUNCTION cru.log_improvement();
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON cru.review FOR EACH ROW EXECUTE FUNCTION cru.guard_review();
CREATE TRIGGER log AFTER INSERT ON cru.review FOR EACH ROW EXECUTE FUNCTION cru.log_review();
CREATE TRIGGER listed BEFORE INSERT OR UPDATE ON cru.feedback_theme FOR EACH ROW EXECUTE FUNCTION cru.guard_listed();
CREATE TRIGGER log AFTER INSERT OR UPDATE ON cru.feedback_theme FOR EACH ROW EXECUTE FUNCTION cru.log_listed();
CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON cru.feedback_theme
    FOR EACH STATEMENT EXECUTE FUNCTION cru.note_whole('reference');

-- They are said anew, and nothing that Undo restores.
DO $$
DECLARE
    found text := (SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = 'cru.event'::regclass AND tgname = 'act');
BEGIN
    DROP TRIGGER act ON cru.event;
    EXECUTE regexp_replace(found, '\mWHEN \((.*)\) EXECUTE', 'WHEN ((\1) AND NEW.kind <> ALL (''{improvement made,'
        'improvement changed,reviewed}''::text[])) EXECUTE');
END $$;

REVOKE ALL ON FUNCTION cru.guard_feedback(), cru.log_feedback(), cru.guard_improvement(), cru.log_improvement(),
    cru.guard_review(), cru.log_review() FROM PUBLIC;
GRANT SELECT ON cru.feedback_theme TO cru_viewer, cru_dispatcher;
GRANT INSERT (label, rank, active), UPDATE (rank, active) ON cru.feedback_theme TO cru_shift_lead;
GRANT SELECT ON cru.improvement, cru.review TO cru_dispatcher;
GRANT INSERT (kind, consent, themes), UPDATE (kind, consent, themes) ON cru.feedback TO cru_dispatcher;
GRANT INSERT (id, feedback_id, said, raised_by, owner, due_on, state, did),
    UPDATE (version, said, owner, due_on, state, did) ON cru.improvement TO cru_shift_lead;
GRANT INSERT (id, kind, about, referral_id, words) ON cru.review TO cru_shift_lead;

INSERT INTO cru.feedback_theme (label, rank, author)
SELECT label, rank, 'default set' FROM unnest(ARRAY['how we arrived', 'how long it took', 'being listened to', 'who came',
    'what was agreed, and kept', 'what came after', 'language and access', 'working together'])
    WITH ORDINALITY AS t(label, rank) WHERE EXISTS (SELECT FROM cru.wish);
