"""The fleet and the rota are people's work: planned shifts, who rides from when until when, vans wanted by the hour.

Revision ID: 0018
"""

from db.migrations import sql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Crews get a beginning and an end for each who rides; nothing that was there changes its meaning."""
    sql.run("0018", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
