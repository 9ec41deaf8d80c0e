"""Who opened what is past, and what of it may be read for the next minutes.

Nobody but the record's own functions writes any of them; the first is for a shift lead to read.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Identity, Index, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import NOW, Base

_THIS_TRANSACTION = text("(pg_current_xact_id()::text)::bigint")


class LookRow(Base):
    """Somebody opened something that is past.

    Attributes:
        why: what for: ``record``, ``replay``; a list: ``review``, ``feedback``, ``log``, ``handed over``;
            ``alike``, whom a call that is typed may be about; ``known``, beside a referral that is here; or the
            command that is about it.
        since_at: of a stretch of time, else null; ``until_at`` its end.
        referrals: those that were opened by it; empty for a list that is told by the number of its look.
        xid: the transaction that wrote it. What it opened is told in a later one.
    """

    __tablename__ = "look"
    __table_args__ = (Index("look_looked_by_idx", "looked_by", "looked_at"),)
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    looked_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    looked_at: Mapped[datetime] = mapped_column(server_default=NOW)
    why: Mapped[str]
    since_at: Mapped[datetime | None]
    until_at: Mapped[datetime | None]
    referrals: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), server_default=text("'{}'"))
    xid: Mapped[int] = mapped_column(BigInteger, server_default=_THIS_TRANSACTION)


class OpenedRow(Base):
    """A login may read a referral that is past, for ten minutes of the server's own clock. Not logged."""

    __tablename__ = "opened"
    __table_args__ = ({"prefixes": ["UNLOGGED"]},)
    login: Mapped[str] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(primary_key=True)
    opened_at: Mapped[datetime]
    xid: Mapped[int] = mapped_column(BigInteger)


class SearchLineRow(Base):
    """A line that a search found, for whoever looked, in its order. Not logged."""

    __tablename__ = "search_line"
    __table_args__ = (Index("search_line_found_at_idx", "found_at"), {"prefixes": ["UNLOGGED"]})
    search_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    nth: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str]
    id: Mapped[UUID]
    found_at: Mapped[datetime]
    xid: Mapped[int] = mapped_column(BigInteger)
