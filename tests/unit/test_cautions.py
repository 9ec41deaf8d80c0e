"""Until when a caution counts, and the days that people type."""

from datetime import UTC, date, datetime, timedelta

import pytest

from db.domain.cautions import Caution, caution, end_of_day, end_words
from db.domain.records import Event
from db.domain.typed_dates import read_coming_date

NOW = datetime(2026, 11, 22, 3, 42, tzinfo=UTC)
TODAY = NOW.date()


def _event(detail: dict[str, object]) -> Event:
    known = {"van_id": None, "referral_id": None, "recorded_by": "a.shah", "source": "user"}
    return Event(
        id=1,
        kind="flag",
        happened_at=NOW,
        recorded_at=NOW,
        words="a dog",
        detail={"about": "pets"} | detail,
        **known,
    )


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("24/12", date(2026, 12, 24)),
        ("24 Dec", date(2026, 12, 24)),
        ("3rd of January", date(2027, 1, 3)),
        ("22/11", TODAY),
        ("21/11", date(2027, 11, 21)),
        ("24/12/27", date(2027, 12, 24)),
        ("2026-12-24", date(2026, 12, 24)),
        ("24 dec 2026", date(2026, 12, 24)),
    ],
)
def test_a_coming_day_is_read(typed: str, day: date) -> None:
    assert read_coming_date(typed, TODAY) == day


@pytest.mark.parametrize(("year", "is_read"), [(2036, True), (2037, False)])
def test_a_coming_day_is_at_most_ten_years_away(year: int, is_read: bool) -> None:
    assert (read_coming_date(f"1/2/{year}", TODAY) is not None) is is_read


@pytest.mark.parametrize("typed", ["", "soon", "24", "31/11", "21/11/2026", "24/12/9999", "24/13"])
def test_what_is_no_coming_day_is_not_read(typed: str) -> None:
    assert read_coming_date(typed, TODAY) is None
    assert end_of_day(typed, NOW) is None


@pytest.mark.hazard("H-042")
def test_a_day_ends_at_the_local_midnight() -> None:
    assert end_of_day("24/12", NOW) == datetime(2026, 12, 25, tzinfo=UTC)
    assert end_of_day("1/7/2027", NOW) == datetime(2027, 7, 1, 23, tzinfo=UTC)


@pytest.mark.hazard("H-041")
def test_a_caution_counts_until_its_end() -> None:
    told = caution(_event({"expires_at": "2026-11-22T08:00:00+00:00"}))
    assert told == Caution("pets", "a dog", NOW.replace(hour=8, minute=0))
    assert told.is_active(NOW)
    assert not told.is_active(NOW.replace(hour=8, minute=0))
    assert caution(_event({})).is_active(NOW + timedelta(days=9999))


@pytest.mark.hazard("H-042")
def test_an_end_is_said_in_words() -> None:
    assert end_words(None, NOW) == "no end"
    assert end_words(NOW.replace(hour=8, minute=0), NOW) == "until 08:00"
    assert end_words(end_of_day("24/12", NOW), NOW) == "to the end of Thu 24 Dec 2026"
    assert end_words(datetime(2027, 1, 2, 9, tzinfo=UTC), NOW) == "until 09:00 Sat 02 Jan 2027"
