"""The practice vans come in by the gateway's door, and wait when it is shut."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from sqlalchemy import text

from db import queries
from db.engine import connect, transaction
from db.errors import Unavailable
from db.exercise.practice import Options, open_practice
from db.exercise.settings import ShiftPlan, start_at
from db.exercise.trackers import DeviceKey, GatewaySender, TrackerFix
from tests.cluster import Record

START = start_at(date(2026, 11, 22), time(19, 30))
VAN = UUID(int=1)
DEVICES = {VAN: DeviceKey("exercise-CRU1", "a token")}
OK, BUSY, BAD = 200, 503, 400


def a_fix(second: int = 0, van: UUID = VAN) -> TrackerFix:
    at = datetime(2026, 11, 22, 20, 0, second, tzinfo=UTC)
    return TrackerFix(van, at, 52.24, -0.88, 8.0, speed=18.52, heading=90.0)


@asynccontextmanager
async def gate(answers: Callable[[int], int]) -> AsyncIterator[tuple[str, list[str]]]:
    """A door that answers the n-th request with a status and keeps what was asked."""
    asked: list[str] = []
    serving: list[asyncio.Task[None] | None] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.append(asyncio.current_task())
        while True:
            try:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
            except asyncio.IncompleteReadError:
                break
            asked.append(head)
            writer.write(f"HTTP/1.1 {answers(len(asked))} Said\r\ncontent-length: 2\r\n\r\nok".encode())
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked
        await asyncio.gather(*(task for task in serving if task is not None))


async def test_a_fix_is_told_as_a_tracker_tells_it() -> None:
    async with gate(lambda _: OK) as (url, asked):
        sender = GatewaySender(url, DEVICES)
        assert await sender.send([a_fix(0), a_fix(5)]) == 2
        await sender.close()
    assert len(asked) == 2
    target = asked[0].split()[1]
    said = {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}
    assert said["id"] == "exercise-CRU1"
    assert float(said["speed"]) == pytest.approx(10.0)
    assert datetime.fromisoformat(said["timestamp"]) == a_fix().fixed_at
    assert "Authorization: Bearer a token" in asked[0]
    assert "token" not in target


async def test_what_is_not_taken_is_left_for_later() -> None:
    async with gate(lambda number: OK if number <= 2 else BUSY) as (url, _):
        sender = GatewaySender(url, DEVICES)
        batch = [a_fix(second) for second in (0, 5, 10, 15)]
        assert await sender.send(batch) == 2
        with pytest.raises(Unavailable):
            await sender.send(batch[2:])
        await sender.close()


async def test_nonsense_is_not_sent_again() -> None:
    async with gate(lambda _: BAD) as (url, asked):
        sender = GatewaySender(url, DEVICES)
        assert await sender.send([a_fix()]) == 1
        await sender.close()
    assert len(asked) == 1


async def test_nobody_at_home_is_unavailable_and_a_van_without_a_device_is_left_out() -> None:
    async with gate(lambda _: OK) as (url, asked):
        pass
    sender = GatewaySender(url, DEVICES)
    with pytest.raises(Unavailable):
        await sender.send([a_fix()])
    assert await sender.send([a_fix(van=UUID(int=2))]) == 1
    assert asked == []


@pytest.mark.long
async def test_a_shift_sends_its_vans_through_a_gateway(
    record: Record, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    plan = ShiftPlan(start=START, cache_dir=tmp_path_factory.getbasetemp(), seed=3, speed=60.0)
    options = Options(plan=plan, data_dir=tmp_path, owner_url=record.owner_url, run_for=3.0)
    practice = await open_practice(options)
    summary = await practice.play(asyncio.Event())
    await practice.close()
    engine = connect(practice.prepared.lead)
    query = text(
        "SELECT van_id, fixed_at, received_at, speed, refused, source FROM cru.position_fix"
        " WHERE fixed_at > :start ORDER BY fixed_at"
    )
    async with transaction(engine) as connection:
        rows = (await connection.execute(query, {"start": START})).all()
        now = (await queries.clock(connection)).now
    await engine.dispose()
    assert summary.fixes > 12  # more than one of each van, however slow the computer is
    assert len(rows) >= summary.fixes - 6
    assert {row.refused for row in rows} == {""}
    assert all(START < row.received_at <= now for row in rows), "judged by the exercise clock"
    assert {row.source for row in rows} != {"exercise"}
    assert len({row.van_id for row in rows}) >= 4
    record.cluster.execute(f"DROP DATABASE {practice.prepared.database} WITH (FORCE)")
