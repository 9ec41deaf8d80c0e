-- What may be written into the log, and how the room goes from one lead to the next.

CREATE FUNCTION cru.guard_shift_log() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    earlier cru.shift_log;
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM refuse('An entry of the shift log is never deleted.', 'Correct it.', 'CR002');
    ELSIF TG_OP = 'UPDATE' THEN
        NEW.version := OLD.version + 1;
        IF to_jsonb(NEW) - '{version,pass_on}'::text[] <> to_jsonb(OLD) - '{version,pass_on}'::text[] THEN
            PERFORM refuse('What stands in the shift log never changes.', 'Correct it.', 'CR002');
        END IF;
        RETURN NEW;
    END IF;
    NEW.version := 1;
    NEW.words := btrim(NEW.words, E' \t\r\n');
    NEW.written_by := session_user;
    NEW.written_at := clock_now();
    NEW.taken_back_at := NULL;
    IF NEW.happened_at > clock_now() + interval '1 minute' THEN
        PERFORM refuse('A time cannot lie in the future.', 'Check the time.');
    ELSIF NEW.happened_at < clock_now() - interval '7 days' THEN
        PERFORM refuse('That was more than seven days ago.', 'Write down when it was in the words.');
    END IF;
    IF NEW.corrects IS NOT NULL THEN
        SELECT * INTO earlier FROM shift_log WHERE id = NEW.corrects FOR UPDATE;
        IF earlier.taken_back_at IS NOT NULL THEN
            PERFORM refuse('That entry was taken back.', 'Write a new one.', 'CR001');
        ELSIF earlier.written_by <> session_user AND NOT leads_or_owns() THEN
            PERFORM refuse(format('That entry is %s''s.', name_of(earlier.written_by)),
                           'Write one of your own, or ask the shift lead.', 'CR002');
        ELSIF EXISTS (SELECT FROM shift_log WHERE corrects = NEW.corrects) THEN
            PERFORM refuse(format('That entry was corrected already, by %s.', (SELECT name_of(written_by) FROM shift_log
                WHERE corrects = NEW.corrects LIMIT 1)), 'Look at it again before you go on.', 'CR001');
        END IF;
    END IF;
    RETURN NEW;
END $$;

-- Who is told: the story of the referral and of the van that it is about, if any.
CREATE FUNCTION cru.log_shift_log() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM write_event(NEW.referral_id, NEW.van_id,
            CASE WHEN NEW.corrects IS NULL THEN 'shift log' ELSE 'shift log corrected' END, NEW.happened_at, NEW.words,
            jsonb_strip_nulls(jsonb_build_object('entry', NEW.id, 'corrects', NEW.corrects)));
    ELSIF NEW.pass_on <> OLD.pass_on THEN
        PERFORM write_event(NEW.referral_id, NEW.van_id, 'shift log passed on', clock_now(), NEW.words,
            jsonb_build_object('entry', NEW.id, 'pass_on', NEW.pass_on));
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION cru.guard_shift_handover() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    free constant text[] := '{version,taken_at,taken_by,withdrawn_at,withdrawn_by}';
    waiting bigint;
    other cru.shift_handover;
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM refuse('A handover of the room is never deleted.', 'Withdraw it.', 'CR002');
    ELSIF current_setting('transaction_isolation') <> 'read committed' THEN
        PERFORM refuse('The record is changed at the isolation level "read committed" only.');
    ELSIF TG_OP = 'INSERT' THEN
        NEW.version := 1;
        NEW.notes := btrim(NEW.notes, E' \t\r\n');
        NEW.offered_by := session_user;
        NEW.offered_at := clock_now();
        NEW.taken_at := NULL;
        NEW.taken_by := '';
        NEW.withdrawn_at := NULL;
        NEW.withdrawn_by := '';
        SELECT * INTO other FROM shift_handover WHERE taken_at IS NULL AND withdrawn_at IS NULL;
        IF other.id IS NOT NULL THEN
            PERFORM refuse(format('%s has offered the room already, %s.', name_of(other.offered_by),
                                  time_in_words(other.offered_at)), 'Withdraw that first, or take it.', 'CR001');
        END IF;
        -- From when the room was taken over before; the first one tells of the last twelve hours.
        NEW.since_at := least(clock_now(), coalesce((SELECT max(taken_at) FROM shift_handover),
                                                    clock_now() - interval '12 hours'));
        RETURN NEW;
    END IF;
    NEW.version := OLD.version + 1;
    IF to_jsonb(NEW) - free <> to_jsonb(OLD) - free THEN
        PERFORM refuse('What was offered never changes.', 'Withdraw it, and offer the room anew.', 'CR002');
    ELSIF OLD.taken_at IS NOT NULL THEN
        PERFORM refuse(format('%s took the room %s.', name_of(OLD.taken_by), time_in_words(OLD.taken_at)), '', 'CR001');
    ELSIF OLD.withdrawn_at IS NOT NULL THEN
        PERFORM refuse(format('That offer was withdrawn by %s, %s.', name_of(OLD.withdrawn_by),
                              time_in_words(OLD.withdrawn_at)), 'Offer the room anew.', 'CR001');
    END IF;
    NEW.taken_by := CASE WHEN NEW.taken_at IS NULL THEN '' ELSE session_user END;
    NEW.taken_at := CASE WHEN NEW.taken_at IS NOT NULL THEN clock_now() END;
    NEW.withdrawn_by := CASE WHEN NEW.withdrawn_at IS NULL THEN '' ELSE session_user END;
    NEW.withdrawn_at := CASE WHEN NEW.withdrawn_at IS NOT NULL THEN clock_now() END;
    IF NEW.taken_at IS NOT NULL THEN
        IF session_user = OLD.offered_by THEN
            PERFORM refuse('Whoever offers the room does not take it.', 'The next shift lead signs in and takes it.', 'CR002');
        END IF;
        SELECT count(*) INTO waiting FROM shift_handover_item
            WHERE shift_handover_id = OLD.id AND is_risk AND signed_at IS NULL;
        IF waiting > 0 THEN
            PERFORM refuse(CASE waiting WHEN 1 THEN 'One risk is not signed yet.'
                           ELSE format('%s risks are not signed yet.', waiting) END, 'Sign each first.', 'CR001');
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION cru.guard_shift_handover_item() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    free constant text[] := '{version,signed_at,signed_by,remark}';
    whole cru.shift_handover;
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM refuse('What was handed over is never deleted.', 'Withdraw it.', 'CR002');
    END IF;
    SELECT * INTO whole FROM shift_handover WHERE id = NEW.shift_handover_id FOR NO KEY UPDATE;
    IF whole.taken_at IS NOT NULL OR whole.withdrawn_at IS NOT NULL THEN
        PERFORM refuse('That handover of the room is over.', '', 'CR001');
    ELSIF TG_OP = 'INSERT' THEN
        NEW.version := 1;
        NEW.words := btrim(NEW.words, E' \t\r\n');
        NEW.signed_at := NULL;
        NEW.signed_by := '';
        NEW.remark := '';
        RETURN NEW;
    END IF;
    NEW.version := OLD.version + 1;
    IF to_jsonb(NEW) - free <> to_jsonb(OLD) - free THEN
        PERFORM refuse('What was offered never changes.', 'Withdraw it, and offer the room anew.', 'CR002');
    ELSIF OLD.signed_at IS NOT NULL THEN
        PERFORM refuse(format('%s signed that %s.', name_of(OLD.signed_by), time_in_words(OLD.signed_at)), '', 'CR001');
    ELSIF NEW.signed_at IS NULL THEN
        PERFORM refuse('Nothing is signed.', 'Sign it.');
    ELSIF session_user = whole.offered_by THEN
        PERFORM refuse('Whoever offers the room does not sign for it.', 'The next shift lead signs in and does.', 'CR002');
    END IF;
    NEW.signed_at := clock_now();
    NEW.signed_by := session_user;
    NEW.remark := btrim(NEW.remark, E' \t\r\n');
    RETURN NEW;
END $$;

-- The room is offered with its whole list at once: one that grew while the next lead signs it would be signed unread.
CREATE FUNCTION cru.offer_room(the_room uuid, the_notes text, lines jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF jsonb_typeof(lines) <> 'array' OR jsonb_array_length(lines) > 1000 THEN
        PERFORM refuse('A handover of the room is a list of at most 1,000 lines.', 'Hand over what matters most.');
    END IF;
    INSERT INTO shift_handover (id, notes) VALUES (the_room, coalesce(the_notes, ''));
    INSERT INTO shift_handover_item (shift_handover_id, rank, kind, words, referral_id, van_id, due_at, is_risk)
    SELECT the_room, l.rank, l.line ->> 'kind', l.line ->> 'words', (l.line ->> 'referral_id')::uuid,
        (l.line ->> 'van_id')::uuid, (l.line ->> 'due_at')::timestamptz, coalesce((l.line ->> 'is_risk')::boolean, false)
    FROM jsonb_array_elements(lines) WITH ORDINALITY AS l(line, rank) ORDER BY l.rank;
END $$;

CREATE FUNCTION cru.log_shift_handover() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM write_event(NULL, NULL, 'room offered', NEW.offered_at, NEW.notes, jsonb_build_object('room', NEW.id));
    ELSIF NEW.taken_at IS NOT NULL AND OLD.taken_at IS NULL THEN
        PERFORM write_event(NULL, NULL, 'room taken', NEW.taken_at, '', jsonb_build_object('room', NEW.id,
            'from', NEW.offered_by));
    ELSIF NEW.withdrawn_at IS NOT NULL AND OLD.withdrawn_at IS NULL THEN
        PERFORM write_event(NULL, NULL, 'room offer withdrawn', NEW.withdrawn_at, '', jsonb_build_object('room', NEW.id));
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION cru.log_shift_handover_item() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF NEW.signed_at IS NOT NULL AND OLD.signed_at IS NULL THEN
        PERFORM write_event(NEW.referral_id, NEW.van_id, 'risk signed', NEW.signed_at,
            concat_ws('. ', NEW.words, nullif(NEW.remark, '')), jsonb_build_object('room', NEW.shift_handover_id));
    END IF;
    RETURN NULL;
END $$;
