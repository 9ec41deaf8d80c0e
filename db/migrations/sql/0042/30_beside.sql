-- What was there before, with calls in mind. Each function is taken as it stands, so that what came since is kept.
DO $$
DECLARE
    f record;
    body text;
BEGIN
    FOR f IN SELECT * FROM (VALUES
        -- Whoever ends a call without a referral takes it off every count, which else is for a shift lead.
        ('guard_referral()', 'AND NOT cru.is_lead() THEN
        PERFORM cru.refuse(''Only a shift lead marks', 'AND NOT cru.is_lead() AND NOT cru.ended_without(NEW.id) THEN
        PERFORM cru.refuse(''Only a shift lead marks'),
        -- What is typed while the caller speaks is one thing, and told when it is saved.
        ('log_referral()', 'PERFORM log_details(before, to_jsonb(NEW), NEW.id, NULL, logged);',
         'IF NOT is_on_the_phone(NEW.id) THEN
        PERFORM log_details(before, to_jsonb(NEW), NEW.id, NULL, logged);
    END IF;'),
        ('facts_of(uuid[])', 'WHERE r.id = ANY (the_ids)', 'WHERE r.id = ANY (the_ids) AND NOT is_no_referral(r.id)')
    ) AS v(name, was, becomes) LOOP
        body := pg_get_functiondef(('cru.' || f.name)::regprocedure);
        IF (length(body) - length(replace(body, f.was, ''))) <> length(f.was) THEN
            RAISE EXCEPTION 'cru.% is not as it was', f.name;
        END IF;
        EXECUTE replace(body, f.was, f.becomes);
    END LOOP;
    -- The wall shows what is a referral.
    EXECUTE 'CREATE OR REPLACE VIEW cru.referral_wall AS ' || rtrim(pg_get_viewdef('cru.referral_wall'::regclass), '; ')
        || ' WHERE NOT EXISTS (SELECT FROM cru.intake_call c WHERE c.referral_id = referral.id AND c.ended_how <> ''referral'')';
END $$;

-- What is saved while the caller speaks is no act that anybody takes back.
DROP TRIGGER act ON cru.referral;
CREATE TRIGGER act AFTER INSERT OR UPDATE ON cru.referral FOR EACH ROW
    WHEN (NOT cru.is_being_restored('referral', NEW.id) AND NOT cru.is_on_the_phone(NEW.id)) EXECUTE FUNCTION cru.note_act();
-- A trigger's condition is checked as whoever writes.
GRANT EXECUTE ON FUNCTION cru.is_on_the_phone(uuid) TO cru_dispatcher;

INSERT INTO cru.reason (kind, code, label, rank, author)
SELECT 'call', r.code, r.label, 1000 + r.rank, 'default set' FROM (VALUES
    ('wrong_number', 'Wrong number', 1), ('not_reached', 'The caller hung up and was not reached', 2),
    ('known', 'Known already: another referral', 3), ('advice', 'Advice was enough, nobody is referred', 4),
    ('elsewhere', 'Put through to another service', 5)
) AS r (code, label, rank) WHERE EXISTS (SELECT FROM cru.wish) ON CONFLICT DO NOTHING;

INSERT INTO cru.alarm_kind (code, label, priority, delay_seconds, times, stays, shelvable, what_to_do, rank, author)
SELECT k.*, 'default set' FROM (VALUES
    ('call_back', 'Caller to be called back', 2, 0, 1, false, true, 'Call the caller back, or end the call with a reason.', 19),
    ('call_left', 'Call left lying', 2, 600, 1, false, true, 'Nothing was typed for long: go on with the call, or take it over.', 20)
) AS k (code, label, priority, delay_seconds, times, stays, shelvable, what_to_do, rank) WHERE EXISTS (SELECT FROM cru.wish)
ON CONFLICT DO NOTHING;
