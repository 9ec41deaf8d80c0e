"""Alarms: what each kind asks for, those that were raised, and which console raises them for all."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import FALSE, NOW, Base, Configured, id_column, version_column, words_column


class AlarmKindRow(Configured, Base):
    """How grave a kind of alarm is, how long and often its cause must show itself, and what is done about it."""

    __tablename__ = "alarm_kind"
    code: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    priority: Mapped[int]
    # Only what lasts this long is raised, and only the so-many-th time within so many minutes.
    delay_seconds: Mapped[int] = mapped_column(server_default=text("0"))
    times: Mapped[int] = mapped_column(server_default=text("1"))
    within_minutes: Mapped[int] = mapped_column(server_default=text("10"))
    # Unanswered for so long, it is the shift lead's.
    escalate_minutes: Mapped[int | None]
    # It stays in sight until somebody has seen it, also when its cause is gone.
    stays: Mapped[bool] = mapped_column(server_default=FALSE)
    shelvable: Mapped[bool] = mapped_column(server_default=text("true"))
    what_to_do: Mapped[str]
    rank: Mapped[int]


class AlarmRow(Base):
    """An alarm from its beginning to its end. One condition is one alarm, whoever saw it first."""

    __tablename__ = "alarm"
    __table_args__ = (
        CheckConstraint("acknowledged_at IS NULL OR acknowledged_by <> ''", name="acknowledged_by_somebody"),
        CheckConstraint(
            "(shelved_at IS NULL) = (shelved_until IS NULL)"
            " AND (shelved_at IS NULL OR (shelved_by <> '' AND cru.is_said(shelved_reason)))",
            name="shelved_with_an_end",
        ),
        Index("alarm_one_of_a_name", "name", unique=True, postgresql_where=text("closed_at IS NULL")),
        Index("alarm_raised_at_idx", "raised_at"),
        Index("alarm_referral_id_idx", "referral_id"),
        Index("alarm_van_id_idx", "van_id"),
    )
    id: Mapped[UUID] = id_column()
    version: Mapped[int] = version_column()
    # The same as long as it is the same condition.
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(ForeignKey("alarm_kind.code"))
    priority: Mapped[int]
    words: Mapped[str]
    referral_id: Mapped[UUID | None] = mapped_column(ForeignKey("referral.id"))
    van_id: Mapped[UUID | None] = mapped_column(ForeignKey("van.id"))
    since_at: Mapped[datetime]
    raised_at: Mapped[datetime] = mapped_column(server_default=NOW)
    raised_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    # When it came again, or got graver, before it was closed.
    again_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str] = words_column()
    shelved_at: Mapped[datetime | None]
    shelved_by: Mapped[str] = words_column()
    shelved_until: Mapped[datetime | None]
    shelved_reason: Mapped[str] = words_column()
    # Its cause is gone; and it is over altogether.
    returned_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class AlarmOnsetRow(Base):
    """When a condition began that is raised only where it begins often."""

    __tablename__ = "alarm_onset"
    name: Mapped[str] = mapped_column(primary_key=True)
    begun_at: Mapped[datetime] = mapped_column(primary_key=True, server_default=NOW)
    ended_at: Mapped[datetime | None]


class AlarmWatchRow(Base):
    """The one console that raises for all; by the server's own clock."""

    __tablename__ = "alarm_watch"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)
    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, server_default=text("1"))
    console: Mapped[UUID | None]
    watched_by: Mapped[str] = words_column()
    beat_at: Mapped[datetime | None]
