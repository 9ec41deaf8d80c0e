"""When an alarm is seen and heard again, which console raises it for all, and what an answer does."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from console.live import alarm_raiser, pulse
from console.live.actions import Progress
from console.live.alarm_book import NOT_RAISED, AlarmBook
from console.live.alarm_raiser import AlarmRaiser, told
from console.live.alarms_here import AlarmsHere
from console.live.pulse import Pulse
from console.live.store import Delta, Link, LinkState, Store
from console.running.tasks import Supervisor
from db.commands import AcknowledgeAlarm
from db.domain.alarms import EMERGENCY, Alarm
from db.domain.roles import Role
from db.errors import Unavailable
from tests.unit.board_records import NOW, ago
from tests.unit.test_alarm_book import HERE, NAME, OTHER, OURS, Book, kind, row


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch, *modules: Any) -> None:
        self.now = 100.0
        for module in modules:
            monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: self.now))


# --- seen and heard ---


class Felt:
    def __init__(self) -> None:
        self.sounding: list[Alarm] = []
        self.told: list[tuple[str, object]] = []
        self.pulse = Pulse(lambda: self.sounding)
        for name in ("felt", "heard", "silence_changed"):
            getattr(self.pulse, name).connect(lambda what, name=name: self.told.append((name, what)))

    def took(self) -> list[tuple[str, object]]:
        found, self.told = self.told, []
        return found


@pytest.fixture
def felt(qapp: object) -> Felt:
    return Felt()


def test_every_six_seconds_the_gravest_is_seen_and_heard(felt: Felt) -> None:
    felt.pulse.beat()
    assert felt.took() == []
    felt.sounding = [replace(HERE, priority=3), replace(OTHER, priority=2)]
    felt.pulse.beat()
    assert felt.took() == [("felt", 2), ("heard", 2)]
    timer = felt.pulse._again
    assert (timer.interval(), timer.isActive(), timer.isSingleShot()) == (6000, True, False)
    timer.timeout.emit()
    assert felt.took() == [("felt", 2), ("heard", 2)]


def test_a_console_that_is_silenced_shows_what_sounds_for_half_a_minute(felt: Felt) -> None:
    felt.sounding = [HERE]
    assert not felt.pulse.is_silent
    felt.pulse.silence()
    assert felt.took() == [("silence_changed", True)]
    assert (felt.pulse._over.interval(), felt.pulse._over.isSingleShot()) == (30_000, True)
    felt.pulse.beat()
    assert felt.took() == [("felt", 2)]


def test_the_end_of_a_silence_is_said_by_no_other_clock_than_its_own(
    felt: Felt, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A timer fires a little early now and then: by another clock the silence was said to last for ever."""
    felt.sounding = [HERE]
    monkeypatch.setattr(pulse, "SILENT_FOR", 0.2)
    felt.pulse.silence()
    felt.pulse._over.start(1)
    felt.pulse.silence()
    assert felt.pulse._over.remainingTime() > 100, "once more counts from the second time"
    assert felt.took() == [("silence_changed", True)] * 2
    qtbot.waitUntil(lambda: ("silence_changed", False) in felt.told)
    assert not felt.pulse.is_silent
    assert felt.took() == [("silence_changed", False), ("felt", 2), ("heard", 2)]


def test_the_loudspeaker_is_tried_with_each_priority_once(felt: Felt) -> None:
    felt.pulse.silence()
    felt.took()
    felt.pulse.test()
    timer = felt.pulse._next
    assert (felt.took(), timer.isActive(), timer.interval()) == ([("felt", 1), ("heard", 1)], True, 900)
    timer.timeout.emit()
    timer.timeout.emit()
    assert felt.took() == [("felt", 2), ("heard", 2), ("felt", 3), ("heard", 3)]
    timer.timeout.emit()
    assert (felt.took(), timer.isActive()) == ([], False)


# --- raised for all ---


class Raising:
    """A console and the record that it tells, by a clock that a test sets."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *rows: Any, unwatched: float | None = None) -> None:
        self.clock = Clock(monkeypatch, alarm_raiser)
        self.made = Book(*rows)
        self.made.store.set_link(Link(LinkState.LIVE, NOW, unwatched=unwatched))
        self.sounding: list[Alarm] = []
        self.missed: dict[str, float] = {}
        self.told: list[object] = []
        self.lets = True
        self.fails = False
        monkeypatch.setattr(self.made.book, "missed_for", lambda alarm: self.missed.get(alarm.key, 0.0))
        monkeypatch.setattr(alarm_raiser, "transaction", self._transaction)
        monkeypatch.setattr(alarm_raiser, "watch_alarms", self._watch)
        monkeypatch.setattr(alarm_raiser, "raise_alarms", self._note("raised"))
        monkeypatch.setattr(alarm_raiser, "end_alarms", self._note("over"))
        book: AlarmBook = self.made.book
        self.raiser = AlarmRaiser(None, self.made.store, book, lambda: self.sounding)  # type: ignore[arg-type] # unused

    @asynccontextmanager
    async def _transaction(self, _engine: object) -> Any:
        if self.fails:
            raise Unavailable("The record cannot be reached.")
        yield None

    async def _watch(self, _connection: object, console: object) -> bool:
        self.told.append("asked")
        assert console == self.raiser._console
        return self.lets

    def _note(self, what: str) -> Any:
        async def note(_connection: object, given: list[Any]) -> None:
            if given:
                self.told.append((what, [one if isinstance(one, str) else one.name for one in given]))

        return note

    def look(self, seconds: float = 0) -> list[object]:
        self.clock.now += seconds
        self.told.clear()
        asyncio.run(self.raiser.look())
        return list(self.told)


def test_whoever_may_raise_raises_what_begins_and_ends_what_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Raising(monkeypatch, row("old"))
    one.sounding = [HERE, OURS]
    assert one.look() == ["asked", ("raised", [NAME])]
    assert one.raiser.raises
    # It beats every two seconds, and a cause must be gone for two seconds.
    assert one.look(1.9) == [("raised", [NAME])]
    assert one.look(0.1) == ["asked", ("raised", [NAME]), ("over", ["old"])]
    one.sounding = [replace(HERE, key="old")]
    assert one.look(1) == []
    one.sounding = []
    assert one.look(0) == []
    assert one.look(1.9) == ["asked"]
    assert one.look(0.1) == [("over", ["old"])]


@pytest.mark.parametrize(
    ("unwatched", "asks"), [(None, True), (0.0, False), (5.0, False), (5.1, True), (60.0, True)]
)
def test_others_ask_when_nobody_has_raised_for_five_seconds(
    monkeypatch: pytest.MonkeyPatch, unwatched: float | None, asks: bool
) -> None:
    one = Raising(monkeypatch, unwatched=unwatched)
    one.lets = False
    assert one.look() == (["asked"] if asks else [])
    assert not one.raiser.raises


def test_who_raises_goes_on_asking_whoever_is_free_and_stops_when_another_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = Raising(monkeypatch, row("old"))
    one.look()
    one.made.store.set_link(Link(LinkState.LIVE, NOW, unwatched=0.5))
    assert one.look(2) == ["asked", ("over", ["old"])]
    one.lets = False
    one.sounding = [HERE]
    assert one.look(2) == ["asked"]
    assert not one.raiser.raises
    # It hears an alarm that nobody raises, whoever should: after three seconds it does so itself.
    one.missed[NAME] = 2.9
    assert one.look(2) == []
    one.missed[NAME] = 3.0
    assert one.look(2) == [("raised", [NAME])]


@pytest.mark.parametrize(("state", "looks"), [("live", 1), ("lost", 0), ("connecting", 0)])
def test_without_a_link_it_raises_nothing_and_another_takes_over(
    monkeypatch: pytest.MonkeyPatch, state: str, looks: int
) -> None:
    one = Raising(monkeypatch)
    one.raiser.raises = True
    one.fails = True
    one.made.store.set_link(Link(LinkState(state), NOW))
    paused: list[float] = []
    looked: list[bool] = []
    look = one.raiser.look

    async def counted() -> None:
        looked.append(True)
        await look()

    async def pause(seconds: float) -> None:
        paused.append(seconds)
        raise asyncio.CancelledError

    monkeypatch.setattr(one.raiser, "look", counted)
    monkeypatch.setattr(alarm_raiser.asyncio, "sleep", pause)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(one.raiser.run())
    assert (len(looked), paused, one.raiser.raises) == (looks, [0.5], False)


def test_an_alarm_is_told_by_its_name_and_its_own_words() -> None:
    given = told(HERE)
    assert (given.name, given.kind, given.words) == (NAME, "no_van", HERE.told)
    assert (given.referral_id, given.van_id) == (HERE.referral_id, None)


# --- answered ---


class Here:
    """The alarms of one console, which finds what a test says."""

    def __init__(self, *rows: Any, role: Role = Role.DISPATCHER) -> None:
        self.made = Book(*rows)
        self.store: Store = self.made.store
        self.sent: list[tuple[Any, ...]] = []
        desk: Any = SimpleNamespace(
            store=self.store,
            supervisor=Supervisor(),
            clock=SimpleNamespace(now=lambda: NOW),
            me=SimpleNamespace(role=role, login="a.shah"),
            actions=SimpleNamespace(submit=lambda *given: self.sent.append(given)),
        )
        self.alarms = AlarmsHere(desk)
        self.found: list[Alarm] = []
        self.watched: list[str] = []
        watch: Any = SimpleNamespace(
            sounding=lambda _now: self.found,
            follow=lambda _delta: self.watched.append("follow"),
            read_all=lambda: self.watched.append("all"),
        )
        self.alarms._watch = watch
        self.told: list[str] = []
        self.changes = 0
        self.alarms.raised.connect(lambda alarm: self.told.append(alarm.key))
        self.alarms.changed.connect(self._count)

    def _count(self) -> None:
        self.changes += 1

    def tick(self, *found: Alarm) -> list[str]:
        self.found = list(found)
        self.told.clear()
        self.alarms.tick(NOW)
        return list(self.told)


def test_each_is_told_once_when_it_begins_and_again_when_it_comes_again(qapp: object) -> None:
    here = Here()
    assert here.tick(OTHER, HERE) == [NAME, OTHER.key]
    assert here.tick(HERE, replace(OTHER, words="CRU1 lost for longer")) == []
    assert [one.key for one in here.alarms.all()] == [NAME, OTHER.key]
    assert here.alarms.found() == here.found
    assert here.tick(OTHER) == []
    assert here.tick(OTHER, HERE) == [NAME]
    assert here.changes == 4


def test_what_was_answered_or_must_begin_more_often_is_not_told(qapp: object) -> None:
    assert Here(row(acknowledged_at=ago(1))).tick(HERE) == []
    here = Here(row(acknowledged_at=ago(1)))
    here.tick(HERE)
    assert [one.key for one in here.alarms.all()] == [NAME]
    assert here.alarms.unanswered() == []
    often = Here()
    often.store.set_reference(replace(often.store.reference, alarm_kinds={"no_van": kind(times=3)}))
    assert often.tick(HERE) == []
    assert (often.alarms.all(), often.alarms.found()) == ([], [HERE])


def test_what_is_over_and_unseen_is_there_too(qapp: object) -> None:
    here = Here(row("was", returned_at=ago(1)))
    assert here.tick(OTHER) == ["was", OTHER.key]
    assert [one.key for one in here.alarms.unanswered()] == ["was", OTHER.key]


def test_in_a_flood_only_the_first_is_told_the_order_stands_and_no_emergency_is_buried(qapp: object) -> None:
    rows = [row(f"a{n}", raised=n / 2, acknowledged_at=ago(0)) for n in range(10)]
    # Raised in another order than they began in, as when somebody else's console raised them.
    raised = [row("first", raised=4, acknowledged_at=None), row("second", raised=2, acknowledged_at=None)]
    here = Here(*rows, *raised)
    first, second = (replace(OTHER, key=key, since=ago(since)) for key, since in (("first", 5), ("second", 9)))
    crew = replace(HERE, key="crew", kind=EMERGENCY, priority=first.priority, since=ago(0.2))
    grave = replace(HERE, key="grave", priority=first.priority - 1, since=ago(0.1))
    assert here.tick(second, first, crew, grave) == ["crew"]
    assert here.alarms.is_flood()
    assert [one.key for one in here.alarms.all()] == ["crew", "first", "second", "grave"]
    calm = Here()
    assert calm.tick(second, first) == ["second", "first"]
    assert not calm.alarms.is_flood()


def test_what_changed_in_the_mirror_is_taken(qapp: object) -> None:
    here = Here()
    here.found = [HERE]
    here.store.put({"alarm": [row(acknowledged_at=ago(1))]})
    here.alarms.follow(Delta(put={"van": frozenset({NOW.hour})}))  # type: ignore[arg-type] # any id
    assert here.alarms.unanswered() == [HERE]
    here.alarms.follow(Delta(put={"alarm": frozenset({NOW.hour})}))  # type: ignore[arg-type] # any id
    assert here.alarms.unanswered() == []
    here.alarms.read_all()
    assert here.watched == ["follow", "follow", "all"]


def test_a_lead_hears_what_nobody_answers_as_the_gravest(qapp: object) -> None:
    for role, priority in ((Role.SHIFT_LEAD, 1), (Role.DISPATCHER, 2)):
        here = Here(row(), role=role)
        here.tick(HERE)
        assert [one.priority for one in here.alarms.all()] == [priority]


@pytest.mark.parametrize(
    ("alarm", "role", "sends"),
    [
        (HERE, Role.DISPATCHER, True),
        (HERE, Role.SHIFT_LEAD, True),
        (HERE, Role.VIEWER, False),
        (OURS, Role.DISPATCHER, False),
        (Alarm(NOT_RAISED, 1, "x", ago(1), kind="no_van"), Role.DISPATCHER, False),
    ],
)
def test_an_answer_is_quiet_here_at_once_and_sent_where_the_record_holds_it(
    qapp: object, alarm: Alarm, role: Role, sends: bool
) -> None:
    here = Here(role=role)
    here.tick(alarm)
    here.changes = 0
    here.alarms.acknowledge(alarm)
    assert (here.alarms.is_quiet(alarm, NOW), here.changes) == (True, 1)
    assert here.alarms.answered_words(alarm, NOW) == "acknowledged here"
    assert len(here.sent) == sends
    if not sends:
        return
    command, label, then = here.sent[0]
    assert isinstance(command, AcknowledgeAlarm)
    assert (command.told.name, label) == (alarm.key, f"Acknowledge: {alarm.told}")
    then(SimpleNamespace(progress=Progress.DONE))
    assert (here.alarms.is_quiet(alarm, NOW), here.changes) == (True, 1)
    then(SimpleNamespace(progress=Progress.REFUSED))
    assert (here.alarms.is_quiet(alarm, NOW), here.changes) == (False, 2)
    assert here.alarms.answered_words(alarm, NOW) == ""


def test_who_answered_it_and_until_when_it_rests_is_said(qapp: object) -> None:
    here = Here(row(acknowledged_at=ago(1), acknowledged_by="a.shah"))
    assert here.alarms.answered_words(HERE, NOW).startswith("a.shah ")
    rests = row(shelved_until=NOW + timedelta(minutes=30), shelved_by="l.lead", shelved_reason="the crew is there")
    words = Here(rests).alarms.answered_words(HERE, NOW)
    assert words.startswith("rests until ")
    assert words.endswith(", l.lead: the crew is there")
    over = row(shelved_until=ago(1), acknowledged_at=ago(0.5), acknowledged_by="a.shah")
    assert Here(over).alarms.answered_words(HERE, NOW).startswith("a.shah ")
    assert Here().alarms.row_words(row(), NOW) == ""
