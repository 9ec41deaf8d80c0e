"""What ends or leaves a call is not offered for undo, since nothing of it would be undone; words for every verb.

Revision ID: 0052
"""

from db.migrations import sql

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No row of a record in use changes, but for the words that are added."""
    sql.run("0052", 10, 19)
    later = "    SELECT b INTO later FROM acts_built_on(the_act) AS b LIMIT 1;"
    sql.amend(
        "why_not_taken_back(uuid)",
        f"    END IF;\n{later}",
        "    ELSIF why_a_call_stays(the_act) IS NOT NULL THEN\n"
        f"        RETURN why_a_call_stays(the_act);\n    END IF;\n{later}",
    )
    mine = "AND taken_back_at IS NULL ORDER BY done_at DESC"
    # A call begins by itself while somebody types: nothing that they did with a key, and nothing to take back.
    sql.amend(
        "my_last_act()",
        mine,
        "AND NOT EXISTS (SELECT FROM act_part p WHERE p.act_id = act.id AND p.table_name = 'referral' AND p.inserted\n"
        f"                  AND is_on_the_phone(p.referral_id)) {mine}",
    )
    sql.run("0052", 20, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
