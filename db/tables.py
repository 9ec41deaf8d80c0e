"""The schema: SQLAlchemy 2 declarative tables of the shared record.

Triggers, grants and partitions are SQL beside the migrations; constraints that PostgreSQL can state by itself
are here. All times are ``timestamptz``. Rows are never deleted.
"""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    MetaData,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from db.domain.states import (
    AssignmentState,
    DutyStatus,
    HandoverState,
    ReferralState,
)

SCHEMA = "cru"
NOW = text("cru.clock_now()")
EMPTY = text("''")


class Base(DeclarativeBase):
    """Names every constraint, so that a migration can speak of it."""

    metadata = MetaData(
        schema=SCHEMA,
        naming_convention={
            "ix": "%(table_name)s_%(column_0_N_name)s_idx",
            "uq": "%(table_name)s_%(column_0_N_name)s_key",
            "ck": "%(table_name)s_%(constraint_name)s_check",
            "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
            "pk": "%(table_name)s_pkey",
        },
    )
    type_annotation_map: ClassVar = {
        str: Text(),
        datetime: DateTime(timezone=True),
        UUID: Uuid(),
        list[str]: ARRAY(Text()),
        dict[str, Any]: JSONB(),
    }


def _one_of(column: str, values: object) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)  # type: ignore[attr-defined] # any iterable of str
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def _uuid_key() -> Mapped[UUID]:
    return mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))


def _version() -> Mapped[int]:
    return mapped_column(BigInteger, server_default=text("1"))


def _words() -> Mapped[str]:
    return mapped_column(server_default=EMPTY)


class Service(Base):
    """The one service this database belongs to, and the clock it runs by.

    The clock columns are set in a practice database only:
    shown = clock_shown + (now - clock_origin) * clock_speed.
    """

    __tablename__ = "service"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)
    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, server_default=text("1"))
    name: Mapped[str]
    exercise: Mapped[bool] = mapped_column(server_default=text("false"))
    clock_origin: Mapped[datetime | None]
    clock_shown: Mapped[datetime | None]
    clock_speed: Mapped[float] = mapped_column(server_default=text("1"))


class UserAccount(Base):
    """A person who may sign in; ``login`` is also the database role."""

    __tablename__ = "user_account"
    __table_args__ = (_one_of("role", ("viewer", "dispatcher", "shift lead", "gateway")),)
    login: Mapped[str] = mapped_column(primary_key=True)
    display_name: Mapped[str]
    role: Mapped[str]
    disabled_at: Mapped[datetime | None]
    added_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    added_at: Mapped[datetime] = mapped_column(server_default=NOW)


class Configured:
    """Columns of every configurable row: who set it, since when, and whether it is still offered."""

    active: Mapped[bool] = mapped_column(server_default=text("true"))
    author: Mapped[str] = mapped_column(server_default=text("session_user"))
    dated: Mapped[date] = mapped_column(server_default=text("CURRENT_DATE"))


class Priority(Configured, Base):
    """How soon a crew must be with the patient."""

    __tablename__ = "priority"
    __table_args__ = (CheckConstraint("within_minutes > 0", name="within_minutes"),)
    code: Mapped[str] = mapped_column(primary_key=True)
    meaning: Mapped[str]
    within_minutes: Mapped[int]
    aim_minutes: Mapped[int | None]
    rank: Mapped[int]
    triage_scale: Mapped[str] = _words()


class ReferralSource(Configured, Base):
    """Who refers, and whether a crew waits with the patient."""

    __tablename__ = "referral_source"
    code: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    waits: Mapped[str] = _words()
    default_priority: Mapped[str] = mapped_column(ForeignKey("priority.code"))
    rank: Mapped[int]


class ScreeningTool(Base):
    """A version of the gate, signed by the trust's clinical lead."""

    __tablename__ = "screening_tool"
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    signed_by: Mapped[str]
    signed_on: Mapped[date]


class ScreeningItem(Base):
    """One question of a tool version."""

    __tablename__ = "screening_item"
    tool_version: Mapped[int] = mapped_column(ForeignKey("screening_tool.version"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    ordinal: Mapped[int]
    section: Mapped[str]
    watch_words: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    text: Mapped[str]


class Reason(Configured, Base):
    """A reason to pick from, by what it is for."""

    __tablename__ = "reason"
    kind: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    rank: Mapped[int]


class Outcome(Configured, Base):
    """How a referral can end."""

    __tablename__ = "outcome"
    code: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    rank: Mapped[int]


class Wish(Configured, Base):
    """Something a person may ask for about how the crew arrives."""

    __tablename__ = "wish"
    label: Mapped[str] = mapped_column(primary_key=True)
    rank: Mapped[int]


class VanBase(Configured, Base):
    """Where vans stand between jobs."""

    __tablename__ = "van_base"
    name: Mapped[str] = mapped_column(primary_key=True)
    postcode: Mapped[str]
    lat: Mapped[float]
    lon: Mapped[float]


class Destination(Configured, Base):
    """Where a person may be taken."""

    __tablename__ = "destination"
    name: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    address: Mapped[str] = _words()
    phone: Mapped[str] = _words()
    hours: Mapped[str] = _words()
    lat: Mapped[float | None]
    lon: Mapped[float | None]


class Staff(Configured, Base):
    """A professional who rides in a van."""

    __tablename__ = "staff"
    id: Mapped[UUID] = _uuid_key()
    name: Mapped[str]
    profession: Mapped[str]
    gender: Mapped[str] = _words()
    languages: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))


class Van(Configured, Base):
    """A vehicle of the unit."""

    __tablename__ = "van"
    __table_args__ = (
        _one_of("livery", ("marked", "unmarked")),
        _one_of("duty_status", DutyStatus),
        CheckConstraint("duty_status <> 'out of service' OR duty_reason <> ''", name="out_of_service_reason"),
    )
    id: Mapped[UUID] = _uuid_key()
    version: Mapped[int] = _version()
    callsign: Mapped[str] = mapped_column(unique=True)
    registration: Mapped[str]
    base: Mapped[str] = mapped_column(ForeignKey("van_base.name"))
    livery: Mapped[str]
    seats: Mapped[int]
    equipment: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    duty_status: Mapped[str] = mapped_column(server_default=text("'off duty'"))
    duty_reason: Mapped[str] = _words()
    duty_since_at: Mapped[datetime] = mapped_column(server_default=NOW)
    emergency_at: Mapped[datetime | None]


class Device(Configured, Base):
    """A tracker in a van. Only a digest of its token is kept."""

    __tablename__ = "device"
    device_id: Mapped[str] = mapped_column(primary_key=True)
    van_id: Mapped[UUID] = mapped_column(ForeignKey("van.id"))
    token_digest: Mapped[str]


class Shift(Base):
    """A crew on a van. One open shift a van."""

    __tablename__ = "shift"
    __table_args__ = (
        Index("shift_one_open_a_van", "van_id", unique=True, postgresql_where=text("ended_at IS NULL")),
        CheckConstraint("planned_end_at > started_at", name="ends_after_start"),
    )
    id: Mapped[UUID] = _uuid_key()
    version: Mapped[int] = _version()
    van_id: Mapped[UUID] = mapped_column(ForeignKey("van.id"))
    started_at: Mapped[datetime]
    planned_end_at: Mapped[datetime]
    meal_due_at: Mapped[datetime | None]
    meal_until_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class ShiftMember(Base):
    """Who rides on a shift."""

    __tablename__ = "shift_member"
    shift_id: Mapped[UUID] = mapped_column(ForeignKey("shift.id"), primary_key=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)


class Referral(Base):
    """One person referred to the CRU."""

    __tablename__ = "referral"
    __table_args__ = (
        _one_of("state", ReferralState),
        _one_of("ae_avoided", ("yes", "no", "unknown")),
        _one_of("ems_released", ("yes", "no", "unknown")),
        _one_of("police_avoided", ("yes", "no", "unknown")),
        _one_of("triage_scale", ("", "A", "B", "C", "D", "E")),
        CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="both_coordinates"),
        CheckConstraint("lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180", name="coordinates"),
        CheckConstraint("hold_until IS NULL OR hold_reason <> ''", name="hold_has_a_reason"),
        CheckConstraint("entered_in_error_at IS NULL OR entered_in_error_reason <> ''", name="error_has_a_reason"),
        CheckConstraint("state NOT IN ('declined', 'cancelled') OR end_reason <> ''", name="end_has_a_reason"),
        CheckConstraint("state <> 'closed' OR outcome IS NOT NULL", name="closed_has_an_outcome"),
        CheckConstraint("location_text <> '' OR postcode <> ''", name="has_a_location"),
        Index(
            "referral_open_idx",
            "state",
            postgresql_where=text("state IN ('received','accepted','allocated','attending')"),
        ),
        Index("referral_closed_at_idx", "closed_at"),
        Index("referral_received_at_idx", "received_at"),
    )
    id: Mapped[UUID] = _uuid_key()
    version: Mapped[int] = _version()
    reference: Mapped[str] = mapped_column(unique=True, server_default=EMPTY)
    source: Mapped[str] = mapped_column(ForeignKey("referral_source.code"))
    state: Mapped[str] = mapped_column(server_default=text("'received'"))
    priority: Mapped[str] = mapped_column(ForeignKey("priority.code"))
    triage_scale: Mapped[str] = _words()
    location_text: Mapped[str] = _words()
    postcode: Mapped[str] = _words()
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    access_note: Mapped[str] = _words()
    caller: Mapped[str] = _words()
    call_back: Mapped[str] = _words()
    ems_incident: Mapped[str] = _words()
    ems_callsign: Mapped[str] = _words()
    waiting_party: Mapped[str] = _words()
    patient_name: Mapped[str | None]
    patient_born: Mapped[date | None]
    nhs_number: Mapped[str | None]
    narrative: Mapped[str] = _words()
    plan: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    legal_status: Mapped[str] = _words()
    police: Mapped[str] = _words()
    call_connected_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    received_at: Mapped[datetime] = mapped_column(server_default=NOW)
    acknowledged_at: Mapped[datetime | None]
    screened_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    ems_on_scene_at: Mapped[datetime | None]
    hold_until: Mapped[datetime | None]
    hold_reason: Mapped[str] = _words()
    entered_in_error_at: Mapped[datetime | None]
    entered_in_error_reason: Mapped[str] = _words()
    end_reason: Mapped[str] = _words()
    outcome: Mapped[str | None] = mapped_column(ForeignKey("outcome.code"))
    ae_avoided: Mapped[str | None]
    ems_released: Mapped[str | None]
    police_avoided: Mapped[str | None]


class ReferralDay(Base):
    """The last number given out on a local calendar day."""

    __tablename__ = "referral_day"
    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int]


class Flag(Base):
    """A caution on a person or an address, with its author and its end."""

    __tablename__ = "flag"
    __table_args__ = (
        _one_of("subject", ("person", "address")),
        _one_of("kind", ("staff safety", "safeguarding", "repeat caller", "pets", "access")),
        Index("flag_referral_id_idx", "referral_id"),
    )
    id: Mapped[UUID] = _uuid_key()
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    subject: Mapped[str]
    kind: Mapped[str]
    reason: Mapped[str]
    expires_at: Mapped[datetime | None]
    added_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    added_at: Mapped[datetime] = mapped_column(server_default=NOW)


class Screening(Base):
    """One pass through the gate."""

    __tablename__ = "screening"
    __table_args__ = (
        CheckConstraint(
            "override_at IS NULL OR (override_clinician <> '' AND override_reason <> '')",
            name="override_is_named",
        ),
        Index("screening_referral_id_idx", "referral_id", "completed_at"),
    )
    id: Mapped[UUID] = _uuid_key()
    version: Mapped[int] = _version()
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    tool_version: Mapped[int] = mapped_column(ForeignKey("screening_tool.version"))
    answers: Mapped[dict[str, Any]]
    note: Mapped[str] = _words()
    completed_at: Mapped[datetime] = mapped_column(server_default=NOW)
    completed_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    override_clinician: Mapped[str] = _words()
    override_reason: Mapped[str] = _words()
    override_by: Mapped[str] = _words()
    override_at: Mapped[datetime | None]


_OPEN = "state NOT IN ('clear', 'stood down')"


class Assignment(Base):
    """One van on one referral. One open assignment a van."""

    __tablename__ = "assignment"
    __table_args__ = (
        _one_of("state", AssignmentState),
        CheckConstraint("state <> 'stood down' OR stand_down_reason <> ''", name="stand_down_has_a_reason"),
        Index("assignment_one_open_a_van", "van_id", unique=True, postgresql_where=text(_OPEN)),
        Index("assignment_referral_id_idx", "referral_id"),
    )
    id: Mapped[UUID] = _uuid_key()
    version: Mapped[int] = _version()
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    van_id: Mapped[UUID] = mapped_column(ForeignKey("van.id"))
    state: Mapped[str] = mapped_column(server_default=text("'allocated'"))
    allocated_at: Mapped[datetime] = mapped_column(server_default=NOW)
    acknowledged_at: Mapped[datetime | None]
    mobile_at: Mapped[datetime | None]
    at_rendezvous_at: Mapped[datetime | None]
    on_scene_at: Mapped[datetime | None]
    with_patient_at: Mapped[datetime | None]
    conveying_at: Mapped[datetime | None]
    at_destination_at: Mapped[datetime | None]
    clear_at: Mapped[datetime | None]
    stood_down_at: Mapped[datetime | None]
    stand_down_reason: Mapped[str] = _words()
    destination: Mapped[str] = _words()


class Handover(Base):
    """One link in the chain of who holds the patient."""

    __tablename__ = "handover"
    __table_args__ = (
        _one_of("state", HandoverState),
        CheckConstraint("state <> 'refused' OR refusal_reason <> ''", name="refusal_has_a_reason"),
        UniqueConstraint("referral_id", "ordinal"),
    )
    id: Mapped[UUID] = _uuid_key()
    version: Mapped[int] = _version()
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    ordinal: Mapped[int] = mapped_column(SmallInteger)
    from_party: Mapped[str]
    to_party: Mapped[str]
    state: Mapped[str] = mapped_column(server_default=text("'expected'"))
    expected_at: Mapped[datetime] = mapped_column(server_default=NOW)
    started_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    refusal_reason: Mapped[str] = _words()


class Feedback(Base):
    """What the EMAS crew or the person said afterwards, in their own words."""

    __tablename__ = "feedback"
    __table_args__ = (_one_of("said_by", ("EMAS crew", "person", "other professional")),)
    id: Mapped[UUID] = _uuid_key()
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    said_by: Mapped[str]
    words: Mapped[str]
    recorded_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    recorded_at: Mapped[datetime] = mapped_column(server_default=NOW)


class Event(Base):
    """What happened. Append-only: triggers refuse every change, for everybody."""

    __tablename__ = "event"
    __table_args__ = (
        ForeignKeyConstraint(["amends"], ["event.id"]),
        Index("event_referral_id_idx", "referral_id", "id"),
        Index("event_van_id_idx", "van_id", "id"),
        Index("event_happened_at_idx", "happened_at"),
        _one_of("source", ("user", "crew", "device", "geofence", "message")),
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    referral_id: Mapped[UUID | None] = mapped_column(ForeignKey("referral.id"))
    van_id: Mapped[UUID | None] = mapped_column(ForeignKey("van.id"))
    kind: Mapped[str]
    happened_at: Mapped[datetime] = mapped_column(server_default=NOW)
    recorded_at: Mapped[datetime] = mapped_column(server_default=NOW)
    recorded_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    source: Mapped[str] = mapped_column(server_default=text("'user'"))
    words: Mapped[str] = _words()
    detail: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    amends: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str] = _words()
    command_id: Mapped[UUID | None]


class CommandLog(Base):
    """Commands that were carried out, so that repeating one does nothing twice."""

    __tablename__ = "command_log"
    command_id: Mapped[UUID] = mapped_column(primary_key=True)
    verb: Mapped[str]
    done_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    done_at: Mapped[datetime] = mapped_column(server_default=NOW)


class LegalMove(Base):
    """The moves that the transition triggers allow."""

    __tablename__ = "legal_move"
    entity: Mapped[str] = mapped_column(primary_key=True)
    from_state: Mapped[str] = mapped_column(primary_key=True)
    to_state: Mapped[str] = mapped_column(primary_key=True)


class FixColumns:
    """What a fix says. Metres, km/h, degrees from north; WGS 84."""

    fixed_at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(server_default=NOW)
    lat: Mapped[float]
    lon: Mapped[float]
    accuracy: Mapped[float | None]
    speed: Mapped[float | None]
    heading: Mapped[float | None]
    source: Mapped[str] = _words()


class Position(FixColumns, Base):
    """The last sane fix of each van: narrow, and updated in batches."""

    __tablename__ = "position"
    van_id: Mapped[UUID] = mapped_column(ForeignKey("van.id"), primary_key=True)
    version: Mapped[int] = _version()


class PositionFix(FixColumns, Base):
    """Every fix that came in, sane or not, by day of receipt. ``refused`` says why one is not shown."""

    __tablename__ = "position_fix"
    __table_args__ = (
        Index("position_fix_van_id_fixed_at_idx", "van_id", "fixed_at"),
        {"postgresql_partition_by": "RANGE (received_at)"},
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    received_at: Mapped[datetime] = mapped_column(server_default=NOW, primary_key=True)
    van_id: Mapped[UUID]
    refused: Mapped[str] = _words()
    attributes: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
