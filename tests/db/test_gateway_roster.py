"""Whom the gateway knows: from the record when it says so, else every half minute, else from the disk."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from db.engine import connect
from db.errors import Invalid, NotAllowed
from db.gateway import roster as roster_module
from db.gateway.counters import Counters, RecordLink
from db.gateway.devices import DeviceBook, RegisteredDevice, sealed
from db.gateway.intake import Intake
from db.gateway.journal import Journal
from db.gateway.queue import GatewayQueue
from db.gateway.roster import Roster
from db.gateway.sanity import Area
from tests.cluster import Cluster, Record
from tests.db.gateways import HOME, Vans, ago, token_of, vans
from tests.unit.offline_gateway import HERE, NOW, NOWHERE, fix, report

__all__ = ["vans"]
WITHIN = 20.0


@dataclass
class Known:
    """A roster and what it told."""

    roster: Roster
    book: DeviceBook
    link: RecordLink
    queue: GatewayQueue
    intake: Intake
    journal: Journal
    downs: list[str]
    """Why the record was away, each time it was said."""

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for a condition."""
        async with asyncio.timeout(WITHIN):
            while not condition():
                await asyncio.sleep(0.005)

    def find(self, name: str) -> RegisteredDevice | None:
        """The device of this name, as known now."""
        return self.book.find((name,))


class _Link(RecordLink):
    downs: list[str]

    def down(self, now: datetime, reason: str) -> None:
        self.downs.append(reason)
        super().down(now, reason)


@asynccontextmanager
async def knowing(folder: Path, record: Record | None, login: str = "g.gateway") -> AsyncIterator[Known]:
    """A roster of this record, or of none."""
    url = record.url(login) if record else NOWHERE
    engine = connect(url, "cru-gateway")
    journal, book, link = Journal(folder), DeviceBook(), _Link()
    link.downs = []
    queue = GatewayQueue(journal, engine, Counters(), link, lambda: NOW, 100)
    intake = Intake(queue, Counters(), lambda: NOW, Area())
    roster = Roster(url, engine, book, link, lambda: NOW)
    queue.start()
    try:
        await roster.start(queue, journal, intake)
        yield Known(roster, book, link, queue, intake, journal, link.downs)
    finally:
        await roster.stop()
        assert all(task.done() for task in roster._tasks), "it goes on after its end"
        await queue.stop(0)
        await engine.dispose()


def test_the_rosters_numbers() -> None:
    numbers = [roster_module.RELOAD_EVERY, roster_module.ASK_AGAIN_AFTER]
    assert [*numbers, roster_module.PING_EVERY, roster_module.CONNECT_AGAIN_AFTER] == [30, 2, 1.5, 0.5]


async def test_it_knows_devices_and_whether_they_or_their_vans_are_switched_off(
    tmp_path: Path, record: Record, vans: Vans
) -> None:
    one, sold = vans.add("one", "Tango 1"), vans.add("sold", "Tango 3")
    vans.add("off", "Tango 2", active=False)
    vans.ask("UPDATE cru.van SET active = false WHERE id = $1", sold)
    async with knowing(tmp_path, record) as made:
        known = made.find("one")
        assert known is not None
        assert [(stay.van_id, stay.until) for stay in known.stays] == [(one, None)]
        salt, _, _ = known.digest.rpartition(":")
        assert len(salt) == 64
        digest = sealed(token_of("one"), salt)
        assert known == RegisteredDevice("one", one, "Tango 1", digest, True, known.stays)
        assert [made.find(name).active for name in ("off", "sold")] == [False, False]  # type: ignore[union-attr] # known
        assert len(made.book) == 3
        assert made.link.away_since is None
    # And it is kept for a start without the record.
    async with knowing(tmp_path, None) as made:
        assert made.find("one") == known
        assert len(made.book) == 3
        assert made.link.away_since == NOW
        assert made.link.reason == "The record cannot be reached."


async def test_a_disk_that_keeps_no_list_does_not_keep_an_old_one_in_force(
    tmp_path: Path, record: Record, vans: Vans, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster_module, "RELOAD_EVERY", 0.05)
    vans.add("one", "Tango 1")
    async with knowing(tmp_path, record) as made:
        full = "CREATE TRIGGER full BEFORE INSERT ON device BEGIN SELECT RAISE(FAIL, 'full'); END"
        await made.queue.in_thread(lambda: made.journal._db.execute(full))
        for active in (False, True):
            vans.ask("UPDATE cru.device SET active = $1", active)
            await made.until(lambda active=active: made.find("one").active is active)  # type: ignore[misc,union-attr] # known
        assert made.link.away_since is None
    # And it starts on such a disk.
    async with knowing(tmp_path, record) as made:
        assert made.find("one") is not None


async def test_without_a_record_and_a_list_nobody_is_known(tmp_path: Path) -> None:
    async with knowing(tmp_path, None) as made:
        assert not made.book.known


async def test_the_last_positions_of_the_record_are_remembered(tmp_path: Path, record: Record, vans: Vans) -> None:
    van = vans.add("one")
    at = ago(30)
    stored = {"van_id": str(van), "fixed_at": at.isoformat(), "lat": HOME[0], "lon": HOME[1]}
    vans.ask("SELECT cru.record_fixes($1)", json.dumps([stored]))
    async with knowing(tmp_path, record) as made:
        last = made.intake._told[van]
        assert (last.fixed_at, last.place, last.accuracy_m) == (at, HOME, 0)


@pytest.mark.parametrize("change", ["UPDATE cru.van SET active = false", "UPDATE cru.device SET active = false"])
async def test_a_change_in_the_record_is_heard(tmp_path: Path, record: Record, vans: Vans, change: str) -> None:
    vans.add("one")
    async with knowing(tmp_path, record) as made:
        await listening(made)
        vans.ask(change)
        await made.until(lambda: not made.find("one").active)  # type: ignore[union-attr] # known


async def listening(made: Known) -> None:
    """Wait until it has connected, listens, and has read all that it wanted to read."""
    book = made.book._devices
    await made.until(lambda: made.book._devices is not book)


async def test_it_is_read_every_half_minute_whether_or_not_anything_is_heard(
    tmp_path: Path, record: Record, vans: Vans, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster_module, "RELOAD_EVERY", 0.02)
    monkeypatch.setattr(roster_module, "CONNECT_AGAIN_AFTER", 60.0)
    async with knowing(tmp_path, record) as made:
        for _ in range(3):
            await listening(made)


async def test_a_stranger_is_asked_for_once_in_two_seconds(
    tmp_path: Path, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with knowing(tmp_path, record) as made:
        await listening(made)
        made.roster.ask()
        assert made.roster._wanted.is_set()
        made.roster._wanted.clear()
        made.roster.ask()
        assert not made.roster._wanted.is_set()
        monkeypatch.setattr(roster_module, "ASK_AGAIN_AFTER", 0.0)
        made.roster.ask()
        assert made.roster._wanted.is_set()
        await listening(made)
        assert not made.roster._wanted.is_set()


async def test_a_record_that_goes_and_comes_back_is_said_and_heard_again(
    tmp_path: Path, own_cluster: Cluster, own_record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    vans = Vans(own_record)
    van = vans.add("one")
    monkeypatch.setattr(roster_module, "PING_EVERY", 0.05)
    async with knowing(tmp_path, own_record) as made:
        await listening(made)
        own_cluster.stop()
        await made.until(lambda: made.link.away_since is not None)
        # Whoever asks meanwhile is answered from what was known, and it is said why nothing newer is.
        said = len(made.downs)
        made.roster.ask()
        await made.until(lambda: len(made.downs) > said)
        assert made.find("one") is not None
        own_cluster.start()
        await made.until(lambda: made.link.away_since is None)
        vans.ask("UPDATE cru.van SET active = false WHERE id = $1", van)
        await made.until(lambda: not made.find("one").active)  # type: ignore[union-attr] # known


async def test_a_list_that_cannot_be_read_is_said_also_while_the_link_holds(
    tmp_path: Path, record: Record, vans: Vans, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster_module, "ASK_AGAIN_AFTER", 0.0)
    vans.add("one")
    async with knowing(tmp_path, record) as made:
        await listening(made)
        vans.ask("ALTER TABLE cru.position RENAME TO gone")
        made.roster.ask()
        await made.until(lambda: made.link.away_since is not None)
        assert made.find("one") is not None
        vans.ask("ALTER TABLE cru.gone RENAME TO position")
        made.roster.ask()
        await made.until(lambda: made.link.away_since is None)


async def test_a_link_that_falls_silent_is_given_up(
    tmp_path: Path, own_cluster: Cluster, own_record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster_module, "PING_EVERY", 0.05)
    async with knowing(tmp_path, own_record) as made:
        await listening(made)
        own_cluster.freeze()
        await made.until(lambda: made.link.away_since is not None)
        own_cluster.thaw()
        await made.until(lambda: made.link.away_since is None)


async def test_the_queue_need_not_wait_when_the_list_was_read(
    tmp_path: Path, record: Record, vans: Vans, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.gateway.queue._RETRY_AFTER", (600.0,))
    van = vans.add("one")
    vans.ask("ALTER FUNCTION cru.record_fixes(jsonb) RENAME TO gone")
    async with knowing(tmp_path, record) as made:
        await listening(made)
        device = made.find("one")
        assert device is not None
        await made.intake.take("osmand", report(fix(0, HERE)), device)
        await made.until(lambda: made.link.away_since is not None)
        vans.ask("ALTER FUNCTION cru.gone(jsonb) RENAME TO record_fixes")
        made.roster.ask()
        await made.until(lambda: vans.position(van) is not None)


async def test_who_may_not_read_the_list_cannot_start(tmp_path: Path, record: Record, vans: Vans) -> None:
    with pytest.raises(NotAllowed):
        async with knowing(tmp_path, record, "w.wall"):
            pass
    vans.ask("DROP TABLE cru.device CASCADE")
    with pytest.raises(Invalid, match="does not fit"):
        async with knowing(tmp_path, record):
            pass
