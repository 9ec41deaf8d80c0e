-- Why somebody was not told, or not spoken to, is a reason: a sign or "n/a" takes nobody off a list. The guard of names asks for
-- it, too: where one is written, and of none that stands there already.
CREATE TRIGGER guard_reasoned BEFORE UPDATE OF person_not_told, caller_not_told, referrer_not_told ON cru.ending FOR EACH ROW
    EXECUTE FUNCTION cru.guard_named('person_not_told', 'caller_not_told', 'referrer_not_told');
CREATE TRIGGER guard_reasoned BEFORE INSERT OR UPDATE OF why_not ON cru.contact FOR EACH ROW
    EXECUTE FUNCTION cru.guard_named('why_not');
