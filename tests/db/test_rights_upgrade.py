"""A record in use before amendments needed a reason: nothing in it changes, and from now on the new rules hold."""

from collections.abc import AsyncIterator

import pytest

from db import migrate
from tests.cluster import Cluster
from tests.db.psql import Psql
from tests.db.reading import fill
from tests.db.upgrades import LeftBy, as_known, cloned, rows_of

KEPT = (
    "referral",
    "event",
    "van",
    "staff",
    "shift",
    "shift_member",
    "device",
    "device_stay",
    "screening",
    "handover",
)


@pytest.fixture
async def psql(cluster: Cluster, left_by: LeftBy) -> AsyncIterator[Psql]:
    """A record in use, as the program before left it."""
    async with cloned(cluster, left_by("0045")) as made:
        yield made


async def test_what_is_there_stays_and_is_guarded_from_now_on(psql: Psql) -> None:
    await fill(psql)
    closed = await psql.referral("closed")
    # As it could be then, and stays.
    await psql.set(psql.shah, "referral", closed, patient_name="Ottoline")
    before = await rows_of(psql, KEPT)
    assert await migrate.upgrade(psql.record.owner_url) == {}
    after = await rows_of(psql, KEPT)
    for table, rows in before.items():
        assert as_known(after[table], rows) == as_known(rows, rows), table
    await psql.set_refused(
        psql.shah, "referral", closed, code="CR003", says="with a reason", patient_name="Ottilie"
    )
    await psql.refused(psql.gateway, "SELECT token_digest FROM cru.device", code="42501")
    await psql.refused(psql.wall, "SELECT * FROM cru.staff", code="42501")
