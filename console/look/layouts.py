"""One layout in another; what a layout holds, asked without its items; and all of it taken out."""

from collections.abc import Iterable

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QLayout, QWidget


def widgets_in(layout: QLayout) -> list[QWidget]:
    """The widgets that a layout places itself, in their order.

    Not by ``itemAt``: Qt deletes the item of a widget that leaves without telling Python, and whatever is made at
    its place in memory next is then taken for that item.
    """
    owner = layout.parentWidget()
    children = owner.children() if owner is not None else []
    placed = [(layout.indexOf(one), one) for one in children if isinstance(one, QWidget)]
    return [one for at, one in sorted(placed, key=lambda pair: pair[0]) if at >= 0]


def empty(layout: QLayout) -> None:
    """Take everything out of a layout, and of those in it; the widgets are gone from sight at once."""
    while (item := layout.takeAt(0)) is not None:
        inner, widget = item.layout(), item.widget()
        if inner is not None:
            empty(inner)
        elif widget is not None:
            widget.hide()
            widget.deleteLater()


def clear(layout: QLayout) -> None:
    """Take everything out of a layout, and of those in it, which go; the widgets stay, to be laid out anew."""
    while (item := layout.takeAt(0)) is not None:
        inner = item.layout()
        if inner is not None:
            clear(inner)
            inner.deleteLater()


def add_all(row: QBoxLayout, widgets: Iterable[QWidget]) -> None:
    """Put widgets behind what is there."""
    for widget in widgets:
        row.addWidget(widget)


def nest(outer: QBoxLayout, inner: QLayout, stretch: int = 0) -> None:
    """Put a layout into another; the only way in which it is done.

    PySide keeps Python's object of each item that is in a layout when it is nested. Qt deletes such an item with
    its widget and does not tell: what is made there next, such as a request of the map page, comes to Python as
    the item that was. So those objects are let go.

    Args:
        outer: a row or a column.
        inner: filled or not. A :class:`~console.look.flow.FlowLayout` holds its items in Python: it is
            nested before it is filled.
        stretch: its share of the room.
    """
    outer.addLayout(inner, stretch)
    _let_go_of_items(inner)


def nest_in_cell(grid: QGridLayout, inner: QLayout, row: int, column: int, align: Qt.AlignmentFlag) -> None:
    """Put a layout into a cell of a grid, as :func:`nest` does."""
    grid.addLayout(inner, row, column, align)
    _let_go_of_items(inner)


def _let_go_of_items(layout: QLayout) -> None:
    for at in range(layout.count()):
        item = layout.itemAt(at)
        if isinstance(item, QLayout):
            _let_go_of_items(item)
        elif item is not None:
            shiboken6.invalidate(item)
