"""What people said afterwards, what became of it, and what a shift lead has looked at."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.domain.feedback import CONSENTS, FEEDBACK_KINDS, SPEAKERS, STATES
from db.domain.review import REVIEWED_KINDS
from db.tables.base import NOW, Base, Configured, id_column, one_of, version_column, words_column


class FeedbackRow(Base):
    """What somebody said afterwards, in their own words. The words stay; themes and consent may change."""

    __tablename__ = "feedback"
    __table_args__ = (
        one_of("said_by", SPEAKERS),
        one_of("kind", FEEDBACK_KINDS),
        one_of("consent", CONSENTS),
        Index("feedback_recorded_at_idx", "recorded_at"),
    )
    id: Mapped[UUID] = id_column()
    # A carer who rings about nothing that has a number is heard, too.
    referral_id: Mapped[UUID | None] = mapped_column(ForeignKey("referral.id"), index=True)
    said_by: Mapped[str]
    words: Mapped[str]
    recorded_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    recorded_at: Mapped[datetime] = mapped_column(server_default=NOW)
    # It did not happen: kept, and counted nowhere.
    taken_back_at: Mapped[datetime | None]
    version: Mapped[int] = version_column()
    kind: Mapped[str] = mapped_column(server_default=text("'comment'"))
    consent: Mapped[str] = mapped_column(server_default=text("'not asked'"))
    themes: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))


class FeedbackThemeRow(Configured, Base):
    """What feedback is sorted by."""

    __tablename__ = "feedback_theme"
    label: Mapped[str] = mapped_column(primary_key=True)
    rank: Mapped[int]


class ImprovementRow(Base):
    """You said, we did: an idea or a complaint with an owner, a day, and what changed. No personal detail."""

    __tablename__ = "improvement"
    __table_args__ = (
        one_of("raised_by", (*SPEAKERS, "team")),
        one_of("state", STATES),
        CheckConstraint("state IN ('open', 'doing') OR cru.is_said(did)", name="ended_with_what_changed"),
        CheckConstraint("state = 'open' OR cru.is_said(owner)", name="somebody_sees_to_it"),
        Index("improvement_open_idx", "due_on", postgresql_where=text("state IN ('open', 'doing')")),
        Index("improvement_changed_at_idx", "changed_at"),
    )
    id: Mapped[UUID] = id_column()
    version: Mapped[int] = version_column()
    feedback_id: Mapped[UUID | None] = mapped_column(ForeignKey("feedback.id"))
    said: Mapped[str]
    raised_by: Mapped[str]
    owner: Mapped[str] = words_column()
    due_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(server_default=text("'open'"))
    did: Mapped[str] = words_column()
    made_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    made_at: Mapped[datetime] = mapped_column(server_default=NOW)
    changed_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    changed_at: Mapped[datetime] = mapped_column(server_default=NOW)


class ReviewRow(Base):
    """A shift lead has looked at something that asks to be looked at, and says a line about it."""

    __tablename__ = "review"
    __table_args__ = (one_of("kind", REVIEWED_KINDS), UniqueConstraint("kind", "about"))
    id: Mapped[UUID] = id_column()
    kind: Mapped[str]
    # The key of what was looked at: an event's number, or a row's id.
    about: Mapped[str]
    referral_id: Mapped[UUID | None] = mapped_column(ForeignKey("referral.id"), index=True)
    words: Mapped[str]
    reviewed_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    reviewed_at: Mapped[datetime] = mapped_column(server_default=NOW)
