"""Room for all the words that a question of the screening tool watches for.

Revision ID: 0024
"""

from db.migrations import sql

revision = "0024"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A wider bound: no row changes."""
    sql.run("0024", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
