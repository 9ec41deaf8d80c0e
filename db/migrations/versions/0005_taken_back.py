"""Every act keeps what was before it, so that what did not happen can be taken back.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from db.migrations import sql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_BREAK = r"[\u0001-\u001F\u007F]"
_CONTROL = r"[\u0001-\u0008\u000E-\u001F\u007F]"
# What is inserted is never deleted: it is marked as something that did not happen.
_MARKED = ("assignment", "handover", "screening", "shift", "flag", "feedback")


def upgrade() -> None:
    """Keep what is done from now on; what was done before has no before and cannot be taken back."""
    for table in _MARKED:
        op.add_column(table, sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True), schema="cru")
        op.create_check_constraint(
            op.f(f"{table}_taken_back_at_time_check"), table, _moment("taken_back_at"), schema="cru"
        )
    _acts()
    _parts()
    sql.run("0005", 10, 99)


def _acts() -> None:
    op.create_table(
        "act",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("command_id", sa.Uuid(), nullable=True),
        sa.Column(
            "xid", sa.BigInteger(), server_default=sa.text("(pg_current_xact_id()::text)::bigint"), nullable=False
        ),
        sa.Column("began_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("done_by", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.Column(
            "done_at", sa.DateTime(timezone=True), server_default=sa.text("cru.clock_now()"), nullable=False
        ),
        sa.Column("sent_outside_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("taken_back_reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("act_pkey")),
        schema="cru",
    )
    op.create_index("act_xid_idx", "act", ["xid"], schema="cru")
    op.create_index("act_done_by_done_at_idx", "act", ["done_by", "done_at"], schema="cru")
    _limit(
        "act",
        {f"{name}_time": _moment(name) for name in ("began_at", "done_at", "sent_outside_at", "taken_back_at")},
    )
    _limit("act", {f"{name}_length": f"char_length({name}) <= 200" for name in ("done_by", "taken_back_by")})
    _limit(
        "act",
        {
            "xid_range": "xid BETWEEN 1 AND 9223372036854775807",
            "taken_back_reason_length": "char_length(taken_back_reason) <= 2000",
            "characters": f"concat_ws('', taken_back_reason) !~ '{_CONTROL}'",
            "one_line": f"concat_ws('', done_by, taken_back_by) !~ '{_BREAK}'",
        },
    )


def _parts() -> None:
    op.create_table(
        "act_part",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Text(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("van_id", sa.Uuid(), nullable=True),
        sa.Column("inserted", sa.Boolean(), nullable=False),
        sa.Column("version_before", sa.BigInteger(), nullable=True),
        sa.Column("version_after", sa.BigInteger(), nullable=True),
        sa.Column("before", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("restoring", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("act_part_pkey")),
        sa.ForeignKeyConstraint(["act_id"], ["cru.act.id"], name=op.f("act_part_act_id_fkey"), ondelete="CASCADE"),
        sa.UniqueConstraint("act_id", "table_name", "row_id", name=op.f("act_part_act_id_table_name_row_id_key")),
        schema="cru",
    )
    op.create_index("act_part_table_name_row_id_idx", "act_part", ["table_name", "row_id"], schema="cru")
    op.create_index("act_part_referral_id_idx", "act_part", ["referral_id"], schema="cru")
    op.create_index("act_part_van_id_idx", "act_part", ["van_id"], schema="cru")
    op.create_index(
        "act_part_restoring_idx",
        "act_part",
        ["restoring"],
        schema="cru",
        postgresql_where=sa.text("restoring IS NOT NULL"),
    )
    _limit("act_part", {f"{name}_length": f"char_length({name}) <= 60" for name in ("table_name", "row_id")})
    _limit("act_part", {f"{name}_given": f"{name} ~ '[^[:space:]]'" for name in ("table_name", "row_id")})
    _limit(
        "act_part", {f"{name}_range": f"{name} BETWEEN 1 AND 9223372036854775807" for name in ("id", "restoring")}
    )
    _limit(
        "act_part",
        {
            f"{name}_range": f"{name} BETWEEN 1 AND 9007199254740991"
            for name in ("version_before", "version_after")
        },
    )
    _limit(
        "act_part",
        {
            "one_line": f"concat_ws('', table_name, row_id) !~ '{_BREAK}'",
            "before_shape": "jsonb_typeof(before) = 'object' AND octet_length(before::text) <= 1000000"
            " AND NOT jsonb_path_exists(before, 'strict $.**{6}') AND NOT jsonb_path_exists(before,"
            """ 'strict $.** ? (@.type() == "number" && (@ > 1e15 || @ < -1e15))')""",
        },
    )


def _limit(table: str, conditions: dict[str, str]) -> None:
    for name, condition in conditions.items():
        op.create_check_constraint(op.f(f"{table}_{name}_check"), table, condition, schema="cru")


def _moment(column: str) -> str:
    return f"{column} >= '2000-01-01 00:00:00+00' AND {column} < '2200-01-01 00:00:00+00'"


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
