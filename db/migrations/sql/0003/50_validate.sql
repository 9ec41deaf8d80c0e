-- From here on every row keeps to the limits. Then everything is as it was.

DO $$
DECLARE
    c record;
    failed text;
BEGIN
    BEGIN
        SET CONSTRAINTS ALL IMMEDIATE;
    EXCEPTION WHEN foreign_key_violation THEN
        GET STACKED DIAGNOSTICS failed = CONSTRAINT_NAME;
        PERFORM cru.refuse(format('A row breaks a limit of this program and cannot be mended (%s).', failed),
                           'Mend it by hand, then upgrade again. Nothing was changed.');
    END;
    -- One statement a table is one scan of it.
    FOR c IN SELECT conrelid::regclass AS tab, string_agg(format('VALIDATE CONSTRAINT %I', conname), ', ') AS all_of_it
             FROM pg_constraint WHERE connamespace = 'cru'::regnamespace AND contype = 'c' AND NOT convalidated
             AND conparentid = 0 AND conislocal GROUP BY 1 ORDER BY 1 LOOP
        BEGIN
            EXECUTE format('ALTER TABLE %s %s', c.tab, c.all_of_it);
        EXCEPTION WHEN check_violation THEN
            GET STACKED DIAGNOSTICS failed = CONSTRAINT_NAME;
            PERFORM cru.refuse(format('A row breaks a limit of this program and cannot be mended (%s).', failed),
                               'Mend it by hand, then upgrade again. Nothing was changed.');
        END;
    END LOOP;
    FOR c IN SELECT g.tgrelid::regclass AS tab, g.tgname FROM pg_trigger g JOIN pg_class r ON r.oid = g.tgrelid
             WHERE r.relnamespace = 'cru'::regnamespace AND g.tgname IN ('guard', 'log', 'then_follow') LOOP
        EXECUTE format('ALTER TABLE %s ENABLE TRIGGER %I', c.tab, c.tgname);
    END LOOP;
    FOR c IN SELECT conrelid::regclass AS tab, conname FROM pg_constraint
             WHERE contype = 'f' AND connamespace = 'cru'::regnamespace AND conparentid = 0 LOOP
        EXECUTE format('ALTER TABLE %s ALTER CONSTRAINT %I NOT DEFERRABLE', c.tab, c.conname);
    END LOOP;
END $$;

DROP TABLE cru.bound;
DROP FUNCTION cru.mended_end(cru.shift), cru.mended_start(cru.shift), cru.is_near(timestamptz, timestamptz),
    cru.mended_plan(jsonb), cru.when_recorded(uuid, uuid, text), cru.believable(timestamptz[]);
