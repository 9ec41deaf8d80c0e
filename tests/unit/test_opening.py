"""Opening hours as people write them: whether a place is open at a moment, and what is left as it was said."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.domain.opening import open_words, read_hours

WEDNESDAY_18 = datetime(2026, 11, 25, 18, 0, tzinfo=UTC)
SATURDAY_01 = datetime(2026, 11, 28, 1, 0, tzinfo=UTC)
SUNDAY_1430 = datetime(2026, 7, 5, 13, 30, tzinfo=UTC)  # 14:30 on a clock in Northamptonshire


@pytest.mark.hazard("H-033")
@pytest.mark.parametrize(
    ("hours", "wednesday", "saturday", "sunday"),
    [
        ("always open", "open now", "open now", "open now"),
        ("24/7", "open now", "open now", "open now"),
        ("24 hours a day", "open now", "open now", "open now"),
        ("17:00 to 22:00", "open until 22:00", "closed, opens 17:00", "closed, opens 17:00"),
        ("5 to 10pm", "open until 22:00", "closed, opens 17:00", "closed, opens 17:00"),
        ("Daily 6pm-2am", "open until 02:00", "open until 02:00", "closed, opens 18:00"),
        ("Mon-Fri 9-5; Sat 10:00-16:00", "closed, opens 09:00", "closed, opens 10:00", "closed, opens 09:00"),
        ("Monday to Friday 08.30 - 17.00", "closed, opens 08:30", "closed now", "closed, opens 08:30"),
        ("Mon, Wed, Fri 9am to 6.30pm", "open until 18:30", "closed now", "closed, opens 09:00"),
        ("Fri-Mon 20:00-04:00", "closed now", "open until 04:00", "closed, opens 20:00"),
        ("weekends noon to midnight", "closed now", "closed, opens 12:00", "open until 00:00"),
        ("weekdays 17:00-19:00", "open until 19:00", "closed now", "closed now"),
        (
            "weekday 17:00-19:00; weekend 13:00-15:00",
            "open until 19:00",
            "closed, opens 13:00",
            "open until 15:00",
        ),
        # Told without its day, a time is at most the next noon's.
        ("Thu Mon 12:00-13:00", "closed, opens 12:00", "closed now", "closed, opens 12:00"),
        ("Thu Mon 12:01-13:00", "closed now", "closed now", "closed now"),
        ("1pm-24:00", "open until 00:00", "closed, opens 13:00", "open until 00:00"),
        # More than one set of days in a breath: each has its own times.
        ("weekdays 9-7pm and weekends 13:00-15:00", "open until 19:00", "closed, opens 13:00", "open until 15:00"),
        (
            "17:00-19:00 Mon-Fri & 13:00-15:00 Sat Sun",
            "open until 19:00",
            "closed, opens 13:00",
            "open until 15:00",
        ),
        ("Tue Wed 10-12 and 5pm-7pm Sun 14:00-16:00", "open until 19:00", "closed now", "open until 16:00"),
        ("Mon-Fri 9-5 closed Sat", None, None, None),
        ("Closed Sundays; every other day by appointment", None, None, None),
        ("ring first", None, None, None),
    ],
)
def test_it_is_open_or_not(hours: str, wednesday: str | None, saturday: str | None, sunday: str | None) -> None:
    expected = (wednesday, saturday, sunday)
    for moment, said in zip((WEDNESDAY_18, SATURDAY_01, SUNDAY_1430), expected, strict=True):
        found = open_words(hours, moment)
        assert found == said if said is not None else hours in found


@pytest.mark.hazard("H-033")
@pytest.mark.parametrize("rest", ["closed bank holidays", "bank holidays 10-4", "ring before you come"])
def test_what_cannot_be_read_is_left_as_it_was_said(rest: str) -> None:
    hours = f"Mon-Sun 10:00-20:00; {rest}"
    found = read_hours(hours)
    assert found is not None
    assert found.rest == rest
    assert open_words(hours, WEDNESDAY_18) == f"open until 20:00 (hours: {hours})"


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ("weekends 20:00-04:00", "open until 04:00"),
        ("Sat 20:00-04:00", "closed now"),
        ("Mon 20:00-04:00", "closed, opens 20:00"),
        ("Tue 9-5", "closed, opens 09:00"),
    ],
)
def test_sunday_s_night_goes_on_into_monday(hours: str, said: str) -> None:
    assert open_words(hours, datetime(2026, 11, 30, 1, 0, tzinfo=UTC)) == said


@pytest.mark.parametrize("hours", ["13pm-2am", "0pm-2pm", "25:00-26:00", "10:60-11:00", "noonish-later"])
def test_a_time_that_is_none_is_not_read(hours: str) -> None:
    assert read_hours(hours) is None


@pytest.mark.parametrize(
    ("hours", "span"),
    [("12am-12pm", (0, 720)), ("1pm-24:00", (780, 1440)), ("10:59-11:00", (659, 660)), ("9-8", (540, 1200))],
)
def test_the_edges_of_a_clock(hours: str, span: tuple[int, int]) -> None:
    found = read_hours(hours)
    assert found is not None
    assert found.spans == ((span,),) * 7


def test_nothing_written_is_not_known() -> None:
    assert open_words("", WEDNESDAY_18) == "hours not known"


@given(st.text(max_size=80))
def test_whatever_is_written_never_fails(words: str) -> None:
    hours = read_hours(words)
    if hours is not None:
        assert all(0 <= start < end <= 2 * 24 * 60 for day in hours.spans for start, end in day)
    assert open_words(words, SATURDAY_01)


def test_closed_is_said_of_its_days_alone() -> None:
    found = read_hours("Mon-Fri 9-5; Sat closed")
    assert found is not None
    assert found.rest == ""
    assert found.spans[4:] == (((540, 1020),), (), ())
    assert read_hours("9-5 closed") is None, "nobody knows which"
