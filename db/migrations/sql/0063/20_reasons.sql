-- Why somebody was not told, or not spoken to, is a reason: a sign or "n/a" takes nobody off a list. Asked where one is written,
-- and of none that stands there already.
CREATE FUNCTION cru.guard_reasoned() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    this jsonb := to_jsonb(NEW);
    was jsonb := CASE TG_OP WHEN 'UPDATE' THEN to_jsonb(OLD) ELSE '{}' END;
    name text;
BEGIN
    FOREACH name IN ARRAY TG_ARGV LOOP
        IF is_said(this ->> name) AND this -> name IS DISTINCT FROM was -> name AND NOT is_name(this ->> name)
           AND NOT is_being_restored(TG_TABLE_NAME, (this ->> 'id')::uuid) THEN
            PERFORM refuse(format('“%s” is no reason.', left(this ->> name, 40)), 'Say why, such as no answer.', 'CR003');
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION cru.guard_reasoned() FROM PUBLIC;

CREATE TRIGGER guard_reasoned BEFORE UPDATE OF person_not_told, caller_not_told, referrer_not_told ON cru.ending FOR EACH ROW
    EXECUTE FUNCTION cru.guard_reasoned('person_not_told', 'caller_not_told', 'referrer_not_told');
CREATE TRIGGER guard_reasoned BEFORE INSERT OR UPDATE OF why_not ON cru.contact FOR EACH ROW
    EXECUTE FUNCTION cru.guard_reasoned('why_not');
