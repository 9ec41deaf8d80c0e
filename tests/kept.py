# ruff: noqa: S608 - the names are the catalogue's own
"""One clone of the record for many tests, put back after each as it was: a clone for each costs far more.

A session that writes for the first time has every function of the record read and prepared, which takes longer
than most tests do; so sessions are kept, too. What a test changed of the schema is not put back: the next test is
given a new clone.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from threading import Thread
from typing import Any, Final, TypeVar

import asyncpg

from tests.cluster import Cluster

T = TypeVar("T")
Connection = Any  # asyncpg's stubs make every row's type a parameter

_MOST: Final = 200
"""After so many tests a new clone is taken: rows that were deleted lie in the files until then."""
_CATALOGUES: Final = (
    *("pg_class", "pg_attribute", "pg_attrdef", "pg_proc", "pg_trigger", "pg_constraint", "pg_index", "pg_type"),
    *("pg_policy", "pg_rewrite", "pg_namespace", "pg_sequence", "pg_enum", "pg_default_acl", "pg_extension"),
    "pg_db_role_setting",
)
_TABLES: Final = """
SELECT format('%I.%I', nspname, relname) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
WHERE relkind = 'r' AND nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY 1
"""
_AS_NEW: Final = "CLOSE ALL; UNLISTEN *; RESET ALL; RESET SESSION AUTHORIZATION; DISCARD TEMP"
_SEQUENCES: Final = "SELECT format('%I.%I', schemaname, sequencename), start_value, last_value FROM pg_sequences"
_OTHERS: Final = """
SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> ALL ($1::integer[])
"""


class _KeptConnection(asyncpg.Connection):  # type: ignore[misc] # asyncpg has no types
    """Becomes as new without the functions that the record's owner grants to nobody."""

    def get_reset_query(self) -> str:
        return _AS_NEW


class _Loop:
    """A loop in a thread: the record is put back after tests with a loop and after tests without one."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        Thread(target=self._loop.run_forever, daemon=True).start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)


@dataclass
class _Pristine:
    """How a clone was before any test had it."""

    since: int
    """The last transaction of before."""
    tables: dict[str, int]
    """How many rows each has."""
    rows: dict[str, bytes]
    """The rows of those that have any, in COPY's own format."""
    sequences: dict[str, int | None]
    """What each gave last; None for nothing yet."""
    catalogues: list[int]
    how_many: str = field(init=False)

    def __post_init__(self) -> None:
        counted = "count(*), count(*) FILTER (WHERE age(xmin) <= $1)"
        self.how_many = " UNION ALL ".join(f"SELECT '{name}', {counted} FROM {name}" for name in self.tables)


class KeptRecord:
    """A clone, and the sessions that are kept on it."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.record = cluster.create_record()
        self.sessions: dict[str, Connection] = {}
        """By login, on the loop of the tests; the owner's by an empty name."""
        self._loop = _loop()
        self._tests = 0
        self._admin: Connection = self._loop.run(asyncpg.connect(**self.record.owner_kwargs))
        self._was = self._loop.run(self._look())

    async def session(self, login: str) -> Connection:
        """A session as if it were new, on the running loop."""
        kept = self.sessions.get(login)
        if kept is None or kept.is_closed():
            given = self.record.kwargs(login) if login else self.record.owner_kwargs
            kept = self.sessions[login] = await asyncpg.connect(**given, connection_class=_KeptConnection)
        return kept

    async def rest(self) -> None:
        """Have every session forget what a test set, listens to or left open."""
        for login, one in list(self.sessions.items()):
            if one.is_closed():
                del self.sessions[login]
                continue
            await one.reset()

    def put_back(self) -> bool:
        """Make it as it was. False if that cannot be done; then it is gone."""
        self._tests += 1
        try:
            whole = self._tests < _MOST and self._loop.run(self._put_back())
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            whole = False
        if not whole:
            self.drop()
        return whole

    def drop(self) -> None:
        """Drop it, whoever is still connected."""
        for one in self.sessions.values():
            one.terminate()
        self._admin.terminate()
        self.cluster.drop_record(self.record)

    async def _look(self) -> _Pristine:
        admin = self._admin
        tables = {name: 0 for (name,) in await admin.fetch(_TABLES)}
        for name in tables:
            tables[name] = await admin.fetchval(f"SELECT count(*) FROM {name}")
        rows = {name: await self._copied(name) for name, many in tables.items() if many}
        sequences = {name: last for name, _, last in await admin.fetch(_SEQUENCES)}
        await admin.execute("SET session_replication_role = replica; SET jit = off")
        return _Pristine(await self._now(), tables, rows, sequences, await self._catalogues(-1))

    async def _copied(self, name: str) -> bytes:
        schema, table = name.split(".")
        into = BytesIO()
        await self._admin.copy_from_table(table, schema_name=schema, output=into, format="binary")
        return into.getvalue()

    async def _now(self) -> int:
        return int(await self._admin.fetchval("SELECT pg_current_xact_id()::text::bigint"))

    async def _catalogues(self, ago: int) -> list[int]:
        """How many rows each has, and how many are not of before."""
        counted = "count(*)::integer, (count(*) FILTER (WHERE age(xmin) <= $1))::integer"
        # Schemas of temporary tables come with the first one and stay.
        theirs = "pg_namespace WHERE nspname !~ '^pg_(toast_)?temp_'"
        tables = [theirs if name == "pg_namespace" else name for name in _CATALOGUES]
        sql = " UNION ALL ".join(f"SELECT {counted} FROM {table}" for table in tables)
        return [many for row in await self._admin.fetch(sql, ago) for many in row]

    async def _put_back(self) -> bool:
        kept = [one.get_server_pid() for one in self.sessions.values()]
        await self._admin.fetchval(_OTHERS, [*kept, self._admin.get_server_pid()])
        # By so many transactions ago: what is older is of before.
        ago = await self._now() - self._was.since
        if await self._catalogues(ago) != self._was.catalogues:
            return False
        rows = await self._admin.fetch(self._was.how_many, ago)
        # Of each that is not as it was: whether rows came and nothing else. Those alone go then; else all of them.
        changed = {
            name: many - new == self._was.tables[name]
            for name, many, new in rows
            if new or many != self._was.tables[name]
        }
        if changed:
            came = f" WHERE xmin::text::bigint > {self._was.since}"
            async with self._admin.transaction():
                await self._admin.execute(
                    "".join(
                        f"DELETE FROM {name}{came if only_came else ''};" for name, only_came in changed.items()
                    )
                )
                for name in (name for name, only_came in changed.items() if not only_came):
                    await self._fill(name)
        await self._set_sequences()
        self._was.since = await self._now()
        return True

    async def _fill(self, name: str) -> None:
        if name in self._was.rows:
            schema, table = name.split(".")
            source = BytesIO(self._was.rows[name])
            await self._admin.copy_to_table(table, schema_name=schema, source=source, format="binary")

    async def _set_sequences(self) -> None:
        for name, first, last in await self._admin.fetch(_SEQUENCES):
            if last != self._was.sequences[name]:
                was = self._was.sequences[name]
                await self._admin.execute(f"SELECT setval('{name}', {was or first}, {was is not None})")


@cache
def _loop() -> _Loop:
    return _Loop()


class KeptRecords:
    """Hands out the kept record, and a new one where the last test left one that cannot be put back."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._kept: KeptRecord | None = None

    def take(self) -> KeptRecord:
        """The record for a test."""
        if self._kept is None:
            self._kept = KeptRecord(self._cluster)
        return self._kept

    async def close(self) -> None:
        """No test comes any more."""
        if self._kept is not None:
            for one in self._kept.sessions.values():
                await one.close(timeout=5)
            self._kept.drop()

    def give_back(self) -> None:
        """The test has ended."""
        if self._kept is not None and not self._kept.put_back():
            self._kept = None
