"""The fleet of a shift lead: vans and staff are added, changed, retired and taken back in the window."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from console.live import reality
from console.look import style
from console.views.rota.fleet import FleetWindow
from console.views.rota.fleet_sheets import StaffSheet, VanFormSheet, listed
from tests.cluster import Record, run
from tests.db.psql import psql_on
from tests.gui.desks import Room, qt_loop, rooms

__all__ = ["qt_loop", "rooms"]
KEY = Qt.Key


class Fleet:
    """A lead's window."""

    def __init__(self, room: Room, record: Record) -> None:
        self.room, self.record = room, record
        self.window = FleetWindow(room.desk)
        self.window.show()
        room.until(lambda: self.window.vans.rowCount() == 6)

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(self.window.table(), key)

    def line(self, name: str) -> list[str]:
        table = self.window.table()
        row = next(at for at in range(table.rowCount()) if table.item(at, 0).text() == name)
        return [table.item(row, column).text() for column in range(table.columnCount())]

    def has(self, name: str) -> bool:
        table = self.window.table()
        return any(table.item(at, 0).text() == name for at in range(table.rowCount()))

    def choose(self, name: str) -> None:
        table = self.window.table()
        row = next(at for at in range(table.rowCount()) if table.item(at, 0).text() == name)
        table.setCurrentCell(row, 0)

    def save(self, sheet: Any) -> None:
        QTest.keyClick(sheet, KEY.Key_Return)

    def said(self) -> str:
        return " ".join(one.text() for one in self.window.message.findChildren(QLabel))

    def kinds(self) -> list[str]:
        async def read() -> list[str]:
            async with psql_on(self.record, ("a.shah", "l.lead", "w.wall", "g.gateway")) as psql:
                sql = "SELECT kind FROM cru.event WHERE recorded_by = 'l.lead' ORDER BY id"
                return [row["kind"] for row in await psql.owner.fetch(sql)]

        return run(read())


@pytest.fixture
def fleet(rooms: Callable[[str], Room], record: Record, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fleet]:
    monkeypatch.setattr(reality, "READ_AFTER", 0.0)
    made = Fleet(rooms("l.lead"), record)
    yield made
    made.window.close()


def test_a_van_is_added_renamed_retired_and_comes_back(fleet: Fleet) -> None:
    fleet.press(KEY.Key_N)
    sheet = fleet.window.side.sheet
    assert isinstance(sheet, VanFormSheet)
    fleet.save(sheet)
    assert "needs a callsign" in " ".join(one.text() for one in sheet.message.findChildren(QLabel))
    sheet.callsign.setText("CRU7")
    sheet.equipment.setText("wheelchair ramp, hoist,")
    fleet.save(sheet)
    fleet.room.until(lambda: fleet.has("CRU7"))
    assert fleet.line("CRU7")[3:] == ["unmarked", "5", "wheelchair ramp, hoist", "off duty"]
    fleet.choose("CRU7")
    fleet.press(KEY.Key_Return)
    sheet = fleet.window.side.sheet
    assert isinstance(sheet, VanFormSheet)
    sheet.callsign.setText("CRU70")
    fleet.save(sheet)
    fleet.room.until(lambda: fleet.has("CRU70"))
    fleet.choose("CRU70")
    fleet.press(KEY.Key_Delete)
    assert "CRU70 leaves the service?" in fleet.said()
    # To move on lets the question go.
    fleet.press(KEY.Key_Up)
    fleet.press(KEY.Key_Down)
    fleet.press(KEY.Key_Delete)
    assert fleet.line("CRU70")[-1] == "off duty"
    fleet.press(KEY.Key_Delete)
    fleet.room.until(lambda: fleet.line("CRU70")[-1] == "retired")
    fleet.room.until(lambda: len(fleet.room.desk.store.vans()) == 6)
    fleet.choose("CRU70")
    fleet.press(KEY.Key_Delete)
    fleet.press(KEY.Key_Delete)
    fleet.room.until(lambda: fleet.line("CRU70")[-1] == "off duty")
    assert fleet.kinds() == ["van added", "details changed", "details changed", "details changed"]


@pytest.mark.hazard("H-025")
def test_two_leads_with_one_van_open_lose_neither_change(fleet: Fleet, rooms: Callable[[str], Room]) -> None:
    fleet.choose("CRU4")
    fleet.press(KEY.Key_Return)
    sheet = fleet.window.side.sheet
    assert isinstance(sheet, VanFormSheet)
    other = Fleet(rooms("l.lead"), fleet.record)
    other.choose("CRU4")
    other.press(KEY.Key_Return)
    theirs = other.window.side.sheet
    assert isinstance(theirs, VanFormSheet)
    theirs.seats.setValue(2)
    other.save(theirs)
    other.room.until(lambda: other.line("CRU4")[4] == "2")
    other.window.close()
    fleet.room.until(lambda: fleet.line("CRU4")[4] == "2")
    sheet.equipment.setText("blanket")
    fleet.save(sheet)
    refused = sheet.message
    fleet.room.until(lambda: "CRU4 was changed meanwhile: seats 2." in refused.text())
    assert sheet.equipment.text() == "blanket", "what was typed stays"
    # Put away and opened again it stands as it is now, but for what was typed.
    QTest.keyClick(sheet, KEY.Key_Escape)
    fleet.press(KEY.Key_Return)
    sheet = fleet.window.side.sheet
    assert isinstance(sheet, VanFormSheet)
    assert (sheet.seats.value(), sheet.equipment.text()) == (2, "blanket")
    fleet.save(sheet)
    fleet.room.until(lambda: fleet.line("CRU4")[4:6] == ["2", "blanket"])


def test_a_van_with_a_job_stays(fleet: Fleet) -> None:
    room = fleet.room
    van = room.on_duty(0)
    referral = room.take()
    room.accept(referral)
    room.send(referral, van)
    fleet.choose("CRU1")
    fleet.press(KEY.Key_Delete)
    fleet.press(KEY.Key_Delete)
    room.until(lambda: "CRU1 is on a job, CRU-" in fleet.said())
    room.until(lambda: fleet.line("CRU1")[-1] == "allocated")


def test_somebody_is_added_beside_their_namesake_changed_and_leaves(fleet: Fleet) -> None:
    QTest.keyClick(fleet.window, KEY.Key_F3)
    assert fleet.line("Ewa Template")[2:5] == ["yes", "female", "English, Polish"]
    fleet.press(KEY.Key_N)
    sheet = fleet.window.side.sheet
    assert isinstance(sheet, StaffSheet)
    sheet.name.setText("Ewa Template")
    sheet.profession.setText("Social worker")
    sheet.languages.setText("Polish")
    fleet.save(sheet)
    fleet.room.until(lambda: "known already" in " ".join(one.text() for one in sheet.message.findChildren(QLabel)))
    fleet.save(sheet)
    fleet.room.until(lambda: fleet.window.side.sheet is None)
    fleet.room.until(lambda: fleet.window.staff.rowCount() == 13)
    names = [fleet.window.staff.item(row, 0).text() for row in range(13)]
    assert names.count("Ewa Template") == 2
    QTest.keyClick(fleet.window, KEY.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().startswith("Name\tProfession")
    fleet.choose("Ben Sample")
    fleet.press(KEY.Key_Return)
    sheet = fleet.window.side.sheet
    assert isinstance(sheet, StaffSheet)
    sheet.registered.setChecked(True)
    sheet.name.setText("Ben Other")
    fleet.save(sheet)
    fleet.room.until(lambda: fleet.has("Ben Other"))
    assert fleet.line("Ben Other")[2] == "yes"
    fleet.choose("Ben Other")
    fleet.press(KEY.Key_Delete)
    fleet.press(KEY.Key_Delete)
    fleet.room.until(lambda: fleet.line("Ben Other")[-1] == "left")
    assert fleet.window.staff.item(fleet.window.staff.rowCount() - 1, 0).text() == "Ben Other"
    assert fleet.kinds() == ["staff added", "staff changed", "staff left"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [("Polish", ("Polish",)), ("Polish, BSL", ("Polish", "BSL")), (" ;, ", ()), ("Farsi; Farsi", ("Farsi",))],
)
def test_a_name_is_one_and_not_its_letters(typed: str, found: tuple[str, ...]) -> None:
    assert listed(typed) == found


@pytest.mark.parametrize(("width", "percent"), [(700, 100), (1366, 150), (1920, 100)])
def test_no_row_loses_what_it_is_called(fleet: Fleet, qapp: QApplication, width: int, percent: int) -> None:
    """With a sheet beside it, in large text: the rest can be scrolled to, the name is whole."""
    style.apply(qapp, "dark", percent)
    window = fleet.window
    try:
        for page, sheet in ((0, window.edit), (1, window.edit), (2, window.devices.give)):
            window.turn(page)
            window.resize(width, 700)
            sheet()
            for _ in range(3):
                QApplication.processEvents()
            table = window.table()
            wide = table.columnWidth(table._wide)
            metrics = table.fontMetrics()
            for row in range(table.rowCount()):
                words = metrics.horizontalAdvance(table.item(row, table._wide).text())
                assert wide >= min(words, style.px(240)), (page, table.item(row, table._wide).text())
            assert sum(table.columnWidth(at) for at in range(table.columnCount())) >= table.viewport().width() - 1
    finally:
        style.apply(qapp, "dark", 100)
