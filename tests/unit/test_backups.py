"""When a backup that is missing is an alarm, and what is said of the last one."""

from datetime import datetime, timedelta

import pytest

from db.domain.backup_alarms import backup_alarms
from db.domain.backups import BACKUP, DRILL, Made
from db.domain.rules import DEFAULTS, Rules
from tests.unit.board_records import NOW


def before(hours: float) -> datetime:
    return NOW - timedelta(hours=hours)


def made(what: str = BACKUP, *, last: float | None = None, failed: float | None = None, since: float = 0) -> Made:
    at = [None if hours is None else before(hours) for hours in (last, failed)]
    return Made(what, at[0], at[1], before(since))


def heard(one: Made, rules: Rules = DEFAULTS) -> list[str]:
    return [alarm.sentence(NOW) for alarm in backup_alarms([one], rules) if alarm.sounds(NOW)]


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (made(last=25.9), []),
        (made(last=26), ["no backup of the record for 1 d 2 h"]),
        (made(last=25, since=9000), []),
        (made(since=25), []),
        (made(since=50), ["no backup of the record for 2 d 2 h"]),
        (made(DRILL, last=26), []),
        (made(DRILL, last=34 * 24), []),
        (made(DRILL, last=35 * 24), ["no backup drill for 35 d"]),
        (made(last=10, failed=0.5), ["the last backup of the record failed, for 30 min"]),
        (made(DRILL, last=10, failed=0), ["the last backup drill failed, for under 1 min"]),
        # What is graver takes the place of what went before: one alarm and not two.
        (made(last=27, failed=3), ["no backup of the record for 1 d 3 h"]),
        (made(since=50, failed=1), ["no backup of the record for 2 d 2 h"]),
    ],
)
def test_it_is_an_alarm_when_it_is_late_or_failed(one: Made, said: list[str]) -> None:
    assert heard(one) == said
    assert one.is_late(NOW, DEFAULTS) is bool(said)


def test_a_trust_says_how_old_it_may_be() -> None:
    rules = Rules(backup_within=timedelta(hours=4), drill_within=timedelta(hours=48))
    assert heard(made(last=3.9), rules) == heard(made(DRILL, last=47), rules) == []
    assert heard(made(last=4), rules) == ["no backup of the record for 4 h 00"]
    assert heard(made(DRILL, last=49), rules) == ["no backup drill for 2 d 1 h"]


def test_another_backup_is_another_alarm() -> None:
    names = {alarm.key for last in (30, 60) for alarm in backup_alarms([made(last=last)], DEFAULTS)}
    names |= {alarm.key for alarm in backup_alarms([made(DRILL, last=30)], DEFAULTS)}
    assert len(names) == 3


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (made(), "No backup of the record was made yet."),
        (made(DRILL, last=72), "The last backup drill was made 3 d 0 h ago."),
        (
            made(last=30, failed=2),
            "The last backup of the record was made 1 d 6 h ago. One failed 2 h 00 ago.",
        ),
        (made(DRILL, failed=0.2), "No backup drill was made yet. One failed 12 min ago."),
    ],
)
def test_what_is_said_of_the_last_one(one: Made, said: str) -> None:
    assert one.sentence(NOW) == said
