"""What stands still in the server and will stop everybody in the end, told while there is time."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.admin.check_result import CheckResult
from db.domain.clocks import in_words


@dataclass(frozen=True, slots=True)
class StillLimits:
    """How much of it is told.

    Attributes:
        long: age of a transaction: it holds up an upgrade, and keeps what was deleted from being cleared away.
        full: share of the server's queue of notices; when that is full, nothing can be written in any database.
        kept_log: bytes of its log that a server may keep for one copy that is away.
        oldest: transactions since the oldest row was frozen; at twice as many the server takes no more.
    """

    long: timedelta = timedelta(minutes=2)
    full: float = 0.1
    kept_log: int = 2 * 2**30
    oldest: int = 1_000_000_000


_LIMITS: Final = StillLimits()
_ENDS: Final = "as its superuser: SELECT pg_terminate_backend"
# Of others' sessions a login without the right to see them knows only that they are there. Backups take long.
_SESSIONS = text(
    "SELECT pid, usename::text AS login, application_name AS program, clock_timestamp() - xact_start AS age,"
    " starts_with(state, 'idle in transaction') AS idle FROM pg_stat_activity"
    " WHERE datname = current_database() AND backend_type = 'client backend' AND application_name <> 'pg_dump'"
    " AND pid <> pg_backend_pid() AND clock_timestamp() - xact_start > :long ORDER BY age DESC"
)
_QUEUE = text("SELECT pg_notification_queue_usage()")
_SLOTS = text(
    "SELECT slot_name::text AS name, pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()"
    " ELSE pg_current_wal_lsn() END, restart_lsn) AS kept FROM pg_replication_slots WHERE NOT active ORDER BY 1"
)
_AGE = text("SELECT age(datfrozenxid) FROM pg_database WHERE datname = current_database()")


async def standing_still(connection: AsyncConnection, limits: StillLimits = _LIMITS) -> list[CheckResult]:
    """One line for each, or one that says that there is nothing."""
    lines = [
        CheckResult(
            False,
            f"{row.login or 'Somebody'} ({row.program or 'a program without a name'}) is in one transaction for"
            f" {in_words(row.age)}{', and does nothing' if row.idle else ''}.",
            f"Ask who that is. To end it, {_ENDS}({row.pid}).",
        )
        for row in await connection.execute(_SESSIONS, {"long": limits.long})
    ]
    share = float((await connection.execute(_QUEUE)).scalar_one())
    if share > limits.full:
        words = f"The server's queue of notices is {share:.0%} full: when it is full nothing can be written."
        lines.append(CheckResult(False, words, f"End the session that listens and reads nothing, {_ENDS}."))
    for row in await connection.execute(_SLOTS):
        if (row.kept or 0) > limits.kept_log:
            words = f"The server keeps {row.kept / 2**30:.0f} GB of its log for {row.name}, which is away."
            lines.append(CheckResult(False, words, "Start that copy, or drop its slot, before the disk is full."))
    if (age := int((await connection.execute(_AGE)).scalar_one())) > limits.oldest:
        words = f"The oldest row was last looked at {age:,} transactions ago; at 2,000,000,000 the server stops."
        lines.append(CheckResult(False, words, "As the owner, at a quiet hour: VACUUM (FREEZE)."))
    return lines or [CheckResult(True, "Nothing that can be seen from here stands still in the server.")]
