"""How much a room had to answer, as a distribution: an average hides the minutes in which all came at once."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from db.domain.raised import FLOOD_WITHIN, RaisedAlarm

OVER: Final = 10
"""More than so many in ten minutes are more than one person answers (EEMUA 191)."""
_COMMONEST: Final = 10
_ENOUGH: Final = 10
"""Windows below which "9 of 10" would be a share of nothing."""
_STANDS: Final = timedelta(hours=12)
"""Longer than any shift: nobody who is there has seen it begin."""


@dataclass(frozen=True, slots=True)
class AlarmLoad:
    """The load of a stretch of time, by windows of ten minutes.

    Attributes:
        windows: how many there are.
        most: how many alarms the fullest has.
        ninth: how many nine of ten windows do not exceed.
        over: how many windows have more than ten.
        commonest: kinds and how many of each, most first.
        standing: how many stood longer than a shift.
        by_priority: how many of each priority.
    """

    windows: int
    most: int
    ninth: int
    over: int
    commonest: tuple[tuple[str, int], ...]
    standing: int
    by_priority: tuple[tuple[int, int], ...]

    def words(self) -> str:
        """The load in a line, as somebody would tell it; empty where there was none.

        ``31 alarms: at most 2 in 9 of 10 stretches of 10 min, 7 in the fullest · 31 of priority 2``.
        """
        total = sum(count for _, count in self.by_priority)
        if not total:
            return ""
        shares = [f"{count} of priority {priority}" for priority, count in self.by_priority]
        stood = [f"{self.standing} stood longer than a shift"] if self.standing else []
        return " · ".join([self._spread(total), *shares, *stood])

    def _spread(self, total: int) -> str:
        """How many there were, and how they lay: a share of windows only where there are enough to have one."""
        if total == 1:
            return "1 alarm"
        if self.most == 1:
            return f"{total} alarms, no two in the same 10 min"
        usual = f"at most {self.ninth}" if self.ninth else "none"
        parts = [f"{usual} in 9 of 10 stretches of 10 min"] if self.windows >= _ENOUGH else []
        parts.append(f"{self.most} in the fullest{'' if parts else ' 10 min'}")
        parts += [f"more than {OVER} in {self.over} of {self.windows}"] if self.over else []
        return f"{total} alarms: {', '.join(parts)}"


def alarm_load(alarms: Sequence[RaisedAlarm], start: datetime, end: datetime) -> AlarmLoad:
    """The load between two moments, of alarms raised between them; what is on yet stands until ``end``."""
    windows = max(1, ceil((end - start) / FLOOD_WITHIN))
    counts = Counter(int((one.raised_at - start) / FLOOD_WITHIN) for one in alarms)
    filled = sorted(counts.get(at, 0) for at in range(windows))
    return AlarmLoad(
        windows,
        most=filled[-1],
        ninth=filled[ceil(0.9 * windows) - 1],
        over=sum(count > OVER for count in filled),
        commonest=tuple(Counter(one.kind for one in alarms).most_common(_COMMONEST)),
        standing=sum((one.returned_at or end) - one.raised_at > _STANDS for one in alarms),
        by_priority=tuple(sorted(Counter(one.priority for one in alarms).items())),
    )
