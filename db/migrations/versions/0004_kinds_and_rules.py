"""Kinds of parties, sets of states and configurable numbers have a home in the record.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

from db.migrations import sql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_KINDS = "('ems', 'police', 'cru', 'other', 'destination')"
_BREAK = r"[\u0001-\u001F\u007F]"
_CONTROL = r"[\u0001-\u0008\u000E-\u001F\u007F]"


def upgrade() -> None:
    """Say the kinds of all parties that are in the record, and what the program goes by."""
    op.add_column("handover", sa.Column("from_kind", sa.Text(), nullable=True), schema="cru")
    op.add_column("handover", sa.Column("to_kind", sa.Text(), nullable=True), schema="cru")
    op.add_column("referral_source", sa.Column("waits_kind", sa.Text(), nullable=True), schema="cru")
    op.create_table(
        "rule",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("meaning", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("author", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.Column("dated", sa.Date(), server_default=sa.text("CURRENT_DATE"), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("rule_pkey")),
        schema="cru",
    )
    for name, condition in _limits_of_rule().items():
        op.create_check_constraint(op.f(f"rule_{name}_check"), "rule", condition, schema="cru")
    sql.run("0004", 10, 99)
    for column in ("from_kind", "to_kind"):
        op.alter_column("handover", column, nullable=False, schema="cru")
        op.create_check_constraint(
            op.f(f"handover_{column}_check"), "handover", f"{column} IN {_KINDS}", schema="cru"
        )
    op.alter_column("referral_source", "waits_kind", nullable=False, schema="cru")
    waits = {
        "waits_kind": "waits_kind IN ('nobody', 'ems', 'police', 'other')",
        "waits_by_name_and_kind": "(btrim(waits) = '') = (waits_kind = 'nobody')",
    }
    for name, condition in waits.items():
        op.create_check_constraint(
            op.f(f"referral_source_{name}_check"), "referral_source", condition, schema="cru"
        )


def _limits_of_rule() -> dict[str, str]:
    return {
        "unit": "unit IN ('share', 'minutes', 'hours')",
        "value_counts": "value > 0 AND (unit <> 'share' OR value <= 1)",
        "value_range": "value BETWEEN 0 AND 100000",
        "name_length": "char_length(name) <= 200",
        "name_given": "name ~ '[^[:space:]]'",
        "meaning_length": "char_length(meaning) <= 500",
        "author_length": "char_length(author) <= 200",
        "dated_day": "dated BETWEEN '2000-01-01' AND '2199-12-31'",
        "one_line": f"concat_ws('', name, author) !~ '{_BREAK}'",
        "characters": f"concat_ws('', meaning) !~ '{_CONTROL}'",
    }


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
