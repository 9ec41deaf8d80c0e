"""What changed, in the order in which consoles can know it: the record's own list, read by a cursor."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Identity, Index, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import Base


class ChangeRow(Base):
    """One statement changed rows of one table. Written by triggers, trimmed after an hour.

    Attributes:
        xid: the transaction that wrote it. Serial numbers are no order of commits; transactions are.
        entity: a mirrored table, ``event`` (ids are referrals), ``reference``, ``beat``, or ``all``.
        ids: which rows; null when they are too many to name.
        at: the server's own clock, never a practice shift's: trimming must not run fast.
    """

    __tablename__ = "change"
    __table_args__ = (
        Index("change_xid_idx", "xid"),
        Index("change_beat_idx", "at", postgresql_where=text("entity = 'beat'")),
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    xid: Mapped[int] = mapped_column(BigInteger, server_default=text("(pg_current_xact_id()::text)::bigint"))
    entity: Mapped[str] = mapped_column(Text)
    ids: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid()))
    at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
