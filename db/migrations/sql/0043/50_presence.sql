-- Who looks at a referral or types in it, now. It is no history and no event: each console has one row while it says so, and
-- whoever says so next takes away the rows of consoles that were silent for half a minute. Nothing is lost with it.

CREATE UNLOGGED TABLE cru.presence (
    id UUID NOT NULL,
    login TEXT NOT NULL,
    referral_id UUID,
    typing BOOLEAN DEFAULT false NOT NULL,
    beat_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT presence_pkey PRIMARY KEY (id)
);

CREATE FUNCTION cru.be_present(the_console uuid, the_referral uuid, is_typing boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    -- By the server's own clock, which a practice shift does not bend.
    silent constant timestamptz := clock_timestamp() - interval '30 seconds';
    was cru.presence;
    gone uuid[];
BEGIN
    IF the_console IS NULL OR is_typing IS NULL THEN
        PERFORM refuse('A console says which it is.');
    END IF;
    SELECT * INTO was FROM presence WHERE id = the_console FOR UPDATE;
    IF FOUND AND was.login <> session_user THEN
        PERFORM refuse('That is somebody else''s console.', '', 'CR002');
    END IF;
    INSERT INTO presence AS p VALUES (the_console, session_user, the_referral, is_typing, clock_timestamp())
    ON CONFLICT (id) DO UPDATE SET referral_id = excluded.referral_id, typing = excluded.typing,
        beat_at = excluded.beat_at WHERE p.login = session_user;
    -- Only what others see of it is told: the beats of a room would be most of its list of changes.
    IF was.id IS NULL OR (was.referral_id, was.typing) IS DISTINCT FROM (the_referral, is_typing) THEN
        PERFORM note_change('presence', ARRAY[the_console]);
    END IF;
    WITH ended AS (DELETE FROM presence WHERE id IN (SELECT p.id FROM presence p WHERE p.beat_at < silent
        ORDER BY p.id FOR UPDATE SKIP LOCKED) RETURNING id)
    SELECT coalesce(array_agg(id), '{}') INTO gone FROM ended;
    PERFORM note_change('presence', gone);
END $$;

-- Whoever leaves says so; whoever cannot is gone half a minute later.
CREATE FUNCTION cru.be_gone(the_console uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    DELETE FROM presence WHERE id = the_console AND login = session_user;
    IF FOUND THEN
        PERFORM note_change('presence', ARRAY[the_console]);
    END IF;
END $$;

REVOKE ALL ON FUNCTION cru.be_present(uuid, uuid, boolean), cru.be_gone(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.be_present(uuid, uuid, boolean), cru.be_gone(uuid) TO cru_dispatcher;
GRANT SELECT ON cru.presence TO cru_dispatcher;
