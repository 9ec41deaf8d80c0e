"""What the libraries bring and the console never opens: taken away after an installation.

Only whole kinds of things go, by the folder in which Qt and SciPy themselves keep them: tools for programmers,
other languages than English, descriptions for compilers, QML (the console is of widgets), and SciPy's own tests.
That is a seventh of it all. Libraries stay, used or not: one loads another by its name.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_TOOLS: Final = (
    *("assistant", "balsam", "balsamui", "designer", "linguist", "lrelease", "lupdate"),
    *("qmlformat", "qmllint", "qmlls", "qsb", "svgtoqml"),
)
_ENDINGS: Final = ("", ".exe", ".app")
# On Windows Qt lies in the package's own folder.
_QT: Final = ("PySide6/Qt", "PySide6")
_OF_QT: Final = (
    "metatypes",
    "qml",
    "plugins/designer",
    "plugins/qmllint",
    "plugins/qmltooling",
    "translations/*.qm",
)
_OF_PYSIDE: Final = ("doc", "glue", "include", "typesystems")
_LOCALES: Final = "translations/qtwebengine_locales"
_SPOKEN: Final = "en"


def trim(packages: Path) -> int:
    """Take away what is never opened. Returns the bytes that this gave back; 0 the next time.

    Args:
        packages: the environment's ``site-packages``.
    """
    freed = 0
    for path in sorted(set(_left_out(packages))):
        freed += sum(file.stat().st_size for file in [path, *path.rglob("*")] if file.is_file())
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return freed


def _left_out(packages: Path) -> Iterator[Path]:
    for qt in _QT:
        for name in _OF_QT:
            yield from (packages / qt).glob(name)
        for locale in (packages / qt / _LOCALES).glob("*.pak"):
            if locale.stem.partition("-")[0] != _SPOKEN:
                yield locale
    for name in _OF_PYSIDE:
        yield from (packages / "PySide6").glob(name)
    for tool in _TOOLS:
        yield from (path for ending in _ENDINGS if (path := packages / "PySide6" / f"{tool}{ending}").exists())
    for tests in (packages / "scipy").rglob("tests"):
        # Tests within tests go with them.
        if tests.is_dir() and "tests" not in tests.relative_to(packages).parts[:-1]:
            yield tests
