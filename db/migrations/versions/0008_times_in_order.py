"""Times are in order: none lies before one that must precede it.

Revision ID: 0008
"""

from alembic import op

from db.migrations import sql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# What the record stamps itself, by the triggers "fill": a column's own default knows nothing of other times.
_STAMPED = (("assignment", "allocated_at"), ("handover", "expected_at"), ("screening", "completed_at"))


def upgrade() -> None:
    """Add the order, and list what breaks it already."""
    sql.run("0008", 10, 99)
    for table, column in _STAMPED:
        op.alter_column(table, column, server_default=None, schema="cru")


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
