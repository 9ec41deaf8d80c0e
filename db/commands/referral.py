"""Take a referral, correct it, and end it."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.commands.base import Command, already, give_reason, in_order, record_now, verb
from db.commands.care import Spoken, put_down_spoken
from db.commands.details import Details
from db.commands.ending import Responsible, put_down_ending
from db.commands.locks import lock_referral
from db.commands.reading import read_narrative
from db.domain.care import CANCEL, HOLD
from db.domain.intake_call import REFERRAL
from db.domain.measures import Care
from db.domain.party import Party, called
from db.domain.records import YesNo
from db.domain.states import OPEN_ASSIGNMENT, REFERRAL_MOVES, ReferralState
from db.errors import Conflict, Invalid, NotAllowed
from db.tables import AssignmentRow, HandoverRow, IntakeCallRow, ReferralRow, ReferralSourceRow


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeReferral(Command):
    """Write down a new referral. A crew that waits with the person makes an expected handover to the CRU.

    Attributes:
        received_at: when somebody began to take it, if not now.
        at: when it was taken, and so acknowledged, if not now: what is done to it meanwhile comes after.
        answered_at: when the telephone was answered by which it came, if it came by telephone.
    """

    details: Details
    referral_id: UUID = field(default_factory=uuid4)
    handover_id: UUID = field(default_factory=uuid4)
    received_at: datetime | None = None
    at: datetime | None = None
    answered_at: datetime | None = None


@verb(TakeReferral)
async def take_referral(connection: AsyncConnection, command: TakeReferral) -> None:
    """Insert the referral as received, acknowledged by whoever takes it."""
    need_location(command.details)
    taken = command.at or await record_now(connection)
    # A console's idea of the record's clock may be some milliseconds ahead of it.
    taken = max(taken, command.received_at or taken)
    await connection.execute(
        insert(ReferralRow).values(
            id=command.referral_id,
            received_at=command.received_at or taken,
            acknowledged_at=taken,
            **command.details.columns(),
        )
    )
    if command.answered_at is not None:
        call = {"referral_id": command.referral_id, "answered_at": command.answered_at, "ended_how": REFERRAL}
        await connection.execute(insert(IntakeCallRow).values(call))
    await expect_crew(connection, command.referral_id, command.handover_id, command.details, taken)
    await read_narrative(connection, command.referral_id)


def need_location(details: Details) -> None:
    """Refuse what nobody could find."""
    if not (details.location.text.strip() or details.location.postcode.strip()):
        raise Invalid("A referral needs a location.", "Type a postcode, a street or a place.")


async def expect_crew(
    connection: AsyncConnection, referral_id: UUID, handover_id: UUID, details: Details, at: datetime
) -> None:
    """Expect the handover from whoever waits with the person, if anybody does."""
    waiting = await _waiting(connection, details)
    if waiting is not None:
        to = {"to_party": "CRU", "to_kind": Party.CRU.value, "expected_at": at}
        row = {"id": handover_id, "referral_id": referral_id, "ordinal": 1, **waiting, **to}
        await connection.execute(insert(HandoverRow).values(row))


async def _waiting(connection: AsyncConnection, details: Details) -> dict[str, str] | None:
    """Who waits with the person, by name and kind; None if nobody does."""
    query = select(ReferralSourceRow.waits, ReferralSourceRow.waits_kind).where(
        ReferralSourceRow.code == details.source
    )
    source = (await connection.execute(query)).first()
    if source is None or source.waits_kind == Party.NOBODY:
        # Somebody was named whom the source does not know: of what kind, the record tells by its one rule.
        named = details.waiting_party.strip()
        return {"from_party": named} if named else None
    crew = details.ems_callsign if source.waits_kind == Party.EMS else details.waiting_party
    return {"from_party": called(source.waits, crew), "from_kind": source.waits_kind}


@dataclass(frozen=True, slots=True, kw_only=True)
class EditReferral(Command):
    """Correct what was typed.

    Attributes:
        version: the one that was on the screen when the edit began.
        reason: why; asked for by the record where the referral is over.
    """

    referral_id: UUID
    version: int
    details: Details
    reason: str = ""


@verb(EditReferral)
async def edit_referral(connection: AsyncConnection, command: EditReferral) -> None:
    """Update the details, unless somebody else changed the referral meanwhile."""
    row = await lock_referral(connection, command.referral_id)
    if row.version != command.version:
        raise await already(
            connection, f"{row.reference} was changed while you typed", referral_id=command.referral_id
        )
    current = select(ReferralRow.call_connected_at, ReferralRow.sent_at, ReferralRow.ems_on_scene_at)
    times = (await connection.execute(current.where(ReferralRow.id == command.referral_id))).one()
    values = command.details.columns()
    # A time that is there is amended with a reason, never by the way.
    values |= {name: at for name, at in zip(times._fields, times, strict=True) if at is not None}
    await give_reason(connection, command.reason)
    await connection.execute(update(ReferralRow).where(ReferralRow.id == command.referral_id).values(values))
    await read_narrative(connection, command.referral_id)


async def _move(connection: AsyncConnection, referral_id: UUID, to: ReferralState, **values: object) -> None:
    row = await lock_referral(connection, referral_id)
    if to not in REFERRAL_MOVES[ReferralState(row.state)]:
        raise await already(
            connection, f"{row.reference} is {row.state}", state=row.state, referral_id=referral_id
        )
    await connection.execute(
        update(ReferralRow).where(ReferralRow.id == referral_id).values(state=to.value, **values)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept(Command):
    """The CRU takes the referral on. The screening must let it through."""

    referral_id: UUID
    at: datetime | None = None


@verb(Accept)
async def accept(connection: AsyncConnection, command: Accept) -> None:
    """Received to accepted; reopening is a different verb."""
    row = await lock_referral(connection, command.referral_id)
    if row.state != ReferralState.RECEIVED:
        raise await already(
            connection, f"{row.reference} is {row.state}", state=row.state, referral_id=command.referral_id
        )
    await read_narrative(connection, command.referral_id)
    at = await in_order(connection, command.at, "referral.accepted", command.referral_id, command.referral_id)
    await _move(connection, command.referral_id, ReferralState.ACCEPTED, accepted_at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decline(Command):
    """The CRU does not take it on; the reason says where the person goes instead."""

    referral_id: UUID
    reason: str
    next: Responsible = field(default_factory=Responsible)


@verb(Decline)
async def decline(connection: AsyncConnection, command: Decline) -> None:
    """Decline, and end an expected handover: the patient stays where they are."""
    _need(command.reason, "Declining needs a reason.")
    # The referral first, as everywhere: whoever takes a step of a handover locks the two in this order.
    await lock_referral(connection, command.referral_id)
    await _end_expected_handovers(connection, command.referral_id, command.reason)
    await _move(connection, command.referral_id, ReferralState.DECLINED, end_reason=command.reason)
    # After the move: the record itself makes the row of an ending, and this fills it in.
    await put_down_ending(connection, command.referral_id, command.next)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel(Command):
    """The referral falls away. Vans on the way are stood down; a crew on scene has to clear first.

    Attributes:
        spoken: that the person was spoken to, or why not: needed where the caller cancels.
    """

    referral_id: UUID
    reason: str
    spoken: Spoken = field(default_factory=Spoken)
    next: Responsible = field(default_factory=Responsible)


@verb(Cancel)
async def cancel(connection: AsyncConnection, command: Cancel) -> None:
    """Stand down the vans that are on the way, then cancel."""
    _need(command.reason, "Cancelling needs a reason.")
    row = await lock_referral(connection, command.referral_id)
    if row.state == ReferralState.ATTENDING:
        raise Conflict(f"A crew has reached {row.reference}.", "Mark the van clear and close it with an outcome.")
    await connection.execute(
        update(AssignmentRow)
        .where(AssignmentRow.referral_id == command.referral_id, AssignmentRow.state.in_(OPEN_ASSIGNMENT))
        .values(state="stood down", stand_down_reason=command.reason)
    )
    await _end_expected_handovers(connection, command.referral_id, command.reason)
    # Before the move, which is refused where the caller cancels and nobody spoke to the person.
    await put_down_spoken(connection, command.referral_id, command.spoken, CANCEL)
    await _move(connection, command.referral_id, ReferralState.CANCELLED, end_reason=command.reason)
    await put_down_ending(connection, command.referral_id, command.next)


async def _end_expected_handovers(connection: AsyncConnection, referral_id: UUID, reason: str) -> None:
    await connection.execute(
        update(HandoverRow)
        .where(HandoverRow.referral_id == referral_id, HandoverRow.state.in_(["expected", "started"]))
        .values(state="refused", refusal_reason=reason)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Close(Command):
    """The end of a referral that was attended, with its outcome and three separate answers.

    Attributes:
        ae_care: whether A&E was needed, and done; None where nobody put it down.
        force_used: whether anybody used force on the person while the crew was there; None as above.
    """

    referral_id: UUID
    outcome: str
    ae_avoided: YesNo
    ems_released: YesNo
    police_avoided: YesNo
    next: Responsible = field(default_factory=Responsible)
    ae_care: Care | None = None
    force_used: YesNo | None = None


@verb(Close)
async def close(connection: AsyncConnection, command: Close) -> None:
    """Attending to closed; the record refuses it while a van is still on it."""
    _need(command.outcome, "Closing needs an outcome.")
    await _move(
        connection,
        command.referral_id,
        ReferralState.CLOSED,
        outcome=command.outcome,
        ae_avoided=command.ae_avoided.value,
        ems_released=command.ems_released.value,
        police_avoided=command.police_avoided.value,
        ae_care=command.ae_care,
        **({"force_used": command.force_used.value} if command.force_used else {}),
    )
    await put_down_ending(connection, command.referral_id, command.next)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen(Command):
    """Take a referral that was closed, declined or cancelled back onto the board. Shift lead only."""

    referral_id: UUID
    reason: str


@verb(Reopen)
async def reopen(connection: AsyncConnection, command: Reopen) -> None:
    """To accepted, or to received where it never was; whoever still waited with the person waits again."""
    _need(command.reason, "Reopening needs a reason.")
    row = await lock_referral(connection, command.referral_id)
    if row.state not in _ENDED:
        raise await already(
            connection, f"{row.reference} is {row.state}", state=row.state, referral_id=command.referral_id
        )
    await give_reason(connection, command.reason)
    accepted = select(ReferralRow.accepted_at).where(ReferralRow.id == command.referral_id)
    was_accepted = (await connection.execute(accepted)).scalar_one() is not None
    back_to = ReferralState.ACCEPTED if was_accepted else ReferralState.RECEIVED
    await _move(connection, command.referral_id, back_to)
    if row.state != ReferralState.CLOSED:
        await _expect_again(connection, command.referral_id)
    # What was said since it ended, such as at a follow-up, was read by nobody.
    await read_narrative(connection, command.referral_id)


_ENDED = frozenset({ReferralState.CLOSED, ReferralState.DECLINED, ReferralState.CANCELLED})


async def _expect_again(connection: AsyncConnection, referral_id: UUID) -> None:
    """The handover that ended with the referral is expected anew: a refused one goes no further."""
    row = HandoverRow
    links = select(row.ordinal, row.state, row.from_party, row.from_kind, row.to_party, row.to_kind)
    of_it = links.where(row.referral_id == referral_id, row.taken_back_at.is_(None)).order_by(row.ordinal.desc())
    last = (await connection.execute(of_it.limit(1))).first()
    if last is not None and last.state == "refused" and last.to_kind == Party.CRU:
        again = {name: getattr(last, name) for name in ("from_party", "from_kind", "to_party", "to_kind")}
        # After every other, also those that did not happen: they keep their place.
        latest = select(func.max(row.ordinal)).where(row.referral_id == referral_id)
        place = (await connection.execute(latest)).scalar_one() + 1
        await connection.execute(insert(row).values(referral_id=referral_id, ordinal=place, **again))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(Command):
    """Rest a referral until a set time, at which it comes back by itself.

    Attributes:
        spoken: that the person agreed to wait until then: needed where the hold passes the response due time.
    """

    referral_id: UUID
    until: datetime
    reason: str
    spoken: Spoken = field(default_factory=Spoken)


@verb(Hold)
async def hold(connection: AsyncConnection, command: Hold) -> None:
    """Mark it on hold."""
    _need(command.reason, "Holding needs a reason.")
    row = await lock_referral(connection, command.referral_id)
    if row.state not in {ReferralState.RECEIVED, ReferralState.ACCEPTED}:
        step = "Reopen it first, if it goes on." if row.state in _ENDED else "Stand the van down first."
        raise Conflict(f"{row.reference} is {row.state} and cannot be held.", step)
    if command.until <= await record_now(connection):
        raise Invalid("A hold ends in the future.", "Choose a later time.")
    await put_down_spoken(connection, command.referral_id, command.spoken, HOLD, command.until)
    values = {"hold_until": command.until, "hold_reason": command.reason}
    await connection.execute(update(ReferralRow).where(ReferralRow.id == command.referral_id).values(values))
    await read_narrative(connection, command.referral_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndHold(Command):
    """Bring a held referral back now."""

    referral_id: UUID


@verb(EndHold)
async def end_hold(connection: AsyncConnection, command: EndHold) -> None:
    """Take the mark away; the events keep it."""
    await lock_referral(connection, command.referral_id)
    values = {"hold_until": None, "hold_reason": ""}
    await connection.execute(update(ReferralRow).where(ReferralRow.id == command.referral_id).values(values))


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkEnteredInError(Command):
    """Take a referral off every count and keep it. Shift lead only."""

    referral_id: UUID
    reason: str


@verb(MarkEnteredInError)
async def mark_entered_in_error(connection: AsyncConnection, command: MarkEnteredInError) -> None:
    """Mark it, unless a van is on it."""
    _need(command.reason, "Entered in error needs a reason.")
    row = await lock_referral(connection, command.referral_id)
    if row.state in {ReferralState.ALLOCATED, ReferralState.ATTENDING}:
        raise NotAllowed(f"A van is on {row.reference}.", "Stand the van down first.")
    values = {
        "entered_in_error_at": await record_now(connection),
        "entered_in_error_reason": command.reason,
    }
    referral = ReferralRow
    marked = update(referral).where(referral.id == command.referral_id, referral.entered_in_error_at.is_(None))
    if (await connection.execute(marked.values(values))).rowcount == 0:
        raise await already(
            connection,
            f"{row.reference} is entered in error already",
            state="entered in error",
            referral_id=command.referral_id,
        )


def _need(reason: str, sentence: str) -> None:
    if not reason.strip():
        raise Invalid(sentence, "Choose one.")
