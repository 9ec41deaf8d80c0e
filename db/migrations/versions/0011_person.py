"""What is known of a person, in their words; languages by code; flags of a person or an address; who may be sent.

Revision ID: 0011
"""

from db.migrations import sql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take what plans and flags said into the new tables; nothing that was there is lost."""
    sql.run("0011", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
