"""What is known here of a person from before: other referrals, and what was kept of what they said."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from db.domain.about import AboutItem


@dataclass(frozen=True, slots=True)
class KnownReferral:
    """Another referral that is of the same person, or may be.

    Attributes:
        found_by: by what it was found, in words.
        is_same: whether it is of the same person; else somebody has to say so.
        keeps: whether somebody consented to keep what was said there.
        outcome: the code of how it ended; empty while it has not.
        said: how many things were said there.
    """

    referral_id: UUID
    reference: str
    received_at: datetime
    found_by: str
    is_same: bool
    keeps: bool
    outcome: str
    said: int


@dataclass(frozen=True, slots=True)
class KnownHere:
    """All of it. ``kept`` are the things said then that may be taken over."""

    referrals: tuple[KnownReferral, ...] = ()
    kept: tuple[AboutItem, ...] = ()

    @property
    def same(self) -> tuple[KnownReferral, ...]:
        """Those of the same person."""
        return tuple(one for one in self.referrals if one.is_same)

    @property
    def open_questions(self) -> tuple[KnownReferral, ...]:
        """Those of which somebody has to say whether they are."""
        return tuple(one for one in self.referrals if not one.is_same)


NOTHING_KNOWN: Final = KnownHere()
