"""Rules of the house that no other tool knows."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = sorted(file for folder in ("console", "db", "resources") for file in (ROOT / folder).rglob("*.py"))
TESTS = sorted(file for file in (ROOT / "tests").rglob("test_*.py") if "bench" not in file.parts)
LONGEST = 400


def calls(file: Path) -> Iterator[tuple[str, ast.Call]]:
    """The dotted names of what a module calls."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def test_nothing_blocks_the_screen() -> None:
    for file in PRODUCT:
        for name, _ in calls(file):
            last = name.rpartition(".")[2]
            assert last not in {"exec", "exec_", "processEvents"}, f"{file}: {name} starts a loop of its own"
            assert name not in {"time.sleep", "sleep"}, f"{file}: {name} stands still"


def test_rooms_are_small() -> None:
    rooms = {file: len(file.read_text("utf-8").splitlines()) for file in PRODUCT if "versions" not in file.parts}
    assert {file: lines for file, lines in rooms.items() if lines > LONGEST} == {}


def test_a_class_of_these_rooms_has_no_namesake() -> None:
    """Two classes of one name are taken for each other, in a search as in a conversation."""
    rooms = tuple(ROOT / "db" / room for room in ("exercise", "gateway", "geo"))
    homes: dict[str, list[Path]] = {}
    for file in PRODUCT:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                homes.setdefault(node.name, []).append(file)
    doubled = {name: files for name, files in homes.items() if len(files) > 1}
    assert not {
        name: files for name, files in doubled.items() if any(set(file.parents) & set(rooms) for file in files)
    }


def test_no_test_waits_a_fixed_time() -> None:
    for file in TESTS:
        for name, node in calls(file):
            last = name.rpartition(".")[2]
            fixed = bool(node.args) and isinstance(node.args[0], ast.Constant)
            assert not (last in {"wait", "qWait"} and fixed), f"{file}: {ast.unparse(node)} is a fixed wait"
            assert name != "time.sleep", f"{file}: a fixed wait"


def test_a_painter_is_left_as_it_was_found() -> None:
    # An exception between save and restore leaves a state too many, with which Qt crashes: paint.kept restores it.
    nets = {ROOT / "console" / "look" / name for name in ("paint.py", "guard.py")}
    for file in set(PRODUCT) - nets:
        for name, _ in calls(file):
            assert name not in {"painter.save", "painter.restore"}, f"{file}: {name}; use paint.kept"
