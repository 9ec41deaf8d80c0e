"""What each act changed, so that it can be taken back: written by triggers, read by the record alone."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import NOW, Base, id_column, words_column


class ActRow(Base):
    """What one login did in one transaction under one command.

    Attributes:
        id: the command's, unless somebody else used it before.
        xid: the transaction, and ``began_at`` its start by the server's clock: a restored record counts its
            transactions anew, and an old number may come again.
        done_at: by the record's clock, which is the one that a minute is counted by.
        sent_outside_at: since when something that this act caused has left the building, such as a message. From
            then on it is never taken back. Nothing leaves today; whatever sends the first one sets it.
    """

    __tablename__ = "act"
    __table_args__ = (Index("act_xid_idx", "xid"), Index("act_done_by_done_at_idx", "done_by", "done_at"))
    id: Mapped[UUID] = id_column()
    command_id: Mapped[UUID | None]
    xid: Mapped[int] = mapped_column(BigInteger, server_default=text("(pg_current_xact_id()::text)::bigint"))
    began_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    done_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    done_at: Mapped[datetime] = mapped_column(server_default=NOW)
    sent_outside_at: Mapped[datetime | None]
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[str] = words_column()
    taken_back_reason: Mapped[str] = words_column()


class ActPartRow(Base):
    """One row that an act changed, or one event that it wrote.

    Attributes:
        id: counts up with each change, so that what came later is known by it.
        before: the columns that changed, as they were before the act. What they became stands in the row.
        restoring: the transaction that is taking it back at this moment; empty whenever anybody else can look.
    """

    __tablename__ = "act_part"
    __table_args__ = (
        UniqueConstraint("act_id", "table_name", "row_id"),
        Index("act_part_table_name_row_id_idx", "table_name", "row_id"),
        Index("act_part_referral_id_idx", "referral_id"),
        Index("act_part_van_id_idx", "van_id"),
        Index("act_part_restoring_idx", "restoring", postgresql_where=text("restoring IS NOT NULL")),
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    act_id: Mapped[UUID] = mapped_column(ForeignKey("act.id", ondelete="CASCADE"))
    table_name: Mapped[str]
    row_id: Mapped[str]
    referral_id: Mapped[UUID | None]
    van_id: Mapped[UUID | None]
    inserted: Mapped[bool]
    version_before: Mapped[int | None] = mapped_column(BigInteger)
    version_after: Mapped[int | None] = mapped_column(BigInteger)
    before: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    restoring: Mapped[int | None] = mapped_column(BigInteger)
