"""No clock runs while a page is written: what waits until hands rest is called at once, the rest never."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, Final

import pytest
import shiboken6
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from console.live import alarm_book, alarm_raiser, fresh, presence, reality
from console.look import line_table
from console.views.detail import ranker
from console.views.timeline import book
from db import clock


@contextmanager
def _among(some: list[asyncio.Event], one: asyncio.Event) -> Iterator[None]:
    some.append(one)
    try:
        yield
    finally:
        if one in some:
            some.remove(one)


_SOON_MS: Final = 1500
"""What waits so long until hands rest is not waited for."""


class Timers:
    """Those that were started, and wait to be called."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._running: list[QTimer] = []
        self._calls: list[tuple[int, tuple[Any, ...]]] = []
        self._busy: list[asyncio.Event] = []
        self._waits: list[asyncio.Event] = []
        self._seconds = 0.0
        patch.setattr(clock, "time", SimpleNamespace(monotonic=lambda: 0.0, time=lambda: 0.0))
        # What asks how long ago something was on this computer: a few seconds from one press to the next.
        for module in (reality, line_table, alarm_raiser, alarm_book, presence):
            patch.setattr(module, "time", SimpleNamespace(monotonic=lambda: self._seconds))
        # All that is owed is worked out in one turn: how much of it fits into one hangs on the computer.
        patch.setattr(book, "time", SimpleNamespace(perf_counter=lambda: 0.0))
        # Vans are ranked anew no sooner than so long after: here at once, and only when something changed.
        patch.setattr(ranker, "AGAIN_AFTER", 0.0)
        patch.setattr(fresh, "again_and_again", self._when_asked)
        self._is_active, self._stop_it = QTimer.isActive, QTimer.stop
        patch.setattr(QTimer, "start", self._start_of())
        patch.setattr(QTimer, "stop", lambda timer: self._stop(timer))
        patch.setattr(QTimer, "isActive", lambda timer: timer in self._running)
        patch.setattr(QTimer, "singleShot", staticmethod(lambda ms, *rest: self._calls.append((ms, rest))))

    async def _when_asked(
        self, work: Callable[[], Awaitable[object]], sooner: asyncio.Event, _every: float
    ) -> None:
        """What is kept fresh is worked out when something changes, and never because time passes."""
        while True:
            with _among(self._busy, sooner):
                sooner.clear()
                await work()
            with _among(self._waits, sooner):
                await sooner.wait()

    def pass_by(self, seconds: float) -> None:
        """So long goes by on this computer."""
        self._seconds += seconds

    @property
    def waiting(self) -> list[str]:
        """Whose they are, after how many milliseconds each is called, and whether but once."""
        own = [one for one in self._running if shiboken6.isValid(one)]
        told = [
            f"{type(one.parent()).__name__} {one.interval()}{'' if one.isSingleShot() else ' again and again'}"
            for one in own
        ]
        return sorted([*told, *(f"later {ms}" for ms, _ in self._calls)])

    @property
    def is_working(self) -> bool:
        """Whether something is being worked out, or is to be at once."""
        return bool(self._busy) or any(one.is_set() for one in self._waits)

    def _start_of(self) -> Callable[..., None]:
        def start(timer: QTimer, *given: object) -> None:
            # A signal that starts one may bring something with it.
            if given and isinstance(given[0], int):
                timer.setInterval(given[0])
            self._stop(timer)
            self._running.append(timer)

        return start

    def _stop(self, timer: QTimer) -> None:
        self._running = [one for one in self._running if one is not timer]

    def clear(self) -> None:
        """Nobody waits for anything any more."""
        self._running.clear()
        self._calls.clear()
        self._busy.clear()
        self._waits.clear()

    def _take_over(self) -> None:
        """Those that Qt has started itself, for a signal that was connected to their start."""
        for top in QApplication.topLevelWidgets():
            for timer in top.findChildren(QTimer):
                if timer.isSingleShot() and self._is_active(timer):
                    self._stop_it(timer)
                    self._running.append(timer)

    def turn(self) -> None:
        """Call once what is called again and again."""
        for timer in [one for one in self._running if shiboken6.isValid(one) and not one.isSingleShot()]:
            if shiboken6.isValid(timer):
                timer.timeout.emit()

    def hurry(self, most_ms: int = _SOON_MS) -> bool:
        """Call what waits no longer than that. Returns whether anything did."""
        self._take_over()
        due = [one for one in self._running if shiboken6.isValid(one) and one.isSingleShot()]
        due = [one for one in due if one.interval() <= most_ms]
        calls = [rest for ms, rest in self._calls if ms <= most_ms]
        self._calls = [(ms, rest) for ms, rest in self._calls if ms > most_ms]
        for timer in due:
            self._stop(timer)
            if shiboken6.isValid(timer):
                timer.timeout.emit()
        for *receiver, called in calls:
            if not receiver or shiboken6.isValid(receiver[0]):
                called()
        return bool(due or calls)
