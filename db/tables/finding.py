"""What a desk finds by its words, and who looked for something.

Nobody but the record's own functions reads or writes the first (``cru.look_for()``); the second is for a
shift lead.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import NOW, Base


class FindableRow(Base):
    """A referral, with what was said and noted of it, or an entry of the shift log, by its words."""

    __tablename__ = "findable"
    __table_args__ = (
        Index(
            "findable_words_idx",
            "words",
            postgresql_using="gin",
            postgresql_with={"gin_pending_list_limit": "256"},
        ),
        Index("findable_at_idx", text("at DESC"), "id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    is_log: Mapped[bool]
    at: Mapped[datetime]
    words: Mapped[str] = mapped_column(TSVECTOR)


class SearchRow(Base):
    """Somebody looked for something, and was shown so many lines. What was typed is not kept."""

    __tablename__ = "search"
    __table_args__ = (
        Index("search_asked_at_idx", "asked_at"),
        Index("search_asked_by_idx", "asked_by", "asked_at"),
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    asked_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    asked_at: Mapped[datetime] = mapped_column(server_default=NOW)
    found: Mapped[int]
