"""A place somewhere in a message: some floors down, in a list, in one dotted name, or in JSON inside a text."""

import json
import re
from collections.abc import Mapping
from typing import Any

from db.gateway.payloads.reading import DEEPEST, LONGEST_TEXT

Said = dict[str, str | int | float]
MOST_PLACES = 10_000
_FLOORS = DEEPEST + 2
# ``gpsLatitude``, ``position.latitude``, ``GPS_LAT``: who measured it says nothing of what it is.
_DEGREE = re.compile(
    r"(?:gps|geo|loc|location|pos|position|current|last)?(?:(lat(?:itude)?)|(lon|lng|long|longitude))"
)
_TWO_NUMBERS = re.compile(r"\s*-?\d+\.\d+\s*,\s*-?\d+\.\d+\s*")
_PAIRS = frozenset({"gps", "latlng", "latlon", "latlong", "location", "loc", "coords"})
# Where an aerial stands that heard the device, or where somebody is to go, is not where the device is.
_NOT_ITS_OWN = frozenset(
    {"rxinfo", "rxmetadata", "gateway", "gateways", "gatewayinfo", "station", "antenna", "antennas", "cell"}
    | {"cells", "geofence", "fence", "region", "regions", "zone", "waypoint", "waypoints", "home", "destination"}
    | {"target", "metadata", "wifi", "hotspots", "hotspot", "beacons", "basestations", "towers", "receivers"}
)
# Where a platform puts what the device itself said: looked into before the rest.
_ITS_OWN = frozenset(
    {"decoded", "decodedpayload", "payload", "data", "object", "location", "position", "gps", "coords"}
)


def places(sent: object) -> list[Said]:
    """The plain values that belong to each place of a message, those of the objects around it among them."""
    return _places(sent, {}, _FLOORS)[:MOST_PLACES]


def _places(sent: object, above: Mapping[str, str | int | float], floors: int) -> list[Said]:
    if isinstance(sent, str):
        sent = _unwrapped(sent)
    if not floors:
        return []
    if isinstance(sent, list):
        return [one for item in sent for one in _places(item, above, floors - 1)]
    if not isinstance(sent, dict):
        return []
    own = _plain(sent)
    said: Said = {**above, **own}
    if own.keys() & {"lat", "location"}:
        return [said]
    deeper = [(name, value) for name, value in sent.items() if _letters(name) not in _NOT_ITS_OWN]
    deeper.sort(key=lambda pair: _letters(pair[0]) not in _ITS_OWN)
    below = (_places(value, said, floors - 1) for _, value in deeper)
    return next((found for found in below if found), [])


def _plain(sent: Mapping[str, Any]) -> Said:
    found: Said = {}
    for name, value in sent.items():
        known = _known(name)
        if known == "location":
            found |= _pair(value)
        elif isinstance(value, str | int | float):
            found[known] = value
    return found


def _known(name: str) -> str:
    """A field as the rest of the gateway calls it."""
    last = name.rpartition(".")[2]
    letters = _letters(last)
    degree = _DEGREE.fullmatch(letters)
    if degree:
        return "lat" if degree[1] else "lon"
    return "location" if letters in _PAIRS else last.lower()


def _letters(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def _pair(value: object) -> Said:
    """``[52.24, -0.9]`` and ``"52.24,-0.9"`` of a field whose name says which comes first."""
    if isinstance(value, str):
        return {"location": value} if _TWO_NUMBERS.fullmatch(value) else {}
    if isinstance(value, list) and len(value) >= 2 and all(isinstance(one, int | float) for one in value[:2]):
        return {"lat": value[0], "lon": value[1]}
    return {}


def _unwrapped(text: str) -> object:
    if not text.startswith(("{", "[")) or len(text) > LONGEST_TEXT:
        return None
    try:
        return json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return None
