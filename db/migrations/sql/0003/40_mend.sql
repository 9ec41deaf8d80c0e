-- Mend what breaks a limit, keep what was there, then let every limit count.

-- A day's counter of references is of no use on a day that no referral can have any more.
WITH gone AS (DELETE FROM cru.referral_day WHERE NOT day BETWEEN '2000-01-01' AND '2199-12-31' RETURNING day)
INSERT INTO cru.mended (table_name, row_id, column_name, was, now, revision)
SELECT 'referral_day', day::text, 'day', day::text, NULL, '0003' FROM gone;

DO $$
DECLARE
    t record;
    f record;
    broken text;
    failed text;
BEGIN
    -- A key and those who refer to it are mended one after the other.
    FOR f IN SELECT c.conrelid::regclass AS tab, c.conname FROM pg_constraint c
             WHERE c.contype = 'f' AND c.connamespace = 'cru'::regnamespace AND c.conparentid = 0 LOOP
        EXECUTE format('ALTER TABLE %s ALTER CONSTRAINT %I DEFERRABLE INITIALLY DEFERRED', f.tab, f.conname);
    END LOOP;
    -- The guards and the events are about what people do. Nothing was done here; whoever looks at rows is still told.
    FOR f IN SELECT g.tgrelid::regclass AS tab, g.tgname FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid
             WHERE c.relnamespace = 'cru'::regnamespace AND g.tgname IN ('guard', 'log', 'then_follow') LOOP
        EXECUTE format('ALTER TABLE %s DISABLE TRIGGER %I', f.tab, f.tgname);
    END LOOP;
    -- The service first: what has no time of its own takes the record's clock.
    FOR t IN
        SELECT b.tab, bool_or(b.col = 'version' AND b.tab <> 'screening_tool') AS counted,
               string_agg(format('%L, %s', b.col, b.instead), ', ') AS instead,
               string_agg(format('%1$I = (jsonb_populate_record(t, b.now)).%1$I', b.col), ', ')
                   FILTER (WHERE b.col <> 'version' OR b.tab = 'screening_tool') AS assigned
        FROM cru.bound b JOIN pg_attribute a ON a.attrelid = ('cru.' || b.tab)::regclass AND a.attname = b.col
        WHERE a.attidentity = '' AND b.tab <> 'mended'
        GROUP BY b.tab ORDER BY b.tab <> 'service', b.tab
    LOOP
        SELECT string_agg(format('(%s) IS FALSE', pg_get_expr(conbin, conrelid)), ' OR ') INTO broken
        FROM pg_constraint WHERE conrelid = ('cru.' || t.tab)::regclass AND contype = 'c' AND NOT convalidated;
        BEGIN
            EXECUTE format(
                'WITH b AS MATERIALIZED ('
                '    SELECT %1$I.tableoid AS part, %1$I.ctid AS place, to_jsonb(%1$I) AS was, jsonb_build_object(%2$s) AS now'
                '    FROM cru.%1$I WHERE %3$s'
                '), listed AS ('
                '    INSERT INTO cru.mended (table_name, row_id, column_name, was, now, revision)'
                '    SELECT %4$L, (SELECT string_agg(b.was ->> a.attname, '' '') FROM pg_index i JOIN pg_attribute a'
                '            ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)'
                '            WHERE i.indrelid = ''cru.%1$I''::regclass AND i.indisprimary),'
                '        c.key, b.was ->> c.key, b.now ->> c.key, ''0003'''
                '    FROM b, jsonb_each(b.now) AS c WHERE c.value IS DISTINCT FROM b.was -> c.key'
                ') UPDATE cru.%1$I t SET %5$s FROM b WHERE t.tableoid = b.part AND t.ctid = b.place',
                t.tab, t.instead, broken, t.tab, t.assigned
                || CASE WHEN t.counted THEN ', version = (jsonb_populate_record(t, b.now)).version + 1' ELSE '' END);
        EXCEPTION WHEN integrity_constraint_violation THEN
            GET STACKED DIAGNOSTICS failed = CONSTRAINT_NAME;
            PERFORM cru.refuse(format('A row of "%s" breaks the limits of this program and cannot be mended (%s).', t.tab,
                                      failed), 'Mend it by hand, then upgrade again. Nothing was changed.');
        END;
    END LOOP;
END $$;
