"""A hospital that is said with a part of it: ``KGH ward Barnwell``, ``NGH eye casualty``, ``NGH gate 2``.

What stands beside it is the name of no other place: Barnwell is a village, and Eye is one. What hospitals call
their parts is much the same everywhere, so it is known here; the names of wards and wings are not.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from db.geo.search.names import NameSearch
from db.geo.search.words import fold

_INITIALS = 3
"""Letters at least by which a hospital is called."""
# What a part is called, before or behind its own name.
_PARTS = frozenset((
    "ward", "wing", "unit", "clinic", "building", "block", "lounge", "suite", "department", "dept", "theatre",
    "theatres", "entrance", "exit", "gate", "reception", "pharmacy", "chapel", "mortuary", "canteen", "restaurant",
    "lift", "lifts", "corridor", "bay", "bays", "helipad", "centre", "lobby", "stairs", "carpark", "stop", "area",
    "level", "zone", "floor", "hub", "office", "outpatients", "inpatients", "grounds",
))  # fmt: skip
# What says a part by itself.
_SAYS_ITSELF = frozenset((
    "aau", "amu", "mau", "eau", "sau", "cdu", "sdec", "itu", "icu", "hdu", "ccu", "nicu", "scbu", "picu", "dtc",
    "utc", "ucc", "miu", "ed", "minors", "majors", "resus", "paeds", "paediatrics", "maternity", "labour",
    "delivery", "xray", "radiology", "mri", "ct", "bereavement", "casualty", "eye", "fracture", "dialysis",
    "renal", "oncology", "chemo", "cardiology", "ambulatory", "discharge", "136", "liaison", "blood", "bloods",
    "pals", "main", "north", "south", "east", "west", "front", "rear", "side", "multi", "storey", "bus", "taxi",
    "rank", "staff", "place",
    "safety", "treatment", "therapy", "urgent", "care", "hospital", "emergency", "ground", "first", "second",
    "third",
))  # fmt: skip
_EMERGENCY = re.compile(r"\ba\s*(?:&|\+|and|n)\s*e\b", re.IGNORECASE)
_CAR_PARK = re.compile(r"\bcar\s+parks?\b", re.IGNORECASE)
_VOWELS = frozenset("aeiou")


@dataclass(frozen=True, slots=True)
class HospitalSaid:
    """Hospitals that are said with something else.

    Attributes:
        numbers: of their entries; more than one where several are called so.
        is_part: it is one, and all of the rest says where in it, so that nothing else can be meant.
        is_faint: its name is one word, which may be that of much else: where nothing else is found.
    """

    numbers: tuple[int, ...]
    is_part: bool
    is_faint: bool = False


class Hospitals:
    """The hospitals of the map, by their initials and by their names."""

    def __init__(self, names: NameSearch) -> None:
        self._initials: dict[str, list[int]] = {}
        self._names: dict[tuple[str, ...], list[int]] = {}
        for at, entry in enumerate(names.entries):
            if entry.what != "hospital":
                continue
            named = names.named(at)
            for whole in named.wholes:
                if len(named.own) >= _INITIALS and len(whole) == len(named.own):
                    self._initials.setdefault(whole, []).append(at)
            # Without "hospital", which few say.
            bare = tuple(word for word in named.own if word != "hospital")
            if bare:
                self._names.setdefault(bare, []).append(at)

    def said(self, text: str) -> HospitalSaid | None:
        """The hospital in a text in which something else is said, too; None for none."""
        words = fold(_CAR_PARK.sub("carpark", _EMERGENCY.sub("emergency", text)))
        for n, word in enumerate(words):
            if word in self._initials and len(words) > 1:
                found = self._initials[word]
                # Initials that can be spoken may be a word of another name.
                sure = len(found) == 1 and not _VOWELS.intersection(word)
                return HospitalSaid(tuple(found), sure and _is_part(words[:n], words[n + 1 :]))
        for name, numbers in self._names.items():
            n = _at(words, name)
            rest = [*words[:n], *words[n + len(name) :]]
            # Saint Mary's is a road and a church as well: it is the hospital with what only a hospital has.
            if n >= 0 and rest and rest != ["hospital"] and _is_part(words[:n], words[n + len(name) :]):
                return HospitalSaid(tuple(numbers), is_part=False, is_faint=len(name) == 1)
        return None


def _at(words: Sequence[str], name: Sequence[str]) -> int:
    return next(
        (n for n in range(len(words) - len(name) + 1) if tuple(words[n : n + len(name)]) == tuple(name)), -1
    )


def _is_part(*sides: Sequence[str]) -> bool:
    return all(not side or _is_parts_name(side) for side in sides)


def _is_parts_name(words: Sequence[str]) -> bool:
    """Whether words say a part: its kind first or last, or nothing but what says itself, numbers and letters."""
    plain = [word for word in words if not (word.isdigit() or len(word) == 1) or word in _SAYS_ITSELF]
    if not plain or all(word in _SAYS_ITSELF or word in _PARTS for word in plain):
        return bool(plain)
    return words[-1] in _PARTS or words[0] in _PARTS or plain[-1] in _PARTS
