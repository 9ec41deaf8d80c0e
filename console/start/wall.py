"""``main.py wall``: a big screen with nothing on it about anybody, kept running."""

import argparse
import sys
from pathlib import Path

from console.start.keeping import keep
from console.start.startup import open_wall_window


def add_wall_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``wall``."""
    parser = subparsers.add_parser("wall", help="the wall: a big screen with nothing on it about anybody")
    parser.add_argument("--once", action="store_true", help="do not start it again when it ends")
    parser.set_defaults(handler=open_wall)


def open_wall(given: argparse.Namespace) -> int:
    """Keep a wall running until somebody closes its window. Returns the exit code."""
    if given.once:
        return open_wall_window(given)
    script = Path(__file__).resolve().parents[2] / "main.py"
    folders = {"--data-dir": given.data_dir, "--map-pack": given.map_pack}
    options = [part for name, folder in folders.items() if folder is not None for part in (name, str(folder))]
    return keep([sys.executable, str(script), *options, "wall", "--once"])
