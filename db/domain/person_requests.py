"""What people ask about their record, until when it is to be answered, and how long the record is kept. Pure."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from db.domain.clocks import local
from db.domain.rota import london
from db.domain.rules import DELIVERED

PLACE: Final = frozenset({"location_text", "postcode", "access_note"})
"""Columns that say where somebody was."""
CORRECTABLE: Final[Mapping[str, str]] = {
    "patient_name": "Name",
    "patient_born": "Date of birth",
    "nhs_number": "NHS number",
    "caller": "Caller",
    "call_back": "Call-back number",
    "waiting_party": "Who waits",
    "location_text": "Location",
    "postcode": "Postcode",
    "access_note": "Note on access",
    "narrative": "Narrative",
    "legal_status": "Legal status",
    "police": "Police",
}
"""Columns of a referral that are changed when a person says that they are wrong, and what they are called."""


class RequestKind(StrEnum):
    """What is asked for."""

    COPY = "copy"
    CORRECTION = "correction"
    ERASING = "erasing"


class RequestState(StrEnum):
    """Where it stands. All but the first are ends."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRequest:
    """Something that somebody asks about the record of a person.

    Attributes:
        referral_id: one of theirs; ``reference`` is what it is called.
        about: what in the record it is about, in a few words; empty for all of it.
        said_by: who asks; of a copy that was given out, whom it was given to.
        words: in their words; of a copy, what for.
        made_by: who wrote it down, by the name that colleagues read; so ``answered_by``.
        answer: what was done, or why not.
        statement: what they want to stand beside what is not changed.
    """

    id: UUID
    referral_id: UUID
    reference: str
    kind: RequestKind
    about: str
    said_by: str
    words: str
    made_by: str
    made_at: datetime
    state: RequestState
    answer: str = ""
    statement: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.state is RequestState.OPEN

    @property
    def answer_by(self) -> date:
        """The last day on which it is answered in time, London."""
        return answer_by(self.made_at)


@dataclass(frozen=True, slots=True)
class WaitingRequest:
    """What of something that is asked every desk knows while it waits: not who asks, nor in which words."""

    id: UUID
    referral_id: UUID
    reference: str
    kind: RequestKind
    made_at: datetime

    @property
    def due_at(self) -> datetime:
        """The last minute in which it is answered in time, UTC."""
        return london(answer_by(self.made_at), time(23, 59))

    @property
    def shown_from(self) -> datetime:
        """From when whoever answers is told of it, UTC: files are read before they are given out."""
        return self.due_at - SHOWN_BEFORE

    def words(self) -> str:
        """What is asked for: ``copy of the record``."""
        return f"{self.kind} of the record"


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long the rule keeps a person's record.

    Attributes:
        last_contact_at: when anybody last had to do with them; None while something is open.
        until_at: when its time is over; None while something is open.
        is_asked: a copy or a correction was asked for and is not answered yet.
        years: that the rule says, which ``set_by`` set on ``set_on``.
    """

    last_contact_at: datetime | None
    until_at: datetime | None
    is_erased: bool
    is_asked: bool
    years: float
    set_by: str
    set_on: date | None

    def is_due(self, now: datetime) -> bool:
        """Whether it may be erased now."""
        over = self.until_at is not None and self.until_at < now
        return over and not self.is_erased and not self.is_asked

    def in_words(self, now: datetime) -> str:
        """Until when it is kept and by which rule, or why it may not be erased yet: a sentence or two."""
        if self.is_erased:
            return "This person is erased: what is left names nobody."
        rule = f"the rule is {self.years:g} years after the last contact"
        if self.set_on is not None and self.set_by not in {"", DELIVERED}:
            rule = f"{rule}, set by {self.set_by} on {_day(self.set_on)}"
        if self.until_at is None or self.last_contact_at is None:
            return f"Kept while anything about them is open; {rule}."
        last = f"Last contact {_day(local(self.last_contact_at).date())}"
        until = _day(local(self.until_at).date())
        if self.until_at >= now:
            return f"{last}. Kept until {until}: {rule}."
        if not self.is_due(now):
            return f"{last}. Its time was over on {until}; kept until what was asked is answered ({rule})."
        return f"{last}. Due to be erased since {until}: {rule}."


SHOWN_BEFORE: Final = timedelta(days=7)
"""How long before its last day something that is asked stands in the inbox."""
_MONTHS: Final = 12


def answer_by(made_at: datetime) -> date:
    """The last day of the month in which what is asked is to be answered (UK GDPR, article 12(3)), London."""
    return a_month_after(local(made_at).date())


def a_month_after(day: date) -> date:
    """The same day of the next month, or its last day where it has no such day."""
    year, month = (day.year + 1, 1) if day.month == _MONTHS else (day.year, day.month + 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
