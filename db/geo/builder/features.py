"""What a tag means on the map: layer, properties and the zoom from which it shows."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from db.geo.builder.mvt import Props, Value

Coords = npt.NDArray[np.float64]
Tags = Mapping[str, str]
MAX_ZOOM = 14


@dataclass(slots=True)
class Feature:
    """One thing on the map.

    Attributes:
        layer: layer of the OpenMapTiles schema.
        kind: point, line or polygon, as in `mvt`.
        parts: lines or rings, the outer ring first, (n, 2) lon, lat in degrees; rings are closed.
        props: properties in the tile.
        zoom: smallest zoom at which it shows.
    """

    layer: str
    kind: int
    parts: list[Coords]
    props: Props
    zoom: int


@dataclass(frozen=True, slots=True)
class Meaning:
    """Where a tagged thing belongs: layer, properties, smallest zoom."""

    layer: str
    props: Props
    zoom: int


_ROADS = {
    "motorway": ("motorway", 4), "trunk": ("trunk", 5), "primary": ("primary", 7),
    "secondary": ("secondary", 9), "tertiary": ("tertiary", 10), "unclassified": ("minor", 12),
    "residential": ("minor", 12), "living_street": ("minor", 12), "road": ("minor", 12),
    "service": ("service", 13), "track": ("track", 13), "pedestrian": ("path", 13), "footway": ("path", 14),
    "cycleway": ("path", 14), "bridleway": ("path", 14), "path": ("path", 14), "steps": ("path", 14),
}  # fmt: skip
_NAME_ZOOM = {
    "motorway": 8, "trunk": 9, "primary": 10, "secondary": 12, "tertiary": 12, "minor": 13, "service": 14,
    "track": 14, "path": 14,
}  # fmt: skip
_RAIL = {"rail": 8, "light_rail": 10, "tram": 12, "narrow_gauge": 12, "preserved": 11}
_WATERWAY = {"river": 8, "canal": 9, "stream": 12, "drain": 13, "ditch": 13}
_LANDUSE = {
    "residential": 8, "industrial": 10, "commercial": 11, "retail": 11, "cemetery": 12, "railway": 12,
    "military": 10, "quarry": 11,
}  # fmt: skip
_AMENITY_LANDUSE = {"school": 12, "university": 11, "college": 12, "hospital": 11, "kindergarten": 13}
_LANDCOVER = {
    "forest": ("wood", 8), "wood": ("wood", 8), "farmland": ("farmland", 9), "farm": ("farmland", 9),
    "meadow": ("grass", 10), "grass": ("grass", 11), "recreation_ground": ("grass", 11),
    "village_green": ("grass", 12), "grassland": ("grass", 10), "heath": ("grass", 10), "scrub": ("grass", 11),
    "wetland": ("wetland", 10), "sand": ("sand", 11), "beach": ("sand", 11), "orchard": ("farmland", 11),
    "park": ("grass", 11), "golf_course": ("grass", 11), "common": ("grass", 11), "garden": ("grass", 13),
}  # fmt: skip
_PLACES = {
    "city": 4, "town": 7, "village": 9, "suburb": 10, "hamlet": 11, "quarter": 12, "neighbourhood": 12,
    "farm": 13, "isolated_dwelling": 13, "locality": 13,
}  # fmt: skip
_POIS = {"hospital": 12, "police": 13, "fire_station": 13, "pharmacy": 14, "doctors": 14, "clinic": 14}


def props_of(**values: Value | None) -> Props:
    """Make properties, leaving out what is not known."""
    return tuple(sorted((key.replace("__", ":"), value) for key, value in values.items() if value is not None))


def of_line(tags: Tags) -> list[Meaning]:
    """Say what a way means when it is drawn as a line."""
    if highway := tags.get("highway"):
        return _road(tags, highway)
    name = tags.get("name")
    if (rail := tags.get("railway")) in _RAIL:
        brunnel = _brunnel(tags)
        return [Meaning("transportation", props_of(**{"class": "rail"}, brunnel=brunnel), _RAIL[str(rail)])]
    if (water := tags.get("waterway")) in _WATERWAY:
        zoom = _WATERWAY[str(water)]
        return [Meaning("waterway", props_of(**{"class": water}, name__latin=name), zoom)]
    if (aeroway := tags.get("aeroway")) in ("runway", "taxiway"):
        return [Meaning("aeroway", props_of(**{"class": aeroway}, ref=tags.get("ref")), 11)]
    return []


def _road(tags: Tags, highway: str) -> list[Meaning]:
    known = _ROADS.get(highway.removesuffix("_link"))
    if known is None or tags.get("area") == "yes":
        return []
    name, ref = tags.get("name"), tags.get("ref")
    road, zoom = known
    ramp = True if highway.endswith("_link") else None
    drawn = props_of(**{"class": road}, ramp=ramp, brunnel=_brunnel(tags), oneway=1 if is_oneway(tags) else None)
    found = [Meaning("transportation", drawn, max(zoom, 9) if ramp else zoom)]
    if (name or ref) and not ramp:
        label = props_of(**{"class": road}, name__latin=name, ref=ref)
        found.append(Meaning("transportation_name", label, _NAME_ZOOM[road]))
    return found


def is_oneway(tags: Tags) -> bool:
    """Say whether a road may be driven one way only, in either direction."""
    oneway = tags.get("oneway")
    if oneway is not None:
        return oneway in ("yes", "true", "1", "-1", "reverse")
    return tags.get("highway") == "motorway" or tags.get("junction") in ("roundabout", "circular")


def _brunnel(tags: Tags) -> str | None:
    if tags.get("bridge", "no") != "no":
        return "bridge"
    return "tunnel" if tags.get("tunnel", "no") != "no" else None


def of_area(tags: Tags) -> list[Meaning]:
    """Say what a closed way or multipolygon means when it is filled."""
    name = tags.get("name")
    natural, landuse = tags.get("natural"), tags.get("landuse")
    if natural == "water" or landuse in ("reservoir", "basin") or tags.get("waterway") == "riverbank":
        kind = "river" if tags.get("water") == "river" or tags.get("waterway") else "lake"
        return [Meaning("water", props_of(**{"class": kind}), 8)]
    if landuse in _LANDUSE:
        return [Meaning("landuse", props_of(**{"class": landuse}), _LANDUSE[landuse])]
    if (amenity := tags.get("amenity")) in _AMENITY_LANDUSE:
        return [Meaning("landuse", props_of(**{"class": amenity}), _AMENITY_LANDUSE[str(amenity)])]
    if (leisure := tags.get("leisure")) == "nature_reserve" or tags.get("boundary") == "national_park":
        return [Meaning("park", props_of(**{"class": leisure or "national_park"}, name__latin=name), 11)]
    if leisure in ("pitch", "playground"):
        return [Meaning("landuse", props_of(**{"class": leisure}), 13)]
    for value in (natural, landuse, leisure):
        if value in _LANDCOVER:
            kind, zoom = _LANDCOVER[value]
            return [Meaning("landcover", props_of(**{"class": kind}), zoom)]
    if (aeroway := tags.get("aeroway")) in ("apron", "aerodrome"):
        return [Meaning("aeroway", props_of(**{"class": aeroway}), 11)]
    return [Meaning("building", (), 14)] if tags.get("building", "no") != "no" else []


def of_place(kind: str, name: str, rank: int) -> Meaning | None:
    """Say where a settlement's label belongs; None for what the map does not label."""
    zoom = _PLACES.get(kind)
    if zoom is None:
        return None
    return Meaning("place", props_of(**{"class": kind}, name__latin=name, rank=rank), zoom)


def of_poi(tags: Tags) -> Meaning | None:
    """Say where a site's label belongs; None for what the map does not label."""
    kind, name = tags.get("amenity"), tags.get("name")
    if kind not in _POIS or not name:
        return None
    return Meaning("poi", props_of(**{"class": kind}, name__latin=name), _POIS[kind])
