"""No timer runs by itself while a page is written: what waits until hands rest is called at once, the rest never."""

from collections.abc import Callable
from typing import Any, Final

import pytest
import shiboken6
from PySide6.QtCore import QTimer

_SOON_MS: Final = 1500
"""What waits so long until hands rest is not waited for."""


class Timers:
    """Those that were started, and wait to be called."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._running: list[QTimer] = []
        self._calls: list[tuple[int, tuple[Any, ...]]] = []
        patch.setattr(QTimer, "start", self._start_of())
        patch.setattr(QTimer, "stop", lambda timer: self._stop(timer))
        patch.setattr(QTimer, "isActive", lambda timer: timer in self._running)
        patch.setattr(QTimer, "singleShot", staticmethod(lambda ms, *rest: self._calls.append((ms, rest))))

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

    def hurry(self, most_ms: int = _SOON_MS) -> bool:
        """Call what waits no longer than that. Returns whether anything did."""
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
