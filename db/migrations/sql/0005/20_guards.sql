-- The guards let one change through unasked: the one that restores a row, by the record's own function, in the
-- transaction and for the row that stand in a private mark. No client can write the mark, and the function takes it
-- away before it returns; what a session sets is never asked. A trigger's condition is checked as whoever writes, so
-- whoever writes may call it.
CREATE FUNCTION cru.is_being_restored(the_table text, the_row uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    -- Asked several times for every row that anybody changes: in this language the plan is kept.
    RETURN EXISTS (SELECT FROM act_part WHERE restoring = pg_current_xact_id_if_assigned()::text::bigint
                   AND table_name = the_table AND row_id = the_row::text);
END $$;

-- What was taken back did not happen, and nothing more happens to it.
CREATE FUNCTION cru.guard_taken_back() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    PERFORM refuse(format('This %s was taken back.', TG_TABLE_NAME), 'Do it anew if it did happen.', 'CR001');
    RETURN NULL;
END $$;

DO $$
DECLARE
    t record;
BEGIN
    FOR t IN SELECT * FROM (VALUES
        ('referral', 'bounds', 'BEFORE UPDATE OF hold_until', 'bound_hold()'),
        ('referral', 'guard', 'BEFORE INSERT OR UPDATE', 'guard_referral()'),
        ('referral', 'log', 'AFTER INSERT OR UPDATE', 'log_referral()'),
        ('screening', 'guard', 'BEFORE INSERT OR UPDATE', 'guard_screening()'),
        ('screening', 'log', 'AFTER INSERT OR UPDATE', 'log_screening()'),
        ('assignment', 'guard', 'BEFORE INSERT OR UPDATE', 'guard_assignment()'),
        ('assignment', 'log', 'AFTER INSERT OR UPDATE', 'log_assignment()'),
        ('assignment', 'then_follow', 'AFTER INSERT OR UPDATE OF state', 'follow_assignment()'),
        ('handover', 'guard', 'BEFORE INSERT OR UPDATE', 'guard_handover()'),
        ('handover', 'log', 'AFTER INSERT OR UPDATE', 'log_handover()'),
        ('van', 'bounds', 'BEFORE UPDATE OF emergency_at', 'bound_van()'),
        ('van', 'guard', 'BEFORE INSERT OR UPDATE', 'guard_van()'),
        ('van', 'log', 'AFTER UPDATE', 'log_van()'),
        ('shift', 'guard', 'BEFORE INSERT OR UPDATE', 'guard_shift()'),
        ('shift', 'log', 'AFTER INSERT OR UPDATE', 'log_shift()'),
        ('feedback', 'guard', 'BEFORE INSERT OR UPDATE', 'guard_author(''recorded'')'),
        ('flag', 'guard', 'BEFORE INSERT OR UPDATE', 'guard_author(''added'')')
    ) AS v(tab, name, moment, called) LOOP
        EXECUTE format('DROP TRIGGER %I ON cru.%I', t.name, t.tab);
        EXECUTE format('CREATE TRIGGER %I %s ON cru.%I FOR EACH ROW WHEN (NOT cru.is_being_restored(%L, NEW.id))'
                       ' EXECUTE FUNCTION cru.%s', t.name, t.moment, t.tab, t.tab, t.called);
    END LOOP;
    FOR t IN SELECT unnest('{feedback,flag}'::text[]) AS tab LOOP
        EXECUTE format('CREATE TRIGGER guard_delete BEFORE DELETE ON cru.%I FOR EACH ROW'
                       ' EXECUTE FUNCTION cru.guard_author('''')', t.tab);
    END LOOP;
    FOR t IN SELECT unnest('{referral,screening,assignment,handover,van,shift,feedback,flag}'::text[]) AS tab LOOP
        EXECUTE format('CREATE TRIGGER act AFTER %s ON cru.%I FOR EACH ROW WHEN (NOT cru.is_being_restored(%L, NEW.id))'
                       ' EXECUTE FUNCTION cru.note_act()',
                       CASE t.tab WHEN 'van' THEN 'UPDATE' ELSE 'INSERT OR UPDATE' END, t.tab, t.tab);
    END LOOP;
    FOR t IN SELECT unnest('{screening,assignment,handover,shift,flag,feedback}'::text[]) AS tab LOOP
        EXECUTE format('CREATE TRIGGER a_taken_back BEFORE UPDATE ON cru.%I FOR EACH ROW'
                       ' WHEN (OLD.taken_back_at IS NOT NULL) EXECUTE FUNCTION cru.guard_taken_back()', t.tab);
    END LOOP;
END $$;

-- A look is no act, and to take back is none either: nobody takes back a taking back.
CREATE TRIGGER act AFTER INSERT ON cru.event
    FOR EACH ROW WHEN (NEW.kind <> 'record opened' AND NEW.kind NOT LIKE '% taken back')
    EXECUTE FUNCTION cru.note_act();

-- A screening that was taken back lets nobody through.
CREATE OR REPLACE FUNCTION cru.screening_lets_through(the_referral uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    -- Any "yes" or "not known" blocks until a named clinician overrides; so does a question nobody answered.
    SELECT coalesce((
        SELECT NOT EXISTS (SELECT FROM cru.screening_item i WHERE i.tool_version = s.tool_version
                           AND s.answers ->> i.key IS NULL)
           AND EXISTS (SELECT FROM cru.screening_item i WHERE i.tool_version = s.tool_version)
           AND (s.override_at IS NOT NULL
                OR NOT EXISTS (SELECT FROM jsonb_each_text(s.answers) a WHERE a.value IS DISTINCT FROM 'no'))
        FROM cru.screening s WHERE s.referral_id = the_referral AND s.taken_back_at IS NULL
        ORDER BY s.completed_at DESC, s.id LIMIT 1), false)
$$;
