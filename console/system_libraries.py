"""The shared libraries that the program's own files look for on Linux, and who brings them.

A test walks the files of the installed packages and keeps these tables whole; another asks Debian's own records
which package holds what. Standard library only: this is read before anything is installed.
"""

import ctypes
import shlex
import shutil
from collections.abc import Iterable

PROGRAM = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libXcomposite.so.1": "libxcomposite1",
    "libXdamage.so.1": "libxdamage1",
    "libXext.so.6": "libxext6",
    "libXfixes.so.3": "libxfixes3",
    "libXrandr.so.2": "libxrandr2",
    "libXtst.so.6": "libxtst6",
    "libasound.so.2": "libasound2t64 | libasound2",
    "libbrotlicommon.so.1": "libbrotli1",
    "libbrotlidec.so.1": "libbrotli1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libexpat.so.1": "libexpat1",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libgbm.so.1": "libgbm1",
    "libgcc_s.so.1": "libgcc-s1",
    "libglib-2.0.so.0": "libglib2.0-0t64 | libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libgthread-2.0.so.0": "libglib2.0-0t64 | libglib2.0-0",
    "libnspr4.so": "libnspr4",
    "libnss3.so": "libnss3",
    "libnssutil3.so": "libnss3",
    "libsmime3.so": "libnss3",
    "libstdc++.so.6": "libstdc++6",
    "libudev.so.1": "libudev1",
    "libxcb-dri3.so.0": "libxcb-dri3-0",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbfile.so.1": "libxkbfile1",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
"""What every start needs, offscreen too: the library's name, and its Debian package. A bar parts the name of
Debian 13 and Ubuntu 24.04 from the one before."""

X11 = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""What a window on an X screen needs besides."""

WAYLAND = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
"""What a window on a Wayland screen without X needs besides."""

SOUND = {
    "libbz2.so.1": "libbz2-1.0",
    "libdrm.so.2": "libdrm2",
    "libpulse.so.0": "libpulse0",
}
"""What the tones need. Without it the console is silent and says so."""

EVERYTHING = PROGRAM | X11 | WAYLAND | SOUND


def lacking(libraries: Iterable[str]) -> list[str]:
    """Those that this computer cannot load."""
    return [library for library in libraries if not _loads(library)]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def ways_to_install(libraries: Iterable[str], also: Iterable[str] = ()) -> list[list[str]]:
    """The commands of this computer's package manager, for an administrator, in order.

    Args:
        libraries: of the tables above.
        also: Debian packages that are wanted besides.

    Returns:
        The commands, word by word; none where the package manager is not one of those we know.
    """
    if shutil.which("apt-get"):
        packages = dict.fromkeys([*(EVERYTHING[library] for library in libraries), *also])
        # Not `install`: it knows no "either of these", and refuses the old name of a package that has a new one.
        satisfy = ["apt-get", "satisfy", "-y", "-q", "--no-install-recommends", ", ".join(packages)]
        return [["apt-get", "update", "-q"], satisfy]
    for manager in ("dnf", "zypper"):
        if shutil.which(manager):
            # An RPM says itself which libraries it holds, so its name need not be known.
            return [[manager, "install", "-y", *(f"{library}()(64bit)" for library in libraries)]]
    return []


def in_a_shell(commands: Iterable[list[str]], before: str = "") -> str:
    """Commands as a person types them, each after the words ``before``."""
    return " && ".join(f"{before}{shlex.join(command)}" for command in commands)
