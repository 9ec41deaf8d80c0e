"""A text that nobody sees is none, a sign is nobody's name, and nobody learns of the past without a trace.

Revision ID: 0062
"""

from db.migrations import sql

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None
_TEXT = r"(coalesce\([^()]*\)|[\w.]+ \|\| [\w.]+|[\w.]+)"
_ASKS = (
    # What is kept of a text, without what stands around it.
    (r"NEW\.(\w+) := btrim\(NEW\.(\w+)(?:, E' \\t\\r\\n')?\)", r"NEW.\1 := said(NEW.\2)"),
    (rf"{_TEXT} !~ '\[\^\[:space:\]\]'", r"NOT is_said(\1)"),
    (rf"{_TEXT} ~ '\[\^\[:space:\]\]'", r"is_said(\1)"),
    (r"btrim\((NEW\.\w+)\) = ''", r"NOT is_said(\1)"),
)
_CONTEXT = "SELECT btrim(coalesce(current_setting("
_PLAN = (
    "    UPDATE about_me SET ended_at = clock_now() WHERE referral_id = the_referral AND from_plan = ANY (changed)",
    """    IF NOT is_name(who) THEN
        who := 'not recorded';
    END IF;
    UPDATE about_me SET ended_at = clock_now() WHERE referral_id = the_referral AND from_plan = ANY (changed)""",
)
_ENDING = (
    """    FOREACH who IN ARRAY '{person,caller,referrer}'::text[] LOOP
""",
    """    NEW.person_not_told := said(NEW.person_not_told);
    NEW.caller_not_told := said(NEW.caller_not_told);
    NEW.referrer_not_told := said(NEW.referrer_not_told);
    FOREACH who IN ARRAY '{person,caller,referrer}'::text[] LOOP
""",
)
_STEP = (
    """
BEGIN
    PERFORM log_times('van ',""",
    """
DECLARE
    insisted constant text := context('insisted');
    unfit text := '';
BEGIN
    -- What nobody said who goes on is put down all the same.
    IF TG_OP = 'UPDATE' AND OLD.state <> 'mobile' AND OLD.state = ANY (en_route_states())
       AND (NEW.state = 'mobile' OR NEW.state = ANY (at_scene_states())) AND insisted !~ 'brief' THEN
        unfit := unfit_to_go(NEW);
    END IF;
    PERFORM set_config('cru.insisted', left(concat_ws('; ', nullif(insisted, ''), unfit), 500), true) WHERE unfit <> '';
    PERFORM log_times('van ',""",
)
_STEP_END = (
    """'{state,stand_down_reason}' END::text[]);
    END IF;
""",
    """'{state,stand_down_reason}' END::text[]);
    END IF;
    PERFORM set_config('cru.insisted', insisted, true) WHERE unfit <> '';
""",
)
# Two vans that are called alike at the same moment: whoever comes second waits, and sees the first.
_HEARD = "    -- Whoever is called the very same the table refuses"
_LOCKED = """\
    -- Nobody but the owner may take this lock; readers and fixes go on beside it. A transaction that sees the record
    -- as it was when it began would not see who came first.
    LOCK TABLE ONLY van IN SHARE UPDATE EXCLUSIVE MODE;
    IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN
        PERFORM refuse('A van gets its callsign in a transaction that sees the record as it is.',
            'Use read committed.', 'CR002');
    END IF;
"""
_BOUNDS = "('registered_binds', 'yes or no', 0, 1)"
_ALIKE = "open_alike(text,text,date,text,text,text,text,double precision,double precision,uuid)"
_HOW_MANY = (
    "RETURN cardinality(theirs);",
    """-- The same whether somebody was found or not, also to whoever looks at what the transaction did.
    PERFORM pg_current_xact_id();
    RETURN 0;""",
)
_FOUND = (
    "IF cardinality(theirs) > 0 THEN",
    """IF cardinality(theirs) > 0 OR coalesce(the_number, '') || coalesce(the_phone, '') <> ''
       OR the_name <> '' AND the_born IS NOT NULL THEN""",
)
_KEPT = ("WHERE r.erased_at IS NULL)", "WHERE r.erased_at IS NULL AND may_tell(r.id))")


def upgrade() -> None:
    """A record in use gets one rule; no other row changes, and what breaks a limit already stays as it is."""
    sql.run("0062", 10, 19)
    sql.amend_all(_ASKS)
    sql.amend("context(text)", _CONTEXT, _CONTEXT.replace("btrim", "said"))
    sql.amend("guard_ending()", *_ENDING)
    sql.amend("absorb_plan(uuid,jsonb,jsonb,timestamp with time zone)", *_PLAN)
    sql.run("0062", 20, 39)
    for part in (_STEP, _STEP_END):
        sql.amend("log_assignment()", *part)
    sql.amend("rule_bounds(text,text)", _BOUNDS, f"{_BOUNDS}, ('read_back_binds', 'yes or no', 0, 1)")
    sql.amend("guard_callsign()", _HEARD, _LOCKED + _HEARD)
    sql.run("0062", 40, 99)
    sql.amend(_ALIKE, *_FOUND)
    for function in (_ALIKE, "open_known(uuid)"):
        sql.amend(function, *_HOW_MANY)
    sql.amend("kept_until(uuid)", *_KEPT)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
