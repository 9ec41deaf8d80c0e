"""What must be there before Qt starts: on Linux, Qt aborts without a word when a system library is missing."""

import os
import sys

from console.system_libraries import EVERYTHING, PROGRAM, WAYLAND, X11, in_a_shell, lacking, ways_to_install
from db.errors import Invalid


def missing_libraries() -> list[str]:
    """The system libraries that a window on this screen needs and this computer lacks."""
    if not sys.platform.startswith("linux"):
        return []
    return lacking(PROGRAM | _of_the_screen())


def _of_the_screen() -> dict[str, str]:
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if platform.startswith("xcb") or (not platform and os.environ.get("DISPLAY")):
        return X11
    if platform.startswith("wayland") or (not platform and os.environ.get("WAYLAND_DISPLAY")):
        return WAYLAND
    return {}


def require_libraries() -> None:
    """Refuse to start Qt on a computer that lacks a library.

    Raises:
        Invalid: names all that are missing, by the packages that hold them.
    """
    if missing_libraries():
        # All that any screen and the sound need: one round of installing, not one for each surprise.
        raise lack_of(lacking(EVERYTHING))


def lack_of(libraries: list[str]) -> Invalid:
    """Say that libraries are missing, and how to get them all at once."""
    commands = ways_to_install(libraries)
    if not commands:
        return Invalid(
            f"This computer lacks system libraries that the program needs: {', '.join(libraries)}.",
            "Install the packages that hold them.",
        )
    return Invalid(
        "This computer lacks system libraries that the program needs.",
        f"Install them: {in_a_shell(commands, '' if is_administrator() else 'sudo ')}",
    )


def is_administrator() -> bool:
    """Whether this user may install packages without being asked for a password; never on Windows."""
    return sys.platform != "win32" and os.geteuid() == 0


def allow_root() -> None:
    """Let the web engine run as root, which it does only without its sandbox. Call before Qt is imported.

    Workstations are no place for root, but containers and test machines know nobody else; the only page that it
    shows is our own, and nothing from outside comes into it.
    """
    if sys.platform.startswith("linux") and is_administrator():
        os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")


def has_screen() -> bool:
    """Whether a window would be seen by somebody."""
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if platform in {"offscreen", "minimal"}:
        return False
    return not sys.platform.startswith("linux") or bool(
        platform or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )


def require_screen() -> None:
    """Refuse to start where there is no screen, which Qt answers with an abort.

    Raises:
        Invalid: says what to do.
    """
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise Invalid("There is no screen to open a window on.", "Start it from a desktop session.")
