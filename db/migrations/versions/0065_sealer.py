"""What seals the record has a login of its own, which may do that and nothing else.

Revision ID: 0065
"""

from db.migrations import sql

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No row changes; whoever seals as the owner goes on doing so."""
    sql.run("0065", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
