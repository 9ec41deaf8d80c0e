"""What this program is called where the record's administrator sees it, and which version it is."""

from functools import cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed

from db import migrate

CONSOLE = "cru-console"
FEED = f"{CONSOLE}-feed"
"""The connection that a console follows the record on, and keeps open while nobody does anything."""


@cache
def version() -> str:
    """The release and the schema that it was written for, such as ``0.1.0-0046``."""
    try:
        release = installed(CONSOLE)
    except PackageNotFoundError:
        # Run from where it lies, without having been installed.
        release = "source"
    return f"{release}-{migrate.newest()}"
