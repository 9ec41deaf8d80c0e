"""Small holes in who may do what: amendments, authors, what a wall and a gateway read, whose emergency it is.

Revision ID: 0046
"""

from db.migrations import sql

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No row is changed: what was written before stays as it is."""
    sql.run("0046", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
