"""The life of the screening tool's versions, and what stands against the next step of a referral."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import NOW, Base, id_column, one_of, version_column, words_column


class ToolLifeRow(Base):
    """A step in the life of a version: drafted, approved by a person, in force from a moment, retired."""

    __tablename__ = "tool_life"
    __table_args__ = (
        one_of("step", ("drafted", "approved", "in force", "retired")),
        Index("tool_life_tool_version_idx", "tool_version"),
        Index("tool_life_from_at_key", "from_at", unique=True, postgresql_where=text("step = 'in force'")),
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    tool_version: Mapped[int] = mapped_column(ForeignKey("screening_tool.version"))
    step: Mapped[str]
    name: Mapped[str] = words_column()
    profession: Mapped[str] = words_column()
    from_at: Mapped[datetime] = mapped_column(server_default=NOW)
    note: Mapped[str] = words_column()
    author: Mapped[str] = mapped_column(server_default=text("session_user"))
    written_at: Mapped[datetime] = mapped_column(server_default=NOW)


class ToolLimitRow(Base):
    """What an observation must lie within, by a version of the tool; null where there is no bound."""

    __tablename__ = "tool_limit"
    tool_version: Mapped[int] = mapped_column(ForeignKey("screening_tool.version"), primary_key=True)
    measure: Mapped[str] = mapped_column(primary_key=True)
    low: Mapped[float | None]
    high: Mapped[float | None]


class NewsBandRow(Base):
    """How many points of NEWS2 a value gives, by a version of the tool."""

    __tablename__ = "news_band"
    tool_version: Mapped[int] = mapped_column(ForeignKey("screening_tool.version"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    measure: Mapped[str]
    low: Mapped[float | None]
    high: Mapped[float | None]
    points: Mapped[int] = mapped_column(SmallInteger)


class ToolLetterRow(Base):
    """What a letter of the triage scale means, by a version of the tool: how soon, never how likely."""

    __tablename__ = "tool_letter"
    tool_version: Mapped[int] = mapped_column(ForeignKey("screening_tool.version"), primary_key=True)
    letter: Mapped[str] = mapped_column(primary_key=True)
    meaning: Mapped[str]
    soon: Mapped[str] = words_column()
    goes_to: Mapped[str] = words_column()
    meanwhile: Mapped[str] = words_column()


class ToolBranchRow(Base):
    """When the questions of a branch are asked, by a version of the tool."""

    __tablename__ = "tool_branch"
    tool_version: Mapped[int] = mapped_column(ForeignKey("screening_tool.version"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    asked_when: Mapped[str] = words_column()


class ReadingRow(Base):
    """What the program's reader found in a narrative or a note, by the text's digest and the tool's version."""

    __tablename__ = "reading"
    __table_args__ = (Index("reading_referral_id_idx", "referral_id"),)
    id: Mapped[UUID] = id_column()
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    tool_version: Mapped[int] = mapped_column(ForeignKey("screening_tool.version"))
    text_digest: Mapped[str]
    # Of this referral, as the guard holds; no foreign key, which would let nobody say why events stay.
    event_id: Mapped[int | None] = mapped_column(BigInteger)
    found: Mapped[list[Any]]
    read_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    read_at: Mapped[datetime] = mapped_column(server_default=NOW)


class DecisionRow(Base):
    """A named person lets the referral on, against exactly what ``covers`` names; or has looked at its words."""

    __tablename__ = "decision"
    __table_args__ = (
        one_of("kind", ("let on", "looked at")),
        Index("decision_referral_id_idx", "referral_id"),
        Index("decision_decided_at_idx", "decided_at"),
    )
    id: Mapped[UUID] = id_column()
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    kind: Mapped[str]
    clinician: Mapped[str]
    reason: Mapped[str]
    covers: Mapped[list[str]]
    decided_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    decided_at: Mapped[datetime] = mapped_column(server_default=NOW)
    # It did not happen: kept, and counted nowhere.
    taken_back_at: Mapped[datetime | None]


class DangerRow(Base):
    """What stands against the next step of a referral, as the record's own triggers keep it; nobody writes it."""

    __tablename__ = "danger"
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"), primary_key=True)
    version: Mapped[int] = version_column()
    stands: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    decided: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    since_at: Mapped[datetime | None]
