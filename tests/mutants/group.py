"""Files, and the tests that answer for them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

PAGES: Final = Path(__file__).parents[1] / "gui" / "said" / "pages"
SAID: Final = "tests/gui/test_said.py::test_what_it_says_and_does"


@dataclass(frozen=True)
class Group:
    """Files, and the tests that must notice what is made wrong in them. Both are glob patterns from the root.

    A test may be one of a file by its name, behind ``::``.
    """

    files: tuple[str, ...]
    tests: tuple[str, ...]


def in_folder(folder: str, *names: str) -> tuple[str, ...]:
    """Modules of a folder; a name may be a pattern."""
    return tuple(f"{folder}/{name}.py" for name in names)


def unit(*names: str) -> tuple[str, ...]:
    """Tests of pure things."""
    return in_folder("tests/unit", *(f"test_{name}" for name in names))


def db(*names: str) -> tuple[str, ...]:
    """Tests with a record."""
    return in_folder("tests/db", *(f"test_{name}" for name in names))


def gui(*names: str) -> tuple[str, ...]:
    """Tests with widgets."""
    return in_folder("tests/gui", *(f"test_{name}" for name in names))


def domain(*names: str) -> tuple[str, ...]:
    """Modules of the domain."""
    return in_folder("db/domain", *names)


def said(*views: str) -> tuple[str, ...]:
    """What views say and do, against their pages; of those that have one."""
    return tuple(f"{SAID}[{view}]" for view in views if (PAGES / f"{view}.txt").exists())
