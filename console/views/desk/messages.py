"""What the desk says over its panels: one sentence at a time, and none of them covered for good by another."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtWidgets import QWidget

from console.live.keeper import BACK, LONG, SILENT, SLOW, STOPPED
from console.live.store import Link, LinkState
from console.look.panel import MessageBar, Severity
from db.engine import TRIES_AGAIN

_OUTAGES: Final = frozenset((STOPPED, SILENT, SLOW, LONG, BACK))
_READ_FOR: Final = 15
"""Beats of a live link, one a second, for which an outage that is over is still told."""
_GRAVITY: Final[dict[Severity, int]] = {"info": 0, "good": 0, "warn": 1, "late": 2}


@dataclass(frozen=True, slots=True)
class _Said:
    severity: Severity
    sentence: str
    next_step: str
    button: str

    @property
    def is_outage(self) -> bool:
        """Whether it tells of the link alone: what was asked for and refused stays until somebody has read it."""
        return self.severity == "warn" and (self.sentence in _OUTAGES or self.sentence.endswith(TRIES_AGAIN))


class DeskMessages(MessageBar):
    """Messages that wait for each other. The gravest is shown, of those the newest; *Dismiss* shows the next.

    Faults, outages and refusals come from parts that know nothing of each other, and often at one
    moment: what makes one fail makes others fail. So none may take another's place before a person has read it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept: list[_Said] = []
        self._lived: dict[_Said, int] = {}

    def say(self, severity: Severity, sentence: str, next_step: str = "", button: str = "") -> None:
        """Show a message, or keep it behind a graver one; one that is kept already is not said twice."""
        said = _Said(severity, sentence, next_step, button)
        self._forget(said)
        graver = [one for one in self._kept if _GRAVITY[one.severity] > _GRAVITY[severity]]
        self._kept.insert(len(graver), said)
        self._show_first()

    def warn(self, sentence: str) -> None:
        """Show a fault or an outage."""
        self.say("warn", sentence)

    def take_back(self, sentence: str) -> None:
        """Drop a message that is true no longer."""
        for said in [one for one in self._kept if one.sentence == sentence]:
            self._forget(said)
        self._show_first()

    def hear(self, link: Link) -> None:
        """The link has beaten, or broke: an outage that is over goes once somebody can have read it."""
        live = link.state is LinkState.LIVE
        self._lived = {said: self._lived.get(said, 0) + 1 if live else 0 for said in self._kept if said.is_outage}
        for said in [said for said, beats in self._lived.items() if beats >= _READ_FOR]:
            self._forget(said)
            self._show_first()

    def waiting(self) -> int:
        """How many are behind the one that is shown."""
        return max(len(self._kept) - 1, 0)

    def clear(self) -> None:
        """Put away the one that is shown; the next takes its place."""
        del self._kept[:1]
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
