"""A psql prompt for every login, on a fresh record."""

from collections.abc import AsyncIterator

import pytest

from tests.cluster import LOGINS, Record
from tests.db.psql import Psql, psql_on
from tests.db.upgrades import left_by

__all__ = ["left_by", "psql"]


@pytest.fixture
async def psql(record: Record) -> AsyncIterator[Psql]:
    """Sessions of the owner and of each of ``LOGINS``."""
    async with psql_on(record, tuple(LOGINS)) as made:
        yield made
