"""Every text that the screen can show, and the table of words that it does not use (``words.toml``)."""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import resources
from db.admin.wording import TABLE
from db.domain.wording import Listed, found_in, listed

ROOT = Path(__file__).resolve().parents[1]
# Columns and fields that programs go by, and what callers say, which is matched and never shown of itself.
_CODES = frozenset(
    {"code", "key", "triage_scale", "default_priority", "unit", "watch_words", "sources", "outcomes"}
)
# How a page is drawn, what no person reads, and the tables' own SQL.
_NOT_SHOWN = ("db/migrations/", "db/tables/acts.py", "db/tables/record.py", "db/geo/")
# The grammar of the reader of narratives: what callers write must be known, and none of it is ever written.
_READERS = (
    *("negation", "cues", "cue_phrases", "idioms", "phrases", "needs_phrases", "entries", "said"),
    *("real_words", "real_sounds", "sounding", "spelling"),
)
_READS = frozenset(f"db/domain/{name}.py" for name in _READERS)
_JS_STRING = re.compile(r"""(?<!\\)(["'`])((?:\\.|(?!\1).)*)\1""")
_SQL = re.compile(r"\s*(?:SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|GRANT)\b")
_SQL_STRING = re.compile(r"'((?:[^']|'')*)'")


@dataclass(frozen=True, slots=True)
class Text:
    """One text, and where it stands: a file below the root, or a place in the record."""

    where: str
    words: str


@cache
def table() -> dict[str, Any]:
    """The shipped table of words."""
    return tomllib.loads(resources.path(TABLE).read_text("utf-8"))


@cache
def words() -> tuple[Listed, ...]:
    """Its words, one by one."""
    return listed(table()["word"])


def wrong_in(text: Text) -> Iterator[Listed]:
    """The listed words that a text uses."""
    return found_in(text.words, words())


def every() -> Iterator[Text]:
    """What the program can put on the screen of itself: its code, its reference data, the map's page."""
    for folder in ("console", "db"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            where = file.relative_to(ROOT).as_posix()
            if not where.startswith(_NOT_SHOWN) and where not in _READS:
                found = literals(file.read_text("utf-8"))
                yield from (Text(where, words) for words in found if not _SQL.match(words))
    yield from (Text("main.py", words) for words in literals((ROOT / "main.py").read_text("utf-8")))
    for file in sorted((ROOT / "resources").rglob("*.toml")):
        if file != resources.path(TABLE):
            where = file.relative_to(ROOT).as_posix()
            yield from (Text(where, words) for words in values(tomllib.loads(file.read_text("utf-8"))))
    for file in sorted((ROOT / "resources").rglob("*.js")):
        where = file.relative_to(ROOT).as_posix()
        yield from (Text(where, found[2]) for found in _JS_STRING.finditer(file.read_text("utf-8")))


def literals(source: str) -> Iterator[str]:
    """The texts of a module: no docstrings, no names of columns; an f-string is one, with … for its values."""
    tree = ast.parse(source)
    passed = {id(part) for node in ast.walk(tree) for part in _documentation(node)}
    for node in ast.walk(tree):
        if id(node) in passed:
            continue
        if isinstance(node, ast.JoinedStr):
            passed |= {id(part) for part in node.values}
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and not _is_name(node.value):
            yield node.value


def _documentation(node: ast.AST) -> Iterator[ast.AST]:
    body = getattr(node, "body", None)
    if isinstance(body, list):
        yield from (one.value for one in body if isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))


def _is_name(text: str) -> bool:
    return "_" in text and text.isidentifier()


def values(data: object) -> Iterator[str]:
    """The texts of a reference file, without the codes."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for name, value in data.items():
            if name not in _CODES:
                yield from values(value)
    elif isinstance(data, list):
        for value in data:
            yield from values(value)


def sql_literals(source: str) -> Iterator[str]:
    """The texts in a function of the record, or in a constraint."""
    without_comments = re.sub(r"--[^\n]*", "", source)
    yield from (text.replace("''", "'") for text in _SQL_STRING.findall(without_comments) if not _is_name(text))
