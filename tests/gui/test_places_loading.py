"""While the places are loading it says that they are; then what was typed is looked for, and the truth is said."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from console.live.geography import Geography
from console.views.form.sheet import FormSheet
from console.views.map.search import PlaceSearch
from tests.county import County
from tests.gui.desks import Room, qt_loop, room, rooms, stage
from tests.gui.form_hands import SHIFT, Spot, focused, press, type_keys

__all__ = ["qt_loop", "room", "rooms", "stage"]

IMPORTED_WHERE = """
import sys, threading
from pathlib import Path
from PySide6.QtCore import QCoreApplication
application = QCoreApplication([])
import qasync
from console.live.geography import Geography
from db.clock import RecordClock

where = {}

class Noted:
    def find_spec(name, path=None, target=None):
        where.setdefault(name.partition(".")[0], set()).add(threading.get_ident())

async def main():
    geography = Geography(Path(sys.argv[1]), Path(sys.argv[2]), RecordClock())
    sys.meta_path.insert(0, Noted)
    geography.start()
    while not geography.places_ready or type(geography._times).__name__ != "RoadGraph":
        await qasync.asyncio.sleep(0.01)

loop = qasync.QEventLoop(application)
with loop:
    loop.run_until_complete(main())
print({name: len(where.get(name, ())) for name in ("scipy", "numpy", "rapidfuzz")})
"""


class Villages:
    """What a county's places are, once they are read."""

    town_names = ()
    around_postcode = None

    def find(self, text: str, _near: object = None) -> list[Spot]:
        return [Spot("Kislingbury", "Northampton")] if text.casefold() in "kislingbury" else []

    def prepare(self) -> None:
        """Nothing waits for its turn."""


@pytest.fixture
def geography(room: Room, tmp_path: Path) -> Geography:
    return Geography(None, tmp_path, room.desk.clock)


def test_places_and_roads_get_their_libraries_in_one_thread(county: County, tmp_path: Path) -> None:
    """Two that come to a library from two ends hold each other up, and one of them fails."""
    command = [sys.executable, "-c", IMPORTED_WHERE, str(county.pack.folder), str(tmp_path)]
    found = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    assert found.stdout.strip() == "{'scipy': 1, 'numpy': 1, 'rapidfuzz': 1}"


def test_the_form_says_so_and_asks_again(room: Room, geography: Geography, stage: QWidget) -> None:
    sheet = FormSheet(room.desk, geography, stage)
    sheet.place(stage.rect())
    sheet.new()
    box = sheet.form.page.place
    room.until(lambda: focused() is box.line)
    type_keys("kisling")
    room.until(lambda: box._asked == "kisling")
    press(Qt.Key.Key_Tab)
    room.until(box.note)
    assert box.note() == "Places are still loading: kept as text until then."
    press(Qt.Key.Key_Backtab, SHIFT)
    room.until(lambda: focused() is box.line)
    assert not box.has_suggestions
    geography._take_finder(Villages())  # type: ignore[arg-type] # finds as the places do
    room.until(lambda: box.has_suggestions)
    assert "loading" not in box.note()
    box.list.setCurrentRow(0)
    geography.loaded.emit()  # the roads came too: what is being chosen stays
    QApplication.processEvents()
    assert box.list.currentRow() == 0
    box.line.setText("kislingx")
    box.line.textEdited.emit("kislingx")
    room.until(lambda: not box.has_suggestions)
    press(Qt.Key.Key_Tab)
    room.until(box.note)
    assert box.note().startswith("Not on map: kept as text.")


def test_the_search_on_the_map_says_so_and_asks_again(room: Room, geography: Geography, stage: QWidget) -> None:
    search = PlaceSearch(geography, stage)
    search.place(0, 0, 400)
    search.open()
    QTest.keyClicks(search.line, "Kisling")
    room.until(lambda: search.told.text())
    assert search.told.text() == "Places are still loading."
    assert search.told.isVisible()
    geography._take_finder(Villages())  # type: ignore[arg-type] # finds as the places do
    room.until(lambda: search.list.count() == 1)
    assert search.told.isHidden()
    QTest.keyClicks(search.line, "ham")
    room.until(lambda: search.told.text())
    assert search.told.text() == "Nothing is found by these words."
    search.line.clear()
    search.line.textEdited.emit("")
    room.until(lambda: search.told.isHidden())
