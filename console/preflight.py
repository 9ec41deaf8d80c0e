"""What must be there before Qt starts: on Linux, Qt aborts without a word when a system library is missing."""

import ctypes
import os
import sys

from db.errors import Invalid

_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libasound.so.2": "libasound2",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libgbm.so.1": "libgbm1",
    "libnss3.so": "libnss3",
    "libXcomposite.so.1": "libxcomposite1",
    "libXdamage.so.1": "libxdamage1",
    "libXrandr.so.2": "libxrandr2",
    "libXtst.so.6": "libxtst6",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbfile.so.1": "libxkbfile1",
}
_X11_ONLY = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
}


def missing_packages() -> list[str]:
    """Debian names of the system packages that the console needs and this computer lacks."""
    if not sys.platform.startswith("linux"):
        return []
    needed = dict(_LIBRARIES)
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if platform.startswith("xcb") or (not platform and os.environ.get("DISPLAY")):
        needed |= _X11_ONLY
    return [package for library, package in needed.items() if not _loads(library)]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def require_libraries() -> None:
    """Refuse to start Qt on a computer that lacks a library.

    Raises:
        Invalid: names the packages.
    """
    missing = missing_packages()
    if missing:
        raise Invalid(
            f"This computer lacks system packages that the window needs: {', '.join(missing)}.",
            f"Install them: sudo apt install {' '.join(missing)}",
        )


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
