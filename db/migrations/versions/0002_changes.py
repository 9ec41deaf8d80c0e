"""What changed is read from the record itself; a notice only wakes the reader.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

from db.migrations import sql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Build the list of changes, the beat, and what tells one life of the record from another."""
    op.add_column(
        "service",
        sa.Column("epoch", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        schema="cru",
    )
    op.create_table(
        "change",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "xid", sa.BigInteger(), server_default=sa.text("(pg_current_xact_id()::text)::bigint"), nullable=False
        ),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("ids", sa.ARRAY(sa.Uuid()), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("change_pkey")),
        schema="cru",
    )
    op.create_index("change_xid_idx", "change", ["xid"], unique=False, schema="cru")
    op.create_index(
        "change_beat_idx",
        "change",
        ["at"],
        unique=False,
        schema="cru",
        postgresql_where=sa.text("entity = 'beat'"),
    )
    sql.run("0002", 0, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
