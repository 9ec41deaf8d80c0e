"""What a short text names: live referrals by a part of their reference, vans by their callsign. Never a guess."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from db.domain.names import number_today, short_name
from db.domain.records import Referral, Van
from db.domain.texts import folded

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class NamedThere:
    """What was named, and the words of the text that name nothing, or more than one thing."""

    referral: Referral | None = None
    van: Van | None = None
    unknown: tuple[str, ...] = ()

    @property
    def referral_id(self) -> UUID | None:
        """Of the referral that was named."""
        return self.referral.id if self.referral is not None else None

    @property
    def van_id(self) -> UUID | None:
        """Of the van that was named."""
        return self.van.id if self.van is not None else None


def named(typed: str, referrals: Iterable[Referral], vans: Iterable[Van], now: datetime) -> NamedThere:
    """Read ``0042 cru3`` or ``CRU-0044 Sun``, in any order.

    A referral is told by what every panel calls it at this moment (UTC), which is one alone, or by an end of its
    reference that no other has; a callsign whole, however it is spelt, and with the words of it apart.
    """
    van, rest = _first(typed.replace(",", " ").split(), {folded(one.callsign): one for one in vans})
    all_of, unknown = list(referrals), []
    called = {
        folded(name): one
        for one in all_of
        for name in (number_today(one.reference, now), short_name(one.reference, now))
    }
    referral, rest = _first(rest, called)
    for word in rest:
        found = [one for one in all_of if _ends(one, word)]
        there = called.get(folded(word)) or (found[0] if len(found) == 1 else None)
        if there is not None and (referral is None or referral is there):
            referral = there
        else:
            unknown.append(word)
    return NamedThere(referral, van, tuple(unknown))


def _ends(referral: Referral, word: str) -> bool:
    said = folded(word)
    # At least three signs of it: "2" would be every referral of a quiet day.
    return len(said) >= 3 and folded(referral.reference).endswith(said)


def _first(words: list[str], called: Mapping[str, T]) -> tuple[T | None, list[str]]:
    """The first that is named, and the words without its name."""
    # The most words first: "CRU NORTH 1" is no "CRU" that goes north.
    for length in range(len(words), 0, -1):
        for start in range(len(words) - length + 1):
            found = called.get(folded(" ".join(words[start : start + length])))
            if found is not None:
                return found, words[:start] + words[start + length :]
    return None, words
