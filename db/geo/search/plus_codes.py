"""Plus codes, decoded by their own library: whole ones anywhere, short ones beside a town."""

import re
from dataclasses import dataclass

from openlocationcode import openlocationcode

from db.geo.earth import Point

_SIGNS = "23456789CFGHJMPQRVWX"
_CODE = re.compile(rf"(?<![A-Z0-9])([{_SIGNS}]{{4,8}}\+[{_SIGNS}]{{2,7}})(?![A-Z0-9+])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PlusCode:
    """A plus code in a text.

    Attributes:
        code: in capitals, as it was typed.
        beside: what else was typed, such as a town.
    """

    code: str
    beside: str

    @property
    def is_short(self) -> bool:
        """Whether it needs a place that it is near."""
        return bool(openlocationcode.isShort(self.code))


def read_plus_code(text: str) -> PlusCode | None:
    """Find a plus code in a text; None when there is none."""
    found = _CODE.search(text)
    if found is None or not openlocationcode.isValid(found[1].upper()):
        return None
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    return PlusCode(
        found[1].upper(), " ".join(re.sub(r"plus\s*code", " ", rest, flags=re.IGNORECASE).split()).strip(" ,.:;")
    )


def middle_of(code: PlusCode, near: Point) -> Point:
    """Return the middle, (lat, lon), of a code's square; a short one's is the nearest to a point."""
    full = openlocationcode.recoverNearest(code.code, *near) if code.is_short else code.code
    square = openlocationcode.decode(full)
    return round(square.latitudeCenter, 6), round(square.longitudeCenter, 6)
