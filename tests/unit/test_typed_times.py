"""Holds end at a time still to come, also in the nights when the clocks change."""

from datetime import UTC, datetime

import pytest

from db.domain.resolving import Belongs, resolve
from db.domain.typed_times import next_at, time_of_day


@pytest.mark.parametrize(
    ("typed", "now", "until"),
    [
        ("0830", datetime(2026, 11, 22, 3, 0, tzinfo=UTC), datetime(2026, 11, 22, 8, 30, tzinfo=UTC)),
        ("8:30", datetime(2026, 11, 22, 9, 0, tzinfo=UTC), datetime(2026, 11, 23, 8, 30, tzinfo=UTC)),
        ("0830", datetime(2026, 6, 22, 3, 0, tzinfo=UTC), datetime(2026, 6, 22, 7, 30, tzinfo=UTC)),
        # 01:30 comes twice when summer time ends: the first is over at 01:00 UTC, so the second is meant.
        ("0130", datetime(2026, 10, 25, 0, 45, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        # 01:30 does not exist when summer time begins: asked for at 00:30 or the evening before, it is no time.
        ("0130", datetime(2026, 3, 29, 0, 30, tzinfo=UTC), None),
        ("0130", datetime(2026, 3, 28, 22, 0, tzinfo=UTC), None),
        ("0130", datetime(2026, 3, 29, 1, 40, tzinfo=UTC), datetime(2026, 3, 30, 0, 30, tzinfo=UTC)),
        ("2460", datetime(2026, 11, 22, 3, 0, tzinfo=UTC), None),
        ("soon", datetime(2026, 11, 22, 3, 0, tzinfo=UTC), None),
    ],
)
def test_a_typed_time_is_the_next_one(typed: str, now: datetime, until: datetime | None) -> None:
    assert next_at(typed, now) == until


@pytest.mark.parametrize("typed", ["0712", "712", "7:12", "07.12", " 0712 "])
def test_each_way_to_write_a_time_of_day_is_read_alike(typed: str) -> None:
    now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    assert resolve(typed, Belongs(now)).at == datetime(2026, 11, 22, 7, 12, tzinfo=UTC)
    assert next_at(typed, now) == datetime(2026, 11, 23, 7, 12, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["", "7", "07123", "2400", "0760", "٠٧١٢", "-712", "7h12"])
def test_what_is_no_time_of_day_is_none_whatever_asks(typed: str) -> None:
    now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    assert time_of_day(typed) is None
    assert next_at(typed, now) is None


def test_the_doubled_hour_is_read_by_its_side() -> None:
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert resolve("0130", Belongs(second)).choices == (first, second)
    assert resolve("0130", Belongs(datetime(2026, 10, 25, 1, 0, tzinfo=UTC))).at == first
    assert next_at("0130", datetime(2026, 10, 25, 0, 0, tzinfo=UTC)) == first
