-- Words about people: where a row still says what was shipped, it says from now on what resources/reference/words.toml
-- does. What a trust has worded itself is the trust's own, and what happened keeps the words of its day.
UPDATE cru.reason SET label = said.now FROM (VALUES
    ('refuse_handover', 'person_declines', 'The person does not want the CRU', 'The person chose other support')
) AS said(kind, code, was, now) WHERE reason.kind = said.kind AND reason.code = said.code AND reason.label = said.was;

UPDATE cru.outcome SET label = said.now FROM (VALUES
    ('liaison_ed', 'Liaison via ED', 'Liaison at A&E'),
    ('declined_by_person', 'Declined by the person', 'The person chose other support')
) AS said(code, was, now) WHERE outcome.code = said.code AND outcome.label = said.was;

UPDATE cru.destination SET kind = 'A&E' WHERE kind = 'ED';
-- A destination goes by its name. One that other rows speak of stays for them and is offered no more.
DO $$
DECLARE
    named record;
BEGIN
    FOR named IN SELECT * FROM (VALUES
        ('Northampton General Hospital ED', 'Northampton General Hospital A&E'),
        ('Kettering General Hospital ED', 'Kettering General Hospital A&E')
    ) AS v(was, now) WHERE EXISTS (SELECT FROM cru.destination d WHERE d.name = v.was)
        AND NOT EXISTS (SELECT FROM cru.destination d WHERE d.name = v.now) LOOP
        BEGIN
            UPDATE cru.destination SET name = named.now WHERE name = named.was;
        EXCEPTION WHEN foreign_key_violation THEN
            INSERT INTO cru.destination SELECT (jsonb_populate_record(d, jsonb_build_object('name', named.now))).*
                FROM cru.destination d WHERE d.name = named.was;
            UPDATE cru.destination SET active = false WHERE name = named.was;
        END;
    END LOOP;
END $$;

-- A kind of flag. Its list is read from the constraint, so that kinds that came since are kept.
DO $$
DECLARE
    kinds text := (SELECT pg_get_constraintdef(oid) FROM pg_constraint
        WHERE conrelid = 'cru.flag'::regclass AND conname = 'flag_kind_check');
BEGIN
    IF position('''repeat caller''' IN kinds) > 0 THEN
        ALTER TABLE cru.flag DROP CONSTRAINT flag_kind_check;
        -- Nobody did anything: no guard is asked, no event is made, nothing can be taken back.
        ALTER TABLE cru.flag DISABLE TRIGGER USER;
        UPDATE cru.flag SET kind = 'contacted us before' WHERE kind = 'repeat caller';
        ALTER TABLE cru.flag ENABLE TRIGGER USER;
        EXECUTE 'ALTER TABLE cru.flag ADD CONSTRAINT flag_kind_check '
            || replace(kinds, '''repeat caller''', '''contacted us before''');
    END IF;
    -- What a flag was before an act, should that be taken back after this.
    UPDATE cru.act_part SET before = jsonb_set(before, '{kind}', '"contacted us before"')
        WHERE table_name = 'flag' AND before ->> 'kind' = 'repeat caller';
END $$;
