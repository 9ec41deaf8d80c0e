"""What failed inside the console: caught at one place, counted, logged by its type, and told once.

The words of an exception may hold a patient's name, so neither the log nor the screen is ever given them: the log
names the type, the place and the line, and the same fault at most once a minute, however often a panel is painted.

Three ways lead here. :func:`attempt` isolates one record in a loop, so that it costs its own row and no other; it
stands on :func:`alone`, as do the steps that a :class:`~console.running.tasks.Supervisor` guards.
``console.look.guard`` catches what fails in a method that Qt calls. :func:`watching` is the last net, under slots,
threads and the event loop.
"""

import logging
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from types import FrameType, TracebackType
from typing import Any, Final, ParamSpec, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")

QUIET_FOR: Final = 60.0
"""Seconds for which the same fault is only counted."""
_OURS: Final = ("console.", "db.")
# They are in every traceback that they caught, and never where it went wrong.
_NETS: Final = ("console.running.faults", "console.look.guard")
_PARTS: Final = {
    "console.views.board": "the referrals",
    "console.models.referrals": "the referrals",
    "console.views.vans": "the vans",
    "console.models.vans": "the vans",
    "console.timeline": "the timelines",
    "console.views.timeline": "the timelines",
    "console.map": "the map",
    "console.views.map": "the map",
    "console.views.detail": "the selected referral",
    "console.views.status": "the status bar",
    "console.live.alarm_watch": "the alarms",
    "console.views.form": "the form",
    "console.views.replay": "the replay",
}


@dataclass(slots=True)
class _Kind:
    """One kind of fault: when it was last logged, and how often it came since."""

    logged_at: float
    since: int = 0


class Faults(QObject):
    """Counts what failed. Any thread may note a fault; it is told in the thread of the screen."""

    told = Signal(str)
    """One sentence for the screen, once for each kind of fault."""
    _noted = Signal(str)

    def __init__(self, parent: QObject | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        """Make an empty count.

        Args:
            parent: owner.
            clock: seconds that only ever grow.
        """
        super().__init__(parent)
        self._clock = clock
        self._lock = threading.Lock()
        self._kinds: dict[tuple[str, str], _Kind] = {}
        self.count = 0
        # Never from within a paint: showing a sentence there would paint again.
        self._noted.connect(self.told, Qt.ConnectionType.QueuedConnection)

    def note(self, place: str, error: BaseException, part: str = "") -> None:
        """Count a fault, and log and tell it when that was not done just now.

        Args:
            place: where it was caught, for the log.
            error: what was raised; its words are not used.
            part: the part of the screen in the words of the person before it; none means ``place``.
        """
        # Not by its words: they may hold a name, and would make each fault one of its kind.
        key, now = (place, type(error).__name__), self._clock()
        with self._lock:
            self.count += 1
            kind = self._kinds.get(key)
            if kind is not None and now - kind.logged_at < QUIET_FOR:
                kind.since += 1
                return
            self._kinds[key] = _Kind(now)
        again = f", {kind.since} more since the last line" if kind is not None and kind.since else ""
        log.error("%s in %s at %s%s", type(error).__name__, place, _raised_at(error), again)
        # Only the first of its kind in this run: a panel that fails at each paint would bury the desk in
        # sentences.
        if kind is None:
            self._noted.emit(f"Part of the screen failed: {part or place}. The console goes on.")

    def forget(self) -> None:
        """Begin to count anew."""
        with self._lock:
            self._kinds.clear()
            self.count = 0


faults: Final = Faults()
"""Of this process."""


def alone(
    note: Callable[[BaseException], None], work: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T | None:
    """Call something whose failure may cost nothing else: it is noted, and None is what it gave.

    Args:
        note: counts and tells it. Its own words may hold a name.
        work: what to call.
        args: its arguments.
        kwargs: its arguments by name.
    """
    try:
        return work(*args, **kwargs)
    except BaseException as error:  # noqa: BLE001 a library that exits must not take the board with it, either
        note(error)
        return None


def attempt(place: str, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
    """Work something out for one record. A failure is noted and gives None, so that the other records go on.

    Args:
        place: what would be missing, in plain words: ``"a row of the referrals"``.
        work: what to call.
        args: its arguments.
        kwargs: its arguments by name.
    """
    return alone(partial(faults.note, place), work, *args, **kwargs)


async def attempt_later(place: str, work: Awaitable[T]) -> T | None:
    """:func:`attempt` for what has to be awaited; a cancellation, meant for the caller, goes through."""
    try:
        return await work
    except Exception as error:  # noqa: BLE001 whatever it is, it must not cost more than this record
        faults.note(place, error)
        return None


def went_well(place: str, work: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> bool:
    """:func:`attempt` for what gives nothing back: whether it went through."""

    def told() -> bool:
        work(*args, **kwargs)
        return True

    return attempt(place, told) is True


def part_of(module: str) -> str:
    """What people call the part of the screen that a module draws."""
    return next((words for prefix, words in _PARTS.items() if module.startswith(prefix)), "the window")


# --- the last net ---


@contextmanager
def watching() -> Iterator[None]:
    """Note what nobody caught, in slots, threads and finalizers, as long as this lasts."""
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    sys.excepthook, threading.excepthook, sys.unraisablehook = _of_slot, _of_thread, _of_finalizer
    try:
        yield
    finally:
        sys.excepthook, threading.excepthook, sys.unraisablehook = before
        if faults.count:
            log.warning("faults that were caught in this run: %d", faults.count)


def of_loop(_loop: object, context: dict[str, Any]) -> None:
    """The event loop's exception handler. asyncio's own prints the exception and the arguments of the call."""
    error = context.get("exception")
    if isinstance(error, OSError) and not any(_is_ours(frame) for frame, _ in frames(error.__traceback__)):
        # How a connection ended that was given up before: whoever gave it up has told that there is no link, and
        # nothing of the screen failed by it.
        log.info("a connection that was given up ended: %s", type(error).__name__)
    elif isinstance(error, BaseException):
        _note_uncaught(error, error.__traceback__)
    else:
        # What follows the first "<" is the repr of a task or a handle, with the arguments of its call.
        log.error("event loop: %s", str(context.get("message", "")).partition("<")[0])


def _of_slot(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, Exception):
        _note_uncaught(error, trace)
    else:
        # Ctrl+C and sys.exit are no faults.
        sys.__excepthook__(kind, error, trace)


def _of_thread(args: threading.ExceptHookArgs) -> None:
    if isinstance(args.exc_value, Exception):
        _note_uncaught(args.exc_value, args.exc_traceback)


def _of_finalizer(args: "sys.UnraisableHookArgs") -> None:
    if isinstance(args.exc_value, Exception):
        _note_uncaught(args.exc_value, args.exc_traceback)


def _note_uncaught(error: BaseException, trace: TracebackType | None) -> None:
    # The outermost of our own frames is the slot, the callback or the task.
    first = next((frame for frame, _ in frames(trace) if _is_ours(frame)), None)
    if first is None:
        faults.note("the event loop", error, part_of(""))
    else:
        faults.note(first.f_code.co_qualname, error, part_of(_module(first)))


# --- where it was ---


def frames(trace: TracebackType | None) -> Iterator[tuple[FrameType, int]]:
    """The frames of a traceback with their lines, the outermost first."""
    while trace is not None:
        yield trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next


def _raised_at(error: BaseException) -> str:
    """Module, function and line: the innermost of our own frames, which holds no values."""
    ours = [(frame, line) for frame, line in frames(error.__traceback__) if _is_ours(frame)]
    if not ours:
        return "no place of ours"
    frame, line = ours[-1]
    return f"{_module(frame)}.{frame.f_code.co_qualname}:{line}"


def _is_ours(frame: FrameType) -> bool:
    return _module(frame).startswith(_OURS) and _module(frame) not in _NETS


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))
