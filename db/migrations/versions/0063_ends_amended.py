"""What goes back to EMAS stays open however it came to be so, and why somebody was not told is a reason.

Revision ID: 0063
"""

from db.migrations import sql

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None
_END = "follow_ending()"
_WITH_THEM = (
    "IF NEW.state = 'declined' THEN",
    "IF NEW.state = 'declined' OR asked.aftercare_hours IS NOT NULL THEN",
)
_KEPT_OPEN = (
    """    IF asked.aftercare_hours IS NOT NULL THEN
        INSERT INTO follow_up (referral_id, due_at, what_for)
        VALUES (NEW.id, clock_now() + make_interval(hours => asked.aftercare_hours),
                'Mental-health assessment beside physical care, and aftercare where worries remain');
    END IF;
""",
    """    PERFORM keep_open(NEW.id, asked.aftercare_hours);
""",
)
_NO_NAME = """\
            PERFORM refuse(format('“%s” is nobody''s name.', left(this ->> name, 40)),
                'Type who it is, or what is known of them.', 'CR003');
"""
_NO_REASON = """\
            IF name = 'why_not' OR name LIKE '%\\_not\\_told' THEN
                PERFORM refuse(format('“%s” is no reason.', left(this ->> name, 40)),
                    'Say why, such as no answer.', 'CR003');
            ELSE
"""


def upgrade() -> None:
    """A record in use gets one row that says what an end asks for; no other row changes."""
    sql.run("0063", 10, 99)
    for part in (_WITH_THEM, _KEPT_OPEN):
        sql.amend(_END, *part)
    sql.amend("guard_named()", _NO_NAME, _NO_REASON + _NO_NAME + "            END IF;\n")
    # Who was "not told" by anybody was told by nobody.
    sql.amend("is_name(text)", "'{na,nil,", "'{na,nottold,notyet,nil,")


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
