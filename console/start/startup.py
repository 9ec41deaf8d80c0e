"""The commands that open a window: ``console`` and ``exercise``."""

import argparse
import logging
import logging.handlers
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from console.start import settings as console_settings
from console.start.heap import give_large_blocks_back
from console.start.imports import hasten
from console.start.preflight import allow_root, has_screen, missing_libraries, require_libraries, require_screen
from console.start.settings import Settings
from db.errors import Invalid, RecordError

log = logging.getLogger("console")
_LOG_BYTES = 2_000_000


def add_console_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``console``, which is also what happens without a command."""
    parser = subparsers.add_parser("console", help="open the console (what happens without a command)")
    parser.set_defaults(handler=open_console)


def add_exercise_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``exercise``: the practice shift, with the window beside it."""
    from db.exercise.cli import add_exercise_parser as add_headless

    add_headless(subparsers, with_window=_exercise_window)


def open_console(given: argparse.Namespace) -> int:
    """Open the console on the record of the settings. Returns the exit code."""

    def run_console() -> int:
        settings = read_settings(given)
        from console.start.app import run

        return run(settings)

    return _said_on_screen(run_console)


def open_wall_window(given: argparse.Namespace) -> int:
    """Open the wall on the record of the settings; it says that it lives. Returns the exit code."""

    def run_wall() -> int:
        settings = read_settings(given).model_copy(update={"wall": True})
        from console.start.app import run

        return run(settings)

    # Nobody is there to close a window that says what went wrong: it is started again.
    return _said_on_screen(run_wall, attended=False)


def _said_on_screen(work: Callable[[], int], *, attended: bool = True) -> int:
    """Do it; say a failure also in a window, for somebody who started it by its icon and has no terminal.

    Args:
        work: imports Qt, which is why libraries and screen are looked at first.
        attended: somebody is there to close such a window.
    """
    try:
        require_libraries()
        require_screen()
        allow_root()
        give_large_blocks_back()
        hasten()
        return work()
    except ImportError as error:
        raise missing_library(error) from error
    except RecordError as error:
        terminal = sys.stderr is not None and sys.stderr.isatty()
        if attended and not terminal and has_screen() and not missing_libraries():
            from console.start.app import show_failure

            show_failure(error)
        raise


def read_settings(given: argparse.Namespace) -> Settings:
    """The settings, with the log kept where they say.

    Raises:
        Invalid: the settings file cannot be read, or the data folder cannot be written.
    """
    settings = console_settings.load(data_dir=given.data_dir, map_pack=given.map_pack)
    keep_log(settings.data_dir)
    return settings


def keep_log(data_dir: Path) -> None:
    """Write warnings and worse to ``console.log`` in the data folder: what failed, never about whom."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            data_dir / "console.log", maxBytes=_LOG_BYTES, backupCount=3, encoding="utf-8"
        )
    except OSError as error:
        raise Invalid(
            f"The data folder {data_dir} cannot be written.", "Choose another with CRU_DATA_DIR."
        ) from error
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    handler.addFilter(_without_statements)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


# By the names of their rooms: asking the libraries themselves would load them before the window is there.
_DRIVERS = ("sqlalchemy.", "asyncpg.")


def _without_statements(entry: logging.LogRecord) -> bool:
    # A database error quotes the row that it refused, and the row may be about a person: keep its type only.
    error = entry.exc_info[1] if entry.exc_info else None
    if error is not None and any(_is_from_the_database(one) for one in _told_with(error)):
        entry.exc_info = None
        entry.msg = f"{entry.msg} (a database error; its words are left out)"
    return True


def _told_with(error: BaseException) -> Iterator[BaseException]:
    """An error and all that a log would print with it: what it came from, and the members of a group."""
    seen: dict[int, BaseException] = {}
    left = [error]
    while left:
        one = left.pop()
        if id(one) not in seen:
            seen[id(one)] = one
            members = one.exceptions if isinstance(one, BaseExceptionGroup) else ()
            left += [more for more in (one.__cause__, one.__context__, *members) if more is not None]
    yield from seen.values()


def _is_from_the_database(error: BaseException) -> bool:
    kinds = type(error).__mro__
    return isinstance(error, RecordError) or any(kind.__module__.startswith(_DRIVERS) for kind in kinds)


def missing_library(error: ImportError) -> RecordError:
    """An import that failed, as a sentence."""
    log.error("import failed: %s", error.name or error.msg)
    if sys.platform.startswith("linux") and ".so" in (error.msg or ""):
        return Invalid(
            f"A system library is missing: {error.msg.partition(':')[0]}.", "Install the package that holds it."
        )
    return Invalid(f"A part of the program is missing: {error.name or error.msg}.", "Install the program again.")


def _exercise_window(given: argparse.Namespace) -> int:
    def run_exercise() -> int:
        settings = read_settings(given)
        from console.start.exercise import run_with_window

        return run_with_window(settings, given)

    return _said_on_screen(run_exercise, attended=given.run_for is None)
