"""What must run as long as somebody is signed in: ended in every way there is, it runs again, counted and said."""

import asyncio
import json
import logging
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QWidget

from console.live import geography as geographies
from console.live.etas import Etas
from console.live.geography import Geography
from console.live.trails import Trails
from console.running import tasks
from console.running.aside import MOST_OVERDUE, Aside, Overdue
from console.running.tasks import WELL_AFTER, Supervisor, cancel_all
from console.running.ticks import Ticks
from console.views.desk.page import DeskPage
from console.views.status.bar import StatusBar
from db.domain.states import AssignmentState
from db.errors import Invalid, Unavailable
from tests.cluster import Record, run
from tests.e2e.windows import Seated, clock, qt_loop, rooms, seated
from tests.gui.desks import Room, Runs, eventually, put_on, stage

__all__ = ["clock", "qt_loop", "rooms", "seated", "stage"]
SECRET = "Quillfeather, 4 Mill Lane"
SENTENCE = "The kettle stopped; it is being put on again."


class Fell(BaseException):
    """Nothing that anybody would catch by name."""


Way = Callable[[], object]


def raiser(error: BaseException) -> Way:
    def end() -> None:
        raise error

    return end


def cancel_the_task_inside() -> None:
    task = asyncio.current_task()
    assert task is not None
    task.cancel()


async def held_open() -> None:
    await asyncio.Event().wait()


def close_a_coroutine() -> None:
    """What a loop that is torn down does to what it holds."""
    inner = held_open()
    inner.send(None)
    inner.throw(GeneratorExit(SECRET))


WAYS: dict[str, Way] = {
    "an error of ours": raiser(ValueError(SECRET)),
    "an error of a library": raiser(asyncpg.InternalClientError(SECRET)),
    "a row as long as memory": raiser(MemoryError(SECRET)),
    "two at once": raiser(ExceptionGroup(SECRET, [KeyError(SECRET), OSError(SECRET)])),
    "two at once, one of them grave": raiser(BaseExceptionGroup(SECRET, [Fell(SECRET), OSError(SECRET)])),
    "a base exception": raiser(Fell(SECRET)),
    "a library that wants to leave": raiser(SystemExit(SECRET)),
    "Ctrl C": raiser(KeyboardInterrupt()),
    "cancelled from inside": raiser(asyncio.CancelledError(SECRET)),
    "its task cancelled": cancel_the_task_inside,
    "a generator exit": raiser(GeneratorExit(SECRET)),
    "a generator closed": close_a_coroutine,
    "an iteration that ended": raiser(StopAsyncIteration(SECRET)),
    "a plain return": lambda: None,
}
RAISED = {name: way for name, way in WAYS.items() if name not in {"its task cancelled", "a plain return"}}


def raised_by(way: Way) -> BaseException:
    with pytest.raises(BaseException) as caught:  # noqa: PT011 any of them
        way()
    return caught.value


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "PAUSES", (0.01, 0.02))


@pytest.fixture
def supervisor(qt_loop: Runs) -> Supervisor:
    return Supervisor()


class Kettle:
    """Something to keep on: the first runs end in a way, later ones stay."""

    def __init__(self, way: Way, ends: int, sync: bool = False) -> None:
        self._way = way
        self._ends = ends
        self._sync = sync
        self.begun: list[float] = []
        self.again: list[int] = []
        self.running = False
        self.off = asyncio.Event()

    def resync(self) -> None:
        self.again.append(len(self.begun))

    def work(self) -> Coroutine[Any, Any, None]:
        self.begun.append(time.monotonic())
        if self._sync and len(self.begun) <= self._ends:
            self._way()
        return self._run(len(self.begun))

    async def _run(self, turn: int) -> None:
        await asyncio.sleep(0)
        if turn <= self._ends:
            self._way()
            await asyncio.sleep(0)
            return
        self.running = True
        try:
            await self.off.wait()
        finally:
            self.running = False


def told_by(supervisor: Supervisor) -> list[str]:
    told: list[str] = []
    supervisor.told.connect(lambda sentence, _lasts: told.append(sentence))
    return told


def test_an_outage_lasts_until_it_runs_well_and_of_a_load_until_it_is_loaded(
    supervisor: Supervisor, qt_loop: Runs
) -> None:
    lasts: dict[str, Callable[[], bool]] = {}
    supervisor.told.connect(lambda sentence, so: lasts.update({sentence: so}))
    supervisor.note("the vans", LookupError("x"), "No vans.")
    supervisor.note("the server", LookupError("x"), "No server.", so=lambda: False)
    assert (lasts["No vans."](), lasts["No server."]()) == (True, False)
    supervisor._kept["the vans"].running_since -= WELL_AFTER
    assert not lasts["No vans."]()
    tries = iter([LookupError("x"), None])

    async def load() -> None:
        error = next(tries)
        if error is not None:
            raise error
        # It takes longer than what runs well would be looked at for.
        supervisor._kept["roads"].running_since -= 2 * WELL_AFTER
        assert lasts["No roads."](), "it is loaded no sooner than it is, however long that takes"

    task = qt_loop(begin(lambda: supervisor.until_done("roads", load, "No roads.", pauses=(0.01,))))
    qt_loop(eventually(task.done))
    task.result()
    assert not lasts["No roads."]()


async def begin(work: Callable[[], object]) -> Any:
    return work()


@pytest.mark.hazard("H-052")
@pytest.mark.parametrize("way", WAYS)
def test_whatever_ends_it_it_runs_again(
    supervisor: Supervisor, qt_loop: Runs, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    kettle, told = Kettle(WAYS[way], ends=7), told_by(supervisor)
    counts: list[int] = []
    supervisor.changed.connect(lambda: counts.append(supervisor.restarts["kettle"]))
    task = qt_loop(begin(lambda: supervisor.keep("kettle", kettle.work, SENTENCE, again=kettle.resync)))
    qt_loop(eventually(lambda: kettle.running))
    assert counts == [1, 2, 3, 4, 5, 6, 7]
    assert dict(supervisor.restarts) == {"kettle": 7}
    assert told == [SENTENCE]
    assert kettle.again == [1, 2, 3, 4, 5, 6, 7]
    ends = [record.getMessage() for record in caplog.records if "kettle" in record.getMessage()]
    assert len(ends) == 7
    raised = raised_by(WAYS[way]) if way in RAISED else None
    assert raised is None or type(raised).__name__ in ends[0]
    assert SECRET not in caplog.text
    qt_loop(cancel_all())
    assert task.cancelled()
    assert not kettle.running


@pytest.mark.parametrize("way", RAISED)
def test_what_does_not_even_begin_is_begun_again(supervisor: Supervisor, qt_loop: Runs, way: str) -> None:
    kettle = Kettle(RAISED[way], ends=3, sync=True)
    qt_loop(begin(lambda: supervisor.keep("kettle", kettle.work, SENTENCE)))
    qt_loop(eventually(lambda: kettle.running))
    assert supervisor.restarts["kettle"] == 3


def test_a_resync_that_fails_is_tried_again_too(supervisor: Supervisor, qt_loop: Runs) -> None:
    kettle, fails = Kettle(lambda: None, ends=1), iter([True, True, False])

    def again() -> None:
        if next(fails):
            raise LookupError(SECRET)

    qt_loop(begin(lambda: supervisor.keep("kettle", kettle.work, SENTENCE, again=again)))
    qt_loop(eventually(lambda: kettle.running))
    assert supervisor.restarts["kettle"] == 3


def test_a_refusal_is_said_in_its_own_words(supervisor: Supervisor, qt_loop: Runs) -> None:
    told = told_by(supervisor)
    kettle = Kettle(raiser(Unavailable("There is no water.", "Fill it.")), ends=4)
    qt_loop(begin(lambda: supervisor.keep("kettle", kettle.work, SENTENCE)))
    qt_loop(eventually(lambda: kettle.running))
    assert told == ["There is no water. Fill it."]


def test_the_pauses_grow_and_an_outage_ends(
    supervisor: Supervisor, qt_loop: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "PAUSES", (0.01, 0.05, 0.15))
    monkeypatch.setattr(tasks, "WELL_AFTER", 0.3)
    told, kettle = told_by(supervisor), Kettle(lambda: None, ends=4)
    qt_loop(begin(lambda: supervisor.keep("kettle", kettle.work, SENTENCE)))
    qt_loop(eventually(lambda: kettle.running))
    gaps = [later - earlier for earlier, later in zip(kettle.begun, kettle.begun[1:], strict=False)]
    # Qt's timers may come a twentieth early.
    assert all(gap >= 0.9 * pause for gap, pause in zip(gaps, (0.01, 0.05, 0.15, 0.15), strict=True))
    assert told == [SENTENCE]
    well = time.monotonic() + 0.3
    qt_loop(eventually(lambda: time.monotonic() > well))
    kettle.off.set()
    qt_loop(eventually(lambda: len(told) == 2))


@pytest.mark.parametrize("moment", ["running", "pausing", "not begun"])
def test_it_ends_at_once_when_it_is_told_to(
    supervisor: Supervisor, qt_loop: Runs, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "PAUSES", (60.0,))
    kettle = Kettle(lambda: None, ends=1 if moment == "pausing" else 0)

    async def keep_and_stop() -> bool:
        task = supervisor.keep("kettle", kettle.work, SENTENCE)
        if moment != "not begun":
            await eventually(lambda: kettle.running or supervisor.restarts)
        await asyncio.wait_for(cancel_all(), 1)
        return task.cancelled()

    assert qt_loop(keep_and_stop())
    assert sum(supervisor.restarts.values()) == (1 if moment == "pausing" else 0)
    assert not kettle.running


def test_it_ends_with_its_owner(supervisor: Supervisor, qt_loop: Runs) -> None:
    kettle, owner = Kettle(lambda: None, ends=0), QObject()
    task = qt_loop(begin(lambda: supervisor.keep("kettle", kettle.work, SENTENCE, owner=owner)))
    qt_loop(eventually(lambda: kettle.running))
    owner.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qt_loop(eventually(task.done))
    assert not supervisor.restarts


def test_what_refuses_to_end_is_left_behind(
    supervisor: Supervisor, qt_loop: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "STOP_WITHIN", 0.3)
    asked, freed = [], asyncio.Event()

    async def stubborn() -> None:
        while not freed.is_set():
            try:
                await freed.wait()
            except asyncio.CancelledError:
                asked.append(True)

    async def keep_and_stop() -> None:
        supervisor.keep("kettle", stubborn, SENTENCE)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await asyncio.wait_for(cancel_all(), 3)
        freed.set()

    qt_loop(keep_and_stop())
    assert len(asked) >= 2
    assert not supervisor.restarts


# --- ticks ---


@pytest.mark.parametrize("way", [name for name in RAISED if name != "cancelled from inside"])
def test_a_tick_that_raises_stops_no_other(
    supervisor: Supervisor, qt_loop: Runs, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    told, ticked = told_by(supervisor), []
    ticks = Ticks(supervisor, 5)
    ticks.add("before", lambda: ticked.append("before"), "The one before stopped.")
    ticks.add("broken", WAYS[way], SENTENCE)
    ticks.add("after", lambda: ticked.append("after"), "The one after stopped.")
    qt_loop(eventually(lambda: ticked.count("after") >= 20))
    ticks.stop()
    assert abs(ticked.count("before") - ticked.count("after")) <= 1
    assert supervisor.restarts["broken"] >= 20
    assert told == [SENTENCE]
    assert sum("broken" in record.getMessage() for record in caplog.records) == 1
    assert SECRET not in caplog.text


@pytest.mark.hazard("H-052")
def test_a_broken_panel_stops_no_other_and_is_said_on_the_desk(
    seated: Callable[[str], Seated], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.views.board.panel.BoardPanel.tick", lambda _: WAYS["a base exception"]())
    seat = seated("a.shah")
    seat.room.until(lambda: seat.desk.supervisor.restarts.get("the referrals", 0) >= 2)
    assert seat.page.message.text().startswith("The referrals could not be kept up to date")
    shown = seat.page.status.clock.text()
    seat.room.until(lambda: seat.page.status.clock.text() != shown)
    assert not seat.page.status.restarts.isHidden()
    assert seat.page.status.restarts.text == f"↻ {sum(seat.desk.supervisor.restarts.values())}"
    assert "the referrals" in seat.page.status.restarts.toolTip()


def test_the_desk_ticks_every_part(seated: Callable[[str], Seated], monkeypatch: pytest.MonkeyPatch) -> None:
    broken = ("status.bar.StatusBar", "board.panel.BoardPanel", "vans.panel.VansPanel", "map.panel.MapPanel",
              "timeline.panel.TimelinePanel", "detail.DetailPane")  # fmt: skip
    seat_made: list[DeskPage] = []
    for path in broken:
        original = _part(path)
        monkeypatch.setattr(f"console.views.{path}.tick", _breaks_later(original, seat_made))
    monkeypatch.setattr("console.live.arrivals.Arrivals.tick", WAYS["two at once"])
    seat = seated("a.shah")
    seat_made.append(seat.page)
    seat.room.until(lambda: len(seat.desk.supervisor.restarts) == len(broken) + 1)


def _part(path: str) -> Callable[..., None]:
    module, _, name = path.rpartition(".")
    found: Callable[..., None] = getattr(__import__(f"console.views.{module}", fromlist=[name]), name).tick
    return found


def _breaks_later(original: Callable[..., None], made: list[DeskPage]) -> Callable[..., None]:
    def tick(self: QWidget) -> None:
        if made:
            raise Fell(SECRET)
        original(self)

    return tick


# --- the console's own ---


def runs_of(name: str) -> list[asyncio.Task[Any]]:
    """The run itself, not what supervises it: one, or none between two."""
    every = asyncio.all_tasks(asyncio.get_event_loop())
    return [one for one in every if one.get_name() == name and one not in tasks._running]


@pytest.fixture
def on_its_way(rooms: Callable[[str], Room], record: Record) -> tuple[Room, UUID]:
    """A van with a fix, sent to a referral: the room and the assignment."""
    room = rooms("a.shah")
    van, referral = room.on_duty(0), room.take()
    room.accept(referral)
    job = room.send(referral, van, AssignmentState.MOBILE)
    report(record, van, room.desk.clock.now(), 52.30)
    room.until(lambda: room.desk.store.position(van))
    return room, job


def report(record: Record, van: UUID, at: datetime, lat: float) -> None:
    async def store() -> None:
        connection = await asyncpg.connect(**record.kwargs("g.gateway"))
        fix = {"van_id": str(van), "fixed_at": at.isoformat(), "lat": lat, "lon": -0.9, "source": "osmand"}
        await connection.execute("SELECT cru.record_fixes($1::jsonb)", json.dumps([fix]))
        await connection.close()

    run(store())


def test_expected_arrivals_survive_every_end(
    on_its_way: tuple[Room, UUID], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, job = on_its_way
    desk, told = room.desk, told_by(room.desk.supervisor)
    etas = Etas(desk.store, Geography(None, tmp_path, desk.clock), desk.clock, supervisor=desk.supervisor)
    vans = desk.store.vans
    ways = [*WAYS.values()]
    pending = list(ways)

    def fails_for_a_while() -> object:
        if pending:
            pending.pop()()
            return ()
        return vans()

    monkeypatch.setattr(desk.store, "vans", fails_for_a_while)
    room.run(begin(etas.start))
    # A run in which nothing was raised goes on; wake it for the next way.
    room.until(lambda: etas._job_changed.set() or etas.of(job) is not None)
    silent = 1  # "a plain return" of this step ends nothing
    assert desk.supervisor.restarts["expected arrivals"] == len(ways) - silent
    assert told == ["The expected arrivals stopped; they are being worked out again."]
    for count in range(3):
        room.until(lambda: runs_of("expected arrivals"))
        runs_of("expected arrivals")[0].cancel()
        expected = len(ways) - silent + count + 1
        room.until(lambda expected=expected: desk.supervisor.restarts["expected arrivals"] == expected)
    room.run(cancel_all())
    assert not [
        one for one in asyncio.all_tasks(asyncio.get_event_loop()) if one.get_name() == "expected arrivals"
    ]


class Roads:
    """Travel times that hang or fail."""

    method = "road"

    def __init__(self, does: Callable[[], object]) -> None:
        self._does = does

    def travel_to(self, *_: object, **__: object) -> Any:
        return self._does()

    def route(self, *_: object, **__: object) -> Any:
        return self._does()


@pytest.fixture
def stuck() -> Iterator[threading.Event]:
    """Where threads hang; let go in the end."""
    event = threading.Event()
    yield event
    event.set()


def test_roads_that_hang_do_not_stop_expected_arrivals(
    on_its_way: tuple[Room, UUID], tmp_path: Path, stuck: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(geographies, "ANSWER_WITHIN", 0.1)
    room, job = on_its_way
    desk, told = room.desk, told_by(room.desk.supervisor)
    geography = Geography(None, tmp_path, desk.clock, supervisor=desk.supervisor)
    geography._times = Roads(stuck.wait)
    etas = Etas(desk.store, geography, desk.clock, supervisor=desk.supervisor)
    room.run(begin(etas.start))
    room.until(lambda: etas.of(job))
    assert etas.of(job) > desk.clock.now()
    before = threading.active_count()
    for _ in range(3 * MOST_OVERDUE):
        (travel,) = room.run(geography.minutes((52.2, -0.9), [(52.3, -0.9)]))
        assert travel.method == "estimate"
    assert room.run(geography.route((52.2, -0.9), (52.3, -0.9))).method == "estimate"
    assert threading.active_count() - before <= MOST_OVERDUE
    assert len(told) == 1
    assert "expected arrivals" not in desk.supervisor.restarts


@pytest.mark.hazard("H-037")
def test_roads_that_fail_are_estimated(rooms: Callable[[str], Room], tmp_path: Path) -> None:
    room = rooms("a.shah")
    geography = Geography(None, tmp_path, room.desk.clock, supervisor=room.desk.supervisor)
    # What a base exception ends is the task that asks, and that is supervised.
    ways = [way for way in RAISED.values() if isinstance(raised_by(way), Exception)]
    for way in ways:
        geography._times = Roads(way)
        (travel,) = room.run(geography.minutes((52.2, -0.9), [(52.3, -0.9)]))
        assert travel.method == "estimate"
    assert room.desk.supervisor.restarts["travel times"] == len(ways) > 3


def test_places_that_do_not_load_are_said_and_loaded_again(
    rooms: Callable[[str], Room], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(geographies, "LOAD_AGAIN", (0.01,))
    room = rooms("a.shah")
    told = told_by(room.desk.supervisor)
    ends = [way for name, way in RAISED.items() if name != "an iteration that ended"]
    left, found = list(ends), SimpleNamespace(prepare=lambda: None, town_names=(), around_postcode=None)

    def places(*_: object) -> object:
        if left:
            left.pop()()
        return found

    monkeypatch.setattr(geographies, "_places", places)
    geography = Geography(None, tmp_path, room.desk.clock, supervisor=room.desk.supervisor)
    loaded: list[bool] = []
    geography.loaded.connect(lambda: loaded.append(True))
    room.run(begin(geography.start))
    room.until(lambda: loaded)
    assert room.desk.supervisor.restarts["places"] == len(ends)
    assert told == ["The places could not be read yet: type addresses in full. The console tries again."]
    assert geography._finder is found


def test_a_load_that_hangs_is_said_and_its_late_answer_is_taken(
    rooms: Callable[[str], Room], tmp_path: Path, stuck: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(geographies, "LOAD_AGAIN", (0.01,))
    monkeypatch.setattr(geographies, "LOAD_WITHIN", 0.1)
    room, found = rooms("a.shah"), object()
    told = told_by(room.desk.supervisor)
    monkeypatch.setattr(geographies, "_places", lambda *_: stuck.wait() and found)
    geography = Geography(None, tmp_path, room.desk.clock, supervisor=room.desk.supervisor)
    room.run(begin(geography.start))
    room.until(lambda: room.desk.supervisor.restarts.get("places", 0) > 3)
    assert len(told) == 1
    hanging = [one for one in threading.enumerate() if one.name == "load places and roads"]
    assert len(hanging) == 2
    stuck.set()
    room.until(lambda: geography._finder is found)


def test_what_hangs_aside_is_bounded_and_forgotten(qt_loop: Runs, stuck: threading.Event) -> None:
    aside = Aside("test")

    async def ask() -> Any:
        try:
            return await aside.run(stuck.wait, 0.05)
        except Overdue:
            return "late"

    assert [qt_loop(ask()) for _ in range(MOST_OVERDUE + 3)] == ["late"] * (MOST_OVERDUE + 3)
    assert len([one for one in threading.enumerate() if one.name == "test"]) == MOST_OVERDUE
    stuck.set()
    qt_loop(eventually(lambda: aside._overdue == 0))
    assert qt_loop(ask()) is True


def test_a_trail_that_cannot_be_read_is_said_and_read_on_the_next_need(
    on_its_way: tuple[Room, UUID],
    record: Record,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    room, job = on_its_way
    desk, told = room.desk, told_by(room.desk.supervisor)
    van = desk.store.assignment(job).van_id
    trails, drawn = Trails(desk), []
    trails.changed.connect(lambda _van, points: drawn.append(points))
    real, ends = (
        type(desk.reads).trail,
        [WAYS["an error of a library"], WAYS["a base exception"], WAYS["a plain return"]],
    )
    ends[-1] = raiser(Invalid("The record refuses this value."))

    async def trail(self: Any, *given: Any) -> Any:
        if ends:
            ends.pop(0)()
        return await real(self, *given)

    monkeypatch.setattr(type(desk.reads), "trail", trail)
    room.run(begin(lambda: trails.choose(van)))
    room.until(lambda: desk.supervisor.restarts.get("trails") == 1)
    assert told == ["Where the van was could not be read; it is read again with its next position."]
    for minute, lat in enumerate((52.31, 52.32, 52.33)):
        count = len(drawn)
        report(record, van, desk.clock.now() + timedelta(seconds=minute), lat)
        room.until(lambda count=count: len(drawn) > count or trails._reading.done())
    room.until(lambda: drawn and len(drawn[-1]) >= 4)
    assert desk.supervisor.restarts["trails"] == 3
    assert SECRET not in caplog.text


def test_a_cancelled_read_of_a_trail_is_made_up_for(on_its_way: tuple[Room, UUID]) -> None:
    room, job = on_its_way
    trails, drawn = Trails(room.desk), []
    trails.changed.connect(lambda _van, points: drawn.append(points))
    room.run(begin(lambda: trails.choose(room.desk.store.assignment(job).van_id)))
    trails._reading.cancel()
    room.until(lambda: drawn and drawn[-1])  # with the next sign of life of the link


@pytest.mark.hazard("H-052")
def test_alarms_that_fail_are_watched_anew(
    rooms: Callable[[str], Room], stage: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = rooms("a.shah")
    bar, told = StatusBar(room.desk), told_by(room.desk.supervisor)
    put_on(stage, bar, 1400, 90)
    for count, way in enumerate(RAISED.values()):
        # What comes while the watch fails is known to the one that follows it.
        monkeypatch.setattr(bar.alarms._watch, "sounding" if count % 2 else "follow", lambda *_, way=way: way())
        late = room.take(received_at=room.desk.clock.now() - timedelta(hours=5))
        bar.tick()
        room.until(lambda late=late: bar.tick() or any(one.referral_id == late for one in bar.sounding()))
    assert room.desk.supervisor.restarts["alarms"] >= len(RAISED)
    assert told == [
        "The alarms could not be worked out; the console tries every second. Watch the board meanwhile."
    ]


@pytest.mark.hazard("H-054")
def test_one_shot_tasks_are_logged_by_their_type_only(qt_loop: Runs, caplog: pytest.LogCaptureFixture) -> None:
    async def one_shot() -> None:
        raise ValueError(SECRET)

    async def spawned() -> None:
        task = tasks.spawn(one_shot(), "boil an egg")
        await asyncio.wait({task})

    with caplog.at_level(logging.ERROR):
        qt_loop(spawned())
    assert "boil an egg failed: ValueError at tests.gui.test_supervised" in caplog.text
    assert SECRET not in caplog.text
