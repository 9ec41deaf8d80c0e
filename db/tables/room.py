"""Handing over the room: the shift log, and what one shift lead hands to the next."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.domain.shift_handover import KINDS
from db.tables.base import FALSE, NOW, Base, id_column, one_of, version_column, words_column


class ShiftLogRow(Base):
    """An entry of the shift log. What was written stays; a correction is an entry of its own that names it."""

    __tablename__ = "shift_log"
    __table_args__ = (
        # One correction each: whoever corrects again corrects the correction.
        UniqueConstraint("corrects"),
        Index("shift_log_written_at_idx", "written_at"),
        Index("shift_log_referral_id_idx", "referral_id"),
        Index("shift_log_van_id_idx", "van_id"),
    )
    id: Mapped[UUID] = id_column()
    version: Mapped[int] = version_column()
    happened_at: Mapped[datetime] = mapped_column(server_default=NOW)
    words: Mapped[str]
    referral_id: Mapped[UUID | None] = mapped_column(ForeignKey("referral.id"))
    van_id: Mapped[UUID | None] = mapped_column(ForeignKey("van.id"))
    # Worth telling the next shift.
    pass_on: Mapped[bool] = mapped_column(server_default=FALSE)
    corrects: Mapped[UUID | None] = mapped_column(ForeignKey("shift_log.id"))
    written_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    written_at: Mapped[datetime] = mapped_column(server_default=NOW)
    # It did not happen: kept, and shown nowhere.
    taken_back_at: Mapped[datetime | None]


class ShiftHandoverRow(Base):
    """What a shift lead offers to the next one, who signs each risk and then takes the room."""

    __tablename__ = "shift_handover"
    __table_args__ = (
        CheckConstraint("(taken_at IS NULL) = (taken_by = '')", name="taken_by_somebody"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by = '')", name="withdrawn_by_somebody"),
        CheckConstraint("taken_at IS NULL OR withdrawn_at IS NULL", name="taken_or_withdrawn"),
        # One at a time: whoever comes in signs one list.
        Index(
            "shift_handover_one_offered",
            text("(true)"),
            unique=True,
            postgresql_where=text("taken_at IS NULL AND withdrawn_at IS NULL"),
        ),
        Index("shift_handover_offered_at_idx", "offered_at"),
        Index("shift_handover_taken_at_idx", "taken_at"),
    )
    id: Mapped[UUID] = id_column()
    version: Mapped[int] = version_column()
    # What it tells of began then: when the room was taken over before.
    since_at: Mapped[datetime] = mapped_column(server_default=NOW)
    notes: Mapped[str] = words_column()
    offered_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    offered_at: Mapped[datetime] = mapped_column(server_default=NOW)
    taken_by: Mapped[str] = words_column()
    taken_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str] = words_column()
    withdrawn_at: Mapped[datetime | None]


class ShiftHandoverItemRow(Base):
    """A line of it, in the words of the moment at which it was offered."""

    __tablename__ = "shift_handover_item"
    __table_args__ = (
        one_of("kind", KINDS),
        CheckConstraint("(signed_at IS NULL) = (signed_by = '')", name="signed_by_somebody"),
        CheckConstraint("remark = '' OR signed_at IS NOT NULL", name="remark_of_who_signed"),
        UniqueConstraint("shift_handover_id", "rank"),
        Index("shift_handover_item_referral_id_idx", "referral_id"),
    )
    id: Mapped[UUID] = id_column()
    version: Mapped[int] = version_column()
    shift_handover_id: Mapped[UUID] = mapped_column(ForeignKey("shift_handover.id"))
    rank: Mapped[int]
    kind: Mapped[str]
    words: Mapped[str]
    referral_id: Mapped[UUID | None] = mapped_column(ForeignKey("referral.id"))
    van_id: Mapped[UUID | None] = mapped_column(ForeignKey("van.id"))
    due_at: Mapped[datetime | None]
    # Something that can go wrong when nobody sees to it: whoever takes the room signs it.
    is_risk: Mapped[bool] = mapped_column(server_default=FALSE)
    signed_by: Mapped[str] = words_column()
    signed_at: Mapped[datetime | None]
    remark: Mapped[str] = words_column()
