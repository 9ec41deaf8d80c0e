"""What did not happen: acts that can be taken back, and how events and rows stood until they were. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

from db.domain.records import Event

UNDO_WITHIN: Final = timedelta(seconds=60)
"""How long whoever did something may take it back, by the record's clock. A lead may later, with a reason."""

Name = TypeVar("Name", bound=str)
_TAKEN_BACK = " taken back"


@dataclass(frozen=True, slots=True)
class PastAct:
    """Something that somebody did and that was not taken back.

    Attributes:
        act_id: what :class:`db.commands.TakeBack` names; the id of the command that did it, if one did.
        event_id: the event that tells of it.
        kind: of that event, and ``words`` its own.
        done_by: a login.
        done_at: by the record's clock, UTC.
        blocked: a sentence that says why nobody can take it back; empty if it can be.
        reference: of its referral, wherever that is by now; empty where it is about none.
    """

    act_id: UUID
    event_id: int
    referral_id: UUID | None
    van_id: UUID | None
    kind: str
    words: str
    done_by: str
    done_at: datetime
    blocked: str = ""
    reference: str = ""

    def left(self, now: datetime) -> timedelta:
        """How long its author may still take it back; zero when that is over."""
        return max(timedelta(0), self.done_at + UNDO_WITHIN - now)

    def title(self, callsigns: Mapping[UUID, str]) -> str:
        """What was done, in a few words: ``CRU1 clear``, ``closed``."""
        if self.van_id is None:
            return self.kind
        return f"{callsigns.get(self.van_id, 'van')} {self.kind.removeprefix('van ')}"


def takes_back(event: Event) -> bool:
    """Whether the event says that another one did not happen."""
    return event.amends is not None and event.kind.endswith(_TAKEN_BACK)


def taken_back(events: Iterable[Event]) -> dict[int, Event]:
    """By the id of each event that was taken back, the event that says so."""
    return {event.amends: event for event in events if event.amends is not None and takes_back(event)}


def standing(events: Iterable[Event]) -> list[Event]:
    """The events that count: without those that were taken back, and without the taking back."""
    known = list(events)
    gone = taken_back(known)
    return [event for event in known if event.id not in gone and not takes_back(event)]


def columns_then(events: Iterable[Event], moment: datetime) -> dict[str, dict[str, Any]]:
    """By row, the columns that stood otherwise at a moment, since what they say now was restored after it.

    An act that was done by then, and taken back later, was what everybody saw.
    """
    found: dict[str, dict[str, Any]] = {}
    later = [event for event in events if takes_back(event) and event.happened_at > moment]
    # Of two that concern one column, the one that came first knows what stood there at the moment.
    for event in sorted(later, key=lambda event: event.id, reverse=True):
        rows: Any = event.detail.get("rows")
        done = moment_of(event.detail.get("done_at"))
        if isinstance(rows, dict) and done is not None and done <= moment:
            for row, columns in rows.items():
                found.setdefault(row, {}).update(columns)
    return found


def times_then(
    times: Mapping[Name, datetime], columns: Mapping[str, Any], names: Iterable[Name]
) -> dict[Name, datetime]:
    """The times of a row as they stood, by the names that its record has for them."""
    then = dict(times)
    for name in names:
        column = f"{name.replace(' ', '_')}_at"
        if column in columns:
            then.pop(name, None)
            at = moment_of(columns[column])
            if at is not None:
                then[name] = at
    return then


def moment_of(said: object) -> datetime | None:
    """A time as an event tells it; None where it tells none."""
    if isinstance(said, datetime):
        return said
    return datetime.fromisoformat(said) if isinstance(said, str) else None
