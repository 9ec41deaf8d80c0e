"""Lengths of time are told by one function, in Python and on the map's page."""

import ast
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtQml import QJSEngine

from db.domain.clocks import age_in_words, allowance_in_words

ROOT = Path(__file__).parents[2]
HOME = ROOT / "db/domain/clocks.py"
UNITS = (" min", " h ", " h\0", " d ", " days", " hours", " minutes")
AGES = (
    0,
    0.4,
    59.9,
    60,
    119.9,
    120,
    3599,
    3600,
    5400,
    5999,
    6000,
    86399,
    86400,
    90000,
    4 * 86400 + 3599,
    864000 - 1,
    864000,
    34560000,
)


def home_made(tree: ast.AST) -> Iterator[int]:
    """The lines in which a number is put before a unit of time by hand."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            for one, after in pairwise(node.values):
                text = after.value if isinstance(after, ast.Constant) else ""
                if isinstance(one, ast.FormattedValue) and f"{text}\0".startswith(UNITS):
                    yield node.lineno


def test_no_length_of_time_is_put_into_words_by_hand() -> None:
    sources = [path for room in ("console", "db") for path in (ROOT / room).rglob("*.py") if path != HOME]
    found = [f"{path.name}:{line}" for path in sources for line in home_made(ast.parse(path.read_text()))]
    assert found == []


@pytest.mark.parametrize("text", ['f"{n} min"', 'f"{h} h {m:02}"', 'f"late {h} h"', 'f"{d} days ago"'])
def test_what_is_put_into_words_by_hand_is_found(text: str) -> None:
    assert list(home_made(ast.parse(text)))


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(45, "45 min"), (60, "60 min"), (75, "75 min"), (120, "2 h"), (150, "2 h 30"), (240, "4 h"), (1440, "24 h")],
)
def test_what_a_rule_allows(minutes: int, words: str) -> None:
    assert allowance_in_words(minutes) == words


def test_the_map_tells_ages_as_the_console_does(qapp: QCoreApplication) -> None:
    engine = QJSEngine()
    engine.globalObject().setProperty("CRU", engine.newObject())
    loaded = engine.evaluate((ROOT / "resources/web/vans.js").read_text())
    assert not loaded.isError(), loaded.toString()
    told = [engine.evaluate(f"CRU.ageText({age})").toString() for age in AGES]
    assert told == [age_in_words(timedelta(seconds=age)) for age in AGES]
