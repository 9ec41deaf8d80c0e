"""A desk at which nothing happens by itself: rows written by hand, a clock that stands, and no record behind it.

What is read is answered at once; what is sent is taken down, and said to be carried out or refused.
"""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from enum import Enum
from inspect import signature
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from console.live.actions import Actions
from console.live.desk import Desk
from console.live.etas import Etas
from console.live.store import Link, LinkState, Store
from console.running import tasks
from db.clock import ClockReading, RecordClock
from db.commands import Command
from db.domain.roles import Role
from db.errors import Conflict
from db.queries import Me
from tests.gui.desks import Runs
from tests.gui.said.answers import Answers
from tests.gui.said.places import StillGeography
from tests.gui.said.reference import id_of, reference
from tests.gui.said.rows import NAMES, VANS, rows
from tests.gui.said.timers import Timers
from tests.unit.board_records import NOW, ago

_MOST_ROUNDS: Final = 12
_KEPT: Final = ("Supervisor.", "Actions._watch", "CallEnds._bring")
"""What runs on for as long as somebody is signed in, or the record has not answered: it is not waited for."""
_PATIENCE_S: Final = 60.0
_PAUSE_S: Final = 5.0
"""Seconds from one press to the next: long enough to have read what came with the first."""
DOUBT: Final = "Somebody else changed it meanwhile."


class StillStore(Store):
    """A mirror that has just been told that all is well."""

    @property
    def silence(self) -> float:
        """None at all."""
        return 0.0


class Still:
    """The desk, what went out of it, and hands on it."""

    def __init__(
        self, runs: Runs, folder: Path, timers: Timers, heard: list[str], role: Role = Role.SHIFT_LEAD
    ) -> None:
        self._timers, self.heard = timers, heard
        self.run, self.sent, self.refuses = runs, list[str](), False
        clock = RecordClock()
        clock.set(ClockReading(NOW, 0.0))
        store = StillStore(reference(), Link(LinkState.LIVE, ago(500), 0.02))
        store.put(rows())
        me = Me("l.lead" if role is Role.SHIFT_LEAD else "a.shah", "L. Lead", role, "Northamptonshire", False)
        actions = Actions(None, store, clock, execute=self._take_down)  # type: ignore[arg-type] # nothing goes to a record
        self.answers = Answers()
        self.desk = Desk(store, actions, clock, me, self.answers, console=id_of("console here"))
        self.geography = StillGeography(None, folder / "cache", clock)
        self.etas = Etas(store, self.geography, clock)
        self.etas._etas = {id_of("job on_way CRU1"): ago(-7), id_of("job sent CRU2"): ago(-16)}
        known = (*NAMES, *VANS, *(f"job on_way {van}" for van in VANS), *reference().staff.values())
        self._names = {
            id_of(one if isinstance(one, str) else one.name): one if isinstance(one, str) else one.name
            for one in known
        }
        self.window = QWidget()
        self.window.resize(1400, 900)
        self._tops: list[QWidget] = [self.window]
        self._ends = ExitStack()

    async def _take_down(self, _engine: object, command: Command) -> None:
        self.sent.append(self.told(command))
        if self.refuses:
            raise Conflict(DOUBT, "Look at it again.")

    def become(self, role: Role) -> None:
        """Somebody else sits down; before any view is made."""
        login, name = {Role.DISPATCHER: ("a.shah", "A. Shah")}.get(role, ("w.wall", "The wall"))
        self.desk = replace(self.desk, me=replace(self.desk.me, login=login, display_name=name, role=role))

    def _views(self, name: str) -> list[Any]:
        found = [one for top in self._tops for one in (top, *top.findChildren(QWidget)) if shiboken6.isValid(one)]
        return [getattr(one, name) for one in found if hasattr(type(one), name) and _is_ours(one)]

    def tick(self) -> None:
        """Every view is told that time passes."""
        for one in self._views("tick"):
            # Of some parts it means to tick one of several.
            if not signature(one).parameters:
                one()

    def hide(self, *, private: bool) -> None:
        """Names and addresses are hidden or shown."""
        for one in self._views("set_private"):
            one(private)

    # --- hands ---

    def show(self, panel: QWidget, width: int = 460, height: int = 900) -> QWidget:
        """Put a panel on the window, in front of somebody."""
        panel.setParent(self.window)
        panel.setGeometry(0, 0, width, height)
        self.window.show()
        panel.show()
        self.front(self.window)
        return panel

    def front(self, window: QWidget) -> None:
        """Give a window of its own the keyboard."""
        if window not in self._tops:
            self._tops.append(window)
        window.show()
        window.activateWindow()
        QTest.qWaitForWindowActive(window)

    def close_others(self, top: QWidget) -> None:
        """Close every window but those in which a view is, and what lies over them."""
        while (popup := QApplication.activePopupWidget()) is not None and popup.close():
            pass
        for one in QApplication.topLevelWidgets():
            if shiboken6.isValid(one) and one.isVisible() and one not in {self.window, top.window()}:
                one.close()
                self.settle()

    def begin(self, top: QWidget) -> None:
        """Hands are where nobody put them yet: on the first place of a view that takes them."""
        focus = QApplication.focusWidget()
        if focus is None or not (top is focus or top.isAncestorOf(focus)):
            first = next((one for one in (top, *top.findChildren(QWidget)) if _takes(one, top)), None)
            if first is not None:
                first.setFocus()
        self.settle()
        QApplication.clipboard().clear()

    def settle(self) -> None:
        """Let what was begun come to its end, and what waits until hands rest begin."""
        self._timers.pass_by(_PAUSE_S)
        quiet = 0
        for _ in range(_MOST_ROUNDS):  # what begins itself anew never ends
            QApplication.processEvents()
            quiet = 0 if self._wait() or self._timers.hurry() else quiet + 1
            if quiet == 2:
                break

    def _wait(self) -> bool:
        # A task that was made a moment ago has not begun yet.
        self.run(asyncio.sleep(0))
        working = self._timers.is_working
        if working:
            self.run(asyncio.wait_for(self._worked(), _PATIENCE_S))
        begun = [task for task in tasks._running if not (task.done() or _is_kept(task))]
        for task in begun:
            if not task.done():
                self.run(_ended(task))
        return working or bool(begun)

    async def _worked(self) -> None:
        while self._timers.is_working:
            await asyncio.sleep(0.001)

    def turn(self) -> None:
        """What is done again and again is done once more."""
        self._timers.turn()

    def rest(self) -> None:
        """Hands rest for as long as anything waits."""
        self._timers.hurry(most_ms=10**9)

    def press(self, *keys: str) -> None:
        """Keys, or what is typed after a colon."""
        for key in keys:
            target = QApplication.focusWidget() or self._tops[-1]
            if len(key) > 1 and key.startswith(":"):
                QTest.keyClicks(target, key[1:])
            else:
                QTest.keySequence(target, key)
            self.settle()

    def ends(self, end: Callable[[], object]) -> None:
        """What is to be done before it is left."""
        self._ends.callback(end)

    def leave(self) -> None:
        """Close all of it, and wait until it is gone."""
        self._ends.close()
        self.desk.actions.close()
        self._timers.clear()
        self.run(tasks.cancel_all())
        while (popup := QApplication.activePopupWidget()) is not None and popup.close():
            pass
        for top in QApplication.topLevelWidgets():
            top.close()
        for top in QApplication.topLevelWidgets():
            top.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    # --- words ---

    @property
    def waiting(self) -> list[str]:
        """What is to be called later."""
        return self._timers.waiting

    def told(self, value: Any) -> str:
        """A command, or what stands in one, as words: nothing that is drawn by lot."""
        if is_dataclass(value) and not isinstance(value, type):
            given = {one.name: getattr(value, one.name) for one in fields(value)}
            left = {
                name: self.told(one)
                for name, one in given.items()
                if one not in (None, "", (), {}) and name != "command_id"
            }
            return f"{type(value).__name__}({', '.join(f'{name}={one}' for name, one in left.items())})"
        if isinstance(value, UUID):
            return f"<{self._names.get(value, 'new')}>"
        if isinstance(value, datetime):
            return f"{value:%d %b %H:%M:%S}"
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, Enum):
            return str(value.value)
        if isinstance(value, dict):
            return "{" + ", ".join(f"{self.told(key)}: {self.told(one)}" for key, one in value.items()) + "}"
        if isinstance(value, list | tuple):
            return "(" + ", ".join(map(self.told, value)) + ")"
        if isinstance(value, set | frozenset):
            return "(" + ", ".join(sorted(map(self.told, value))) + ")"
        return repr(value)


def _takes(one: QWidget, top: QWidget) -> bool:
    is_here = one.isVisibleTo(top) and one.isEnabled() and one.focusProxy() is None
    return is_here and bool(one.focusPolicy() & Qt.FocusPolicy.TabFocus)


def _is_ours(one: QWidget) -> bool:
    """Whether it is a whole view, which tells its parts itself."""
    return type(one).__module__.startswith("console.views.")


async def _ended(task: "asyncio.Task[Any]") -> None:
    done, _ = await asyncio.wait({task}, timeout=_PATIENCE_S)
    assert done, f"{task.get_name()} does not end"


def _is_kept(task: "asyncio.Task[Any]") -> bool:
    """Whether it runs for as long as somebody is signed in."""
    return getattr(task.get_coro(), "__qualname__", "").startswith(_KEPT)
