"""The CRU console: the window, the practice shift, the owner's tools, the map tools and the gateway."""

import argparse
import sys
from pathlib import Path

from db.errors import RecordError


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
    for add in (add_console_parser, add_exercise_parser, add_admin_parser, add_map_parser, add_gateway_parser):
        add(subparsers)
    return made


def main(arguments: list[str] | None = None) -> int:
    """Run one subcommand. Returns the exit code; a failure is one sentence with a next step."""
    given = parser().parse_args(arguments)
    try:
        return int(given.handler(given))
    except RecordError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
