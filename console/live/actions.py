"""What the user wants done: one command each, sent once, waiting visibly while there is no answer."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from console.live.acts import Pace, Progress, Queue, QueuedAct, Why
from console.live.store import Link, LinkState, Store
from console.live.subjects import subjects
from console.running.tasks import spawn
from db import commands
from db.clock import RecordClock
from db.commands import Command
from db.domain.names import shortened
from db.engine import ANSWER_WITHIN, Engine
from db.errors import Conflict, RecordError

__all__ = ["Action", "Actions", "Progress", "Why"]

log = logging.getLogger(__name__)
Execute = Callable[[Engine, Command], Awaitable[None]]
Then = Callable[["Action"], None]
# The engine says first, and in better words, that there is no answer.
PACE = Pace(answer_within=ANSWER_WITHIN + 2.0)


class Action(QueuedAct):
    """One thing somebody asked for, and who is told how it ended.

    Attributes:
        awaited: whoever asked waits for the answer and says it.
        finished: done when the action has come to its end, whichever that is.
    """

    def __init__(self, command: Command, label: str, store: Store, clock: RecordClock, then: Then | None) -> None:
        super().__init__(command, label, subjects(command, store), clock.now())
        self.then = then
        self.awaited = then is not None
        self.finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def name(self, now: datetime) -> str:
        """What was asked for, by the short name that the referral has now; the label keeps the whole one."""
        return shortened(self.label, now)


class Actions(QObject):
    """Sends commands off the screen's thread of thought, and keeps what waits."""

    changed = Signal()
    """What is pending, or why it waits, changed."""
    done = Signal(object)
    """An :class:`Action` that the record carried out."""
    refused = Signal(object)
    """An :class:`Action` that the record refused; its ``error`` says why."""
    withdrawn = Signal(object)
    """An :class:`Action` that was taken back, or left behind by ``close``; its ``error`` says what is known."""

    def __init__(
        self,
        engine: Engine,
        store: Store,
        clock: RecordClock,
        parent: QObject | None = None,
        *,
        execute: Execute = commands.execute,
        pace: Pace = PACE,
    ) -> None:
        """Begin with nothing pending.

        Args:
            engine: where commands go.
            store: tells the link, and what a command is about.
            clock: the record's.
            parent: owner.
            execute: carries out one command; raises :class:`db.errors.RecordError`.
            pace: how patiently.
        """
        super().__init__(parent)
        self._engine, self._store, self._clock, self._execute = engine, store, clock, execute
        self._queue: Queue[Action] = Queue(pace, lost=store.link.state is LinkState.LOST)
        self._attempts: dict[Action, tuple[int, asyncio.Task[None]]] = {}
        self._watching: asyncio.Task[None] | None = None
        self._moved = asyncio.Event()
        self._shown: list[tuple[Action, Progress, str]] = []
        store.link_changed.connect(self._follow_link)

    @property
    def pending(self) -> tuple[Action, ...]:
        """What is on its way or waits, oldest first."""
        return self._queue.pending

    def submit(self, command: Command, label: str, then: Then | None = None) -> Action | None:
        """Send a command. A twin of one that is pending is not sent: returns None.

        Args:
            command: what to do.
            label: how people call it.
            then: called with the action when it is done, refused or withdrawn.
        """
        action = Action(command, label, self._store, self._clock, then)
        if not self._queue.ask(action):
            return None
        self._step()
        return action

    async def perform(self, command: Command, label: str) -> None:
        """Send a command and wait until the record has answered, however long the link is down.

        Raises:
            RecordError: refused, withdrawn, or the same is on its way already.
        """
        action = self.submit(command, label)
        if action is None:
            raise Conflict("That is on its way already.", "Wait for it.")
        action.awaited = True
        # Whoever waits may go away; the action goes on.
        await asyncio.shield(action.finished)
        if action.error is not None:
            raise action.error

    def withdraw(self, action: Action) -> None:
        """Take back an action that waits. No other is touched.

        A command whose answer was lost may have been carried out: ``action.may_be_done`` and its ``error`` say so.
        """
        self._queue.take_back(action)
        self._step()

    def close(self) -> None:
        """Bring every action to an end, before the console goes. What is asked later ends at once."""
        had_some = bool(self.pending)
        self._queue.close()
        if had_some:
            self._step()

    # --- inside ---

    def _step(self) -> None:
        """Send what may go, stop what is no longer awaited, and tell what changed."""
        begun = self._queue.begin(_now())
        for action, (attempt, task) in tuple(self._attempts.items()):
            # Given up or ended: its connection goes back, since there are two for all that is asked of the record.
            if not action.in_flight or action.attempt != attempt:
                del self._attempts[action]
                task.cancel()
        for action in begun:
            work = self._send(action, action.attempt, action.command)
            self._attempts[action] = action.attempt, spawn(work, "send an action")
        # What is due next may be due sooner now.
        self._moved.set()
        if self.pending and self._watching is None:
            self._watching = spawn(self._watch(), "watch the actions")
            self._watching.add_done_callback(self._watched)
        self._tell()

    async def _send(self, action: Action, attempt: int, command: Command) -> None:
        error: Exception | None = None
        try:
            await self._execute(self._engine, command)
        except Exception as caught:  # noqa: BLE001 - whatever it is, somebody waits to be told
            error = caught
        # An attempt that was given up answers to nobody; a later one has its place.
        sent, _ = self._attempts.get(action, (0, None))
        if sent == attempt:
            del self._attempts[action]
            self._answered(action, attempt, error)

    def _answered(self, action: Action, attempt: int, error: Exception | None) -> None:
        if error is not None and not isinstance(error, RecordError):
            # By its type: its words may hold what somebody typed.
            log.error("%s failed: %s", type(action.command).__name__, type(error).__name__)
        self._queue.answer(action, attempt, error, _now())
        self._step()

    async def _watch(self) -> None:
        """Look again whenever a pause or the time for an answer is over, for as long as something is pending."""
        while self.pending:
            self._moved.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout_at(self._queue.wakes_at(_now())):
                    await self._moved.wait()
            self._step()

    def _watched(self, task: asyncio.Task[None]) -> None:
        self._watching = None
        if task.cancelled() or task.exception() is not None:
            # The console's tasks were ended: nobody would ever send or answer what is left.
            self.close()
        elif self.pending:
            self._step()  # asked for between the last look and this

    def _tell(self) -> None:
        shown = [(action, action.progress, action.waits_for) for action in self.pending]
        if shown != self._shown:
            self._shown = shown
            self.changed.emit()
        for action in self._queue.ended():
            self._tell_end(action)

    def _tell_end(self, action: Action) -> None:
        if not action.finished.done():
            action.finished.set_result(None)
        signals = {Progress.DONE: self.done, Progress.REFUSED: self.refused, Progress.WITHDRAWN: self.withdrawn}
        signals[action.progress].emit(action)
        if action.then is not None:
            try:
                action.then(action)
            except Exception as error:  # noqa: BLE001 - the other actions go on whatever a panel does
                log.error("what waited for an action failed: %s", type(error).__name__)  # noqa: TRY400 - as above

    def _follow_link(self, link: Link) -> None:
        # Comes with every beat, not only when it changes.
        self._queue.set_link(lost=link.state is LinkState.LOST)
        if self.pending:
            self._step()


def _now() -> float:
    return asyncio.get_running_loop().time()
