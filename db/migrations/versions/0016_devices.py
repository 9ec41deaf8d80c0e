"""Whose a device was and when, and which device of a van is shown.

Revision ID: 0016
"""

from db.migrations import sql

revision = "0016"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Each device has been with the van that it is with since the day it was put down."""
    sql.run("0016", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
