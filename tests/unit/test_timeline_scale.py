from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from console.timeline.scale import LONGEST, SHORTEST, Scale, clock, corner, moment
from db.domain.clocks import LONDON

WIDTHS = st.floats(min_value=50, max_value=8000)
TIMES = st.timedeltas(timedelta(0), timedelta(days=36000)).map(datetime(2000, 1, 1, tzinfo=UTC).__add__)
SPANS = st.timedeltas(SHORTEST, LONGEST)
SCALES = st.builds(Scale, TIMES, SPANS, WIDTHS)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@given(SCALES, st.timedeltas(-LONGEST, 2 * LONGEST))
def test_time_to_pixel_and_back(scale: Scale, offset: timedelta) -> None:
    at = scale.start + offset
    assert abs(scale.at(scale.x(at)) - at) <= timedelta(microseconds=2000)


@given(SCALES, st.floats(min_value=-8000, max_value=16000))
def test_pixel_to_time_and_back(scale: Scale, x: float) -> None:
    assert scale.x(scale.at(x)) == pytest.approx(x, abs=0.01)


@given(SCALES, TIMES, TIMES)
def test_later_is_further_right(scale: Scale, one: datetime, other: datetime) -> None:
    assume(one < other)
    assert scale.x(one) <= scale.x(other)


@given(SCALES, st.floats(min_value=0.01, max_value=100), st.floats(min_value=0, max_value=1))
def test_zoom_keeps_the_time_under_the_pointer_and_its_limits(scale: Scale, factor: float, part: float) -> None:
    x = part * scale.width
    zoomed = scale.zoomed(factor, x)
    assert SHORTEST <= zoomed.span <= LONGEST
    assert abs(zoomed.at(x) - scale.at(x)) <= timedelta(microseconds=2000)


@given(SCALES, st.floats(min_value=-5000, max_value=5000))
def test_pan_moves_by_pixels_and_back(scale: Scale, pixels: float) -> None:
    moved = scale.panned(pixels)
    assert moved.x(scale.at(pixels)) == pytest.approx(0, abs=0.01)
    assert abs(moved.panned(-pixels).start - scale.start) <= timedelta(microseconds=2)


@given(SCALES, TIMES, st.floats(min_value=0, max_value=1))
def test_showing_puts_a_time_at_a_pixel(scale: Scale, at: datetime, part: float) -> None:
    x = part * scale.width
    assert scale.showing(at, x).x(at) == pytest.approx(x, abs=0.01)


@given(SCALES)
def test_ticks_are_in_the_window_in_order_and_apart(scale: Scale) -> None:
    ticks = scale.ticks(80)
    places = [scale.x(tick.at) for tick in ticks]
    assert all(-0.01 <= place <= scale.width + 0.01 for place in places)
    gaps = [later - earlier for earlier, later in pairwise(places)]
    # A step of local time is an hour shorter on one night in March.
    least = 80 * (1 - timedelta(hours=1) / max(scale.step(80), timedelta(hours=2)))
    if scale.step(80) < timedelta(days=7):
        assert all(gap >= least - 0.01 for gap in gaps)


@given(SCALES)
def test_ticks_stand_on_round_local_times(scale: Scale) -> None:
    step = scale.step(80)
    for tick in scale.ticks(80):
        local = tick.at.astimezone(LONDON)
        assert local.second == 0
        assert local.microsecond == 0
        if step >= timedelta(hours=1):
            assert local.minute == 0
        if step >= timedelta(days=1):
            assert local.hour == 0
        assert tick.major == (local.hour == local.minute == 0)


def test_a_shift_is_ticked_each_half_hour_as_on_the_wall_clock() -> None:
    scale = Scale(utc("2026-07-01T01:30"), timedelta(minutes=150), 600)
    assert [tick.label for tick in scale.ticks()] == ["02:30", "03:00", "03:30", "04:00", "04:30", "05:00"]


def test_the_hour_that_comes_twice_has_its_ticks_twice() -> None:
    scale = Scale(utc("2026-10-24T23:30"), timedelta(hours=3), 300)
    labels = [tick.label for tick in scale.ticks()]
    assert labels == ["01:00 BST", "01:00 GMT", "02:00"]


def test_the_hour_that_is_missing_has_no_tick() -> None:
    scale = Scale(utc("2026-03-28T23:30"), timedelta(hours=4), 400)
    assert [tick.label for tick in scale.ticks()] == ["Sun 29 Mar", "02:00", "03:00", "04:00"]


@pytest.mark.parametrize(("night", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_days_that_are_not_24_hours_long_still_tick_at_the_same_local_times(night: str, hours: int) -> None:
    scale = Scale(utc(f"{night}T00:00") - timedelta(hours=36), timedelta(days=4), 1300)
    ticks = scale.ticks()
    assert {tick.label for tick in ticks if not tick.major} == {"06:00", "12:00", "18:00"}
    midnights = [tick.at for tick in ticks if tick.major]
    lengths = [later - earlier for earlier, later in pairwise(midnights)]
    assert timedelta(hours=hours) in lengths


def test_clock_and_moment_name_the_zone_only_where_needed() -> None:
    assert clock(utc("2026-11-22T03:42:17")) == "03:42"
    assert clock(utc("2026-10-25T00:30")) == "01:30 BST"
    assert clock(utc("2026-10-25T01:30")) == "01:30 GMT"
    assert moment(utc("2026-07-01T02:42:17")) == "Wed 1 Jul 03:42:17"


@pytest.mark.parametrize(
    ("minutes", "apart"),
    [
        (10, 1),
        (20, 2),
        (50, 5),
        (100, 10),
        (150, 15),
        (300, 30),
        (600, 60),
        (1200, 120),
        (1800, 180),
        (3600, 360),
        (7200, 720),
        (14400, 1440),
        (20160, 2880),
    ],
)
def test_ticks_stand_at_times_that_people_say(minutes: int, apart: int) -> None:
    scale = Scale(utc("2026-11-22T00:00"), timedelta(minutes=minutes), 800)
    assert scale.step(80) == timedelta(minutes=apart)
    ticks = [tick.at for tick in scale.ticks(80)]
    assert {later - sooner for sooner, later in pairwise(ticks)} == {timedelta(minutes=apart)}


@given(SCALES, st.floats(min_value=-1, max_value=1))
def test_ticks_stay_where_they_are_when_the_window_moves(scale: Scale, part: float) -> None:
    other = scale.panned(part * scale.width)
    first, last = max(scale.start, other.start), min(scale.end, other.end)
    here, there = ([tick.at for tick in one.ticks(80) if first <= tick.at <= last] for one in (scale, other))
    assert here == there


def test_the_longest_step_is_a_week() -> None:
    assert Scale(utc("2026-11-22T00:00"), LONGEST, 50).step(80) == timedelta(days=7)


@pytest.mark.parametrize(
    ("start", "hours", "said"),
    [
        (datetime(2026, 10, 24, 22, 30, tzinfo=UTC), 2, "Sat 24 Oct, BST"),
        (datetime(2026, 10, 24, 22, 30, tzinfo=UTC), 4, "Sat 24 Oct, BST, then GMT"),
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), 1, "Sun 29 Mar, GMT, then BST"),
        (datetime(2026, 11, 22, 23, 30, tzinfo=UTC), 300, "Sun 22 Nov, GMT"),
    ],
)
def test_the_corner_names_the_day_and_the_zone(start: datetime, hours: int, said: str) -> None:
    assert corner(Scale(start, timedelta(hours=hours), 100)) == said


def test_ten_minutes_fill_the_panel_at_most_and_a_fortnight_at_least() -> None:
    assert (timedelta(minutes=10), timedelta(days=14)) == (SHORTEST, LONGEST)
