"""What a revision of the schema had to change in rows that were there already."""

from datetime import datetime

from sqlalchemy import BigInteger, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import Base


class MendedRow(Base):
    """One value that a revision changed, whole, as text. It may be a patient's: a shift lead may read it."""

    __tablename__ = "mended"
    __table_args__ = (Index("mended_row_id_idx", "row_id"),)
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    table_name: Mapped[str]
    row_id: Mapped[str]
    column_name: Mapped[str]
    was: Mapped[str | None]
    now: Mapped[str | None]
    revision: Mapped[str]
    # The server's own clock: the record's may be what was mended.
    at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
