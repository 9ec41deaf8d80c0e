"""Answers what-if questions: the nights are read from the record, and replayed beside the window."""

import asyncio
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal

from console.live.desk import Desk
from console.running.aside import Aside, Overdue
from console.running.tasks import spawn
from db.domain.reference import Priority
from db.domain.what_if_asked import WhatIf, WhatIfAnswer
from db.errors import RecordError, Unavailable
from db.nights import PastNights

_SLOW: Final = 1.0
"""Seconds after which it is said how far it is, with a way to stop."""
_TELL: Final = 0.25
"""Seconds between two words about that."""
_WITHIN: Final = 120.0
"""Seconds for one replay; a year takes less than one."""
_Which = tuple[object, ...]


class StoppedReplay(Exception):  # noqa: N818 - what somebody did, and no error
    """Nobody waits for it any longer."""


class _Replay:
    """How far one is, and whether it shall go on; told and read in two threads."""

    def __init__(self) -> None:
        self.done, self.stopped = 0, False

    def note(self, done: int) -> None:
        if self.stopped:
            raise StoppedReplay
        self.done = done


class WhatIfAsking(QObject):
    """One question at a time; the nights of the last one are kept for the next."""

    read = Signal(object)
    """The :class:`db.nights.PastNights` that a question is about."""
    answered = Signal(object)
    """A :class:`db.domain.what_if_asked.WhatIfAnswer`."""
    failed = Signal(object)
    """A :class:`db.errors.RecordError`."""
    told = Signal()
    """It began, went on, began to take long, or ended."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._aside = Aside("what if")
        self._task: asyncio.Task[None] | None = None
        self._kept: tuple[_Which, PastNights] | None = None
        self._replay = _Replay()
        self._of = 0
        self.is_slow = False

    @property
    def is_working(self) -> bool:
        """Whether an answer is awaited."""
        return self._task is not None

    def look(self, question: WhatIf) -> None:
        """Read its nights, if they are not those that are known."""
        if self._kept is None or self._kept[0] != self._which(question):
            self._start(question, answers=False)

    def ask(self, question: WhatIf) -> None:
        """Answer it, instead of what is being answered."""
        self._start(question, answers=True)

    def stop(self) -> None:
        """No answer after all."""
        self._replay.stopped = True
        if self._task is not None:
            self._task.cancel()
        self._end()

    def progress(self) -> str:
        """How far it is, in words; empty while nothing takes long."""
        if not self.is_slow:
            return ""
        return f"Replayed {self._replay.done} of {self._of}…" if self._of else "Reading past nights…"

    def _start(self, question: WhatIf, *, answers: bool) -> None:
        self.stop()
        self._replay, self._of = _Replay(), 0
        self._task = spawn(self._work(question, answers=answers), "what if", self)
        asyncio.get_running_loop().call_later(_SLOW, self._say_slow, self._task)
        self.told.emit()

    def _say_slow(self, task: asyncio.Task[None]) -> None:
        if task is self._task and not task.done():
            self.is_slow = True
            self.told.emit()

    def _end(self) -> None:
        self._task, self.is_slow = None, False
        self.told.emit()

    async def _work(self, question: WhatIf, *, answers: bool) -> None:
        try:
            urgent = self.urgent()
            nights = await self._nights(question, urgent)
            self.read.emit(nights)
            if answers:
                self.answered.emit(await self._answer(question, nights, urgent))
        except RecordError as error:
            self.failed.emit(error)
        self._end()

    def urgent(self) -> Priority:
        """The most urgent priority: whom an answer is about.

        Raises:
            Unavailable: the record's reference data has not come yet.
        """
        known = sorted(self._desk.store.reference.priorities.values(), key=lambda one: one.rank)
        if not known:
            raise Unavailable("Nothing is known of priorities yet.", "Try again in a moment.")
        return known[0]

    def _which(self, question: WhatIf) -> _Which:
        periods = question.periods(self._desk.clock.now())
        return question.stretches, question.which, question.weeks, periods[-1:], self.urgent().code

    async def _nights(self, question: WhatIf, urgent: Priority) -> PastNights:
        which = self._which(question)
        if self._kept is None or self._kept[0] != which:
            periods = question.periods(self._desk.clock.now())
            self._kept = which, await self._desk.reads.past_nights(periods, urgent.code)
        return self._kept[1]

    async def _answer(self, question: WhatIf, nights: PastNights, urgent: Priority) -> WhatIfAnswer:
        replay = self._replay
        self._of = len(nights.nights)
        work = asyncio.ensure_future(
            self._aside.run(partial(nights.answer, question, replay.note), _WITHIN),
        )
        try:
            while not (await asyncio.wait({work}, timeout=_TELL))[0]:
                self.told.emit()
            compared = work.result()
        except Overdue:
            raise Unavailable("The replay takes too long.", "Ask about fewer weeks.") from None
        finally:
            replay.stopped = True
            work.cancel()
        return WhatIfAnswer(question, compared, self._of, urgent.code, urgent.within_minutes)
