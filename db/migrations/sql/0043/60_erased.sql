-- Whoever is erased is found by nothing that was said of them, and what was told of them from desk to desk goes too. Each
-- function is taken as it stands, so that what came since is kept.
DO $$
DECLARE
    f record;
    body text;
BEGIN
    FOR f IN SELECT * FROM (VALUES
        ('rub_out(uuid[])', 'UPDATE mended SET was',
         'UPDATE message SET words = ''erased'' WHERE referral_id = ANY (the_ids);
    DELETE FROM findable WHERE is_log AND id IN (SELECT id FROM shift_log WHERE referral_id = ANY (the_ids));
    PERFORM make_findable(the_ids);
    UPDATE mended SET was'),
        ('erase_person(uuid)', '''{referral,event,', '''{referral,event,message,')
    ) AS v(name, was, becomes) LOOP
        body := pg_get_functiondef(('cru.' || f.name)::regprocedure);
        IF (length(body) - length(replace(body, f.was, ''))) <> length(f.was) THEN
            RAISE EXCEPTION 'cru.% is not as it was', f.name;
        END IF;
        EXECUTE replace(body, f.was, f.becomes);
    END LOOP;
END $$;
