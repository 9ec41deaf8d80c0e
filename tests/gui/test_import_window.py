"""A rota and a list of staff from a file: seen row by row in the window, then taken whole by Enter."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel

from console.views.rota.fleet import STAFF, FleetWindow
from console.views.rota.importing import ImportSheet
from console.views.rota.window import RotaWindow
from db.domain.clocks import local
from tests.gui.desks import Room, qt_loop, rooms

__all__ = ["qt_loop", "rooms"]
KEY, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


def words(widget: Any) -> str:
    return " ".join(one.text() for one in widget.findChildren(QLabel))


def lines(sheet: Any) -> list[str]:
    return [sheet.rows.item(at).text() for at in range(sheet.rows.count())]


def opened(room: Room, window: Any) -> ImportSheet:
    room.until(lambda: isinstance(window.side.sheet, ImportSheet))
    sheet = window.side.sheet
    assert isinstance(sheet, ImportSheet)
    return sheet


def test_a_rota_is_seen_put_right_and_taken(rooms: Callable[[str], Room], tmp_path: Path) -> None:
    room, file = rooms("l.lead"), tmp_path / "rota.csv"
    window = RotaWindow(room.desk)
    window.show()
    room.until(lambda: window.week)
    names = sorted(one.name for one in room.desk.store.reference.staff.values())
    day = f"{local(room.desk.clock.now()) + timedelta(days=1):%d/%m/%Y}"
    rows = f"van;date;start;end;crew\nCRU1;{day};07:00;19:00;{names[0]}\nCRU2;{day};07:00;19:00;"
    file.write_text(rows + names[0], "utf-8")
    # By its key a dialog that stands in no live board's way.
    QTest.keyClick(window, KEY.Key_I, CTRL)
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    assert dialog.windowModality() != Qt.WindowModality.ApplicationModal
    dialog.fileSelected.emit(str(file))
    dialog.reject()
    sheet = opened(room, window)
    assert lines(sheet)[0].startswith(f"× Row 3: {names[0]} is on CRU1")
    assert "Row 2, new: CRU1" in lines(sheet)[1]
    QTest.keyClick(sheet, KEY.Key_Return)
    assert "1 row is refused" in words(sheet.message)
    assert window.side.sheet is sheet
    file.write_text(rows + names[1], "utf-8")
    window.importing.read(file)
    room.until(lambda: window.side.sheet is not sheet)
    sheet = opened(room, window)
    assert "2 of 2 rows change something" in words(sheet)
    QTest.keyClick(sheet, KEY.Key_Return)
    room.until(lambda: window.side.sheet is None)
    room.until(lambda: len(room.desk.store.reference.plans) == 2)
    window.importing.read(tmp_path / "not there.csv")
    room.until(lambda: "cannot be read" in words(window.message))
    window.close()


def test_a_list_of_staff_is_taken(rooms: Callable[[str], Room], tmp_path: Path) -> None:
    room, file = rooms("l.lead"), tmp_path / "staff.csv"
    window = FleetWindow(room.desk)
    window.show()
    room.until(lambda: window.vans.rowCount() == 6)
    QTest.keyClick(window, KEY.Key_I, CTRL)
    assert window.stack.currentIndex() == STAFF
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    dialog.reject()
    file.write_bytes(b"\xef\xbb\xbfName;Job title;Languages\nZo\xc3\xab New;Nurse;Polish\n")
    window.importing.read(file)
    QTest.keyClick(opened(room, window), KEY.Key_Return)
    room.until(lambda: any(one.name == "Zoë New" for one in room.desk.store.reference.staff.values()))
    room.until(lambda: window.side.sheet is None)
    window.close()
