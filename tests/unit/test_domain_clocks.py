"""Clocks over every night, those when the clocks change included."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from db.domain.clocks import (
    LONDON,
    age_in_words,
    allowance_in_words,
    figure_in_words,
    in_words,
    is_ambiguous,
    local,
    local_time,
    minutes_in_words,
    near_time,
    response_clock,
    shift_date,
    wall_time,
)
from db.domain.resolving import Belongs, resolve
from tests.unit.test_house_rules import PRODUCT

SPRING = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
AUTUMN = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)) | st.builds(  # noqa: DTZ001 - hypothesis adds the zone
    lambda night, minutes: night + timedelta(minutes=minutes),
    st.sampled_from([SPRING, AUTUMN]),
    st.integers(-180, 180),
)


def last_at(text: str, now: datetime) -> datetime | None:
    """What a time of day means of which nothing else is known; in the doubled hour the later of the two."""
    found = resolve(text, Belongs(now))
    return found.choices[-1] if found.choices else found.at


def utc(hour: int, minute: int = 0, *, day: int = 25, month: int = 10) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@given(moments)
def test_what_is_typed_now_means_now(now: datetime) -> None:
    read = last_at(local(now).strftime("%H%M"), now)
    assert read is not None
    assert timedelta(0) <= now - read < timedelta(minutes=1)


@given(moments, st.integers(0, 23), st.integers(0, 59))
@example(SPRING, 1, 30)
@example(AUTUMN, 1, 30)
def test_a_typed_time_is_the_last_such_moment(now: datetime, hour: int, minute: int) -> None:
    read = last_at(f"{hour:02d}:{minute:02d}", now)
    candidates = [now.replace(second=0, microsecond=0) - timedelta(minutes=back) for back in range(60 * 49)]
    shown = (moment for moment in candidates if (local(moment).hour, local(moment).minute) == (hour, minute))
    last = next(shown, None)
    if read is None:
        # Spring skipped it, tonight or last night: what was meant has to be asked.
        assert last is None or now - last > timedelta(hours=23)
    else:
        assert read == last


@pytest.mark.parametrize(
    ("text", "now", "expected"),
    [
        ("0342", utc(4, day=22, month=11), utc(3, 42, day=22, month=11)),
        ("3:42", utc(4, day=22, month=11), utc(3, 42, day=22, month=11)),
        ("3.42", utc(4, day=22, month=11), utc(3, 42, day=22, month=11)),
        ("2350", utc(0, 10, day=22, month=11), utc(23, 50, day=21, month=11)),
        ("0030", utc(23, 45, day=30, month=6), utc(23, 30, day=30, month=6)),
        # The doubled hour: the later one if it has come, else the earlier.
        ("0130", utc(2), utc(1, 30)),
        ("0130", utc(1, 10), utc(0, 30)),
        ("0130", utc(0, 45), utc(0, 30)),
        # The hour that spring skips: nobody can mean it that night; before midnight's end it is yesterday's.
        ("0130", utc(3, day=29, month=3), None),
        ("0130", utc(0, 30, day=29, month=3), utc(1, 30, day=28, month=3)),
        ("0215", utc(3, day=29, month=3), utc(1, 15, day=29, month=3)),
        ("", utc(3), None),
        ("25", utc(3), None),
        ("2400", utc(3), None),
        ("1260", utc(3), None),
        ("12345", utc(3), None),
        ("½3:00", utc(3), None),
        ("١٢٣٠", utc(3), None),
        ("-130", utc(3), None),
    ],
)
def test_typed_times(text: str, now: datetime, expected: datetime | None) -> None:
    assert last_at(text, now) == expected


@given(moments, st.integers(1, 2000))
def test_time_left_ignores_what_the_wall_clock_does(received: datetime, within: int) -> None:
    clock = response_clock(received, within, None)
    for share in (0, 0.5, 1, 1.5):
        now = received + timedelta(minutes=within * share)
        assert clock.share(now) == pytest.approx(share, abs=1e-6)
        assert clock.left(now) == timedelta(minutes=within) - (now - received)


@pytest.mark.hazard("H-024")
def test_a_p1_over_the_autumn_night_has_sixty_real_minutes() -> None:
    clock = response_clock(utc(0, 30), 60, None)
    assert (local(clock.started).strftime("%H:%M"), local(clock.due).strftime("%H:%M")) == ("01:30", "01:30")
    assert clock.left(utc(1)) == timedelta(minutes=30)


def test_a_stopped_clock_stays() -> None:
    clock = response_clock(utc(1), 60, utc(1, 45))
    assert clock.left(utc(9)) == timedelta(minutes=15)
    assert clock.share(utc(9)) == 0.75


@pytest.mark.parametrize(
    ("moment", "now", "text"),
    [
        (utc(3, 42, day=22, month=11), utc(4, day=22, month=11), "03:42"),
        (utc(2, 42, day=22, month=6), utc(4, day=22, month=6), "03:42"),
        (utc(23, 30, day=21, month=11), utc(4, day=22, month=11), "23:30 Sat 21 Nov"),
        (utc(0, 30), utc(4), "01:30 BST"),
        (utc(1, 30), utc(4), "01:30 GMT"),
        (utc(2, 30), utc(4), "02:30"),
    ],
)
def test_local_time(moment: datetime, now: datetime, text: str) -> None:
    assert local_time(moment, now) == text


@given(moments)
def test_the_doubled_hour_is_named_and_no_other(moment: datetime) -> None:
    twins = [moment + timedelta(hours=hours) for hours in (-1, 1)]
    doubled = any(local(twin).replace(tzinfo=None) == local(moment).replace(tzinfo=None) for twin in twins)
    assert is_ambiguous(moment) == doubled


@given(moments)
def test_two_moments_never_read_the_same(moment: datetime) -> None:
    now = moment + timedelta(hours=3)
    assert local_time(moment, now, seconds=True) != local_time(moment + timedelta(hours=1), now, seconds=True)


@given(moments)
def test_the_day_of_a_reference_is_the_local_one(moment: datetime) -> None:
    assert shift_date(moment) == moment.astimezone(LONDON).date()


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (0, "under 1 min"),
        (0.99, "under 1 min"),
        (1, "1 min"),
        (12.9, "12 min"),
        (99, "99 min"),
        (100, "1 h 40"),
        (182, "3 h 02"),
        (3120, "2 d 4 h"),
        (14399, "9 d 23 h"),
        (14400, "10 d"),
    ],
)
def test_lengths_in_words(minutes: float, text: str) -> None:
    assert in_words(timedelta(minutes=minutes)) == text
    assert in_words(-timedelta(minutes=minutes)) == text


def test_a_figure_may_be_nought_and_what_lasts_is_never_said_to_last_for_none() -> None:
    assert figure_in_words(timedelta(0)) == "0 min"
    assert figure_in_words(timedelta(seconds=59)) == "0 min"
    assert figure_in_words(timedelta(minutes=182)) == in_words(timedelta(minutes=182))
    assert minutes_in_words(0.3) == "under 1 min"
    assert allowance_in_words(0) == "0 min"


@pytest.mark.parametrize(("seconds", "text"), [(-5, "0 s"), (0, "0 s"), (119, "119 s"), (120, "2 min")])
def test_ages_in_words(seconds: int, text: str) -> None:
    assert age_in_words(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (utc(23, 59, day=24), "00:59:00"),
        (utc(0, 20), "01:20:00 BST"),
        (utc(1, 20), "01:20:00 GMT"),
        (utc(2), "02:00:00"),
        (utc(0, 59, day=29, month=3), "00:59:00"),
        (utc(1, day=29, month=3), "02:00:00"),
    ],
)
def test_a_clock_names_its_zone_in_the_doubled_hour(at: datetime, said: str) -> None:
    assert wall_time(at, seconds=True) == said


def test_a_time_of_day_is_told_in_one_way() -> None:
    """Whoever formats one alone forgets the zone. The question of the doubled hour has to leave it out.

    A cell of a spreadsheet is put back into the text that somebody typed there.
    """
    alone = {file.name for file in PRODUCT if "%H:%M" in file.read_text("utf-8")}
    # Checkpoints and dumps hold times of machines, in UTC and in one form.
    machines = {"checkpoint.py", "dump.py", "notes.py"}
    assert alone - machines == {"clocks.py", "opening.py", "resolving.py", "sheet_files.py", "when.py"}


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (12, "07:30"),
        (13, "07:30 Fri"),
        (11, "07:30 Wed"),
        (18, "07:30 Wed"),
        (6, "07:30 Fri"),
        # A week away the day's name would be taken for today's.
        (19, "07:30 Thu 19 Nov"),
        (5, "07:30 Thu 05 Nov"),
        (30, "07:30 Mon 30 Nov"),
    ],
)
def test_within_a_week_the_day_tells_the_date(day: int, text: str) -> None:
    assert near_time(utc(7, 30, day=day, month=11), utc(12, day=12, month=11)) == text
