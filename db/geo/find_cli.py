"""The `map find` command: what the form would offer for a text, so that a trust can check its pack."""

import argparse
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import platformdirs

from db.domain.place_words import address_of, suggestion
from db.geo.pack import MapPack


def add_find_parser(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", wrap: Callable[..., object]
) -> None:
    """Add `map find` to the verbs of `map`; ``wrap`` turns its function into a handler."""
    find = verbs.add_parser("find", help="show what the form offers for a text; ? where it would ask")
    find.add_argument("text", nargs="+", metavar="TEXT", help="what a caller says")
    find.add_argument("--pack", type=Path, metavar="DIR", help="the map pack; CRU_MAP_PACK when left out")
    find.set_defaults(handler=wrap(_find))


def _find(args: argparse.Namespace) -> int:
    for line in _told(args):
        print(line)  # noqa: T201 - this is what the command is for
    return 0


def _told(args: argparse.Namespace) -> Iterator[str]:
    # The search's libraries take a while to load, and no other verb needs them.
    from db.geo.search.places import PlaceFinder

    text = " ".join(args.text)
    folder = args.pack or getattr(args, "map_pack", None) or os.environ.get("CRU_MAP_PACK")
    finder = PlaceFinder.build(MapPack.open(folder) if folder else None, _cache(args))
    found = finder.find(text)
    if not found:
        yield "Nothing on the map is like it; the text is kept as it was typed."
    for number, place in enumerate(found, 1):
        asks = not found[0].sure
        at = f"{place.lat:.5f}, {place.lon:.5f}" if place.lat is not None and place.lon is not None else "no point"
        yield f"{number}  {suggestion(place.title, place.detail, place.warning, asks=asks)}  ({at})"
    if found:
        first = found[0]
        kept = address_of(text, first.title, first.detail, first.postcode)
        yield f"Enter asks; the first would keep: {kept}" if not first.sure else f"Enter keeps: {kept}"


def _cache(args: argparse.Namespace) -> Path:
    given = getattr(args, "data_dir", None) or os.environ.get("CRU_DATA_DIR")
    return (Path(given) if given else platformdirs.user_data_path("cru-console", appauthor=False)) / "cache"
