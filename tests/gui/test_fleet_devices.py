"""The trackers in the fleet window: given, moved, renamed, switched, renewed; a token is seen once."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit

from console.views.rota.device_sheets import GiveSheet, MoveSheet, RenameSheet, RenewSheet, TokenSheet
from console.views.rota.fleet import TRACKERS, FleetWindow
from db import commands
from db.domain.tokens import digest_of
from tests.cluster import Record, run
from tests.db.psql import psql_on
from tests.gui.desks import Room, qt_loop, rooms

__all__ = ["qt_loop", "rooms"]
KEY, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


class Devices:
    """A lead's window, on the devices."""

    def __init__(self, room: Room, record: Record) -> None:
        self.room, self.record = room, record
        self.window = FleetWindow(room.desk)
        self.window.show()
        room.until(lambda: self.window.vans.rowCount() == 6)
        QTest.keyClick(self.window, KEY.Key_F4)
        assert self.window.stack.currentIndex() == TRACKERS

    @property
    def sheet(self) -> Any:
        return self.window.side.sheet

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(self.window.devices.table, key)

    def lines(self) -> list[list[str]]:
        return self.window.devices.table.lines()

    def line(self, name: str) -> list[str]:
        return next((line for line in self.lines() if line[1] == name), [])

    def said(self) -> str:
        return " ".join(one.text() for one in self.window.message.findChildren(QLabel))

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        async def read() -> list[tuple[Any, ...]]:
            async with psql_on(self.record, ("a.shah", "l.lead", "w.wall", "g.gateway")) as psql:
                return [tuple(row) for row in await psql.owner.fetch(sql)]

        return run(read())

    def give(self, name: str, digit: Qt.Key) -> str:
        """By keys, to the van under a digit; the token that is shown."""
        self.press(KEY.Key_N)
        assert isinstance(self.sheet, GiveSheet)
        QTest.keyClicks(self.sheet.name, name)
        QTest.keyClick(self.sheet.van, digit)
        QTest.keyClick(self.sheet, KEY.Key_Return)
        self.room.until(lambda: isinstance(self.sheet, TokenSheet))
        return str(self.sheet.token.text())


@pytest.fixture
def devices(rooms: Callable[[str], Room], record: Record) -> Iterator[Devices]:
    made = Devices(rooms("l.lead"), record)
    yield made
    made.window.close()


@pytest.mark.hazard("H-065")
def test_a_device_is_given_moved_renamed_and_switched_by_keys(devices: Devices) -> None:
    assert "N gives a van one" in devices.window.panel.heading.note()
    for key in (KEY.Key_Return, KEY.Key_R, KEY.Key_T, KEY.Key_Delete):
        devices.press(key)
        assert devices.sheet is None
        assert "No device is chosen" in devices.said()
    devices.give("tablet 9", KEY.Key_2)
    QTest.keyClick(devices.sheet, KEY.Key_Escape)
    devices.room.until(lambda: devices.line("tablet 9"))
    line = devices.line("tablet 9")
    assert (line[0], line[2:4], line[5:]) == ("CRU2", ["not for a day", "no position yet"], ["L. Lead", ""])
    devices.press(KEY.Key_Return)
    assert isinstance(devices.sheet, MoveSheet)
    # Its own van is not offered: the second of the rest is CRU3.
    QTest.keyClick(devices.sheet.van, KEY.Key_2)
    QTest.keyClick(devices.sheet, KEY.Key_Return)
    devices.room.until(lambda: devices.line("tablet 9")[0] == "CRU3")
    devices.press(KEY.Key_R)
    assert isinstance(devices.sheet, RenameSheet)
    devices.sheet.name.setText("")
    QTest.keyClick(devices.sheet, KEY.Key_Return)
    assert "has a name" in " ".join(one.text() for one in devices.sheet.message.findChildren(QLabel))
    QTest.keyClicks(devices.sheet.name, "modem")
    QTest.keyClick(devices.sheet, KEY.Key_Return)
    devices.room.until(lambda: devices.line("modem"))
    # Delete asks; a move of the row lets the question go; twice does it.
    devices.press(KEY.Key_Delete)
    assert "Only its panic button is heard" in devices.said()
    devices.press(KEY.Key_Delete)
    devices.room.until(lambda: devices.line("modem")[-1] == "switched off")
    devices.press(KEY.Key_Delete)
    devices.press(KEY.Key_Delete)
    devices.room.until(lambda: devices.line("modem")[-1] == "")
    kinds = [row[0] for row in devices.ask("SELECT kind FROM cru.event WHERE kind LIKE 'device%' ORDER BY id")]
    moved = ["device moved", "device moved"]
    assert kinds == ["device given", *moved, "device renamed", "device switched off", "device switched on"]


def test_a_token_is_shown_once_and_only_its_digest_is_sent(devices: Devices) -> None:
    token = devices.give("phone", KEY.Key_1)
    assert devices.ask("SELECT token_digest FROM cru.device") == [(digest_of(token),)]
    field = devices.sheet.token
    assert field.isReadOnly()
    assert field.selectedText() == token
    # Ctrl+C copies the token and not the table; Enter and the button copy it, too, and leave it there.
    for copies in (lambda: QTest.keyClick(field, KEY.Key_C, CTRL), lambda: QTest.keyClick(field, KEY.Key_Return)):
        QGuiApplication.clipboard().setText("before")
        copies()
        assert QGuiApplication.clipboard().text() == token
    assert any("not shown again" in one.text() for one in devices.sheet.findChildren(QLabel))
    QTest.keyClick(devices.sheet, KEY.Key_Escape)
    devices.room.until(lambda: devices.line("phone"))
    assert devices.sheet is None
    assert not any(one.text() == token for one in devices.window.findChildren(QLineEdit) if one.isVisible())
    QTest.keyClick(devices.window, KEY.Key_C, CTRL)
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("Van\tDevice")
    assert token not in copied
    # A new one ends the old.
    devices.press(KEY.Key_T)
    assert isinstance(devices.sheet, RenewSheet)
    QTest.keyClick(devices.sheet, KEY.Key_Return)
    devices.room.until(lambda: isinstance(devices.sheet, TokenSheet))
    new = devices.sheet.token.text()
    assert new != token
    assert devices.ask("SELECT token_digest FROM cru.device") == [(digest_of(new),)]
    said = devices.ask("SELECT coalesce(string_agg(e::text, ''), '') FROM cru.event e")[0][0]
    assert token not in said
    assert new not in said
    assert digest_of(new) not in said


def test_what_is_refused_is_said_and_shows_no_token(devices: Devices) -> None:
    van = devices.room.desk.store.vans()[4]
    devices.room.do(commands.GiveDevice(device_id="known", van_id=van.id, digest=digest_of("t")))
    QTest.keyClick(devices.window, KEY.Key_F5)
    devices.room.until(lambda: devices.line("known"))
    devices.press(KEY.Key_N)
    sheet = devices.sheet
    QTest.keyClicks(sheet.name, "known")
    QTest.keyClick(sheet, KEY.Key_Return)
    devices.room.until(lambda: sheet.message.isVisibleTo(sheet))
    assert devices.sheet is sheet
    assert sheet.name.text() == "known"
    assert "known is known already, with CRU5" in " ".join(
        one.text() for one in sheet.message.findChildren(QLabel)
    )


def test_a_token_waits_for_the_sheet_that_was_opened_meanwhile(devices: Devices) -> None:
    devices.press(KEY.Key_N)
    QTest.keyClicks(devices.sheet.name, "slow")
    QTest.keyClick(devices.sheet.van, KEY.Key_1)
    QTest.keyClick(devices.sheet, KEY.Key_Return)
    QTest.keyClick(devices.sheet, KEY.Key_Escape)
    devices.press(KEY.Key_N)
    newer = devices.sheet
    QTest.keyClicks(newer.name, "typed")
    devices.room.until(lambda: devices.line("slow"))
    assert devices.sheet is newer
    assert newer.name.text() == "typed"
    QTest.keyClick(newer, KEY.Key_Escape)
    assert isinstance(devices.sheet, TokenSheet)
    assert devices.ask("SELECT token_digest FROM cru.device") == [(digest_of(devices.sheet.token.text()),)]
