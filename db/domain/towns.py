"""The town of a place, from whatever was typed, pasted or picked, so that it can stand before the street.

What is kept of a place is free text: a picked suggestion, a typed address, one pasted over five lines, a
landmark, or nothing but a postcode. A dispatcher sends a van by the town; it is looked for in this order: a part
of the address that is a town; a town that a part ends with; the town around the postcode, or its post town while
no map says what lies around it; a town that a part begins with ("Corby town centre"); at last the part where a
town would stand. The rest is told behind it and may be cut. Of a postcode alone the village is told, too.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from db.domain.postcode import find_in, normalise
from db.domain.records import Location
from db.domain.texts import letters, one_line, told

_POST_TOWNS: Final = {
    "Northampton": "NN1 NN2 NN3 NN4 NN5 NN6 NN7",
    "Wellingborough": "NN8 NN9 NN29",
    "Rushden": "NN10",
    "Daventry": "NN11",
    "Towcester": "NN12",
    "Brackley": "NN13",
    "Kettering": "NN14 NN15 NN16",
    "Corby": "NN17 NN18",
    "Market Harborough": "LE16",
    "Lutterworth": "LE17",
    "Oakham": "LE15",
    "Leicester": "LE1 LE2 LE3 LE4 LE5 LE7 LE8 LE9 LE18 LE19",
    "Stamford": "PE9",
    "Peterborough": "PE1 PE2 PE3 PE4 PE5 PE6 PE7 PE8",
    "Huntingdon": "PE28 PE29",
    "Rugby": "CV21 CV22 CV23",
    "Southam": "CV47",
    "Coventry": "CV1 CV2 CV3 CV4 CV5 CV6 CV7 CV8",
    "Banbury": "OX15 OX16 OX17",
    "Bicester": "OX25 OX26 OX27",
    "Buckingham": "MK18",
    "Olney": "MK46",
    "Newport Pagnell": "MK16",
    "Milton Keynes": "MK1 MK2 MK3 MK4 MK5 MK6 MK7 MK8 MK9 MK10 MK11 MK12 MK13 MK14 MK15 MK17 MK19",
    "Bedford": "MK40 MK41 MK42 MK43 MK44 MK45",
}
"""Post towns of the county and around it, by Royal Mail, with the districts that they serve."""
_OTHERS: Final = (
    "Burton Latimer",
    "Desborough",
    "Higham Ferrers",
    "Irthlingborough",
    "Oundle",
    "Raunds",
    "Rothwell",
    "Thrapston",
)
"""Towns of the county that the post counts to another."""
_TOWN_OF_DISTRICT: Final = {outward: town for town, served in _POST_TOWNS.items() for outward in served.split()}
_TOWNS: Final = {letters(town): town for town in (*_POST_TOWNS, *_OTHERS)}
_AROUND: Final[list[Callable[[str], str]]] = []
"""What a map knows of a postcode; nothing until it is read."""
_COUNTY = (
    r"(?:north|west)?\s*(?:northamptonshire|northants|n'?hants|leicestershire|leics|rutland|cambridgeshire|cambs|"
    r"oxfordshire|oxon|buckinghamshire|bucks|bedfordshire|beds|warwickshire|warks|lincolnshire|lincs|"
    r"england|united kingdom|great britain|u\.?k\.?|g\.?b\.?)"
)
_NO_TOWN = re.compile(rf"(?:^|[\s(]){_COUNTY}\.?\)?$|^{_COUNTY}\.?$", re.IGNORECASE)
_PARTS = re.compile(r"\s*[,;·|]\s*|\s+[-\u2013\u2014/]\s+")
_CENTRE = re.compile(r"\s+(?:town|city|town centre|city centre|centre)$|^(?:near|nr|outside|in|the town of)\s+")
_DANGLING = re.compile(r"(?:[\s,;(-]|\b(?:near|nr|in|at|of|outside))+$", re.IGNORECASE)
_STREET_WORDS: Final = frozenset((
    "street", "st", "road", "rd", "lane", "ln", "avenue", "ave", "close", "cl", "drive", "dr", "way", "court",
    "crescent", "cres", "place", "pl", "terrace", "square", "sq", "gardens", "grove", "hill", "rise", "walk",
    "row", "mews", "parade", "yard", "house", "flat", "flats", "room", "floor", "block", "bypass", "green", "ct",
    "view", "park", "entrance", "door", "home", "hostel", "hotel", "unit", "estate", "roundabout", "services",
    "junction",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A place in the order in which it is told; each part stands on one line, and any may be empty.

    Attributes:
        town: what a van is sent by.
        postcode: in full, as Royal Mail writes it, or as it was typed.
        street: the rest of the address.
    """

    town: str
    postcode: str
    street: str

    @property
    def short(self) -> str:
        """``Corby · NN18 9ND``: town and postcode, or the address where neither is known."""
        return " · ".join(part for part in (self.town, self.postcode) if part) or self.street

    @property
    def full(self) -> str:
        """``Corby · NN18 9ND · 12 Studfall Avenue``."""
        return " · ".join(part for part in (self.town, self.postcode, self.street) if part)


def post_town(outward: str) -> str:
    """The town that Royal Mail serves a postcode district by; empty where it is not known here."""
    return _TOWN_OF_DISTRICT.get(outward.upper(), "")


def know_towns(names: Iterable[str], around: Callable[[str], str] | None = None) -> None:
    """Know these towns too from now on: another county's, as its map pack names them. Post towns stay.

    Args:
        names: of the towns.
        around: says which settlement, and which town if that is another, a full postcode lies in, as
            ``Orton, Rothwell``; empty where it does not know. A district's post town may be miles away.
    """
    _TOWNS.update({letters(name): name for name in names if letters(name) not in _TOWNS})
    _AROUND[:] = [around] if around else []
    _whereabouts.cache_clear()


def whereabouts(location: Location) -> Whereabouts:
    """Where a location is, town first."""
    return _whereabouts(location.text, location.postcode)


def titled(name: str, where: Whereabouts, told_of_it: str) -> str:
    """A name and what is told of its place: ``0044 Corby · NN18 9ND``; a day in the name stands by itself."""
    between = " " if where.town and " " not in name else " · "
    return f"{name}{between}{told_of_it}" if told_of_it else name


@lru_cache(maxsize=8192)
def _whereabouts(text: str, postcode: str) -> Whereabouts:
    address, code = one_line(text, ", "), one_line(postcode)
    code = normalise(code) or code
    inside = find_in(address)
    if inside is not None:
        # What stands in both is told once; another one in the text is part of what was said.
        address = inside[1] if code in {"", inside[0]} else address
        code = code or inside[0]
    parts = _address_parts(address, code)
    town, rest = _town(parts, code)
    return Whereabouts(told(town), told(code), told(", ".join(rest)))


def _address_parts(address: str, code: str) -> list[str]:
    found = []
    for part in _PARTS.split(address):
        kept = part.strip(" ,.")
        while kept and (cut := _NO_TOWN.search(kept)):
            kept = kept[: cut.start()].strip(" ,.(")
        if kept and kept.upper() != code:
            found.append(kept)
    return found


def _town(parts: Sequence[str], code: str) -> tuple[str, list[str]]:
    """The town, and the parts that are left without it."""
    for at, part in enumerate(parts):
        if town := _TOWNS.get(_CENTRE.sub("", letters(part))):
            return town, [*parts[:at], *(one for one in parts[at + 1 :] if _TOWNS.get(letters(one)) != town)]
    # From the end, where a town stands in an address.
    for at in reversed(range(len(parts))):
        if found := _at_the_end(parts[at]):
            return found[0], [*parts[:at], *filter(None, [found[1]]), *parts[at + 1 :]]
    around = [part for ask in _AROUND for part in ask(code).split(", ") if part] if " " in code else []
    if not parts and around:
        return _town(around, "")
    # The postcode's town goes before a name that a part begins with, which may be a landmark of another place.
    served = around[-1] if around else post_town(code.partition(" ")[0])
    begun = served or next((town for part in parts if (town := _at_the_start(part))), "")
    return (begun, list(parts)) if begun else _by_its_place(parts)


def _at_the_end(part: str) -> tuple[str, str] | None:
    plain = letters(part)
    # A copy: what a map pack knows is learnt while boards are shown.
    for name, town in [*_TOWNS.items()]:
        # Only where no accent or apostrophe was taken off: the place found would not be that of the part.
        if len(plain) == len(part) and plain.endswith((f" {name}", f"({name})")):
            return town, _DANGLING.sub("", part[: plain.rindex(name)])
    return None


def _at_the_start(part: str) -> str:
    """The town that a landmark is called after; a street called after a town is somewhere else."""
    words = letters(part).split()
    if not words or words[-1] in _STREET_WORDS:
        return ""
    plain = " ".join(words)
    return next((town for name, town in [*_TOWNS.items()] if plain.startswith(f"{name} ")), "")


def _by_its_place(parts: Sequence[str]) -> tuple[str, list[str]]:
    """The last part, where a town would stand: a name without a number that is no street."""
    last = parts[-1] if parts else ""
    words = letters(last).split()
    is_name = last[:1].isalpha() and not any(char.isdigit() for char in last) and len(words) <= 3
    # A name has a capital; what begins with a small letter is a description.
    if not is_name or last[:1].islower() or _STREET_WORDS & {words[-1]}:
        return "", list(parts)
    return last, list(parts[:-1])
