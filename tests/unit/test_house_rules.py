"""Rules of the house that no other tool knows."""

import ast
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = sorted(file for folder in ("console", "db", "resources") for file in (ROOT / folder).rglob("*.py"))
TESTS = sorted(file for file in (ROOT / "tests").rglob("test_*.py") if "bench" not in file.parts)
HELPERS = [file for room in ("unit", "db", "gui", "e2e") for file in (ROOT / "tests" / room).rglob("*.py")]
LONGEST = 400


def saying(files: Iterable[Path], *words: str) -> list[Path]:
    """The files in which one of these words stands: only they are worth taking apart."""
    return [file for file in files if any(word in file.read_text("utf-8") for word in words)]


def calls(file: Path) -> Iterator[tuple[str, ast.Call]]:
    """The dotted names of what a module calls."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def test_the_verifier_stands_alone() -> None:
    """Whoever does not trust the console reads these few files, and no other."""
    for file in (ROOT / "db" / "verifier").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or "." * node.level]
            for name in names:
                ours = name.startswith("db.verifier.")
                known = name.split(".")[0] in {*sys.stdlib_module_names, "cryptography"}
                assert ours or known, f"{file}: {name}"


def test_nothing_blocks_the_screen() -> None:
    for file in saying(PRODUCT, "exec", "processEvents", "sleep("):
        for name, _ in calls(file):
            last = name.rpartition(".")[2]
            assert last not in {"exec", "exec_", "processEvents"}, f"{file}: {name} starts a loop of its own"
            assert name not in {"time.sleep", "sleep"}, f"{file}: {name} stands still"


def test_a_hint_is_shown_by_its_own_function() -> None:
    """A hint that stands upright is taken for what somebody typed."""
    for file in saying(PRODUCT, "setPlaceholderText"):
        assert file == ROOT / "console" / "look" / "hints.py", f"{file}: use console.look.hints.hint"


def test_rooms_are_small() -> None:
    rooms = {file: len(file.read_text("utf-8").splitlines()) for file in PRODUCT if "versions" not in file.parts}
    assert {file: lines for file, lines in rooms.items() if lines > LONGEST} == {}


def test_no_class_has_a_namesake() -> None:
    """Two classes of one name are taken for each other, in a search as in a conversation."""
    homes: dict[str, list[str]] = {}
    for file in PRODUCT:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                homes.setdefault(node.name, []).append(str(file.relative_to(ROOT)))
    assert {name: files for name, files in homes.items() if len(files) > 1} == {}


def test_a_class_keeps_its_name_where_it_is_imported() -> None:
    """A search for the name then finds every place that uses it."""
    for file in PRODUCT:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("console", "db")):
                renamed = [name.name for name in node.names if name.asname and name.name.lstrip("_")[:1].isupper()]
                assert renamed == [], file


def test_no_test_waits_a_fixed_time() -> None:
    for file in saying(TESTS, "ait(", "sleep("):
        for name, node in calls(file):
            last = name.rpartition(".")[2]
            fixed = bool(node.args) and isinstance(node.args[0], ast.Constant)
            assert not (last in {"wait", "qWait"} and fixed), f"{file}: {ast.unparse(node)} is a fixed wait"
            assert name != "time.sleep", f"{file}: a fixed wait"
    for file in saying(sorted({*TESTS, *HELPERS}), "sleep("):
        assert [ast.unparse(node) for node in fixed_sleeps(ast.parse(file.read_text("utf-8")))] == [], file


def fixed_sleeps(node: ast.AST, loop: ast.AST | None = None) -> Iterator[ast.Call]:
    """Coroutines that sleep for a set time, such as ``asyncio.sleep(0.5)`` or ``sleep(2 * PAUSE)``.

    Two are none: ``sleep(0)`` gives others a turn, and the short pause of a loop that ends by what it looks at.
    """
    if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "sleep" and node.args:
        length = node.args[0]
        is_pause = loop is not None and _is_poll(loop) and _at_most(length, 0.1)
        if _is_set(length) and not _at_most(length, 0) and not is_pause:
            yield node
    if isinstance(node, ast.While | ast.For | ast.AsyncFor):
        loop = node
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        loop = None
    for child in ast.iter_child_nodes(node):
        yield from fixed_sleeps(child, loop)


def _is_set(length: ast.expr) -> bool:
    """Whether it is made of numbers and of names that stand for one."""
    if isinstance(length, ast.Name | ast.Attribute):
        return ast.unparse(length).rpartition(".")[2].isupper()
    if isinstance(length, ast.BinOp):
        return _is_set(length.left) and _is_set(length.right)
    return isinstance(length, ast.Constant)


def _at_most(length: ast.expr, seconds: float) -> bool:
    return isinstance(length, ast.Constant) and isinstance(length.value, int | float) and length.value <= seconds


def _is_poll(loop: ast.AST) -> bool:
    """A ``while`` that looks at something: in its head, or by leaving from its body."""
    leaves = any(isinstance(part, ast.Return | ast.Break) for part in ast.walk(loop))
    return isinstance(loop, ast.While) and (leaves or not isinstance(loop.test, ast.Constant))


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("await asyncio.sleep(0.5)", True),
        ("await sleep(1)", True),
        ("room.run(asyncio.sleep(0.01))", True),
        ("await asyncio.sleep(2 * hosts.PAUSE)", True),
        ("await asyncio.sleep(0)", False),
        ("await asyncio.sleep(seconds)", False),
        ("await asyncio.sleep(min(seconds, 0.5))", False),
        ("while not done():\n    await asyncio.sleep(0.01)", False),
        ("while not done():\n    await asyncio.sleep(2)", True),
        ("while True:\n    if done():\n        break\n    await asyncio.sleep(0.01)", False),
        ("while True:\n    await asyncio.sleep(0.01)", True),
        ("for _ in range(5):\n    await asyncio.sleep(0.01)", True),
        ("while not done():\n    async def f():\n        await asyncio.sleep(0.01)", True),
    ],
)
def test_the_rule_tells_a_fixed_wait_from_a_poll(text: str, fixed: bool) -> None:
    body = "async def test():\n" + "\n".join(f"    {line}" for line in text.splitlines())
    assert bool(list(fixed_sleeps(ast.parse(body)))) is fixed


def test_no_test_is_skipped_for_want_of_a_map_pack() -> None:
    for file in sorted({*TESTS, *HELPERS, *(ROOT / "tests").rglob("*.py")}):
        for name, node in calls(file):
            if name.rpartition(".")[2] in {"skip", "skipif"}:
                said = ast.unparse(node).lower()
                assert "pack" not in said, f"{file}: {said}; the county of tests/county.py serves"
    reads = {
        file.name
        for file in (ROOT / "tests").rglob("*.py")
        if "environ" in (text := file.read_text("utf-8")) and "CRU_TEST_MAP_PACK" in text
    }
    assert reads <= {"county.py", Path(__file__).name}


def test_a_painter_is_left_as_it_was_found() -> None:
    # An exception between save and restore leaves a state too many, with which Qt crashes: paint.kept restores it.
    nets = {ROOT / "console" / "look" / name for name in ("paint.py", "guard.py")}
    for file in saying(set(PRODUCT) - nets, "painter."):
        for name, _ in calls(file):
            assert name not in {"painter.save", "painter.restore"}, f"{file}: {name}; use paint.kept"


def test_a_layout_is_put_into_another_in_one_way() -> None:
    """By ``layouts.nest``, which says why; nor is one asked for its items."""
    kept = {ROOT / "console" / "look" / name for name in ("layouts.py", "flow.py")}
    for file in set(PRODUCT) - kept:
        for name, _ in calls(file):
            assert name.rpartition(".")[2] not in {"addLayout", "insertLayout", "setLayout", "itemAt", "takeAt"}, (
                f"{file}: {name}"
            )


def test_a_painter_ends_where_it_was_begun() -> None:
    """Whatever holds on to the frame that made one, a debugger or an error's traceback, would keep it painting."""
    for file in saying(PRODUCT, "Painter("):
        tree = ast.parse(file.read_text("utf-8"))
        held = {
            id(item.context_expr) for node in ast.walk(tree) if isinstance(node, ast.With) for item in node.items
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"QPainter", "QStylePainter"}:
                assert id(node) in held, f"{file}:{node.lineno}: use with"
