"""When it is an alarm that nothing is sealed, or that a console saw something else sealed before. Pure; UTC."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from db.domain.alarms import PRIORITY, Alarm
from db.domain.clocks import in_words, shifted
from db.domain.rules import Rules

SEAL: Final = "seal"
BROKEN: Final = "seal_broken"
BROKEN_FOR: Final = timedelta(days=7)
"""How long a console says that the record is not what it saw sealed."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What is known of the seal.

    Attributes:
        since: from when on it ought to be sealed; None where it need not be, such as in practice.
        last_at: when it was sealed last; None for never.
        broken_at: when a checkpoint came that does not continue the one that was kept here; None for never.
    """

    since: datetime | None
    last_at: datetime | None = None
    broken_at: datetime | None = None

    def is_late(self, now: datetime, rules: Rules) -> bool:
        """Whether it is time to do something."""
        counts_from = self.last_at or self.since
        return (
            self.since is not None and counts_from is not None and now >= shifted(counts_from, rules.sealed_within)
        )

    def sentence(self, now: datetime) -> str:
        """How old the last one is, as ``The record was sealed under 1 min ago.`` says it."""
        if self.last_at is None:
            return "The record was not sealed yet."
        return f"The record was sealed {in_words(now - self.last_at)} ago."


def seal_alarms(sealed: Sealed, rules: Rules) -> Iterable[Alarm]:
    """What may sound, now or later."""
    last = sealed.last_at or sealed.since
    if sealed.since is not None and last is not None:
        due = shifted(last, rules.sealed_within)
        name = f"seal late {last.isoformat()}"
        yield Alarm(name, PRIORITY[SEAL], "nothing was sealed for", due, counts_from=last, kind=SEAL)
    if sealed.broken_at is not None:
        at = sealed.broken_at
        words = "the record is not as it was sealed, for"
        ends = shifted(at, BROKEN_FOR)
        name = f"seal broken {at.isoformat()}"
        yield Alarm(name, PRIORITY[BROKEN], words, at, until=ends, counts_from=at, kind=BROKEN)
