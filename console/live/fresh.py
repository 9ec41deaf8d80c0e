"""What is asked of the roads again and again while somebody looks at it."""

import asyncio
from functools import partial
from typing import ClassVar

from PySide6.QtCore import QObject, Signal

from console.live.desk import Desk
from console.live.geography import Geography
from console.live.store import Delta
from console.running.tasks import again_and_again

AGAIN_AFTER = 10.0
"""Seconds between two looks, whatever moved."""


class FreshWhileSeen(QObject):
    """Worked out every ten seconds, and when something changes that it hangs on; at rest it costs nothing."""

    changed = Signal()

    what: ClassVar[str]
    """What it is, for the log."""
    sentence: ClassVar[str]
    """What is said when it cannot be worked out."""
    matters: ClassVar[tuple[str, ...]]
    """The tables that it hangs on."""

    def __init__(self, desk: Desk, geography: Geography, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._geography = desk, geography
        self._again = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        desk.store.changed.connect(self._look)
        geography.loaded.connect(self._again.set)

    def want(self, *, wanted: bool) -> None:
        """Keep it fresh from now on, or rest."""
        if wanted and self._task is None:
            work = partial(again_and_again, self.work_out, self._again, AGAIN_AFTER)
            self._task = self._desk.supervisor.keep(self.what, work, self.sentence, owner=self)
        elif not wanted and self._task is not None:
            self._task.cancel()
            self._task = None

    async def work_out(self) -> None:
        """Ask, and say ``changed`` where the answer is another one."""
        raise NotImplementedError

    def _look(self, delta: Delta) -> None:
        if any(delta.touched(table) for table in self.matters):
            self._again.set()
