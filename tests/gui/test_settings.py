"""The settings of a shift lead in their window: seen with who and when, set by keys, refused in words."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from console.live.store import LinkState
from console.views.rota.settings import SettingSheet, SettingsWindow
from tests.gui.desks import Room, qt_loop, rooms
from tests.gui.test_pending import set_link

__all__ = ["qt_loop", "rooms"]
KEY = Qt.Key


class Page:
    """A lead's window."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.window = SettingsWindow(room.desk)
        self.window.show()
        room.until(self.window.table.rowCount)

    def line(self, name: str) -> list[str]:
        return self.window.table.lines()[self.row(name)]

    def row(self, name: str) -> int:
        return next(at for at, one in enumerate(self.window.settings) if one.name == name)

    def open(self, name: str) -> Any:
        self.window.table.setCurrentCell(self.row(name), 0)
        QTest.keyClick(self.window.table, KEY.Key_Return)
        sheet = self.window.side.sheet
        assert isinstance(sheet, SettingSheet)
        return sheet


@pytest.fixture
def page(rooms: Callable[[str], Room]) -> Iterator[Page]:
    made = Page(rooms("l.lead"))
    yield made
    made.window.close()


def said(sheet: Any) -> str:
    return " ".join(one.text() for one in sheet.message.findChildren(QLabel))


def test_a_number_is_set_by_keys_and_the_desk_goes_by_it(page: Page) -> None:
    assert page.line("no_van")[1:4] == ["5", "minutes", "1 and 120"]
    sheet = page.open("no_van")
    for typed, says in (("", "A value is needed"), ("soon", "is no number"), ("5", "already")):
        sheet.value.setText(typed)
        QTest.keyClick(sheet, KEY.Key_Return)
        assert says in said(sheet)
    sheet.value.setText("500")
    QTest.keyClick(sheet, KEY.Key_Return)
    page.room.until(lambda: "between 1 and 120 minutes" in said(sheet))
    assert sheet.value.text() == "500"
    sheet.value.setText("8,5")
    QTest.keyClick(sheet, KEY.Key_Return)
    page.room.until(lambda: page.line("no_van")[1] == "8.5")
    assert page.line("no_van")[4] == page.room.desk.me.display_name
    page.room.until(lambda: page.room.desk.store.reference.rules.no_van == timedelta(minutes=8.5))
    assert page.window.side.sheet is None


def test_yes_or_no_is_chosen(page: Page) -> None:
    sheet = page.open("registered_binds")
    assert page.line("registered_binds")[1] == "no"
    QTest.keyClick(sheet.choice, KEY.Key_1)
    QTest.keyClick(sheet, KEY.Key_Return)
    page.room.until(lambda: page.line("registered_binds")[1] == "yes")
    page.room.until(lambda: page.room.desk.store.reference.rules.registered_binds)


def turn(page: Page, title: str) -> Any:
    """Another list by keys: down to it, and into it."""
    window = page.window
    window.which.setFocus()
    titles = [line[0] for line in window.which.lines()]
    for _ in range(titles.index(title) - window.which.currentRow()):
        QTest.keyClick(window.which, KEY.Key_Down)
    page.room.until(window.rows().rowCount)
    QTest.keyClick(window.which, KEY.Key_Return)
    return window.lists


def at(page: Page, lists: Any, words: str) -> list[str]:
    """The row that says so, chosen."""
    lines = lists.table.lines()
    row = next(number for number, line in enumerate(lines) if words in line)
    lists.table.setCurrentCell(row, 0)
    return list(lines[row])


def test_the_clock_of_a_priority_is_set_by_keys_and_the_board_goes_by_it(page: Page) -> None:
    lists = turn(page, "Priorities and their clocks")
    assert at(page, lists, "P2")[2:4] == ["240", ""]
    QTest.keyClick(lists.table, KEY.Key_Return)
    sheet = page.window.side.sheet
    within = sheet.asked["within_minutes"].widget
    for typed, says in (("soon", "is no whole number"), ("", "nothing is there"), ("240", "Nothing is different")):
        within.setText(typed)
        QTest.keyClick(sheet, KEY.Key_Return)
        assert says in said(sheet)
    within.setText("2")
    QTest.keyClick(sheet, KEY.Key_Return)
    page.room.until(lambda: "between 5 minutes and 14 days" in said(sheet))
    within.setText("180")
    sheet.asked["aim_minutes"].widget.setText("120")
    QTest.keyClick(sheet, KEY.Key_Return)
    page.room.until(lambda: page.room.desk.store.reference.priorities["P2"].within_minutes == 180)
    page.room.until(lambda: at(page, lists, "P2")[2:4] == ["180", "120"])
    assert page.room.desk.me.display_name in at(page, lists, "P2")


def test_a_reason_is_added_and_retired_by_keys(page: Page) -> None:
    lists = turn(page, "Reasons")
    QTest.keyClick(lists.table, KEY.Key_N)
    sheet = page.window.side.sheet
    sheet.asked["kind"].widget.set_value("stand_down")
    sheet.asked["label"].widget.setText("Road is flooded")
    QTest.keyClick(sheet, KEY.Key_Return)
    store = page.room.desk.store

    def offered() -> list[str]:
        return [one.label for one in store.reference.reasons["stand_down"]]

    page.room.until(lambda: "Road is flooded" in offered())
    page.room.until(lambda: any("Road is flooded" in line for line in lists.table.lines()))
    assert "Stood down" in at(page, lists, "Road is flooded")
    for _ in range(2):
        QTest.keyClick(lists.table, KEY.Key_Delete)
    page.room.until(lambda: "Road is flooded" not in offered())
    page.room.until(lambda: "out of use" in at(page, lists, "Road is flooded"))
    assert store.reference.reason_label("stand_down", "road_is_flooded") == "Road is flooded"


@pytest.mark.hazard("H-026")
def test_an_answer_that_comes_late_leaves_the_sheet_that_is_open_by_then(page: Page) -> None:
    window, room = page.window, page.room
    window.table.setCurrentCell(4, 0)
    window.edit()
    set_link(room, LinkState.LOST)
    window.side.sheet.value.setText("16")
    window.side.sheet.submit()
    window.leave_sheet()
    window.table.setCurrentCell(2, 0)
    window.edit()
    other = window.side.sheet
    other.value.setText("61")
    set_link(room, LinkState.LIVE)
    room.until(lambda: not room.desk.actions.pending)
    room.until(lambda: window.settings[4].value == 16)
    assert window.side.sheet is other
    assert other.isVisible()
    assert other.value.text() == "61"
