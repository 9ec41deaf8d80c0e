"""A crew read its brief back or is well, an interpreter was booked: what others must know of a job."""

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
class CrewWord:
    """A word that all is well.

    Attributes:
        channel: one of :data:`CHANNELS`.
        said_by: who said so on behalf of the crew; empty where it was the crew.
    """

    id: UUID
    referral_id: UUID
    assignment_id: UUID
    channel: str
    said_by: str
    words: str
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


OfPerson = AboutItem | Flag | ReadBack | CrewWord | Booking
"""What a console mirrors of a person, beside the referral itself."""
