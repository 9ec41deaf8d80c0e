"""What is asked of past nights: which of them, and how many vans in which hours; and the answer in words. Pure.

The words say what would have been, by a plain model, in nights that were. They never promise.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Final

from db.domain.clocks import allowance_in_words, local
from db.domain.periods import NIGHT_FROM, NIGHT_UNTIL, Period
from db.domain.what_if import FEWEST_NIGHTS, Compared, VansAt

WEEKS: Final = (13, 26, 52)
"""How far back nights may be replayed."""
MOST_VANS: Final = 40
_FRIDAY, _SATURDAY = 4, 5


class Stretches(StrEnum):
    """What is replayed; the value is what its button says."""

    NIGHTS = "nights, 19 to 07"
    DAYS = "days, 07 to 19"
    WHOLE = "whole days"

    @property
    def one(self) -> str:
        """What one of them is called."""
        return "night" if self is Stretches.NIGHTS else "day"

    @property
    def span(self) -> tuple[time, time]:
        """From when until when by the clock on the wall."""
        if self is Stretches.WHOLE:
            return time(), time()
        return (NIGHT_FROM, NIGHT_UNTIL) if self is Stretches.NIGHTS else (NIGHT_UNTIL, NIGHT_FROM)

    @property
    def hours(self) -> tuple[int, ...]:
        """Its hours by the clock on the wall, in order."""
        start, end = self.span
        many = (end.hour - start.hour) % 24 or 24
        return tuple((start.hour + nth) % 24 for nth in range(many))


class WhichDays(StrEnum):
    """By the day on which it begins; the value is what its button says."""

    EVERY = "every one"
    WEEK = "Sunday to Thursday"
    WEEKEND = "Friday and Saturday"

    def holds(self, weekday: int) -> bool:
        """Whether a day counts, Monday being 0."""
        late = weekday in {_FRIDAY, _SATURDAY}
        return self is WhichDays.EVERY or late == (self is WhichDays.WEEKEND)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A question.

    Attributes:
        vans: how many vans in which hour by the clock on the wall; an hour that is not there is as it was.
    """

    stretches: Stretches = Stretches.NIGHTS
    which: WhichDays = WhichDays.EVERY
    weeks: int = WEEKS[1]
    vans: Mapping[int, int] = field(default_factory=dict)

    def periods(self, now: datetime) -> tuple[Period, ...]:
        """The stretches that are over, of so many weeks, oldest first."""
        today = local(now).date()
        days = (today - timedelta(days=back) for back in range(7 * self.weeks, -1, -1))
        found = (Period.hours(day, *self.stretches.span) for day in days if self.which.holds(day.weekday()))
        return tuple(one for one in found if one.end <= now)

    def instead(self, staffed: VansAt, hours: Sequence[int]) -> VansAt:
        """The vans of one night, whose hours by the clock on the wall are given; what follows it is as it was."""
        return {**staffed, **{nth: self.vans[hour] for nth, hour in enumerate(hours) if hour in self.vans}}

    def vans_said(self) -> str:
        """``5 vans from 22 to 02, and 3 from 02 to 05``; empty where nothing is asked."""
        runs = list(self._runs())
        told = [
            f"{many} {'van' if many == 1 else 'vans'} from {first:02} to {last:02}" for many, first, last in runs
        ]
        return ", and ".join([*told[:1], *(one.replace(" vans", "").replace(" van", "") for one in told[1:])])

    def _runs(self) -> Iterator[tuple[int, int, int]]:
        """Hours in a row with the same vans: how many, from when, until when."""
        for many, part in groupby(self.stretches.hours, key=self.vans.get):
            hours = list(part)
            if many is not None:
                yield many, hours[0], (hours[-1] + 1) % 24

    def nights_said(self, many: int) -> str:
        """``100 nights``."""
        return f"{many} {self.stretches.one}{'' if many == 1 else 's'}"

    def asked_words(self) -> str:
        """The whole question: ``5 vans from 22 to 02; nights, 19 to 07, every one of 26 weeks``."""
        return f"{self.vans_said()}; {self.stretches}, {self.which} of {self.weeks} weeks"


@dataclass(frozen=True, slots=True)
class WhatIfAnswer:
    """What came of a question.

    Attributes:
        compared: None where too few nights say anything.
        nights: how many there were.
        who: whom the answer is about, such as the code of a priority.
        within: the minutes that they should not wait longer than.
    """

    question: WhatIf
    compared: Compared | None
    nights: int
    who: str
    within: int

    def sentence(self) -> str:
        """``With 5 vans from 22 to 02: 9 of 100 P1 wait over 60 min instead of 6; n 100 nights, …``."""
        asked, found = self.question, self.compared
        if found is None:
            few = f"{asked.nights_said(self.nights)}, of {FEWEST_NIGHTS} that are needed"
            return f"With {asked.vans_said()}: too few to say ({few}, or nobody of {self.who} in them)."
        n = asked.nights_said(found.nights)
        return f"With {asked.vans_said()}: {self._change(found)}; n {n}, {self.interval()}."

    def _change(self, found: Compared) -> str:
        if not found.is_shown:
            return "no difference shown"
        after, before = _apart(found.after, found.before)
        return f"{after} of 100 {self.who} wait over {allowance_in_words(self.within)} instead of {before}"

    def interval(self) -> str:
        """``interval 1 to 5 more of 100``; around zero with its signs."""
        found = self.compared
        if found is None:
            return ""
        if not found.is_shown:
            return f"interval {_signed(found.low)} to {_signed(found.high)} of 100"
        least, most = _apart(*sorted((abs(found.low), abs(found.high))))
        return f"interval {least} to {most} {'more' if found.low > 0 else 'fewer'} of 100"

    def check(self) -> str:
        """How the replay of what was compares with what was; empty where nothing is known of it."""
        found = self.compared
        if found is None or found.really is None:
            return ""
        one = self.question.stretches.one
        told = (
            f"As these {one}s were staffed the replay has {found.before:.0f} of 100 {self.who} wait over"
            f" {allowance_in_words(self.within)}; in the record it was {found.really:.0f}."
        )
        return told if found.fits else f"{told} {APART}"

    def row(self) -> tuple[str, ...]:
        """For a table, in the order of :data:`HEADERS`."""
        found, asked = self.compared, self.question
        which = f"{asked.stretches}, {asked.which} of {asked.weeks} weeks"
        if found is None:
            return (asked.vans_said(), which, str(self.nights), "0", "too few to say", "", "", "", "")
        after, before = _apart(found.after, found.before)
        says = "a difference is shown" if found.is_shown else "no difference shown"
        return (
            asked.vans_said(),
            which,
            str(found.nights),
            str(found.people),
            says,
            before,
            after,
            f"{found.never:.0f}",
            self.interval(),
        )


HEADERS: Final = (
    "With",
    "In which",
    "n",
    "People",
    "Says",
    "Too long of 100, as staffed",
    "With these vans",
    "Of them met by nobody",
    "95 % interval",
)
APART: Final = "They are too far apart: at most go by which way it changes, and not by how much."
"""What is said beside the answer where the replay of what was is not what was."""
ASSUMED: Final = (
    "What would have been, in a plain model; it promises nothing for nights to come.",
    "A free van goes to whoever waits: by priority, then by who called first.",
    "Calls, ways and jobs last as they did; one that nobody put down is drawn from the others, the same for both.",
    "Every van is free at the beginning; one whose hours are over ends its job; afterwards all is as it was.",
    "Who was met by no van is not in it; nor are breaks, bases, and who rides in a van.",
)
"""What the answer goes by, said beside it."""


def _apart(*values: float) -> list[str]:
    """Figures in as few digits as tell them apart, and from nothing."""
    told = [f"{one:.0f}" for one in values]
    for digits in (1, 2):
        if len(set(told)) == len(set(values)) and all(
            float(said) or not one for said, one in zip(told, values, strict=True)
        ):
            break
        told = [f"{one:.{digits}f}" for one in values]
    return told


def _signed(value: float) -> str:
    told = f"{value:+.0f}"
    return "0" if told in {"+0", "-0"} else told
