"""What the user wants done: one command each, sent once, waiting visibly while the link is down."""

import asyncio
from collections.abc import Callable
from dataclasses import MISSING, fields, replace
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QObject, Signal
from sqlalchemy.ext.asyncio import AsyncEngine

from console.store import Link, LinkState, Store
from console.tasks import spawn
from db import commands
from db.clock import RecordClock
from db.commands import Command
from db.errors import Conflict, RecordError, Unavailable

RETRY_AFTER = 0.5


class Progress(StrEnum):
    """Where an action stands."""

    SENDING = "sending"
    WAITING = "waiting for the link"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Action:
    """One thing somebody asked for.

    Attributes:
        label: what it is, as people say it: ``"Allocate CRU2 to 0042"``.
        error: why it was refused, when it was.
        awaited: whoever asked waits for the answer and says it.
    """

    def __init__(self, command: Command, label: str) -> None:
        self.command = command
        self.label = label
        self.progress = Progress.SENDING
        self.error: RecordError | None = None
        self.awaited = False
        self.finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was taken back before the record answered."""
        return self.progress is Progress.WITHDRAWN


class Actions(QObject):
    """Sends commands off the screen's thread of thought, and keeps what waits."""

    changed = Signal()
    """The list of pending actions changed."""
    done = Signal(object)
    """An :class:`Action` that the record carried out."""
    refused = Signal(object)
    """An :class:`Action` that the record refused; its ``error`` says why."""

    def __init__(
        self, engine: AsyncEngine, store: Store, clock: RecordClock, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._store = store
        self._clock = clock
        self._pending: list[Action] = []
        self._link_back = asyncio.Event()
        self._link_back.set()
        store.link_changed.connect(self._follow_link)

    @property
    def pending(self) -> tuple[Action, ...]:
        """What is on its way or waits, oldest first."""
        return tuple(self._pending)

    def submit(self, command: Command, label: str, then: Callable[[Action], None] | None = None) -> Action | None:
        """Send a command. A twin of one that is pending is not sent: returns None.

        Args:
            command: what to do.
            label: how people call it.
            then: called with the action when it is done, refused or withdrawn.
        """
        if any(_is_twin(command, action.command) for action in self._pending):
            return None
        action = Action(command, label)
        action.awaited = then is not None
        self._pending.append(action)
        spawn(self._carry(action, then), "carry out an action")
        self.changed.emit()
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
        await action.finished
        if action.error is not None:
            raise action.error

    def withdraw(self, action: Action) -> None:
        """Take back an action that waits for the link.

        A command whose answer was lost may have been carried out; the board shows it when the link is back.
        """
        if action.progress is Progress.WAITING:
            action.progress = Progress.WITHDRAWN
            action.error = Unavailable(f"{action.label}: taken back.")
            self._link_back.set()
            self._link_back.clear()

    async def _carry(self, action: Action, then: Callable[[Action], None] | None) -> None:
        while not await self._try(action):
            pass
        self._finish(action, then)

    async def _try(self, action: Action) -> bool:
        """One attempt; whether the action has come to its end."""
        if self._store.link.state is LinkState.LOST:
            self._wait(action)
            await self._link_back.wait()
        if action.is_withdrawn:
            return True
        try:
            await commands.execute(self._engine, action.command)
        except Unavailable:
            # No answer: it may or may not have been done. Repeating the same id is safe.
            self._wait(action)
            await asyncio.sleep(RETRY_AFTER)
            return action.is_withdrawn
        except RecordError as error:
            action.progress, action.error = Progress.REFUSED, error
        else:
            action.progress = Progress.DONE
        return True

    def _wait(self, action: Action) -> None:
        if action.progress is Progress.SENDING:
            action.progress = Progress.WAITING
            # It happened when it was asked for, not when the link came back.
            if getattr(action.command, "at", self) is None:
                action.command = replace(action.command, at=self._clock.now())  # type: ignore[call-arg] # has "at"
            self.changed.emit()

    def _finish(self, action: Action, then: Callable[[Action], None] | None) -> None:
        self._pending.remove(action)
        action.finished.set_result(None)
        self.changed.emit()
        if action.progress is Progress.DONE:
            self.done.emit(action)
        elif action.progress is Progress.REFUSED:
            self.refused.emit(action)
        if then is not None:
            then(action)

    def _follow_link(self, link: Link) -> None:
        if link.state is LinkState.LOST:
            self._link_back.clear()
        else:
            self._link_back.set()


def _is_twin(one: Command, other: Command) -> bool:
    return type(one) is type(other) and _essence(one) == _essence(other)


def _essence(command: Command) -> dict[str, Any]:
    # Ids that the client makes up differ between two presses of the same key; what they act on does not.
    return {
        field.name: getattr(command, field.name)
        for field in fields(command)
        if field.default_factory is MISSING and field.name != "at"
    }
