"""A practice shift for tests: where it runs, who looks at it, and what the board holds."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, time
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from db import queries
from db.domain.roles import Role
from db.engine import connect, transaction
from db.exercise.record import Snapshot, arrange
from db.exercise.settings import PracticeHost, Prepared, start_at
from tests.cluster import Cluster

START = start_at(date(2026, 11, 22), time(19, 30))


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("postcodes")


@pytest.fixture
def where(cluster: Cluster) -> PracticeHost:
    return PracticeHost.embedded(cluster.address)


@asynccontextmanager
async def signed_in(prepared: Prepared) -> AsyncIterator[AsyncEngine]:
    engine = connect(prepared.lead)
    try:
        yield engine
    finally:
        await engine.dispose()


async def look(engine: AsyncEngine) -> Snapshot:
    async with transaction(engine) as connection:
        return arrange(await queries.snapshot(connection, Role.DISPATCHER))
