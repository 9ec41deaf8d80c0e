"""Vans, the people in them, their shifts and their trackers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.domain.states import (
    DutyStatus,
)
from db.tables.base import NOW, Base, Configured, id_column, one_of, version_column, words_column

_MEMBER = ("shift_id", "staff_id")


class StaffRow(Configured, Base):
    """A professional who rides in a van."""

    __tablename__ = "staff"
    id: Mapped[UUID] = id_column()
    name: Mapped[str]
    profession: Mapped[str]
    gender: Mapped[str] = words_column()
    languages: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    # What the names above mean; the record fills it in.
    language_codes: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    # A clinician on a professional register; the trust's rule counts them.
    registered: Mapped[bool] = mapped_column(server_default=text("false"))


class VanRow(Configured, Base):
    """A vehicle of the unit."""

    __tablename__ = "van"
    __table_args__ = (
        one_of("livery", ("marked", "unmarked")),
        one_of("duty_status", DutyStatus),
        CheckConstraint("duty_status <> 'out of service' OR duty_reason <> ''", name="out_of_service_reason"),
    )
    id: Mapped[UUID] = id_column()
    version: Mapped[int] = version_column()
    callsign: Mapped[str] = mapped_column(unique=True)
    registration: Mapped[str]
    base: Mapped[str] = mapped_column(ForeignKey("van_base.name"))
    livery: Mapped[str]
    seats: Mapped[int]
    equipment: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    duty_status: Mapped[str] = mapped_column(server_default=text("'off duty'"))
    duty_reason: Mapped[str] = words_column()
    duty_since_at: Mapped[datetime] = mapped_column(server_default=NOW)
    emergency_at: Mapped[datetime | None]


class DeviceRow(Configured, Base):
    """A tracker in a van. Only a digest of its token is kept."""

    __tablename__ = "device"
    device_id: Mapped[str] = mapped_column(primary_key=True)
    # Its own key: the name is what it sends, and may change.
    id: Mapped[UUID] = mapped_column(unique=True, server_default=text("gen_random_uuid()"))
    van_id: Mapped[UUID] = mapped_column(ForeignKey("van.id"))
    token_digest: Mapped[str]


class DeviceStayRow(Base):
    """Which van had a device under which name, and when. Written by the record alone."""

    __tablename__ = "device_stay"
    __table_args__ = (
        Index("device_stay_one_open", "device", unique=True, postgresql_where=text("until_at IS NULL")),
        Index("device_stay_device_from_at_idx", "device", "from_at"),
        CheckConstraint("until_at >= from_at", name="ends_after_start"),
    )
    id: Mapped[UUID] = id_column()
    device: Mapped[UUID] = mapped_column(ForeignKey("device.id"))
    name: Mapped[str]
    van_id: Mapped[UUID] = mapped_column(ForeignKey("van.id"))
    from_at: Mapped[datetime] = mapped_column(server_default=NOW)
    until_at: Mapped[datetime | None]


class ShiftRow(Base):
    """A crew on a van. One open shift a van."""

    __tablename__ = "shift"
    __table_args__ = (
        Index("shift_one_open_a_van", "van_id", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("shift_started_at_idx", "started_at"),
        Index(
            "shift_long_idx",
            "started_at",
            postgresql_where=text("ended_at IS NULL OR ended_at - started_at > interval '7 days'"),
        ),
        CheckConstraint("planned_end_at > started_at", name="ends_after_start"),
    )
    id: Mapped[UUID] = id_column()
    version: Mapped[int] = version_column()
    van_id: Mapped[UUID] = mapped_column(ForeignKey("van.id"))
    started_at: Mapped[datetime]
    planned_end_at: Mapped[datetime]
    meal_due_at: Mapped[datetime | None]
    meal_until_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    # It did not happen: kept, and counted nowhere.
    taken_back_at: Mapped[datetime | None]


class ShiftMemberRow(Base):
    """Who rides on a shift, from when until when; whoever left may come back."""

    __tablename__ = "shift_member"
    __table_args__ = (
        CheckConstraint("until_at >= from_at", name="leaves_after_joining"),
        Index("shift_member_rides_once", *_MEMBER, unique=True, postgresql_where=text("until_at IS NULL")),
        Index("shift_member_staff_id_idx", "staff_id", postgresql_where=text("until_at IS NULL")),
    )
    shift_id: Mapped[UUID] = mapped_column(ForeignKey("shift.id"), primary_key=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    from_at: Mapped[datetime] = mapped_column(primary_key=True, server_default=NOW)
    until_at: Mapped[datetime | None]
    left_reason: Mapped[str] = words_column()
