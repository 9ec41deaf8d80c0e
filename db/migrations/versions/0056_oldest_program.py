"""Which programs a schema serves is said by the schema.

Revision ID: 0056
"""

from db.migrations import sql

revision = "0056"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No row changes."""
    sql.run("0056", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
