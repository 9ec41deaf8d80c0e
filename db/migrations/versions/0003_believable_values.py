"""Believable values: a limit on every column, and what broke one mended.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

from db.migrations import sql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the limits, mend the rows that break them and list what was mended, all in one transaction."""
    op.create_table(
        "mended",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Text(), nullable=False),
        sa.Column("column_name", sa.Text(), nullable=False),
        sa.Column("was", sa.Text(), nullable=True),
        sa.Column("now", sa.Text(), nullable=True),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("mended_pkey")),
        schema="cru",
    )
    # A fix that was refused for its place has none.
    op.alter_column("position_fix", "lat", nullable=True, schema="cru")
    op.alter_column("position_fix", "lon", nullable=True, schema="cru")
    sql.run("0003", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
