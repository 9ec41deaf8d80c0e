-- Opening what is past. Each look is a row, and nobody looks faster than a person reads.

-- So many in an hour: more than any desk that works needs, and far from enough to take the record away.
CREATE FUNCTION cru.looks_an_hour(OUT looks integer, OUT referrals integer, OUT searches integer)
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$ SELECT 240, 3000, 240 $$;

CREATE FUNCTION cru.note_look(the_why text, the_since timestamptz, the_until timestamptz, theirs uuid[]) RETURNS bigint
LANGUAGE plpgsql SET search_path = cru, pg_temp AS $$
DECLARE
    most record := looks_an_hour();
    done record;
    the_look bigint;
BEGIN
    SELECT count(*) AS looks, coalesce(sum(cardinality(l.referrals)), 0) AS referrals INTO done FROM look l
    WHERE l.looked_by = session_user AND l.looked_at > clock_now() - interval '1 hour';
    IF done.looks >= most.looks OR done.referrals + cardinality(theirs) > most.referrals THEN
        PERFORM refuse('So much of the past is not opened within an hour.', 'Go on later.', 'CR002');
    END IF;
    INSERT INTO look (why, since_at, until_at, referrals) VALUES (the_why, the_since, the_until, theirs)
    RETURNING id INTO the_look;
    INSERT INTO opened AS o (login, referral_id, opened_at, xid)
    SELECT session_user, t, clock_timestamp(), (pg_current_xact_id())::text::bigint
    FROM (SELECT DISTINCT unnest(theirs) AS t ORDER BY 1) d
    ON CONFLICT (login, referral_id) DO UPDATE SET opened_at = excluded.opened_at, xid = excluded.xid;
    DELETE FROM opened WHERE ctid = ANY (ARRAY(SELECT o.ctid FROM opened o
        WHERE o.opened_at < clock_timestamp() - interval '10 minutes' LIMIT 2000 FOR UPDATE SKIP LOCKED));
    RETURN the_look;
END $$;

-- Which of them are past, and not open to whoever asks for as long as a reading takes.
CREATE FUNCTION cru.not_in_sight(theirs uuid[]) RETURNS uuid[]
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT t), '{}') FROM unnest(theirs) AS t WHERE NOT EXISTS (SELECT FROM in_sight s WHERE s.referral_id = t)
        OR EXISTS (SELECT FROM opened o WHERE o.login = session_user AND o.referral_id = t
                   AND o.opened_at < statement_timestamp() - interval '5 minutes')
$$;

-- What rows are about, each known by its id: one that a person names, and what a command is about.
CREATE FUNCTION cru.open_rows(the_ids uuid[], the_why text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    theirs uuid[] := '{}';
    found uuid[];
    tab text;
BEGIN
    IF cardinality(the_ids) > 200 OR the_why !~ '^[A-Za-z ]{1,40}$' THEN
        PERFORM refuse('So many are not opened at once.', 'Open them one by one.', 'CR002');
    END IF;
    FOREACH tab IN ARRAY '{referral,screening,about_me,flag,read_back,crew_word,interpreter,decision,contact,ending,follow_up,late_link,
            wish_kept,feedback,handover,assignment,message,person_request}'::text[] LOOP
        EXECUTE format('SELECT array_agg(%s) FROM cru.%I WHERE id = ANY ($1)',
            CASE tab WHEN 'referral' THEN 'id' ELSE 'referral_id' END, tab) INTO found USING the_ids;
        theirs := theirs || coalesce(array_remove(found, NULL), '{}');
    END LOOP;
    theirs := not_in_sight(theirs);
    IF cardinality(theirs) > 0 THEN
        PERFORM note_look(the_why, NULL, NULL, theirs);
    END IF;
    RETURN cardinality(theirs);
END $$;

-- One referral, by whoever looks at its record: that stands in its own story too.
CREATE FUNCTION cru.open_record(the_referral uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM referral WHERE id = the_referral) THEN
        PERFORM refuse('That referral is not in the record.');
    END IF;
    INSERT INTO event (referral_id, kind) VALUES (the_referral, 'record opened');
    PERFORM open_rows(ARRAY[the_referral], 'record');
END $$;

-- Everybody who was on the board in a stretch of at most a day and an hour, or of whom something is told of it.
CREATE FUNCTION cru.open_day(since timestamptz, until timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    theirs uuid[];
BEGIN
    IF until - since > interval '26 hours' OR since IS NULL OR until IS NULL THEN
        PERFORM refuse('The past is opened a day at a time.', 'Ask for one day.', 'CR002');
    END IF;
    theirs := not_in_sight(ARRAY(
        SELECT n.id FROM (
            SELECT r.id, coalesce(r.closed_at, r.entered_in_error_at) AS left_at FROM referral r
            WHERE r.received_at > since - interval '7 days' AND r.received_at <= until
            UNION ALL
            SELECT r.id, coalesce(r.closed_at, r.entered_in_error_at) FROM referral r
            WHERE (coalesce(r.closed_at, r.entered_in_error_at) IS NULL OR CASE WHEN r.received_at BETWEEN '2000-01-01 00:00Z' AND '2200-01-01 00:00Z'
                AND coalesce(r.closed_at, r.entered_in_error_at) BETWEEN '2000-01-01 00:00Z' AND '2200-01-01 00:00Z'
                THEN coalesce(r.closed_at, r.entered_in_error_at) - r.received_at > interval '7 days' END)
                AND r.received_at <= since - interval '7 days') n
        WHERE n.left_at IS NULL OR n.left_at >= since
        UNION
        SELECT e.referral_id FROM event e WHERE e.happened_at >= since AND e.happened_at <= until AND e.referral_id IS NOT NULL
            AND e.kind <> 'record opened'));
    IF cardinality(theirs) > 0 THEN
        PERFORM note_look('replay', since, until, theirs);
    END IF;
    RETURN cardinality(theirs);
END $$;

-- A list of a stretch of time: what is on it is asked for by the number of the look. What is to be reviewed is a shift lead's.
CREATE FUNCTION cru.open_list(the_list text, since timestamptz, until timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF the_list NOT IN ('review', 'feedback') OR the_list = 'review' AND NOT is_lead() THEN
        PERFORM refuse('That list is for a shift lead.', 'Ask the shift lead.', 'CR002');
    END IF;
    RETURN note_look(the_list, since, until, '{}');
END $$;

-- The stretch of a look that this login made lately, in a transaction that is over.
CREATE FUNCTION cru.stretch_of(the_look bigint, the_list text, OUT since timestamptz, OUT until timestamptz)
LANGUAGE plpgsql STABLE SET search_path = cru, pg_temp AS $$
BEGIN
    SELECT l.since_at, l.until_at INTO since, until FROM look l WHERE l.id = the_look AND l.looked_by = session_user AND l.why = the_list
        AND l.xid IS DISTINCT FROM (pg_current_xact_id_if_assigned())::text::bigint AND l.looked_at > clock_now() - interval '10 minutes';
    IF NOT FOUND THEN
        PERFORM refuse('That was not opened, or too long ago.', 'Open it again.', 'CR002');
    END IF;
END $$;

REVOKE ALL ON FUNCTION cru.looks_an_hour(), cru.note_look(text, timestamptz, timestamptz, uuid[]), cru.not_in_sight(uuid[]),
    cru.open_rows(uuid[], text), cru.open_record(uuid), cru.open_day(timestamptz, timestamptz),
    cru.open_list(text, timestamptz, timestamptz), cru.stretch_of(bigint, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.open_rows(uuid[], text), cru.open_record(uuid), cru.open_day(timestamptz, timestamptz),
    cru.open_list(text, timestamptz, timestamptz) TO cru_dispatcher;
