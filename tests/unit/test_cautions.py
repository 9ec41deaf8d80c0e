"""Until when a flag counts, and the days that people type."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from db.domain.cautions import FLAG_KINDS, Flag, counting, end_of_day, end_words, flag_label, in_order
from db.domain.typed_dates import read_coming_date

NOW = datetime(2026, 11, 22, 3, 42, tzinfo=UTC)
TODAY = NOW.date()


def flag(kind: str = "pets", days: float = 30, put: float = -1) -> Flag:
    end, added = NOW + timedelta(days=days), NOW + timedelta(days=put)
    return Flag(uuid4(), 1, uuid4(), "address", kind, "a goat", end, "a.shah", added)


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
def test_a_flag_counts_until_its_review() -> None:
    one = flag(days=1)
    assert one.is_active(NOW)
    assert not one.is_active(NOW + timedelta(days=1))
    assert counting([flag(days=-2), one], NOW) == [one]


def test_what_helps_comes_first_and_the_newest_of_a_kind() -> None:
    made = [
        flag("staff safety"),
        flag("pets", put=-9),
        flag("pets", put=-2),
        flag("contacted us before"),
        flag("what helps"),
    ]
    kinds = [(one.kind, (NOW - one.added_at).days) for one in in_order(made)]
    assert kinds == [
        ("what helps", 1),
        ("contacted us before", 1),
        ("staff safety", 1),
        ("pets", 2),
        ("pets", 9),
    ]


def test_every_kind_has_words_and_so_has_one_of_an_old_record() -> None:
    assert flag_label("repeat caller") == flag_label("contacted us before") == "contacted us before; what helped"
    assert all(flag_label(kind) for kind in FLAG_KINDS)
    assert "repeat caller" not in {flag_label(kind) for kind in FLAG_KINDS}


@pytest.mark.hazard("H-042")
def test_a_review_is_said_in_words() -> None:
    assert end_words(NOW.replace(hour=8, minute=0), NOW) == "review 08:00"
    end = end_of_day("24/12", NOW)
    assert end is not None
    assert end_words(end, NOW) == "review after Thu 24 Dec 2026"
    assert end_words(datetime(2027, 1, 2, 9, tzinfo=UTC), NOW) == "review 09:00 Sat 02 Jan 2027"
    assert end_words(datetime(2026, 11, 20, tzinfo=UTC), NOW) == "review was due Fri 20 Nov 2026"
