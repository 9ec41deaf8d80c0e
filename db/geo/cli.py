"""The `map` command: build a pack, fetch one, say what is in one, find a place in one, drive through one."""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from db.errors import RecordError
from db.geo.find_cli import add_find_parser
from db.geo.pack import MapPack
from db.geo.route_cli import add_route_parser

if TYPE_CHECKING:
    from db.geo.builder.access import VanSize

_LEAST_MEASURE, _MOST_MEASURE = 1.0, 12.0
Handler = Callable[[argparse.Namespace], int]


def add_map_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `map build`, `map get`, `map info`, `map find` and `map route`.

    The parsed namespace's `handler` takes the namespace and returns the exit code: 0 done, 1 refused with a
    sentence on the error stream, 130 stopped.
    """
    parser = subparsers.add_parser("map", help="build, fetch or look into a map pack")
    verbs = parser.add_subparsers(dest="verb", required=True)
    build = verbs.add_parser("build", help="make a map pack from an OpenStreetMap extract")
    build.add_argument("extract", type=Path, metavar="EXTRACT.osm.pbf", help=".osm.pbf, or .osm, packed or not")
    build.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the pack")
    build.add_argument("--name", default="", help="what to call it; from the file's name when left out")
    build.add_argument("--buildings", action="store_true", help="draw buildings too; several times larger")
    _add_van(build)
    build.set_defaults(handler=_handler(_build))
    get = verbs.add_parser("get", help="download a county's extract from Geofabrik and build its pack")
    get.add_argument("name", metavar="COUNTY", help="northamptonshire")
    get.add_argument("--out", type=Path, metavar="DIR", help="folder for the pack; ./COUNTY when left out")
    get.add_argument("--buildings", action="store_true", help="draw buildings too; several times larger")
    _add_van(get)
    get.set_defaults(handler=_handler(_get))
    info = verbs.add_parser("info", help="say what is in a map pack")
    info.add_argument("folder", type=Path, metavar="DIR")
    info.set_defaults(handler=_handler(_info))
    add_find_parser(verbs, _handler)
    add_route_parser(verbs, _handler)


def _add_van(parser: argparse.ArgumentParser) -> None:
    """What the largest van measures; a people carrier's measures where it is not said."""
    for what, words in (
        ("height", "how high the largest van is, in metres"),
        ("width", "how wide with its mirrors in, in metres"),
        ("weight", "how heavy, in tonnes"),
    ):
        parser.add_argument(f"--van-{what}", type=_measure, metavar="N", help=words)


def _measure(text: str) -> float:
    found = float(text)
    if not _LEAST_MEASURE <= found <= _MOST_MEASURE:
        raise argparse.ArgumentTypeError(f"{text} is no measure of a van")
    return found


def _van_of(args: argparse.Namespace) -> "VanSize":
    from db.geo.builder.access import PEOPLE_CARRIER, VanSize

    return VanSize(
        args.van_height or PEOPLE_CARRIER.metres_high,
        args.van_width or PEOPLE_CARRIER.metres_wide,
        args.van_weight or PEOPLE_CARRIER.tonnes,
    )


def _handler(verb: Handler) -> Handler:
    def run(args: argparse.Namespace) -> int:
        try:
            return verb(args)
        except RecordError as error:
            _say(str(error), sys.stderr)
            return 1
        except KeyboardInterrupt:
            _say("Stopped. Nothing was changed.", sys.stderr)
            return 130

    return run


def _say(text: str, stream: TextIO | None = None) -> None:
    (stream or sys.stdout).write(f"{text}\n")


def _info(args: argparse.Namespace) -> int:
    _say(MapPack.open(args.folder).describe())
    return 0


def _build(args: argparse.Namespace) -> int:
    # The builder's libraries take a while to load, and nothing else needs them.
    from db.geo.builder.pack import build_pack

    pack = build_pack(args.extract, args.out, Meter(), name=args.name, buildings=args.buildings, van=_van_of(args))
    _say(pack.describe())
    _say(f"Use it with: CRU_MAP_PACK={pack.folder}")
    return 0


def _get(args: argparse.Namespace) -> int:
    from db.geo.builder.download import download
    from db.geo.builder.pack import build_pack

    out = args.out or Path(args.name.lower())
    meter = Meter()
    extract = download(args.name, out.parent, meter)
    pack = build_pack(extract, out, meter, name=args.name.title(), buildings=args.buildings, van=_van_of(args))
    _say(pack.describe())
    _say(f"Use it with: CRU_MAP_PACK={pack.folder}")
    return 0


class Meter:
    """Shows progress: one line a stage, with a share that moves on a terminal."""

    def __init__(self) -> None:
        self._stage = ""
        self._shown = 0.0

    def __call__(self, stage: str, share: float) -> None:
        """Show a stage and a share from 0 to 1."""
        terminal, now = sys.stderr.isatty(), time.monotonic()
        if stage != self._stage:
            end = "\n" if self._stage and terminal else ""
            sys.stderr.write(f"{end}{stage}" + ("" if terminal else "\n"))
            self._stage, self._shown = stage, 0.0
        if terminal and (share >= 1 or now - self._shown > 0.1):
            sys.stderr.write(f"\r{stage} {share:4.0%}")
            self._shown = now
        sys.stderr.flush()
