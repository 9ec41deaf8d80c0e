"""Nothing that took a time takes less than none: where its end lies before its beginning, nobody knows how long it took.

Revision ID: 0057
"""

from db.migrations import sql

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None
_OF_REFERRALS = (
    "r.received_at, g.met_at",
    "r.received_at, r.accepted_at",
    "g.scene_at, h.accepted_at",
    "r.received_at, h.released_at",
    "g.scene_at, h.released_at",
)
_OF_JOBS = ("a.allocated_at, a.mobile_at", "a.mobile_at, a.on_scene_at", "a.allocated_at, a.clear_at")


def upgrade() -> None:
    """Figures that are less than nothing are worked out again; no other row changes."""
    sql.run("0057", 10, 19)
    for function, lengths in (("facts_of(uuid[])", _OF_REFERRALS), ("job_facts_of(uuid[])", _OF_JOBS)):
        for times in lengths:
            sql.amend(function, f"minutes_between({times})", f"length_of({times})")
    whole = "minutes_between(a.allocated_at, e.until_at)"
    sql.amend("job_facts_of(uuid[])", whole, f"CASE WHEN e.until_at IS NOT NULL THEN greatest(0, {whole}) END")
    sql.run("0057", 20, 29)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
