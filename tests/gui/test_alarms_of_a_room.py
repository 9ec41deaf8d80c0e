"""Twenty consoles have each alarm once: the one that raises is killed, the clock is set, all begin anew."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from console.live.session import Session, open_session
from console.live.store import LinkState
from console.running.tasks import cancel_all
from tests.cluster import Record, run
from tests.gui.alarm_listeners import AlarmListener
from tests.gui.desks import Room, Runs, eventually, qt_loop

__all__ = ["qt_loop"]
CONSOLES = 20
AT_ONCE = 5
"""Sign-ins on their way: one process is not twenty computers."""
NEAR = timedelta(minutes=20)
"""Less than any step of the clock here, and more than a test takes."""
LOGINS = ("a.shah", "b.okafor", "l.lead")
OPEN_TWICE = "SELECT name FROM cru.alarm WHERE closed_at IS NULL GROUP BY name HAVING count(*) > 1"
Ask = Callable[..., Any]


class ListeningRoom:
    """As many consoles as a room has, which can all end at once."""

    def __init__(self, record: Record, qt_loop: Runs) -> None:
        self.record, self._run = record, qt_loop
        self.consoles: list[AlarmListener] = []

    def open(self) -> None:
        """Everybody signs in, as after a power cut."""

        async def signed_in(number: int) -> Session:
            session = await open_session(self.record.url(LOGINS[number % len(LOGINS)]))
            await eventually(lambda: session.desk.store.link.state is LinkState.LIVE)
            return session

        async def some(numbers: range) -> list[Session]:
            return await asyncio.gather(*(signed_in(number) for number in numbers))

        for begun in range(0, CONSOLES, AT_ONCE):
            for session in self._run(some(range(begun, begun + AT_ONCE))):
                self.consoles.append(AlarmListener(Room(session, self._run)))

    def end(self) -> None:
        for one in self.consoles:
            one.kill()
        self._run(asyncio.wait([one.task for one in self.consoles]))
        self._run(cancel_all())
        for one in self.consoles:
            self._run(one.room.session.close())
        self.consoles = []

    @property
    def first(self) -> Room:
        return self.consoles[0].room

    def raising(self) -> list[AlarmListener]:
        return [one for one in self.consoles if one.raiser.raises]

    def until(self, holds: Callable[[AlarmListener], object]) -> None:
        """Until it holds at every console."""
        self.first.until(lambda: all(holds(one) for one in self.consoles), within=60)

    def late(self) -> str:
        """Somebody has waited too long without a van; the name of the alarm."""
        now = self.first.desk.clock.now()
        return f"no van {self.first.take(received_at=now - timedelta(minutes=7))}"

    def ids(self, name: str) -> set[Any]:
        return {row.id for one in self.consoles for row in one.rows(name) if row.closed_at is None}

    def ask(self, text: str, *given: Any) -> list[Any]:
        async def asked() -> list[Any]:
            owner = await asyncpg.connect(**self.record.owner_kwargs)
            try:
                return list(await owner.fetch(text, *given))
            finally:
                await owner.close()

        return run(asked())

    def set_clock(self, hours: int) -> None:
        """The record's clock is set, forward or back."""
        self.ask(
            "UPDATE cru.service SET clock_shown = cru.clock_now() + make_interval(hours => $1),"
            " clock_origin = clock_timestamp()",
            hours,
        )


@pytest.fixture
def listening(record: Record, qt_loop: Runs) -> Iterator[ListeningRoom]:
    made = ListeningRoom(record, qt_loop)
    made.open()
    yield made
    made.end()


@pytest.mark.long
def test_each_alarm_is_one_whoever_dies_and_whatever_the_clock_says(listening: ListeningRoom) -> None:
    room = listening
    room.first.until(lambda: len(room.raising()) == 1)
    first = room.late()
    room.until(lambda one: first in one.heard and one.rows(first))
    assert len(room.ids(first)) == 1
    killed_while_it_raises(room, first)
    clock_set_either_way(room)
    all_begin_anew(room, first)


def killed_while_it_raises(room: ListeningRoom, first: str) -> None:
    [raiser] = room.raising()
    raiser.kill()
    room.consoles.remove(raiser)
    room.ask("UPDATE cru.alarm_watch SET beat_at = beat_at - interval '7 seconds'")
    room.first.until(lambda: len(room.raising()) == 1)
    second = room.late()
    room.until(lambda one: second in one.heard and one.rows(second))
    assert (len(room.ids(first)), len(room.ids(second))) == (1, 1)
    assert {one.times[first] for one in room.consoles} == {1}, "nobody hears the first one again"
    room.consoles.append(raiser)  # its session is closed with the others


def clock_set_either_way(room: ListeningRoom) -> None:
    """A clock that is set makes nothing true twice: what is over is over once, and begins once more at most."""
    alive = [one for one in room.consoles if not one.task.done()]
    before = alive[0].times.copy()
    for hours in (-2, 2, 3, -3):
        room.set_clock(hours)
        at = room.ask("SELECT cru.clock_now() AS now")[0]["now"]
        room.first.until(lambda at=at: all(abs(one.room.desk.clock.now() - at) < NEAR for one in alive))
        late = room.late()
        room.first.until(lambda name=late: all(one.rows(name) for one in alive))
        assert len(room.ids(late)) == 1
        assert room.ask(OPEN_TWICE) == []
    assert len([one for one in alive if one.raiser.raises]) == 1
    for one in alive:
        assert all(one.times[name] - before[name] <= 2 for name in one.times), one.times


def all_begin_anew(room: ListeningRoom, first: str) -> None:
    answered = room.late()
    alive = [one for one in room.consoles if not one.task.done()]
    room.first.until(lambda: all(one.rows(answered) for one in alive))
    [alarm] = [one for one in alive[0].here.unanswered() if one.key == answered]
    alive[0].here.acknowledge(alarm)
    room.first.until(lambda: all(row.acknowledged_at for one in alive for row in one.rows(answered)))
    kept = {name: room.ids(name) for name in (first, answered)}
    room.end()
    room.open()
    room.first.until(lambda: len(room.raising()) == 1)
    room.until(lambda one: one.rows(answered) and (first in one.heard or not kept[first]))
    assert {name: room.ids(name) for name in kept} == kept, "none is raised anew"
    for one in room.consoles:
        assert answered not in one.times, "what somebody answered stays answered"
    assert room.ask(OPEN_TWICE) == []
