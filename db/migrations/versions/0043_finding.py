"""Everything is found by its words, over years; messages, and who looks at what.

Revision ID: 0043
"""

from db.migrations import sql

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What every referral and every entry of the shift log is found by, for those that are there already too."""
    sql.run("0043", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
