-- Who is responsible, was told, decided or read something back is somebody: asked where a name is written, and of none that
-- stands there already.
CREATE FUNCTION cru.guard_named() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    this jsonb := to_jsonb(NEW);
    was jsonb := CASE TG_OP WHEN 'UPDATE' THEN to_jsonb(OLD) ELSE '{}' END;
    name text;
BEGIN
    FOREACH name IN ARRAY TG_ARGV LOOP
        IF is_said(this ->> name) AND this -> name IS DISTINCT FROM was -> name AND NOT is_name(this ->> name)
           AND NOT is_being_restored(TG_TABLE_NAME, (this ->> 'id')::uuid) THEN
            PERFORM refuse(format('“%s” is nobody''s name.', left(this ->> name, 40)),
                'Type who it is, or what is known of them.', 'CR003');
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION cru.guard_named() FROM PUBLIC;

DO $$
DECLARE
    one record;
BEGIN
    -- An ending is made by the record, of what it knows.
    FOR one IN SELECT * FROM (VALUES
        ('contact', 'INSERT OR UPDATE', '{with_name}'::text[]),
        ('ending', 'UPDATE', '{holder_name,person_told_by,caller_told_by,referrer_told_by}'),
        ('read_back', 'INSERT', '{read_by}'),
        ('interpreter', 'INSERT', '{booked_with}'),
        ('about_me', 'INSERT OR UPDATE', '{said_by}'),
        ('wish_kept', 'INSERT', '{said_by}'),
        ('crew_word', 'INSERT', '{said_by}'),
        ('decision', 'INSERT', '{clinician}'),
        ('screening', 'INSERT OR UPDATE', '{override_clinician}'),
        ('person_request', 'INSERT', '{said_by}'),
        ('places_free', 'INSERT', '{said_by}'),
        ('improvement', 'INSERT OR UPDATE', '{owner}'),
        ('handover', 'INSERT OR UPDATE', '{from_party,to_party}'),
        ('staff', 'INSERT OR UPDATE', '{name}'),
        ('user_account', 'INSERT OR UPDATE', '{display_name}')
    ) AS v (tab, at, names) LOOP
        EXECUTE format('CREATE TRIGGER guard_named BEFORE %s ON cru.%I FOR EACH ROW EXECUTE FUNCTION cru.guard_named(%s)',
            replace(one.at, 'UPDATE', 'UPDATE OF ' || array_to_string(one.names, ', ')), one.tab,
            (SELECT string_agg(quote_literal(n), ', ') FROM unnest(one.names) AS n));
    END LOOP;
END $$;
