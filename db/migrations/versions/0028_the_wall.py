"""The wall: parties by their kind, the first half of a postcode however it was typed, and no destination.

Revision ID: 0028
"""

from db.migrations import sql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A viewer's login reads less from now on; a console of the version before then shows it fewer rows."""
    sql.run("0028", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
