"""Who a call may be about, and what is known of the past, are opened first, too; how much in an hour is a trust's to set.

Revision ID: 0058
"""

from db.migrations import sql

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None
_LIMIT_OF_SEARCHES = (
    "(SELECT l.searches FROM looks_an_hour() l)",
    "(SELECT l.looks FROM looks_an_hour('search') l)",
)
_OF_ITS_KIND = (
    """    most record := looks_an_hour();
    done record;
    the_look bigint;
BEGIN
    SELECT count(*) AS looks, coalesce(sum(cardinality(l.referrals)), 0) AS referrals INTO done FROM look l
    WHERE l.looked_by = session_user AND l.looked_at > clock_now() - interval '1 hour';
    IF done.looks >= most.looks OR done.referrals + cardinality(theirs) > most.referrals THEN
""",
    """    the_look bigint;
BEGIN
    IF NOT may_look(the_why, cardinality(theirs)) THEN
""",
)
_SAID_FOR = (
    "the_why !~ '^[A-Za-z ]{1,40}$'",
    "the_why !~ '^[A-Za-z ]{1,40}$' OR look_kind(the_why) <> 'opened'",
)
_LISTS = ("('review', 'feedback')", "('review', 'feedback', 'log', 'handed over')")
_LOOK = "    RETURN note_look(the_list, since, until, '{}');"
_FROM_AND_TO = (
    _LOOK,
    f"""    IF since IS NULL OR until IS NULL THEN
        PERFORM refuse('A list is opened from one time to another.', '', 'CR002');
    END IF;
{_LOOK}""",
)
_LEAST = {"opened": 60, "alike": 75, "known": 144, "search": 60}
"""What a busy desk needs within an hour; what is shipped is more than three times that."""
_MOST = 2000
_BOUNDS = (
    "FROM (VALUES (",
    "FROM (VALUES "
    + "".join(f"('looks_{kind}', 'times an hour', {least}, {_MOST}), " for kind, least in _LEAST.items())
    + "(",
)
_UNITS = ("('years', 'years', 1)", "('years', 'years', 1), ('times an hour', 'times an hour', 1)")


def upgrade() -> None:
    """A record in use gets four rules; no other row changes."""
    sql.run("0058", 10, 19)
    sql.amend("look_for(text,timestamp with time zone)", *_LIMIT_OF_SEARCHES)
    sql.amend("note_look(text,timestamp with time zone,timestamp with time zone,uuid[])", *_OF_ITS_KIND)
    sql.amend("open_rows(uuid[],text)", *_SAID_FOR)
    for part in (_LISTS, _FROM_AND_TO):
        sql.amend("open_list(text,timestamp with time zone,timestamp with time zone)", *part)
    for part in (_BOUNDS, _UNITS):
        sql.amend("rule_bounds(text,text)", *part)
    sql.run("0058", 20, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
