"""Backups and drills: when one was made last, and when its absence is an alarm. Pure; times are aware and UTC."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from db.domain.clocks import in_words, shifted
from db.domain.rules import Rules

BACKUP: Final = "backup"
DRILL: Final = "drill"
WHAT: Final = (BACKUP, DRILL)
"""What is made: a file of the record, and the proof that a record comes out of one."""
CALLED: Final = {BACKUP: "backup of the record", DRILL: "backup drill"}


@dataclass(frozen=True, slots=True)
class Made:
    """What is known of the backups, or of the drills.

    Attributes:
        last_at: when one went well last; None for never.
        failed_at: when one failed after that; None where none did.
        since: from when it is counted where none ever went well: from then on the record was in use.
    """

    what: str
    last_at: datetime | None
    failed_at: datetime | None
    since: datetime

    def due_at(self, rules: Rules) -> datetime:
        """By when the next one is to be made."""
        return shifted(self.last_at or self.since, allowed(self.what, rules))

    def is_late(self, now: datetime, rules: Rules) -> bool:
        """Whether it is time to do something: one is due, or the last one failed."""
        return self.failed_at is not None or now >= self.due_at(rules)

    def sentence(self, now: datetime) -> str:
        """How old the last one is, as ``The last backup of the record was made 3 h 05 ago.`` says it."""
        called = CALLED[self.what]
        if self.last_at is None:
            said = f"No {called} was made yet."
        else:
            said = f"The last {called} was made {in_words(now - self.last_at)} ago."
        if self.failed_at is not None:
            said += f" One failed {in_words(now - self.failed_at)} ago."
        return said


def allowed(what: str, rules: Rules) -> timedelta:
    """How old the last one may be."""
    return rules.backup_within if what == BACKUP else rules.drill_within
