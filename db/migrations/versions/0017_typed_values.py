"""What is said is kept: an age with the day on which it was said, a date or a time that nobody can read.

Revision ID: 0017
"""

import sqlalchemy as sa
from alembic import op

from db.migrations import sql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_SAID = ("patient_born_said", "call_connected_said", "sent_said", "ems_on_scene_said")
_MOST = 200
_LIMITS = {
    **{f"{name}_length": f"char_length({name}) <= {_MOST}" for name in (*_SAID, "nhs_number")},
    "patient_age_low_range": "patient_age_low BETWEEN 0 AND 125",
    "patient_age_high_range": "patient_age_high BETWEEN 0 AND 125",
    "patient_age_on_day": "patient_age_on BETWEEN '2000-01-01' AND '2199-12-31'",
    "age_whole": "num_nulls(patient_age_low, patient_age_high, patient_age_on) IN (0, 3)"
    " AND (patient_age_low IS NULL OR patient_age_low <= patient_age_high)",
}


def upgrade() -> None:
    """The columns, their limits, what holds of them, and who sees them."""
    for name in _SAID:
        op.add_column(
            "referral", sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False), schema="cru"
        )
    for name in ("patient_age_low", "patient_age_high"):
        op.add_column("referral", sa.Column(name, sa.SmallInteger(), nullable=True), schema="cru")
    op.add_column("referral", sa.Column("patient_age_on", sa.Date(), nullable=True), schema="cru")
    op.drop_constraint(op.f("referral_nhs_number_length_check"), "referral", schema="cru")
    for name, condition in _LIMITS.items():
        op.create_check_constraint(op.f(f"referral_{name}_check"), "referral", condition, schema="cru")
    sql.run("0017", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
