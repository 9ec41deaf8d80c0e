"""What happened is sealed: whoever changes it afterwards is found out by whoever kept an older checkpoint.

Revision ID: 0048
"""

from db.migrations import sql

revision = "0048"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is in a record in use stands in the tree as it is now; what was done to it before is not shown."""
    sql.run("0048", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
