"""What spoke against a step, and that somebody insisted, stays with its event.

Revision ID: 0007
"""

from db.migrations import sql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep it with the event, and find it again."""
    sql.run("0007", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
