"""Records of what was said while somebody waits, who is responsible at the end, and what comes later."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from db.domain.party import Party

PERSON, CARER, NO_ANSWER = "person", "carer", "nobody"
"""Who was spoken to in a contact, beside ``other``."""
HOLD, CANCEL = "hold", "cancel"
"""What a contact is about that an act carries along."""
TOLD: Final = ("person", "caller", "referrer")
"""Who is told how a referral ends."""

DIED: Final = "died"
"""The code of the end of which nothing is asked that is counted, and after which nobody is called.

So is called, too, what stands against the next step on each other referral of the person."""
CONSENT: Final = "consent"
"""The code of the ground on which nothing was done against the person's wishes."""
ENDED: Final = "ended"
"""How a promise ends whose person has died: neither kept nor broken."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A call or another word with the person, or an attempt at it.

    Attributes:
        due_at: when it was due by the schedule, as that stood then; None where none was.
        spoke_with: the person, who cares for them, another, or nobody.
        with_name: who that was; empty for nobody.
        why_not: why nobody was spoken to.
        agreed_until: the person agreed to wait until then.
        agreed_ended_at: since when that holds no more, because it is more urgent or was taken up again.
        promise_outcome: ``kept``, ``not kept``, :data:`ENDED`, or empty while it is open.
    """

    id: UUID
    version: int
    referral_id: UUID
    about: str
    due_at: datetime | None
    made_at: datetime
    made_by: str
    spoke_with: str
    with_name: str
    channel: str
    said: str = ""
    why_not: str = ""
    agreed_until: datetime | None = None
    promised: str = ""
    promise_due_at: datetime | None = None
    promise_outcome: str = ""
    promise_note: str = ""
    promise_closed_at: datetime | None = None
    promise_closed_by: str = ""
    taken_back_at: datetime | None = None
    agreed_ended_at: datetime | None = None

    @property
    def waits_until(self) -> datetime | None:
        """Until when the person agreed to wait, as things stand now."""
        return self.agreed_until if self.agreed_ended_at is None else None

    @property
    def was_heard(self) -> bool:
        """Whether the person, or who cares for them, was spoken to."""
        return self.spoke_with in {PERSON, CARER}

    @property
    def is_promise_open(self) -> bool:
        """Whether something was promised and nobody has said yet whether it was kept."""
        return bool(self.promised) and not self.promise_outcome


@dataclass(frozen=True, slots=True)
class Telling:
    """Whether somebody was told how a referral ended: by whom and when, or why not; all empty for not said yet."""

    by: str = ""
    at: datetime | None = None
    not_told: str = ""

    @property
    def is_said(self) -> bool:
        """Whether it is known either way."""
        return bool(self.by or self.not_told)


@dataclass(frozen=True, slots=True)
class HowItEnded:
    """How a referral ended, and who is with the person or responsible next.

    Attributes:
        state: closed, declined or cancelled.
        reason: the code of the outcome, or of the reason.
        holder_kind: of what kind who is responsible next is; None while nobody is named. Of somebody who was not
            found it is who was told to look for them.
        asks_search: the person was not found.
        looks_until: until when they are looked for, UTC.
        asks_ground: it may have been against the person's wishes.
        ground: code of the legal ground, or :data:`CONSENT`; empty while nobody said it.
        ground_by: who decided it.
        rights: who told the person their rights, or why not; it has no time.
        died_known_at: since when it is known that they died after the end, UTC.
    """

    id: UUID
    version: int
    referral_id: UUID
    state: str
    reason: str
    ended_at: datetime
    holder_kind: Party | None = None
    holder_name: str = ""
    named_by: str = ""
    named_at: datetime | None = None
    person: Telling = Telling()
    caller: Telling = Telling()
    referrer: Telling = Telling()
    reopened_at: datetime | None = None
    taken_back_at: datetime | None = None
    asks_search: bool = False
    looks_until: datetime | None = None
    asks_ground: bool = False
    ground: str = ""
    ground_by: str = ""
    rights: Telling = Telling()
    died_known_at: datetime | None = None

    @property
    def is_named(self) -> bool:
        """Whether somebody is named who is with the person or responsible next."""
        return self.holder_kind is not None

    def telling(self, who: str) -> Telling:
        """What is known of one of :data:`TOLD`."""
        return {"person": self.person, "caller": self.caller, "referrer": self.referrer}[who]

    def untold(self) -> Iterator[str]:
        """Those of :data:`TOLD` of whom nobody said whether they were told."""
        return (who for who in TOLD if not self.telling(who).is_said)

    def not_said(self) -> Iterator[str]:
        """What nobody has said of it yet, as the record has it (``cru.kept_in_sight``)."""
        if not self.is_named:
            yield "nobody is told to look for them" if self.asks_search else "nobody named"
        if self.asks_search and self.looks_until is None:
            yield "not said until when they are looked for"
        if self.asks_ground and not self.ground:
            yield "not said whether it was with their consent"
        elif self.asks_ground and self.ground != CONSENT:
            if not self.ground_by:
                yield "not said who decided it"
            if not self.rights.is_said:
                yield "not said who told them their rights"
        if untold := ", ".join(self.untold()):
            yield f"not said who told: {untold}"

    @property
    def is_answered(self) -> bool:
        """Whether nothing about it is open any more."""
        return next(self.not_said(), None) is None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Something to be done for the person on a day to come."""

    id: UUID
    version: int
    referral_id: UUID
    due_at: datetime
    what_for: str
    made_at: datetime
    made_by: str
    done_at: datetime | None = None
    done_by: str = ""
    outcome: str = ""
    taken_back_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.done_at is None


@dataclass(frozen=True, slots=True)
class LateLink:
    """EMAS or police who came into it later. ``service`` is ``ems`` or ``police``."""

    id: UUID
    version: int
    referral_id: UUID
    service: str
    incident: str
    crew: str
    came_at: datetime | None
    made_at: datetime
    made_by: str
    taken_back_at: datetime | None = None


OfCare = Contact | HowItEnded | FollowUp | LateLink
"""What is said and done while somebody waits, and after."""


@dataclass(frozen=True, slots=True)
class CallSchedule:
    """How often somebody who waits is called: first after, then every; after no answer, again.

    ``author`` and ``dated`` say who answers for it, and since which local day.
    """

    first: timedelta
    every: timedelta
    again: timedelta
    author: str = ""
    dated: date | None = None


@dataclass(frozen=True, slots=True)
class EndingRule:
    """What a way of ending asks for.

    Attributes:
        needs_meeting: only somebody who was met can have it.
        asks_person: the person is spoken to first, or it is said why not.
        aftercare: within how long what stays open is seen to; None where nothing does.
        only_unmet: nobody can have it who was met.
        asks_search: the person was not found: who looks for them, and until when.
        asks_ground: with their consent, or on what legal ground.
    """

    needs_meeting: bool = False
    asks_person: bool = False
    aftercare: timedelta | None = None
    only_unmet: bool = False
    asks_search: bool = False
    asks_ground: bool = False


NOTHING_ASKED: Final = EndingRule()


@dataclass(frozen=True, slots=True)
class PlacesFree:
    """How many places a destination had free, who said so, and when."""

    free: int
    said_by: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a person may be taken. ``hours`` is as people wrote it; :mod:`db.domain.opening` reads it."""

    name: str
    kind: str
    address: str = ""
    phone: str = ""
    hours: str = ""
    places: PlacesFree | None = None
