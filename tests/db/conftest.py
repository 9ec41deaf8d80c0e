"""A psql prompt for every login, on a record as if it were fresh."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.cluster import LOGINS, Cluster, Record
from tests.db.psql import Psql
from tests.db.upgrades import left_by
from tests.kept import KeptRecord, KeptRecords

__all__ = ["left_by", "psql"]


@pytest.fixture(scope="session")
async def kept_records(cluster: Cluster, template: str) -> AsyncIterator[KeptRecords]:
    """The record that tests of the database have one after the other."""
    del template
    made = KeptRecords(cluster)
    yield made
    await made.close()


@pytest.fixture
def kept_record(kept_records: KeptRecords) -> Iterator[KeptRecord]:
    """The kept record, for one test."""
    yield kept_records.take()
    kept_records.give_back()


@pytest.fixture
def record(kept_record: KeptRecord) -> Record:
    """A migrated database in which nothing happened yet."""
    return kept_record.record


@pytest.fixture
async def psql(kept_record: KeptRecord) -> AsyncIterator[Psql]:
    """Sessions of the owner and of each of ``LOGINS``."""
    sessions = {login: await kept_record.session(login) for login in LOGINS}
    yield Psql(kept_record.record, await kept_record.session(""), sessions)
    await kept_record.rest()
