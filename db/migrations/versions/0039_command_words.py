"""The words of the command line are rows that a shift lead keeps.

Revision ID: 0039
"""

from db.migrations import sql

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A new table; a record in use gets the shipped short forms."""
    sql.run("0039", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
