"""Reads again, once the link is back, what could not be read without it: so the sentence says that it does."""

import asyncio
from collections.abc import Callable

from PySide6.QtCore import QObject

from console.live.store import Link, LinkState, Store
from db.engine import TRIES_AGAIN
from db.errors import RecordError


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

    def owe(self, error: RecordError) -> None:
        """It could not be read, which is told. What the record refuses it refuses again."""
        self._is_told = True
        self._is_owed = error.next_step.endswith(TRIES_AGAIN)

    def is_read(self) -> bool:
        """It was read. Returns whether it was told that it could not be, which is true no more."""
        told, self._is_told, self._is_owed = self._is_told, False, False
        return told

    def _follow(self, link: Link) -> None:
        # Comes with every beat, so that it is tried once a second at most.
        if self._is_owed and link.state is LinkState.LIVE:
            self._is_owed = False
            self._read()
