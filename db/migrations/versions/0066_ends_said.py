"""An end as if nobody had been met is refused where somebody was; who looks, on what ground, and that nobody calls the dead.

Revision ID: 0066
"""

from db.migrations import sql

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None
_MET = """    IF asked.needs_meeting AND NOT was_met(NEW.id) THEN
"""
_NOT_MET = """    IF asked.only_unmet AND was_met_again(NEW.id) THEN
        PERFORM refuse('Somebody met the person, so it cannot end as if nobody had.',
                       'Say how it went for them; or take back the step that says that they were met.');
    END IF;
"""
_ENDING = (
    (
        "INSERT INTO ending (referral_id, state, reason, ended_at, holder_kind, holder_name)",
        """INSERT INTO ending (referral_id, state, reason, ended_at, asks_search, asks_ground, person_not_told,
                        holder_kind, holder_name)""",
    ),
    (
        "            NEW.closed_at, coalesce(with_them.from_kind, ''),",
        """            NEW.closed_at, coalesce(asked.asks_search, false), coalesce(asked.asks_ground, false),
            cannot_be_told(NEW, asked), coalesce(with_them.from_kind, ''),""",
    ),
    (
        "    PERFORM keep_open(NEW.id, asked.aftercare_hours);\n",
        """    IF ended_by_death(NEW) THEN
        PERFORM follow_death(NEW.id, asked.aftercare_hours);
    ELSE
        PERFORM keep_open(NEW.id, asked.aftercare_hours);
    END IF;
""",
    ),
    (
        "    IF NEW.state = ANY (open_referral_states()) THEN\n",
        """    IF NEW.state = ANY (open_referral_states()) THEN
        IF ended_by_death(OLD) OR EXISTS (SELECT FROM ending WHERE referral_id = NEW.id AND reopened_at IS NULL
                                          AND taken_back_at IS NULL AND died_known_at IS NOT NULL) THEN
            PERFORM follow_no_death(NEW.id);
        END IF;
""",
    ),
)
_AMENDED = (
    (
        "    UPDATE ending SET reason = coalesce(",
        """    UPDATE ending SET asks_search = coalesce(asked.asks_search, false), asks_ground = coalesce(asked.asks_ground, false),
        person_not_told = CASE WHEN person_told_by <> '' THEN '' WHEN cannot_be_told(NEW, asked) <> '' THEN cannot_be_told(NEW, asked)
            WHEN died_known_at IS NULL AND person_not_told IN ('the person has died', 'the person was not found') THEN ''
            ELSE person_not_told END, reason = coalesce(""",
    ),
    (
        "    IF asked.aftercare_hours IS NOT NULL THEN\n",
        """    IF ended_by_death(NEW) AND NOT ended_by_death(OLD) THEN
        PERFORM follow_death(NEW.id, asked.aftercare_hours);
    ELSIF ended_by_death(OLD) AND NOT ended_by_death(NEW) THEN
        PERFORM follow_no_death(NEW.id);
    END IF;
    IF asked.aftercare_hours IS NOT NULL AND NOT ended_by_death(NEW) THEN
""",
    ),
)
_LOGGED = (
    (
        "reopened_at,taken_back_at}'",
        "reopened_at,taken_back_at,asks_search,asks_ground}'",
    ),
    (
        "        told_words('referrer', NEW.referrer_told_by, NEW.referrer_not_told)),",
        """        told_words('referrer', NEW.referrer_told_by, NEW.referrer_not_told),
        'looked for until ' || to_char(NEW.looks_until AT TIME ZONE 'Europe/London', 'HH24:MI on DD Mon'),
        'ground: ' || (SELECT label FROM reason WHERE kind = 'ground' AND code = NEW.ground),
        'decided by ' || nullif(NEW.ground_by, ''), told_words('rights', NEW.rights_told_by, NEW.rights_not_told),
        CASE WHEN NEW.died_known_at IS NOT NULL THEN 'the person has died since' END),""",
    ),
)
_DUE = (
    "(c.promise_outcome <> '' OR c.promise_due_at <= clock_now()))",
    "c.promise_outcome <> 'ended' AND (c.promise_outcome <> '' OR c.promise_due_at <= clock_now()))",
)
_DONE = "WHERE f.referral_id = ANY (the_ids) AND f.taken_back_at IS NULL"
_ERASED = "referrer_not_told = rubbed_out(referrer_not_told)"


def upgrade() -> None:
    """A record in use gets rows that say what an end asks for, and legal grounds; what ended before is asked nothing."""
    sql.run("0066", 10, 39)
    sql.amend("guard_ending_of_referral()", _MET, _NOT_MET + _MET)
    for part in _ENDING:
        sql.amend("follow_ending()", *part)
    for part in _AMENDED:
        sql.amend("follow_amended_end()", *part)
    for part in _LOGGED:
        sql.amend("log_ending()", *part)
    sql.amend("promised(uuid[])", *_DUE)
    # What ended with the person was neither in time nor late.
    sql.amend("followed_up(uuid[])", _DONE, f"{_DONE} AND f.outcome <> ended_with_them()")
    sql.amend(
        "rub_out(uuid[])",
        _ERASED,
        f"{_ERASED}, ground_by = rubbed_out(ground_by), rights_told_by = rubbed_out(rights_told_by),"
        " rights_not_told = rubbed_out(rights_not_told)",
    )
    sql.run("0066", 40, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
