"""Figures of a long stretch from those of its weeks."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.domain.adding_up import added_up, adds_up, made_of
from db.domain.measures import Amount, Unit
from db.domain.periods import Period

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
WEEK = Period.days(7, NOW)
WEEKS = (*WEEK.past(25), WEEK)


@pytest.mark.parametrize(
    ("days", "back", "many"),
    [(7, 0, 1), (28, 0, 4), (28, 28, 4), (14, 7, 2), (182, 0, 26), (189, 0, None), (10, 0, None), (7, 3, None)],
)
def test_which_weeks_make_a_stretch(days: int, back: int, many: int | None) -> None:
    stretch = Period.days(days, Period.days(back, NOW).start) if back else Period.days(days, NOW)
    part = made_of(stretch, WEEKS)
    assert (None if part is None else len(part)) == many
    if part is not None:
        assert (WEEKS[part[0]].start, WEEKS[part[-1]].end) == (stretch.start, stretch.end)


def test_weeks_with_a_gap_or_turned_round_make_none() -> None:
    torn = [*WEEKS[:24], Period(WEEKS[24].start, WEEKS[24].end - timedelta(hours=1)), WEEKS[25]]
    assert made_of(Period.days(28, NOW), torn) is None
    assert made_of(Period.days(7, NOW), torn) == range(25, 26)
    assert made_of(Period.days(28, NOW), WEEKS[::-1]) is None


def test_the_weeks_of_a_month_in_which_the_clocks_change_make_it() -> None:
    end = datetime(2026, 11, 3, 8, 30, tzinfo=UTC)
    week = Period.days(7, end)
    part = made_of(Period.days(28, end), (*week.past(25), week))
    assert part == range(22, 26)


whole = st.integers(0, 50)


@given(st.lists(st.tuples(whole, whole, whole), min_size=1, max_size=6))
def test_a_share_is_of_all_and_no_mean_of_shares(weeks: list[tuple[int, int, int]]) -> None:
    some = [
        Amount(value=yes / (yes + no) if yes + no else None, n=yes + no, missing=missing, part=float(yes))
        for yes, no, missing in weeks
    ]
    found = Amount(**added_up(some, Unit.SHARE))
    yes, no, missing = (sum(one[at] for one in weeks) for at in range(3))
    assert (found.n, found.missing, found.part, found.total) == (yes + no, missing, yes, None)
    assert found.value == (pytest.approx(yes / (yes + no)) if yes + no else None)


def test_hours_and_counts_add_up_and_medians_and_shifts_do_not() -> None:
    some = [Amount(value=2.5, n=3, missing=1), Amount(value=None, n=0), Amount(value=1.0, n=2, missing=4)]
    for unit in (Unit.HOURS, Unit.COUNT):
        assert added_up(some, unit) == {"n": 5, "missing": 5, "value": 3.5}
    assert [unit for unit in Unit if not adds_up(unit)] == [Unit.MINUTES, Unit.TIME]
