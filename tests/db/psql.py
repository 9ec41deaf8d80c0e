# ruff: noqa: S608 - the tests name tables and columns of our own
"""People at a psql prompt: what the tests of the rules share. Nothing here goes through the commands."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.cluster import Record

Connection = Any  # asyncpg's stubs make every row's type a parameter
STOPPED = "UPDATE cru.service SET clock_origin = now(), clock_speed = 0, clock_shown = '2026-11-22 03:41Z'"
"""A clock that stands still until it is set on."""
TAKE_BACK = "SELECT cru.take_back((SELECT act_id FROM cru.my_last_act() LIMIT 1))"
"""What whoever asks did last."""
_COMMITTED_SINCE = """
SELECT x FROM generate_series($1, pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 1) x
WHERE pg_xact_status(x::text::xid8) = 'committed'
"""
LOOK_FOR = "SELECT cru.look_for($1)"
DONE = {"on scene", "with patient", "conveying", "at destination", "clear"}


async def looked_up(who: Connection, typed: str, older_than: datetime | None = None) -> list[Any]:
    """Look for something, and read what was found once that stands in the record."""
    search = await who.fetchval(
        "SELECT cru.look_for($1, coalesce($2, 'infinity'::timestamptz))", typed, older_than
    )
    rows: list[Any] = await who.fetch("SELECT * FROM cru.found_by($1, $2)", search, typed)
    return rows


async def age(owner: Connection, by: str = "1 hour") -> None:
    """Let all that is in the record have happened earlier by some time, with no guard asked."""
    for table in ("referral", "screening", "assignment", "handover", "shift"):
        columns = await owner.fetch(
            "SELECT attname FROM pg_attribute WHERE attrelid = ('cru.' || $1)::regclass"
            " AND atttypid = 'timestamptz'::regtype AND attname ~ '_at$' AND NOT attisdropped",
            table,
        )
        moved = ", ".join(f"{name} = {name} - interval '{by}'" for (name,) in columns)
        async with owner.transaction():
            await owner.execute("SET LOCAL session_replication_role = replica")
            await owner.execute(f"UPDATE cru.{table} SET {moved}")


async def forget_fix_days(owner: Connection) -> None:
    """Leave the positions without the parts of any day, as if nobody had made them."""
    days = await owner.fetch(
        "SELECT relid::text FROM pg_partition_tree('cru.position_fix') WHERE relid::text ~ '_[0-9]+$'"
    )
    for (name,) in days:
        await owner.execute(f"DROP TABLE {name}")


class Psql:
    """One database, with sessions of its logins, and quick ways to a referral or a van in any state."""

    def __init__(self, record: Record, owner: Connection, sessions: dict[str, Connection]) -> None:
        self.record = record
        self.owner = owner
        self._sessions = sessions
        self.shah = sessions["a.shah"]
        self.lead = sessions["l.lead"]
        self.wall = sessions["w.wall"]
        self.gateway = sessions["g.gateway"]

    def session(self, login: str) -> Connection:
        """The open session of one of ``LOGINS``."""
        return self._sessions[login]

    async def picture(self) -> str:
        """Every row of the record, as text: two equal pictures mean that nothing changed."""
        tables = await self.owner.fetch(
            "SELECT relname FROM pg_class WHERE relnamespace = 'cru'::regnamespace AND relkind IN ('r', 'p')"
            " AND NOT relispartition ORDER BY 1"
        )
        parts = [
            f"SELECT '{name}' || coalesce(string_agg(t::text, '|' ORDER BY t::text), '') AS rows FROM cru.{name} t"
            for (name,) in tables
        ]
        found = await self.owner.fetch(" UNION ALL ".join(parts) + " ORDER BY 1")
        return "\n".join(row["rows"] for row in found)

    async def refused(self, who: Connection, sql: str, *given: Any, code: str = "", says: str = "") -> None:
        """Assert that a statement is refused (by SQLSTATE prefix and words), and that nothing changed."""
        # A picture of every row says the same and costs a hundred times as much.
        begun = await self.owner.fetchval("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        with pytest.raises(asyncpg.PostgresError) as refusal:
            await who.execute(sql, *given)
        assert (refusal.value.sqlstate or "").startswith(code), refusal.value
        assert says in str(refusal.value)
        assert await self.owner.fetch(_COMMITTED_SINCE, begun) == []

    async def kinds(self, referral: UUID) -> list[str]:
        """The kinds of a referral's events, in the order written."""
        rows = await self.owner.fetch("SELECT kind FROM cru.event WHERE referral_id = $1 ORDER BY id", referral)
        return [row["kind"] for row in rows]

    async def take(self, **columns: Any) -> UUID:
        """A new referral, as A. Shah."""
        given = {"source": "ems_crew", "priority": "P1", "location_text": "Abington Street"} | columns
        names = ", ".join(given)
        marks = ", ".join(f"${n}" for n in range(1, len(given) + 1))
        sql = f"INSERT INTO cru.referral ({names}) VALUES ({marks}) RETURNING id"
        return UUID(str(await self.shah.fetchval(sql, *given.values())))

    async def answers(self, **changed: str | None) -> dict[str, str | None]:
        """Every question of the tool in force answered no, but for those named; a branch only by its names."""
        asked = "tool_version = 1" if await self._is_before_versions() else "tool_version = cru.tool_in_force()"
        always = "" if await self._is_before_versions() else " AND branch = ''"
        rows = await self.owner.fetch(f"SELECT key FROM cru.screening_item WHERE {asked}{always}")
        return {row["key"]: "no" for row in rows} | changed

    async def screen(self, referral: UUID, **changed: str | None) -> UUID:
        """Screen as A. Shah."""
        return await self.insert_screening(referral, await self.answers(**changed))

    async def _is_before_versions(self) -> bool:
        """Whether this is a record of before a version of the tool had a life (0009)."""
        return await self.owner.fetchval("SELECT to_regclass('cru.tool_life') IS NULL") is True

    async def insert_screening(
        self, referral: UUID, answers: Any, tool: int | None = None, how: dict[str, str] | None = None
    ) -> UUID:
        """Insert a screening with any answers, as A. Shah: each asked, if nobody says how it came about."""
        if await self._is_before_versions():
            old = "INSERT INTO cru.screening (referral_id, tool_version, answers) VALUES ($1, $2, $3) RETURNING id"
            return UUID(str(await self.shah.fetchval(old, referral, tool or 1, json.dumps(answers))))
        sql = (
            "INSERT INTO cru.screening (referral_id, tool_version, answers, how)"
            " VALUES ($1, coalesce($2, cru.tool_in_force()), $3, $4) RETURNING id"
        )
        came = dict.fromkeys(answers, "asked") if how is None and isinstance(answers, dict) else how or {}
        return UUID(str(await self.shah.fetchval(sql, referral, tool, json.dumps(answers), json.dumps(came))))

    async def referral(self, state: str = "accepted") -> UUID:
        """A referral brought to a state by legal steps."""
        made = await self.take()
        if state in {"declined", "cancelled"}:
            await self.set(self.shah, "referral", made, state=state, end_reason="duplicate")
        elif state != "received":
            await self.screen(made)
            await self.set(self.shah, "referral", made, state="accepted")
        if state in {"allocated", "attending", "closed"}:
            steps = {"allocated": [], "attending": ["on scene"], "closed": ["on scene", "clear"]}[state]
            job = await self.allocate(made, await self.van())
            for step in steps:
                await self.set(self.shah, "assignment", job, state=step)
        if state == "closed":
            await self.set(self.shah, "referral", made, state="closed", outcome="gp")
        return made

    async def call(self, referral: UUID, **columns: Any) -> UUID:
        """Write down a call as A. Shah: with the person, unless something else is said."""
        given = {"spoke_with": "person"} | columns
        if given["spoke_with"] != "nobody":
            given = {"with_name": "Ottoline"} | given
        names, marks = ", ".join(given), ", ".join(f"${n}" for n in range(2, len(given) + 2))
        sql = f"INSERT INTO cru.contact (referral_id, {names}) VALUES ($1, {marks}) RETURNING id"
        return UUID(str(await self.shah.fetchval(sql, referral, *given.values())))

    async def van(self, status: str = "available") -> UUID:
        """A van nobody uses yet, brought to a duty status by legal steps."""
        sql = (
            "SELECT id FROM cru.van v WHERE duty_status = 'off duty'"
            " AND NOT EXISTS (SELECT FROM cru.shift s WHERE s.van_id = v.id) ORDER BY callsign LIMIT 1"
        )
        van = UUID(str(await self.owner.fetchval(sql)))
        if status == "off duty":
            return van
        shift = await self.shah.fetchval(
            "INSERT INTO cru.shift (van_id, started_at, planned_end_at)"
            " VALUES ($1, cru.clock_now(), cru.clock_now() + interval '12 hours') RETURNING id",
            van,
        )
        await self.crew(shift)
        await self.set(self.shah, "van", van, duty_status="available")
        if status != "available":
            await self.set(self.shah, "van", van, duty_status=status, duty_reason="fault")
        return van

    async def tracker(self, van: UUID) -> UUID:
        """Give a van a device, and return the van."""
        sql = "INSERT INTO cru.device (device_id, van_id, token_digest) VALUES ($1, $2, repeat('0f', 32))"
        await self.owner.execute(sql, f"tracker {van}", van)
        return van

    async def crew(
        self, shift: UUID, profession: str = "Mental health nurse", who: Connection | None = None
    ) -> None:
        """Put somebody on a shift who rides nowhere, of a profession where one is left; a nurse is registered."""
        await (who or self.shah).execute(
            "INSERT INTO cru.shift_member (shift_id, staff_id)"
            " SELECT $1, id FROM cru.staff p WHERE NOT EXISTS (SELECT FROM cru.shift_member m"
            " JOIN cru.shift s ON s.id = m.shift_id WHERE m.staff_id = p.id AND s.ended_at IS NULL)"
            " ORDER BY profession <> $2, profession ~ 'support', name LIMIT 1",
            shift,
            profession,
        )

    async def allocate(self, referral: UUID, van: UUID) -> UUID:
        """Allocate as A. Shah; returns the assignment."""
        sql = "INSERT INTO cru.assignment (referral_id, van_id) VALUES ($1, $2) RETURNING id"
        return UUID(str(await self.shah.fetchval(sql, referral, van)))

    async def assignment(self, state: str = "allocated") -> UUID:
        """An assignment brought to a state, skipping what lies between."""
        made = await self.allocate(await self.referral(), await self.van())
        if state == "clear":
            await self.set(self.shah, "assignment", made, state="on scene")
        if state == "stood down":
            await self.set(self.shah, "assignment", made, state=state, stand_down_reason="not_needed")
        elif state != "allocated":
            await self.set(self.shah, "assignment", made, state=state)
        return made

    async def handover(self, state: str = "expected") -> UUID:
        """A handover from EMAS to the CRU on a referral that is attended."""
        sql = (
            "INSERT INTO cru.handover (referral_id, ordinal, from_party, to_party)"
            " VALUES ($1, 1, 'EMAS A1', 'CRU') RETURNING id"
        )
        made = UUID(str(await self.shah.fetchval(sql, await self.referral("attending"))))
        steps = {"released": ["accepted", "released"], "expected": []}.get(state, [state])
        for step in steps:
            reason = {"refusal_reason": "not_safe"} if step == "refused" else {}
            await self.set(self.shah, "handover", made, state=step, **reason)
        return made

    async def set(self, who: Connection, table: str, row: UUID, **columns: Any) -> None:
        """UPDATE one row."""
        await who.execute(self.update(table, columns), row, *columns.values())

    @staticmethod
    def update(table: str, columns: dict[str, Any]) -> str:
        """The UPDATE of one row by id; the id is $1."""
        pairs = ", ".join(f"{name} = ${n}" for n, name in enumerate(columns, 2))
        return f"UPDATE cru.{table} SET {pairs} WHERE id = $1"

    async def amend(self, who: Connection, table: str, row: UUID, **columns: Any) -> None:
        """UPDATE one row with a reason, as what is over needs it."""
        async with who.transaction():
            await who.execute("SELECT set_config('cru.reason', 'to try it', true)")
            await self.set(who, table, row, **columns)

    async def set_refused(
        self, who: Connection, table: str, row: UUID, *, code: str = "", says: str = "", **columns: Any
    ) -> None:
        """Assert that the UPDATE of one row is refused and changes nothing."""
        await self.refused(who, self.update(table, columns), row, *columns.values(), code=code, says=says)

    async def read(self, table: str, row: UUID) -> Any:
        """A row as the owner sees it."""
        return await self.owner.fetchrow(f"SELECT * FROM cru.{table} WHERE id = $1", row)


@asynccontextmanager
async def psql_on(record: Record, logins: tuple[str, ...]) -> AsyncIterator[Psql]:
    """Open a session for the owner and each login."""
    async with AsyncExitStack() as stack:
        owner = await asyncpg.connect(**record.owner_kwargs)
        stack.push_async_callback(owner.close)
        sessions = {}
        for login in logins:
            sessions[login] = await asyncpg.connect(**record.kwargs(login))
            stack.push_async_callback(sessions[login].close)
        yield Psql(record, owner, sessions)
