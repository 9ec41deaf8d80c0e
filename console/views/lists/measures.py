"""Measures for a shift lead: each figure with its n and what is missing, its balance beside it, its definition."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from PySide6.QtWidgets import QLabel

from console.live.desk import Desk
from console.look.guard import guarded
from console.look.style import mark, px
from console.running.faults import attempt
from console.views.lists.page import Line, Listing, ListPage
from db.domain.board import UNREADABLE
from db.domain.clocks import local, local_time
from db.domain.measures import FEWEST, Figure, GroupFigure, Measure, Unit
from db.domain.periods import Period
from db.measures import Measured

NOTHING = "No measures are defined in this record."
COLUMNS: Final = ("Measure", "Value", "n", "Missing", "Beside it", "Definition")
LOOK_BACK = timedelta(days=28)
TOO_FEW = f"fewer than {FEWEST}, not shown"
_BESIDE: Final = COLUMNS.index("Beside it")
_DEFINITION: Final = COLUMNS.index("Definition")
_MOST = 1000


@guarded
class MeasuresPage(ListPage):
    """Reads the referrals of the last 28 days; what is chosen is told in full below the table."""

    def __init__(self, desk: Desk) -> None:
        listing = Listing("Measures", COLUMNS, "Beside it", NOTHING, _MOST, LOOK_BACK, "each with its balance")
        self._read_of = ""
        super().__init__(desk, listing)
        self.open_at(1280, 620)
        self.told = QLabel(self)
        self.told.setWordWrap(True)
        self.told.setContentsMargins(px(14), px(8), px(14), px(10))
        mark(self.told, role="dim")
        self.panel.add(self.told)
        # It goes along when the table is copied; on the screen it stands below, whole.
        self.table.setColumnHidden(_DEFINITION, True)
        self.table.setAccessibleDescription("The definition of the chosen measure stands below the table.")
        self.table.currentCellChanged.connect(lambda row, *_: self._tell(row))

    async def read(self, since: datetime, now: datetime) -> list[Line]:
        """One line a measure, then one a group of people where groups may fare differently."""
        found = await self._desk.reads.measured(Period(since, now), groups=True)
        received, errors = (_count(found, key) for key in ("received", "entered_in_error"))
        self._read_of = (
            f"{received} referrals received {local(since):%d %b} to {local(now):%d %b},"
            f" {errors} entered in error left out"
        )
        return [*_lines(found)]

    def _show(self, found: Sequence[Line]) -> None:
        row = max(self.table.currentRow(), 0)
        super()._show(found)
        self.table.setCurrentCell(min(row, len(found) - 1), 0)
        self._tell(self.table.currentRow())

    def count_words(self, found: Sequence[Line], now: datetime) -> str:  # noqa: ARG002 - as every list
        """Of which referrals, and when they were read."""
        return f"{self._read_of} · read {local_time(now, now, seconds=True)}"

    def _tell(self, row: int) -> None:
        beside, definition = (self.table.item(row, column) for column in (_BESIDE, _DEFINITION))
        if beside is None or definition is None:
            self.told.clear()
        else:
            self.told.setText(" ".join(part for part in (definition.text(), _whole(beside.text())) if part))


def _count(found: Measured, key: str) -> str:
    figure = found.figures.get(key)
    return figure.short() if figure is not None else "?"


def _whole(beside: str) -> str:
    return f"Beside it: {beside}." if beside else ""


def _lines(found: Measured) -> Iterator[Line]:
    known = {one.key: one for one in found.measures}
    for one in found.measures:
        unreadable = (one.title, *[UNREADABLE] * (len(COLUMNS) - 1))
        yield attempt("a measure", _line, one, known, found.figures) or unreadable
    for group in found.groups:
        yield _group_line(known[group.key], group)


def _line(one: Measure, known: Mapping[str, Measure], figures: Mapping[str, Figure]) -> Line:
    return (one.title, *_told(figures.get(one.key)), _balance(one, known, figures), _definition(one))


def _told(figure: Figure | None) -> tuple[str, str, str]:
    if figure is None:
        return "not worked out yet", "", ""
    return figure.words(), str(figure.n), str(figure.missing)


def _balance(one: Measure, known: Mapping[str, Measure], figures: Mapping[str, Figure]) -> str:
    beside = known.get(one.balance)
    figure = figures.get(one.balance)
    if beside is None or figure is None:
        return "its balance is not offered"
    # The figure first: where there is little room the title is cut and not the figure.
    count = f", n {figure.n}" if figure.unit is Unit.MINUTES else ""
    return f"{figure.words()}{count} · {beside.title}"


def _definition(one: Measure) -> str:
    clock = f" Clock: {one.clock()}." if one.clock() else ""
    return f"{one.definition}{clock} Source: {one.source}. Worded by {one.author}, {one.dated:%d %b %Y}."


def _group_line(one: Measure, of: GroupFigure) -> Line:
    told = _told(of.figure) if of.figure is not None else (TOO_FEW, "", "")
    return (f"{one.title} · {of.dimension}: {of.group}", *told, "", _definition(one))
