"""What is said to whoever comes second: how it stands, who did it, and when."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from db.commands.base import already
from db.engine import connect, transaction
from db.errors import Conflict
from tests.cluster import Record
from tests.db.psql import Psql


@pytest.fixture
async def shah(record: Record) -> AsyncIterator[AsyncEngine]:
    engine = connect(record.url("a.shah"), answer_within=60)
    yield engine
    await engine.dispose()


async def said(engine: AsyncEngine, **about: UUID | str) -> Conflict:
    async with transaction(engine) as connection:
        return await already(connection, "It is so already", **about)  # type: ignore[arg-type] # by their names


async def test_of_what_nothing_was_ever_told(shah: AsyncEngine) -> None:
    for about in ({"referral_id": uuid4()}, {"van_id": uuid4()}):
        conflict = await said(shah, **about)
        assert (conflict.sentence, conflict.next_step) == ("It is so already.", "")


async def test_who_brought_it_into_its_state_and_else_who_was_last(shah: AsyncEngine, psql: Psql) -> None:
    referral = await psql.referral("allocated")
    job = await psql.owner.fetchrow("SELECT id, van_id FROM cru.assignment WHERE referral_id = $1", referral)
    await psql.set(psql.shah, "assignment", job["id"], state="mobile")
    await psql.shah.execute(
        "INSERT INTO cru.handover (referral_id, ordinal, from_party, to_party) VALUES ($1, 1, 'EMAS', 'CRU')",
        referral,
    )
    for kind in ("note", "record opened"):
        sql = "INSERT INTO cru.event (referral_id, van_id, kind, words) VALUES ($1, $2, $3, 'x')"
        await psql.shah.execute(sql, referral, job["van_id"], kind)
    for state, kind in (
        ("accepted", "accepted"),
        ("mobile", "van mobile"),
        ("expected", "handover expected"),
        ("", "handover expected"),
        ("closed", "handover expected"),
    ):
        conflict = await said(shah, referral_id=referral, state=state)
        assert conflict.sentence.startswith(f"It is so already. Last: {kind}, "), state
        assert conflict.next_step == "Look at it again before you go on."
    conflict = await said(shah, van_id=job["van_id"])
    assert conflict.sentence.startswith("It is so already. Last: van mobile, ")
    conflict = await said(shah, van_id=job["van_id"], state="available")
    assert conflict.sentence.startswith("It is so already. Last: available, ")
