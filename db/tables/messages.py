"""What people at desks tell each other, and who looks at what now."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import FALSE, NOW, Base, id_column, version_column, words_column


class MessageRow(Base):
    """A message to the room, or to one login, about a referral or about none. It stays as it was sent."""

    __tablename__ = "message"
    __table_args__ = (
        Index("message_written_at_idx", "written_at"),
        Index("message_referral_id_idx", "referral_id"),
        Index("message_to_login_idx", "to_login", postgresql_where=text("to_login <> ''")),
    )
    id: Mapped[UUID] = id_column()
    version: Mapped[int] = version_column()
    referral_id: Mapped[UUID | None] = mapped_column(ForeignKey("referral.id"))
    # Empty for the room.
    to_login: Mapped[str] = words_column()
    words: Mapped[str]
    written_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    written_at: Mapped[datetime] = mapped_column(server_default=NOW)


class MessageSeenRow(Base):
    """Somebody says that they saw a message that is to them."""

    __tablename__ = "message_seen"
    message_id: Mapped[UUID] = mapped_column(ForeignKey("message.id"), primary_key=True)
    seen_by: Mapped[str] = mapped_column(server_default=text("session_user"), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(server_default=NOW)


class MessageWaitingRow(Base):
    """A message to somebody who has not said that they saw it; the record keeps the list."""

    __tablename__ = "message_waiting"
    message_id: Mapped[UUID] = mapped_column(ForeignKey("message.id"), primary_key=True)


class PresenceRow(Base):
    """What a console shows now. No history: a row goes when its console was silent for half a minute."""

    __tablename__ = "presence"
    __table_args__ = ({"prefixes": ["UNLOGGED"]},)
    id: Mapped[UUID] = mapped_column(primary_key=True)  # the console's
    login: Mapped[str]
    referral_id: Mapped[UUID | None]
    typing: Mapped[bool] = mapped_column(server_default=FALSE)
    beat_at: Mapped[datetime]
