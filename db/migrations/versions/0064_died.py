"""That the person has died is a way to end of its own, and nobody has to give another that is not so.

Revision ID: 0064
"""

from db.migrations import sql

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A record in use gets one outcome and one reason, unless it has rows with that code; no other row changes."""
    sql.run("0064", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
