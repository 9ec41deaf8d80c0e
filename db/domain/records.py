"""The records as the console reads them: frozen copies of rows, ids as UUIDs, times aware and in UTC.

A row with ``taken_back_at`` did not happen. A mirror never holds one; only the replay of the time before knows it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from db.domain.ages import AgeSaid
from db.domain.care import OfCare
from db.domain.dangers import Dangers
from db.domain.degrees import on_earth, point_of
from db.domain.intake_call import IntakeCall
from db.domain.party import Party
from db.domain.read_back import OfPerson
from db.domain.shift_handover import OfRoom
from db.domain.states import (
    AT_SCENE,
    OPEN_ASSIGNMENT,
    OPEN_REFERRAL,
    AssignmentState,
    DutyStatus,
    HandoverState,
    ReferralState,
)

REFERRAL_TIMES = (
    "call_connected",
    "sent",
    "received",
    "acknowledged",
    "screened",
    "accepted",
    "closed",
    "ems_on_scene",
)
"""The moments that belong to a referral itself, by the names of their columns without ``_at``."""


class YesNo(StrEnum):
    """An answer that may honestly be missing."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Location:
    """Where the person is. Coordinates are WGS 84 degrees, both set or both None (not on map)."""

    text: str
    postcode: str = ""
    lat: float | None = None
    lon: float | None = None
    access_note: str = ""

    @property
    def point(self) -> tuple[float, float] | None:
        """The place on Earth, where it is known."""
        return point_of(self.lat, self.lon)

    @property
    def on_map(self) -> bool:
        """Whether the place has coordinates that are a place on Earth."""
        return self.point is not None


@dataclass(frozen=True, slots=True)
class Patient:
    """The person in crisis. Everything may be unknown; an age, or words, may stand for the day of birth."""

    name: str | None = None
    born: date | None = None
    nhs_number: str | None = None
    born_said: str = ""
    age: AgeSaid | None = None


@dataclass(frozen=True, slots=True)
class ApproachPlan:
    """What a console of the version before wrote of what was asked for; the record takes it apart."""

    wishes: tuple[str, ...] = ()
    language: str = ""
    same_gender: str = ""
    communication: str = ""
    helps: str = ""
    makes_worse: str = ""
    crisis_plan: str = ""
    said_by: str = ""


@dataclass(frozen=True, slots=True)
class Referral:
    """One person referred to the CRU.

    ``times`` holds the moments of ``REFERRAL_TIMES`` that are known, ``said`` times in words that are no moment.
    Personal fields are None or empty for a viewer.
    """

    id: UUID
    version: int
    reference: str
    source: str
    state: ReferralState
    priority: str
    triage_scale: str
    location: Location
    times: Mapping[str, datetime]
    caller: str = ""
    call_back: str = ""
    ems_incident: str = ""
    ems_callsign: str = ""
    waiting_party: str = ""
    patient: Patient = field(default_factory=Patient)
    narrative: str = ""
    plan: ApproachPlan = field(default_factory=ApproachPlan)
    legal_status: str = ""
    police: str = ""
    hold_until: datetime | None = None
    hold_reason: str = ""
    entered_in_error_at: datetime | None = None
    entered_in_error_reason: str = ""
    end_reason: str = ""
    outcome: str = ""
    ae_avoided: YesNo | None = None
    ems_released: YesNo | None = None
    police_avoided: YesNo | None = None
    said: Mapping[str, str] = field(default_factory=dict)

    @property
    def received_at(self) -> datetime:
        """When it was received, which starts the response clock."""
        return self.times["received"]

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something for the person."""
        return self.state in OPEN_REFERRAL and self.entered_in_error_at is None

    def on_hold(self, now: datetime) -> bool:
        """Whether it rests until a set time. It comes back by itself when that time has passed."""
        return self.is_open and self.hold_until is not None and self.hold_until > now


@dataclass(frozen=True, slots=True)
class Screening:
    """One pass through the physical-health and safety gate.

    Attributes:
        answers: ``yes``, ``no`` or ``not known`` by item key of the tool's version.
        how: how each came about, by key: ``asked``, ``group``, ``changed`` or ``not measured``.
        not_measured: why the observations could not be measured; empty if they were, or nobody said.
    """

    id: UUID
    version: int
    referral_id: UUID
    tool_version: int
    answers: Mapping[str, str]
    note: str
    completed_at: datetime
    completed_by: str
    override_clinician: str = ""
    override_reason: str = ""
    override_by: str = ""
    override_at: datetime | None = None
    taken_back_at: datetime | None = None
    how: Mapping[str, str] = field(default_factory=dict)
    not_measured: str = ""

    @property
    def is_overridden(self) -> bool:
        """Whether a named clinician overrode what blocks it."""
        return self.override_at is not None


@dataclass(frozen=True, slots=True)
class Assignment:
    """One van on one referral. ``times`` is keyed by the states' names."""

    id: UUID
    version: int
    referral_id: UUID
    van_id: UUID
    state: AssignmentState
    times: Mapping[AssignmentState, datetime]
    stand_down_reason: str = ""
    destination: str = ""
    taken_back_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether the van is still committed to it."""
        return self.state in OPEN_ASSIGNMENT

    @property
    def is_at_scene(self) -> bool:
        """Whether the crew has reached the scene and is not yet clear."""
        return self.state in AT_SCENE


@dataclass(frozen=True, slots=True)
class Handover:
    """One link in the chain of who holds the patient, with its ``times`` by the states' names."""

    id: UUID
    version: int
    referral_id: UUID
    ordinal: int
    from_party: str
    from_kind: Party
    to_party: str
    to_kind: Party
    state: HandoverState
    times: Mapping[HandoverState, datetime]
    refusal_reason: str = ""
    taken_back_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Van:
    """A vehicle of the unit. ``emergency_at`` lies over every status until a shift lead clears it."""

    id: UUID
    version: int
    callsign: str
    registration: str
    base: str
    livery: str
    seats: int
    equipment: tuple[str, ...]
    duty_status: DutyStatus
    duty_reason: str
    duty_since: datetime
    emergency_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A mental-health professional who rides in a van.

    Attributes:
        languages: by the names that somebody typed.
        language_codes: what of them the record knows, by code.
        registered: a clinician on a professional register.
        active: still of the service; whoever left keeps the name in what was.
    """

    id: UUID
    name: str
    profession: str
    gender: str
    languages: tuple[str, ...]
    language_codes: tuple[str, ...] = ()
    registered: bool = False
    active: bool = True


@dataclass(frozen=True, slots=True)
class Shift:
    """A crew on a van from its start to its end."""

    id: UUID
    version: int
    van_id: UUID
    staff_ids: tuple[UUID, ...]
    started_at: datetime
    planned_end_at: datetime
    meal_due_at: datetime | None = None
    meal_until_at: datetime | None = None
    ended_at: datetime | None = None
    taken_back_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """The last sane fix of a van. ``speed`` in km/h, ``heading`` in degrees from north, ``accuracy`` in metres."""

    van_id: UUID
    version: int
    fixed_at: datetime
    received_at: datetime
    lat: float
    lon: float
    accuracy: float | None
    speed: float | None
    heading: float | None
    source: str

    @property
    def on_map(self) -> bool:
        """Whether it is a place on Earth."""
        return on_earth(self.lat, self.lon)

    @property
    def id(self) -> UUID:
        """A van has one last position, so the van's id names it."""
        return self.van_id


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, when it did, when it was written down, and by whom. Never changed."""

    id: int
    referral_id: UUID | None
    van_id: UUID | None
    kind: str
    happened_at: datetime
    recorded_at: datetime
    recorded_by: str
    source: str
    words: str
    detail: Mapping[str, str]
    amends: int | None = None
    reason: str = ""
    version: int = 0

    @property
    def insisted(self) -> str:
        """What was known to speak against it when somebody insisted; empty for most."""
        return str(self.detail.get("insisted", ""))


_OfService = Van | Shift | Position | OfRoom
_Part = Screening | Dangers | Assignment | Handover | IntakeCall
Record = Referral | _Part | OfCare | OfPerson | _OfService
