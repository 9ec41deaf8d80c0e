"""When a backup that is missing, or that failed, is an alarm, and whose. Pure; times are aware and UTC."""

from collections.abc import Iterable

from db.domain.alarms import PRIORITY, Alarm
from db.domain.backups import CALLED, Made
from db.domain.rules import Rules


def backup_alarms(made: Iterable[Made], rules: Rules) -> list[Alarm]:
    """What may sound, now or later: that one is late, and at once that one failed."""
    return [alarm for one in made for alarm in _alarms(one, rules)]


def _alarms(made: Made, rules: Rules) -> Iterable[Alarm]:
    what, last, due = made.what, made.last_at or made.since, made.due_at(rules)
    called, grave = CALLED[what], PRIORITY[what]
    if made.failed_at is not None:
        failed, words = made.failed_at, f"the last {called} failed, for"
        # By when it failed: the next one that fails sounds anew.
        name = f"{what} failed {failed.isoformat()}"
        yield Alarm(name, grave, words, failed, until=max(due, failed), counts_from=failed, kind=what)
    yield Alarm(f"{what} late {last.isoformat()}", grave, f"no {called} for", due, counts_from=last, kind=what)
