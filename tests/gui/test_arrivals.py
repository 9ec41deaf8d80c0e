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
from PySide6.QtWidgets import QLineEdit, QWidget

from console.arrivals import ASK_AGAIN_AFTER, Arrivals
from console.views.arrival_offer import ArrivalOffer
from db import commands
from db.domain.records import Event
from db.domain.states import AssignmentState
from tests.cluster import Record, run
from tests.gui.desks import Room, qt_loop, rooms, stage

__all__ = ["qt_loop", "rooms", "stage"]

SCENE = (52.2405, -0.8901)
METRE = 1 / 111_195.0
Report = Callable[..., None]


@pytest.fixture
def report(record: Record) -> Report:
    """Stores fixes as the gateway does: so many metres from the scene, at a time."""

    async def store(fixes: list[dict[str, Any]]) -> None:
        connection = await asyncpg.connect(**record.kwargs("g.gateway"))
        await connection.execute("SELECT cru.record_fixes($1::jsonb)", json.dumps(fixes))
        await connection.close()

    def send(van_id: UUID, at: datetime, away: float, speed: float = 0.0, **more: Any) -> None:
        fix = {"van_id": str(van_id), "fixed_at": at.isoformat(), "lat": SCENE[0] + away * METRE, "lon": SCENE[1]}
        run(store([fix | {"speed": speed, "accuracy": 5.0, "source": "osmand"} | more]))

    return send


class Strip:
    """A room with arrivals and their strip on a stage."""

    def __init__(self, room: Room, stage: QWidget) -> None:
        self.room = room
        self.arrivals = Arrivals(room.desk.store, room.desk.clock, stage)
        self.widget = ArrivalOffer(room.desk, self.arrivals, stage)
        self.widget.resized.connect(lambda: self.widget.place(stage.rect()))

    def sent(self, place: int = 0) -> tuple[UUID, UUID]:
        """A van on its way: its id and the assignment's."""
        referral = self.room.take()
        self.room.accept(referral)
        van = self.room.on_duty(place)
        return van, self.room.send(referral, van, AssignmentState.MOBILE)

    def arrive(self, report: Report, van: UUID) -> datetime:
        """Two slow fixes at the scene; when the first was."""
        now = self.room.desk.clock.now()
        first, second = now - timedelta(seconds=10), now - timedelta(seconds=5)
        for at, away in ((first, 60), (second, 40)):
            report(van, at, away)
            self.room.until(lambda at=at: (fix := self.room.desk.store.position(van)) and fix.fixed_at == at)
        return first

    def until_offered(self) -> None:
        self.room.until(lambda: self.widget.isVisible() and self.widget.accept_button.isEnabled())


@pytest.fixture
def strip(rooms: Callable[[str], Room], stage: QWidget) -> Strip:
    return Strip(rooms("a.shah"), stage)


def events(room: Room, referral_id: UUID) -> list[Event]:
    return room.run(room.desk.reads.events_of(referral_id))


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
    store = strip.room.desk.store
    assert store.assignment(job).times[AssignmentState.ON_SCENE] == offer.at
    told = [event for event in events(strip.room, offer.referral_id) if event.kind == "van on scene"]
    assert [(event.source, event.happened_at, event.recorded_by) for event in told] == [
        ("geofence", offer.at, "a.shah")
    ]
