"""That the record was backed up, and a backup proven, is known to the record; where neither is, a shift lead hears it.

Revision ID: 0044
"""

from db.migrations import sql

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A record in use gets two rules and two kinds of alarm; what was backed up before is not known."""
    sql.run("0044", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
