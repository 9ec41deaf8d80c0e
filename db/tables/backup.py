"""That the record was backed up, and that a backup was proven: it says nothing about anybody."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from db.domain.backups import WHAT
from db.tables.base import Base, id_column, one_of


class BackupRow(Base):
    """A backup or a drill that was made, whether it went well, and how long it took."""

    __tablename__ = "backup"
    __table_args__ = (one_of("what", WHAT),)
    id: Mapped[UUID] = id_column()
    what: Mapped[str]
    # The server's own clock, which a practice shift does not bend.
    made_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
    made_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    worked: Mapped[bool]
    # The moment of the record that the file holds.
    of_at: Mapped[datetime | None]
    row_count: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    took_seconds: Mapped[float] = mapped_column(server_default=text("0"))
