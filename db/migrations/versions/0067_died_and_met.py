"""A death is told on each other referral; who was met after all, who agreed as things stood then, and a death said in error.

Revision ID: 0067
"""

from db.migrations import sql

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None
_CONTACT = (
    (
        "'{version,promise_outcome,promise_note,promise_closed_at,promise_closed_by}'",
        "'{version,promise_outcome,promise_note,promise_closed_at,promise_closed_by,agreed_ended_at}'",
    ),
    (
        "        IF OLD.promise_outcome <> '' THEN\n",
        """        IF NEW.agreed_ended_at IS DISTINCT FROM OLD.agreed_ended_at THEN
            RETURN NEW;
        END IF;
        IF OLD.promise_outcome <> '' THEN
""",
    ),
)
_NEXT_CALL = (
    (
        "SELECT made_at, agreed_until FROM contact",
        "SELECT made_at, CASE WHEN agreed_ended_at IS NULL THEN agreed_until END AS agreed_until FROM contact",
    ),
    (
        "LEFT JOIN heard ON true\n",
        "LEFT JOIN heard ON true\n    WHERE NOT is_said_to_have_died(the_referral)\n",
    ),
)
_STANDS = (
    "    UNION ALL\n    SELECT 'yes ' || o.id",
    """    UNION ALL
    SELECT 'died ' || d.ending_id, 'died', '', 'died, recorded on ' || d.reference, false, NULL, 1, 1 FROM died_elsewhere(the_referral) d
    UNION ALL
    SELECT 'yes ' || o.id""",
)
_HINT = (
    """    SELECT string_agg(words, '; '), bool_or(hard), bool_and(kind = 'unread') INTO all_words, any_hard, only_unread
""",
    """    SELECT string_agg(words, '; '), bool_or(hard), bool_and(kind = 'unread'), bool_or(kind = 'died')
        INTO all_words, any_hard, only_unread, any_died
""",
)
_HINTED = (
    "            WHEN any_hard THEN",
    """            WHEN any_died THEN 'End it; or say that it is not so or not them, or let a clinician decide.'
            WHEN any_hard THEN""",
)
_ASKED = (
    "    IF OLD.died_known_at IS NOT NULL THEN\n        NEW.died_known_at := OLD.died_known_at;\n",
    """    IF OLD.died_known_at IS NOT NULL AND NEW.died_known_at IS NULL THEN
        IF NOT is_lead() THEN
            PERFORM refuse('Only a shift lead takes back that somebody has died.', 'Ask the shift lead.', 'CR002');
        ELSIF context('reason') = '' THEN
            PERFORM refuse('That somebody has died is taken back with a reason.', 'Say why.');
        END IF;
        NEW.person_not_told := CASE WHEN NEW.person_not_told <> 'the person has died' THEN NEW.person_not_told
            WHEN NEW.asks_search THEN 'the person was not found' ELSE '' END;
    ELSIF OLD.died_known_at IS NOT NULL THEN
        NEW.died_known_at := OLD.died_known_at;
""",
)
_SAID = (
    "    IF NEW.died_known_at IS NOT NULL AND OLD.died_known_at IS NULL THEN\n",
    """    IF NEW.died_known_at IS NULL AND OLD.died_known_at IS NOT NULL THEN
        PERFORM follow_no_death(NEW.referral_id);
    ELSIF NEW.died_known_at IS NOT NULL AND OLD.died_known_at IS NULL THEN
""",
)
_LOGGED = (
    "THEN 'the person has died since' END),",
    """THEN 'the person has died since'
             WHEN before ->> 'died_known_at' IS NOT NULL THEN 'said in error that the person has died: ' || context('reason') END),""",
)
_LEFT = (
    """'For the shift lead: support for those who were close to them, who must be notified, what is to'
        || ' be learned'""",
    "after_a_death()",
)


def upgrade() -> None:
    """Who has died already, and is open on another referral, is told of; nothing else changes in a record in use."""
    sql.run("0067", 10, 39)
    for part in _CONTACT:
        sql.amend("guard_contact()", *part)
    for part in _NEXT_CALL:
        sql.amend("next_call(uuid)", *part)
    sql.amend("stands_against(uuid)", *_STANDS)
    sql.amend(
        "check_stands(uuid, text)",
        "    only_unread boolean;\n",
        "    only_unread boolean;\n    any_died boolean;\n",
    )
    for part in (_HINT, _HINTED):
        sql.amend("check_stands(uuid, text)", *part)
    sql.amend("guard_what_is_asked()", *_ASKED)
    sql.amend("follow_what_was_said()", *_SAID)
    sql.amend("log_ending()", *_LOGGED)
    sql.amend("follow_death(uuid, integer)", *_LEFT)
    sql.run("0067", 40, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
