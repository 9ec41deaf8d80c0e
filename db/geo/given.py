"""What the verbs of `map` that look into a pack are given: the pack, and where its indexes are kept."""

import argparse
import os
from pathlib import Path

import platformdirs

from db.geo.pack import MapPack


def add_pack(parser: argparse.ArgumentParser) -> None:
    """Let a verb name its pack."""
    parser.add_argument("--pack", type=Path, metavar="DIR", help="the map pack; CRU_MAP_PACK when left out")


def pack_given(args: argparse.Namespace) -> MapPack | None:
    """The pack that the verb, the program or the environment names; None for none."""
    folder = args.pack or getattr(args, "map_pack", None) or os.environ.get("CRU_MAP_PACK")
    return MapPack.open(folder) if folder else None


def cache_given(args: argparse.Namespace) -> Path:
    """The folder of indexes, the one that the console uses."""
    given = getattr(args, "data_dir", None) or os.environ.get("CRU_DATA_DIR")
    return (Path(given) if given else platformdirs.user_data_path("cru-console", appauthor=False)) / "cache"
