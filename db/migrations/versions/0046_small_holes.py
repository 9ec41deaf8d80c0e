"""Small holes in who may do what: amendments, authors, what a wall and a gateway read, whose emergency it is.

Revision ID: 0046
"""

from db.migrations import sql

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No row is changed: what was written before stays as it is."""
    sql.run("0046", 10, 99)
    # Who changed a van is no detail of the van.
    sql.amend("log_van()", "'{duty_status,duty_reason}'", "'{duty_status,duty_reason,author,dated}'")
    # Who goes on duty with a van is told by the start of the shift, if both are one act. Somebody who joins or leaves
    # the crew of a van off duty at another time is an event: nobody else would know who put them there.
    off_duty = "duty_status = 'off duty')"
    begun_now = "(SELECT FROM shift WHERE id = NEW.shift_id AND xmin = pg_current_xact_id()::xid)"
    sql.amend("log_rides()", off_duty, f"{off_duty} AND EXISTS {begun_now}")


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
