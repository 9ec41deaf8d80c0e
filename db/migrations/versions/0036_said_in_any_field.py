"""Danger is read in any field, a branch holds accept at the record, and whom EMAS came to again is back.

Revision ID: 0036
"""

from db.migrations import sql

revision = "0036"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was typed before is read with the next step of its referral. No row that is there changes."""
    sql.run("0036", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
