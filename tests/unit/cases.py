"""Records for tests of the domain, made by hand: times are minutes after ``START``."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from db.domain.party import Party
from db.domain.records import (
    Assignment,
    Handover,
    Location,
    Position,
    Referral,
    Screening,
    Shift,
    StaffMember,
    Van,
)
from db.domain.reference import ScreeningItem, ScreeningTool
from db.domain.states import AssignmentState, DutyStatus, HandoverState, ReferralState

START = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
REFERRAL = UUID(int=1)
TOOL = ScreeningTool(1, "nobody", (ScreeningItem("breathing", "", "", ()), ScreeningItem("overdose", "", "", ())))


def minutes(after: float) -> datetime:
    return START + timedelta(minutes=after)


def referral(state: ReferralState = ReferralState.ATTENDING, **changed: Any) -> Referral:
    times = {"received": START} | changed.pop("times", {})
    given = {
        "id": REFERRAL,
        "version": 1,
        "reference": "CRU-20261122-0042",
        "source": "ems_crew",
        "state": state,
        "priority": "P1",
        "triage_scale": "",
        "location": Location("Abington Street", "NN1 4LP", 52.24, -0.89),
        "times": times,
    }
    return Referral(**given | changed)


def job(
    state: AssignmentState, times: Mapping[AssignmentState, float] | None = None, van_id: UUID | None = None
) -> Assignment:
    known = {AssignmentState.ALLOCATED: START} | {name: minutes(at) for name, at in (times or {}).items()}
    return Assignment(uuid4(), 1, REFERRAL, van_id or uuid4(), state, known, destination="")


def handover(
    times: Mapping[HandoverState, float],
    ordinal: int = 1,
    who: tuple[str, str] = ("EMAS A1187", "CRU"),
    kinds: tuple[Party, Party] = (Party.EMS, Party.CRU),
) -> Handover:
    known = {state: minutes(at) for state, at in times.items()}
    giver, taker = who
    state = list(times)[-1]
    return Handover(uuid4(), 1, REFERRAL, ordinal, giver, kinds[0], taker, kinds[1], state, known)


def screening(**changed: str) -> Screening:
    answers = {item.key: "no" for item in TOOL.items} | changed
    return Screening(uuid4(), 1, REFERRAL, 1, answers, "", START, "a.shah")


def van(callsign: str = "CRU1", **changed: Any) -> Van:
    given = {
        "id": uuid4(),
        "version": 1,
        "callsign": callsign,
        "registration": "EX01 CRU",
        "base": "Berrywood",
        "livery": "unmarked",
        "seats": 5,
        "equipment": (),
        "duty_status": DutyStatus.AVAILABLE,
        "duty_reason": "",
        "duty_since": START,
    }
    return Van(**given | changed)


def fix(age: float = 0.1) -> Position:
    at = minutes(-age)
    return Position(uuid4(), 1, at, at, 52.2, -0.9, 10, 0, 0, "device")


def shift(ends: float = 480, **changed: Any) -> Shift:
    return Shift(uuid4(), 1, uuid4(), (), minutes(-60), minutes(ends), **changed)


CODES = {"English": "eng", "Polish": "pol", "Welsh": "cym", "BSL": "bfi", "Lithuanian": "lit"}


def clinician(gender: str = "female", *languages: str) -> StaffMember:
    spoken = languages or ("English",)
    codes = tuple(CODES[name] for name in spoken if name in CODES)
    return StaffMember(uuid4(), "Amara Example", "Mental health nurse", gender, spoken, codes, registered=True)
