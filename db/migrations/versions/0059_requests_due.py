"""What somebody asks about a record is told to every console, and is an alarm once its day is over.

Revision ID: 0059
"""

from db.migrations import sql

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No row of a record in use changes."""
    sql.run("0059", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
