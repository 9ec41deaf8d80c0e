"""Nobody at a desk may lock a whole table, or say since when somebody has ridden.

Revision ID: 0020
"""

from db.migrations import sql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rights only: no row and no rule changes."""
    sql.run("0020", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
