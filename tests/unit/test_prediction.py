"""Predictions from the past, against a brute count, scipy's curve, and simulated services."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.domain.prediction import (
    BANDED,
    FEWEST,
    LONGEST,
    PROMISED,
    Curve,
    Lasted,
    Lengths,
    track_record,
)

NOON = datetime(2026, 3, 28, 12, tzinfo=UTC)
Length = tuple[float, bool]
LENGTHS = st.lists(st.tuples(st.integers(1, 90).map(float), st.booleans()), min_size=1, max_size=40)


def of(lengths: Sequence[Length], group: str = "", at: datetime = NOON, first: int = 0) -> list[Lasted]:
    """Things that lasted so long; one that did not end was last seen then."""
    made = []
    for number, (minutes, ended) in enumerate(lengths, first):
        until = at - timedelta(days=30) + timedelta(minutes=minutes)
        seen = None if ended else until
        made.append(Lasted(UUID(int=number), at - timedelta(days=30), until if ended else None, group, seen))
    return made


def known(*minutes: float, running: Sequence[float] = ()) -> Lengths:
    return Lengths(of([*((one, True) for one in minutes), *((one, False) for one in running)]), NOON)


def goes_on(lengths: Sequence[Length], minutes: float) -> float:
    """The share that goes on beyond a length, by counting those at risk at each end one after the other."""
    share = 1.0
    for at in sorted({took for took, ended in lengths if ended and took <= minutes}):
        at_risk = sum(took >= at for took, _ in lengths)
        share *= 1 - sum(ended and took == at for took, ended in lengths) / at_risk
    return share


@settings(max_examples=150, deadline=None)
@given(LENGTHS)
def test_the_curve_is_kaplan_and_meiers(lengths: list[Length]) -> None:
    curve = Curve(lengths)
    for minutes in (0.0, *(took for took, _ in lengths), 100.0):
        assert curve.share_by(minutes) == pytest.approx(1 - goes_on(lengths, minutes))


def test_the_curve_is_scipys() -> None:
    stats = pytest.importorskip("scipy.stats")
    chance = Random(8)
    lengths = [(round(chance.lognormvariate(2.7, 0.6), 1), chance.random() < 0.7) for _ in range(120)]
    theirs = stats.ecdf(
        stats.CensoredData(
            uncensored=[took for took, ended in lengths if ended],
            right=[took for took, ended in lengths if not ended],
        )
    ).cdf
    ours = Curve(lengths)
    assert [ours.share_by(at) for at in theirs.quantiles] == pytest.approx(list(theirs.probabilities))


@settings(max_examples=150, deadline=None)
@given(LENGTHS, st.integers(0, 89), st.floats(0.05, 0.95))
def test_what_is_asked_is_asked_of_those_that_lasted_so_long(
    lengths: list[Length], waited: int, share: float
) -> None:
    found = Curve(lengths).length_of(share, float(waited))
    left = goes_on(lengths, waited)
    fitting = [
        took
        for took, ended in sorted(lengths)
        if ended and took > waited and left > 0 and goes_on(lengths, took) / left <= 1 - share + 1e-9
    ]
    assert found == (min(fitting) if fitting else None)


@settings(max_examples=200, deadline=None)
@given(LENGTHS, LENGTHS, st.floats(0, 100))
def test_nothing_is_told_of_what_is_past_nor_from_nothing(
    some: list[Length], others: list[Length], waited: float
) -> None:
    lasted = [*of(some), *of(others, "police", first=len(some))]
    found = Lengths(lasted, NOON).forecast(waited, "police")
    ended = [took for took, over in (*some, *others) if over and took > waited]
    if found is None:
        assert len(ended) < FEWEST or any(not over for _, over in (*some, *others))
        return
    assert found.n == len(ended) >= FEWEST
    assert found.near == sum(over and took > waited for took, over in others)
    assert waited < found.first <= found.about <= (found.last or found.about)
    assert found.is_banded is (len(ended) >= BANDED)


@pytest.mark.hazard("H-084")
@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 90).map(float), st.integers(0, 5).map(bool)), min_size=12, max_size=50),
    st.floats(0, 40),
    st.floats(0, 20),
)
def test_who_has_waited_longer_is_never_told_an_earlier_moment(
    lengths: list[Length], waited: float, more: float
) -> None:
    lengths_known = Lengths(of(lengths), NOON)
    sooner, later = (lengths_known.forecast(minutes) for minutes in (waited, waited + more))
    if sooner is None or later is None:
        return
    assert sooner.about <= later.about
    assert sooner.first <= later.first
    assert None in (sooner.last, later.last) or sooner.last <= later.last  # type: ignore[operator]


@pytest.mark.hazard("H-084")
@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        ([11, 12, 13, 14], None),
        ([11, 12, 13, 14, 20], (13, 11, 20, False)),
        ([*range(10, 28)], (18, 10, 27, False)),
        # Of 19 in a row the next is below the sixteenth with a chance of 16 / 20.
        ([*range(10, 29)], (19, 10, 25, True)),
        ([*range(10, 51)], (30, 10, 43, True)),
    ],
)
def test_as_much_is_told_as_so_many_can_tell(
    minutes: list[float], told: tuple[float, float, float, bool] | None
) -> None:
    found = known(*minutes).forecast()
    assert (found and (found.about, found.first, found.last, found.is_banded)) == told


def test_the_minutes_already_waited_take_away_what_was_shorter() -> None:
    lengths = known(5, 6, 7, 8, 9, 31, 32, 33, 34, 60)
    assert lengths.forecast(0).about == 9  # type: ignore[union-attr]
    found = lengths.forecast(9)
    assert found is not None
    assert (found.n, found.first, found.about, found.last) == (5, 31, 33, 60)
    assert lengths.forecast(31) is None
    assert lengths.count(31) == 4


def test_who_still_waits_makes_it_longer() -> None:
    ended = [*range(10, 34)]
    without, with_them = known(*ended).forecast(), known(*ended, running=[25] * 12).forecast()
    assert without is not None
    assert with_them is not None
    assert with_them.n == without.n
    assert with_them.about > without.about
    # The longest still goes on: nobody knows how long it will have been.
    few = known(11, 12, 13, 14, 20, running=[21]).forecast()
    assert few is not None
    assert few.last is None
    # So many go on that nobody can say by when eight of ten are free.
    many = known(*range(10, 30), running=[40] * 12).forecast()
    assert many is not None
    assert many.last is None


def test_a_group_counts_the_more_the_more_of_it_there_are() -> None:
    whole = [(float(minutes), True) for minutes in range(10, 40)]
    told = []
    for many in (0, 2, 10, 60):
        police = of([(60.0 + number % 7, True) for number in range(many)], "police", first=100)
        found = Lengths([*of(whole, "ems"), *police], NOON).forecast(0, "police")
        assert found is not None
        assert found.near == many
        told.append(found.about)
    assert told == sorted(told)
    assert told[1] < 30 < told[2] < 60 < told[3] < 66
    # As many as the shrinking number weigh half, on the logarithm: the geometric mean of the two.
    every = Lengths([*of(whole, "ems"), *of([(80.0, True)] * 10, "police", first=100)], NOON)
    plain, near = every.forecast(0), every.forecast(0, "police")
    assert plain is not None
    assert near is not None
    assert near.about == pytest.approx((plain.about * 80) ** 0.5)


def test_what_is_no_length_is_left_out() -> None:
    some = of([(float(minutes), True) for minutes in range(20, 26)])
    backwards = replace(some[0], id=UUID(int=90), ended=some[0].began - timedelta(minutes=3))
    forgotten = replace(some[0], id=UUID(int=91), ended=some[0].began + LONGEST + timedelta(minutes=1))
    never = replace(some[0], id=UUID(int=92), ended=None)
    lengths = Lengths([*some, backwards, forgotten, never, some[0]], NOON)
    assert lengths.count() == 6
    assert (found := lengths.forecast()) is not None
    assert found.last == 25


def service(chance: Random, many: int, wait: Any) -> list[Lasted]:
    """A service with a handover every two hours or so."""
    at, made = NOON - timedelta(hours=2 * many), []
    for number in range(many):
        at += timedelta(minutes=chance.expovariate(1 / 120))
        made.append(Lasted(UUID(int=number), at, at + timedelta(minutes=wait(chance))))
    return made


@pytest.mark.hazard("H-084")
@pytest.mark.parametrize("spread", [0.2, 0.6, 1.0])
def test_eight_of_ten_come_as_told_whatever_the_service_is_like(spread: float) -> None:
    right = told = 0
    for seed in range(12):
        chance = Random(seed)
        found = track_record(service(chance, 140, lambda by: by.lognormvariate(2.8, spread)), NOON, most=60)
        right, told = right + found.right, told + found.told
    assert told == 12 * 60
    assert abs(right / told - PROMISED) < 0.05


def test_the_past_is_asked_as_it_was_then() -> None:
    began = [NOON - timedelta(hours=200 - number) for number in range(40)]
    lasted = [Lasted(UUID(int=n), at, at + timedelta(minutes=20 + n % 3)) for n, at in enumerate(began)]
    assert track_record(lasted, NOON) == track_record(lasted, began[-1] + timedelta(hours=1))
    # The last ones take far longer than any before: each is told too early, though what came would have told.
    slow = [replace(one, ended=one.began + timedelta(hours=9)) for one in lasted[-5:]]
    found = track_record([*lasted[:-5], *slow], NOON, most=5)
    assert (found.right, found.told) == (0, 5)
    # Many that ran at once: what came of the first is no help for the others, which had begun by then.
    quick = [Lasted(UUID(int=n), at, at + timedelta(minutes=20)) for n, at in enumerate(began[:20])]
    crowd = [
        Lasted(UUID(int=900 + n), NOON - timedelta(hours=90, seconds=n), NOON - timedelta(hours=86))
        for n in range(40)
    ]
    assert track_record([*quick, *crowd], NOON, most=40).right == 0
    # Those that went on at the time were not known to end.
    assert track_record(lasted[:4], NOON).told == 0
