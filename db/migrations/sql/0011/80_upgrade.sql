-- What is in the record already. No guard and no act: nobody does this, and consoles read everything anew.
ALTER TABLE cru.flag DISABLE TRIGGER USER;
ALTER TABLE cru.about_me DISABLE TRIGGER USER;
ALTER TABLE cru.staff DISABLE TRIGGER USER;

UPDATE cru.flag SET kind = 'contacted us before' WHERE kind = 'repeat caller';
UPDATE cru.act_part SET before = jsonb_set(before, '{kind}', '"contacted us before"')
    WHERE table_name = 'flag' AND before ->> 'kind' = 'repeat caller';
-- A flag without an end was for life by accident. It counts for twelve months from when it was put, and at least for
-- one from now, so that none falls silent on the day of the upgrade; what was there is listed.
INSERT INTO cru.mended (table_name, row_id, column_name, was, now, revision)
SELECT 'flag', id::text, 'expires_at', expires_at::text, ends::text, '0011'
FROM (SELECT id, expires_at, greatest(added_at + interval '12 months', cru.clock_now() + interval '30 days') AS ends
      FROM cru.flag) f WHERE expires_at IS NULL OR expires_at > ends;
UPDATE cru.flag SET expires_at = ends
FROM (SELECT id AS key, greatest(added_at + interval '12 months', cru.clock_now() + interval '30 days') AS ends
      FROM cru.flag) f WHERE id = key AND (expires_at IS NULL OR expires_at > ends);
UPDATE cru.flag f SET address_key = coalesce((SELECT cru.address_key(r.postcode, r.location_text)
    FROM cru.referral r WHERE r.id = f.referral_id), '') WHERE subject = 'address';

UPDATE cru.staff SET language_codes = coalesce((SELECT array_agg(DISTINCT c ORDER BY c) FROM (
    SELECT cru.language_code(n) AS c FROM unnest(languages) AS n) k WHERE c IS NOT NULL), '{}');
-- Whose profession has a register by its name; a shift lead puts right what a name does not say.
UPDATE cru.staff SET registered = true WHERE profession ~* '\m(nurse|social worker|paramedic|doctor|psychiatrist|psychologist|occupational therapist)\M'
    AND profession !~* '\m(student|trainee|assistant|associate|support|peer|unregistered|retired)\M';

-- Words of old plans, said by whom the plan names, when the referral was received.
DO $$
DECLARE
    r record;
BEGIN
    FOR r IN SELECT id, plan, received_at FROM cru.referral WHERE plan <> '{}' LOOP
        PERFORM cru.absorb_plan(r.id, '{}', r.plan, r.received_at);
    END LOOP;
END $$;

ALTER TABLE cru.flag ENABLE TRIGGER USER;
ALTER TABLE cru.about_me ENABLE TRIGGER USER;
ALTER TABLE cru.staff ENABLE TRIGGER USER;
ALTER TABLE cru.flag ALTER COLUMN expires_at SET NOT NULL;
ALTER TABLE cru.flag ADD CONSTRAINT flag_kind_check CHECK (kind IN ('what helps', 'contacted us before', 'staff safety', 'safeguarding', 'pets', 'access'));
