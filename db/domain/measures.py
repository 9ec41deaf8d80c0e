"""Measures that do no harm: each figure with its n, what is missing, and the measure that balances it.

What is measured, in plain words, are rows of the record (``measure``); how a figure is worked out is here, by the
row's key. A figure is never a grade: neither high nor low is called good.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import ceil
from statistics import fmean, median
from typing import Literal

from db.domain.clocks import in_words
from db.domain.records import YesNo
from db.domain.states import ReferralState

Care = Literal["needed and done", "needed and not done", "not needed", "unknown"]
"""Whether A&E was needed, and done."""
BACK_WITHIN = timedelta(hours=72)
FEWEST = 5
"""A group of fewer is not shown: its members could be told by name."""
NOT_RECORDED = "not recorded"
_IN_NUMBERS_TO = 20
_ENDED = frozenset({ReferralState.CLOSED, ReferralState.DECLINED, ReferralState.CANCELLED})


@dataclass(frozen=True, slots=True)
class Kept:
    """Things that were promised, wished for, or put down for later.

    Attributes:
        made: how many.
        due: of how many the time is over, or the end is known.
        kept: how many of those were kept.
    """

    made: int
    due: int
    kept: int


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """Screening answers that were "not known" and were asked again: how many, and what became of them."""

    asked: int = 0
    no: int = 0
    yes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One referral, as far as the measures ask about it. Times are UTC; what nobody recorded is None.

    Attributes:
        allowed: how long its priority lets it take from received to with patient.
        met: a crew of ours was with the person, also where nobody put down when.
        met_at: when the first one was.
        accompanied: a crew or police waited with the person.
        concern: the last screening has an answer other than no.
        held_until: the latest end of a hold; None when it was never held.
        back: the same person was referred again within 72 hours; None where nobody can tell.
        spoken_to: somebody spoke with the person; None while the record does not keep that.
        age: full years when it was received.
        deprivation: tenth of the Index of Multiple Deprivation, 1 the most deprived.
    """

    received_at: datetime
    state: ReferralState
    allowed: timedelta
    met: bool = False
    met_at: datetime | None = None
    accompanied: bool = False
    screened: bool = False
    concern: bool = False
    overridden: bool = False
    asked_again: AskedAgain = AskedAgain()
    held_until: datetime | None = None
    ae_care: str | None = None
    ae_avoided: YesNo | None = None
    force_used: YesNo | None = None
    back: bool | None = None
    spoken_to: bool | None = None
    wished: bool = False
    promises: Kept | None = None
    wishes: Kept | None = None
    follow_ups: Kept | None = None
    age: int | None = None
    language: str = ""
    ethnicity: str | None = None
    deprivation: int | None = None

    @property
    def ended(self) -> bool:
        """Whether it was closed, declined or cancelled."""
        return self.state in _ENDED


@dataclass(frozen=True, slots=True)
class Share:
    """``part`` of ``n``; of ``missing`` more it is not recorded."""

    part: int
    n: int
    missing: int = 0

    def words(self) -> str:
        """``3 of 12``; beyond twenty with the percentage."""
        if not self.n:
            return NOT_RECORDED if self.missing else "none"
        told = f"{self.part} of {self.n}"
        return told if self.n <= _IN_NUMBERS_TO else f"{told} ({100 * self.part / self.n:.0f} %)"


@dataclass(frozen=True, slots=True)
class Minutes:
    """Lengths of time in minutes, shortest first; of ``missing`` more the time is not recorded."""

    values: tuple[float, ...]
    missing: int = 0

    @property
    def n(self) -> int:
        """How many."""
        return len(self.values)

    def words(self) -> str:
        """Median, mean and the 90th centile, which is the value that nine of ten do not exceed."""
        if not self.values:
            return NOT_RECORDED if self.missing else "none"
        # The nearest rank: a wait that somebody had, and no value worked out between two of them.
        ninth = self.values[ceil(0.9 * self.n) - 1]
        told = (in_words(timedelta(minutes=one)) for one in (median(self.values), fmean(self.values), ninth))
        return " · ".join(
            f"{name} {words}" for name, words in zip(("median", "mean", "90th centile"), told, strict=True)
        )


Figure = Share | Minutes
Rule = Callable[[Sequence[Episode]], Figure]


@dataclass(frozen=True, slots=True)
class Measure:
    """A definition: a row of the record.

    Attributes:
        balance: the key of the measure that is read beside it.
        dated: since when it is worded so, by ``author``.
    """

    key: str
    title: str
    definition: str
    clock_start: str
    clock_stop: str
    balance: str
    source: str
    author: str
    dated: date
    computed: bool

    def clock(self) -> str:
        """From what to what it counts; empty for what is no time."""
        return f"{self.clock_start} to {self.clock_stop}" if self.clock_stop else ""


# --- how each is worked out ---


def _share(of: Iterable[Episode], says: Callable[[Episode], bool | None]) -> Share:
    answers = [says(one) for one in of]
    known = [answer for answer in answers if answer is not None]
    return Share(sum(known), len(known), len(answers) - len(known))


def _response(met: Iterable[Episode]) -> Minutes:
    there = list(met)
    waits = sorted((one.met_at - one.received_at).total_seconds() / 60 for one in there if one.met_at is not None)
    return Minutes(tuple(waits), len(there) - len(waits))


def _in_time(one: Episode) -> bool | None:
    return None if one.met_at is None else one.met_at - one.received_at <= one.allowed


def _met(episodes: Iterable[Episode]) -> list[Episode]:
    return [one for one in episodes if one.met]


def _ended(episodes: Iterable[Episode]) -> list[Episode]:
    return [one for one in episodes if one.ended]


def _in_state(episodes: Iterable[Episode], state: ReferralState) -> list[Episode]:
    return [one for one in episodes if one.state is state]


def _care(said: str) -> Rule:
    return lambda all_of: _share(_met(all_of), lambda one: None if one.ae_care is None else one.ae_care == said)


def _answered(said: YesNo | None) -> bool | None:
    return None if said in {None, YesNo.UNKNOWN} else said is YesNo.YES


def _kept(named: Callable[[Episode], Kept | None]) -> Rule:
    def rule(episodes: Sequence[Episode]) -> Share:
        found = [kept for one in episodes if (kept := named(one)) is not None]
        # Of what is due and not of what was made: a promise whose time is still to come is neither
        # kept nor broken.
        return Share(sum(one.kept for one in found), sum(one.due for one in found), len(episodes) - len(found))

    return rule


def _any_made(named: Callable[[Episode], Kept | None], of: Iterable[Episode]) -> Share:
    return _share(of, lambda one: None if (kept := named(one)) is None else kept.made > 0)


def _unknown_to(became: Callable[[AskedAgain], int]) -> Rule:
    return lambda all_of: Share(
        sum(became(one.asked_again) for one in all_of), sum(one.asked_again.asked for one in all_of)
    )


RULES: Mapping[str, Rule] = {
    "response": lambda all_of: _response(_met(all_of)),
    "within": lambda all_of: _share(_met(all_of), _in_time),
    "never_met": lambda all_of: _share(_ended(all_of), lambda one: not one.met),
    "declined": lambda all_of: _share(_ended(all_of), lambda one: one.state is ReferralState.DECLINED),
    "cancelled": lambda all_of: _share(_ended(all_of), lambda one: one.state is ReferralState.CANCELLED),
    "cancelled_unheard": lambda all_of: _share(
        _in_state(all_of, ReferralState.CANCELLED),
        lambda one: None if one.spoken_to is None else not one.spoken_to,
    ),
    "response_alone": lambda all_of: _response(one for one in _met(all_of) if not one.accompanied),
    "response_accompanied": lambda all_of: _response(one for one in _met(all_of) if one.accompanied),
    "care_done": _care("needed and done"),
    "care_not_done": _care("needed and not done"),
    "care_not_needed": _care("not needed"),
    "care_not_known": _care("unknown"),
    "back": lambda all_of: _share(_ended(all_of), lambda one: one.back),
    "promises_kept": _kept(lambda one: one.promises),
    "promises_made": lambda all_of: _any_made(lambda one: one.promises, all_of),
    "wishes_kept": _kept(lambda one: one.wishes),
    "wishes_asked": lambda all_of: _share(_met(all_of), lambda one: one.wished),
    "follow_ups_kept": _kept(lambda one: one.follow_ups),
    "follow_ups_made": lambda all_of: _any_made(lambda one: one.follow_ups, _ended(all_of)),
    "holds_past_due": lambda all_of: _share(
        (one for one in all_of if one.held_until is not None),
        lambda one: one.held_until is not None and one.held_until > one.received_at + one.allowed,
    ),
    "overrides": lambda all_of: _share((one for one in all_of if one.screened), lambda one: one.overridden),
    "screened_out": lambda all_of: _share(
        (one for one in all_of if one.screened), lambda one: one.concern and one.state is ReferralState.DECLINED
    ),
    "unknown_to_no": _unknown_to(lambda again: again.no),
    "unknown_to_yes": _unknown_to(lambda again: again.yes),
    "force": lambda all_of: _share(_met(all_of), lambda one: _answered(one.force_used)),
    # It is asked at the closing, so before that nobody has left it out.
    "force_not_said": lambda all_of: _share(
        _in_state(_met(all_of), ReferralState.CLOSED), lambda one: one.force_used is None
    ),
    "avoided": lambda all_of: _share(_met(all_of), lambda one: _answered(one.ae_avoided)),
}


def asked_again(answers: Sequence[Mapping[str, object]]) -> AskedAgain:
    """What became of each "not known".

    Args:
        answers: of the screenings of one referral, oldest first.
    """
    # Only where the next screening asked it again; one that it left out says nothing.
    became = [
        new[key] for old, new in pairwise(answers) for key, was in old.items() if was == "not known" and key in new
    ]
    return AskedAgain(len(became), became.count("no"), became.count("yes"))


# --- by groups of people ---


def age_band(age: int | None) -> str:
    """``18 to 24``; under 18 and over 85 are one band each."""
    if age is None:
        return NOT_RECORDED
    edges = (0, 18, 25, 45, 65, 85)
    # The record believes a birth up to the day after the receipt, as it lies in another zone: an age of -1.
    low = max(edge for edge in edges if edge <= max(age, 0))
    if low == 0:
        return "under 18"
    return "85 and over" if low == edges[-1] else f"{low} to {edges[edges.index(low) + 1] - 1}"


def _deprivation(tenth: int | None) -> str:
    return NOT_RECORDED if tenth is None else f"fifth {(tenth + 1) // 2} of 5, 1 the most deprived"


GROUPS: Mapping[str, Callable[[Episode], str]] = {
    "age": lambda one: age_band(one.age),
    "language": lambda one: one.language or NOT_RECORDED,
    "ethnicity": lambda one: one.ethnicity or NOT_RECORDED,
    "deprivation": lambda one: _deprivation(one.deprivation),
}
BY_GROUP = ("response", "never_met", "declined", "force")
"""Measures in which groups of people may fare differently, and a lead must see it."""


def by_group(key: str, dimension: str, episodes: Sequence[Episode]) -> dict[str, Figure | None]:
    """A measure for each group that occurs; None where too few people stand behind it.

    Where one group alone is left out it could be told from the whole, so the next smallest goes with it.
    """
    members: dict[str, list[Episode]] = {}
    for one in episodes:
        members.setdefault(GROUPS[dimension](one), []).append(one)
    figures = {group: RULES[key](those) for group, those in sorted(members.items())}
    hidden = {group for group, figure in figures.items() if figure.n < FEWEST}
    if len(hidden) == 1 and len(figures) > 1:
        hidden.add(min(figures.keys() - hidden, key=lambda group: (figures[group].n, group)))
    return {group: None if group in hidden else figure for group, figure in figures.items()}
