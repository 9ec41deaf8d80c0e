"""Alarms belong to the record: raised once, acknowledged by a name, shelved with an end, and kept.

Revision ID: 0034
"""

from db.migrations import sql

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Four new tables; a record in use gets the shipped kinds of alarm."""
    sql.run("0034", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
