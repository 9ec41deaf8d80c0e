-- What was known spoke against a step, and a person insisted: that stays with the event. Like a reason it is context,
-- which says how something came about and never who or when.
CREATE OR REPLACE FUNCTION cru.check_context() RETURNS void
LANGUAGE plpgsql STABLE SET search_path = cru, pg_temp AS $$
BEGIN
    IF context('source') NOT IN ('', 'user', 'crew', 'device', 'geofence', 'message') THEN
        PERFORM refuse(format('Nothing is recorded from "%s".', context('source')),
                       'The source is user, crew, device, geofence or message.');
    ELSIF context('command') !~ '^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})?$' THEN
        PERFORM refuse('A command is named by a UUID.');
    ELSIF length(context('insisted')) > 500 THEN
        PERFORM refuse('What spoke against a step is told in 500 characters.', 'Say it shorter.');
    END IF;
END $$;

CREATE OR REPLACE FUNCTION cru.write_event(
    the_referral uuid, the_van uuid, the_kind text, happened timestamptz,
    said text DEFAULT '', details jsonb DEFAULT '{}', amended bigint DEFAULT NULL
) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    SELECT check_context();
    INSERT INTO event (referral_id, van_id, kind, happened_at, source, words, detail, amends, reason, command_id)
    VALUES (the_referral, the_van, the_kind, coalesce(happened, clock_now()),
            coalesce(nullif(context('source'), ''), 'user'), coalesce(said, ''),
            details || CASE WHEN context('insisted') = '' THEN '{}'::jsonb
                       ELSE jsonb_build_object('insisted', context('insisted')) END,
            amended, context('reason'), nullif(context('command'), '')::uuid)
$$;

-- The list of a shift lead: what was recorded although something known spoke against it.
CREATE INDEX event_insisted_idx ON cru.event (recorded_at) WHERE detail ? 'insisted';
