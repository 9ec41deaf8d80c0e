"""What is near a call is looked for among what is live, without the rows that were entered in error.

Revision ID: 0061
"""

from db.migrations import sql

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The index of what is not closed is asked for its end alone: rows in error are never closed, and stay for ever."""
    sql.amend(
        "alike_by(text,text,date,text,text,text,text,double precision,double precision,uuid,boolean)",
        "OR r.closed_at IS NULL AND r.state = ANY (open_referral_states()))",
        "OR r.closed_at IS NULL AND r.entered_in_error_at IS NULL AND r.state = ANY (open_referral_states()))",
    )


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
