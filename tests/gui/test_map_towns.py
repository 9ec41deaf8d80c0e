"""How the towns are covered: a layer of the map, the same as a table, and quiet beside what moves."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from console.live.etas import Etas
from console.live.geography import Geography
from console.look.style import apply
from console.map.marks import MapConfig, TownMark
from console.map.scheme import prepare_engine
from console.views.map.panel import MapPanel
from db.domain.cover import HEADERS
from db.domain.states import AssignmentState
from tests.gui.desks import Room, qt_loop, rooms
from tests.gui.map_tools import ENGINE_NOISE, HERE, Hand
from tests.gui.test_map_labels import meet
from tests.gui.test_map_view import Open, hand, open_map, referral
from tests.gui.test_map_view import van as van_mark
from tests.unit.board_records import job, position, van

__all__ = ["hand", "open_map", "qt_loop", "rooms"]
prepare_engine()
pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)


class Towns:
    """A map panel on a room, whose towns are the service's bases: no map pack is there."""

    def __init__(self, room: Room, folder: Path) -> None:
        self.room, self.store = room, room.desk.store
        geography = Geography(None, folder, room.desk.clock)
        self.panel = MapPanel(room.desk, Etas(self.store, geography, room.desk.clock), geography, MapConfig())
        self.panel.resize(900, 600)
        self.panel.show()
        self.store.replace({})

    def fill(self, **rows: list[Any]) -> None:
        self.store.replace(rows)

    def drawn(self) -> dict[str, tuple[str, bool]] | None:
        rows = self.panel.view._picture.settings.get("cover")
        return None if rows is None else {row[0]: (row[3], row[4]) for row in rows}

    def press(self, act: str) -> None:
        self.panel.view._on_key(act)


@pytest.fixture
def towns(rooms: Callable[[str], Room], tmp_path: Path, qapp: QApplication) -> Iterator[Towns]:
    apply(qapp, "dark", 100)
    made = Towns(rooms("a.shah"), tmp_path)
    yield made
    made.panel.close()
    made.panel.view.shutdown()


def at(callsign: str, lat: float, lon: float) -> tuple[Any, Any]:
    one = van(callsign)
    return one, replace(position(one.id), lat=lat, lon=lon)


def test_a_key_draws_how_soon_somebody_could_be_in_each_town_and_takes_it_away(towns: Towns) -> None:
    two, three = at("CRU2", 52.39, -0.73), at("CRU3", 52.24, -0.90)
    towns.fill(van=[two[0], three[0]], position=[two[1], three[1]])
    assert towns.drawn() is None
    towns.press("cover")
    towns.room.until(towns.drawn)
    before = towns.drawn()
    assert before is not None
    assert set(before) == set(towns.store.reference.bases)
    assert {long for _, long in before.values()} == {False}
    # The one near Kettering goes on a job: its towns wait for the other.
    towns.fill(
        van=[two[0], three[0]],
        position=[two[1], three[1]],
        assignment=[job(two[0].id, two[0].id, AssignmentState.MOBILE)],
    )
    kettering = "St Mary's Kettering"
    towns.room.until(lambda: (towns.drawn() or {})[kettering] != before[kettering])
    now = towns.drawn()
    assert now is not None
    assert int(now[kettering][0].split()[0]) > int(before[kettering][0].split()[0]) + 15
    assert now["Berrywood"] == before["Berrywood"]
    towns.fill(van=[], position=[])
    towns.room.until(lambda: (towns.drawn() or {})[kettering] == ("nobody free", False))
    asking = towns.panel.towns.cover._task
    assert asking is not None
    # The table beside it asks the same once.
    for _ in range(2):
        towns.press("towns")
        assert towns.panel.towns.cover._task is asking
    towns.press("cover")
    assert towns.drawn() is None
    towns.room.until(asking.done)
    assert towns.panel.towns.cover._task is None, "nobody looks, and the roads are asked nothing"


def test_the_same_as_a_table_for_whoever_hears_it(towns: Towns) -> None:
    two, three = at("CRU2", 52.39, -0.73), at("CRU3", 52.24, -0.90)
    towns.fill(van=[two[0], three[0]], position=[two[1], three[1]])
    towns.press("towns")
    table = towns.panel.towns.table
    towns.room.until(table.rowCount)
    assert towns.drawn() is None, "a table is no layer"
    towns.panel.activateWindow()
    towns.room.until(table.hasFocus)
    lines = table.lines()
    waits = [int(line[1].split()[0]) for line in lines]
    assert waits == sorted(waits, reverse=True)
    by_town = {line[0]: line for line in lines}
    assert by_town["Berrywood"][2::2] == ["CRU3", "CRU2"]
    assert by_town["St Mary's Kettering"][2::2] == ["CRU2", "CRU3"]
    QTest.keySequence(table, "Ctrl+C")
    assert QGuiApplication.clipboard().text().split("\n")[0] == "\t".join(HEADERS)
    QTest.keySequence(table, "Escape")
    assert table.isHidden()
    assert towns.panel.towns.cover._task is None


def test_what_is_quiet_makes_way_for_what_moves(hand: Hand) -> None:
    crowd = [(HERE[0] + 0.001 * step, HERE[1] + 0.001 * step) for step in range(-4, 5)]
    hand.view.set_vans([van_mark(f"v{nth}", *spot) for nth, spot in enumerate(crowd)])
    hand.view.set_referrals([referral("r1", HERE[0] + 0.002, HERE[1] - 0.002, selected=True)])
    marks = [TownMark("Here", *HERE, "12 min"), TownMark("There", HERE[0] + 0.004, HERE[1], "41 min", long=True)]
    hand.view.set_cover([*marks, TownMark("Far", 40.0, 3.0, "9 min")])
    hand.until(lambda look: look["vans"] == 9)
    names = "CRU.parts().marks.coverBoxes"
    hand.qtbot.waitUntil(lambda: bool(hand.ask(names)))
    boxes = dict(hand.ask(names))
    assert set(boxes) <= {"Here", "There"}, "what is out of sight is not written"
    script = "CRU.parts().marks.spots.map(({box}) => box)"
    labels = hand.ask(script.replace("marks.spots", "marks.spots.filter(({part}) => part === 'label')"))
    assert not [pair for pair in combinations([*boxes.values(), *labels], 2) if meet(*pair)]
    assert hand.ask("document.querySelectorAll('.cru-line button[aria-pressed=true]').length") == 1
    # A click on it is one on the ground below: it is nobody that can be chosen.
    kinds = hand.ask("CRU.parts().marks.spots.map(({kind}) => kind)")
    assert set(kinds) == {"van", "referral"}
    hand.view.set_cover(None)
    hand.qtbot.waitUntil(lambda: not hand.ask(names))


def test_the_layer_comes_back_with_a_page_that_died(hand: Hand, open_map: Open) -> None:
    hand.view.set_cover([TownMark("Here", *HERE, "12 min")])
    hand.qtbot.waitUntil(lambda: hand.ask("CRU.parts().marks.cover.length") == 1)
    hand.view._picture.forget()
    batch = hand.view._picture.take()
    assert batch is not None
    assert batch["set"]["cover"] == [["Here", *HERE, "12 min", False]]
