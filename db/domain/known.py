"""What is known here of a person and an address: other referrals, and what was kept of what was said then."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from db.domain.about import AboutItem
from db.domain.clocks import local, local_time

_YEARS = timedelta(days=300)
"""From then on a day without its year would be taken for one of this year."""


def since_words(at: datetime, now: datetime) -> str:
    """When a contact was: ``02:10 Thu 12 Nov``, and of long ago ``12 Nov 2024``."""
    return f"{local(at):%d %b %Y}" if now - at > _YEARS else local_time(at, now)


@dataclass(frozen=True, slots=True)
class KnownReferral:
    """Another referral that is of the same person, or may be, or was at the same address.

    Attributes:
        found_by: by what it was found, in words.
        is_same: whether it is of the same person.
        at_address: whether only the address is the same, which says nothing of who it is.
        word: what somebody last said of the two, one person or not; None where nobody has.
        is_open: whether it has not ended.
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
    at_address: bool = False
    word: bool | None = None
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class KnownHere:
    """All of it. ``kept`` are the things said then that may be taken over.

    Attributes:
        past_left_out: what is past was not looked through.
    """

    referrals: tuple[KnownReferral, ...] = ()
    kept: tuple[AboutItem, ...] = ()
    past_left_out: bool = False

    @property
    def same(self) -> tuple[KnownReferral, ...]:
        """Those of the same person."""
        return tuple(one for one in self.referrals if one.is_same)

    @property
    def open_questions(self) -> tuple[KnownReferral, ...]:
        """Those of which somebody has to say whether they are."""
        return tuple(one for one in self.referrals if not (one.is_same or one.at_address) and one.word is None)

    @property
    def of_address(self) -> tuple[KnownReferral, ...]:
        """Those of the same address, of whomever."""
        return tuple(one for one in self.referrals if one.at_address)

    @property
    def about_whom(self) -> tuple[KnownReferral, ...]:
        """Those of which a word can be said: what is open first, then those said already, which may be wrong."""
        return (*self.open_questions, *(one for one in self.referrals if one.is_same or one.word is not None))


NOTHING_KNOWN: Final = KnownHere()
