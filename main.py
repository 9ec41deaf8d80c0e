"""The CRU console: the window, the practice shift, the owner's tools, reports, the map tools and the gateway."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from console.start.install import add_install_parser
from db.errors import Invalid, RecordError

if TYPE_CHECKING:
    from collections.abc import Callable

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - its only name


def parser(only: str = "") -> argparse.ArgumentParser:
    """Every subcommand, or one alone: the libraries of the others take longer to load than a window to open."""
    made = _general()
    subparsers = made.add_subparsers(title="commands", metavar="")
    for name, add in _COMMANDS.items():
        if not only or name == only:
            add(subparsers)
    return made


def _general(*, alone: bool = False) -> argparse.ArgumentParser:
    """What may stand before a subcommand. Without one, the console opens."""
    from console.start.startup import open_console

    made = argparse.ArgumentParser(prog="main.py", description=__doc__, add_help=not alone, allow_abbrev=not alone)
    made.add_argument("--data-dir", type=Path, metavar="DIR", help="where local files live (CRU_DATA_DIR)")
    made.add_argument("--map-pack", type=Path, metavar="DIR", help="the map to show (CRU_MAP_PACK)")
    made.set_defaults(handler=open_console)
    return made


def _console(subparsers: Subparsers) -> None:
    from console.start.startup import add_console_parser

    add_console_parser(subparsers)


def _exercise(subparsers: Subparsers) -> None:
    from console.start.startup import add_exercise_parser

    add_exercise_parser(subparsers)


def _wall(subparsers: Subparsers) -> None:
    from console.start.wall import add_wall_parser

    add_wall_parser(subparsers)


def _admin(subparsers: Subparsers) -> None:
    from db.admin.cli import add_admin_parser

    add_admin_parser(subparsers)


def _report(subparsers: Subparsers) -> None:
    from console.start.report import add_report_parser

    add_report_parser(subparsers)


def _map(subparsers: Subparsers) -> None:
    from db.geo.cli import add_map_parser

    add_map_parser(subparsers)


def _gateway(subparsers: Subparsers) -> None:
    from db.gateway.cli import add_gateway_parser

    add_gateway_parser(subparsers)


def _keys(subparsers: Subparsers) -> None:
    from console.start.key_card import add_keys_parser

    add_keys_parser(subparsers)


_COMMANDS: dict[str, Callable[[Subparsers], None]] = {
    "console": _console,
    "exercise": _exercise,
    "wall": _wall,
    "admin": _admin,
    "report": _report,
    "keys": _keys,
    "map": _map,
    "gateway": _gateway,
    "install": add_install_parser,
}


def _only(words: list[str]) -> str:
    """The one subcommand that need be known: all must be where none is named rightly, to say which there are."""
    _, rest = _general(alone=True).parse_known_args(words)
    return "console" if not rest else rest[0] if rest[0] in _COMMANDS else ""


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
        made = parser(_only(words))
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
