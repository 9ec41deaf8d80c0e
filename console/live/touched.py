"""Whose parts a change of the mirror concerns."""

from typing import TYPE_CHECKING

from db.domain.about import AboutItem
from db.domain.care import Contact, FollowUp, HowItEnded, LateLink
from db.domain.cautions import Flag
from db.domain.dangers import Dangers
from db.domain.intake_call import IntakeCall
from db.domain.read_back import Booking, CrewWord, ReadBack
from db.domain.records import Assignment, Handover, Record, Screening, Shift

if TYPE_CHECKING:
    from uuid import UUID

_Care = Contact | HowItEnded | FollowUp | LateLink
Part = Assignment | Handover | Screening | Dangers | IntakeCall | _Care | AboutItem | ReadBack | CrewWord | Booking
"""What belongs to a referral, and comes and goes with it."""


class Touched:
    """Whose parts a change concerns: of the rows that went and of those that came."""

    def __init__(self) -> None:
        self.referrals: set[UUID] = set()
        self.vans: set[UUID] = set()

    def add(self, row: Record) -> None:
        """A row that came or went."""
        if isinstance(row, Part):
            self.referrals.add(row.referral_id)
        if isinstance(row, Flag):
            self.referrals.update(row.applies_to)
        if isinstance(row, Assignment | Shift):
            self.vans.add(row.van_id)
