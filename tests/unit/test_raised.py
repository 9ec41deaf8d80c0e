"""The states of an alarm as a table, and when the room has too many."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest

from db.domain.raised import AlarmKind, AlarmState, RaisedAlarm, escalates_at, is_flood, nags, state

NOW = datetime(2026, 11, 22, 3, 40, tzinfo=UTC)
KIND = AlarmKind(
    "no_van", "x", 1, timedelta(), 1, timedelta(minutes=10), timedelta(minutes=5), True, True, "Send one.", True
)


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def alarm(raised: float = -20, **times: float | None) -> RaisedAlarm:
    given = {name: None if minutes is None else at(minutes) for name, minutes in times.items()}
    return RaisedAlarm(UUID(int=1), 1, "x", "no_van", 1, "P1, no van", None, None, at(raised), at(raised), **given)


def kind(*, stays: bool = True, active: bool = True) -> AlarmKind:
    return AlarmKind(
        "no_van", "x", 1, timedelta(), 1, timedelta(minutes=10), timedelta(minutes=5), stays, True, "x", active
    )


TABLE = [
    (alarm(), KIND, AlarmState.UNACKNOWLEDGED),
    (alarm(acknowledged_at=-19), KIND, AlarmState.ACKNOWLEDGED),
    (alarm(acknowledged_at=-20), KIND, AlarmState.ACKNOWLEDGED),
    (alarm(returned_at=-1), KIND, AlarmState.RETURNED),
    (alarm(returned_at=-1), kind(stays=False), AlarmState.NORMAL),
    (alarm(returned_at=-1, acknowledged_at=-2), KIND, AlarmState.NORMAL),
    (alarm(returned_at=-3, acknowledged_at=-2), KIND, AlarmState.NORMAL),
    (alarm(acknowledged_at=-19, again_at=-5), KIND, AlarmState.UNACKNOWLEDGED),
    (alarm(acknowledged_at=-4, again_at=-5), KIND, AlarmState.ACKNOWLEDGED),
    (alarm(shelved_until=1), KIND, AlarmState.SHELVED),
    (alarm(acknowledged_at=-19, shelved_until=1), KIND, AlarmState.SHELVED),
    # By time it comes back to be answered again, whoever answered it before.
    (alarm(acknowledged_at=-19, shelved_until=0), KIND, AlarmState.UNACKNOWLEDGED),
    (alarm(acknowledged_at=-19, shelved_until=-3), KIND, AlarmState.UNACKNOWLEDGED),
    (alarm(acknowledged_at=-2, shelved_until=-3), KIND, AlarmState.ACKNOWLEDGED),
    (alarm(closed_at=-1), KIND, AlarmState.NORMAL),
    (alarm(), kind(active=False), AlarmState.OUT_OF_SERVICE),
    (alarm(), None, AlarmState.UNACKNOWLEDGED),
    (alarm(returned_at=-1), None, AlarmState.RETURNED),
]


@pytest.mark.parametrize(("one", "of_kind", "stands"), TABLE)
def test_where_an_alarm_stands(one: RaisedAlarm, of_kind: AlarmKind | None, stands: AlarmState) -> None:
    assert state(one, of_kind, NOW) is stands


def test_acknowledging_and_returning_come_in_any_order() -> None:
    for first, second in permutations((-3, -2)):
        assert state(alarm(acknowledged_at=first, returned_at=second), KIND, NOW) is AlarmState.NORMAL


@pytest.mark.parametrize(
    ("one", "goes_on"),
    [
        (alarm(-4), at(1)),
        (alarm(-20, again_at=-1), at(4)),
        (alarm(-20, shelved_until=-2), at(3)),
        (alarm(-4, acknowledged_at=-3), None),
        (alarm(-4, shelved_until=3), None),
        (alarm(-4, returned_at=-1), None),
    ],
)
def test_unanswered_it_goes_to_the_shift_lead(one: RaisedAlarm, goes_on: datetime | None) -> None:
    assert escalates_at(one, KIND, NOW) == goes_on


@pytest.mark.parametrize(
    ("one", "does"),
    [
        (alarm(-14.9), False),
        (alarm(-15), True),
        (alarm(-90, again_at=-14), False),
        (alarm(-90, returned_at=-80), True),
        (alarm(-90, acknowledged_at=-80), False),
        (alarm(-90, shelved_until=5), False),
    ],
)
def test_after_a_quarter_of_an_hour_without_an_answer_it_says_so(one: RaisedAlarm, does: bool) -> None:
    assert nags(one, KIND, NOW) is does


def times(*minutes: float) -> list[datetime]:
    return [at(one) for one in minutes]


@pytest.mark.parametrize(
    ("raised", "flood"),
    [
        ([], False),
        (times(*(-one / 2 for one in range(9))), False),
        (times(*(-one / 2 for one in range(10))), True),
        # Ten in eleven minutes never were ten in ten.
        (times(-10.5, *(-one for one in range(9))), False),
        # It lasts while five are new, and is over under that.
        (times(*(-12 - one / 10 for one in range(10)), -9, -8, -7, -6, -5), True),
        (times(*(-12 - one / 10 for one in range(10)), -9, -8, -7, -6), False),
        # Once over, five do not begin another.
        (times(*(-40 - one / 10 for one in range(10)), -9, -8, -7, -6, -5), False),
        # What lies ahead is none yet.
        (times(*(one for one in range(1, 12))), False),
    ],
)
def test_ten_in_ten_minutes_are_a_flood_until_they_are_fewer_than_five(
    raised: list[datetime], flood: bool
) -> None:
    assert is_flood(raised, NOW) is flood
