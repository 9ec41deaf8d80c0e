"""What comes behind the board: begun once the mirror was first read, or the record cannot be reached."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QObject

from console.live.store import LinkState, Store


class WhenRead(QObject):
    """Does something once.

    Args:
        store: the mirror.
        do: what; at once where the mirror was read before.
        parent: owner; with it gone nothing is done.
    """

    def __init__(self, store: Store, do: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store, self._do = store, do
        for signal in (store.changed, store.link_changed):
            signal.connect(self._look)
        self._look()

    def _look(self) -> None:
        store = self._store
        if store.is_read or store.link.state is LinkState.LOST:
            for signal in (store.changed, store.link_changed):
                signal.disconnect(self._look)
            self._do()


async def board_first(store: Store, within: float | None = None) -> None:
    """Wait for the same: nothing may make the first picture of the board later.

    Args:
        store: the mirror.
        within: seconds after which nobody waits any longer; None without an end.
    """
    read = asyncio.Event()
    waiting = WhenRead(store, read.set)
    with suppress(TimeoutError):
        async with asyncio.timeout(within):
            await read.wait()
    del waiting  # it listens as long as it is held
