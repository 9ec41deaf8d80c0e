"""The chosen van on the map: its trail grows and goes, F follows it; refused fixes have a window."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.live.etas import Etas
from console.live.geography import Geography
from console.live.trails import MOST, Trails
from console.look.style import apply
from console.map.marks import MapConfig
from console.map.scheme import prepare_engine
from console.views.lists.fixes import NOTHING, FixesPage
from console.views.map.panel import MapPanel
from db.geo.earth import metres
from tests.cluster import Record, run
from tests.gui.desks import Room, qt_loop, rooms
from tests.gui.map_tools import ENGINE_NOISE, Hand

__all__ = ["qt_loop", "rooms"]
prepare_engine()
pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)

Store = Callable[..., None]
Trail = list[tuple[float, float]]


@pytest.fixture
def store(record: Record) -> Store:
    """Stores fixes as the gateway does."""

    async def send(fixes: list[dict[str, Any]]) -> None:
        connection = await asyncpg.connect(**record.kwargs("g.gateway"))
        await connection.execute("SELECT cru.record_fixes($1::jsonb)", json.dumps(fixes))
        await connection.close()

    return lambda *fixes: run(send(list(fixes)))


def fix(van: UUID, at: datetime, lat: float, **more: Any) -> dict[str, Any]:
    base = {"van_id": str(van), "fixed_at": at.isoformat(), "received_at": at.isoformat()}
    return base | {"lat": lat, "lon": -0.9, "speed": 40.0, "source": "osmand"} | more


class Drawn:
    """What a map was told of trails."""

    def __init__(self, trails: Trails) -> None:
        self.calls: list[tuple[str, Trail]] = []
        trails.changed.connect(self._take)

    def _take(self, van: str, points: Trail) -> None:
        self.calls.append((van, points))

    @property
    def lats(self) -> list[float]:
        return [lat for lat, _lon in self.calls[-1][1]] if self.calls else []


def test_a_trail_is_read_when_a_van_is_chosen_and_grows_with_its_fixes(
    rooms: Callable[[str], Room], store: Store
) -> None:
    room = rooms("a.shah")
    van, other = (van.id for van in room.desk.store.vans()[:2])
    now = room.desk.clock.now()
    ages = ((40, 52.10), (20, 52.20), (10, 52.30), (9, 52.30005), (1, 52.40))
    store(*(fix(van, now - timedelta(minutes=minutes), lat) for minutes, lat in ages))
    store(fix(van, now - timedelta(minutes=5), 0.0, refused="The place is 0, 0."))
    room.until(lambda: room.desk.store.position(van))
    trails = Trails(room.desk)
    drawn = Drawn(trails)
    trails.choose(van)
    room.until(lambda: drawn.calls)
    assert drawn.lats == [52.20, 52.30, 52.40]
    store(fix(van, now, 52.45), fix(other, now, 52.99))
    room.until(lambda: len(drawn.calls) == 2)
    assert drawn.lats == [52.20, 52.30, 52.40, 52.45]
    trails.choose(other)
    assert drawn.calls[2] == (str(van), [])
    room.until(lambda: len(drawn.calls) == 4)
    assert (drawn.calls[3][0], drawn.lats) == (str(other), [52.99])
    trails.choose(None)
    assert drawn.calls[-1] == (str(other), [])
    trails.deleteLater()


def test_a_van_that_stands_sends_nothing_to_the_map_and_old_ends_fall_off(
    rooms: Callable[[str], Room], store: Store
) -> None:
    room = rooms("a.shah")
    van = room.desk.store.vans()[0].id
    now = room.desk.clock.now()
    store(fix(van, now - timedelta(minutes=29, seconds=30), 52.10), fix(van, now - timedelta(seconds=30), 52.20))
    room.until(lambda: room.desk.store.position(van))
    trails = Trails(room.desk)
    drawn = Drawn(trails)
    trails.choose(van)
    room.until(lambda: drawn.calls)
    assert drawn.lats == [52.10, 52.20]
    for second in (20, 10):
        at = now - timedelta(seconds=second)
        store(fix(van, at, 52.20 + second * 1e-6, speed=0.0))
        room.until(lambda at=at: room.desk.store.position(van).fixed_at == at)
    assert len(drawn.calls) == 1
    store(fix(van, now + timedelta(seconds=60), 52.30))
    room.until(lambda: len(drawn.calls) == 2)
    assert drawn.lats == [52.20, 52.30]
    trails.deleteLater()


def test_a_trail_never_grows_beyond_what_the_map_draws_at_ease(rooms: Callable[[str], Room], store: Store) -> None:
    room = rooms("a.shah")
    van = room.desk.store.vans()[0].id
    start = room.desk.clock.now() - timedelta(minutes=25)
    store(*(fix(van, start + timedelta(seconds=2 * step), 52 + step * 2e-4) for step in range(MOST + 100)))
    trails = Trails(room.desk)
    drawn = Drawn(trails)
    trails.choose(van)
    # The newest may come by the feed before the rest is read.
    room.until(lambda: drawn.calls and len(drawn.calls[-1][1]) > 1)
    points = drawn.calls[-1][1]
    assert len(points) == MOST
    assert metres(points[-1], (52 + (MOST + 99) * 2e-4, -0.9)) < 1
    trails.deleteLater()


@pytest.fixture
def panels(
    rooms: Callable[[str], Room], tmp_path: Path, qapp: QApplication, qtbot: QtBot
) -> Iterator[Callable[[str], tuple[Room, MapPanel, Hand]]]:
    """Opens a map panel for a login, settled."""
    apply(qapp, "dark", 100)
    made: list[MapPanel] = []

    def open_panel(login: str = "a.shah") -> tuple[Room, MapPanel, Hand]:
        room = rooms(login)
        geography = Geography(None, tmp_path, room.desk.clock)
        etas = Etas(room.desk.store, geography, room.desk.clock)
        panel = MapPanel(room.desk, etas, geography, MapConfig())
        panel.resize(900, 600)
        made.append(panel)
        ready: list[bool] = []
        panel.view.ready.connect(lambda: ready.append(True))
        panel.show()
        room.until(lambda: ready, 20)
        return room, panel, Hand(panel.view, qtbot)

    yield open_panel
    for panel in made:
        panel.close()
        panel.view.shutdown()
        panel.deleteLater()
        qtbot.waitUntil(lambda panel=panel: not shiboken6.isValid(panel), timeout=10000)


def test_f_follows_the_chosen_van_and_then_the_next_one(
    panels: Callable[..., tuple[Room, MapPanel, Hand]], store: Store
) -> None:
    room, panel, hand = panels()
    one, other = room.on_duty(0), room.on_duty(1)
    now = room.desk.clock.now()
    store(fix(one, now - timedelta(minutes=3), 52.20), fix(one, now, 52.24), fix(other, now, 52.40))
    hand.until(lambda look: look["vans"] == 2)
    inner = panel.view._view.focusProxy()
    assert inner is not None
    QTest.keyClick(inner, Qt.Key.Key_F)
    hand.qtbot.waitUntil(panel.message.isVisible, timeout=5000)
    assert "Choose one" in panel.message.text()
    panel.select_van(one)
    hand.qtbot.waitUntil(lambda: hand.ask("[...CRU.parts().marks.trails.keys()]") == [str(one)], timeout=8000)
    followed: list[str] = []
    panel.view.follow_changed.connect(followed.append)
    for van in (one, other):
        panel.select_van(van)
        QTest.keyClick(inner, Qt.Key.Key_F)
        hand.qtbot.waitUntil(lambda van=van: followed[-1:] == [str(van)], timeout=5000)
        callsign = room.desk.store.van(van).callsign
        hand.until(lambda look, callsign=callsign: f"following {callsign}" in look["line"])
    QTest.keyClick(inner, Qt.Key.Key_F)
    hand.until(lambda look: "follow off" in look["line"])
    panel.select_van(None)
    hand.qtbot.waitUntil(lambda: hand.ask("CRU.parts().marks.trails.size") == 0, timeout=8000)


def test_what_breaks_in_the_map_is_said_over_the_map(
    panels: Callable[..., tuple[Room, MapPanel, Hand]],
) -> None:
    _room, panel, _hand = panels()
    assert panel.message.isHidden()
    panel.view.stopped.emit("The map stopped; it is being drawn again.", False)
    assert panel.message.text() == "The map stopped; it is being drawn again."
    assert panel.message.isVisible()


@pytest.fixture
def lead(rooms: Callable[[str], Room], qapp: QApplication) -> Room:
    apply(qapp, "dark", 100)
    return rooms("l.lead")


def test_refused_positions_are_listed_with_their_reason_and_read_again_on_demand(lead: Room, store: Store) -> None:
    page = FixesPage(lead.desk)
    page.show()
    lead.until(page.empty.isVisible)
    assert page.empty.text() == NOTHING
    assert page.table.isHidden()
    van = lead.desk.store.vans()[1]
    now = lead.desk.clock.now()
    late = {"device": "phone-7", "doubt": "It came in after a fix 5 min newer, for replay only."}
    store(
        fix(van.id, now - timedelta(minutes=9), 52.2, refused="It jumped 34 km in 5 s."),
        fix(van.id, now - timedelta(minutes=5), 52.2, attributes=late),
    )
    QTest.keyClick(page, Qt.Key.Key_F5)
    lead.until(lambda: page.table.rowCount() == 2)
    texts = [[page.table.item(row, column).text() for column in (0, 3, 4, 5)] for row in range(2)]
    assert texts == [
        [van.callsign, "shown, in doubt", late["doubt"], "osmand · phone-7"],
        [van.callsign, "refused", "It jumped 34 km in 5 s.", "osmand"],
    ]
    assert page.table.isVisible()
    assert page.empty.isHidden()
    page.close()


def test_what_cannot_be_read_is_said_in_the_window(rooms: Callable[[str], Room], qapp: QApplication) -> None:
    apply(qapp, "dark", 100)
    page = FixesPage(rooms("w.wall").desk)
    page.show()
    rooms_message = page.message
    rooms("a.shah").until(rooms_message.isVisible)
    assert page.refresh_button.isEnabled()
    assert rooms_message.text()
    page.close()
