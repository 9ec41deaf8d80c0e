"""Why a wish was not kept; and what asks to be reviewed goes by what the measures go by.

Revision ID: 0033
"""

from db.migrations import sql

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A console of the version before is told to say why, which it asks of all wishes at once."""
    sql.run("0033", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
