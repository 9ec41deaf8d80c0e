"""The `map find` command: what the form would offer for a text, so that a trust can check its pack."""

import argparse
from collections.abc import Callable, Iterator

from db.domain.place_words import address_of, suggestion
from db.geo.given import add_pack, cache_given, pack_given


def add_find_parser(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", wrap: Callable[..., object]
) -> None:
    """Add `map find` to the verbs of `map`; ``wrap`` turns its function into a handler."""
    find = verbs.add_parser("find", help="show what the form offers for a text; ? where it would ask")
    find.add_argument("text", nargs="+", metavar="TEXT", help="what a caller says")
    add_pack(find)
    find.set_defaults(handler=wrap(_find))


def _find(args: argparse.Namespace) -> int:
    for line in _told(args):
        print(line)  # noqa: T201 - this is what the command is for
    return 0


def _told(args: argparse.Namespace) -> Iterator[str]:
    # The search's libraries take a while to load, and no other verb needs them.
    from db.geo.search.places import PlaceFinder

    text = " ".join(args.text)
    finder = PlaceFinder.build(pack_given(args), cache_given(args))
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
