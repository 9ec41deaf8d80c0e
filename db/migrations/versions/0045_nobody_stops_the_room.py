"""No session that sleeps stops the others: numbers, positions and figures wait for nobody, and each login has limits.

Revision ID: 0045
"""

from db.migrations import sql

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Referrals of today count on from the last number; the logins that are there get their limits."""
    sql.run("0045", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
