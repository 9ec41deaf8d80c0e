"""The rota: shifts to come, who is to ride on them, and how many vans are wanted at which hour."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import NOW, Base, Configured, id_column, version_column, words_column


class PlannedShiftRow(Base):
    """A van is to be on duty between two times. What is over is never changed; what falls away is cancelled."""

    __tablename__ = "planned_shift"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index("planned_shift_van_id_starts_at_idx", "van_id", "starts_at"),
        Index("planned_shift_ends_at_idx", "ends_at"),
    )
    id: Mapped[UUID] = id_column()
    version: Mapped[int] = version_column()
    van_id: Mapped[UUID] = mapped_column(ForeignKey("van.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    note: Mapped[str] = words_column()
    made_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    made_at: Mapped[datetime] = mapped_column(server_default=NOW)
    changed_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    changed_at: Mapped[datetime] = mapped_column(server_default=NOW)
    cancelled_at: Mapped[datetime | None]


class PlannedRideRow(Base):
    """Who is to ride on a planned shift; without times of its own, for all of it."""

    __tablename__ = "planned_ride"
    __table_args__ = (
        CheckConstraint("from_at < until_at", name="from_before_until"),
        Index("planned_ride_planned_shift_id_idx", "planned_shift_id"),
        Index("planned_ride_staff_id_idx", "staff_id"),
    )
    id: Mapped[UUID] = id_column()
    planned_shift_id: Mapped[UUID] = mapped_column(ForeignKey("planned_shift.id"))
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    from_at: Mapped[datetime | None]
    until_at: Mapped[datetime | None]
    # Taken off again, and why, such as sick.
    off_at: Mapped[datetime | None]
    off_reason: Mapped[str] = words_column()


class RotaPublishedRow(Base):
    """A planned shift as it was told to those who ride, at a version. What was changed since, they do not know."""

    __tablename__ = "rota_published"
    planned_shift_id: Mapped[UUID] = mapped_column(ForeignKey("planned_shift.id"), primary_key=True)
    plan_version: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    published_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    published_at: Mapped[datetime] = mapped_column(server_default=NOW)


class CoverWantedRow(Configured, Base):
    """From this hour of this day of the week on so many vans are wanted, until the next row. London time."""

    __tablename__ = "cover_wanted"
    # Monday is 1.
    weekday: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    from_hour: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    vans: Mapped[int]
