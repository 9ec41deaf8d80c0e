"""Measures have one home: worked out in the record, from facts of each referral that are kept narrow.

Revision ID: 0021
"""

from db.migrations import sql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The facts and when they are worked out; what each figure is; the definitions; what is there."""
    sql.run("0021", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
