"""Danger follows the person: one rule against every next step, versions of the tool with a life, how answers came.

Revision ID: 0009
"""

import sqlalchemy as sa
from alembic import op

from db.migrations import sql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# No guard is asked and no act is noted: what the record mends in itself, nobody did.
_OFF = ("decision", "tool_life")


def upgrade() -> None:
    """Give what is there its life, weigh what is open, and ask from now on."""
    sql.run("0009", 10, 29)
    # What is there spoke against no step when it was written; from now on the trigger "fill" says so where nobody does.
    op.add_column(
        "flag", sa.Column("danger", sa.Boolean(), nullable=True, server_default=sa.text("false")), schema="cru"
    )
    op.alter_column("flag", "danger", server_default=None, schema="cru")
    sql.run("0009", 30, 89)
    for table in _OFF:
        op.execute(f"ALTER TABLE cru.{table} DISABLE TRIGGER USER")
    sql.run("0009", 90, 99)
    for table in _OFF:
        op.execute(f"ALTER TABLE cru.{table} ENABLE TRIGGER USER")


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
