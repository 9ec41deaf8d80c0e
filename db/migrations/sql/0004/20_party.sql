-- Of what kind a party is: a value beside its name. The name is free text and says it only to people.

-- The one rule for a name that comes without its kind: from a row of before, an older program, or a psql prompt. It asks
-- for whole words in the places where they name a crew ("EMAS A1187", "Northants Police", "CRU 2"), because a wrong kind
-- is worse than an open one: "Cruse" is a charity, the "Policeman's Arms" a pub.
CREATE FUNCTION cru.party_kind(name text, otherwise text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT CASE
        WHEN said ~ '^(the )?(cru|crisis response unit)( crew| team| van)?([ -]?[0-9]{1,4}| [a-z]{1,5}[ -]?[0-9]{1,4})?$'
            THEN 'cru'
        WHEN said ~ '^(the |an )?(emas|ems)($|[ ,;:/(.])' OR said ~ '^east midlands ambulance($| )'
            OR said ~ '^([a-z.]+ ){0,4}ambulance( service| crew| trust| control)( nhs)?( foundation)?( trust)?( [a-z]{0,3}-?[0-9]+)?$'
            OR said ~ '^ambulance( [a-z]{0,3}-?[0-9]+)?$' THEN 'ems'
        WHEN said ~ '^(the )?police($|[ ,;:/(.])'
            OR said ~ '^([a-z]+ ){1,3}police( officers?| crew| unit| car)?( [a-z]{0,3}-?[0-9]+)?$' THEN 'police'
        ELSE otherwise END
    FROM (SELECT regexp_replace(lower(btrim(name)), '\s+', ' ', 'g') AS said) s
$$;

-- A name is corrected without a word of its kind: a kind that followed from the old name follows from the new one; a
-- kind that somebody gave stays.
CREATE FUNCTION cru.kind_after(old_name text, old_kind text, new_name text, new_kind text, otherwise text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT CASE WHEN new_kind IS DISTINCT FROM old_kind OR new_name IS NOT DISTINCT FROM old_name THEN new_kind
        WHEN old_kind = party_kind(old_name, otherwise) THEN party_kind(new_name, otherwise)
        ELSE old_kind END
$$;

CREATE OR REPLACE FUNCTION cru.guard_handover() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    where_now text := (SELECT state FROM cru.referral WHERE id = NEW.referral_id);
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.version := 1;
        -- A program that knows no kinds gives names only.
        NEW.from_kind := coalesce(NEW.from_kind, cru.party_kind(NEW.from_party, 'other'));
        NEW.to_kind := coalesce(NEW.to_kind, cru.party_kind(NEW.to_party, 'destination'));
        IF NEW.state <> 'expected' THEN
            PERFORM cru.refuse('A new handover starts as expected.', '', 'CR001');
        ELSIF btrim(NEW.from_party) = '' OR btrim(NEW.to_party) = '' THEN
            PERFORM cru.refuse('A handover needs both parties.', 'Say from whom and to whom.');
        ELSIF where_now <> ALL (cru.open_referral_states()) THEN
            PERFORM cru.refuse(format('This referral is %s.', where_now), '', 'CR001');
        END IF;
        PERFORM cru.check_row('handover', jsonb_build_object('id', NEW.id, 'state', NEW.state), to_jsonb(NEW), '{}');
        RETURN NEW;
    END IF;
    NEW.version := OLD.version + 1;
    NEW.refusal_reason := btrim(NEW.refusal_reason);
    NEW.from_kind := cru.kind_after(OLD.from_party, OLD.from_kind, NEW.from_party, NEW.from_kind, 'other');
    NEW.to_kind := cru.kind_after(OLD.to_party, OLD.to_kind, NEW.to_party, NEW.to_kind, 'destination');
    -- Who handed the patient to whom is history as soon as it happened.
    PERFORM cru.check_row('handover', to_jsonb(OLD), to_jsonb(NEW), CASE
        WHEN OLD.state = 'expected' THEN '{referral_id,ordinal}'
        WHEN OLD.state = 'started' THEN '{referral_id,ordinal,from_party,from_kind,to_party,to_kind}'
        ELSE '{referral_id,ordinal,from_party,from_kind,to_party,to_kind,refusal_reason}' END::text[]);
    IF NEW.state <> OLD.state THEN
        IF NEW.state IN ('started', 'accepted') AND where_now <> 'attending' THEN
            PERFORM cru.refuse('A handover starts when a crew is on scene.', 'Mark the van on scene first.', 'CR001');
        END IF;
        NEW := jsonb_populate_record(NEW, jsonb_build_object(NEW.state || '_at',
            coalesce(nullif(to_jsonb(NEW) -> (NEW.state || '_at'), 'null'), to_jsonb(cru.clock_now()))));
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION cru.log_handover() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM write_event(NEW.referral_id, NULL, 'handover expected', NEW.expected_at,
            NEW.from_party || ' to ' || NEW.to_party,
            jsonb_build_object('from_kind', NEW.from_kind, 'to_kind', NEW.to_kind));
        RETURN NULL;
    END IF;
    PERFORM log_times('handover ', to_jsonb(OLD), to_jsonb(NEW), NEW.referral_id, NULL,
        CASE WHEN NEW.state = 'refused' THEN NEW.refusal_reason ELSE NEW.from_party || ' to ' || NEW.to_party END);
    PERFORM log_details(to_jsonb(OLD), to_jsonb(NEW), NEW.referral_id, NULL, '{state,refusal_reason}');
    RETURN NULL;
END $$;

CREATE FUNCTION cru.guard_source() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    -- Where no crew is named, none waits.
    found text := CASE WHEN btrim(NEW.waits) = '' THEN 'nobody' ELSE party_kind(NEW.waits, 'other') END;
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.waits_kind := coalesce(NEW.waits_kind, found);
    ELSIF NEW.waits_kind = OLD.waits_kind AND '' IN (btrim(OLD.waits), btrim(NEW.waits)) THEN
        NEW.waits_kind := found;
    ELSE
        NEW.waits_kind := kind_after(OLD.waits, OLD.waits_kind, NEW.waits, NEW.waits_kind, 'other');
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON cru.referral_source
    FOR EACH ROW EXECUTE FUNCTION cru.guard_source();

REVOKE ALL ON FUNCTION cru.party_kind(text, text), cru.kind_after(text, text, text, text, text), cru.guard_source()
    FROM PUBLIC;
GRANT INSERT (from_kind, to_kind), UPDATE (from_kind, to_kind) ON cru.handover TO cru_dispatcher;

-- The rows of before. Nobody did anything, so no guard is asked and no event is made; whoever looks at rows is told.
ALTER TABLE cru.handover DISABLE TRIGGER guard;
ALTER TABLE cru.handover DISABLE TRIGGER log;
UPDATE cru.handover SET from_kind = cru.party_kind(from_party, 'other'), to_kind = cru.party_kind(to_party, 'destination');
ALTER TABLE cru.handover ENABLE TRIGGER guard;
ALTER TABLE cru.handover ENABLE TRIGGER log;
UPDATE cru.referral_source
    SET waits_kind = cru.party_kind(waits, CASE WHEN btrim(waits) = '' THEN 'nobody' ELSE 'other' END);
