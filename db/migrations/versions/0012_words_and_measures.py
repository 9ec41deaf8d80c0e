"""Words that a person would choose, and measures that stand beside their balance.

Revision ID: 0012
"""

import sqlalchemy as sa
from alembic import op

from db.migrations import sql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_BREAK = r"[\u0001-\u001F\u007F]"
_CONTROL = r"[\u0001-\u0008\u000E-\u001F\u007F]"
_ABOUT_CARE = {
    "ae_care": "ae_care IN ('needed and done', 'needed and not done', 'not needed', 'unknown')",
    "force_used": "force_used IN ('yes', 'no', 'unknown')",
    "ethnicity": "ethnicity IN ('Asian or Asian British', 'Black or Black British', 'Mixed or multiple', 'White',"
    " 'another group', 'prefers not to say')",
    "deprivation_range": "deprivation BETWEEN 1 AND 10",
}


def upgrade() -> None:
    """What measures need, their definitions, and the words of rows that are still the shipped ones."""
    for name in ("ae_care", "force_used", "ethnicity"):
        op.add_column("referral", sa.Column(name, sa.Text(), nullable=True), schema="cru")
    op.add_column("referral", sa.Column("deprivation", sa.SmallInteger(), nullable=True), schema="cru")
    for name, condition in _ABOUT_CARE.items():
        op.create_check_constraint(op.f(f"referral_{name}_check"), "referral", condition, schema="cru")
    op.create_table(
        "measure",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("clock_start", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("clock_stop", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("balance", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("computed", sa.Boolean(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("author", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.Column("dated", sa.Date(), server_default=sa.text("CURRENT_DATE"), nullable=False),
        sa.ForeignKeyConstraint(["balance"], ["cru.measure.key"], name=op.f("measure_balance_fkey")),
        sa.PrimaryKeyConstraint("key", name=op.f("measure_pkey")),
        schema="cru",
    )
    for name, condition in _limits_of_measure().items():
        op.create_check_constraint(op.f(f"measure_{name}_check"), "measure", condition, schema="cru")
    sql.run("0012", 10, 99)


def _limits_of_measure() -> dict[str, str]:
    names = {"title": 200, "clock_start": 200, "clock_stop": 200}
    return {
        "unit": "unit IN ('share', 'minutes', 'count')",
        "balanced_by_another": "balance <> key",
        "key_length": "char_length(key) <= 60",
        "key_given": "key ~ '[^[:space:]]'",
        **{f"{name}_length": f"char_length({name}) <= {most}" for name, most in names.items()},
        "title_given": "title ~ '[^[:space:]]'",
        "definition_length": "char_length(definition) <= 2000",
        "definition_given": "definition ~ '[^[:space:]]'",
        "balance_length": "char_length(balance) <= 60",
        "balance_given": "balance ~ '[^[:space:]]'",
        "source_length": "char_length(source) <= 500",
        "source_given": "source ~ '[^[:space:]]'",
        "rank_range": "rank BETWEEN -1000000 AND 1000000",
        "author_length": "char_length(author) <= 200",
        "dated_day": "dated BETWEEN '2000-01-01' AND '2199-12-31'",
        "one_line": f"concat_ws('', key, title, clock_start, clock_stop, balance, author) !~ '{_BREAK}'",
        "characters": f"concat_ws('', definition, source) !~ '{_CONTROL}'",
    }


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
