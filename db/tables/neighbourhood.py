"""In which tenth of neighbourhoods by deprivation a postcode lies: the government's list, loaded by the owner."""

from datetime import datetime

from sqlalchemy import CheckConstraint, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import NOW, Base


class NeighbourhoodRow(Base):
    """A postcode, or its first half, in capitals without a blank. 1 is the most deprived tenth."""

    __tablename__ = "neighbourhood"
    __table_args__ = (
        CheckConstraint("area ~ '^[A-Z]{1,2}[0-9][A-Z0-9]?([0-9][A-Z]{2})?$'", name="area_is_a_postcode"),
    )
    area: Mapped[str] = mapped_column(primary_key=True)
    tenth: Mapped[int] = mapped_column(SmallInteger)
    source: Mapped[str]
    loaded_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    loaded_at: Mapped[datetime] = mapped_column(server_default=NOW)
