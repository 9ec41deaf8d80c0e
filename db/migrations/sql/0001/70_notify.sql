-- The way out: every statement that changes a mirrored table says which rows, after commit, as "table:id,id,...".
-- NOTIFY takes a database-wide lock at commit, so it is one a statement and never one a row.

CREATE FUNCTION cru.notify_rows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    part record;
BEGIN
    -- A payload holds 8,000 bytes; 200 ids of 37 bytes fit.
    FOR part IN EXECUTE format(
        'SELECT string_agg(id, '','') AS ids FROM (SELECT id, (row_number() OVER () - 1) / 200 AS page FROM '
        '(SELECT DISTINCT %I::text AS id FROM changed WHERE %I IS NOT NULL) d) p GROUP BY page', TG_ARGV[0], TG_ARGV[0]) LOOP
        PERFORM pg_notify('console', TG_TABLE_NAME || ':' || part.ids);
    END LOOP;
    RETURN NULL;
END $$;

CREATE FUNCTION cru.notify_reference() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    PERFORM pg_notify('console', 'reference:' || TG_TABLE_NAME);
    RETURN NULL;
END $$;

DO $$
DECLARE
    t record;
BEGIN
    FOR t IN SELECT * FROM (VALUES ('referral', 'id'), ('screening', 'id'), ('assignment', 'id'), ('handover', 'id'),
                            ('van', 'id'), ('shift', 'id'), ('position', 'van_id'), ('event', 'referral_id'))
                       AS v(name, key) LOOP
        EXECUTE format('CREATE TRIGGER notify_insert AFTER INSERT ON cru.%I REFERENCING NEW TABLE AS changed '
                       'FOR EACH STATEMENT EXECUTE FUNCTION cru.notify_rows(%L)', t.name, t.key);
        IF t.name <> 'event' THEN
            EXECUTE format('CREATE TRIGGER notify_update AFTER UPDATE ON cru.%I REFERENCING NEW TABLE AS changed '
                           'FOR EACH STATEMENT EXECUTE FUNCTION cru.notify_rows(%L)', t.name, t.key);
        END IF;
    END LOOP;
    FOR t IN SELECT unnest('{device,service,user_account,priority,referral_source,screening_tool,screening_item,reason,outcome,wish,van_base,destination,staff}'::text[]) AS name LOOP
        EXECUTE format('CREATE TRIGGER notify AFTER INSERT OR UPDATE OR DELETE ON cru.%I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION cru.notify_reference()', t.name);
    END LOOP;
END $$;
