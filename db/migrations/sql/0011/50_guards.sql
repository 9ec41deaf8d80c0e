-- Guards of what is said, of flags, of who is the same person, of what was read back, and of who is sent.

-- A person's login may end what was said, never change it; every trigger is let through where the record restores a row.
CREATE FUNCTION cru.guard_about_me() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    kept text := (SELECT kind FROM about_topic WHERE key = NEW.topic);
    source about_me;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.ended_at IS NOT NULL OR to_jsonb(NEW) - '{ended_at,ended_by,version}'::text[]
           <> to_jsonb(OLD) - '{ended_at,ended_by,version}'::text[] OR NEW.ended_at IS NULL THEN
            PERFORM refuse('What was said is never changed.', 'End it and say it anew.', 'CR002');
        END IF;
        NEW.version := OLD.version + 1;
        NEW.ended_at := clock_now();
        NEW.ended_by := session_user;
        RETURN NEW;
    END IF;
    NEW.version := 1;
    NEW.added_by := session_user;
    NEW.added_at := clock_now();
    NEW.ended_at := NULL;
    NEW.ended_by := '';
    NEW.taken_back_at := NULL;
    NEW.words := btrim(NEW.words);
    NEW.said_by := btrim(NEW.said_by);
    IF NEW.said_by = '' THEN
        PERFORM refuse('Nobody is named who said it.', 'Say who said it: the person, a daughter, the GP.');
    END IF;
    PERFORM check_said(kept, NEW.code, NEW.words);
    IF NEW.from_id IS NOT NULL THEN
        SELECT * INTO source FROM about_me WHERE id = NEW.from_id;
        IF source.referral_id = NEW.referral_id OR (source.topic, source.code, source.words, source.said_by)
               IS DISTINCT FROM (NEW.topic, NEW.code, NEW.words, NEW.said_by)
           OR NOT EXISTS (SELECT FROM about_before(NEW.referral_id) b
                          WHERE (b.topic, b.code, b.words) = (NEW.topic, NEW.code, NEW.words)) THEN
            PERFORM refuse('This was not kept for next time, or not said by the same person.',
                           'Ask for it anew.', 'CR002');
        END IF;
    END IF;
    RETURN NEW;
END $$;

-- What may be said on a topic of each kind.
CREATE FUNCTION cru.check_said(kept text, the_code text, the_words text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = cru, pg_temp AS $$
BEGIN
    IF kept IS NULL OR kept = 'notice' THEN
        PERFORM refuse('Nothing is said on this topic.', 'Choose another one.');
    ELSIF the_code = '' AND the_words !~ '[^[:space:]]' THEN
        PERFORM refuse('There is nothing written.', 'Type something first.');
    ELSIF kept = 'answer' AND the_code NOT IN ('yes', 'no', 'not known') THEN
        PERFORM refuse('The answer is yes, no or not known.', 'Choose one.');
    ELSIF kept IN ('words', 'wish') AND the_code <> '' THEN
        PERFORM refuse('This is said in words.', 'Type them.');
    ELSIF kept = 'safer' AND the_code NOT IN ('', 'woman', 'man', 'either') THEN
        PERFORM refuse('Safer with a woman, a man, or either.', 'Choose one, or type it.');
    ELSIF kept = 'language' AND the_code <> '' AND NOT EXISTS (SELECT FROM language WHERE code = the_code) THEN
        PERFORM refuse(format('The record knows no language "%s".', the_code), 'Choose one, or type it in words.');
    ELSIF kept = 'mobility' AND the_code <> '' AND NOT EXISTS (SELECT FROM mobility WHERE code = the_code) THEN
        PERFORM refuse(format('The record knows no "%s".', the_code), 'Choose one, or type it in words.');
    END IF;
END $$;

-- A flag: its author is who signs in, its review lies in the future and at most twelve months on, and it changes in one
-- way only: it is withdrawn, with a reason.
CREATE FUNCTION cru.guard_flag() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    settable constant text[] := '{withdrawn_at,withdrawn_by,withdrawn_reason,version}';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.withdrawn_at IS NOT NULL OR to_jsonb(NEW) - settable <> to_jsonb(OLD) - settable THEN
            PERFORM refuse('A flag is never changed or deleted.', 'Withdraw it, or look at it again and go on with it.', 'CR002');
        ELSIF btrim(NEW.withdrawn_reason) = '' OR NEW.withdrawn_at IS NULL THEN
            PERFORM refuse('Withdrawing a flag needs a reason.', 'Say why.');
        END IF;
        NEW.version := OLD.version + 1;
        NEW.withdrawn_at := clock_now();
        NEW.withdrawn_by := session_user;
        NEW.withdrawn_reason := btrim(NEW.withdrawn_reason);
        RETURN NEW;
    END IF;
    NEW.version := 1;
    NEW.added_by := session_user;
    NEW.added_at := clock_now();
    NEW.taken_back_at := NULL;
    NEW.withdrawn_at := NULL;
    NEW.withdrawn_by := '';
    NEW.withdrawn_reason := '';
    -- Consoles of the version before call it so.
    NEW.kind := CASE NEW.kind WHEN 'repeat caller' THEN 'contacted us before' ELSE NEW.kind END;
    IF NEW.expires_at IS NULL THEN
        PERFORM refuse('A flag needs a day on which somebody looks at it again.', 'Choose one, at most 12 months on.');
    ELSIF NEW.expires_at <= NEW.added_at OR NEW.expires_at > NEW.added_at + interval '12 months' THEN
        PERFORM refuse('A flag is looked at again within 12 months.', 'Choose a day to come, at most 12 months on.');
    END IF;
    NEW.address_key := CASE WHEN NEW.subject = 'address' THEN coalesce(
        (SELECT cru.address_key(postcode, location_text) FROM referral WHERE id = NEW.referral_id), '') ELSE '' END;
    IF NEW.extends_id IS NOT NULL THEN
        NEW.address_key := (SELECT address_key FROM flag WHERE id = NEW.extends_id);
        IF NOT EXISTS (SELECT FROM flag f WHERE f.id = NEW.extends_id AND f.withdrawn_at IS NULL
                AND f.taken_back_at IS NULL AND f.subject = NEW.subject)
           OR NEW.extends_id NOT IN (SELECT id FROM flags_of(NEW.referral_id)) THEN
            PERFORM refuse('That flag is not one of this person or address any more.', 'Look at it again.', 'CR001');
        END IF;
    END IF;
    RETURN NEW;
END $$;

-- Whoever went on with a flag has looked at it: the one before is withdrawn.
CREATE FUNCTION cru.follow_flag() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    UPDATE flag SET withdrawn_at = clock_now(), withdrawn_reason = 'looked at again and gone on with'
        WHERE id = NEW.extends_id;
    RETURN NULL;
END $$;

CREATE FUNCTION cru.guard_same_person() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM refuse('This is never changed or deleted.', 'Say it anew.', 'CR002');
    ELSIF NEW.is_same AND NOT may_be_same(NEW.referral_id, NEW.other_id) THEN
        PERFORM refuse('Two are one person by the NHS number, or by name and date of birth.',
                       'Ask for one of them. A telephone number proves nothing.');
    END IF;
    NEW.added_by := session_user;
    NEW.added_at := clock_now();
    NEW.taken_back_at := NULL;
    RETURN NEW;
END $$;

CREATE FUNCTION cru.guard_read_back() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM assignment WHERE id = NEW.assignment_id AND referral_id = NEW.referral_id
                   AND state = ANY (open_assignment_states())) THEN
        PERFORM refuse('That van is not on this referral now.', 'Look at it again.', 'CR001');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION cru.guard_wish_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM about_me WHERE id = NEW.about_id AND referral_id = NEW.referral_id
                   AND taken_back_at IS NULL) THEN
        PERFORM refuse('That was not asked for at this referral.', 'Choose what was.');
    END IF;
    RETURN NEW;
END $$;

-- How many registered clinicians ride in a van now, and how many the trust wants.
CREATE FUNCTION cru.registered_on(the_van uuid) RETURNS bigint
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT count(*) FROM shift s JOIN shift_member m ON m.shift_id = s.id JOIN staff p ON p.id = m.staff_id
    WHERE s.van_id = the_van AND s.ended_at IS NULL AND s.taken_back_at IS NULL AND p.registered
$$;

CREATE FUNCTION cru.registered_least() RETURNS float8
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT coalesce((SELECT value FROM rule WHERE name = 'registered_least' AND unit = 'people' AND active), 1)
$$;

CREATE FUNCTION cru.guard_crew() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    there bigint := registered_on(NEW.van_id);
    sentence text;
BEGIN
    IF there >= registered_least() THEN
        RETURN NEW;
    END IF;
    sentence := format('%s has %s registered clinician%s in its crew, the rule is at least %s.',
        (SELECT callsign FROM van WHERE id = NEW.van_id), CASE there WHEN 0 THEN 'no' ELSE there::text END,
        CASE WHEN there > 1 THEN 's' ELSE '' END, registered_least());
    IF EXISTS (SELECT FROM rule WHERE name = 'registered_binds' AND unit = 'yes or no' AND value = 1 AND active) THEN
        PERFORM refuse(sentence, 'Choose another van.', 'CR001');
    ELSIF context('insisted') = '' THEN
        PERFORM refuse(sentence, 'Choose another van, or say that you know and send it all the same.', 'CR001');
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER guard_crew BEFORE INSERT ON cru.assignment FOR EACH ROW
    WHEN (NOT cru.is_being_restored('assignment', NEW.id)) EXECUTE FUNCTION cru.guard_crew();

DO $$
DECLARE
    t record;
BEGIN
    DROP TRIGGER guard ON cru.flag;
    FOR t IN SELECT * FROM (VALUES
        ('about_me', 'guard_about_me()'), ('flag', 'guard_flag()'), ('same_person', 'guard_same_person()'),
        ('read_back', 'guard_author(''recorded'')'), ('interpreter', 'guard_author(''recorded'')'),
        ('wish_kept', 'guard_author(''recorded'')')) AS v(tab, guard) LOOP
        EXECUTE format('CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON cru.%I FOR EACH ROW'
            ' WHEN (NOT cru.is_being_restored(%L, NEW.id)) EXECUTE FUNCTION cru.%s', t.tab, t.tab, t.guard);
        CONTINUE WHEN t.tab = 'flag';
        EXECUTE format('CREATE TRIGGER guard_delete BEFORE DELETE ON cru.%I FOR EACH ROW'
            ' EXECUTE FUNCTION cru.guard_author('''')', t.tab);
        EXECUTE format('CREATE TRIGGER act AFTER INSERT OR UPDATE ON cru.%I FOR EACH ROW'
            ' WHEN (NOT cru.is_being_restored(%L, NEW.id)) EXECUTE FUNCTION cru.note_act()', t.tab, t.tab);
        EXECUTE format('CREATE TRIGGER a_taken_back BEFORE UPDATE ON cru.%I FOR EACH ROW'
            ' WHEN (OLD.taken_back_at IS NOT NULL) EXECUTE FUNCTION cru.guard_taken_back()', t.tab);
    END LOOP;
END $$;

CREATE TRIGGER guard_job BEFORE INSERT ON cru.read_back FOR EACH ROW
    WHEN (NOT cru.is_being_restored('read_back', NEW.id)) EXECUTE FUNCTION cru.guard_read_back();
CREATE TRIGGER guard_wish BEFORE INSERT ON cru.wish_kept FOR EACH ROW
    WHEN (NOT cru.is_being_restored('wish_kept', NEW.id)) EXECUTE FUNCTION cru.guard_wish_kept();
CREATE TRIGGER then_follow AFTER INSERT ON cru.flag FOR EACH ROW WHEN (NEW.extends_id IS NOT NULL)
    EXECUTE FUNCTION cru.follow_flag();

-- What happened, in the words of the record.
CREATE FUNCTION cru.log_said() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    this jsonb := to_jsonb(NEW);
    about about_me;
BEGIN
    CASE TG_TABLE_NAME
        WHEN 'about_me' THEN
            PERFORM write_event(NEW.referral_id, NULL, CASE WHEN TG_OP = 'UPDATE' THEN 'about me ended'
                WHEN this ->> 'from_id' IS NOT NULL THEN 'about me taken over' ELSE 'about me' END, clock_now(),
                this ->> 'words', jsonb_strip_nulls(jsonb_build_object('topic', this ->> 'topic', 'code',
                nullif(this ->> 'code', ''), 'about', this ->> 'said_by')));
        WHEN 'same_person' THEN
            PERFORM write_event(NEW.referral_id, NULL, CASE WHEN (this ->> 'is_same')::boolean THEN 'same person'
                ELSE 'not the same person' END, clock_now(),
                (SELECT reference FROM referral WHERE id = (this ->> 'other_id')::uuid));
        WHEN 'read_back' THEN
            PERFORM write_event(NEW.referral_id, (SELECT van_id FROM assignment WHERE id = (this ->> 'assignment_id')::uuid),
                'brief read back', clock_now(), this ->> 'brief',
                jsonb_build_object('about', this ->> 'read_by', 'channel', this ->> 'channel'));
        WHEN 'interpreter' THEN
            PERFORM write_event(NEW.referral_id, NULL, 'interpreter booked', clock_now(),
                concat_ws(', ', (SELECT label FROM language WHERE code = this ->> 'language'), this ->> 'booked_with',
                          nullif(this ->> 'booking', '')),
                jsonb_strip_nulls(jsonb_build_object('booked_for_at', this -> 'booked_for_at')));
        ELSE
            SELECT * INTO about FROM about_me WHERE id = (this ->> 'about_id')::uuid;
            PERFORM write_event(NEW.referral_id, NULL, 'wish kept', clock_now(),
                concat_ws(': ', coalesce(nullif(about.words, ''), about.code), nullif(this ->> 'words', '')),
                jsonb_build_object('about', this ->> 'said_by', 'kept', this ->> 'kept', 'topic', about.topic));
    END CASE;
    RETURN NULL;
END $$;

CREATE FUNCTION cru.log_withdrawn() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    PERFORM write_event(NEW.referral_id, NULL, 'flag withdrawn', clock_now(), NEW.reason,
        jsonb_build_object('about', NEW.kind, 'why', NEW.withdrawn_reason));
    RETURN NULL;
END $$;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY '{about_me,same_person,read_back,interpreter,wish_kept}'::text[] LOOP
        EXECUTE format('CREATE TRIGGER log AFTER INSERT%s ON cru.%I FOR EACH ROW'
            ' WHEN (NOT cru.is_being_restored(%L, NEW.id)) EXECUTE FUNCTION cru.log_said()',
            CASE name WHEN 'about_me' THEN ' OR UPDATE' ELSE '' END, name, name);
    END LOOP;
END $$;
CREATE TRIGGER log_withdrawn AFTER UPDATE OF withdrawn_at ON cru.flag FOR EACH ROW
    WHEN (NOT cru.is_being_restored('flag', NEW.id)) EXECUTE FUNCTION cru.log_withdrawn();
