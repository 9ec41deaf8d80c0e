-- The words are whoever said them; what may be done with them, and what they are about, may change.
CREATE FUNCTION cru.guard_feedback() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    free constant text[] := '{version,kind,consent,themes}';
    unknown text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.version := 1;
        NEW.recorded_by := session_user;
        NEW.recorded_at := clock_now();
        NEW.taken_back_at := NULL;
    ELSE
        NEW.version := OLD.version + 1;
        IF to_jsonb(NEW) - free <> to_jsonb(OLD) - free THEN
            PERFORM refuse('What somebody said is never changed.', 'Write down what they say now.', 'CR002');
        END IF;
    END IF;
    SELECT t INTO unknown FROM unnest(NEW.themes) AS t WHERE t NOT IN (SELECT label FROM feedback_theme)
        AND (TG_OP = 'INSERT' OR t <> ALL (OLD.themes)) LIMIT 1;
    IF unknown IS NOT NULL THEN
        PERFORM refuse(format('"%s" is no theme of this record.', unknown), 'Choose one of the list.');
    END IF;
    NEW.themes := ARRAY(SELECT DISTINCT t FROM unnest(NEW.themes) AS t ORDER BY 1);
    RETURN NEW;
END $$;

CREATE FUNCTION cru.log_feedback() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM write_event(NEW.referral_id, NULL, 'feedback', clock_now(), NEW.words, jsonb_build_object(
            'about', NEW.said_by, 'feedback', NEW.id, 'consent', NEW.consent));
    ELSE
        PERFORM write_event(NEW.referral_id, NULL, 'feedback sorted', clock_now(), '',
            changes(to_jsonb(OLD), to_jsonb(NEW)) || jsonb_build_object('feedback', NEW.id));
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION cru.guard_improvement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    fixed constant text[] := '{id,feedback_id,raised_by,made_by,made_at}';
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM refuse('What was said, and what became of it, is never deleted.', 'Say that nothing was done, and why.',
                       'CR002');
    ELSIF TG_OP = 'INSERT' THEN
        NEW.version := 1;
        NEW.made_by := session_user;
        NEW.made_at := clock_now();
        IF EXISTS (SELECT FROM feedback WHERE id = NEW.feedback_id AND taken_back_at IS NOT NULL) THEN
            PERFORM refuse('That feedback was taken back.', 'Choose another one.', 'CR001');
        END IF;
    ELSE
        IF NEW.version <> OLD.version THEN
            PERFORM refuse(format('%s changed it, %s.', name_of(OLD.changed_by), time_in_words(OLD.changed_at)),
                           'Look at it again before you go on.', 'CR001');
        ELSIF EXISTS (SELECT FROM jsonb_object_keys(changes(to_jsonb(OLD), to_jsonb(NEW))) AS k WHERE k = ANY (fixed)) THEN
            PERFORM refuse('Where it came from never changes.', 'Make another item.', 'CR002');
        END IF;
        NEW.version := OLD.version + 1;
    END IF;
    NEW.said := btrim(NEW.said, E' \t\r\n');
    NEW.did := btrim(NEW.did, E' \t\r\n');
    NEW.owner := btrim(NEW.owner);
    NEW.changed_by := session_user;
    NEW.changed_at := clock_now();
    IF NEW.state <> 'open' AND NEW.owner = '' THEN
        PERFORM refuse('Nobody sees to it yet.', 'Say who does.');
    ELSIF NEW.state IN ('done', 'not done') AND NEW.did = '' THEN
        PERFORM refuse('It ends with what changed, or with why nothing did.', 'Say it in a sentence.');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION cru.log_improvement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    PERFORM write_event(NULL, NULL, CASE WHEN TG_OP = 'INSERT' THEN 'improvement made' ELSE 'improvement changed' END,
        clock_now(), NEW.said, jsonb_build_object('improvement', NEW.id) || changes(
            CASE WHEN TG_OP = 'INSERT' THEN '{}' ELSE to_jsonb(OLD) END, to_jsonb(NEW))
            - '{id,made_by,made_at,changed_by,changed_at}'::text[]);
    RETURN NULL;
END $$;

-- Signed off once, by whoever leads, with a line.
CREATE FUNCTION cru.guard_review() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    other cru.review;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM refuse('What was signed off is never changed or deleted.', '', 'CR002');
    END IF;
    SELECT * INTO other FROM review WHERE kind = NEW.kind AND about = NEW.about;
    IF other.id IS NOT NULL THEN
        PERFORM refuse(format('%s signed that off, %s.', name_of(other.reviewed_by), time_in_words(other.reviewed_at)),
                       'Look at it again.', 'CR001');
    END IF;
    NEW.words := btrim(NEW.words, E' \t\r\n');
    NEW.reviewed_by := session_user;
    NEW.reviewed_at := clock_now();
    RETURN NEW;
END $$;

CREATE FUNCTION cru.log_review() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    PERFORM write_event(NEW.referral_id, NULL, 'reviewed', NEW.reviewed_at, NEW.words,
        jsonb_build_object('review', NEW.id, 'of', NEW.kind, 'about', NEW.about));
    RETURN NULL;
END $$;
