"""Reads again, once the link is back, what could not be read without it: so the sentence says that it does."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal, Protocol

from PySide6.QtCore import QObject

from console.live.store import Link, LinkState, Store
from db.errors import Passing, RecordError


class Says(Protocol):
    """Where it is told that something could not be read."""

    def say(self, severity: Literal["late"], sentence: str, next_step: str = "") -> None:
        """Tell it."""

    def clear(self) -> None:
        """It is true no more."""


class Again(QObject):
    """For what is read once and not followed, such as a list in a window of its own.

    Attributes:
        in_turn: held while it is read, since an earlier reading that is answered late would show what was before.
    """

    def __init__(self, store: Store, read: Callable[[], object], parent: QObject) -> None:
        """Owe nothing yet.

        Args:
            store: tells the link.
            read: begins to read it again.
            parent: owner.
        """
        super().__init__(parent)
        self._read = read
        self.in_turn = asyncio.Lock()
        self._is_owed = self._is_told = False
        store.link_changed.connect(self._follow)

    async def tried(self, read: Callable[[], Awaitable[object]], message: Says) -> bool:
        """Read in its turn. Returns whether it could be read; why it could not is told, and is owed."""
        try:
            async with self.in_turn:
                await read()
        except RecordError as error:
            self.owe(error)
            message.say("late", error.sentence, error.next_step)
            return False
        # Only that it could not be read is true no more; what the record refused is still to be seen.
        if self.is_read():
            message.clear()
        return True

    def owe(self, error: RecordError) -> None:
        """It could not be read, which is told. What the record refuses it refuses again."""
        self._is_told = True
        self._is_owed = isinstance(error, Passing)

    def is_read(self) -> bool:
        """It was read. Returns whether it was told that it could not be, which is true no more."""
        told, self._is_told, self._is_owed = self._is_told, False, False
        return told

    def _follow(self, link: Link) -> None:
        # Comes with every beat, so that it is tried once a second at most.
        if self._is_owed and link.state is LinkState.LIVE:
            self._is_owed = False
            self._read()


def say_unread(message: Says, error: RecordError) -> None:
    """Tell what could not be read that a key asked for once: nobody asks for it again, so that is not said."""
    told = error.by_hand("Try again in a moment.") if isinstance(error, Passing) else error
    message.say("late", told.sentence, told.next_step)
