"""What the user wants done: one command each, sent once, waiting visibly while there is no answer.

Where the desk has a disk for it (``attach``), what waits survives the console, and goes on at the next sign-in.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from typing import Final
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from console.live.acts import Pace, Queue, is_twin
from console.live.asked import AskedAt, question
from console.live.kept_act import KeptAct
from console.live.one_act import Following, Progress, QueuedAct, Safety, Why
from console.live.outbox import Outbox
from console.live.store import Link, LinkState, Store
from console.live.subjects import subjects
from console.running.tasks import spawn
from db.clock import RecordClock
from db.commands.base import Command, execute
from db.domain.names import shortened
from db.engine import ANSWER_WITHIN, Engine
from db.errors import Conflict, RecordError

__all__ = ["Action", "Actions", "Progress", "Why"]

log = logging.getLogger(__name__)
Execute = Callable[[Engine, Command], Awaitable[None]]
Then = Callable[["Action"], None]
# The engine says first, and in better words, that there is no answer.
PACE = Pace(answer_within=ANSWER_WITHIN + 2.0)
_PRESSES: Final = 20
"""Of so many it is known what went together: more than anybody does in the minute in which it is taken back."""
_REFUSED_BEFORE: Final = "what came before it was refused"


class Action(QueuedAct):
    """One thing somebody asked for, and who is told how it ended.

    Attributes:
        awaited: whoever asked waits for the answer and says it.
        finished: done when the action has come to its end, whichever that is.
    """

    def __init__(
        self,
        command: Command,
        label: str,
        keys: frozenset[UUID],
        asked: AskedAt,
        then: Then | None = None,
        following: Sequence[Following] = (),
        number: int = 0,
    ) -> None:
        super().__init__(command, label, keys, asked, following, number)
        self.then = then
        self.awaited = then is not None
        self.finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def name(self, now: datetime) -> str:
        """What was asked for, by the short name that the referral has now; the label keeps the whole one."""
        more = f", and {len(self.following)} more" if self.following else ""
        return f"{shortened(self.label, now)}{more}"


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
        execute: Execute = execute,
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
        lost = store.link.state is LinkState.LOST
        self._queue: Queue[Action] = Queue(pace, lost=lost, question=self._question)
        self._numbers = count(1)
        self._place = ""
        self.outbox: Outbox | None = None
        """The disk under what waits; None where there is none."""
        self.no_disk = ""
        """Why there is none, as the first half of a sentence; empty where nobody looked."""
        self._attempts: dict[Action, tuple[int, asyncio.Task[None]]] = {}
        self._watching: asyncio.Task[None] | None = None
        self._moved = asyncio.Event()
        self._shown: list[tuple[Action, Progress, str]] = []
        self._presses: deque[frozenset[UUID]] = deque(maxlen=_PRESSES)
        store.link_changed.connect(self._follow_link)

    @property
    def pending(self) -> tuple[Action, ...]:
        """What is on its way or waits, oldest first."""
        return self._queue.pending

    def submit(
        self, command: Command, label: str, then: Then | None = None, following: Sequence[Following] = ()
    ) -> Action | None:
        """Send a command. A twin of one that is pending is not sent: returns None.

        Args:
            command: what to do.
            label: how people call it.
            then: called with the action when it is done, refused or withdrawn.
            following: what whoever asks will ask for next, once it is done; should the console end before, the
                next one does that in their place.
        """
        keys, number = subjects(command, self._store), next(self._numbers)
        action = Action(command, label, keys, self._here(), then, following, number)
        if self.outbox is not None and self.outbox.holds_up(action):
            action.safety = Safety.WANTED
        if not self._queue.ask(action):
            return None
        self._step()
        return action

    def is_pending(self, command: Command) -> bool:
        """Whether the same has no answer yet."""
        return any(is_twin(command, one.command) for one in self.pending)

    async def perform(self, command: Command, label: str, following: Sequence[Following] = ()) -> None:
        """Send a command and wait until the record has answered, however long the link is down.

        Args:
            command: what to do.
            label: how people call it.
            following: what is performed next, as in ``submit``.

        Raises:
            RecordError: refused, withdrawn, or the same is on its way already.
        """
        action = self.submit(command, label, following=following)
        if action is None:
            raise Conflict("That is on its way already.", "Wait for it.")
        action.awaited = True
        # Whoever waits may go away; the action goes on.
        await asyncio.shield(action.finished)
        if action.error is not None:
            raise action.error

    def as_one(self, commands: Iterable[Command]) -> None:
        """What is asked for next by one press: it is taken back by one, too."""
        self._presses.append(frozenset(command.command_id for command in commands))

    def pressed_with(self, command_id: UUID) -> frozenset[UUID]:
        """The ids of what was asked for by the same press, its own among them; none for what went alone."""
        return next((press for press in self._presses if command_id in press), frozenset())

    async def perform_all(self, steps: Sequence[Following]) -> None:
        """Perform commands one after the other, each with its label; a refusal ends it, as in ``perform``."""
        for number, (command, label) in enumerate(steps, 1):
            await self.perform(command, label, steps[number:])

    def follow_on(self, command_id: UUID, following: Sequence[Following]) -> None:
        """What whoever waits for a command will ask for next is something else by now, or more.

        Args:
            command_id: of what is pending; nothing happens where it is not any more.
            following: as in ``submit``.
        """
        for action in self.pending:
            if action.command.command_id == command_id:
                action.following = tuple(following)
                if self.outbox is not None and action.safety is not Safety.MEMORY and action.waits:
                    self.outbox.keep(action)

    def withdraw(self, action: Action) -> None:
        """Take back an action that waits. No other is touched.

        A command whose answer was lost may have been carried out: ``action.may_be_done`` and its ``error`` say so.
        """
        self._queue.take_back(action)
        self._step()

    def vouch(self, action: Action) -> None:
        """A person says that what was asked for long ago still holds: it goes, at the time of then."""
        self._queue.vouch(action)
        self._step()

    def attach(self, outbox: Outbox, place: str) -> None:
        """From now on what waits stands on the disk.

        Args:
            outbox: the disk.
            place: where the record is, for :class:`~console.live.asked.AskedAt`.
        """
        self.outbox, self._place = outbox, place
        for action in self.pending:
            if action.waits:
                outbox.take(action)  # it is said to wait already

    def look_again(self) -> None:
        """Something came to the disk, or could not: say anew how what waits stands."""
        self._step()

    def lost_words(self) -> str:
        """What of all that waits would be lost if the console ended, as a sentence; empty for nothing."""
        waiting = [action for action in self.pending if action.progress is Progress.WAITING]
        lost = sum(action.safety is Safety.MEMORY for action in waiting)
        reason = self.outbox.trouble if self.outbox is not None else self.no_disk
        if not lost or not (self.outbox or reason):
            return ""
        what = "what waits" if lost == len(waiting) else f"{lost} of {len(waiting)} that wait"
        return f"{f'{reason}: ' if reason else ''}{what} would be lost if the console ended."

    def stay(self) -> int:
        """How many of those that are pending wait on this computer if the console is closed now."""
        return sum(self.outbox.wants(action) for action in self.pending) if self.outbox is not None else 0

    def resume(self, kept: Sequence[tuple[KeptAct, str]]) -> None:
        """Go on with what waited when an earlier console ended, oldest first.

        Args:
            kept: each with the name of its file; empty for one that has none.
        """
        taken: list[Action] = []
        for number, (one, name) in enumerate(kept, -len(kept)):
            (command, label), *following = one.acts
            action = Action(command, label, one.keys, one.asked, following=following, number=number)
            action.may_be_done = True  # it may have been on its way
            if name and self.outbox is not None:
                self.outbox.adopt(action, name)
            taken.append(action)
        self._queue.put_back(taken)
        self._step()

    def close(self) -> None:
        """Bring every action to an end, before the console goes. What is asked later ends at once.

        What may wait on the disk is left there, also what is on its way: the record knows its id.
        """
        if (outbox := self.outbox) is not None:
            for action in filter(outbox.wants, self.pending):
                outbox.keep(action)
                action.safety = Safety.DISK
        had_some = bool(self.pending)
        self._queue.close()
        if had_some:
            self._step()

    # --- inside ---

    def _step(self) -> None:
        """Send what may go, stop what is no longer awaited, and tell what changed."""
        begun = self._queue.begin(_now())
        if self.outbox is not None:
            for action in self.pending:
                if action.waits:
                    self.outbox.take(action)
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
        shown = [(action, action.progress, f"{action.waits_for}{action.safety}") for action in self.pending]
        if shown != self._shown:
            self._shown = shown
            self.changed.emit()
        gone_on = False
        for action in self._queue.ended():
            # First, so that what follows comes to the disk before what it follows goes from it.
            gone_on = self._go_on(action) or gone_on
            self._tell_end(action)
        if gone_on:
            self._step()

    def _tell_end(self, action: Action) -> None:
        if self.outbox is not None and not action.left_behind:
            self.outbox.drop(action)
        if not action.finished.done():
            action.finished.set_result(None)
        signals = {Progress.DONE: self.done, Progress.REFUSED: self.refused, Progress.WITHDRAWN: self.withdrawn}
        signals[action.progress].emit(action)
        if action.then is not None:
            try:
                action.then(action)
            except Exception as error:  # noqa: BLE001 - the other actions go on whatever a panel does
                log.error("what waited for an action failed: %s", type(error).__name__)  # noqa: TRY400 - as above

    def _go_on(self, before: Action) -> bool:
        """Ask for what was to follow an act whose console is gone: the next, or each where the act was refused.

        Returns:
            Whether anything is asked for.
        """
        if not before.following or before.awaited or before.is_withdrawn:
            return False
        if before.progress is Progress.DONE:
            (command, label), *rest = before.following
            self._ask_for(command, label, before, rest)
        else:
            for command, label in before.following:
                self._ask_for(command, label, before, asks=_REFUSED_BEFORE)
        return True

    def _ask_for(
        self, command: Command, label: str, before: Action, rest: Sequence[Following] = (), asks: str = ""
    ) -> None:
        action = Action(command, label, before.keys, before.asked, following=rest, number=next(self._numbers))
        action.vouched, action.question = before.vouched and not asks, asks
        action.freeze()
        # Where it stands here already, the console ended between the two.
        if self._queue.ask(action) and self.outbox is not None:
            self.outbox.take(action)

    def _question(self, action: Action) -> str:
        return question(action.command, action.asked, self._here())

    def _here(self) -> AskedAt:
        return AskedAt(self._clock.now(), datetime.now(UTC), self._place)

    def _follow_link(self, link: Link) -> None:
        # Comes with every beat, not only when it changes.
        self._queue.set_link(lost=link.state is LinkState.LOST)
        if self.pending:
            self._step()


def _now() -> float:
    return asyncio.get_running_loop().time()
