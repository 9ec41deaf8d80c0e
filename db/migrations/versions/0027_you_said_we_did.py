"""You said, we did: feedback with consent and themes, what became of it, and what a shift lead has looked at.

Revision ID: 0027
"""

from db.migrations import sql

revision = "0027"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Feedback that is there was asked for no consent, and so is quoted nowhere."""
    sql.run("0027", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
