"""Danger that is told in a call or in the shift log is read as a note is; and in which tenth somebody lives is known.

Revision ID: 0030
"""

from db.migrations import sql

revision = "0030"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was said in calls before is read with the next step of its referral. No row that is there changes."""
    sql.run("0030", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
