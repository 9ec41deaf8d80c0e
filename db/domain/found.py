"""What was found by its words: a referral, however long ago, or an entry of the shift log."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

MOST: Final = 50
"""How many lines one search shows; the next ones are older."""


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A line of what was found.

    Attributes:
        id: the referral's, or the entry's.
        referral_id: what it opens; None for an entry that names no referral.
        at: when it was received, or happened; UTC.
        reference: of the referral; empty for an entry that names none.
        name: of the person; empty where nobody knew it.
        place: with its postcode.
        state: of the referral; empty for an entry.
        words: of the entry.
        found_in: where beside the person's own details: place, narrative, notes.
    """

    id: UUID
    referral_id: UUID | None
    is_log: bool
    at: datetime
    reference: str = ""
    name: str = ""
    born: date | None = None
    place: str = ""
    state: str = ""
    in_error: bool = False
    words: str = ""
    found_in: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """What it is, in a word or two, and where the words were found."""
        if self.is_log:
            return "shift log"
        state = "entered in error" if self.in_error else self.state
        return f"{state}; in the {', '.join(self.found_in)}" if self.found_in else state


def count_words(shown: int, more: bool) -> str:
    """How much was found: ``3 found``; ``the newest 50`` where there may be older ones."""
    if not shown:
        return "nothing found"
    return f"the newest {shown}" if more else f"{shown} found"
