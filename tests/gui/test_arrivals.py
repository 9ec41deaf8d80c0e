"""A van that reaches the scene is offered, answered by keys, and withdrawn when the record knows already."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from console.live import arrivals
from console.live.arrivals import Arrivals
from console.views.map.arrival_offer import ArrivalOffer
from db import commands
from db.commands import Details
from db.domain.records import Event, Location
from db.domain.states import AssignmentState
from db.geo.earth import moved
from tests.cluster import Record, run
from tests.gui.desks import Room, qt_loop, rooms, stage

__all__ = ["qt_loop", "rooms", "stage"]

SCENE = (52.2405, -0.8901)
Report = Callable[..., None]


@pytest.fixture
def report(record: Record) -> Report:
    """Stores fixes as the gateway does: so many metres from the scene, at a time."""

    async def store(fixes: list[dict[str, Any]]) -> None:
        connection = await asyncpg.connect(**record.kwargs("g.gateway"))
        await connection.execute("SELECT cru.record_fixes($1::jsonb)", json.dumps(fixes))
        await connection.close()

    def send(van_id: UUID, at: datetime, away: float, speed: float = 0.0, **more: Any) -> None:
        lat, lon = moved(SCENE, away, 0)
        fix = {"van_id": str(van_id), "fixed_at": at.isoformat(), "lat": lat, "lon": lon}
        run(store([fix | {"speed": speed, "accuracy": 5.0, "source": "osmand"} | more]))

    return send


class Strip:
    """A room with arrivals and their strip on a stage."""

    def __init__(self, room: Room, stage: QWidget, *, record: bool = False) -> None:
        self.room = room
        self.arrivals = Arrivals(room.desk.store, room.desk.clock, stage)
        self.widget = ArrivalOffer(room.desk, self.arrivals, stage, record=record)
        self.widget.resized.connect(lambda: self.widget.place(stage.rect()))

    def sent(self, place: int = 0) -> tuple[UUID, UUID]:
        """A van on its way: its id and the assignment's."""
        referral = self.room.take()
        self.room.accept(referral)
        van = self.room.on_duty(place)
        return van, self.room.send(referral, van, AssignmentState.MOBILE)

    def arrive(self, report: Report, van: UUID, *others: Room) -> datetime:
        """Two slow fixes at the scene, each seen by every console; when the first was."""
        now = self.room.desk.clock.now()
        first, second = now - timedelta(seconds=10), now - timedelta(seconds=5)
        for at, away in ((first, 60), (second, 40)):
            report(van, at, away)
            for room in (self.room, *others):
                room.until(lambda at=at, room=room: (fix := room.desk.store.position(van)) and fix.fixed_at == at)
        return first

    def text(self) -> str:
        return " ".join(label.text() for label in self.widget.findChildren(QLabel))

    def until_offered(self) -> None:
        self.room.until(lambda: self.widget.isVisible() and self.widget.accept_button.isEnabled())


@pytest.fixture
def strip(rooms: Callable[[str], Room], stage: QWidget) -> Strip:
    return Strip(rooms("a.shah"), stage)


def events(room: Room, referral_id: UUID) -> list[Event]:
    return room.run(room.desk.reads.events_of(referral_id))


def on_scene(room: Room, job: UUID) -> datetime | None:
    found = room.desk.store.assignment(job)
    return found.times.get(AssignmentState.ON_SCENE) if found is not None else None


@pytest.mark.hazard("H-048")
def test_return_records_the_arrival_at_its_time_and_says_that_the_geofence_saw_it(
    strip: Strip, report: Report
) -> None:
    van, job = strip.sent()
    assert strip.widget.isHidden()
    strip.arrive(report, van)
    strip.until_offered()
    offer = strip.widget.shown
    assert offer is not None
    assert offer.assignment_id == job
    assert abs(offer.metres - 40) < 1
    strip.widget.take_focus()
    QTest.keyClick(strip.widget, Qt.Key.Key_Return)
    strip.room.until(strip.widget.isHidden)
    assert on_scene(strip.room, job) == offer.at
    told = [event for event in events(strip.room, offer.referral_id) if event.kind == "van on scene"]
    assert [(event.source, event.happened_at, event.recorded_by) for event in told] == [
        ("geofence", offer.at, "a.shah")
    ]


def test_an_arrival_is_the_first_fix_there_but_never_before_the_step_that_went_before(
    strip: Strip, report: Report
) -> None:
    van, job = strip.sent()
    first = strip.arrive(report, van)
    strip.until_offered()
    offer, job_now = strip.widget.shown, strip.room.desk.store.assignment(job)
    assert offer is not None
    assert offer.at == max(job_now.times.values())
    assert offer.at > first


def test_it_leaves_the_keyboard_where_it_is_until_it_is_called_and_gives_it_back(
    strip: Strip, stage: QWidget, report: Report
) -> None:
    field = QLineEdit(stage)
    field.show()
    field.setFocus()
    van, job = strip.sent()
    strip.arrive(report, van)
    strip.until_offered()
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.hasFocus()
    strip.widget.take_focus()
    assert strip.widget.hasFocus()
    assert strip.widget.accept_button.key() == "Return"
    strip.widget.take_focus()
    assert field.hasFocus()
    assert strip.widget.accept_button.key() == ""
    strip.widget.take_focus()
    QTest.keyClick(strip.widget, Qt.Key.Key_Escape)
    assert field.hasFocus()
    assert strip.widget.isHidden()
    assert on_scene(strip.room, job) is None


def test_not_yet_is_quiet_for_a_while_and_then_asks_with_a_later_time(
    strip: Strip, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "ASK_AGAIN_AFTER", timedelta(seconds=1))
    van, _job = strip.sent()
    strip.arrive(report, van)
    strip.until_offered()
    clock = strip.room.desk.clock
    said_at = clock.now()
    strip.widget.not_yet()
    for seconds in (4, 8):
        at = said_at + timedelta(seconds=seconds)
        report(van, at, 30)
        strip.room.until(lambda at=at: strip.room.desk.store.position(van).fixed_at == at)
    assert strip.widget.isHidden()
    strip.room.until(lambda: clock.now() > said_at + timedelta(seconds=1.1))
    strip.arrivals.tick()
    strip.until_offered()
    assert strip.widget.shown is not None
    assert strip.widget.shown.at == said_at + timedelta(seconds=4)


def test_an_offer_falls_when_another_console_has_recorded_it(
    strip: Strip, rooms: Callable[[str], Room], stage: QWidget, report: Report
) -> None:
    van, job = strip.sent()
    other = rooms("b.okafor")
    theirs = ArrivalOffer(other.desk, Arrivals(other.desk.store, other.desk.clock, stage), stage)
    strip.arrive(report, van, other)
    strip.until_offered()
    other.until(lambda: theirs.isVisible() and theirs.accept_button.isEnabled())
    theirs.accept()
    strip.room.until(lambda: strip.widget.isHidden() and theirs.isHidden())
    assert on_scene(strip.room, job) is not None


def test_two_consoles_that_say_yes_at_once_say_it_once_and_neither_is_refused(
    strip: Strip, rooms: Callable[[str], Room], stage: QWidget, report: Report
) -> None:
    van, _job = strip.sent()
    other = rooms("b.okafor")
    theirs = ArrivalOffer(other.desk, Arrivals(other.desk.store, other.desk.clock, stage), stage)
    refused: list[object] = []
    for room in (strip.room, other):
        room.desk.actions.refused.connect(refused.append)
    strip.arrive(report, van, other)
    strip.until_offered()
    other.until(lambda: theirs.isVisible() and theirs.accept_button.isEnabled())
    offer = strip.widget.shown
    assert offer is not None
    strip.widget.accept()
    theirs.accept()
    strip.room.until(lambda: not strip.room.desk.actions.pending and not other.desk.actions.pending)
    assert refused == []
    assert [event.kind for event in events(strip.room, offer.referral_id)].count("van on scene") == 1


def test_several_offers_queue_and_the_next_one_cannot_be_answered_by_the_same_click(
    strip: Strip, report: Report
) -> None:
    (first, _), (second, job) = strip.sent(0), strip.sent(1)
    strip.arrive(report, first)
    strip.until_offered()
    strip.arrive(report, second)
    strip.room.until(lambda: len(strip.arrivals.offers) == 2)
    assert strip.widget.shown is not None
    assert strip.widget.shown.van_id == first
    assert "1 more" in strip.text()
    QTest.mouseClick(strip.widget.not_yet_button, Qt.MouseButton.LeftButton)
    assert strip.widget.shown.van_id == second
    QTest.mouseClick(strip.widget.accept_button, Qt.MouseButton.LeftButton)
    assert not strip.room.desk.actions.pending
    strip.until_offered()
    QTest.mouseClick(strip.widget.accept_button, Qt.MouseButton.LeftButton)
    strip.room.until(lambda: on_scene(strip.room, job) is not None)


def test_a_van_that_drives_on_takes_its_offer_along(strip: Strip, report: Report) -> None:
    van, _job = strip.sent()
    strip.arrive(report, van)
    strip.until_offered()
    now = strip.room.desk.clock.now()
    for seconds, away in ((1, 260), (3, 320)):
        at = now + timedelta(seconds=seconds)
        report(van, at, away, speed=40)
        strip.room.until(lambda at=at: strip.room.desk.store.position(van).fixed_at == at)
    assert strip.widget.isHidden()


def test_late_fixes_and_another_scene_offer_nothing(strip: Strip, report: Report) -> None:
    van, job = strip.sent()
    now = strip.room.desk.clock.now()
    for minutes in (10, 9):
        at = now - timedelta(minutes=minutes)
        report(van, at, 20)
        strip.room.until(lambda at=at: (fix := strip.room.desk.store.position(van)) and fix.fixed_at == at)
    strip.arrivals.tick()
    assert strip.arrivals.offers == ()
    strip.arrive(report, van)
    strip.until_offered()
    store = strip.room.desk.store
    referral = store.referral(store.assignment(job).referral_id)
    elsewhere = Details(
        source="ems_crew", priority="P1", location=Location("Kettering General", "NN16 8UZ", 52.4015, -0.7290)
    )
    moved = commands.EditReferral(referral_id=referral.id, version=referral.version, details=elsewhere)
    strip.room.do(moved)
    strip.room.until(strip.widget.isHidden)


def test_a_van_that_is_stood_down_is_no_longer_watched(strip: Strip, report: Report) -> None:
    van, job = strip.sent()
    strip.arrive(report, van)
    strip.until_offered()
    strip.room.do(commands.StandDown(assignment_id=job, reason="ems_left"))
    strip.room.until(strip.widget.isHidden)


def test_a_service_that_records_arrivals_is_not_asked(
    rooms: Callable[[str], Room], stage: QWidget, report: Report
) -> None:
    strip = Strip(rooms("a.shah"), stage, record=True)
    van, job = strip.sent()
    strip.arrive(report, van)
    strip.room.until(lambda: on_scene(strip.room, job) is not None and strip.widget.isHidden())
    store = strip.room.desk.store
    told = events(strip.room, store.assignment(job).referral_id)
    assert [event.source for event in told if event.kind == "van on scene"] == ["geofence"]


def drift(strip: Strip, report: Report, van: UUID, seconds: int, away: float) -> None:
    """One fix far off, which alone is no departure."""
    at = strip.room.desk.clock.now() + timedelta(seconds=seconds)
    report(van, at, away)
    strip.room.until(lambda: strip.room.desk.store.position(van).fixed_at == at)


@pytest.mark.hazard("H-022")
def test_what_speaks_against_it_by_now_is_asked_once_and_kept(strip: Strip, report: Report) -> None:
    van, job = strip.sent()
    strip.arrive(report, van)
    strip.until_offered()
    drift(strip, report, van, 2, 7600)
    assert "7.6 km away" not in strip.text()
    offer = strip.widget.shown
    strip.widget.take_focus()
    for _ in range(3):  # presses in a row are one
        QTest.keyClick(strip.widget, Qt.Key.Key_Return)
    assert not strip.room.desk.actions.pending
    assert "7.6 km away" in strip.text()
    assert strip.text().endswith("⏎ again: it is so · Esc: not yet")
    # What fits by now is not asked about any more.
    drift(strip, report, van, 4, 40)
    assert "40 m from the address" in strip.text()
    drift(strip, report, van, 6, 3100)
    assert "3.1 km away" in strip.text()
    strip.room.until(lambda: strip.widget._insistence.insists(job))
    QTest.keyClick(strip.widget, Qt.Key.Key_Return)
    strip.room.until(strip.widget.isHidden)
    assert on_scene(strip.room, job) == offer.at
    told = [event for event in events(strip.room, offer.referral_id) if event.kind == "van on scene"]
    assert [(one.source, "3.1 km away" in one.insisted) for one in told] == [("geofence", True)]


def test_who_said_not_yet_to_a_doubt_is_asked_anew(
    rooms: Callable[[str], Room], stage: QWidget, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the service records arrivals by itself: it does not where something speaks against it."""
    monkeypatch.setattr(arrivals, "ASK_AGAIN_AFTER", timedelta(0))
    strip = Strip(rooms("a.shah"), stage, record=True)
    monkeypatch.setattr(strip.widget, "_against", lambda _: "Corby holds the patient")
    van, job = strip.sent()
    strip.arrive(report, van)
    strip.until_offered()
    assert not strip.room.desk.actions.pending
    strip.widget.accept()
    strip.room.until(lambda: strip.widget._insistence.insists(job))
    strip.widget.not_yet()
    drift(strip, report, van, 4, 30)
    drift(strip, report, van, 8, 30)
    strip.arrivals.tick()
    strip.until_offered()
    strip.widget.accept()
    assert not strip.room.desk.actions.pending
    assert "Corby holds the patient" in strip.text()
