"""Nobody waits unheard, nothing ends without someone: calls, endings, follow-ups, late links, places free.

Revision ID: 0010
"""

from db.migrations import sql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What ended before names nobody and is on no list; what is open is called by the schedule from now on."""
    sql.run("0010", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
