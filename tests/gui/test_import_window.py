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


def test_what_is_doubtful_is_asked_and_settled_by_a_digit(rooms: Callable[[str], Room], tmp_path: Path) -> None:
    room, file = rooms("l.lead"), tmp_path / "rota.csv"
    window = RotaWindow(room.desk)
    window.show()
    room.until(lambda: window.week)
    names = sorted(one.name for one in room.desk.store.reference.staff.values())
    first, _, last = names[0].partition(" ")
    alike = [one for one in names if one.split()[-1] == last]
    day = f"{local(room.desk.clock.now()) + timedelta(days=1):%d/%m/%Y}"
    file.write_text(
        f"van,date,start,end,crew\n1,{day},07:00,19:00,{last} {first[0]}\nCRU2,{day},07:00,19:00,{last}\n"
        f"CRU9,{day},07:00,19:00,{names[1]}\n",
        "utf-8",
    )
    window.importing.read(file)
    sheet = opened(room, window)
    assert "? Row 2, van: There is no van 1." in lines(sheet)[0]
    assert "1 CRU1" in lines(sheet)[0]
    assert f"1 {names[0]}" in lines(sheet)[1]
    assert [f"{n} {one}" in lines(sheet)[2] for n, one in enumerate(alike, 1)] == [True] * len(alike)
    # Nothing is taken for what may be meant.
    QTest.keyClick(sheet, KEY.Key_Return)
    assert "refused" in words(sheet.message)

    def settle(row: int, key: Qt.Key) -> None:
        old = window.side.sheet
        old.rows.setCurrentRow(row)
        QTest.keyClick(old.rows, key)
        room.until(lambda: window.side.sheet is not old)

    QTest.keyClick(sheet.rows, KEY.Key_9)
    assert window.side.sheet is sheet, "no such answer"
    settle(0, KEY.Key_1)
    settle(0, KEY.Key_1)
    settle(0, KEY.Key_2)
    # No van is like that one: the row is left out, and may be taken after all.
    assert lines(window.side.sheet)[0].startswith("× Row 4")
    settle(0, KEY.Key_Delete)
    settle(0, KEY.Key_Delete)
    assert lines(window.side.sheet)[0].startswith("× Row 4")
    settle(0, KEY.Key_Delete)
    sheet = window.side.sheet
    assert "Row 4 is left out" in lines(sheet)[0]
    QTest.keyClick(sheet, KEY.Key_Return)
    room.until(lambda: len(room.desk.store.reference.plans) == 2)
    crews = {one.van_id: {ride.staff_id for ride in one.crew} for one in room.desk.store.reference.plans}
    staff = {one.id: one.name for one in room.desk.store.reference.staff.values()}
    called = {
        van.callsign: {staff[key] for key in crews[van.id]} for van in room.desk.store.vans() if van.id in crews
    }
    assert called == {"CRU1": {names[0]}, "CRU2": {alike[1]}}
    window.close()


def test_a_newcomer_beside_a_known_name_is_asked_about(rooms: Callable[[str], Room], tmp_path: Path) -> None:
    room, file = rooms("l.lead"), tmp_path / "staff.csv"
    window = FleetWindow(room.desk)
    window.show()
    room.until(lambda: window.vans.rowCount() == 6)
    known = sorted(room.desk.store.reference.staff.values(), key=lambda one: one.name)
    same, nearly = known[0], f"{known[1].name}e"
    file.write_text(f"name,profession\n{same.name},Driver\n{nearly},Nurse\nZo New,Nurse\n", "utf-8")
    window.importing.read(file)
    sheet = opened(room, window)
    assert [line[:7] for line in lines(sheet)] == ["? Row 2", "? Row 3", "+ Row 4"]
    assert f"nearly {known[1].name}" in lines(sheet)[1]
    for key in (KEY.Key_1, KEY.Key_2):
        old = window.side.sheet
        QTest.keyClick(old.rows, key)
        room.until(lambda old=old: window.side.sheet is not old)
    assert [line[:12] for line in lines(window.side.sheet)] == ["+ Row 2, new", "~ Row 3, cha", "+ Row 4, new"]
    QTest.keyClick(window.side.sheet, KEY.Key_Return)
    room.until(lambda: any(one.name == nearly for one in room.desk.store.reference.staff.values()))
    names = [one.name for one in room.desk.store.reference.staff.values()]
    assert names.count(same.name) == 2
    assert known[1].name not in names
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
