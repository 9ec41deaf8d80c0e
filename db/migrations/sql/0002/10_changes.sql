-- The way out: every statement that changes a mirrored table writes which rows, in the same transaction, and a notice
-- wakes whoever follows. What changed is always read from the list; a lost, late, doubled or forged notice costs time.

CREATE FUNCTION cru.note_change(the_entity text, the_ids uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF cardinality(the_ids) = 0 THEN
        RETURN;
    END IF;
    -- More than 200 are not named one by one: reading them all costs less than a list that every console is sent.
    INSERT INTO change (entity, ids) VALUES (the_entity, CASE WHEN cardinality(the_ids) <= 200 THEN the_ids END);
    -- A console follows the list and takes the first word as a hint only. The ids are for one of the version before,
    -- which may still be open while the record is upgraded, and knows no list. NOTIFY takes a lock across the whole
    -- database at commit, so it is one a statement and never one a row.
    PERFORM pg_notify('console', the_entity || ':'
        || CASE WHEN cardinality(the_ids) <= 200 THEN array_to_string(the_ids, ',') ELSE '' END);
END $$;

-- AFTER INSERT, UPDATE or DELETE, once a statement; the argument names the column that holds the ids.
CREATE FUNCTION cru.note_rows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    found uuid[];
BEGIN
    EXECUTE format('SELECT coalesce(array_agg(DISTINCT %I), ''{}'') FROM changed WHERE %I IS NOT NULL',
                   TG_ARGV[0], TG_ARGV[0]) INTO found;
    PERFORM note_change(coalesce(TG_ARGV[1], TG_TABLE_NAME), found);
    RETURN NULL;
END $$;

-- A crew's members are part of what is shown of a shift; configurable data is read as a whole; a table that was
-- emptied leaves nothing to name.
CREATE FUNCTION cru.note_whole() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    INSERT INTO change (entity) VALUES (TG_ARGV[0]);
    PERFORM pg_notify('console', TG_ARGV[0] || ':' || TG_TABLE_NAME);
    RETURN NULL;
END $$;

DO $$
DECLARE
    t record;
BEGIN
    FOR t IN SELECT * FROM (VALUES ('referral', 'id', 'referral'), ('screening', 'id', 'screening'),
                            ('assignment', 'id', 'assignment'), ('handover', 'id', 'handover'), ('van', 'id', 'van'),
                            ('shift', 'id', 'shift'), ('shift_member', 'shift_id', 'shift'),
                            ('position', 'van_id', 'position'), ('event', 'referral_id', 'event'))
                       AS v(name, key, entity) LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS notify_insert ON cru.%I', t.name);
        EXECUTE format('DROP TRIGGER IF EXISTS notify_update ON cru.%I', t.name);
        EXECUTE format('CREATE TRIGGER note_insert AFTER INSERT ON cru.%I REFERENCING NEW TABLE AS changed '
                       'FOR EACH STATEMENT EXECUTE FUNCTION cru.note_rows(%L, %L)', t.name, t.key, t.entity);
        EXECUTE format('CREATE TRIGGER note_update AFTER UPDATE ON cru.%I REFERENCING NEW TABLE AS changed '
                       'FOR EACH STATEMENT EXECUTE FUNCTION cru.note_rows(%L, %L)', t.name, t.key, t.entity);
        EXECUTE format('CREATE TRIGGER note_delete AFTER DELETE ON cru.%I REFERENCING OLD TABLE AS changed '
                       'FOR EACH STATEMENT EXECUTE FUNCTION cru.note_rows(%L, %L)', t.name, t.key, t.entity);
        EXECUTE format('CREATE TRIGGER note_truncate AFTER TRUNCATE ON cru.%I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION cru.note_whole(''all'')', t.name);
    END LOOP;
    FOR t IN SELECT unnest('{device,service,user_account,priority,referral_source,screening_tool,screening_item,reason,outcome,wish,van_base,destination,staff}'::text[]) AS name LOOP
        EXECUTE format('DROP TRIGGER notify ON cru.%I', t.name);
        EXECUTE format('CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON cru.%I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION cru.note_whole(''reference'')', t.name);
    END LOOP;
END $$;

DROP FUNCTION cru.notify_rows();
DROP FUNCTION cru.notify_reference();
