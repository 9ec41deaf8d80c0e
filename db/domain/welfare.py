"""Whether a crew that is with somebody is well: when it was heard, when it is to be heard again, and its silence.

A crew is watched closely where something speaks of danger to staff, and where somebody is alone. Times are UTC.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from db.domain.cautions import STAFF_SAFETY, Flag
from db.domain.clocks import local_time, shifted
from db.domain.read_back import CrewWord
from db.domain.records import Assignment
from db.domain.rules import Rules
from db.domain.states import AT_SCENE


class Silence(StrEnum):
    """How long nothing was heard of a crew."""

    NONE = "not due yet"
    DUE = "due"
    SILENT = "silent"
    LOST = "not heard from"


_WHY_ALONE: Final = "one alone"


@dataclass(frozen=True, slots=True)
class Welfare:
    """How it stands with a crew that is with somebody.

    Attributes:
        heard_at: when they were heard last: a word, or a step that they told.
        due_at: when they are to be heard.
        silent_at: from when their silence is an alarm.
        lost_at: from when it is an emergency.
        close: why they are watched closely; empty where they are not.
        word: the last word that was theirs alone; None where only steps were told.
    """

    heard_at: datetime
    due_at: datetime
    silent_at: datetime
    lost_at: datetime
    close: str = ""
    word: CrewWord | None = None

    def silence(self, now: datetime) -> Silence:
        """How silent they are at a moment."""
        if now >= self.lost_at:
            return Silence.LOST
        if now >= self.silent_at:
            return Silence.SILENT
        return Silence.DUE if now >= self.due_at else Silence.NONE

    def sentence(self, now: datetime) -> str:
        """``heard 03:10 by radio · word due 03:40 (staff safety)``."""
        heard = f"heard {local_time(self.heard_at, now)}"
        if self.word is not None:
            heard += f" by {self.word.channel}" if self.word.channel != "in person" else " in person"
            heard += f", {self.word.said_by}" if self.word.said_by else ""
        due = "word due" if now < self.due_at else "word was due"
        return f"{heard} · {due} {local_time(self.due_at, now)}{f' ({self.close})' if self.close else ''}"


def watched_closely(flags: Iterable[Flag], crew: int, now: datetime) -> str:
    """Why a crew is watched closely: a flag that is about its safety, or that nobody else is there."""
    grave = next((one for one in flags if one.is_active(now) and (one.danger or one.kind == STAFF_SAFETY)), None)
    if grave is not None:
        return grave.label
    return _WHY_ALONE if crew == 1 else ""


def welfare(
    job: Assignment, words: Sequence[CrewWord], flags: Iterable[Flag], crew: int, rules: Rules
) -> Welfare | None:
    """How it stands with the crew of a van; None unless it is with somebody.

    Args:
        job: what the van is on.
        words: those of the referral; other crews' are passed over.
        flags: of the referral's person and address.
        crew: how many ride in the van; 0 for not known.
        rules: how often, and how long a silence may be.
    """
    if job.state not in AT_SCENE:
        return None
    steps = [at for state, at in job.times.items() if state in AT_SCENE]
    mine = [one for one in words if one.assignment_id == job.id]
    last = max(mine, key=lambda one: one.recorded_at, default=None)
    heard = [*steps, *([last.recorded_at] if last is not None else [])]
    if not heard:
        return None
    close = watched_closely(flags, crew, max(heard))
    first, every = _cadence(rules, close=bool(close))
    due = shifted(max(heard), every if len(heard) > 1 else first)
    silent, lost = shifted(due, rules.welfare_silent), shifted(due, rules.welfare_lost)
    # A step that was told after the word is what was heard last.
    word = last if last is not None and last.recorded_at == max(heard) else None
    return Welfare(max(heard), due, silent, lost, close, word)


def _cadence(rules: Rules, *, close: bool) -> tuple[timedelta, timedelta]:
    if close:
        return rules.welfare_close_first, rules.welfare_close_every
    return rules.welfare_first, rules.welfare_every
