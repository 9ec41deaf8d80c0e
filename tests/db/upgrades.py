"""Records as earlier programs left them, to be upgraded."""

import json
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

import pytest

from db.domain.roles import Role
from db.engine import connect
from db.mirror import Found, whole
from tests.cluster import LOGINS, Cluster, Record, run
from tests.db.psql import Psql, psql_on
from tests.template import fill_template

CLONE = "upgraded"
WORKED_WITH = ("referral", "screening", "assignment", "handover", "van", "shift", "flag", "feedback", "event")
"""The tables that a shift fills, from the first revision on."""
LeftBy = Callable[[str], str]
Row = dict[str, Any]


async def read_by_a_console(psql: Psql) -> Found:
    """What a dispatcher's console reads of all that is live."""
    engine = connect(psql.record.url("a.shah"), answer_within=60)
    try:
        async with engine.connect() as connection:
            raw = await connection.get_raw_connection()
            return await whole(raw.driver_connection, Role.DISPATCHER)
    finally:
        await engine.dispose()


async def rows_of(psql: Psql, tables: Iterable[str]) -> dict[str, list[Row]]:
    """Every row by table, whatever its columns are."""
    found = {}
    for table in tables:
        sql = f"SELECT to_jsonb(t)::text AS row FROM cru.{table} t"  # noqa: S608 - ours
        found[table] = [json.loads(row["row"]) for row in await psql.owner.fetch(sql)]
    return found


def as_known(rows: list[Row], before: list[Row]) -> list[str]:
    """Rows with the columns of before alone: each later revision may add its own."""
    names = set().union(*before)
    return sorted(json.dumps({name: row[name] for name in sorted(names & set(row))}) for row in rows)


@pytest.fixture(scope="session")
def left_by(cluster: Cluster, template: str) -> LeftBy:
    """The database that the program of a revision left, by that; made once. The template brings the logins."""
    del template

    @cache
    def made(revision: str) -> str:
        name = f"cru_at_{revision}"
        # Left by one that failed half-way.
        cluster.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cluster.execute(f"CREATE DATABASE {name}")
        run(fill_template(cluster.address.superuser_url(name), revision))
        return name

    return made


@asynccontextmanager
async def cloned(cluster: Cluster, database: str) -> AsyncIterator[Psql]:
    """A clone of a database, with a session for each login."""
    cluster.execute(f"DROP DATABASE IF EXISTS {CLONE} WITH (FORCE)")
    cluster.execute(f"CREATE DATABASE {CLONE} TEMPLATE {database} STRATEGY file_copy")
    async with psql_on(Record(cluster, CLONE), tuple(LOGINS)) as made:
        yield made
    cluster.execute(f"DROP DATABASE {CLONE} WITH (FORCE)")
