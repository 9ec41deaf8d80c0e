"""What is made wrong in Python: each operator looks at one node of the syntax tree."""

import ast
from collections.abc import Callable, Iterator
from itertools import accumulate

from tests.mutants.change import Change, change

FLIPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
EDGE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}
# What is said to a log, and what types say, is not behaviour.
UNTOLD = ("log.", "logger.", "logging.", "warnings.")
# These of Qt do nothing: passing on to them is good manners, and nobody can see that it is left out.
BARE = {"QWidget", "QFrame"}
DOES_NOTHING = {"resizeEvent", "moveEvent", "showEvent", "hideEvent"}
Wrong = tuple[ast.AST, str, str]
"""The node whose text goes, what comes, and the verb."""


def changes(file: str, text: str) -> list[Change]:
    """Every change that the operators know for a module, in the order of the text."""
    tree = ast.parse(text)
    starts = [0, *accumulate(len(line) for line in text.splitlines(keepends=True))]
    lines = text.splitlines(keepends=True)

    def place(row: int, column: int) -> int:
        # ast counts bytes.
        return starts[row - 1] + len(lines[row - 1].encode()[:column].decode())

    found = []
    manners = set(_manners(tree))
    for node in _behaviour(tree):
        for operator in OPERATORS if node not in manners else ():
            for where, new, verb in operator(node):
                start = place(where.lineno, where.col_offset)  # type: ignore[attr-defined] # expressions, statements
                end = place(where.end_lineno, where.end_col_offset)  # type: ignore[attr-defined] # the same
                found.append(change(file, text, start, end, new, verb))
    return sorted(set(found))


def _behaviour(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes below one that do something: no annotations, decorators, docstrings or texts of logs.

    Nodes inside an f-string have no place of their own before Python 3.12.
    """
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "type_params", "bases"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or isinstance(child, ast.JoinedStr) or _untold(child):
                continue
            if isinstance(child, ast.keyword) and child.arg == "strict":
                continue  # zip's guard against our own slips: nothing follows from it
            yield child
            yield from _behaviour(child)


def _manners(tree: ast.AST) -> Iterator[ast.AST]:
    """What a plain widget passes on to Qt, where Qt does nothing with it."""
    for made in ast.walk(tree):
        if isinstance(made, ast.ClassDef) and made.bases and {ast.unparse(base) for base in made.bases} <= BARE:
            for node in ast.walk(made):
                if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
                    where, _, name = ast.unparse(node.value.func).rpartition(".")
                    if where == "super()" and name in DOES_NOTHING:
                        yield node


def _untold(node: ast.AST) -> bool:
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    if isinstance(node, ast.ClassDef) and any(ast.unparse(base).startswith("Protocol") for base in node.bases):
        return True  # what others do; nothing of it runs
    return isinstance(node, ast.Expr) and ast.unparse(node).lower().startswith(UNTOLD)


def _source(node: ast.AST) -> str:
    return f"({ast.unparse(node)})"


def _comparison(node: ast.AST) -> Iterator[Wrong]:
    if not isinstance(node, ast.Compare) or len(node.ops) != 1:
        return
    sides = (node.left, node.comparators[0])
    kind = type(node.ops[0])

    def made(other: type[ast.cmpop]) -> str:
        return _source(ast.Compare(sides[0], [other()], [sides[1]]))

    yield node, made(FLIPPED[kind]), "comparison flipped"
    if kind in EDGE and any(isinstance(side, ast.Constant) for side in sides):
        yield node, made(EDGE[kind]), "edge moved"


def _condition(node: ast.AST) -> Iterator[Wrong]:
    if isinstance(node, ast.BoolOp):
        for dropped in node.values:
            rest = [value for value in node.values if value is not dropped]
            made = rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
            yield node, _source(made), f"condition dropped ({ast.unparse(dropped)[:50]})"
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node, _source(node.operand), "not dropped"
    elif isinstance(node, ast.comprehension):
        for test in node.ifs:
            yield test, "True", "filter dropped"


def _negation(node: ast.AST) -> Iterator[Wrong]:
    if isinstance(node, ast.If | ast.IfExp) and not isinstance(node.test, ast.Compare | ast.UnaryOp):
        yield node.test, f"(not {_source(node.test)})", "negated"


def _statement(node: ast.AST) -> Iterator[Wrong]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.Await):
        yield node, "pass", "await dropped" if isinstance(node.value, ast.Await) else "call dropped"
    elif isinstance(node, ast.Raise):
        yield node, "pass", "raise dropped"
    elif isinstance(node, ast.AugAssign) or (
        isinstance(node, ast.Assign) and not isinstance(node.targets[0], ast.Name | ast.Tuple)
    ):
        yield node, "pass", "statement dropped"
    elif isinstance(node, ast.Return) and node.value is None:
        yield node, "pass", "return dropped"


def _early_return(node: ast.AST) -> Iterator[Wrong]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("__"):
        for child in node.body:
            if isinstance(child, ast.If) and not child.orelse and isinstance(child.body[-1], ast.Return):
                yield child, "pass", "early return dropped"


def _constant(node: ast.AST) -> Iterator[Wrong]:
    if isinstance(node, ast.Assign | ast.AnnAssign) and _is_limit(node) and node.value is not None:
        limit = ast.unparse(node.value)
        # Ten times nought is nought.
        yield from [(node.value, f"{limit} * 10", "limit moved")] if limit != "0" else ()
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield node, str(not node.value), "constant swapped"
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield node, repr(node.value + 1), "constant swapped"
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        other = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
        if not any(
            isinstance(part, ast.Constant | ast.JoinedStr) and not _is_number(part) for part in ast.walk(node)
        ):
            yield node, _source(ast.BinOp(node.left, other, node.right)), "sum swapped"


def _is_limit(node: ast.Assign | ast.AnnAssign) -> bool:
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    return isinstance(target, ast.Name) and target.id.isupper() and _is_number(node.value)


def _is_number(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float)


OPERATORS: tuple[Callable[[ast.AST], Iterator[Wrong]], ...] = (
    _comparison,
    _condition,
    _negation,
    _statement,
    _early_return,
    _constant,
)
