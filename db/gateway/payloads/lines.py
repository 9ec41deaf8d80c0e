"""Places in plain text: a table with a heading, the points of a track, a modem's own line, or words."""

import csv
import io
import re

Fields = dict[str, str]
MOST_LINES = 10_000
_LAT = re.compile(r"\blat(?:itude)?\b\W{1,4}?(-?\d{1,2}[.,]\d+)", re.IGNORECASE)
_LON = re.compile(r"\b(?:lon(?:gitude)?|lng|long)\b\W{1,4}?(-?\d{1,3}[.,]\d+)", re.IGNORECASE)
# Nothing but a place in front, to ten metres at least: other numbers are no place.
_BARE = re.compile(r"\s*(-?\d{1,2}\.\d{4,})\s*[,;\s]\s*(-?\d{1,3}\.\d{3,})(?![\d.])")
_BARE_SHORT = re.compile(r"\s*(-?\d{1,2}\.\d+)\s*[,;]\s*(-?\d{1,3}\.\d+)\s*(?:[,;]\s*-?[\d.]+\s*)*\Z")
_LINK = re.compile(r"(?:\bgeo:|[?&](?:q|ll|query|center)=|@)(-?\d{1,2}\.\d{3,}),\s?(-?\d{1,3}\.\d{3,})(?![\d.])")
# A moment and behind it a place, as modems answer (+CGNSINF) and loggers write without a heading.
_TIMED = re.compile(
    r"(20\d{12}|20\d\d-\d\d-\d\d[T ][\d:.]{5,15}Z?)(?:\.\d+)?\s*[,;\t]\s*"
    r"(-?\d{1,2}\.\d{4,})\s*[,;\t]\s*(-?\d{1,3}\.\d{3,})(?![\d.])"
)
_POINT = re.compile(r"<(?:trkpt|rtept)\b([^>]*)>(.*?)(?=<(?:trkpt|rtept)\b|\Z)", re.DOTALL)
_DEGREES = re.compile(r"""\b(lat|lon)\s*=\s*["'](-?[\d.]+)["']""")
_TIME = re.compile(r"<time>\s*([^<\s]+)\s*</time>")


def places(text: str) -> list[Fields]:
    """The fields of each place that a text says; the first way in which it says any."""
    return _points(text) or _table(text) or _timed(text) or _words(text)


def _points(text: str) -> list[Fields]:
    """Of a GPX file."""
    found = []
    for attributes, within in _POINT.findall(text)[:MOST_LINES]:
        time = _TIME.search(within)
        found.append(dict(_DEGREES.findall(attributes)) | ({"time": time[1]} if time else {}))
    return found


def _table(text: str) -> list[Fields]:
    heading, _, _ = text.lstrip().partition("\n")
    parting = max((",", ";", "\t"), key=heading.count)
    names = [name.strip().strip('"').lower() for name in heading.split(parting)]
    if not {"lat", "latitude"} & {*names}:
        return []
    rows = list(csv.reader(io.StringIO(text.lstrip()), delimiter=parting))[1 : MOST_LINES + 1]
    return [dict(zip(names, (cell.strip() for cell in row), strict=False)) for row in rows if any(row)]


def _timed(text: str) -> list[Fields]:
    found = [_TIMED.search(line) for line in text.splitlines()[:MOST_LINES]]
    return [{"time": one[1], "lat": one[2], "lon": one[3]} for one in found if one]


def _words(text: str) -> list[Fields]:
    lat, lon = _LAT.search(text), _LON.search(text)
    if lat and lon:
        return [{"lat": lat[1], "lon": lon[1]}]
    bare = _LINK.search(text) or _BARE.match(text) or _BARE_SHORT.match(text)
    return [{"lat": bare[1], "lon": bare[2]}] if bare else []
