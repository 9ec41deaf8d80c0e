"""A typed time means the moment that fits the thing it belongs to, also in the nights when the clocks change."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.domain.resolving import Belongs, Limit, reading_words, resolve
from db.domain.typed_dates import read_near_date

ZONE = ZoneInfo("Europe/London")
MINUTE = timedelta(minutes=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")


def happened(now: str, *, after: str = "", before: str = "", instead: str = "") -> Belongs:
    return Belongs(
        utc(now),
        not_before=Limit(utc(after), "CRU3 mobile") if after else None,
        not_after=Limit(utc(before), "CRU3 clear") if before else None,
        instead_of=utc(instead) if instead else None,
    )


PAST = [
    # The morning after, the thing's own day is meant; also over midnight and the year's end, either way.
    ("0710", happened("2026-02-11T08:00", instead="2026-02-10T07:25"), "2026-02-10T07:10"),
    ("2350", happened("2026-02-11T08:00", instead="2026-02-11T00:05"), "2026-02-10T23:50"),
    ("0004", happened("2026-02-11T08:00", instead="2026-02-10T23:58"), "2026-02-11T00:04"),
    ("0002", happened("2027-01-01T06:00", instead="2026-12-31T23:57"), "2027-01-01T00:02"),
    ("2358", happened("2027-01-03T06:00", instead="2027-01-01T00:01"), "2026-12-31T23:58"),
    # Never in the future, so the day before where today's is still to come.
    ("0900", happened("2026-02-11T08:00"), "2026-02-10T09:00"),
    ("0900", happened("2026-02-11T08:00", instead="2026-02-11T07:00"), "2026-02-10T09:00"),
    # Between the step before it and the one behind it.
    (
        "0010",
        happened("2026-02-12T09:00", after="2026-02-10T23:40", before="2026-02-11T00:30"),
        "2026-02-11T00:10",
    ),
    # A minute is a whole one: what was mobile at 07:41:20 may be on scene "0741".
    ("0741", happened("2026-02-11T08:00", after="2026-02-11T07:41:20"), "2026-02-11T07:41:20"),
    ("0741", happened("2026-02-11T08:00", before="2026-02-11T07:41:20"), "2026-02-11T07:41"),
    # Summer, and a day that is said.
    ("0710", happened("2026-07-11T08:00"), "2026-07-11T06:10"),
    ("9/2 0710", happened("2026-02-11T08:00", instead="2026-02-11T07:00"), "2026-02-09T07:10"),
    ("Mon 9 Feb 07:10", happened("2026-02-11T08:00"), "2026-02-09T07:10"),
    ("31 dec 2200", happened("2027-01-02T08:00"), "2026-12-31T22:00"),
    ("20 min ago", happened("2026-02-11T08:00"), "2026-02-11T07:40"),
    ("now", happened("2026-02-11T08:00:31", after="2026-02-11T08:00:20"), "2026-02-11T08:00:20"),
    # The night that is an hour shorter: 00:50 and 02:10 are 20 minutes apart.
    ("0050", happened("2026-03-29T01:10"), "2026-03-29T00:50"),
    ("0210", happened("2026-03-29T01:20", instead="2026-03-29T00:50"), "2026-03-29T01:10"),
    # Before the clocks go forward, last night's is meant.
    ("0130", happened("2026-03-29T00:40"), "2026-03-28T01:30"),
    # The hour that comes twice is no question where one of the two is out of reach, or the zone is said.
    ("0140", happened("2026-10-25T00:50"), "2026-10-25T00:40"),
    ("0140", happened("2026-10-25T05:00", after="2026-10-25T01:10"), "2026-10-25T01:40"),
    ("0140", happened("2026-10-25T05:00", before="2026-10-25T01:05"), "2026-10-25T00:40"),
    ("0140 gmt", happened("2026-10-25T05:00"), "2026-10-25T01:40"),
    ("0140BST", happened("2026-10-25T05:00"), "2026-10-25T00:40"),
    (
        "0159",
        happened("2026-10-25T05:00", after="2026-10-25T00:59:30", before="2026-10-25T01:30"),
        "2026-10-25T00:59:30",
    ),
]


@pytest.mark.parametrize(("typed", "belongs", "at"), PAST)
def test_what_has_happened(typed: str, belongs: Belongs, at: str) -> None:
    assert resolve(typed, belongs).at == utc(at)


COMING = [
    ("0715", "2026-02-10T22:00", "2026-02-11T07:15"),
    ("2215", "2026-02-10T22:00", "2026-02-10T22:15"),
    ("0005", "2026-12-31T23:50", "2027-01-01T00:05"),
    ("0140", "2026-03-28T00:40", "2026-03-28T01:40"),
    ("0230", "2026-03-29T00:45", "2026-03-29T01:30"),
    ("0300", "2026-10-24T22:00", "2026-10-25T03:00"),
    ("0110", "2026-10-25T00:30", "2026-10-25T01:10"),
    ("tomorrow 0715", "2026-02-10T05:00", "2026-02-11T07:15"),
    ("2030 tomorrow", "2026-12-31T19:00", "2027-01-01T20:30"),
    ("half seven tomorrow morning", "2026-03-27T20:00", "2026-03-28T07:30"),
    # Over the night that is an hour shorter.
    ("tomorrow 0800", "2026-03-28T23:30", "2026-03-29T07:00"),
]


@pytest.mark.parametrize(("typed", "now", "at"), COMING)
def test_what_is_still_to_come(typed: str, now: str, at: str) -> None:
    found = resolve(typed, Belongs(utc(now), to_come=True))
    assert found.at == utc(at), found


@pytest.mark.parametrize(
    ("belongs", "said"),
    [
        (happened("2026-10-25T06:00"), "01:20 BST, 5 h 40 min ago|01:20 GMT, 4 h 40 min ago"),
        (
            happened("2026-10-25T06:00", instead="2026-10-25T02:10"),
            "01:20 BST, 5 h 40 min ago|01:20 GMT, 4 h 40 min ago",
        ),
        (Belongs(utc("2026-10-24T20:20"), to_come=True), "01:20 BST, in 4 h|01:20 GMT, in 5 h"),
    ],
)
def test_the_hour_that_comes_twice_is_asked(belongs: Belongs, said: str) -> None:
    found = resolve("0120", belongs)
    assert (found.at, found.refusal) == (None, "")
    assert [reading_words(one, belongs.now) for one in found.choices] == [
        f"Sun 25 Oct {one}" for one in said.split("|")
    ]


@pytest.mark.hazard("H-024")
@pytest.mark.parametrize("typed", ["0100", "0115", "1:59"])
@pytest.mark.parametrize(
    "belongs",
    [
        Belongs(utc("2027-03-27T20:00"), to_come=True),
        Belongs(utc("2027-03-28T00:30"), to_come=True),
        happened("2027-03-28T06:00"),
        happened("2027-03-29T06:00", instead="2027-03-28T03:00"),
    ],
)
def test_the_hour_that_is_skipped_is_refused_with_the_right_one_beside_it(typed: str, belongs: Belongs) -> None:
    found = resolve(typed, belongs)
    minutes = typed[-2:]
    assert found.at is None
    assert found.choices == ()
    assert found.refusal.startswith(f"There is no 01:{minutes} on Sun 28 Mar")
    assert f"02:{minutes}" in found.next_step


@pytest.mark.parametrize(
    ("typed", "belongs", "said"),
    [
        (
            "0650",
            happened("2026-02-11T08:00", after="2026-02-11T07:10", before="2026-02-11T07:30"),
            "No 06:50 lies between CRU3 mobile 07:10 and CRU3 clear 07:30.",
        ),
        (
            "0735",
            happened("2026-02-12T08:00", after="2026-02-11T07:10", before="2026-02-11T07:30"),
            "No 07:35 lies between CRU3 mobile 07:10 Wed 11 Feb and CRU3 clear 07:30 Wed 11 Feb.",
        ),
        (
            "0830",
            happened("2026-02-11T08:00", after="2026-02-11T07:10"),
            "No 08:30 lies between CRU3 mobile 07:10 and now 08:00.",
        ),
        ("12/2 0700", happened("2026-02-11T08:00"), "No 07:00 on Thu 12 Feb lies before now 08:00."),
        ("0700 tomorrow", happened("2026-02-11T08:00"), "No 07:00 on Thu 12 Feb lies before now 08:00."),
        ("7", happened("2026-02-11T08:00"), '"7" is not a time of day.'),
        ("0140 gmt", happened("2026-07-11T08:00"), "No 01:40 lies before now 09:00."),
        (
            "0150",
            happened("2026-10-25T05:00", after="2026-10-25T02:00"),
            "No 01:50 lies between CRU3 mobile 02:00 and now 05:00.",
        ),
    ],
)
def test_what_does_not_fit_is_refused_and_the_limits_are_named(typed: str, belongs: Belongs, said: str) -> None:
    found = resolve(typed, belongs)
    assert (found.at, found.choices) == (None, ())
    assert found.refusal == said


def test_nothing_typed_is_neither_a_time_nor_a_mistake() -> None:
    found = resolve("  ", happened("2026-02-11T08:00"))
    assert (found.at, found.choices, found.refusal) == (None, (), "")


@pytest.mark.parametrize(
    ("at", "now", "said"),
    [
        ("2026-02-10T07:10", "2026-02-11T07:20", "Tue 10 Feb 07:10, 24 h 10 min ago"),
        ("2026-02-10T07:10", "2026-02-13T07:20", "Tue 10 Feb 07:10, 3 d ago"),
        ("2026-12-31T23:50", "2027-01-01T00:10", "Thu 31 Dec 2026 23:50, 20 min ago"),
        ("2026-02-10T07:10", "2026-02-10T07:10:40", "Tue 10 Feb 07:10, now"),
        ("2026-02-10T09:10", "2026-02-10T07:05", "Tue 10 Feb 09:10, in 2 h 5 min"),
        # Elapsed, not by the clock on the wall.
        ("2026-03-29T00:30", "2026-03-29T01:30", "Sun 29 Mar 00:30, 1 h ago"),
        ("2026-10-25T00:30", "2026-10-25T02:30", "Sun 25 Oct 01:30 BST, 2 h ago"),
        ("2026-10-24T23:30", "2026-10-25T07:30", "Sun 25 Oct 00:30, 8 h ago"),
    ],
)
def test_the_full_reading(at: str, now: str, said: str) -> None:
    assert reading_words(utc(at), utc(now)) == said


@pytest.mark.parametrize(
    ("text", "day"),
    [("28/12", "2026-12-28"), ("2 jan", "2027-01-02"), ("thu 31 dec", "2026-12-31"), ("30/2", ""), ("1", "")],
)
def test_a_day_without_a_year_is_the_nearest(text: str, day: str) -> None:
    found = read_near_date(text, utc("2027-01-01T00:00").date())
    assert (found.isoformat() if found else "") == day


NIGHTS = st.sampled_from(
    [utc("2026-03-29T01:00"), utc("2026-10-25T01:00"), utc("2026-12-31T23:59"), utc("2026-06-05T12:00")]
)
SECONDS = st.integers(-90_000, 90_000)


@pytest.mark.hazard("H-023")
@given(
    NIGHTS,
    SECONDS,
    st.none() | SECONDS,
    st.none() | SECONDS,
    st.none() | SECONDS,
    st.integers(0, 1439),
    st.booleans(),
)
def test_a_reading_lies_within_its_limits_and_reads_back_to_what_was_typed(
    night: datetime,
    now: int,
    after: int | None,
    before: int | None,
    instead: int | None,
    minute: int,
    to_come: bool,
) -> None:
    def moment(seconds: int | None) -> datetime | None:
        return None if seconds is None else night + timedelta(seconds=seconds)

    lower, upper, clock = moment(after), moment(before), night + timedelta(seconds=now)
    belongs = Belongs(
        clock,
        to_come=to_come,
        not_before=Limit(lower, "the one before") if lower else None,
        not_after=Limit(upper, "the one behind") if upper else None,
        instead_of=moment(instead),
    )
    typed = f"{minute // 60:02d}{minute % 60:02d}"
    found = resolve(typed, belongs)
    assert bool(found.at) + bool(found.choices) + bool(found.refusal) == 1
    for at in [found.at, *found.choices]:
        if at is not None:
            assert at.astimezone(ZONE).strftime("%H%M") == typed
            assert lower is None or at >= lower
            assert upper is None or at <= upper
            assert at > clock if to_come else at <= clock
    if len(found.choices) == 2:
        assert found.choices[1] - found.choices[0] <= timedelta(hours=1)
        assert {one.astimezone(ZONE).tzname() for one in found.choices} == {"BST", "GMT"}


@given(NIGHTS, st.integers(-3000, 3000), st.integers(0, 1439))
def test_without_limits_it_is_the_last_such_minute_found_by_counting_back(
    night: datetime, now: int, minute: int
) -> None:
    """Found independently: minute by minute back from now, on a wall clock that the zone database drives."""
    clock = night + now * MINUTE
    typed = f"{minute // 60:02d}{minute % 60:02d}"
    found = resolve(typed, Belongs(clock))
    back = next(
        (at for n in range(26 * 60) if (at := clock - n * MINUTE).astimezone(ZONE).strftime("%H%M") == typed), None
    )
    if found.at is not None:
        assert found.at == back
    elif found.choices:
        assert back == found.choices[1]
    else:  # skipped tonight
        assert typed.startswith("01")
