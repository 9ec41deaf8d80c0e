"""From when an alarm is due to when each of twenty consoles sounds it; and that the record has it once."""

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtCore import QObject

from console.live.alarm_raiser import AlarmRaiser
from console.live.alarms_here import AlarmsHere
from console.running.ticks import Ticks
from console.views.desk.page import TICK_MS
from db.domain.raised import RaisedAlarm
from tests.bench.table import ms, percentile, row
from tests.gui.desks import Room, qt_loop, rooms

__all__ = ["qt_loop", "rooms"]
pytestmark = pytest.mark.bench
CONSOLES = 20
DUE_IN = timedelta(seconds=8)


class Console(QObject):
    """What of a desk raises alarms and hears them."""

    def __init__(self, room: Room) -> None:
        super().__init__()
        self.room, self.here = room, AlarmsHere(room.desk, self)
        self.heard: dict[str, float] = {}
        raiser = AlarmRaiser(room.engine, room.desk.store, self.here.book, self.here.found)
        self.task = asyncio.get_event_loop().create_task(raiser.run())
        self._ticks = Ticks(room.desk.supervisor, TICK_MS, self)
        self._ticks.add("alarms", lambda: self.here.tick(room.desk.clock.now()), "")
        self.here.raised.connect(lambda alarm: self.heard.setdefault(alarm.key, self._late(alarm.since)))
        room.desk.store.changed.connect(self.here.follow)

    def _late(self, since: object) -> float:
        return float((self.room.desk.clock.now() - since).total_seconds())  # type: ignore[operator] # a datetime

    def stop(self) -> None:
        self._ticks.stop()
        self.task.cancel()


def test_an_alarm_is_heard_within_a_second_on_twenty_consoles(rooms: Callable[[str], Room]) -> None:
    first = rooms("a.shah")
    waits_after = first.desk.store.reference.rules.no_van - DUE_IN
    consoles = [Console(first), *(Console(rooms(login)) for login in ("b.okafor", "l.lead") for _ in range(10))]
    consoles = consoles[:CONSOLES]
    who = first.take(received_at=first.desk.clock.now() - waits_after)
    name = f"no van {who}"
    begun = time.perf_counter()
    first.until(lambda: all(name in one.heard for one in consoles), within=60)
    first.until(lambda: all(_rows(one.room, name) for one in consoles), within=60)
    took = [one.heard[name] for one in consoles]
    rows = {(one.id, one.raised_at) for console in consoles for one in _rows(console.room, name)}
    for one in consoles:
        one.stop()
    first.run(asyncio.wait([one.task for one in consoles]))
    row(
        f"an alarm is due → heard, {CONSOLES} consoles",
        f"median {ms(percentile(took, 50))}, longest {ms(max(took))}; {len(rows)} raised",
        "≤ 1 s; one",
        f"a second's tick; all of it {ms(time.perf_counter() - begun)}",
    )
    assert len(rows) == 1
    assert max(took) <= 2 * TICK_MS / 1000


def _rows(room: Room, name: str) -> list[RaisedAlarm]:
    return [one for one in room.desk.store.all_of(RaisedAlarm, "alarm") if one.name == name]
