"""What the feed says: Resync first, then each commit by table and ids."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from db import commands as do
from db.engine import connect
from db.feed import Changed, Feed, Message, Pulse, ReferenceChanged, Resync, parse
from tests.cluster import Record
from tests.db import desk


@pytest.fixture
async def shah(record: Record) -> AsyncIterator[AsyncEngine]:
    engine = connect(record.url("a.shah"))
    yield engine
    await engine.dispose()


@pytest.fixture
async def messages(record: Record) -> AsyncIterator[AsyncIterator[Message]]:
    """The feed's messages, pulses left out, as somebody with the wall's rights hears them."""
    feed = Feed(record.url("w.wall")).follow()

    async def told() -> AsyncIterator[Message]:
        async for message in feed:
            if not isinstance(message, Pulse):
                yield message

    async with asyncio.timeout(20):
        yield told()
        await feed.aclose()  # type: ignore[attr-defined] # an async generator


async def gather(messages: AsyncIterator[Message], table: str, number: int) -> list[Changed]:
    """Changes of one table until they name this many ids."""
    found: list[Changed] = []
    while len(set().union(*(change.ids for change in found))) < number:
        message = await anext(messages)
        if isinstance(message, Changed) and message.table == table:
            found.append(message)
    return found


async def test_resync_comes_first_and_then_what_was_committed(
    shah: AsyncEngine, messages: AsyncIterator[Message]
) -> None:
    assert await anext(messages) == Resync()
    taken = await desk.take(shah)
    heard = {}
    while set(heard) != {"referral", "event", "handover"}:
        message = await anext(messages)
        assert isinstance(message, Changed)
        heard[message.table] = message.ids
    ours = frozenset({taken.referral_id})
    assert heard == {"referral": ours, "event": ours, "handover": frozenset({taken.handover_id})}


async def test_what_was_rolled_back_is_never_heard(
    shah: AsyncEngine, messages: AsyncIterator[Message], record: Record
) -> None:
    assert await anext(messages) == Resync()
    other = await asyncpg.connect(**record.kwargs("b.okafor"))
    undone = other.transaction()
    await undone.start()
    await other.execute("INSERT INTO cru.referral (source, priority, location_text) VALUES ('hub', 'P2', 'x')")
    await undone.rollback()
    await other.close()
    taken = await desk.take(shah)
    message = await anext(messages)
    assert isinstance(message, Changed)
    assert message.ids == {taken.referral_id}


async def test_each_table_of_the_mirror_is_announced(shah: AsyncEngine, messages: AsyncIterator[Message]) -> None:
    sent = await desk.allocated(shah)
    assert await anext(messages) == Resync()
    again = await desk.take(shah)
    await do.execute(shah, do.StandDown(assignment_id=sent.assignment_id, reason="not_needed"))
    await do.execute(shah, do.GoOffDuty(van_id=sent.van_id))
    await desk.screen(shah, again.referral_id)
    heard: dict[str, set[UUID]] = {}
    while not {"screening", "shift", "van", "assignment"} <= set(heard):
        message = await anext(messages)
        if isinstance(message, Changed):
            heard.setdefault(message.table, set()).update(message.ids)
    assert heard["assignment"] == {sent.assignment_id}
    assert heard["van"] == {sent.van_id}
    assert heard["referral"] == {sent.referral_id, again.referral_id}


async def test_more_than_200_rows_come_in_parts_that_name_each_row_once(
    messages: AsyncIterator[Message], record: Record
) -> None:
    assert await anext(messages) == Resync()
    owner = await asyncpg.connect(**record.owner_kwargs)
    rows = await owner.fetch(
        "INSERT INTO cru.referral (source, priority, location_text)"
        " SELECT 'hub', 'P2', 'x' FROM generate_series(1, 450) RETURNING id"
    )
    await owner.close()
    parts = await gather(messages, "referral", 450)
    assert sorted(len(part.ids) for part in parts) == [50, 200, 200]
    assert frozenset().union(*(part.ids for part in parts)) == {UUID(str(row["id"])) for row in rows}


async def test_a_batch_of_fixes_is_one_message(messages: AsyncIterator[Message], record: Record) -> None:
    assert await anext(messages) == Resync()
    gateway = await asyncpg.connect(**record.kwargs("g.gateway"))
    vans = [row["id"] for row in await gateway.fetch("SELECT id FROM cru.van")]
    fixes = ",".join(
        f'{{"van_id": "{van}", "fixed_at": "2026-01-01T00:00:00Z", "lat": 52, "lon": -1}}' for van in vans
    )
    await gateway.fetchval("SELECT cru.record_fixes($1)", f"[{fixes}]")
    await gateway.close()
    message = await anext(messages)
    assert message == Changed("position", frozenset(UUID(str(van)) for van in vans))


async def test_reference_data_says_so(messages: AsyncIterator[Message], record: Record) -> None:
    assert await anext(messages) == Resync()
    owner = await asyncpg.connect(**record.owner_kwargs)
    await owner.execute("UPDATE cru.priority SET aim_minutes = 40 WHERE code = 'P1'")
    await owner.close()
    assert await anext(messages) == ReferenceChanged()


async def test_nonsense_on_the_channel_is_passed_over(
    shah: AsyncEngine, messages: AsyncIterator[Message], record: Record
) -> None:
    assert await anext(messages) == Resync()
    other = await asyncpg.connect(**record.kwargs("b.okafor"))
    for nonsense in ("", "referral", "referral:", "referral:1,2", ":", "x" * 7000):
        await other.execute("SELECT pg_notify('console', $1)", nonsense)
    await other.close()
    taken = await desk.take(shah)
    message = await anext(messages)
    assert isinstance(message, Changed)
    assert message.ids == {taken.referral_id}


async def test_a_fault_of_our_own_ends_the_feed_loudly(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    feed = Feed(record.url("a.shah"))

    async def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(feed, "_connect", broken)
    async with asyncio.timeout(5):
        with pytest.raises(ZeroDivisionError):
            await anext(feed.follow())


def test_payloads_are_read() -> None:
    one, other = uuid4(), uuid4()
    assert parse(f"van:{one},{other}") == Changed("van", frozenset({one, other}))
    assert parse("reference:priority") == ReferenceChanged()
    assert parse("van:not-an-id") is None
