"""Coordinates, grid references and plus codes in whatever dress people paste or say them."""

import re
from collections.abc import Iterator

from db.geo.earth import in_britain
from db.geo.search.gridref import TypedPosition, is_uneven, parse_gridref, parse_latlon

_NUMBER = r"[+-]?\d{1,3}[.,]\d{2,}"
_MINUS = dict.fromkeys(map(ord, "\N{MINUS SIGN}\N{EN DASH}\N{EM DASH}\N{HYPHEN}\N{NON-BREAKING HYPHEN}"), "-")
_IN_A_LINK = re.compile(
    rf"(?:geo:|[?&@/](?:q=|ll=|query=|center=|daddr=|destination=|mlat=)?(?:loc:)?)({_NUMBER})"
    rf"(?:,|%2C|\+|&mlon=|/)\s*({_NUMBER})",
    re.IGNORECASE,
)
_LAT = r"(?:lat(?:itude)?|north(?:ing)?)"
_LON = r"(?:lon(?:g(?:itude)?)?|lng|east(?:ing)?)"
_LABELS = re.compile(rf"(?<![a-z])(?:{_LAT}|{_LON})(?![a-z])\.?\s*[:=]?\s*", re.IGNORECASE)
_LON_FIRST = re.compile(rf"^\W*{_LON}(?![a-z]).*(?<![a-z]){_LAT}(?![a-z])", re.IGNORECASE | re.DOTALL)
_CALLED = re.compile(
    r"^\W*(?:(?:my|the|his|her|their)\s+)?(?:(?:os|ordnance\s+survey|national|uk|british|bng|nat)\s+)*"
    r"(?:(?:map\s+)?(?:grid(?:\s+ref(?:erence)?)?|gridref|ngr|gr|coord(?:inate)?s?|position|location|gps|pos|ref|"
    r"co-ordinates?|os|bng))\b\.?\s*(?:is|are|at|:|=)?\s*[:=]?\s*",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"']([a-z]+)[\"'](?=\s*:)", re.IGNORECASE)
_COMMAS = re.compile(r"([+-]?\d{1,3}),(\d{3,})(\s*[;,/\s]\s*)([+-]?\d{1,3}),(\d{3,})")
_DMS_LETTERS = re.compile(
    r"(\d)\s*(?:degrees?|degs?|d)\.?\s*(?=[\d\sNSEW,-]|$)|(\d)\s*(?:minutes?|mins?|m)\.?\s*(?=[\d\sNSEW,-]|$)|"
    r"(\d)\s*(?:seconds?|secs?|s)\.?\s*(?=[\sNSEW,-]|$)",
    re.IGNORECASE,
)
_COMPASS = re.compile(r"(?<![a-z])(north|south|east|west)(?![a-z])", re.IGNORECASE)
_PART = r"(\d{1,3})[\s:]+(\d{1,2}(?:\.\d+)?)(?:[\s:]+(\d{1,2}(?:\.\d+)?))?"
_BARE_DMS = (
    re.compile(rf"{_PART}\s*([NS])[\s,;/]*{_PART}\s*([EW])", re.IGNORECASE),
    re.compile(rf"([NS])\s*{_PART}[\s,;/]*([EW])\s*{_PART}", re.IGNORECASE),
)
_PAIR_IN_PROSE = re.compile(
    rf"(?<![\d.])({_NUMBER})\s*°?\s*([NS]?)\s*[,;/\s]\s*({_NUMBER})\s*°?\s*([EW]?)(?!\.?\d)", re.IGNORECASE
)
# As many figures to the east as to the north, with or without something between them.
_GRID_IN_PROSE = tuple(
    re.compile(
        rf"(?<![a-z0-9])([HNOST]\s?[A-HJ-Z])[\s:,./-]*(\d{{{half}}})[\s,./-]*(\d{{{half}}})(?![a-z0-9])",
        re.IGNORECASE,
    )
    for half in (5, 4, 3)
)
_GRID_SIGNS = re.compile(r"[\s,./:;-]+")
_PLAUSIBLE_DIGITS = range(4, 11)


def read_position(text: str) -> tuple[TypedPosition, str] | None:
    """Read coordinates or a grid reference, in whatever dress.

    Args:
        text: what was typed or pasted: with labels, a link to a map, a comma for a point, words before it.

    Returns:
        The point, and the words that were said beside it; None when there is none.
    """
    plain = " ".join(text.translate(_MINUS).split())
    for dress in _undressed(plain):
        if position := parse_gridref(dress) or parse_latlon(dress):
            return position, ""
    return _in_prose(plain)


def _undressed(text: str) -> Iterator[str]:
    """The text as coordinates are usually written, in each way that it may be one."""
    yield text
    if link := _IN_A_LINK.search(text):
        yield f"{link[1]}, {link[2]}"
    bare = _CALLED.sub("", text).strip(" ,.;")
    yield bare
    yield from _grid_in_any_spacing(bare)
    # Said aloud, or as a program writes it: {"lat": 52.24, "lon": -0.9}.
    bare = re.sub(r"(?<![a-z])minus\s+(?=\d)", "-", _QUOTED.sub(r"\1", bare), flags=re.IGNORECASE)
    numbers = _LABELS.sub(" ", bare.replace("&", " ")).strip(" ,.;()[]{}")
    numbers = _COMMAS.sub(r"\1.\2\3\4.\5", numbers)
    if _LON_FIRST.search(bare):
        numbers = re.sub(r"^(\S+?)[\s,;]+(\S+)$", r"\2, \1", numbers)
    yield numbers
    lettered = _COMPASS.sub(lambda m: m[1][0].upper(), numbers)
    yield lettered
    signed = _DMS_LETTERS.sub(lambda m: f"{m[1]}° " if m[1] else f"{m[2]}' " if m[2] else f'{m[3]}" ', lettered)
    yield " ".join(signed.split())
    yield from _bare_dms(lettered)


def _bare_dms(text: str) -> Iterator[str]:
    """Degrees, minutes and seconds with nothing but blanks between them; letters say which is which."""
    if m := _BARE_DMS[0].fullmatch(text):
        yield f"{_signs(m[1], m[2], m[3])} {m[4]}, {_signs(m[5], m[6], m[7])} {m[8]}"
    if m := _BARE_DMS[1].fullmatch(text):
        yield f"{_signs(m[2], m[3], m[4])} {m[1]}, {_signs(m[6], m[7], m[8])} {m[5]}"


def _signs(degrees: str, minutes: str, seconds: str | None) -> str:
    return f"{degrees}° {minutes}'" + (f' {seconds}"' if seconds else "")


def _grid_in_any_spacing(text: str) -> Iterator[str]:
    compact = _GRID_SIGNS.sub("", text)
    if match := re.fullmatch(r"([A-HJ-Za-hj-z]{2})(\d+)", compact):
        halves = [part for part in _GRID_SIGNS.split(text) if part.isdigit()]
        if len(match[2]) in _PLAUSIBLE_DIGITS and not is_uneven(halves):
            yield compact


def _in_prose(text: str) -> tuple[TypedPosition, str] | None:
    for found in _PAIR_IN_PROSE.finditer(text):
        pair = ", ".join(f"{found[n].replace(',', '.')}{found[n + 1]}" for n in (1, 3))
        position = parse_latlon(pair)
        if position and in_britain(position.lat, position.lon):
            return position, _beside(text, found)
    for found in (found for pattern in _GRID_IN_PROSE for found in pattern.finditer(text)):
        position = parse_gridref(f"{found[1].replace(' ', '')}{found[2]}{found[3]}")
        if position:
            return position, _beside(text, found)
    return None


def _beside(text: str, found: re.Match[str]) -> str:
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    return " ".join(_LABELS.sub(" ", rest).split()).strip(" ,.;:()[]")
