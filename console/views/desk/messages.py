"""What the desk says over its panels: one sentence at a time, and none of them covered for good by another."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtWidgets import QWidget

from console.look.panel import LOOK_MS, MessageBar, Severity
from console.running.faults import attempt

_READ_FOR: Final = 15.0
"""Seconds for which an outage that is over is still told: somebody may just have looked up."""
_GRAVITY: Final[dict[Severity, int]] = {"info": 0, "good": 0, "warn": 1, "late": 2}


@dataclass(frozen=True, slots=True)
class _Said:
    """A message that is kept. The same words are the same message, whoever can tell whether they still hold."""

    severity: Severity
    sentence: str
    next_step: str
    button: str
    so: Callable[[], bool] | None = field(default=None, compare=False)
    read_for: float = field(default=0.0, compare=False)

    @property
    def is_over(self) -> bool:
        return self.so is not None and attempt("whether a message is still so", self.so) is False


class DeskMessages(MessageBar):
    """Messages that wait for each other. The gravest is shown, of those the newest; *Dismiss* shows the next.

    Faults, outages and refusals come from parts that know nothing of each other, and often at one
    moment: what makes one fail makes others fail. So none may take another's place before a person has read it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept: list[_Said] = []
        self._over: dict[_Said, int] = {}

    def say(
        self,
        severity: Severity,
        sentence: str,
        next_step: str = "",
        button: str = "",
        *,
        so: Callable[[], bool] | None = None,
    ) -> None:
        """Show a message, or keep it behind a graver one; one that is kept already is not said twice."""
        self._keep(_Said(severity, sentence, next_step, button, so))

    def warn(self, sentence: str, so: Callable[[], bool] | None = None) -> None:
        """Show a fault; or an outage, whose sender gives what says whether it lasts."""
        self._keep(_Said("warn", sentence, "", "", so, _READ_FOR))

    def take_back(self, sentence: str) -> None:
        """Drop a message that is true no longer."""
        for said in [one for one in self._kept if one.sentence == sentence]:
            self._forget(said)
        self._show_first()

    def look(self) -> None:
        """Take away what is so no longer, wherever it waits; an outage once somebody can have read it."""
        over = [said for said in self._kept if said.is_over]
        self._over = {said: self._over.get(said, 0) + 1 for said in over}
        gone = [said for said, looks in self._over.items() if looks * LOOK_MS >= said.read_for * 1000]
        for said in gone:
            self._forget(said)
        if gone:
            self._show_first()

    def waiting(self) -> int:
        """How many are behind the one that is shown."""
        return max(len(self._kept) - 1, 0)

    def clear(self) -> None:
        """Put away the one that is shown; the next takes its place."""
        del self._kept[:1]
        self._show_first()

    def _keep(self, said: _Said) -> None:
        self._forget(said)
        graver = [one for one in self._kept if _GRAVITY[one.severity] > _GRAVITY[said.severity]]
        self._kept.insert(len(graver), said)
        self._show_first()

    def _forget(self, said: _Said) -> None:
        if said in self._kept:
            self._kept.remove(said)

    def _show_first(self) -> None:
        if not self._kept:
            super().clear()
            return
        first = self._kept[0]
        super().say(first.severity, first.sentence, first.next_step, first.button)
        self.say_waiting(self.waiting())
        self._watch(any(said.so is not None for said in self._kept))
