"""What any chart is made of: marks in unit coordinates, axes, one sentence, and the table of its numbers. No Qt.

Unit coordinates run from 0 to 1, from the left and from the bottom of the plot, so that the same chart is painted
onto any size of screen or page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal
from uuid import UUID

FEWEST_LANES: Final = 4
"""So many lanes at least, some of them empty: one alone would be as thick as a wall."""
TableRow = tuple[tuple[str, ...], tuple[UUID, ...]]
"""Cells, and the referrals behind them."""
Shape = Literal["dot", "square", "diamond", "beyond", "bar"]
"""``beyond`` points to the right: a value that lies outside the axis."""


@dataclass(frozen=True, slots=True)
class ChartRoom:
    """How much room the plot itself has, in pixels; ``dot`` is the diameter that its dots like to have."""

    width: float
    height: float
    dot: float = 9.0


@dataclass(frozen=True, slots=True)
class Box:
    """A place in unit coordinates; a dot has its middle only."""

    left: float
    bottom: float
    right: float
    top: float

    @classmethod
    def at(cls, x: float, y: float) -> "Box":
        """The place of a dot."""
        return cls(x, y, x, y)

    @property
    def middle(self) -> tuple[float, float]:
        """Its centre."""
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2


@dataclass(frozen=True, slots=True)
class ChartMark:
    """A thing that is counted or measured, which the keyboard can walk to.

    Attributes:
        words: its exact value, for whoever points at it or hears it.
        role: palette role.
        label: drawn inside a bar where it fits, above a dot.
        beside: drawn after a bar that lies, wherever it ends.
        row: marks of one row are walked with Left and Right.
        ids: the referrals behind it.
        dashed: outline only: planned, or not worked.
        hatched: striped: the patient changes hands.
    """

    box: Box
    shape: Shape
    role: str
    words: str
    label: str = ""
    beside: str = ""
    row: int = 0
    ids: tuple[UUID, ...] = ()
    dashed: bool = False
    hatched: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line that belongs to no single referral: a target, a mean, a step of vans on duty.

    Attributes:
        points: unit coordinates.
        label: written at its upper end, or after its right end.
    """

    points: tuple[tuple[float, float], ...]
    role: str
    width: float = 1.4
    dashed: bool = False
    label: str = ""
    behind: bool = False

    @classmethod
    def upright(cls, x: float, role: str, label: str, *, dashed: bool = True) -> "Stroke":
        """A line from top to bottom."""
        return cls(((x, 0.0), (x, 1.0)), role, 1.6, dashed, label)


@dataclass(frozen=True, slots=True)
class AxisTick:
    """A mark on an axis, 0 to 1 along it."""

    at: float
    label: str
    ruled: bool = True
    """Whether a faint line crosses the plot there."""


@dataclass(frozen=True, slots=True)
class ChartTable:
    """The same numbers as rows of words."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = ()
    ids: tuple[tuple[UUID, ...], ...] = ()
    """The referrals behind each row; none at all where rows are not of referrals."""

    @classmethod
    def of(cls, headers: tuple[str, ...], rows: Iterable[TableRow]) -> "ChartTable":
        """A table of rows that know what stands behind them."""
        found = list(rows)
        return cls(headers, tuple(row for row, _ in found), tuple(ids for _, ids in found))


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """What a colour, a stripe or a line means."""

    words: str
    role: str
    look: Literal["fill", "hatched", "dashed", "line", "dot"] = "fill"


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart, laid out.

    Attributes:
        name: what it shows.
        sentence: what it says, in one sentence.
        lanes: names of its rows from the top; where there are any they are its upright axis.
        named_lanes: they are names, such as callsigns, and stand out.
        dot: diameter of its dots in pixels.
        empty: what is said instead while there is nothing to draw.
    """

    name: str
    sentence: str
    marks: tuple[ChartMark, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    x_ticks: tuple[AxisTick, ...] = ()
    y_ticks: tuple[AxisTick, ...] = ()
    lanes: tuple[str, ...] = ()
    named_lanes: bool = False
    table: ChartTable = field(default_factory=lambda: ChartTable(()))
    legend: tuple[LegendEntry, ...] = ()
    dot: float = 9.0
    empty: str = ""

    def lane_box(self, row: int, air: float = 0.0) -> tuple[float, float]:
        """Lower and upper edge of a lane; ``air`` is the share of it that stays free above and below."""
        return lane_box(row, len(self.lanes), air)


def lane_box(row: int, lanes: int, air: float = 0.0) -> tuple[float, float]:
    """Lower and upper edge of one of so many lanes, the first on top."""
    high = 1 / max(1, lanes)
    top = 1 - row * high
    return top - high * (1 - air), top - high * air


def step(marks: Sequence[ChartMark], at: int | None, *, along: int = 0, across: int = 0) -> int | None:
    """The mark that the keyboard goes to next: along its row, or to the nearest of the row above or below.

    Args:
        marks: in any order.
        at: where it is; None goes to the first.
        along: -1 or 1.
        across: -1 for the row above, 1 for the one below.
    """
    if not marks:
        return None
    order = sorted(range(len(marks)), key=lambda one: (marks[one].row, marks[one].box.middle[0], one))
    if at is None or at >= len(marks):
        return order[0]
    if along:
        same = [one for one in order if marks[one].row == marks[at].row]
        place = same.index(at) + along
        return same[place] if 0 <= place < len(same) else at
    rows = sorted({mark.row for mark in marks})
    place = rows.index(marks[at].row) + across
    if not 0 <= place < len(rows):
        return at
    there = [one for one in order if marks[one].row == rows[place]]
    return min(there, key=lambda one: abs(marks[one].box.middle[0] - marks[at].box.middle[0]))
