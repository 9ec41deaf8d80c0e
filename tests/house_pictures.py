"""Draws the pictures of ``docs/`` from the code: ``python -m tests.house_pictures``.

``rooms.svg`` is what imports what; ``ways.svg`` is the one way in and the one way out. Both are made of names,
first lines of docstrings, imports and triggers as they are now, so that a picture never says what is no longer so.
"""

import ast
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
DOCS: Final = ROOT / "docs"
WIDE, HIGH, GAP, DROP = 196, 74, 18, 60
INK, LINE, PAPER = "#1f2933", "#7b8794", "#ffffff"
FILL: Final = {"console": "#e3edfb", "db": "#e8f3e6", "record": "#fbf0dc"}


@dataclass(frozen=True)
class Box:
    """A name, a line about it, and whose it is."""

    name: str
    about: str
    kind: str


@dataclass
class Drawing:
    """Boxes and arrows, as SVG that says the same each time."""

    width: int
    height: int
    arrows: list[str] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)

    def box(self, one: Box, x: int, y: int, wide: int = WIDE, high: int = HIGH) -> None:
        """A box with its name in bold and what it is below."""
        fill = FILL[one.kind]
        self.boxes.append(
            f'<rect x="{x}" y="{y}" width="{wide}" height="{high}" rx="5" fill="{fill}" stroke="{LINE}"/>'
        )
        self.words(x + 9, y + 18, one.name, 13, bold=True)
        for at, line in enumerate(textwrap.wrap(one.about, wide // 6 - 2, max_lines=3, placeholder=" …")):
            self.words(x + 9, y + 34 + 13 * at, line, 10.5)

    def words(self, x: int, y: int, text: str, size: float, *, bold: bool = False) -> None:
        """Plain words, from the left."""
        weight = ' font-weight="bold"' if bold else ""
        self.boxes.append(
            f'<text x="{x}" y="{y}" font-size="{size}"{weight} fill="{INK}">{escape(text, quote=False)}</text>'
        )

    def arrow(self, points: Sequence[tuple[float, float]], colour: str = LINE) -> None:
        """An arrow that leaves, passes and comes upright."""
        (x1, y1), *rest = points
        path = f"M{x1:.0f},{y1:.0f}"
        for x2, y2 in rest:
            bend = (y2 - y1) * 0.5
            path += f" C{x1:.0f},{y1 + bend:.0f} {x2:.0f},{y2 - bend:.0f} {x2:.0f},{y2:.0f}"
            x1, y1 = x2, y2
        self.arrows.append(f'<path d="{path}" stroke="{colour}" fill="none" marker-end="url(#tip)"/>')

    def svg(self) -> str:
        """The whole file."""
        tip = f'<path d="M0,0 L7,3.5 L0,7 z" fill="{LINE}"/>'
        size = f'viewBox="0 0 {self.width} {self.height}" width="{self.width}" height="{self.height}"'
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="DejaVu Sans, Verdana, sans-serif">\n'
            '<defs><marker id="tip" markerWidth="7" markerHeight="7" refX="7" refY="3.5" orient="auto">'
            f"{tip}</marker></defs>\n"
            f'<rect width="{self.width}" height="{self.height}" fill="{PAPER}"/>\n'
        )
        return head + "\n".join([*self.arrows, *self.boxes]) + "\n</svg>\n"


# --- the rooms ---

Rooms = Mapping[str, Box]
Edges = set[tuple[str, str]]


def rooms() -> Rooms:
    """The folders and single files of the two houses, with the first sentence that each says of itself."""
    found: dict[str, Box] = {}
    for house in ("console", "db"):
        for path in sorted((ROOT / house).iterdir()):
            file = path / "__init__.py" if path.is_dir() else path
            if file.suffix == ".py" and path.stem != "__init__" and file.exists():
                name = f"{house}.{path.stem}"
                found[name] = Box(path.stem if path.is_dir() else path.name, _about(_tree(file)), house)
    return found


def imports(known: Rooms) -> Edges:
    """Which room imports which, also inside a function."""
    edges: Edges = set()
    for name in known:
        base = ROOT / name.replace(".", "/")
        for file in sorted(base.rglob("*.py")) if base.is_dir() else [base.with_suffix(".py")]:
            targets = {".".join(one.split(".")[:2]) for one in _imported(_tree(file))}
            edges |= {(name, to) for to in targets if to in known and to != name}
    return edges


def reduced(edges: Edges) -> Edges:
    """Without the arrows that follow from others."""

    def follows(one: str, to: str) -> bool:
        return any(_leads(via, to, edges) for via in _after(one, edges) - {to})

    return {(one, to) for one, to in edges if not follows(one, to)}


Row = list[str]
"""Rooms that stand beside each other, and between them ``"a>b"``: the place where an arrow passes."""


def floors(known: Rooms, edges: Edges) -> list[Row]:
    """The rooms from those that use the others to those that are used."""
    depth: dict[str, int] = {}

    def down(name: str) -> int:
        if name not in depth:
            depth[name] = 1 + max((down(to) for to in _after(name, edges)), default=-1)
        return depth[name]

    top = max(down(name) for name in known)
    made = [[name for name in known if depth[name] == level] for level in range(top, -1, -1)]
    for one, to in sorted(edges):
        for level in range(depth[to] + 1, depth[one]):
            made[top - level].append(f"{one}>{to}")
    for _ in range(8):
        _settle(made, edges)
    return made


def _settle(made: list[Row], edges: Edges) -> None:
    # Each below the middle of what leads to it, then above the middle of where it leads: fewer arrows cross.
    links = sorted({link for one, to in edges for link in pairwise(_stops(one, to, made))})
    for rows, (to, one) in ((made, (1, 0)), (made[::-1], (0, 1))):
        for before, floor in pairwise(rows):
            at = {name: place / len(before) for place, name in enumerate(before)}
            middle = {}
            for place, name in enumerate(floor):
                near = [at[link[one]] for link in links if link[to] == name and link[one] in at]
                middle[name] = sum(near) / len(near) if near else place / len(floor)
            order = sorted((middle[name], name) for name in floor)
            floor[:] = [name for _, name in order]


def _stops(one: str, to: str, made: list[Row]) -> list[str]:
    passing = f"{one}>{to}"
    return [one, *(passing for row in made if passing in row), to]


def rooms_picture() -> str:
    """What imports what."""
    known = rooms()
    edges = reduced(imports(known))
    made = floors(known, edges)
    spans = [sum(_wide(name) + GAP for name in row) - GAP for row in made]
    drawing = Drawing(max(spans) + 2 * GAP, 60 + len(made) * (HIGH + DROP))
    drawing.words(GAP, 28, "The rooms, and which uses which", 16, bold=True)
    told = "Blue is the screen (console), green the record (db). An arrow that follows from others is left out."
    drawing.words(GAP, 46, told, 11)
    corner: dict[str, tuple[int, int]] = {}
    for level, (row, span) in enumerate(zip(made, spans, strict=True)):
        x = (drawing.width - span) // 2
        for name in row:
            corner[f"{level} {name}"] = corner[name] = (x, 62 + level * (HIGH + DROP))
            x += _wide(name) + GAP
    for name in known:
        drawing.box(known[name], *corner[name])
    ports = _ports(edges, made, corner)
    for one, to in sorted(edges):
        passing = f"{one}>{to}"
        middle = [corner[f"{level} {passing}"] for level, row in enumerate(made) if passing in row]
        points = [ports[one, passing], *((x, at) for x, y in middle for at in (y, y + HIGH)), ports[to, passing]]
        drawing.arrow(points, "#5b7fb5" if one.startswith("console") else "#6d9a66")
    return drawing.svg()


def _wide(name: str) -> int:
    return 0 if ">" in name else WIDE


def _ports(
    edges: Edges, made: list[Row], corner: Mapping[str, tuple[int, int]]
) -> Mapping[tuple[str, str], tuple[float, float]]:
    """Where each arrow leaves and comes, in the order of where it goes, so that they do not cross at once."""
    level = {name: at for at, row in enumerate(made) for name in row if ">" not in name}
    ports: dict[tuple[str, str], tuple[float, float]] = {}
    for name, own in level.items():
        for below, ends in (
            (True, sorted(_after(name, edges))),
            (False, sorted(a for a, b in edges if b == name)),
        ):
            beside = {}
            for end in ends:
                passing, next_row = (f"{name}>{end}", own + 1) if below else (f"{end}>{name}", own - 1)
                beside[passing] = corner.get(f"{next_row} {passing}", corner[end])[0]
            order = sorted((place, passing) for passing, place in beside.items())
            for at, (_, passing) in enumerate(order, 1):
                x, y = corner[name]
                ports[name, passing] = (x + WIDE * at / (len(order) + 1), y + (HIGH if below else 0))
    return ports


def _after(name: str, edges: Edges) -> set[str]:
    return {to for one, to in edges if one == name}


def _leads(start: str, end: str, edges: Edges) -> bool:
    seen, waiting = set(), [start]
    while waiting:
        name = waiting.pop()
        if name == end:
            return True
        if name not in seen:
            seen.add(name)
            waiting += _after(name, edges)
    return False


# --- the ways ---

IN: Final = (
    ("db.commands.base:Command", "a panel builds a command"),
    ("console.live.actions:Actions.submit", "and hands it to the actions"),
    ("console.live.acts:Queue.begin", "which send it in its turn"),
    ("db.commands.base:run", "in one transaction"),
    ("db.commands.locks", "the rows are locked"),
    ("db.domain", "the rules are asked"),
)
OUT: Final = (
    ("db.listener:Listener.heard", "a notice is a hint"),
    ("db.follow:Follower.changes", "the list says what changed"),
    ("db.follow:Follower.rows", "those rows are read"),
    ("console.live.sync:Sync", "by one reader"),
    ("console.live.store:Store.put", "into the mirror"),
    ("console.live.store:Delta", "which tells all panels at once"),
)
TRIGGERS: Final = (
    ("guard", "checks the move, sets the step's time, counts the version up"),
    ("log", "writes the event: who, when, from where"),
    ("note", "lists the change for the consoles, and sends a notice"),
)


def ways_picture() -> str:
    """The one way in and the one way out."""
    wide, left, right = 400, 30, 530
    step = HIGH + 34
    drawing = Drawing(right + wide + left, 96 + len(IN) * step + 54 * len(TRIGGERS))
    for x, title in ((left, "One way in"), (right, "One way out")):
        drawing.words(x, 32, title, 18, bold=True)
    bottom = 56 + len(IN) * step
    for at, (place, why) in enumerate(IN):
        y = 56 + at * step
        _step(drawing, place, why, left, y, wide)
        drawing.arrow([(left + wide / 2, y + HIGH), (left + wide / 2, y + step)])
    for at, (place, why) in enumerate(reversed(OUT)):
        y = 56 + at * step
        _step(drawing, place, why, right, y, wide)
        drawing.arrow([(right + wide / 2, y + step), (right + wide / 2, y + HIGH)])
    triggers = _triggers()
    high = 32 + 54 * len(TRIGGERS)
    text = "The record: one row changes, and its triggers do the rest before the transaction ends"
    drawing.box(Box(text, "", "record"), left, bottom, right + wide - left, high)
    for at, (name, does) in enumerate(TRIGGERS):
        y = bottom + 48 + 54 * at
        drawing.words(left + 20, y, f"{name}: {does}", 12.5, bold=True)
        for line, words in enumerate(textwrap.wrap("on " + ", ".join(triggers[name]), 140)[:2]):
            drawing.words(left + 20, y + 17 + 14 * line, words, 11)
    drawing.words(right, 49, "to " + ", ".join(_followers()), 11)
    return drawing.svg()


def _step(drawing: Drawing, place: str, why: str, x: int, y: int, wide: int) -> None:
    module, _, name = place.partition(":")
    drawing.box(
        Box(f"{name or module} — {why}", f"{about(place)}  ({module})", module.partition(".")[0]), x, y, wide
    )


def about(place: str) -> str:
    """What a module, class or function says of itself. Raises LookupError when there is none of that name."""
    module, _, names = place.partition(":")
    path = ROOT / module.replace(".", "/")
    node: ast.AST = _tree(path / "__init__.py" if path.is_dir() else path.with_suffix(".py"))
    for name in filter(None, names.split(".")):
        kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        inside = [one for one in getattr(node, "body", []) if isinstance(one, kinds) and one.name == name]
        if not inside:
            raise LookupError(place)
        node = inside[0]
    return _about(node)


def _triggers() -> Mapping[str, Sequence[str]]:
    """The tables that each kind of trigger stands on, in the order in which the revisions made them."""
    found: dict[str, list[str]] = {name: [] for name, _ in TRIGGERS}
    for file in sorted((ROOT / "db/migrations/sql").rglob("*.sql")):
        text = file.read_text("utf-8")
        for name, table in re.findall(r"CREATE TRIGGER (\w+)\s[^;]*?\sON cru\.(\w+)", text):
            if name in found and table not in found[name]:
                found[name].append(table)
        if re.search(r"CREATE TRIGGER note\w* .{0,200}?cru\.%I", text, re.DOTALL):
            found["note"].insert(0, "every table that a console mirrors")
    return found


def _followers() -> Iterable[str]:
    files = sorted((ROOT / "console/views").rglob("*.py"))
    return sorted({file.parent.name for file in files if "store.changed.connect" in file.read_text("utf-8")})


# --- reading the code ---


def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"))


def _about(node: ast.AST) -> str:
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    text = (ast.get_docstring(node) if isinstance(node, kinds) else None) or ""
    first = text.partition("\n\n")[0].replace("\n", " ").replace("``", "")
    return re.sub(r":class:`\.?~?(?:[\w.]*\.)?(\w+)`", r"\1", first)


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            # "from db import commands" names the room in what it imports.
            yield from (
                [node.module] if "." in node.module else [f"{node.module}.{one.name}" for one in node.names]
            )
        elif isinstance(node, ast.Import):
            yield from (one.name for one in node.names)


PICTURES: Final = {"rooms.svg": rooms_picture, "ways.svg": ways_picture}

if __name__ == "__main__":
    for name, draw in PICTURES.items():
        (DOCS / name).write_text(draw(), "utf-8")
