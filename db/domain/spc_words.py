"""What a series says, in an icon, a letter and a sentence: improving, a concern, or as usual."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import Final, Literal

from db.domain.measures import Better
from db.domain.number_words import in_letters
from db.domain.spc import FEWEST_POINTS, JudgedPoint, Side, Signal, SpcLimits, SpcRule

Assurance = Literal["passes", "fails", "may vary"]
Change = Literal["common cause", "improving", "concern", "changed", "trial limits"]
_BY_CHANCE: Final = ((13, 8.5), (24, 18.5), (52, 42.0))
"""Points, and of 100 charts of a steady process those that show a signal all the same."""


@dataclass(frozen=True, slots=True)
class SpcIcon:
    """What a point says, in a word and a letter.

    Attributes:
        change: ``trial limits`` is no icon at all: there is too little to judge by.
        letter: ``H`` for high, ``L`` for low, empty for neither.
    """

    change: Change
    letter: Literal["H", "L", ""] = ""

    def words(self) -> str:
        """``L improving``."""
        return f"{self.letter} {self.change}".strip()


def icons_of(judged: JudgedPoint, better: Better) -> tuple[SpcIcon, ...]:
    """The icon of a point; two where it improves and is a concern at once."""
    if judged.limits is None or judged.limits.trial:
        return (SpcIcon("trial limits"),)
    found = tuple(SpcIcon(_change(side, better), "H" if side == "high" else "L") for side in judged.sides)
    return found or (SpcIcon("common cause"),)


def _change(side: Side, better: Better) -> Change:
    if better is Better.NEITHER:
        return "changed"
    return "improving" if (side == "high") == (better is Better.HIGHER) else "concern"


def assurance_of(judged: JudgedPoint, target: float, better: Better) -> Assurance | None:
    """Whether chance alone could take a process over its target; None where that cannot be asked.

    A value on the target meets it: what is always 100 % passes a target of 100 %.
    """
    limits = judged.limits
    if limits is None or limits.trial or better is Better.NEITHER:
        return None
    worst, best = (limits.lower, limits.upper) if better is Better.HIGHER else (-limits.upper, -limits.lower)
    wanted = target if better is Better.HIGHER else -target
    if worst >= wanted:
        return "passes"
    return "fails" if best < wanted else "may vary"


@dataclass(frozen=True, slots=True)
class SpcTelling:
    """How a series is told.

    Attributes:
        value: a figure in words: ``35 min``.
        period: one period, in words: ``week``.
        least: no figure of this kind lies below, wherever a limit falls: 0 for minutes.
        most: none lies above: 100 for a percentage.
    """

    value: Callable[[float], str]
    period: str = "week"
    least: float = 0.0
    most: float = inf

    def periods(self, count: int) -> str:
        """``seven weeks``."""
        return f"{in_letters(count)} {self.period}{'' if count == 1 else 's'}"

    def within(self, limits: SpcLimits) -> tuple[float, float]:
        """The limits, as far as a figure of this kind can reach."""
        return max(limits.lower, self.least), min(limits.upper, self.most)


def sentence_of(judged: Sequence[JudgedPoint], telling: SpcTelling) -> str:
    """What the last point says: as "35 min, lower than usual for seven weeks"."""
    known = [one for one in judged if one.point.value is not None]
    if not known:
        return f"No {telling.period} with a figure yet."
    last = known[-1]
    return f"{telling.value(last.point.value or 0.0)}{_about(known, telling)}."


def _about(known: Sequence[JudgedPoint], telling: SpcTelling) -> str:
    last = known[-1]
    limits = last.limits
    if limits is None or limits.trial:
        have = limits.worked_from if limits is not None else 0
        return f"; trial limits, from {have} {telling.period}s of the {FEWEST_POINTS} that are needed"
    if not last.sides:
        low, high = (telling.value(one) for one in telling.within(limits))
        return f", as usual: between {low} and {high}" if limits.spread else f", as ever: always {high}"
    return f", {' and '.join(_for_how_long(known, side, telling) for side in last.sides)}"


def _for_how_long(known: Sequence[JudgedPoint], side: Side, telling: SpcTelling) -> str:
    """A level that is unusual is told as that; what is only on its way is told as rising or falling."""
    if _is_level(known[-1], side):
        word = "higher" if side == "high" else "lower"
        return f"{word} than usual for {telling.periods(_run(known, side, _is_level))}"
    word = "rising" if side == "high" else "falling"
    return f"{word} for {telling.periods(_run(known, side, _is_trend))}"


def _is_level(one: JudgedPoint, side: Side) -> bool:
    return any(signal.side == side and signal.rule is not SpcRule.TREND for signal in one.signals)


def _is_trend(one: JudgedPoint, side: Side) -> bool:
    return Signal(SpcRule.TREND, side) in one.signals


def _run(known: Sequence[JudgedPoint], side: Side, says: Callable[[JudgedPoint, Side], bool]) -> int:
    """How many of the last points on end say so."""
    return next((at for at, one in enumerate(reversed(known)) if not says(one, side)), len(known))


def earlier_words(judged: Sequence[JudgedPoint], better: Better, telling: SpcTelling) -> str:
    """What points before the last one said that it does not say; empty for nothing. Both ways are told."""
    known = [one for one in judged if one.point.value is not None]
    if not known:
        return ""
    last = set(icons_of(known[-1], better))
    said: dict[SpcIcon, int] = {}
    for one in known:
        for icon in icons_of(one, better):
            if icon.letter and icon not in last:
                said[icon] = said.get(icon, 0) + 1
    told = (f"{telling.periods(count)} {icon.words()}" for icon, count in said.items())
    return f"Earlier: {', '.join(told)}." if said else ""


def by_chance(points: int) -> str:
    """How often a steady process of so many points shows a signal all the same, in words; empty below thirteen."""
    if points < FEWEST_POINTS:
        return ""
    share = _between(points)
    return (
        f"Of 100 charts with {points} points of a steady process about {share:.0f} show a signal by chance:"
        " judge the last point."
    )


def _between(points: int) -> float:
    # Each point has about the same chance, so that those without any signal fall by a constant share a point.
    for (few, low), (many, high) in pairwise(_BY_CHANCE):
        if points <= many:
            return low + (high - low) * (points - few) / (many - few)
    many, high = _BY_CHANCE[-1]
    return float(100 * (1 - (1 - high / 100) ** (points / many)))
