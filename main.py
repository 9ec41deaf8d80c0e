"""The CRU console: the window, the practice shift, the owner's tools, the map tools and the gateway."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from console.install import add_install_parser
from db.errors import Invalid, RecordError


def parser() -> argparse.ArgumentParser:
    """Every subcommand. Without one, the console opens."""
    from console.startup import add_console_parser, add_exercise_parser, open_console
    from db.admin.cli import add_admin_parser
    from db.gateway.cli import add_gateway_parser
    from db.geo.cli import add_map_parser

    made = argparse.ArgumentParser(prog="main.py", description=__doc__)
    made.add_argument("--data-dir", type=Path, metavar="DIR", help="where local files live (CRU_DATA_DIR)")
    made.add_argument("--map-pack", type=Path, metavar="DIR", help="the map to show (CRU_MAP_PACK)")
    made.set_defaults(handler=open_console)
    subparsers = made.add_subparsers(title="commands", metavar="")
    for add in (
        add_console_parser,
        add_exercise_parser,
        add_admin_parser,
        add_map_parser,
        add_gateway_parser,
        add_install_parser,
    ):
        add(subparsers)
    return made


def first_parser() -> argparse.ArgumentParser:
    """The one subcommand that is there before anything is installed."""
    made = argparse.ArgumentParser(prog="main.py", description=__doc__)
    add_install_parser(made.add_subparsers(title="commands", metavar=""))
    return made


def read(words: list[str]) -> argparse.Namespace:
    """What was asked for.

    Raises:
        Invalid: the program is not installed for this Python.
    """
    if words[:1] == ["install"]:
        return first_parser().parse_args(words)
    try:
        made = parser()
    except ModuleNotFoundError as error:
        raise Invalid(
            f"The program is not installed for this Python: it has no {error.name}.",
            "Install it with python3 main.py install, then start it with .venv/bin/python main.py.",
        ) from error
    return made.parse_args(words)


def main(arguments: list[str] | None = None) -> int:
    """Run one subcommand. Returns the exit code; a failure is one sentence with a next step."""
    begun = time.monotonic()
    try:
        given = read(sys.argv[1:] if arguments is None else arguments)
        given.begun = begun
        return int(given.handler(given))
    except RecordError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
