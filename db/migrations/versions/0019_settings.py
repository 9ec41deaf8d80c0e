"""A shift lead sets the numbers that the program goes by, each within bounds that the record holds.

Revision ID: 0019
"""

from db.migrations import sql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing that was set is changed; what lies outside its bounds stays until it is set again."""
    sql.run("0019", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
