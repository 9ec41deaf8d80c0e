"""What the gateway has done since it started, in numbers. Nothing personal."""

import logging
from collections import Counter
from dataclasses import dataclass, field, fields
from datetime import datetime

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Counters:
    """Counts by kind.

    Attributes:
        accepted: fixes put in the queue, by form.
        verdicts: fixes by what sanity said.
        refused: requests answered with an error, by status.
        stored: fixes that reached the record.
        batches: calls that stored them.
        alarms: emergencies raised.
        duplicates: fixes sent again, word for word, and left out.
        rejected: entries that the record would not take.
        unused: what came from a known device and could not be used, by the sentence that says why.
    """

    accepted: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    stored: int = 0
    batches: int = 0
    alarms: int = 0
    duplicates: int = 0
    rejected: int = 0
    unused: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> dict[str, object]:
        """For the counters' page."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: dict(value) if isinstance(value, Counter) else value for name, value in values.items()}


@dataclass(slots=True)
class RecordLink:
    """Whether the record can be reached; aware UTC, None while it can. Logs each change once."""

    away_since: datetime | None = None
    reason: str = ""

    def up(self) -> None:
        """It answered."""
        if self.away_since is not None:
            log.warning("the record is back")
        self.away_since, self.reason = None, ""

    def down(self, now: datetime, reason: str) -> None:
        """It did not; ``reason`` is a sentence."""
        if self.away_since is None:
            log.warning("the record is away; fixes wait on the disk: %s", reason)
        # Since when it is away stays the first moment, however often it is tried; why is the last word.
        self.away_since, self.reason = self.away_since or now, reason
