"""Figures of a long stretch of time from those of its weeks: what adds up is not read again. Pure."""

from collections.abc import Sequence
from typing import Any, Final

from db.domain.measures import Amount, Unit
from db.domain.periods import Period

_ADDS_UP: Final = frozenset({Unit.SHARE, Unit.COUNT, Unit.HOURS})


def adds_up(unit: Unit) -> bool:
    """Whether a long stretch comes to what its weeks come to together.

    A median does not, and a shift that lies in two weeks counts in each of them.
    """
    return unit in _ADDS_UP


def made_of(stretch: Period, weeks: Sequence[Period]) -> range | None:
    """Which of some weeks, oldest first, make a stretch without a gap; None where they make none such."""
    first = next((at for at, week in enumerate(weeks) if week.start == stretch.start), None)
    last = next((at for at, week in enumerate(weeks) if week.end == stretch.end), None)
    if first is None or last is None or last < first:
        return None
    part = range(first, last + 1)
    return part if all(weeks[at].end == weeks[at + 1].start for at in part[:-1]) else None


def added_up(some: Sequence[Amount], unit: Unit) -> dict[str, Any]:
    """What they come to together, by the fields of an amount."""
    n = sum(one.n for one in some)
    told = {"n": n, "missing": sum(one.missing for one in some)}
    if unit is not Unit.SHARE:
        return told | {"value": sum(one.value or 0.0 for one in some)}
    part = sum(one.part or 0.0 for one in some)
    return told | {"value": part / n if n else None, "part": part}
