"""Times of day and lengths of time as people speak them; what has two readings has none."""

from datetime import timedelta

import pytest

from db.domain.spoken_times import lacks_half, spoken_span, spoken_time_of_day, without_rough

TIMES = {
    "12 at night": (0, 0), "12:20 at night": (0, 20), "11 at night": (23, 0), "8 at night": (20, 0),
    "4:59 at night": (4, 59), "1:55 at night": (1, 55), "7 at night": None, "5 at night": None,
    "13 pm": None, "0 am": None, "12:60 am": None, "12:59 am": (0, 59), "1 am": (1, 0), "1 pm": (13, 0),
    "12 am": (0, 0), "12 pm": (12, 0), "11 o'clock pm": (23, 0),
    "8 in the evening": (20, 0), "3 in the afternoon": (15, 0), "3 in the morning": (3, 0),
    "half 2 pm": (14, 30), "quarter 2 pm": None, "20 2 pm": None, "half past 2 pm": (14, 30),
    "quarter to 2 pm": (13, 45), "a quarter past 2 pm": (14, 15), "half to 2 pm": (13, 30),
    "20 to 12 am": (23, 40), "10 before 1 am": (0, 50), "10 after 1 am": (1, 10), "5 to midnight": (23, 55),
    "quarter past midnight": (0, 15), "12 past noon": (12, 12), "30 past 11 pm": (23, 30),
    "60 past 1 pm": None, "59 past 1 pm": (13, 59), "1 past 1 pm": (13, 1), "0 past 1 pm": None,
    "half past 13 pm": None, "half past 2": None,
    "24:00": None, "23:59": (23, 59), "00:00": (0, 0), "00:60": None, "2359 h": (23, 59), "0060 h": None,
    "2400h": None, "02:15:40": (2, 15),
    "midnight": (0, 0), "noon": (12, 0),
}  # fmt: skip
SPANS = {
    "now": 0, "just now": 0, "5 and a half hours": 330, "2 and a half hours ago": 150, "hour ago": 60,
    "hour and a half ago": 90, "90 min": 90, "1 h and 3 quarters ago": 105, "1 hour and a quarter": 75,
    "1 hour half": 90, "half an hour ago": 30, "3 quarters of an hour ago": 45, "a quarter of an hour": 15,
    "quarter of an hour ago": 15, "1.25 hours": None, "1.25 hours ago": 75, "2.5 hours back": 150,
    "1 hr 10 mins earlier": 70,
    "an hour": 60, "a minute ago": 1, "2 hours, 5 minutes ago": 125, "half a minute": 0,
    "09h45": None, "23h10": None, "03h42": None, "ago": None, "": None, "and": None,
}  # fmt: skip


@pytest.mark.parametrize(("said", "time"), TIMES.items())
def test_a_time_of_day_says_which_half_it_means_or_is_none(said: str, time: tuple[int, int] | None) -> None:
    assert spoken_time_of_day(said) == time


@pytest.mark.parametrize(("said", "minutes"), SPANS.items())
def test_a_length_of_time(said: str, minutes: float | None) -> None:
    assert spoken_span(said) == (None if minutes is None else timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("said", "lacks"),
    [
        ("half past 2", True),
        ("quarter to 11", True),
        ("2 o'clock", True),
        ("2", False),
        ("2:15", False),
        ("02.15", False),
        ("half past 2 pm", False),
        ("half past 13", False),
        ("noon", False),
        ("soon", False),
    ],
)
def test_what_would_be_a_time_with_a_half_of_the_day_is_told_from_what_is_none(said: str, lacks: bool) -> None:
    assert lacks_half(said) is lacks


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("about 2:15", "2:15"),
        ("ca 2:15", "2:15"),
        ("2:15ish", "2:15"),
        ("2:15 or so", "2:15"),
        ("2:15 (?)", "2:15"),
        ("a couple of hours ago", "2 hours ago"),
        ("about at 2:15", "2:15"),
    ],
)
def test_roughly_is_taken_off_and_told(said: str, left: str) -> None:
    assert without_rough(said) == (left, True)
    assert without_rough(left) == (left, False)
