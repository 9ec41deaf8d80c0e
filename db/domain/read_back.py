"""A crew read its brief back, and an interpreter was booked: two acts about a job that others must know of."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from db.domain.about import AboutItem
from db.domain.cautions import Flag

CHANNELS: Final = ("radio", "telephone", "in person", "message")


@dataclass(frozen=True, slots=True)
class ReadBack:
    """Who read a brief back, when and how, and the words that were read."""

    id: UUID
    referral_id: UUID
    assignment_id: UUID
    read_by: str
    channel: str
    brief: str
    recorded_by: str
    recorded_at: datetime
    version: int = 1


@dataclass(frozen=True, slots=True)
class Booking:
    """An interpreter: for which language, booked with whom, under which reference, for when (UTC)."""

    id: UUID
    referral_id: UUID
    language: str
    booked_with: str
    reference: str
    booked_for: datetime | None
    recorded_by: str
    recorded_at: datetime
    version: int = 1


OfPerson = AboutItem | Flag | ReadBack | Booking
"""What a console mirrors of a person, beside the referral itself."""
