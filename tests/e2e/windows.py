"""A whole console window in front of somebody, on a record whose clock the test sets."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from console.live.geography import Geography
from console.look import style
from console.map.marks import MapConfig
from console.running.tasks import cancel_all
from console.views.desk.layout import LayoutMemory
from console.views.desk.page import DeskPage
from console.views.desk.shortcuts import Shortcuts
from console.views.window.window import ConsoleWindow
from tests.cluster import Record, run
from tests.gui.desks import Room, qt_loop, rooms

__all__ = ["Seated", "clock", "qt_loop", "rooms", "seated"]
START = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


class Clock:
    """The record's clock, which stands where it is put and runs on from there."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self.shown = START
        self.set(START)

    def set(self, moment: datetime) -> None:
        run(self._set(moment))
        self.shown = moment

    def advance(self, minutes: float) -> None:
        self.set(self.shown + timedelta(minutes=minutes))

    async def _set(self, moment: datetime) -> None:
        owner = await asyncpg.connect(**self._record.owner_kwargs)
        await owner.execute("UPDATE cru.service SET clock_origin = clock_timestamp(), clock_shown = $1", moment)
        await owner.close()


class Seated:
    """One dispatcher at one window."""

    def __init__(self, room: Room, folder: Path) -> None:
        self.room = room
        self.desk = room.desk
        self.memory = LayoutMemory(folder)
        self.geography = Geography(None, folder / "cache", self.desk.clock)
        self.page = DeskPage(self.desk, self.geography, MapConfig())
        self.window = ConsoleWindow(self.memory)
        self.shortcuts = Shortcuts(self.page, "dark", 100)
        self.window.resize(1920, 1080)
        self.window.show_page(self.page)
        self.window.show()

    def sit(self) -> None:
        """Take this window's keyboard."""
        self.window.activateWindow()
        self.room.until(self.window.isActiveWindow)

    def focused(self) -> QWidget:
        return QApplication.focusWidget() or self.window

    def press(self, *keys: str) -> None:
        for key in keys:
            QTest.keySequence(self.focused(), key)

    def type(self, text: str) -> None:
        QTest.keyClicks(self.focused(), text)

    def tab_to(self, name: str) -> None:
        """Press Tab until the field of that name has the keyboard, as a person would."""
        for _ in range(60):
            if self.focused().objectName() == name:
                return
            self.press("Tab")
        pytest.fail(f"Tab never came to {name}")

    def next_step(self) -> str:
        step = self.page.detail.next.primary()
        return step.label if step is not None and not self.desk.actions.pending else ""

    def open_step(self, label: str) -> None:
        """Wait until this is the usual next step, and press its key."""
        self.room.until(lambda: self.next_step() == label)
        self.press("Return")

    def take_step(self, label: str) -> None:
        """The same for a step that goes out at once; wait until the record has carried it out."""
        self.open_step(label)
        self.room.until(lambda: self.next_step() not in {"", label})

    def leave(self) -> None:
        """Close, and wait until the web engine's page is gone too."""
        gone: list[object] = []
        self.window.destroyed.connect(lambda *_: gone.append(True))
        self.page.shutdown()
        self.room.run(cancel_all())  # as the program does: no task outlives its panel
        self.window.leave()
        self.window.deleteLater()
        # Outside of Qt's own loop nobody else carries out what was put off.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.room.until(lambda: gone)


@pytest.fixture
def clock(record: Record) -> Clock:
    """Set before anybody signs in."""
    return Clock(record)


@pytest.fixture
def seated(
    clock: Clock, rooms: Callable[[str], Room], tmp_path: Path, qapp: QApplication
) -> Iterator[Callable[[str], Seated]]:
    """Opens a window for a login."""
    style.apply(qapp, "dark", 100)
    with ExitStack() as ends:

        def open_window(login: str) -> Seated:
            one = Seated(rooms(login), tmp_path / login)
            ends.callback(one.leave)
            return one

        yield open_window
