"""What leads do with the room in the month before the shift, worked out of what the record holds then."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db import mirror, queries
from db.commands import Command, OfferRoom, SignOff, SignRisk, TakeRoom
from db.domain.alarms import in_order, referral_alarms
from db.domain.fleet import VanFacts
from db.domain.handing_over import Room, to_hand_over
from db.domain.records import Position, Record, Van
from db.domain.reference import ReferenceData
from db.domain.roles import Role
from db.domain.shift_log import LogEntry
from db.domain.situation import Facts
from db.exercise.history.deeds import HandOverRoom
from db.exercise.record import Snapshot, arrange
from db.review_queries import to_review

_NOTES: Final = ("", "A quiet one, see the log.", "EMAS stays short in the north until noon.")
_SEEN: Final[Mapping[str, str]] = {
    "late": "No van was free, rota looked at",
    "long handover": "Notes had to be looked for",
    "refused": "Physical need found, rightly sent back",
    "overridden": "Reason read, agreed",
    "reality objected": "Crew was right, tracker was in the other van",
    "back in 72 h": "Plan read again with the home treatment team",
    "feedback": "Read, and passed on",
    "taken back": "A slip, seen within the minute",
    "amended": "Agrees with the positions",
}
_LEFT: Final = 7
"""Of so many things one is left for another day."""
_OFFERED: Final = text(
    "SELECT h.id, h.offered_by = session_user AS is_mine, i.id AS item FROM cru.shift_handover h"
    " LEFT JOIN cru.shift_handover_item i ON i.shift_handover_id = h.id AND i.is_risk AND i.signed_at IS NULL"
    " WHERE h.taken_at IS NULL AND h.withdrawn_at IS NULL ORDER BY i.rank"
)
Found = Mapping[str, Sequence[Record]]


async def handed_over(connection: AsyncConnection, what: HandOverRoom) -> list[Command]:
    """The room is offered with what there is to hand over; or each risk is signed, and it is taken."""
    if (await queries.me(connection)).role is not Role.SHIFT_LEAD:
        return []
    return await (_offer(connection) if what.offered else _take(connection))


async def _offer(connection: AsyncConnection) -> list[Command]:
    if (await connection.execute(_OFFERED)).first() is not None:
        return []
    raw = await connection.get_raw_connection()
    found = (await mirror.whole(raw.driver_connection, Role.SHIFT_LEAD)).records
    now = await queries.now(connection)
    reference = await queries.reference_data(connection)
    notes = _NOTES[now.day % len(_NOTES)]
    return [OfferRoom(items=to_hand_over(room_of(found, reference), reference, now), notes=notes)]


async def _take(connection: AsyncConnection) -> list[Command]:
    # Whoever offers the room does not take it.
    rows = [row for row in await connection.execute(_OFFERED) if not row.is_mine]
    if not rows:
        return []
    return [*(SignRisk(item_id=row.item) for row in rows if row.item), TakeRoom(handover_id=rows[0].id)]


async def looked_at_afterwards(connection: AsyncConnection, look: int) -> list[Command]:
    """Most of what asks to be looked at in the stretch of a look is signed off with a line."""
    if (await queries.me(connection)).role is not Role.SHIFT_LEAD:
        return []
    found = [one for one in await to_review(connection, look) if one.is_open]
    return [
        SignOff(kind=one.kind, about=one.about, words=_SEEN[one.kind], referral_id=one.referral_id)
        for place, one in enumerate(found)
        if place % _LEFT
    ]


def room_of(found: Found, reference: ReferenceData) -> Room:
    """The room as a console knows it, of what is live."""
    live = arrange(found)
    callsigns = {van.id: van.callsign for van in live.vans.values()}
    facts = [
        Facts(
            one,
            live.assignments.get(one.id, ()),
            live.handovers.get(one.id, ()),
            callsigns,
            None,
            live.contacts.get(one.id, ()),
            live.endings.get(one.id),
            live.follow_ups.get(one.id, ()),
            live.late_links.get(one.id, ()),
            live.people.flags_of(one.id),
        )
        for one in live.referrals.values()
    ]
    alarms = in_order([alarm for one in facts for alarm in referral_alarms(one, reference)])
    entries = [one for one in found.get("shift_log", ()) if isinstance(one, LogEntry)]
    fixes = {one.van_id: one for one in found["position"] if isinstance(one, Position)}
    return Room(facts, [_van(van, live, fixes, reference) for van in live.vans.values()], alarms, entries)


def _van(van: Van, live: Snapshot, fixes: Mapping[UUID, Position], reference: ReferenceData) -> VanFacts:
    shift, job = live.shifts.get(van.id), live.jobs.get(van.id)
    crew = [reference.staff[key] for key in (shift.staff_ids if shift else ()) if key in reference.staff]
    referral = live.referrals.get(job.referral_id) if job else None
    return VanFacts(van, shift, job, referral, fixes.get(van.id), crew)
