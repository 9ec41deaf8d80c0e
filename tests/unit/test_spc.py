"""The NHS rules of statistical process control, by tables and against a calculation in exact fractions."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.domain.measures import Better
from db.domain.number_words import in_letters
from db.domain.spc import Baseline, JudgedPoint, SpcPoint, SpcRule, judge
from db.domain.spc_words import (
    Assurance,
    SpcIcon,
    SpcTelling,
    assurance_of,
    by_chance,
    earlier_words,
    icons_of,
    sentence_of,
)

START = datetime(2026, 1, 5, tzinfo=UTC)
WEEK = timedelta(weeks=1)
MINUTES = SpcTelling(lambda value: f"{value:.0f} min")
STEADY = [42, 40, 44, 40, 42, 45, 41, 43, 40, 42, 44, 41, 43]
"""Thirteen weeks in which nothing happens: the mean is just above 42."""


def weeks(values: list[float | None]) -> list[SpcPoint]:
    return [SpcPoint(START + at * WEEK, value, 10) for at, value in enumerate(values)]


def frozen(values: list[float], after: list[float | None]) -> tuple[JudgedPoint, ...]:
    return judge(weeks([*values, *after]), [Baseline(START, len(values), "the first quarter", "l.lead")])


def marked(judged: tuple[JudgedPoint, ...], rule: SpcRule) -> list[int]:
    return [at for at, one in enumerate(judged) if any(signal.rule is rule for signal in one.signals)]


# --- limits ---


def test_limits_stand_on_the_mean_moving_range() -> None:
    limits = judge(weeks([10, 14, 12, 12, 20]))[0].limits
    assert limits is not None
    assert limits.mean == pytest.approx(13.6)
    # (4 + 2 + 0 + 8) / 4 = 3.5
    assert (limits.lower, limits.upper) == pytest.approx((13.6 - 2.66 * 3.5, 13.6 + 2.66 * 3.5))


def test_a_period_without_a_figure_is_passed_over() -> None:
    with_gap, without = judge(weeks([10, None, 14, 12])), judge(weeks([10, 14, 12]))
    assert with_gap[0].limits == without[0].limits
    assert with_gap[1].signals == frozenset()


@pytest.mark.hazard("H-085")
@pytest.mark.parametrize("count", [1, 2, 12])
def test_below_thirteen_points_nothing_is_judged(count: int) -> None:
    judged = judge(weeks([*STEADY[: count - 1], 500.0]))
    assert all(not one.signals for one in judged)
    assert icons_of(judged[-1], Better.LOWER) == (SpcIcon("trial limits"),)
    assert f"trial limits, from {count} weeks" in sentence_of(judged, MINUTES)
    assert assurance_of(judged[-1], 60, Better.LOWER) is None


def test_the_thirteenth_point_ends_the_trial() -> None:
    assert icons_of(judge(weeks(list(STEADY)))[-1], Better.LOWER) == (SpcIcon("common cause"),)


def test_a_frozen_baseline_takes_no_later_point() -> None:
    judged = frozen(STEADY, [60, 60, 60, 60])
    assert judged[0].limits == judge(weeks(list(STEADY)))[0].limits == judged[-1].limits
    assert marked(judged, SpcRule.OUTSIDE) == [13, 14, 15, 16]


def test_a_baseline_frozen_on_few_points_stays_a_trial() -> None:
    judged = frozen(STEADY[:9], [60.0] * 10)
    assert icons_of(judged[-1], Better.LOWER) == (SpcIcon("trial limits"),)


@pytest.mark.hazard("H-085")
def test_a_new_baseline_begins_anew_and_no_rule_reaches_over_it() -> None:
    low: list[float | None] = [30, 31, 29, 32, 30, 31, 29, 30, 31, 32, 29, 30, 31]
    moved = Baseline(START + 13 * WEEK, None, "the new rota", "l.lead")
    judged = judge(weeks([*STEADY, *low]), [moved])
    assert all(not one.signals for one in judged)
    assert judged[12].limits != judged[13].limits
    assert judged[13].baseline == moved
    # Without the person's decision the whole of it is two shifts, and no program makes that decision.
    alone = judge(weeks([*STEADY, *low]))
    assert len({one.limits for one in alone}) == 1
    assert marked(alone, SpcRule.SHIFT)


# --- the four rules ---


def test_a_point_on_the_limit_is_not_outside_it() -> None:
    values = [10.0, 20.0] * 7
    limits = judge(weeks(list(values)))[0].limits
    assert limits is not None
    on = frozen(values, [limits.upper])
    beyond = frozen(values, [limits.upper + 0.001])
    assert marked(on, SpcRule.OUTSIDE) == []
    assert marked(beyond, SpcRule.OUTSIDE) == [14]


@pytest.mark.parametrize("run", [6, 7, 9])
def test_seven_on_one_side(run: int) -> None:
    judged = frozen([44.0, 40.0] * 7, [43.0, 42.5, 43.5, 43.0, 42.5, 43.0, 43.5, 42.5, 43.0][:run])
    assert marked(judged, SpcRule.SHIFT) == (list(range(14, 14 + run)) if run >= 7 else [])


def test_a_point_on_the_mean_breaks_a_run() -> None:
    even = [40.0, 44.0] * 7
    judged = frozen(even, [43, 43, 43, 42, 43, 43, 43])
    assert marked(judged, SpcRule.SHIFT) == []


@pytest.mark.parametrize(
    ("after", "found"),
    [
        ([36, 37, 38, 39, 40, 41, 42.5], True),
        ([36, 37, 38, 39, 40, 41, 41], False),
        ([36, 37, 38, 38, 40, 41, 42.5], False),
        ([48, 47, 46, 45, 44, 43, 41], True),
        ([55, 47, 46, 45, 44, 43], False),
        ([36, 37, 38, 39, 40, 41], False),
    ],
)
def test_seven_rising_or_falling(after: list[float | None], found: bool) -> None:
    # Wide limits, so that only the trend is looked at; the baseline ends with 54.
    judged = frozen([30.0, 54.0] * 7, after)
    assert bool([at for at in marked(judged, SpcRule.TREND) if at >= 14]) is found


@pytest.mark.parametrize(
    ("after", "found"),
    [
        ([70, 45, 70], [14, 16]),  # the third, on the same side, is not marked
        ([70, 70, 45], [14, 15]),
        ([70, 70, 70], [14, 15, 16]),
        ([70, 41, 70], []),  # the third on the other side: the rule since November 2023
        ([70, 42, 70], []),  # on the mean is on no side
        ([45, 70, 45], []),
        ([70, 14, 70], []),
        ([14, 40, 14], [14, 16]),
        ([99, 45, 70], [14, 16]),  # beyond the limit counts too
    ],
)
def test_two_of_three_near_a_limit(after: list[float | None], found: list[int]) -> None:
    # Mean 42, limits 42 ± 31.92 (10.08 and 73.92), near them from 63.28 up and 20.72 down.
    judged = frozen([36.0, 48.0] * 7, [*after, 42])
    assert [at for at in marked(judged, SpcRule.NEAR) if at >= 14] == found


# --- an independent calculation ---


def brute(values: list[int]) -> list[set[tuple[str, str]]]:
    """The rules once more, in exact fractions, by asking of each point whether any window that holds it is one."""
    size = len(values)
    mean = Fraction(sum(values), size)
    spread = Fraction(266, 100) * Fraction(sum(abs(values[n] - values[n - 1]) for n in range(1, size)), size - 1)
    off = [value - mean for value in values]

    def windows(at: int, wide: int) -> list[list[int]]:
        return [
            list(range(first, first + wide)) for first in range(at - wide + 1, at + 1) if 0 <= first <= size - wide
        ]

    found: list[set[tuple[str, str]]] = []
    for at in range(size):
        here = set()
        for sign, side in ((1, "high"), (-1, "low")):
            if sign * off[at] > spread:
                here.add(("OUTSIDE", side))
            for window in windows(at, 7):
                if all(sign * off[n] > 0 for n in window):
                    here.add(("SHIFT", side))
                if all(sign * (values[n + 1] - values[n]) > 0 for n in window[:-1]):
                    here.add(("TREND", side))
            for window in windows(at, 3):
                near = [n for n in window if 3 * sign * off[n] > 2 * spread]
                if at in near and len(near) > 1 and all(sign * off[n] > 0 for n in window):
                    here.add(("NEAR", side))
        found.append(here)
    return found


@given(st.lists(st.integers(0, 60), min_size=13, max_size=40))
def test_every_signal_is_found_and_no_other(values: list[int]) -> None:
    judged = judge(weeks([float(value) for value in values]))
    assert [{(signal.rule.name, signal.side) for signal in one.signals} for one in judged] == brute(values)


@given(st.lists(st.integers(0, 9), min_size=13, max_size=30), st.integers(1, 5), st.floats(0.1, 50))
def test_the_unit_of_a_figure_changes_no_judgement(values: list[int], times: int, more: float) -> None:
    plain = judge(weeks([float(value) for value in values]))
    moved = judge(weeks([value * times + more for value in values]))
    assert [one.signals for one in plain] == [one.signals for one in moved]


@given(st.lists(st.integers(0, 60), min_size=13, max_size=30))
def test_upside_down_high_is_low(values: list[int]) -> None:
    other = {"high": "low", "low": "high"}
    plain = judge(weeks([float(value) for value in values]))
    turned = judge(weeks([float(-value) for value in values]))
    for one, two in zip(plain, turned, strict=True):
        assert {(s.rule, s.side) for s in one.signals} == {(s.rule, other[s.side]) for s in two.signals}


# --- what never moves ---


@pytest.mark.parametrize(("value", "count"), [(100.0, 17), (0.0, 17), (0.9, 13), (13 / 30, 14), (1 / 10, 24)])
def test_what_is_always_the_same_is_as_ever(value: float, count: int) -> None:
    # The mean of so many of some of these is not quite what each of them is.
    judged = judge(weeks([value] * count))
    assert all(not one.signals for one in judged)
    assert icons_of(judged[-1], Better.HIGHER) == (SpcIcon("common cause"),)
    assert "as ever" in sentence_of(judged, MINUTES)


@pytest.mark.parametrize(
    ("values", "target", "better", "said"),
    [
        ([100.0] * 14, 100, Better.HIGHER, "passes"),
        ([100.0] * 14, 95, Better.HIGHER, "passes"),
        ([99.0] * 14, 100, Better.HIGHER, "fails"),
        ([60.0] * 14, 60, Better.LOWER, "passes"),
        ([61.0] * 14, 60, Better.LOWER, "fails"),
        ([40.0, 44.0] * 7, 60, Better.LOWER, "passes"),
        ([40.0, 44.0] * 7, 45, Better.LOWER, "may vary"),
        ([40.0, 44.0] * 7, 20, Better.LOWER, "fails"),
        ([40.0, 44.0] * 7, 20, Better.HIGHER, "passes"),
        ([40.0, 44.0] * 7, 90, Better.HIGHER, "fails"),
        ([40.0, 44.0] * 7, 20, Better.NEITHER, None),
    ],
)
def test_assurance(values: list[float], target: float, better: Better, said: Assurance | None) -> None:
    assert assurance_of(judge(weeks(list(values)))[-1], target, better) == said


def test_a_target_on_the_best_limit_can_be_met() -> None:
    last = judge(weeks([40.0, 44.0] * 7))[-1]
    assert last.limits is not None
    assert assurance_of(last, last.limits.upper, Better.HIGHER) == "may vary"
    assert assurance_of(last, last.limits.lower, Better.HIGHER) == "passes"


# --- what is said ---

LOW: list[float | None] = [38, 37, 38, 36, 37, 38, 35]


@pytest.mark.parametrize(
    ("better", "icon"),
    [
        (Better.LOWER, SpcIcon("improving", "L")),
        (Better.HIGHER, SpcIcon("concern", "L")),
        (Better.NEITHER, SpcIcon("changed", "L")),
    ],
)
def test_the_icon_follows_the_direction_that_is_better(better: Better, icon: SpcIcon) -> None:
    assert icons_of(frozen(STEADY, LOW)[-1], better) == (icon,)


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (LOW, "35 min, lower than usual for seven weeks."),
        ([*LOW, 37, 38], "38 min, lower than usual for nine weeks."),
        ([60], "60 min, higher than usual for one week."),
        ([*LOW, 60], "60 min, higher than usual for one week."),
        ([43, 44, 45, 46, 47, 48, 49], "49 min, higher than usual for eight weeks."),
        # Falling from a height: those that were still high are not told as lower than usual.
        ([52, 53, 49, 41, 40, 39, 38, 37, 36, 35], "35 min, lower than usual for seven weeks."),
        ([60, None], "60 min, higher than usual for one week."),
        ([43], "43 min, as usual: between 35 min and 49 min."),
    ],
)
def test_the_sentence(after: list[float | None], said: str) -> None:
    assert sentence_of(frozen(STEADY, after), MINUTES) == said


def test_a_trend_is_told_as_one_while_it_is_nothing_else() -> None:
    judged = frozen([30.0, 54.0] * 7, [39, 40, 41, 42.5, 43, 44, 45])
    assert sentence_of(judged, MINUTES) == "45 min, rising for seven weeks."


def test_improvement_and_concern_are_both_shown() -> None:
    # Below the mean for seven weeks and rising for seven: a lower figure is better, a rising one is not.
    judged = frozen([30.0, 54.0] * 7, [33, 34, 35, 36, 37, 38, 39])
    assert icons_of(judged[-1], Better.LOWER) == (SpcIcon("concern", "H"), SpcIcon("improving", "L"))
    assert sentence_of(judged, MINUTES) == "39 min, rising for seven weeks and lower than usual for seven weeks."


def test_what_was_said_before_is_not_forgotten() -> None:
    judged = frozen(STEADY, [52, 53, 41, *LOW])
    assert earlier_words(judged, Better.LOWER, MINUTES) == "Earlier: two weeks H concern."
    assert earlier_words(frozen(STEADY, LOW), Better.LOWER, MINUTES) == ""


def test_without_a_figure_nothing_is_claimed() -> None:
    for values in ([], [None, None]):
        assert sentence_of(judge(weeks(list(values))), SpcTelling(str, "day")) == "No day with a figure yet."


@pytest.mark.hazard("H-085")
@pytest.mark.parametrize(("points", "said"), [(13, "about 8 "), (24, "about 18 "), (52, "about 42 "), (12, None)])
def test_chance_is_told(points: int, said: str | None) -> None:
    assert (said or "") in by_chance(points)
    assert bool(by_chance(points)) is (said is not None)


def test_more_points_show_more_by_chance_and_never_all() -> None:
    told = [float(by_chance(points).partition("about ")[2].split()[0]) for points in range(13, 200)]
    assert told == sorted(told)
    assert told[-1] < 100


def test_limits_are_told_within_what_a_figure_can_be() -> None:
    share = SpcTelling(lambda value: f"{value:.0f} %", most=100)
    assert sentence_of(judge(weeks([99.0, 90.0] * 7)), share) == "90 %, as usual: between 71 % and 100 %."
    assert sentence_of(judge(weeks([1.0, 9.0] * 7)), MINUTES) == "9 min, as usual: between 0 min and 26 min."


@pytest.mark.parametrize(
    ("number", "words"), [(0, "zero"), (7, "seven"), (19, "nineteen"), (20, "20"), (141, "141")]
)
def test_small_numbers_are_written_out(number: int, words: str) -> None:
    assert in_letters(number) == words


def test_days_that_tell_what_is_usual_end_where_somebody_says_so() -> None:
    """After a step the old limits mark it all; a baseline from the step on, of so many weeks, what is new."""
    step = [*STEADY, *[one - 12 for one in STEADY], 44.0]
    before = judge(weeks(step))
    assert marked(before, SpcRule.SHIFT)
    since, until = START + 13 * WEEK, START + 26 * WEEK
    judged = judge(weeks(step), [Baseline(since, reason="a sixth van", until=until)])
    assert marked(judged, SpcRule.SHIFT) == []
    assert marked(judged, SpcRule.OUTSIDE) == [26]
    limits = judged[-1].limits
    assert limits is not None
    assert (limits.worked_from, round(limits.mean)) == (13, 30)
    # Of days that are too few nothing is judged, however many come after them.
    few = judge(weeks(step), [Baseline(since, until=START + 20 * WEEK)])
    assert few[-1].limits is not None
    assert few[-1].limits.trial
    assert not few[-1].signals
    none = judge(weeks(step), [Baseline(since, until=since)])
    assert none[-1].limits is None
