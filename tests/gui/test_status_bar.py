"""The status bar over a real record: counts, alarms, the link, what waits."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from console.live.store import Link, LinkState
from console.look import style
from console.views.status.bar import StatusBar
from console.views.status.parts import Meanwhile
from console.views.status.pending import PendingPanel
from db import commands
from db.clock import ClockReading
from db.domain.alarms import Alarm
from db.domain.clocks import local
from db.domain.party import Party
from db.domain.states import AssignmentState
from tests.cluster import Cluster, Record
from tests.gui.desks import Room, own_rooms, put_on, qt_loop, room, rooms, stage

__all__ = ["own_rooms", "qt_loop", "room", "rooms", "stage"]


@pytest.fixture
def bar(room: Room, stage: QWidget) -> StatusBar:
    made = StatusBar(room.desk)
    put_on(stage, made, 1400, 90)
    return made


def lose(room: Room) -> None:
    at = room.desk.clock.now() - timedelta(seconds=12)
    room.desk.store.set_link(Link(LinkState.LOST, at, 0, "The record cannot be reached."))


def regain(room: Room) -> None:
    room.desk.store.beat()
    room.desk.store.set_link(Link(LinkState.LIVE, room.desk.clock.now(), 0.04))


def test_it_counts_what_waits_and_what_is_free(room: Room, bar: StatusBar) -> None:
    assert bar.counts.text() == "0 P1 waiting · 0 open · 0 of 0 vans free"
    one = room.on_duty(0)
    room.on_duty(1)
    who, other = room.take(), room.take(priority="P2", source="hub")
    assert bar.counts.text() == "1 P1 waiting · 2 open · 2 of 2 vans free"
    room.accept(who)
    room.send(who, one, AssignmentState.WITH_PATIENT)
    assert bar.counts.text() == "0 P1 waiting · 2 open · 1 of 2 vans free"
    room.do(commands.Cancel(referral_id=other, reason="duplicate"))
    counts = "0 P1 waiting · 1 open · 1 of 2 vans free"
    room.until(lambda: bar.counts.text() == f"{counts} · 1 ended, nobody named")
    said = commands.Responsible(Party.OTHER, "Her aunt")
    room.do(commands.NameResponsible(referral_id=other, said=said))
    room.until(lambda: bar.counts.text() == counts)


def test_it_tells_the_local_time_and_who_is_signed_in(room: Room, bar: StatusBar) -> None:
    before = room.desk.clock.now()
    bar.tick()
    shown = bar.clock.text()
    assert local(before).strftime("%H:%M:%S") <= shown <= local(room.desk.clock.now()).strftime("%H:%M:%S")
    assert bar.user.text() == "A. Shah · dispatcher"
    assert bar.title.text() == "CRU  Northamptonshire"


def test_an_alarm_is_raised_once_acknowledged_here_and_leads_to_its_referral(
    room: Room, bar: StatusBar, qtbot: QtBot
) -> None:
    raised: list[Alarm] = []
    activated: list[Alarm] = []
    bar.alarm_raised.connect(raised.append)
    bar.alarm_activated.connect(activated.append)
    assert bar.alarm.isHidden()
    who = room.take(received_at=room.desk.clock.now() - timedelta(minutes=7))
    bar.tick()
    bar.tick()
    assert [alarm.referral_id for alarm in raised] == [who]
    assert "P1, no van for 7 min" in bar.alarm.text()
    qtbot.mouseClick(bar.alarm, Qt.MouseButton.LeftButton)
    assert activated == raised
    assert bar.acknowledge_next() == raised[0]
    assert activated == raised * 2
    assert bar.alarm.isHidden()
    assert bar.more.text() == "1 alarm ▾"
    assert bar.acknowledge_next() is None
    room.do(commands.Cancel(referral_id=who, reason="duplicate"))
    room.until(lambda: bar.more.isHidden())


def test_what_is_acknowledged_here_is_silent_and_another_sounds(room: Room, bar: StatusBar) -> None:
    assert bar.sounding() == []
    late = room.desk.clock.now() - timedelta(minutes=7)
    for count in (1, 2):
        who = room.take(received_at=late)
        bar.tick()
        assert [alarm.referral_id for alarm in bar.sounding()] == [who]
        bar.acknowledge_next()
        assert bar.sounding() == []
        assert bar.more.text().startswith(str(count))


@pytest.mark.hazard("H-053")
def test_the_gravest_comes_first(room: Room, bar: StatusBar) -> None:
    one = room.on_duty(0, planned_end=room.desk.clock.now() + timedelta(minutes=20))
    who = room.take()
    room.accept(who)
    room.send(who, one)
    assert [alarm.priority for alarm in bar.sounding()] == [3]
    room.do(commands.RaiseEmergency(van_id=one))
    room.until(lambda: len(bar.sounding()) == 2)
    assert bar.alarm.text() == "▲ EMERGENCY CRU1, for under 1 min"
    assert bar.alarm.accessibleName().startswith("Alarm, priority 1: EMERGENCY CRU1")


def test_the_link_is_told_in_words(room: Room, bar: StatusBar) -> None:
    regain(room)
    assert bar.link.text == "● live 40 ms"
    lose(room)
    bar.tick()
    as_of = local(room.desk.store.link.since).strftime("%H:%M:%S")
    assert bar.link.text.startswith("▲ link lost 1")
    assert bar.link.text.endswith(f"s — showing the board as of {as_of}")
    assert bar.alarm.text().startswith("▲ Link to the record lost for")


@pytest.mark.hazard("H-070")
def test_what_waits_for_the_link_can_be_taken_back(room: Room, bar: StatusBar, qtbot: QtBot) -> None:
    who = room.take()
    lose(room)
    room.desk.actions.submit(commands.Cancel(referral_id=who, reason="duplicate"), "Cancel 0001")
    room.desk.actions.submit(commands.AddNote(referral_id=who, words="rang back"), "Note on 0001")
    room.until(lambda: bar.pending.text() == "2 waiting for the link ▸")
    later = StatusBar(room.desk)
    assert later.pending.text().startswith("2 "), "also on a desk that begins while they wait"
    later.deleteLater()
    qtbot.mouseClick(bar.pending, Qt.MouseButton.LeftButton)
    panel = bar.window().findChild(PendingPanel)
    assert [button.accessibleName() for button in panel.buttons()] == [
        "Take back: Cancel 0001",
        "Take back: Note on 0001",
    ]
    qtbot.mouseClick(panel.buttons()[0], Qt.MouseButton.LeftButton)
    regain(room)
    room.until(lambda: not room.desk.actions.pending)
    assert bar.pending.isHidden()
    events = room.run(room.desk.reads.events_of(who))
    assert "note" in [event.kind for event in events]
    assert room.desk.store.referral(who).is_open


@pytest.mark.parametrize("width", [1256, 1100, 900])
def test_what_waits_is_counted_whole_beside_what_changed_and_an_alarm(
    room: Room, bar: StatusBar, stage: QWidget, width: int
) -> None:
    who, other = room.take(received_at=room.desk.clock.now() - timedelta(minutes=50)), room.take()
    bar.tick()
    assert bar.alarm.isVisible()
    bar.meanwhile.tell([(who, "CRU-0010"), (other, "CRU-0016"), (who, "CRU-0017")])
    stage.resize(width + 16, 700)
    bar.resize(width, 50)
    bar._want("pending", "12 without an answer yet ▸")
    buttons = (bar.pending, bar.alarm, *bar.meanwhile.buttons())
    room.until(lambda: all(one.width() >= one.sizeHint().width() for one in buttons if one.isVisible()))
    assert all(one.isVisible() for one in (bar.meanwhile.buttons()[0], bar.meanwhile.buttons()[-1]))
    assert bar.pending.text()[:2] in {"12", "0 "}


def test_who_waits_and_what_is_free_gives_way_last(
    room: Room, bar: StatusBar, stage: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before it go what the console is called, and that nobody answers, which is heard as well."""
    room.take()
    room.until(lambda: bar.counts.text())
    now = room.desk.clock.now()
    top = Alarm("a", 1, "P1, no van for", now, counts_from=now, reference="CRU-20261128-0007", unanswered=True)
    monkeypatch.setattr(bar, "_top", lambda: top)
    bar._want("alarm", f"▲ {top.sentence(now)}", "late")
    bar._want("pending", "12 waiting for the link ▸")
    seen = []
    stage.resize(1366, 700)
    for width in range(1200, 300, -12):
        bar.resize(width, 50)
        seen.append((bar.title.isVisible(), "nobody answers" in bar.alarm.text(), bar.counts.isVisible()))
    shown = [counts for *_, counts in seen]
    assert {True, False} == set(shown)
    assert all(counts for title, loud, counts in seen if title or loud)
    assert (False, False, True) in seen


def test_on_return_it_names_what_changed_meanwhile(
    own_cluster: Cluster,
    own_record: Record,
    own_rooms: Callable[[str], Room],
    stage: QWidget,
    qtbot: QtBot,
) -> None:
    room = own_rooms("a.shah")
    who = room.take()
    bar = StatusBar(room.desk)
    put_on(stage, bar, 1400, 90)
    heard: list[object] = []
    bar.referral_requested.connect(heard.append)
    own_cluster.stop()
    room.until(lambda: room.desk.store.link.state is LinkState.LOST, within=10)
    own_cluster.start()
    room.until(lambda: room.desk.store.link.state is LinkState.LIVE, within=20)
    room.until(lambda: bar.meanwhile.text() == "Link back. No referral changed meanwhile.")
    own_cluster.stop()
    room.until(lambda: room.desk.store.link.state is LinkState.LOST, within=10)
    assert bar.meanwhile.text() == ""
    own_cluster.start()
    elsewhere = "UPDATE cru.referral SET narrative = 'changed elsewhere' WHERE id = $1 RETURNING 1"
    own_cluster.fetchval(elsewhere, who, database=own_record.database)
    room.until(lambda: bar.meanwhile.text() == "Link back. 1 changed meanwhile:", within=20)
    first, seen = bar.meanwhile.buttons()
    qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    assert heard == [who]
    qtbot.mouseClick(seen, Qt.MouseButton.LeftButton)
    assert bar.meanwhile.text() == ""


def test_what_is_said_after_a_loss_is_shorter_where_there_is_less_room_and_never_cut(
    stage: QWidget, qtbot: QtBot
) -> None:
    told = Meanwhile()
    put_on(stage, told, 900, 40)
    for changed in ([], [(uuid4(), "0044")], [(uuid4(), f"00{n}") for n in range(40, 49)]):
        told.tell(changed)
        assert told.text().startswith("Link back. ")
        seen = set[str]()
        for width in range(900, 60, -7):
            told.resize(width, 40)
            label = told.findChild(QLabel)
            seen.add(label.text() if label.isVisibleTo(told) else "")
            assert label.fontMetrics().horizontalAdvance(label.text()) <= max(label.width(), 0) or not label.text()
            assert all(button.isVisibleTo(told) for button in told.buttons()[-1:])
        # Where nothing changed there is nothing to put away.
        assert bool(told.buttons()) is bool(changed)
        assert {told.text(), ""} < seen, "whole, shorter and none at last"
    # Of a loss in which nothing changed nobody has to put the message away.
    told.tell([])
    assert told._read.isActive()
    told._read.timeout.emit()
    assert told.text() == ""
    told.tell([(uuid4(), "0044")])
    assert not told._read.isActive()


@pytest.mark.hazard("H-057")
@pytest.mark.parametrize("exercise", [True, False])
def test_a_practice_shift_cannot_be_mistaken(room: Room, stage: QWidget, exercise: bool) -> None:
    desk = replace(room.desk, me=replace(room.desk.me, exercise=exercise))
    bar = StatusBar(desk)
    put_on(stage, bar, 1400, 90)
    assert bar.exercise.isVisible() is exercise
    assert bar.exercise.accessibleName().startswith("EXERCISE")


def test_large_text_takes_a_second_line(bar: StatusBar, stage: QWidget, qapp: QApplication) -> None:
    stage.resize(1920, 900)
    bar.resize(1920, 90)
    bar.layout().activate()
    assert bar.counts.y() == pytest.approx(bar.clock.y(), abs=bar.clock.height())
    style.apply(qapp, "dark", 150)
    bar.resize(1900, 120)
    bar.layout().activate()
    assert bar.counts.geometry().top() > bar.clock.geometry().bottom()


@pytest.mark.hazard("H-057")
@pytest.mark.parametrize(("speed", "said"), [(24.0, "EXERCISE 24×"), (1.5, "EXERCISE 1.5×"), (1.0, "EXERCISE")])
def test_the_mark_of_a_practice_shift_says_its_speed_unless_it_is_the_usual(
    room: Room, bar: StatusBar, speed: float, said: str
) -> None:
    narrow = bar.exercise.sizeHint().width()
    room.desk.clock.set(ClockReading(room.desk.clock.now(), speed))
    bar.tick()
    assert bar.exercise.text() == said
    assert (bar.exercise.sizeHint().width() > narrow) == (speed != 1)
    assert (f"{speed:g} times" in bar.exercise.accessibleName()) == (speed != 1)
