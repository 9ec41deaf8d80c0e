"""What is past is opened through functions that put down who looked; what is live is seen as before.

Revision ID: 0054
"""

from db.migrations import sql

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

_ONLY_WHAT_IS_SEEN = (
    (
        "acts_of(uuid,uuid)",
        "a.taken_back_at IS NULL\n",
        "a.taken_back_at IS NULL AND (the_referral IS NULL OR may_tell(the_referral))\n",
    ),
    (
        "to_be_read(uuid)",
        "WHERE r.id = the_referral AND",
        "WHERE r.id = the_referral AND may_tell(the_referral) AND",
    ),
    (
        "unread_words(uuid)",
        "e.referral_id = the_referral AND e.kind",
        "e.referral_id = the_referral AND may_tell(the_referral) AND e.kind",
    ),
    ("known_of(uuid)", "WHERE t.nth <= 20", "WHERE t.nth <= 20 AND may_tell(the_referral)"),
    (
        "about_before(uuid)",
        "WHERE s <> the_referral AND",
        "WHERE s <> the_referral AND may_tell(the_referral) AND",
    ),
)
"""What runs as the owner and tells words about a referral: the part that is narrowed, and what becomes of it."""


def upgrade() -> None:
    """No row of a record in use changes; what ended more than three days ago is no longer read by everybody."""
    sql.run("0054", 10, 99)
    for function, was, becomes in _ONLY_WHAT_IS_SEEN:
        sql.amend(function, was, becomes)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
