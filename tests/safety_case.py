"""The safety case in ``docs/safety``, read without running anything: hazards, the tests they name, the marks."""

import ast
import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SAFETY = ROOT / "docs" / "safety"
TOOLS = SAFETY / "tool-versions.toml"
NOT_SCORED = "TBC"
_FRONT = re.compile(r"\A\+\+\+\n(.*?)^\+\+\+\n", re.DOTALL | re.MULTILINE)
_NEVER_RUN = {"bench", "long", "skip", "xfail", "skipif"}


@dataclass(frozen=True, slots=True)
class Control:
    """What keeps a hazard from doing harm.

    Attributes:
        what: in a sentence.
        where: a file of the program, or ``cru.name`` for what the record holds.
        tests: node ids, such as ``tests/db/test_story.py::test_taken_to_closed``.
    """

    what: str
    where: str
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hazard:
    """A file of ``docs/safety/hazards``. Severity and likelihood are ``TBC`` until somebody signs a score."""

    id: str
    title: str
    cause: str
    effect: str
    harm: str
    severity: str
    likelihood: str
    transferred: str
    known_faults: tuple[str, ...]
    reviewers: tuple[str, ...]
    signature: str
    signed_on: str
    controls: tuple[Control, ...]

    @property
    def tests(self) -> set[str]:
        """All tests that prove one of its controls."""
        return {test for control in self.controls for test in control.tests}

    @property
    def is_scored(self) -> bool:
        """Whether somebody put a score in."""
        return {self.severity, self.likelihood} != {NOT_SCORED}


def read_hazard(text: str) -> Hazard:
    """A hazard from its file's text; raises ValueError, KeyError or TypeError for what is none."""
    front = _FRONT.match(text)
    if front is None:
        raise ValueError("a hazard begins with front matter between lines of +++")
    given = tomllib.loads(front[1])
    controls = tuple(Control(one["what"], one["where"], tuple(one["tests"])) for one in given.pop("control"))
    lists = {name: tuple(given.pop(name)) for name in ("known_faults", "reviewers")}
    return Hazard(**given, **lists, controls=controls)


@cache
def hazards() -> tuple[Hazard, ...]:
    """All hazards, by their number."""
    return tuple(read_hazard(file.read_text("utf-8")) for file in sorted((SAFETY / "hazards").glob("H-*.md")))


# --- tests and marks ---


@dataclass(frozen=True, slots=True)
class Found:
    """A test function: the hazards that its marks name, and whether a usual run leaves it out."""

    hazards: frozenset[str]
    left_out: bool


@cache
def found_tests() -> Mapping[str, Found]:
    """Every test in the tree by its node id, without the brackets of parameters; read and not run."""
    return {
        node: test
        for file in sorted((ROOT / "tests").rglob("test_*.py"))
        for node, test in functions_of(file.relative_to(ROOT).as_posix(), file.read_text("utf-8"))
    }


def functions_of(path: str, source: str) -> Iterator[tuple[str, Found]]:
    """The tests of one module."""
    tree = ast.parse(source)
    whole = _whole_module_left_out(tree)
    for holder, prefix in [(tree, path), *((one, f"{path}::{one.name}") for one in _classes(tree))]:
        for node in holder.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                marks = [_mark(one) for one in node.decorator_list]
                named = frozenset(hazard for name, args in marks if name == "hazard" for hazard in args)
                left = whole or any(name in _NEVER_RUN for name, _ in marks)
                yield f"{prefix}::{node.name}", Found(named, left)


def _classes(tree: ast.Module) -> list[ast.ClassDef]:
    return [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name.startswith("Test")]


def _mark(node: ast.expr) -> tuple[str, tuple[str, ...]]:
    call = node if isinstance(node, ast.Call) else None
    name = ast.unparse(call.func if call else node)
    args = tuple(str(one.value) for one in (call.args if call else ()) if isinstance(one, ast.Constant))
    return name.removeprefix("pytest.mark."), args


def _whole_module_left_out(tree: ast.Module) -> bool:
    for node in tree.body:
        text = ast.unparse(node) if isinstance(node, ast.Expr | ast.Assign) else ""
        if text.startswith("pytestmark") and any(f"mark.{name}" in text for name in _NEVER_RUN):
            return True
        if "importorskip(" in text or "allow_module_level" in text:
            return True
    return False


# --- the texts of screening tools ---


def shipped_tools() -> dict[int, Any]:
    """What each shipped version asks, watches and weighs, as it stands in the reference files."""
    folder = ROOT / "resources" / "reference"
    rows = tomllib.loads((folder / "northamptonshire.toml").read_text("utf-8"))
    found = {
        one["version"]: [row for row in rows["screening_item"] if row.get("tool_version", 1) == one["version"]]
        for one in rows["screening_tool"]
    }
    for file in sorted(folder.glob("screening/version-*.toml")):
        own = tomllib.loads(file.read_text("utf-8"))
        found[own["version"]] = {name: own.get(name, []) for name in ("item", "limit", "band")}
    return found


def fingerprint(asked: object) -> str:
    """Of everything that a version says, whatever the order of its fields."""
    return hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()


def known_tools() -> dict[int, str]:
    """The fingerprints that are kept in the repository, by version."""
    return {one["version"]: one["sha256"] for one in tomllib.loads(TOOLS.read_text("utf-8")).get("tool", [])}


def known_faults() -> dict[str, set[str]]:
    """The faults that ``docs/safety/known-faults.md`` lists, with the hazards that each belongs to."""
    text = (SAFETY / "known-faults.md").read_text("utf-8")
    rows = re.findall(r"^\| (KF-\d+) \|[^|]*\|([^|]*)\|", text, re.MULTILINE)
    return {fault: set(re.findall(r"H-\d+", told)) for fault, told in rows}


def kept_in_the_record() -> str:
    """What the record's own functions and tables are written in."""
    files = [file for kind in ("*.sql", "*.py") for file in (ROOT / "db").rglob(kind)]
    return "\n".join(file.read_text("utf-8") for file in files)
