"""Which times the record may hold at all."""

from datetime import UTC, datetime, timedelta

import pytest

from db.domain.believable import believable

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("at", "meant"),
    [
        (datetime(2000, 1, 1, tzinfo=UTC), True),
        (datetime(2000, 1, 1, tzinfo=UTC) - SECOND, False),
        (datetime(2026, 11, 22, 3, 42, tzinfo=UTC), True),
        (datetime(2200, 1, 1, tzinfo=UTC) - SECOND, True),
        (datetime(2200, 1, 1, tzinfo=UTC), False),
        (datetime(1, 1, 1, tzinfo=UTC), False),
        (datetime(9999, 12, 31, tzinfo=UTC), False),
    ],
)
def test_a_time_is_of_two_centuries(at: datetime, meant: bool) -> None:
    if meant:
        assert believable(at) is at
    else:
        with pytest.raises(ValueError, match="cannot be meant"):
            believable(at)
