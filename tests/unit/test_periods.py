"""Stretches of time: nights, days, the same hours of past weeks, also where a clock change lies between."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.domain.clocks import LONDON, local
from db.domain.periods import Period

HOUR = timedelta(hours=1)


def at(said: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=LONDON, fold=fold)


def told(period: Period) -> str:
    return f"{local(period.start):%d %b %H:%M} to {local(period.end):%d %b %H:%M}"


@pytest.mark.parametrize(
    ("now", "night"),
    [
        ("2026-11-20T23:10", "20 Nov 19:00 to 20 Nov 23:10"),
        ("2026-11-21T03:12", "20 Nov 19:00 to 21 Nov 03:12"),
        ("2026-11-20T19:00", "20 Nov 19:00 to 20 Nov 19:00"),
        ("2026-11-21T07:00", "20 Nov 19:00 to 21 Nov 07:00"),
        ("2026-11-21T13:30", "20 Nov 19:00 to 21 Nov 07:00"),
        ("2026-11-21T18:59", "20 Nov 19:00 to 21 Nov 07:00"),
    ],
)
def test_tonight_is_the_night_that_runs_or_the_last_one(now: str, night: str) -> None:
    assert told(Period.tonight(at(now))) == night


@pytest.mark.parametrize(("day", "hours"), [("2026-10-25", 13), ("2026-03-29", 11), ("2026-11-25", 12)])
def test_a_night_in_which_the_clocks_change_is_an_hour_longer_or_shorter(day: str, hours: int) -> None:
    assert Period.tonight(at(f"{day}T12:00")).length == hours * HOUR
    assert all(past.length == 12 * HOUR for past in Period.tonight(at(f"{day}T12:00")).past(3))


def test_today_and_days_end_now() -> None:
    now = at("2026-10-25T14:20")
    assert told(Period.today(now)) == "25 Oct 00:00 to 25 Oct 14:20"
    assert Period.today(now).length == 15 * HOUR + timedelta(minutes=20)
    assert told(Period.days(7, now)) == "18 Oct 14:20 to 25 Oct 14:20"


@pytest.mark.parametrize(
    ("period", "before"),
    [
        (Period.tonight(at("2026-11-21T03:12")), "13 Nov 19:00 to 14 Nov 03:12"),
        (Period.days(7, at("2026-11-21T09:00")), "07 Nov 09:00 to 14 Nov 09:00"),
        (Period.days(28, at("2026-11-21T09:00")), "26 Sep 09:00 to 24 Oct 09:00"),
        (Period(at("2026-11-01T00:00"), at("2026-11-09T00:00")), "18 Oct 00:00 to 26 Oct 00:00"),
    ],
)
def test_the_past_has_the_same_hours_and_weekdays_and_overlaps_with_nothing(period: Period, before: str) -> None:
    past = period.past()
    assert len(past) == 12
    assert told(past[-1]) == before
    every = [*past, period]
    assert all(one.end <= after.start for one, after in pairwise(every))
    assert {local(one.start).weekday() for one in every} == {local(period.start).weekday()}


MOMENTS = st.timedeltas(timedelta(0), timedelta(days=1500)).map(at("2024-01-01T00:00").__add__)


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=60)), st.integers(1, 15))
def test_no_stretch_of_the_past_is_turned_round_or_lies_over_another(
    start: datetime, length: timedelta, count: int
) -> None:
    period = Period(start, start + length)
    every = [*period.past(count), period]
    assert all(one.start <= one.end for one in every)
    # By an hour at most, where the hour that comes twice ends one of them.
    assert all(one.end <= after.start + HOUR for one, after in pairwise(every))


def test_what_is_no_stretch_of_time_is_none() -> None:
    with pytest.raises(ValueError, match="no stretch"):
        Period(at("2026-11-02T00:00"), at("2026-11-01T00:00"))
    with pytest.raises(ValueError, match="no stretch"):
        Period(datetime(2026, 1, 1), datetime(2026, 1, 2))  # noqa: DTZ001 - what is refused
