"""What a command or a read costs grows with what is asked for, and not with what the record holds.

Revision ID: 0050
"""

from db.migrations import sql

revision = "0050"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Indexes, and the same rules asked in a way that an index serves: no row changes."""
    sql.run("0050", 10, 29)
    sql.amend(
        "log_times(text,jsonb,jsonb,uuid,uuid,text,text[])",
        "(SELECT max(id) FROM event WHERE referral_id IS NOT DISTINCT FROM the_referral\n"
        "                 AND van_id IS NOT DISTINCT FROM the_van AND kind = the_kind)",
        "told_last(the_referral, the_van, the_kind)",
    )
    # Of a van's jobs only one that had not ended by then can be in the way.
    jobs = "WHERE a.van_id = NEW.van_id AND a.id <> NEW.id AND a.taken_back_at IS NULL"
    sql.amend(
        "check_jobs()",
        jobs,
        f"{jobs}\n      AND coalesce(a.clear_at, a.stood_down_at, 'infinity') > NEW.allocated_at",
    )
    # A ride lies within its shift: of all that somebody ever rode, only the shifts of that time are looked at.
    other = "AND p.id IS DISTINCT FROM but_shift"
    sql.amend(
        "rides_elsewhere(uuid,timestamptz,timestamptz,uuid,uuid)",
        other,
        f"AND p.ends_at > from_moment AND p.starts_at < until_moment {other}",
    )
    sql.run("0050", 30, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
