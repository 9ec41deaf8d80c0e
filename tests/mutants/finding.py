"""What can be made wrong in an area, and the tests that answer for it."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.mutants import python, sql
from tests.mutants.areas import AREAS
from tests.mutants.change import Change
from tests.mutants.equal import is_equal
from tests.mutants.group import Group

MADE_OR_DROPPED = re.compile(
    r"(?:CREATE|CREATE OR REPLACE|DROP) FUNCTION(?: IF EXISTS)? (cru\.\w+(?:[^;$]*?,\s+cru\.\w+\()*)"
)
FUNCTION = re.compile(r"(cru\.\w+)")
# What looks at every view, and at all that opens over the desk, answers for each: last, since it takes long.
VIEWS = "console/views/"
LOOKS_AT_ALL = ("tests/gui/test_sizes.py",)
# A pixel more or less is no rule: numbers are left alone in files that only paint. What they draw is not.
PAINTS = (
    *("console/timeline/drawing.py", "console/timeline/legend.py", "console/timeline/canvas.py"),
    *(
        "console/views/vans/row.py",
        "console/views/board/row.py",
        "console/views/rota/canvas.py",
        "console/views/rota/drawing.py",
    ),
    *("console/timeline/strokes.py", "console/charts/painting.py", "console/views/wall/canvas.py"),
    *("console/views/lead/layout.py", "console/views/lead/figure.py"),
)
FEW = 4
"""So many tests with widgets or a record name a module, and no more: then each of them answers for it."""
# The quick ones first: the first test that fails ends a trial.
ROOMS = ("unit", "db", "gui", "e2e")
# So is the space around and between widgets, and a length that a theme makes larger.
SPACE = re.compile(r"\.set(?:ContentsMargins|Spacing|HorizontalSpacing|VerticalSpacing)\([^()]*\)$")
# How smooth the edges are of what is drawn.
SMOOTH = re.compile(r"\.setRenderHint\([^()]*\)$")
LENGTH = re.compile(r"\bpx\(\d+\)")
# A limit that says of itself that it counts pixels: ten times as many is another thing.
PIXELS_OF = re.compile(r'[^\n]*\n"""Pixels\b')
# The share of its page that a column of a report has.
COLUMN = re.compile(r"\bwide=[\d.]+|^\s*\(?(?:at|by|words|Column)?\(?\".*, [\d.]+\),?$")
# How widgets share the room that is left over; a picture shows it.
SHARE = re.compile(
    r"\bfor \w+, share in |\.add(?:Widget|Layout)\([^(),]+, \d+\)$|\.addStretch\(\d*\)$|Stretch(?:Factor)?\(.*\)$"
)
# What a window is opened at is kept by whoever makes it larger.
FIRST_SIZE = re.compile(r'super\(\)\.__init__\((?:desk, )?"[^"]*", \d+, \d+\)$')
PIXELS = ("constant swapped", "sum swapped", "limit moved", "edge moved")


def found(root: Path, area: str) -> Iterator[tuple[Change, Group]]:
    """Every change of an area, with the group that answers for it."""
    last = _last_homes(root)
    for group in AREAS[area]:
        for file in _matching(root, group.files):
            text = (root / file).read_text("utf-8")
            made = sql.changes(file, text) if file.endswith(".sql") else python.changes(file, text)
            left = (
                change
                for change in made
                if not (_is_replaced(change, text, last) or _is_a_pixel(change, text) or is_equal(change, text))
            )
            yield from ((change, group) for change in left)


def answering(root: Path, group: Group, file: str = "") -> list[str]:
    """The test files of a group, those of others that name the file, and what looks at every view.

    Of others all that are pure, and those with widgets or a record where there are but a few of them.

    The quick ones first, of those the ones that name it, then in the group's order.
    """
    is_python = file.endswith(".py")
    others = _matching(root, ("tests/unit/test_*.py", "tests/db/test_*.py", "tests/gui/test_*.py"))
    named = [test for test in group.tests if "::" in test]
    listed = [*named, *_matching(root, tuple(test for test in group.tests if test not in named))]
    # One that is named by itself was chosen for its files.
    names = {test: test in named or (is_python and _names(root / test, file)) for test in [*listed, *others]}
    dear = [test for test, is_named in names.items() if is_named and not test.startswith("tests/unit/")]
    left_out = set(dear) - set(listed) if len(dear) > FEW else set()
    tests = [test for test, is_named in names.items() if test in listed or (is_named and test not in left_out)]
    last = [test for test in LOOKS_AT_ALL if file.startswith(VIEWS) and test not in tests]
    return [*sorted(tests, key=lambda test: (ROOMS.index(test.split("/")[1]), not names[test])), *last]


def _names(test: Path, file: str) -> bool:
    """Whether a test imports a module, by its whole name or from its package."""
    text, module = _read(test), file.removesuffix(".py").replace("/", ".")
    package, _, name = module.rpartition(".")
    if name not in text:
        return False
    out_of = rf"from {re.escape(package)} import (?:\([^)]*|[^(\n]*)\b{name}\b"
    return re.search(rf"\b{re.escape(module)}\b|{out_of}", text) is not None


@cache
def _read(test: Path) -> str:
    return test.read_text("utf-8")


def _matching(root: Path, patterns: tuple[str, ...]) -> list[str]:
    files = (file.relative_to(root).as_posix() for pattern in patterns for file in sorted(root.glob(pattern)))
    return list(dict.fromkeys(files))


def _is_a_pixel(change: Change, text: str) -> bool:
    rest = text[text.rfind("\n", 0, change.start) + 1 :]
    line, is_swapped = rest.partition("\n")[0], change.what.startswith("constant swapped")
    if change.file.startswith("db/reports/"):
        return is_swapped and COLUMN.search(line) is not None
    if not change.file.startswith("console/"):
        return False
    is_long = LENGTH.search(line) is not None or FIRST_SIZE.search(line) is not None
    shares = is_swapped and (SHARE.search(line) is not None or PIXELS_OF.match(rest) is not None)
    is_look = any(pattern.search(line) for pattern in (SPACE, SMOOTH))
    measures = is_look or shares or (change.what.startswith(PIXELS) and is_long)
    return measures or (change.file in PAINTS and change.what.startswith(PIXELS))


@cache
def _last_homes(root: Path) -> dict[str, str]:
    """Where each function of the record is made for the last time; where it is dropped after that."""
    homes: dict[str, str] = {}
    for file in _matching(root, ("db/migrations/sql/*/*.sql",)):
        for names in MADE_OR_DROPPED.findall((root / file).read_text("utf-8")):
            homes |= dict.fromkeys(FUNCTION.findall(names), file)
    return homes


def _is_replaced(change: Change, text: str, last: dict[str, str]) -> bool:
    """Whether a later revision makes this function anew, or drops it: nobody could see the change."""
    begin = max(text.rfind(f"{words} FUNCTION cru.", 0, change.start + 1) for words in ("CREATE", "OR REPLACE"))
    named = FUNCTION.search(text, begin) if begin >= 0 else None
    if named is None or change.start > text.find("$$;", text.find("$$", begin) + 2):
        return False
    return last.get(named.group(1)) != change.file
