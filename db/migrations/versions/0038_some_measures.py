"""Some measures alone, of any stretches of time.

Revision ID: 0038
"""

from db.migrations import sql

revision = "0038"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing that is kept changes."""
    sql.run("0038", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
