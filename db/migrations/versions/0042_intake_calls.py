"""A referral is in the record from the first location on, while the caller still speaks.

Revision ID: 0042
"""

from db.migrations import sql

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Referrals that are there have no call; what is taken from now on by the form has one."""
    sql.run("0042", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
