"""Where vans are and were."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Identity,
    Index,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import NOW, Base, version_column, words_column


class FixColumns:
    """What a fix says. Metres, km/h, degrees from north; WGS 84."""

    fixed_at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(server_default=NOW)
    accuracy: Mapped[float | None]
    speed: Mapped[float | None]
    heading: Mapped[float | None]
    source: Mapped[str] = words_column()


class PositionRow(FixColumns, Base):
    """The last sane fix of each van: narrow, and updated in batches."""

    __tablename__ = "position"
    van_id: Mapped[UUID] = mapped_column(ForeignKey("van.id"), primary_key=True)
    version: Mapped[int] = version_column()
    lat: Mapped[float]
    lon: Mapped[float]
    # Which of the van's devices said so; empty if none was named.
    device_name: Mapped[str] = words_column()


class PositionFixRow(FixColumns, Base):
    """Every fix that came in, sane or not, by day of receipt. ``refused`` says why one is not shown.

    A refused fix whose place nobody could believe has none; ``attributes`` keeps what was sent.
    """

    __tablename__ = "position_fix"
    __table_args__ = (
        Index("position_fix_van_id_fixed_at_idx", "van_id", "fixed_at"),
        {"postgresql_partition_by": "RANGE (received_at)"},
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    received_at: Mapped[datetime] = mapped_column(server_default=NOW, primary_key=True)
    van_id: Mapped[UUID]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    refused: Mapped[str] = words_column()
    attributes: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
