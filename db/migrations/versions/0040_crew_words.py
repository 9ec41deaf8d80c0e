"""Crews say that they are well: at the scene at intervals that a trust sets; whoever is silent raises an alarm.

Revision ID: 0040
"""

from db.migrations import sql

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A crew that is at a scene when this is run counts from its last step."""
    sql.run("0040", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
