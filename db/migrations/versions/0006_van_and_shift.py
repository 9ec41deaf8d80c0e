"""A van is made available and its shift is ended one after the other, also at two prompts at one moment.

Revision ID: 0006
"""

from db.migrations import sql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let whoever ends a shift wait for the van, and take vans off duty that were left without a crew."""
    sql.run("0006", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
