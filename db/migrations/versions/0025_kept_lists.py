"""A shift lead keeps what a trust may set: lists with who and when, and numbers that stood in the program.

Revision ID: 0025
"""

from db.migrations import sql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No row that is there changes; a record in use gets the numbers by which it went."""
    sql.run("0025", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
