"""The schema goes up from empty, matches the code, and knows the domain's moves."""

from pathlib import Path

import asyncpg
import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from db import migrate, reference
from db.domain.states import ASSIGNMENT_MOVES, DUTY_MOVES, HANDOVER_MOVES, REFERRAL_MOVES
from db.errors import Invalid
from db.migrations import sql
from tests.cluster import Cluster, Record


@pytest.fixture
def empty(cluster: Cluster) -> URL:
    cluster.execute("DROP DATABASE IF EXISTS empty WITH (FORCE)")
    cluster.execute("CREATE DATABASE empty")
    return cluster.address.superuser_url("empty")


async def test_up_from_empty_twice(empty: URL) -> None:
    await migrate.upgrade(empty)
    await migrate.upgrade(empty)
    engine = create_async_engine(empty)
    async with engine.connect() as connection:
        await migrate.require_current(connection)
    await engine.dispose()


def test_the_newest_revision_is_the_head_of_the_chain() -> None:
    """It is told by the names of the files; reading them all would hold up every start."""
    script = ScriptDirectory(str(Path(migrate.__file__).parent / "migrations"))
    chain = [one.revision for one in script.walk_revisions()]
    assert migrate.newest() == script.get_current_head() == chain[0]
    assert all(Path(one.path).name.startswith(f"{one.revision}_") for one in script.walk_revisions())


async def test_tables_in_code_and_database_agree(record: Record) -> None:
    await migrate.check_models(record.owner_url)


async def test_legal_moves_are_the_domains(record: Record) -> None:
    connection = await asyncpg.connect(**record.owner_kwargs)
    rows = await connection.fetch("SELECT entity, from_state, to_state FROM cru.legal_move")
    await connection.close()
    tables = {
        "referral": REFERRAL_MOVES,
        "assignment": ASSIGNMENT_MOVES,
        "handover": HANDOVER_MOVES,
        "van": DUTY_MOVES,
    }
    assert {tuple(row) for row in rows} == {
        (entity, str(was), str(now)) for entity, moves in tables.items() for was, to in moves.items() for now in to
    }


async def test_part_of_a_function_is_changed_where_it_stands_once(record: Record) -> None:
    def amended(connection: Connection, was: str) -> int:
        made = "LANGUAGE sql AS $$ SELECT 7 * apples + 5 $$"
        connection.execute(text(f"CREATE FUNCTION cru.a_sum(apples integer) RETURNS integer {made}"))
        with Operations.context(MigrationContext.configure(connection)):
            sql.amend("a_sum(integer)", was, "3 * apples")
        found: int = connection.execute(text("SELECT cru.a_sum(2)")).scalar_one()
        return found

    engine = create_async_engine(record.owner_url)
    async with engine.connect() as connection:
        assert await connection.run_sync(amended, "7 * apples") == 3 * 2 + 5
        # Not there, and there twice.
        for was in ("8 * apples", "apples"):
            await connection.rollback()
            with pytest.raises(RuntimeError, match=r"a_sum.* is not as it was"):
                await connection.run_sync(amended, was)
    await engine.dispose()


async def test_reference_set_loads_once(record: Record) -> None:
    assert await reference.load(record.owner_url) == 0


@pytest.mark.hazard("H-082")
@pytest.mark.parametrize(("revision", "words"), [("9999", "newer version"), (None, "no referral record")])
async def test_a_strange_schema_is_named(record: Record, revision: str | None, words: str) -> None:
    connection = await asyncpg.connect(**record.owner_kwargs)
    await connection.execute("DELETE FROM cru.alembic_version")
    if revision:
        await connection.execute("INSERT INTO cru.alembic_version VALUES ($1)", revision)
    await connection.close()
    engine = create_async_engine(record.url("a.shah"))
    with pytest.raises(Invalid, match=words):
        async with engine.connect() as connection:
            await migrate.require_current(connection)
    await engine.dispose()
