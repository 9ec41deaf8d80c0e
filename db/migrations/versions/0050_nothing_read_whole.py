"""What a command or a read costs grows with what is asked for, and not with what the record holds.

Revision ID: 0050
"""

from db.migrations import sql

revision = "0050"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Indexes, and the same rules asked in a way that an index serves: no row changes."""
    sql.run("0050", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
