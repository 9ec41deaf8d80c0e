"""The settings of a shift lead in their window: seen with who and when, set by keys, refused in words."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from console.views.rota.settings import SettingSheet, SettingsWindow
from tests.gui.desks import Room, qt_loop, rooms

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
    assert page.line("no_van")[4] == "l.lead"
    page.room.until(lambda: page.room.desk.store.reference.rules.no_van == timedelta(minutes=8.5))
    assert page.window.side.sheet is None


def test_yes_or_no_is_chosen(page: Page) -> None:
    sheet = page.open("registered_binds")
    assert page.line("registered_binds")[1] == "no"
    QTest.keyClick(sheet.choice, KEY.Key_1)
    QTest.keyClick(sheet, KEY.Key_Return)
    page.room.until(lambda: page.line("registered_binds")[1] == "yes")
    page.room.until(lambda: page.room.desk.store.reference.rules.registered_binds)
