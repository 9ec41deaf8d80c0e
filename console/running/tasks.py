"""Background tasks that are never lost: kept alive, and loud when they fail.

``spawn`` runs something once. A :class:`Supervisor` keeps what must run for as long as somebody is signed in.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from PySide6.QtCore import QMetaObject, QObject, Signal
from shiboken6 import isValid

from console.running.faults import alone
from db.errors import RecordError

log = logging.getLogger(__name__)
_running: set[asyncio.Task[Any]] = set()

PAUSES: Final = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds before each new start of what ends again and again; the last one from then on."""
WELL_AFTER: Final = 30.0
"""Seconds of running after which an outage is over."""
QUIET_FOR: Final = 60.0
"""Seconds for which what fails at every tick is only counted, not logged again."""
STOP_WITHIN: Final = 5.0
"""Seconds that a cancelled task has to end."""

Work = Callable[[], Coroutine[Any, Any, None]]


def spawn(work: Coroutine[Any, Any, Any], name: str, owner: QObject | None = None) -> asyncio.Task[Any]:
    """Run a coroutine beside the window; an exception that nobody awaits is logged by its type.

    Args:
        work: what to do.
        name: what the log calls it.
        owner: the work ends with it, so that an answer never comes to a widget that is gone.
    """
    task = asyncio.get_running_loop().create_task(work, name=name)
    # asyncio itself holds tasks weakly: one that nobody holds may be collected before it has ended.
    _running.add(task)
    task.add_done_callback(_finished)
    if owner is not None:
        tie = owner.destroyed.connect(lambda *_: task.cancel())
        # A desk lives for a whole shift and starts thousands: each would leave a connection behind.
        task.add_done_callback(lambda _: _untie(owner, tie))
    return task


def _untie(owner: QObject, tie: QMetaObject.Connection) -> None:
    if isValid(owner):
        QObject.disconnect(tie)


def _finished(task: asyncio.Task[Any]) -> None:
    _running.discard(task)
    error = None if task.cancelled() else task.exception()
    if error is not None:
        log.error("%s failed: %s", task.get_name(), kind_of(error))


async def cancel_all() -> None:
    """Cancel what is still running on this loop and wait until it has ended."""
    loop = asyncio.get_running_loop()
    running = [task for task in _running if task.get_loop() is loop and task is not asyncio.current_task()]
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


def kind_of(error: BaseException) -> str:
    """The type of an exception, or each in a group, and its line in the code; its words may hold values."""
    if isinstance(error, BaseExceptionGroup):
        return f"{type(error).__name__}({', '.join(kind_of(one) for one in error.exceptions)})"
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" at {trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace is not None else ""
    return type(error).__name__ + where


class ReturnedError(Exception):
    """Something that is to run for ever came to its end."""


@dataclass(slots=True)
class _Kept:
    """How it goes with one thing that must run. Times are of the monotonic clock."""

    ends: int = 0
    in_a_row: int = 0
    running_since: float = float("-inf")
    logged_at: float = float("-inf")
    is_owed: bool = False


async def again_and_again(work: Callable[[], Awaitable[object]], sooner: asyncio.Event, every: float) -> None:
    """Do it once more each ``every`` seconds after it was done, and when ``sooner`` is set, until cancelled."""
    while True:
        sooner.clear()
        await work()
        with suppress(TimeoutError):
            async with asyncio.timeout(every):
                await sooner.wait()


class Supervisor(QObject):
    """Keeps things running, counts how often each ended unexpectedly, and tells each outage once."""

    told = Signal(str, object)
    """A sentence for the screen, once an outage and not at each new try; and whether it lasts, to be asked."""
    changed = Signal()
    """The counter changed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: dict[str, _Kept] = {}

    @property
    def restarts(self) -> Mapping[str, int]:
        """How often each thing ended unexpectedly, by its name."""
        return MappingProxyType({name: kept.ends for name, kept in self._kept.items()})

    def keep(
        self,
        name: str,
        work: Work,
        sentence: str,
        *,
        again: Callable[[], None] | None = None,
        owner: QObject | None = None,
    ) -> asyncio.Task[None]:
        """Run ``work()`` until the returned task or ``owner`` ends; any other end is followed by a new start.

        Args:
            name: what the log and the counter call it.
            work: makes the coroutine; called anew at each start.
            sentence: what to say when it ended; an end by a ``RecordError`` is said in that error's own words.
            again: called before each new start, for example to read everything anew.
            owner: it ends with it.
        """
        return spawn(self._keep(name, work, sentence, again), name, owner)

    def until_done(
        self,
        name: str,
        work: Work,
        sentence: str,
        *,
        pauses: Sequence[float] = PAUSES,
        owner: QObject | None = None,
    ) -> asyncio.Task[None]:
        """As ``keep``, for something that has an end of its own: started again only when it fails."""
        return spawn(self._until_done(name, work, sentence, pauses), name, owner)

    def guard(self, name: str, sentence: str, again: Callable[[], None] | None = None) -> "Guard":
        """Isolate a step that is taken again and again in the GUI's thread, such as a tick."""
        return Guard(self, name, sentence, again)

    def lasts(self, name: str) -> bool:
        """Whether an outage of that name is not over: it has not ended as it should, or not run well for long."""
        kept = self._kept.get(name)
        if kept is None or not kept.in_a_row:
            return False
        return kept.is_owed or time.monotonic() - kept.running_since < WELL_AFTER

    def note(
        self,
        name: str,
        error: BaseException,
        sentence: str,
        *,
        often: bool = False,
        so: Callable[[], bool] | None = None,
    ) -> None:
        """Count an unexpected end and log its type; tell it if an outage begins with it.

        Args:
            name: what ended.
            error: with what; its words are never logged, and said only when they are the house's own.
            sentence: what to say; none when it is said where it happened.
            often: what may fail every second: logged at most once a minute.
            so: whether what the sentence says still holds, where somebody knows better than ``lasts``.
        """
        now = time.monotonic()
        kept = self._kept.setdefault(name, _Kept())
        if now - kept.running_since >= WELL_AFTER:
            kept.in_a_row = 0
        kept.ends += 1
        kept.in_a_row += 1
        kept.running_since = now
        if not often or now - kept.logged_at >= QUIET_FOR:
            kept.logged_at = now
            log.error("%s ended unexpectedly: %s", name, kind_of(error))
        self.changed.emit()
        if kept.in_a_row == 1 and sentence:
            said = str(error) if isinstance(error, RecordError) else sentence
            self.told.emit(said, so or partial(self.lasts, name))

    async def _keep(self, name: str, work: Work, sentence: str, again: Callable[[], None] | None) -> None:
        begin = work
        while True:
            error = await _outcome(name, begin)
            self.note(name, ReturnedError() if error is None else error, sentence)
            begin = _after(again, work)
            await self._pause(name, PAUSES)

    async def _until_done(self, name: str, work: Work, sentence: str, pauses: Sequence[float]) -> None:
        while (error := await _outcome(name, work)) is not None:
            # A try that hangs takes as long as a good run: every failure in a row belongs to one outage.
            kept = self._kept.setdefault(name, _Kept())
            kept.running_since, kept.is_owed = time.monotonic(), True
            self.note(name, error, sentence)
            await self._pause(name, pauses)
        if name in self._kept:
            # A later failure begins an outage of its own, and is told.
            self._kept[name].in_a_row, self._kept[name].is_owed = 0, False

    async def _pause(self, name: str, pauses: Sequence[float]) -> None:
        kept = self._kept[name]
        await asyncio.sleep(pauses[min(kept.in_a_row, len(pauses)) - 1])
        # What was waited is no running: only from here on can it have gone well.
        kept.running_since = time.monotonic()


class Guard:
    """One step that fails alone: counted, logged and told, and taken again at its next turn."""

    def __init__(self, supervisor: Supervisor, name: str, sentence: str, again: Callable[[], None] | None) -> None:
        self._supervisor = supervisor
        self._name = name
        self._sentence = sentence
        self._again = again
        self._failed = False

    def run(self, step: Callable[[], object]) -> None:
        """Take the step; after a failure ``again`` is called before it."""
        alone(self._note, self._take, step)

    def _take(self, step: Callable[[], object]) -> None:
        if self._failed and self._again is not None:
            self._again()
        # Before the step: if ``again`` itself raises, it is owed once more.
        self._failed = False
        step()

    def _note(self, error: BaseException) -> None:
        self._failed = True
        self._supervisor.note(self._name, error, self._sentence, often=True)


def _after(again: Callable[[], None] | None, work: Work) -> Work:
    async def begin() -> None:
        if again is not None:
            again()
        await work()

    return begin


async def _outcome(name: str, work: Work) -> BaseException | None:
    """What one run of something came to: None is a plain return. Raises only when its caller is cancelled.

    It runs in a task of its own: so a cancellation that is meant for it can be told from one that is meant for us.
    """
    run = asyncio.get_running_loop().create_task(_caught(work), name=name)
    try:
        await asyncio.wait({run})
    except BaseException:
        await _stop(run)
        raise
    if run.cancelled():
        return asyncio.CancelledError()
    error = run.exception()
    return run.result() if error is None else error


async def _caught(work: Work) -> BaseException | None:
    # Caught in here: asyncio lets SystemExit and KeyboardInterrupt through to the loop, which would end with them.
    try:
        await work()
    except asyncio.CancelledError:
        raise
    except BaseException as error:  # noqa: BLE001 whatever ended it, it is started again
        return error
    return None


async def _stop(run: asyncio.Task[Any]) -> None:
    """End a run: it has time to clear up, is then told once more, and in the end left behind."""
    for seconds in (STOP_WITHIN, STOP_WITHIN / 10):
        run.cancel()
        await asyncio.wait({run}, timeout=seconds)
        if run.done():
            return
    log.error("%s did not end when it was told to", run.get_name())
