-- A version of the tool is drafted, approved by named people, in force from a moment, and retired when another takes
-- its place. Its text never changes: another text is another version.

-- The newest that came into force by then. So one version is in force at a moment, by the way it is asked. Before the
-- first one, that one is asked: a service without any could accept nobody.
CREATE FUNCTION cru.tool_in_force(at timestamptz DEFAULT cru.clock_now()) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    SELECT tool_version FROM tool_life WHERE step = 'in force'
    ORDER BY CASE WHEN from_at <= at THEN from_at END DESC NULLS LAST, from_at LIMIT 1
$$;

CREATE FUNCTION cru.guard_life() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    first boolean;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM refuse('What happened to a version of the screening tool is never changed.', 'Add another step.', 'CR002');
    END IF;
    -- Two who act at once come one after the other.
    PERFORM FROM screening_tool WHERE version = NEW.tool_version FOR UPDATE;
    NEW.author := session_user;
    NEW.written_at := clock_now();
    NEW.name := btrim(NEW.name);
    NEW.profession := btrim(NEW.profession);
    first := NOT EXISTS (SELECT FROM tool_life WHERE step = 'in force');
    IF EXISTS (SELECT FROM tool_life WHERE tool_version = NEW.tool_version AND step = 'retired') THEN
        PERFORM refuse(format('Version %s is retired.', NEW.tool_version), 'Make a new version.', 'CR001');
    ELSIF NEW.step = 'drafted' AND EXISTS (SELECT FROM tool_life WHERE tool_version = NEW.tool_version) THEN
        PERFORM refuse(format('Version %s has begun already.', NEW.tool_version), 'Make a new version.', 'CR001');
    ELSIF NEW.step = 'approved' AND (NEW.name = '' OR NEW.profession = '') THEN
        PERFORM refuse('An approval names who approves, and as what.', 'Fill in both.');
    ELSIF NEW.step = 'retired' AND NEW.tool_version = tool_in_force(NEW.from_at) THEN
        PERFORM refuse('The version in force is retired by the one that takes its place.', 'Bring that into force.', 'CR001');
    ELSIF NEW.step = 'in force' THEN
        IF NOT EXISTS (SELECT FROM screening_item WHERE tool_version = NEW.tool_version) THEN
            PERFORM refuse(format('Version %s has no questions.', NEW.tool_version));
        ELSIF EXISTS (SELECT FROM tool_life WHERE tool_version = NEW.tool_version AND step = 'in force') THEN
            PERFORM refuse(format('Version %s is in force already.', NEW.tool_version), '', 'CR001');
        -- A service without any tool can accept nobody: the first one may be unsigned, and every screen says so.
        ELSIF NOT first AND NOT EXISTS (SELECT FROM tool_life WHERE tool_version = NEW.tool_version AND step = 'approved') THEN
            PERFORM refuse(format('Version %s is not approved by anybody.', NEW.tool_version),
                           'Record who approved it first.', 'CR002');
        ELSIF NOT first AND NEW.from_at < clock_now() - interval '1 minute' THEN
            PERFORM refuse('A version does not come into force in the past.', 'Choose a time to come.');
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON cru.tool_life
    FOR EACH ROW EXECUTE FUNCTION cru.guard_life();
CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON cru.tool_life
    FOR EACH STATEMENT EXECUTE FUNCTION cru.guard_life();

-- What was asked stays as it was asked. To a draft questions may be added until somebody has approved it.
CREATE FUNCTION cru.guard_tool_text() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM refuse('The text of a version of the screening tool never changes.', 'Make a new version.', 'CR002');
    END IF;
    IF EXISTS (SELECT FROM tool_life WHERE tool_version = NEW.tool_version AND step <> 'drafted') THEN
        PERFORM refuse(format('Version %s is approved, and its text is closed.', NEW.tool_version),
                       'Make a new version.', 'CR002');
    END IF;
    RETURN NEW;
END $$;

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY '{screening_item,tool_limit,news_band,tool_letter,tool_branch}'::text[] LOOP
        EXECUTE format('CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON cru.%I'
                       ' FOR EACH ROW EXECUTE FUNCTION cru.guard_tool_text()', t);
    END LOOP;
    FOREACH t IN ARRAY '{screening_tool,screening_item,tool_limit,news_band,tool_letter,tool_branch}'::text[] LOOP
        EXECUTE format('CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON cru.%I'
                       ' FOR EACH STATEMENT EXECUTE FUNCTION cru.guard_tool_text()', t);
    END LOOP;
    FOREACH t IN ARRAY '{tool_life,tool_limit,news_band,tool_letter,tool_branch}'::text[] LOOP
        EXECUTE format('CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON cru.%I'
                       ' FOR EACH STATEMENT EXECUTE FUNCTION cru.note_whole(''reference'')', t);
    END LOOP;
END $$;
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON cru.screening_tool
    FOR EACH ROW EXECUTE FUNCTION cru.guard_tool_text();

-- What is in the record already: it was drafted on its day, and the newest one is asked. A name that is no placeholder
-- is an approval.
INSERT INTO cru.tool_life (tool_version, step, from_at, note)
    SELECT version, 'drafted', signed_on, signed_by FROM cru.screening_tool ORDER BY version;
INSERT INTO cru.tool_life (tool_version, step, name, profession, from_at)
    SELECT version, 'approved', signed_by, 'as it was signed', signed_on FROM cru.screening_tool
    WHERE signed_by !~* 'to be signed|unsigned|not signed|default set' AND signed_by ~ '[^[:space:]]' ORDER BY version;
INSERT INTO cru.tool_life (tool_version, step, from_at)
    SELECT version, 'in force', signed_on FROM cru.screening_tool t
    WHERE EXISTS (SELECT FROM cru.screening_item i WHERE i.tool_version = t.version) ORDER BY version DESC LIMIT 1;

-- Whoever takes the place of another retires it.
CREATE FUNCTION cru.then_retire() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    before integer := (SELECT tool_version FROM tool_life WHERE step = 'in force' AND from_at < NEW.from_at
                       ORDER BY from_at DESC LIMIT 1);
BEGIN
    IF before IS NOT NULL THEN
        INSERT INTO tool_life (tool_version, step, from_at, note)
            VALUES (before, 'retired', NEW.from_at, format('Version %s takes its place.', NEW.tool_version));
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER then_retire AFTER INSERT ON cru.tool_life FOR EACH ROW WHEN (NEW.step = 'in force')
    EXECUTE FUNCTION cru.then_retire();

REVOKE ALL ON FUNCTION cru.tool_in_force(timestamptz), cru.guard_life(), cru.guard_tool_text(), cru.then_retire()
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.tool_in_force(timestamptz) TO cru_viewer, cru_dispatcher;
GRANT SELECT ON cru.tool_life, cru.tool_limit, cru.news_band, cru.tool_letter, cru.tool_branch TO cru_viewer, cru_dispatcher;
