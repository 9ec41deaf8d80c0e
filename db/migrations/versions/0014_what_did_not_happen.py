"""What did not happen stands in no order of time, and a van's open job is named where another came after it.

Revision ID: 0014
"""

from db.migrations import sql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Replace which times of a referral there are, and which jobs of a van are compared."""
    sql.run("0014", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
