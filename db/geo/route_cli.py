"""The `map route` command: how long a van takes between two places, and along which roads, by a pack."""

import argparse
import os
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from db.domain.clocks import in_words
from db.geo.earth import Point
from db.geo.errors import MapPackError
from db.geo.given import add_pack, cache_given, pack_given
from db.geo.pack import MapPack
from db.geo.roads.travel import RoadLeg, Speeds, TravelRoute

if TYPE_CHECKING:
    from db.geo.search.places import PlaceFinder

_SHORTEST_KM: Final = 0.05
_NOTHING_KM: Final = 0.005
_POSITION: Final = re.compile(r"(-?\d{1,2}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)", re.ASCII)
_NEXT_STEP: Final = "Try: main.py map find TEXT"


def add_route_parser(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", wrap: Callable[..., object]
) -> None:
    """Add `map route` to the verbs of `map`; ``wrap`` turns its function into a handler."""
    route = verbs.add_parser("route", help="show minutes, kilometres and roads between two places")
    route.add_argument("start", metavar="FROM", help="a postcode, a name in quotes, or 52.24,-0.90")
    route.add_argument("end", metavar="TO")
    add_pack(route)
    route.add_argument("--night", action="store_true", help="as from 22:00 to 06:00")
    route.add_argument("--exempt", action="store_true", help="under blue lights: bus gates do not bind")
    route.set_defaults(handler=wrap(_route))


def _route(args: argparse.Namespace) -> int:
    for line in _told(args):
        print(line)  # noqa: T201 - this is what the command is for
    return 0


def _told(args: argparse.Namespace) -> Iterator[str]:
    # The libraries take a while to load, and no other verb needs them.
    from db.geo.roads.times import travel_times

    pack = pack_given(args)
    (start, from_words), (end, to_words) = _ends(pack, cache_given(args), args.start, args.end)
    speeds = Speeds(
        local_factor=_factor("CRU_TRAVEL_FACTOR"),
        night_factor=_factor("CRU_TRAVEL_NIGHT_FACTOR"),
        exempt=args.exempt or os.environ.get("CRU_TRAVEL_EXEMPT", "").lower() in {"1", "true", "yes", "on"},
    )
    yield f"from  {from_words}"
    yield f"to    {to_words}"
    yield from route_lines(travel_times(pack, speeds).route(start, end, night=args.night))


def _ends(pack: MapPack | None, cache: Path, *texts: str) -> list[tuple[Point, str]]:
    points = [_point(text) for text in texts]
    if all(points):
        return [(point, text.strip()) for point, text in zip(points, texts, strict=True) if point]
    # Every name of the county is read for this: positions need none.
    from db.geo.search.places import PlaceFinder

    finder = PlaceFinder.build(pack, cache)
    return [(point, text) if point else _found(finder, text) for point, text in zip(points, texts, strict=True)]


def _point(text: str) -> Point | None:
    match = _POSITION.fullmatch(text.strip())
    if not match:
        return None
    lat, lon = float(match[1]), float(match[2])
    return (lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None


def _found(finder: "PlaceFinder", text: str) -> tuple[Point, str]:
    found = [
        ((place.lat, place.lon), place)
        for place in finder.find(text)
        if place.lat is not None and place.lon is not None
    ]
    if not found:
        raise MapPackError(f"“{text}” is not on the map.", _NEXT_STEP)
    at, first = found[0]
    doubt = "  ? one of several" if len(found) > 1 and not first.sure else ""
    words = " · ".join(part for part in (first.title, first.detail) if part)
    return at, f"{words}{doubt}"


def _factor(name: str) -> float:
    try:
        return float(os.environ.get(name, "1"))
    except ValueError:
        raise MapPackError(f"{name} is no number.", "Set it such as 1.1.") from None


def route_lines(route: TravelRoute) -> Iterator[str]:
    """A route in lines: minutes and kilometres, then the roads in the order in which they are driven."""
    takes = in_words(timedelta(minutes=route.minutes))
    if route.method == "estimate":
        yield f"{takes}, {route.km:.1f} km as the crow flies: an estimate, not by road"
        return
    yield f"{takes}, {route.km:.1f} km by road"
    for leg in _worth_naming(route.roads):
        yield f"  {leg.km:6.1f} km  {leg.name or 'roads without a name'}"


def _worth_naming(roads: Sequence[RoadLeg]) -> list[RoadLeg]:
    """The roads without the few metres of a roundabout between two pieces of the same one."""
    found: list[RoadLeg] = []
    for leg in (leg for leg in roads if leg.km >= _NOTHING_KM):
        same = next((at for at in (-1, -2) if len(found) >= -at and found[at].name == leg.name), 0)
        between = sum(one.km for one in found[same + 1 :]) if same < -1 else 0.0
        if same and between < _SHORTEST_KM:
            km = sum(one.km for one in found[same:]) + leg.km
            found[same:] = [RoadLeg(leg.name, km)]
        else:
            found.append(leg)
    return found
