"""A panic carries the time it was pressed; a fix is stored once however often it is sent.

Revision ID: 0013
"""

from db.migrations import sql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Replace how emergencies are raised and fixes stored."""
    sql.run("0013", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
