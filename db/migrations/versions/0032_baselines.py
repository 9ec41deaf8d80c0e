"""What is usual in a control chart: baselines that a shift lead sets, with a reason.

Revision ID: 0032
"""

from db.migrations import sql

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is usual anew until somebody says so."""
    sql.run("0032", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
