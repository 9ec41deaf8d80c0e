"""What a short text names: live referrals by a part of their reference, vans by their callsign. Never a guess."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from db.domain.records import Referral, Van
from db.domain.texts import folded


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


def named(typed: str, referrals: Iterable[Referral], vans: Iterable[Van]) -> NamedThere:
    """Read ``0042 cru3``, in any order.

    A reference is told by its number, with the day before it where two have the same; a callsign whole, however it
    is spelt, and with the words of it apart.
    """
    van, rest = _van(typed.replace(",", " ").split(), vans)
    all_of, referral, unknown = list(referrals), None, []
    for word in rest:
        found = [one for one in all_of if _is_called(one, word)]
        if len(found) == 1 and (referral is None or referral is found[0]):
            referral = found[0]
        else:
            unknown.append(word)
    return NamedThere(referral, van, tuple(unknown))


def _is_called(referral: Referral, word: str) -> bool:
    said = folded(word)
    # At least three signs of it: "2" would be every referral of a quiet day.
    return len(said) >= 3 and folded(referral.reference).endswith(said)


def _van(words: list[str], vans: Iterable[Van]) -> tuple[Van | None, list[str]]:
    """The first van that is named, and the words without it."""
    called = {folded(one.callsign): one for one in vans}
    # The most words first: "CRU NORTH 1" is no "CRU" that goes north.
    for length in range(len(words), 0, -1):
        for start in range(len(words) - length + 1):
            van = called.get(folded(" ".join(words[start : start + length])))
            if van is not None:
                return van, words[:start] + words[start + length :]
    return None, words
