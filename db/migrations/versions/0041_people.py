"""Who something that is being typed may be about; what followed from a wrong link goes with it; erased by rule.

Revision ID: 0041
"""

from db.migrations import sql

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No row is changed: what is found is found by what stands there."""
    sql.run("0041", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
