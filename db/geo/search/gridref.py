"""Grid references, coordinates and what3words as people type them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from db.domain.degrees import on_earth
from db.geo.earth import in_britain
from db.geo.grid import letters_of, square_corner, to_degrees, to_grid

# The grid's letters have no I.
_GRIDREF = re.compile(r"([A-HJ-Z]{2})\s*(\d[\d\s]*)", re.IGNORECASE)
_EASTING_NORTHING = re.compile(r"E?\s*(\d{6})(?:\.\d+)?\s*E?[\s,;]+N?\s*(\d{6,7})(?:\.\d+)?\s*N?", re.IGNORECASE)
_WORD = r"[^\W\d_]{2,}"
_W3W = r"(?:///\s*|https?://(?:www\.)?(?:what3words\.com|w3w\.co)/|(?:w3w|what\s*(?:3|three)\s*words)\s*(?:is|:)?\s*(?:///)?\s*)"
_DOT = r"\s?[.]\s?"
_WORDS = re.compile(rf"{_W3W}?({_WORD}){_DOT}({_WORD}){_DOT}({_WORD})")
_WORDS_INSIDE = re.compile(rf"{_W3W}({_WORD}){_DOT}({_WORD}){_DOT}({_WORD})(?![^\W_])")
# Every sign for degrees, minutes and seconds becomes one of ° ' ".
_SIGNS = [
    ("''", '"'),
    ("\N{MASCULINE ORDINAL INDICATOR}", "°"),
    ("\N{PRIME}", "'"),
    ("\N{DOUBLE PRIME}", '"'),
]
_SIGNS += [("\N{RIGHT SINGLE QUOTATION MARK}", "'"), ("\N{RIGHT DOUBLE QUOTATION MARK}", '"')]


def _angle(name: str) -> str:
    minutes = rf"(?P<{name}m>\d{{1,2}}(?:\.\d+)?)\s*'?\s*"
    seconds = rf"(?:(?<=['\s])(?P<{name}s>\d{{1,2}}(?:\.\d+)?)\s*\"?)?"
    return rf"(?P<{name}>[+-]?\d{{1,3}}(?:\.\d+)?)\s*(?:°\s*(?:{minutes}{seconds})?)?"


_LATLON = re.compile(
    rf"(?P<h1>[NSEW])?\s*{_angle('a')}\s*(?P<h2>[NSEW])?\s*[,;/\s]\s*"
    rf"(?P<h3>[NSEW])?\s*{_angle('b')}\s*(?P<h4>[NSEW])?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class TypedPosition:
    """Coordinates read from text.

    Attributes:
        kind: which form it was typed in.
        lat: degrees north, WGS 84.
        lon: degrees east, WGS 84.
        text: the same, written the usual way.
        size_m: side of the square that the text names; 0 for a point.
        swapped: True when latitude and longitude had to be exchanged.
    """

    kind: Literal["grid reference", "coordinates"]
    lat: float
    lon: float
    text: str
    size_m: int = 0
    swapped: bool = False


def parse_gridref(text: str) -> TypedPosition | None:
    """Read a National Grid reference.

    Args:
        text: `SP 763 603`, `SP7630060300`, `SP76` or `476300 260300` (easting northing, metres).

    Returns:
        The middle of the square that it names, or None when it is not one.
    """
    text = text.strip()
    if match := _EASTING_NORTHING.fullmatch(text):
        return _from_grid(float(match[1]), float(match[2]), 0)
    if not (match := _GRIDREF.fullmatch(text)):
        return None
    digits = "".join(match[2].split())
    half = len(digits) // 2
    if len(digits) % 2 or half > 5 or is_uneven(match[2].split()):
        return None
    corner, size = square_corner(match[1].upper()), 10 ** (5 - half)
    if corner is None:
        return None
    # The middle: the corner would be wrong by up to the whole square, and always to the same side.
    east, north = (int(part) * size + size // 2 for part in (digits[:half], digits[half:]))
    return _from_grid(corner[0] + east, corner[1] + north, size if size > 1 else 0)


def is_uneven(groups: Sequence[str]) -> bool:
    """Whether figures stand in two groups of different length: no reference, or a slip in one of them."""
    return len(groups) == 2 and len(groups[0]) != len(groups[1])


def _from_grid(east: float, north: float, size: int) -> TypedPosition | None:
    place = to_degrees(east, north)
    return TypedPosition("grid reference", *place, _write_grid(east, north), size) if place else None


def gridref_of(lat: float, lon: float) -> str:
    """Write a point in degrees as an eight-figure grid reference (10 m); empty outside the National Grid."""
    place = to_grid(lat, lon)
    return _write_grid(*place) if place else ""


def _write_grid(east: float, north: float) -> str:
    letters = letters_of(east, north)
    return f"{letters} {int(east % 100_000 // 10):04d} {int(north % 100_000 // 10):04d}" if letters else ""


def parse_latlon(text: str) -> TypedPosition | None:
    """Read latitude and longitude in the usual typed forms.

    Args:
        text: decimal degrees, degrees and minutes, or degrees, minutes and seconds; signs or N S E W;
            in either order when letters say which is which, or when only one order lies in Britain.

    Returns:
        The point, anywhere on Earth, or None when it is not one.
    """
    for sign, plain in _SIGNS:
        text = text.replace(sign, plain)
    match = _LATLON.fullmatch(text.strip().strip("()[]"))
    if not match or not _says_it_is_a_pair(match):
        return None
    first = _axis(match, "a", match["h1"] or match["h2"])
    # Of N 52° 14' W 0° 53' the second letter is read behind the first figure, and is of the other one.
    between = match["h2"] if match["h1"] else ""
    second = _axis(match, "b", match["h3"] or match["h4"] or between)
    if first is None or second is None:
        return None
    return _pair(first, second)


def _says_it_is_a_pair(match: re.Match[str]) -> bool:
    # "12 14" is likelier a house or a partial reference than a point in the sea.
    marked = match["h1"] or match["h2"] or match["am"]
    return bool(marked) or ("." in match["a"] and "." in match["b"])


def _axis(match: re.Match[str], name: str, letter: str | None) -> tuple[float, str] | None:
    whole, minutes, seconds = match[name], float(match[f"{name}m"] or 0), float(match[f"{name}s"] or 0)
    if minutes >= 60 or seconds >= 60:
        return None
    size = abs(float(whole)) + minutes / 60 + seconds / 3600
    letter = (letter or "").upper()
    negative = whole.startswith("-") or letter in ("S", "W")
    return (-size if negative else size), letter


def _pair(first: tuple[float, str], second: tuple[float, str]) -> TypedPosition | None:
    lat, lon, swapped = first[0], second[0], False
    lettered = bool(first[1] and second[1])
    if lettered and (first[1] in "EW") == (second[1] in "EW"):
        return None
    if first[1] in ("E", "W") or (second[1] in ("N", "S") and not first[1]):
        lat, lon = lon, lat
    elif not lettered and not in_britain(lat, lon) and in_britain(lon, lat):
        lat, lon, swapped = lon, lat, True
    if not on_earth(lat, lon):
        return None
    return TypedPosition("coordinates", round(lat, 6), round(lon, 6), f"{lat:.5f}, {lon:.5f}", swapped=swapped)


def parse_what3words(text: str) -> str | None:
    """Recognise a what3words address, which stays text: turning it into a place needs their service.

    Args:
        text: three words with dots, alone; or among others behind `///`, the web address or the service's name.

    Returns:
        The address as `///one.two.three`, or None when it is not one.
    """
    said = text.strip().lower()
    match = _WORDS.fullmatch(said) or _WORDS_INSIDE.search(said)
    return f"///{match[1]}.{match[2]}.{match[3]}" if match else None
