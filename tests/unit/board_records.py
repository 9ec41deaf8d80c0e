"""Records for tests of the board and the alarms: made of the few fields that matter there."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from db.domain.care import Contact
from db.domain.party import Party
from db.domain.records import Assignment, Handover, Location, Position, Referral, Shift, StaffMember, Van
from db.domain.reference import Choice, Priority, ReferenceData, Source
from db.domain.states import AssignmentState, DutyStatus, HandoverState, ReferralState

NOW = datetime(2026, 11, 22, 3, 42, 17, tzinfo=UTC)


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


def reference(staff: Mapping[UUID, StaffMember] | None = None) -> ReferenceData:
    return ReferenceData(
        service="Northamptonshire",
        priorities={
            "P1": Priority("P1", "a crew waits", 60, 45, 1, ""),
            "P2": Priority("P2", "very urgent", 240, None, 2, "B"),
            "P3": Priority("P3", "urgent", 1440, None, 3, "C"),
        },
        sources={
            "ems_crew": Source("ems_crew", "EMAS crew on scene", "EMAS", "P1", Party.EMS),
            "hub": Source("hub", "111 option 2", "", "P2"),
        },
        tools={},
        reasons={
            "hold": (Choice("call_back", "Call back agreed"),),
            "cancel": (Choice("by_caller", "Cancelled by the caller"),),
            "out_of_service": (Choice("fault", "Vehicle fault"),),
        },
        outcomes=(Choice("home", "Supported at home"),),
        staff=staff or {},
        users={},
        wishes=(),
        destinations=(),
        bases={},
    )


def referral(number: int = 44, received: float = 49, **changed: Any) -> Referral:
    times = {"received": ago(received)} | changed.pop("times", {})
    fields: dict[str, Any] = {
        "id": uuid4(),
        "version": 1,
        "reference": f"CRU-20261122-{number:04d}",
        "source": "ems_crew",
        "state": ReferralState.ACCEPTED,
        "priority": "P1",
        "triage_scale": "",
        "location": Location("Kettering", "NN16 8UZ"),
    }
    return Referral(**(fields | changed | {"times": times}))


def job(referral_id: UUID, van_id: UUID, state: AssignmentState, **times: float) -> Assignment:
    told = {AssignmentState(name.replace("_", " ")): ago(minutes) for name, minutes in times.items()}
    return Assignment(uuid4(), 1, referral_id, van_id, state, told or {AssignmentState.ALLOCATED: ago(20)})


def handover(referral_id: UUID, state: HandoverState = HandoverState.EXPECTED, **times: float) -> Handover:
    told = {HandoverState(name): ago(minutes) for name, minutes in times.items()}
    return Handover(uuid4(), 1, referral_id, 1, "EMAS A1187", Party.EMS, "CRU", Party.CRU, state, told)


def contact(minutes: float = 30, **changed: Any) -> Contact:
    """A call with the person some minutes ago."""
    fields: dict[str, Any] = {
        "about": "waiting",
        "spoke_with": "person",
        "with_name": "Ottoline",
        "channel": "phone",
    }
    given = fields | changed
    return Contact(uuid4(), 1, uuid4(), due_at=None, made_at=ago(minutes), made_by="a.shah", **given)


def van(callsign: str = "CRU2", status: DutyStatus = DutyStatus.AVAILABLE, **changed: Any) -> Van:
    fields: dict[str, Any] = {
        "id": uuid4(),
        "version": 1,
        "callsign": callsign,
        "registration": "EX02 CRU",
        "base": "Berrywood",
        "livery": "unmarked",
        "seats": 5,
        "equipment": (),
        "duty_status": status,
        "duty_reason": "",
        "duty_since": ago(200),
    }
    return Van(**(fields | changed))


def shift(van_id: UUID, ends: float = 200, **changed: Any) -> Shift:
    return Shift(uuid4(), 1, van_id, (), ago(300), NOW + timedelta(minutes=ends), **changed)


def position(van_id: UUID, seconds: float = 4) -> Position:
    at = NOW - timedelta(seconds=seconds)
    return Position(van_id, 1, at, at, 52.3, -0.8, 10, 0, 0, "device")
