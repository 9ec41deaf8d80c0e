"""Holds end at a time still to come, also in the nights when the clocks change."""

from datetime import UTC, datetime

import pytest

from db.domain.hold_times import next_at


@pytest.mark.parametrize(
    ("typed", "now", "until"),
    [
        ("0830", datetime(2026, 11, 22, 3, 0, tzinfo=UTC), datetime(2026, 11, 22, 8, 30, tzinfo=UTC)),
        ("8:30", datetime(2026, 11, 22, 9, 0, tzinfo=UTC), datetime(2026, 11, 23, 8, 30, tzinfo=UTC)),
        ("0830", datetime(2026, 6, 22, 3, 0, tzinfo=UTC), datetime(2026, 6, 22, 7, 30, tzinfo=UTC)),
        # 01:30 comes twice when summer time ends: the first is over at 01:00 UTC, so the second is meant.
        ("0130", datetime(2026, 10, 25, 0, 45, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        # 01:30 does not exist when summer time begins: the next one is a day later.
        ("0130", datetime(2026, 3, 29, 0, 30, tzinfo=UTC), datetime(2026, 3, 30, 0, 30, tzinfo=UTC)),
        ("2460", datetime(2026, 11, 22, 3, 0, tzinfo=UTC), None),
        ("soon", datetime(2026, 11, 22, 3, 0, tzinfo=UTC), None),
    ],
)
def test_a_typed_time_is_the_next_one(typed: str, now: datetime, until: datetime | None) -> None:
    assert next_at(typed, now) == until
