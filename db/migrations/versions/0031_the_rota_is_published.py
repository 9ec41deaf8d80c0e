"""What of the rota was published to those who ride: which shifts as they were, by whom and when.

Revision ID: 0031
"""

from db.migrations import sql

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is planned already counts as published: until now whoever planned it told it at once."""
    sql.run("0031", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
