"""Who told the steps of what is in sight: events, read when a lane comes into view and kept while they hold."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from console.running.tasks import spawn
from console.views.detail.story import StoryLine
from db.errors import RecordError

AT_ONCE: Final = 12
"""Referrals that are asked for together: turned into lines in a few milliseconds, so that nobody waits for it."""
KEPT: Final = 1500
AGAIN_AFTER: Final = 10.0
"""Seconds after which it is asked again where the record did not answer."""

Read = Callable[[Sequence[UUID]], Awaitable[Mapping[UUID, Sequence[StoryLine]]]]


class Stories(QObject):
    """Lines of the stories by referral. What is not known yet has none."""

    came = Signal(object)
    """A frozenset of the referrals of which the lines came or changed."""

    def __init__(self, read: Read, parent: QObject) -> None:
        super().__init__(parent)
        self._read = read
        self._lines: dict[UUID, tuple[StoryLine, ...]] = {}
        self._wanted: list[UUID] = []
        self._stale: set[UUID] = set()
        self._task: asyncio.Task[None] | None = None

    def of(self, referral_id: UUID) -> tuple[StoryLine, ...]:
        """The lines of a referral, as far as they are known."""
        return self._lines.get(referral_id, ())

    def want(self, referrals: Iterable[UUID]) -> None:
        """Read those that are not known; what was wanted before and is out of sight is dropped."""
        self._wanted = [key for key in referrals if key not in self._lines or key in self._stale]
        if self._wanted and (self._task is None or self._task.done()):
            self._task = spawn(self._work(), "read who told the steps", self)

    def changed(self, referrals: Iterable[UUID]) -> None:
        """These have new events: they are read again when they are in sight."""
        self._stale |= self._lines.keys() & set(referrals)

    async def _work(self) -> None:
        while self._wanted:
            some, self._wanted = self._wanted[:AT_ONCE], self._wanted[AT_ONCE:]
            self._stale -= set(some)
            try:
                found = await self._read(some)
            except RecordError:
                # The lanes stay as the rows tell them; the status bar says that the link is lost.
                await asyncio.sleep(AGAIN_AFTER)
                continue
            self._keep(some, found)

    def _keep(self, asked: Sequence[UUID], found: Mapping[UUID, Sequence[StoryLine]]) -> None:
        new = {key: tuple(found.get(key, ())) for key in asked}
        came = frozenset(key for key, lines in new.items() if self._lines.get(key) != lines)
        for key in asked:
            self._lines.pop(key, None)
        self._lines |= new
        while len(self._lines) > KEPT:
            self._lines.pop(next(iter(self._lines)))
        if came:
            self.came.emit(came)
