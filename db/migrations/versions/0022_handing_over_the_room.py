"""Handing over the room: a shift log, and what one shift lead hands to the next.

Revision ID: 0022
"""

from db.migrations import sql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Three new tables; nothing that was there changes."""
    sql.run("0022", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
