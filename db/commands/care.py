"""Call somebody who waits, plan and do what comes later."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.commands.base import Command, already, give_reason, verb
from db.commands.locks import lock_referral
from db.commands.reading import read_narrative
from db.domain.care import NO_ANSWER, PERSON
from db.errors import Invalid
from db.tables import (
    ContactRow,
    ContactScheduleRow,
    FollowUpRow,
    LateLinkRow,
    PlacesFreeRow,
)

SpokeWith = Literal["person", "carer", "other", "nobody"]
Channel = Literal["phone", "text", "video", "in person", "passed on"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordContact(Command):
    """A call with somebody who waits, or an attempt at it.

    Attributes:
        with_name: who was spoken to, by name; not for nobody.
        why_not: why nobody was spoken to.
        agreed_until: the person agreed to wait until then.
        promise_due: by when what was promised is to be kept.
        at: when it was, if not now.
    """

    referral_id: UUID
    spoke_with: SpokeWith
    with_name: str = ""
    channel: Channel = "phone"
    said: str = ""
    why_not: str = ""
    agreed_until: datetime | None = None
    promised: str = ""
    promise_due: datetime | None = None
    at: datetime | None = None
    contact_id: UUID = field(default_factory=uuid4)


@verb(RecordContact)
async def record_contact(connection: AsyncConnection, command: RecordContact) -> None:
    """Insert the contact; what was said in it never changes."""
    await lock_referral(connection, command.referral_id)
    if command.spoke_with == NO_ANSWER and not command.why_not.strip():
        raise Invalid("Nobody was spoken to, and nobody says why.", "Say why, such as no answer.", "why_not")
    if command.spoke_with != NO_ANSWER and not command.with_name.strip():
        raise Invalid("A call needs the name of who was spoken to.", "Type their name.", "with_name")
    values: dict[str, Any] = {
        "id": command.contact_id,
        "referral_id": command.referral_id,
        "spoke_with": command.spoke_with,
        "with_name": command.with_name.strip(),
        "channel": command.channel,
        "said": command.said.strip(),
        "why_not": command.why_not.strip(),
        "agreed_until": command.agreed_until,
        "promised": command.promised.strip(),
        "promise_due_at": command.promise_due,
    }
    # Left out rather than null: the column's default is the record's own clock.
    await connection.execute(insert(ContactRow).values(values | ({"made_at": command.at} if command.at else {})))
    # Who rings while they wait tells what is new: it meets the same gate as the narrative.
    await read_narrative(connection, command.referral_id)


@dataclass(frozen=True, slots=True)
class Spoken:
    """That the person was spoken to, by name and when, or why not.

    Attributes:
        at: when; now if it is not said.
        why_not: fills the place of the others when nobody could speak to them.
    """

    name: str = ""
    at: datetime | None = None
    why_not: str = ""


async def put_down_spoken(
    connection: AsyncConnection, referral_id: UUID, spoken: Spoken, about: str, until: datetime | None = None
) -> None:
    """Insert the contact that a hold or a cancellation carries, in the transaction of that."""
    reached = bool(spoken.name.strip())
    if not reached and not spoken.why_not.strip():
        return
    values: dict[str, Any] = {
        "referral_id": referral_id,
        "about": about,
        "spoke_with": PERSON if reached else NO_ANSWER,
        "with_name": spoken.name.strip(),
        "why_not": "" if reached else spoken.why_not.strip(),
        "agreed_until": until if reached else None,
    }
    await connection.execute(insert(ContactRow).values(values | ({"made_at": spoken.at} if spoken.at else {})))
    await read_narrative(connection, referral_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosePromise(Command):
    """Whether what was promised in a call was kept. Said once."""

    contact_id: UUID
    kept: bool
    note: str = ""
    referral_id: UUID | None = None


@verb(ClosePromise)
async def close_promise(connection: AsyncConnection, command: ClosePromise) -> None:
    """Set the outcome of the promise."""
    query = select(ContactRow.referral_id, ContactRow.promised, ContactRow.promise_outcome)
    row = await _part(connection, query.where(ContactRow.id == command.contact_id), "That call")
    if not row.promised:
        raise Invalid("Nothing was promised in that call.")
    if row.promise_outcome:
        raise await already(
            connection, f"The promise is said to be {row.promise_outcome} already", referral_id=row.referral_id
        )
    values = {"promise_outcome": "kept" if command.kept else "not kept", "promise_note": command.note.strip()}
    await connection.execute(update(ContactRow).where(ContactRow.id == command.contact_id).values(values))
    await read_narrative(connection, row.referral_id)


async def _part(connection: AsyncConnection, query: Any, what: str) -> Row[Any]:  # noqa: ANN401 - a select of columns
    """A row that belongs to a referral, with that referral locked."""
    found = (await connection.execute(query)).first()
    if found is None:
        raise Invalid(f"{what} is not in the record.")
    await lock_referral(connection, found.referral_id)
    # Once more, under the lock: the first look only told which referral it is.
    row: Row[Any] = (await connection.execute(query)).one()
    return row


# --- later ---


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFollowUp(Command):
    """Something to be done for the person on a day to come, such as a call."""

    referral_id: UUID
    due: datetime
    what_for: str
    follow_up_id: UUID = field(default_factory=uuid4)


@verb(PlanFollowUp)
async def plan_follow_up(connection: AsyncConnection, command: PlanFollowUp) -> None:
    """Insert it."""
    await lock_referral(connection, command.referral_id)
    if not command.what_for.strip():
        raise Invalid("A follow-up is for something.", "Say what for.", "what_for")
    await connection.execute(
        insert(FollowUpRow).values(
            id=command.follow_up_id,
            referral_id=command.referral_id,
            due_at=command.due,
            what_for=command.what_for.strip(),
        )
    )
    await read_narrative(connection, command.referral_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoFollowUp(Command):
    """It was done, or is not needed any more: the outcome says so."""

    follow_up_id: UUID
    outcome: str
    at: datetime | None = None
    referral_id: UUID | None = None


@verb(DoFollowUp)
async def do_follow_up(connection: AsyncConnection, command: DoFollowUp) -> None:
    """Set outcome and time, once."""
    if not command.outcome.strip():
        raise Invalid("A follow-up that is done has an outcome.", "Say how the person is.", "outcome")
    referral_id = await _open_follow_up(connection, command.follow_up_id)
    # Without a time the record stamps its own.
    values = {"outcome": command.outcome.strip(), "done_at": command.at}
    await connection.execute(update(FollowUpRow).where(FollowUpRow.id == command.follow_up_id).values(values))
    await read_narrative(connection, referral_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class PutOffFollowUp(Command):
    """It is due later, and why."""

    follow_up_id: UUID
    due: datetime
    reason: str
    referral_id: UUID | None = None


@verb(PutOffFollowUp)
async def put_off_follow_up(connection: AsyncConnection, command: PutOffFollowUp) -> None:
    """Set another time; the events keep the one before and the reason."""
    if not command.reason.strip():
        raise Invalid("A follow-up is put off for a reason.", "Say why.", "reason")
    referral_id = await _open_follow_up(connection, command.follow_up_id)
    await give_reason(connection, command.reason.strip())
    query = update(FollowUpRow).where(FollowUpRow.id == command.follow_up_id)
    await connection.execute(query.values(due_at=command.due))
    await read_narrative(connection, referral_id)


async def _open_follow_up(connection: AsyncConnection, follow_up_id: UUID) -> UUID:
    query = select(FollowUpRow.referral_id, FollowUpRow.done_at).where(FollowUpRow.id == follow_up_id)
    row = await _part(connection, query, "That follow-up")
    if row.done_at is not None:
        raise await already(connection, "This follow-up is done already", referral_id=row.referral_id)
    found: UUID = row.referral_id
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLate(Command):
    """EMAS or police came into it later: their incident number, their crew, or both."""

    referral_id: UUID
    service: Literal["ems", "police"]
    incident: str = ""
    crew: str = ""
    came_at: datetime | None = None
    late_link_id: UUID = field(default_factory=uuid4)


@verb(LinkLate)
async def link_late(connection: AsyncConnection, command: LinkLate) -> None:
    """Insert the link; an EMAS number that was empty is filled in by it."""
    await lock_referral(connection, command.referral_id)
    if not (command.incident.strip() or command.crew.strip()):
        raise Invalid("A link needs an incident number or a crew.", "Type one.", "incident")
    await connection.execute(
        insert(LateLinkRow).values(
            id=command.late_link_id,
            referral_id=command.referral_id,
            service=command.service,
            incident=command.incident.strip(),
            crew=command.crew.strip(),
            came_at=command.came_at,
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SayPlacesFree(Command):
    """How many places a destination has free, as somebody there says."""

    destination: str
    free: int
    said_by: str
    at: datetime | None = None
    places_id: UUID = field(default_factory=uuid4)


@verb(SayPlacesFree)
async def say_places_free(connection: AsyncConnection, command: SayPlacesFree) -> None:
    """Insert what was said; the newest counts."""
    if not command.said_by.strip():
        raise Invalid("Somebody says how many places are free.", "Type who said so.", "said_by")
    values: dict[str, Any] = {
        "id": command.places_id,
        "destination": command.destination,
        "free": command.free,
        "said_by": command.said_by.strip(),
    }
    await connection.execute(
        insert(PlacesFreeRow).values(values | ({"said_at": command.at} if command.at else {}))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SetContactSchedule(Command):
    """How often people of a priority are called while they wait, in minutes. Shift lead only."""

    priority: str
    first: int
    every: int
    again: int
    active: bool = True


@verb(SetContactSchedule)
async def set_contact_schedule(connection: AsyncConnection, command: SetContactSchedule) -> None:
    """Update the row of the priority, or insert it; who set it is put down by the record."""
    values = {
        "first_minutes": command.first,
        "every_minutes": command.every,
        "again_minutes": command.again,
        "active": command.active,
    }
    row = ContactScheduleRow
    known = select(row.priority).where(row.priority == command.priority)
    if (await connection.execute(known)).first() is None:
        await connection.execute(insert(row).values(priority=command.priority, **values))
    else:
        await connection.execute(update(row).where(row.priority == command.priority).values(values))
