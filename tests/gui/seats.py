"""A detail pane and somebody at its keys: ``from tests.gui.seats import qt_loop, rooms, seats``."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from console.live.etas import Etas
from console.live.geography import Geography
from console.live.reality import READ_AFTER
from console.look.style import apply
from console.running.tasks import cancel_all
from console.views.detail import DetailPane
from db import commands, queries
from db.domain.records import Event
from db.engine import transaction
from tests.gui.desks import Room, qt_loop, rooms

__all__ = ["PAST_WHO", "Seat", "qt_loop", "rooms", "seats"]
PAST_WHO = ("Tab",) * 6
"""From the outcome past who is with the person next, their name, the three who are told, and when."""


class Seat:
    """A pane in front of somebody."""

    def __init__(self, room: Room, cache: Path) -> None:
        self.room = room
        desk = room.desk
        self.geography = Geography(None, cache, desk.clock)
        self.etas = Etas(desk.store, self.geography, desk.clock)
        self.pane = DetailPane(desk, self.geography, self.etas)
        self.pane.resize(460, 900)
        self.pane.show()

    def show(self, referral_id: Any) -> None:
        self.pane.show_referral(referral_id)
        self.pane.focus_pane()

    def press(self, *keys: str) -> None:
        """Press keys, one after another, wherever the keyboard is in the pane.

        A sheet that waits for its answer is waited for: the mirror may have heard before whoever asked.
        """
        self.pane.activateWindow()
        self.room.until(lambda: self.pane.isActiveWindow() and not self._is_sending())
        for key in keys:
            QTest.keySequence(self.target(), key)

    def insist(self, key: str = "Return") -> None:
        """Press a key, and once more if something known speaks against it: minutes of a job are seconds here."""
        self.press(key)
        if self.pane.doubt.isVisibleTo(self.pane):
            asked = time.monotonic()
            self.room.until(lambda: time.monotonic() - asked > READ_AFTER)
            self.press(key)

    def _is_sending(self) -> bool:
        sheet = self.pane.sheets.current
        return sheet is not None and sheet.message.text() == "Sending…"

    def type(self, text: str) -> None:
        QTest.keyClicks(self.target(), text)

    def target(self) -> QWidget:
        focus = self.pane.focusWidget() or self.pane
        sheet = self.pane.sheets.current
        return focus if sheet is None or sheet.isAncestorOf(focus) else sheet

    def screen(self, referral_id: Any, **changed: str) -> None:
        """Put every question of the gate; all answers are *no* but those given."""
        tool = self.room.desk.store.reference.current_tool
        answers = {item.key: "no" for item in tool.items if not item.branch} | changed
        screening = commands.CompleteScreening(referral_id=referral_id, tool_version=tool.version, answers=answers)
        self.room.do(screening)

    def text(self) -> str:
        """Everything that the pane shows now."""
        labels = [label for label in self.pane.findChildren(QLabel) if label.isVisibleTo(self.pane)]
        return "\n".join(label.text() for label in labels)

    def primary(self) -> str:
        step = self.pane.next.primary()
        return step.label if step is not None else ""

    def until_primary(self, label: str) -> None:
        self.room.until(lambda: self.primary() == label and not self.room.desk.actions.pending)

    def events(self, referral_id: Any) -> list[Event]:
        async def read() -> list[Event]:
            async with transaction(self.room.engine) as connection:
                return await queries.events_of(connection, referral_id)

        return self.room.run(read())


@pytest.fixture
def seats(rooms: Callable[[str], Room], tmp_path: Path, qapp: QApplication) -> Iterator[Callable[[str], Seat]]:
    apply(qapp, "dark", 100)
    made: list[Seat] = []

    def sit(login: str = "a.shah") -> Seat:
        made.append(Seat(rooms(login), tmp_path))
        return made[-1]

    yield sit
    for seat in made:
        seat.pane.taking_back.last.end()
        seat.pane.close()
        seat.pane.deleteLater()
    for seat in made[:1]:
        # A read on its way holds a connection, which must go back before the session closes.
        seat.room.run(cancel_all())
