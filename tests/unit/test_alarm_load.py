"""How much a room had to answer, by windows of ten minutes."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from db.domain.alarm_load import alarm_load
from db.domain.raised import RaisedAlarm

START = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)


def raised(minutes: float, kind: str = "late", priority: int = 2, lasts: float | None = 1) -> RaisedAlarm:
    at = START + timedelta(minutes=minutes)
    over = None if lasts is None else at + timedelta(hours=lasts)
    return RaisedAlarm(UUID(int=1), 1, "x", kind, priority, "x", None, None, at, at, returned_at=over)


def test_a_quiet_night_with_one_bad_ten_minutes_is_told_as_such() -> None:
    bad = [raised(60 + one / 2, "lost_fix") for one in range(11)]
    rest = [raised(150), raised(170, "call", 3)]
    load = alarm_load([*bad, *rest], START, START + timedelta(hours=4))
    assert (load.windows, load.most, load.ninth, load.over) == (24, 11, 1, 1)
    assert load.commonest == (("lost_fix", 11), ("late", 1), ("call", 1))
    assert load.by_priority == ((2, 12), (3, 1))
    told = "13 alarms: at most 1 in 9 of 10 stretches of 10 min, 11 in the fullest, more than 10 in 1 of 24"
    assert load.words() == f"{told} · 12 of priority 2 · 1 of priority 3"


def test_ten_are_not_over_ten_and_nothing_is_no_load() -> None:
    ten = [raised(one / 2) for one in range(10)]
    assert alarm_load(ten, START, START + timedelta(hours=1)).over == 0
    nothing = alarm_load([], START, START + timedelta(minutes=25))
    assert (nothing.windows, nothing.most, nothing.commonest) == (3, 0, ())


@pytest.mark.parametrize(
    ("minutes", "hours", "told"),
    [
        ([], 12, ""),
        ([5], 1, "1 alarm · 1 of priority 2"),
        ([5, 70], 12, "2 alarms, no two in the same 10 min · 2 of priority 2"),
        ([5, 6, 50], 1, "3 alarms: 2 in the fullest 10 min · 3 of priority 2"),
        ([5, 6], 12, "2 alarms: none in 9 of 10 stretches of 10 min, 2 in the fullest · 2 of priority 2"),
    ],
)
def test_a_few_are_told_as_somebody_would_and_none_as_nothing(minutes: list[int], hours: int, told: str) -> None:
    load = alarm_load([raised(one) for one in minutes], START, START + timedelta(hours=hours))
    assert load.words() == told


def test_what_nobody_saw_begin_is_counted() -> None:
    stood = [raised(0, lasts=12.5), raised(0, lasts=12), raised(0, lasts=None), raised(60, lasts=None)]
    load = alarm_load(stood, START, START + timedelta(hours=13))
    assert load.standing == 2
    assert "2 stood longer than a shift" in load.words()
