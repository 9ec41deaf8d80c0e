"""A night on which everything happens at once: long names, alike callsigns, every state, alarms, a draft, an act
without an answer. For views that must be readable then: ``busy(seat, record)``."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from db import commands
from db.domain.records import ApproachPlan, Location, Patient, YesNo
from db.domain.states import AssignmentState, HandoverState
from tests.cluster import Record, run
from tests.e2e.windows import Seated

CALLSIGNS = ("CRU NORTH 1", "CRU NORTH 2", "CRU SOUTH 1", "CRU4", "Response 12", "CRU6")
STORY = (
    "Has not slept for four nights and walks up and down the landing. Partner is frightened and has taken the "
    "children to a neighbour. Says tablets are still in the kitchen; denies having taken any. Asks for a woman."
)
PLAN = ApproachPlan(
    wishes=("quiet arrival", "no uniforms", "park away from door"),
    language="Polish, interpreter by telephone",
    helps="Talking about the allotment, being asked before somebody sits down",
    makes_worse="Torches, raised voices, more than two people in the room",
    crisis_plan="Version 3 of October, with the community team in Wellingborough",
    said_by="the person",
)
WHERE = (
    ("Rear flat, 114 Upper Bakehouse Hill, Wellingborough", "NN8 4AA", 52.302, -0.694),
    ("Ground-floor flat, Corby, south and west", "NN18 9ND", 52.480, -0.690),
    ("The Old Rectory Nursing Home, Brackley", "NN13 7XY", 52.028, -1.144),
    ("Hostel, reception lets you in, Kettering", "NN15 5DJ", 52.396, -0.720),
    ("Abington Street, Northampton", "NN1 4LP", 52.2405, -0.8901),
    ("Lay-by on the A43 by Moulton", "NN3 7RS", 52.290, -0.850),
)


@dataclass(frozen=True)
class Busy:
    """The referrals of the night, by what stands out in them."""

    no_van: UUID
    on_way: UUID
    with_patient: UUID
    handing: UUID
    received: UUID
    held: UUID


async def rename(record: Record) -> None:
    """Give the vans names that are long or alike."""
    owner = await asyncpg.connect(**record.owner_kwargs)
    for number, callsign in enumerate(CALLSIGNS, start=1):
        await owner.execute("UPDATE cru.van SET callsign = $1 WHERE callsign = $2", callsign, f"CRU{number}")
    await owner.close()


async def locate(record: Record, fixes: list[dict[str, Any]]) -> None:
    """Put vans on the map."""
    gateway = await asyncpg.connect(**record.kwargs("g.gateway"))
    await gateway.execute("SELECT cru.record_fixes($1::jsonb)", json.dumps(fixes))
    await gateway.close()


def busy(seat: Seated, record: Record) -> Busy:
    """Let a night's worth of things happen, and wait until the desk shows them."""
    return _Night(seat, record).made()


class _Night:
    def __init__(self, seat: Seated, record: Record) -> None:
        self._room, self._record = seat.room, record
        self._now: datetime = seat.desk.clock.now()

    def made(self) -> Busy:
        room = self._room
        vans = [room.on_duty(place) for place in range(5)]
        run(locate(self._record, [self._fix(van, at) for at, van in enumerate(vans)]))
        found = Busy(
            no_van=self._take(0, 74, "P1", source="ems_crew", ems_callsign="N1135"),
            on_way=self._take(1, 21, "P1", source="ems_crew", ems_callsign="A1187", plan=PLAN, narrative=STORY),
            with_patient=self._take(2, 95, "P2", source="police", waiting_party="RT21"),
            handing=self._take(3, 50, "P1", source="ems_crew", ems_callsign="EMAS N1420"),
            received=self._take(4, 3, "P1", source="hub"),
            held=self._take(5, 200, "P3", source="hub"),
        )
        for accepted in (found.no_van, found.on_way, found.with_patient, found.handing):
            room.accept(accepted)
        self._send(found, vans)
        rest = self._now + timedelta(hours=4)
        room.do(
            commands.Hold(
                referral_id=found.held, until=rest, reason="call_back", spoken=commands.Spoken("Ottoline")
            )
        )
        self._done(vans[3])
        room.until(lambda: room.desk.store.referral(found.held).hold_until is not None)
        return found

    def _send(self, found: Busy, vans: list[UUID]) -> None:
        room, step = self._room, AssignmentState
        room.send(found.on_way, vans[0], step.MOBILE)
        room.send(found.with_patient, vans[1], step.WITH_PATIENT)
        room.send(found.handing, vans[2], step.ON_SCENE)
        link = next(one for one in room.desk.store.handovers_of(found.handing))
        room.do(commands.MoveHandover(handover_id=link.id, to=HandoverState.STARTED))
        flag = commands.AddFlag(
            referral_id=found.on_way,
            subject="address",
            kind="access",
            reason="Loose step, dog in the kitchen",
            expires_at=self._now + timedelta(days=30),
        )
        room.do(flag, commands.AddNote(referral_id=found.on_way, words="Neighbour has the key, number 12."))

    def _done(self, van: UUID) -> None:
        room, step = self._room, AssignmentState
        ended = self._take(4, 170, "P2", source="hub")
        room.accept(ended)
        job = room.send(ended, van, step.WITH_PATIENT)
        room.do(commands.Step(assignment_id=job, to=step.CLEAR))
        outcome = next(iter(room.desk.store.reference.outcomes)).code
        answers = {"ae_avoided": YesNo.YES, "ems_released": YesNo.YES, "police_avoided": YesNo.UNKNOWN}
        room.do(commands.Close(referral_id=ended, outcome=outcome, **answers))

    def _take(self, place: int, minutes: float, priority: str, **changed: Any) -> UUID:
        text, postcode, lat, lon = WHERE[place]
        who = Patient("Aleksandra Wojciechowska-Montgomery", date(1987, 3, 4))
        return self._room.take(
            priority=priority,
            location=Location(text, postcode, lat, lon, "Knock gently and say your first name"),
            received_at=self._now - timedelta(minutes=minutes),
            patient=who,
            caller="Ward manager, Campbell House",
            call_back="07700 900123",
            ems_incident="EM-888329",
            **({"narrative": STORY} | changed),
        )

    def _fix(self, van: UUID, place: int) -> dict[str, Any]:
        _, _, lat, lon = WHERE[place]
        # One of them is old by now, and its row says so.
        at = self._now - timedelta(seconds=5 if place else 700)
        return {"van_id": str(van), "fixed_at": at.isoformat(), "lat": lat + 0.02, "lon": lon, "speed": 0}
