"""Who is connected to the record: which program of which version, and over which links."""

from collections import defaultdict

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.admin.check_result import CheckResult
from db.engine import DESK
from db.program import CONSOLE, FEED, version
from db.tls import is_on_this_computer

_SHOWN = 6
_BEFORE = "before 0046"
"""What did not say its version yet."""
_SESSIONS = text(
    "SELECT DISTINCT application_name, usename::text AS login FROM pg_stat_activity"
    " WHERE datname = current_database() AND usename IS NOT NULL"
    " AND (starts_with(application_name, :console) OR starts_with(application_name, :feed)) ORDER BY 1, 2"
)
# Without the right to see others' sessions, the server says nothing of their links.
_LINKS = text(
    "SELECT DISTINCT a.usename::text AS login, host(a.client_addr) AS address FROM pg_stat_activity a"
    " JOIN pg_stat_ssl s USING (pid) WHERE a.datname = current_database() AND a.client_addr IS NOT NULL"
    " AND NOT s.ssl ORDER BY 1, 2"
)


async def consoles(connection: AsyncConnection) -> list[CheckResult]:
    """The version of each console that is connected, with its desk; one line a version."""
    desks: dict[str, list[str]] = defaultdict(list)
    for row in await connection.execute(_SESSIONS, {"console": f"{CONSOLE} ", "feed": f"{FEED} "}):
        program, _, desk = row.application_name.partition(DESK)
        who = f"{row.login} at {desk}" if desk else row.login
        # One console has several sessions.
        if who not in desks[theirs := program.partition(" ")[2] or _BEFORE]:
            desks[theirs].append(who)
    if not desks:
        return [CheckResult(True, "No console is connected.")]
    return [_of_version(one, desks[one]) for one in sorted(desks)]


def _of_version(theirs: str, desks: list[str]) -> CheckResult:
    more = f" and {len(desks) - _SHOWN} more" if len(desks) > _SHOWN else ""
    words = f"Consoles of version {theirs}: {', '.join(desks[:_SHOWN])}{more}."
    if theirs == version():
        return CheckResult(True, words)
    return CheckResult(False, words, f"Install version {version()} there too, or this one's tools anew.")


async def unencrypted(connection: AsyncConnection) -> CheckResult:
    """Whether somebody reads the record from another computer over a link that is not encrypted."""
    found = (await connection.execute(_LINKS)).all()
    open_links = [f"{row.login} from {row.address}" for row in found if not is_on_this_computer(row.address)]
    if not open_links:
        return CheckResult(True, "No session that can be seen from here comes over an open link.")
    words = f"Over a link that is not encrypted: {', '.join(open_links[:_SHOWN])}."
    return CheckResult(False, words, 'Take TLS from everybody: "hostssl" instead of "host" in pg_hba.conf.')
