"""How the towns are covered now: a quiet layer of the map, and the same as a table below it."""

from datetime import timedelta
from typing import Final

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.live.cover import TownsCovered
from console.live.desk import Desk
from console.live.geography import Geography
from console.look.clipboard import copy_table
from console.look.guard import guarded
from console.look.line_table import LineTable
from console.look.style import px
from console.look.town_keys import TOWNS
from console.map.marks import TownMark
from console.map.view import MapView
from db.domain.cover import HEADERS, TownCover

_HIGH: Final = 190
"""Pixels of the table, at 100 % text: the map stays the larger part."""


@guarded
class TownTable(LineTable):
    """A town a row, the one that waits longest first."""

    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        # Not yet a Qt object here: a signal that is asked for now would be nobody's.
        does = {"copy": self.copy, "leave": lambda: self.left.emit()}
        super().__init__("Cover by town", HEADERS, "Town", TOWNS, does)
        self.setParent(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def copy(self) -> None:
        """Put it on the clipboard, headings first."""
        copy_table([HEADERS, *self.lines()])

    def sizeHint(self) -> QSize:
        """Some rows; the others are scrolled to."""
        return QSize(px(320), px(_HIGH))

    def minimumSizeHint(self) -> QSize:
        """A heading and two rows."""
        return QSize(px(200), px(96))


class TownLayer(QObject):
    """Shows the layer or the table when somebody asks, and lets the roads rest while nobody does."""

    def __init__(self, desk: Desk, geography: Geography, view: MapView, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._view = desk, view
        self.is_drawn = False
        self.cover = TownsCovered(desk, geography, self)
        self.table = TownTable(parent)
        view.cover_wanted.connect(self.turn)
        view.towns_wanted.connect(self.turn_table)
        self.table.left.connect(self.turn_table)
        self.cover.changed.connect(self._show)

    def turn(self) -> None:
        """Draw it on the map, or no longer."""
        self.is_drawn = not self.is_drawn
        self._want()

    def turn_table(self) -> None:
        """Show it as a table below the map, or no longer."""
        shown = self.table.isHidden()
        self.table.setVisible(shown)
        self._want()
        (self.table if shown else self._view).setFocus()

    def _want(self) -> None:
        self.cover.want(wanted=self.is_drawn or not self.table.isHidden())
        self._show()

    def _show(self) -> None:
        towns = self.cover.towns
        self._view.set_cover([self._mark(one) for one in towns] if self.is_drawn else None)
        if not self.table.isHidden():
            by_wait = sorted(
                towns, key=lambda one: (one.minutes is not None, -(one.minutes or 0.0), one.town.name)
            )
            self.table.show_lines([one.cells() for one in by_wait], [one.town.name for one in by_wait])

    def _mark(self, one: TownCover) -> TownMark:
        least = self._desk.store.reference.rules.weigh_cover_over
        # That nobody is free at all is told by the bar above; sixteen times over it would be no quiet layer.
        long = one.minutes is not None and timedelta(minutes=round(one.minutes)) > least
        return TownMark(one.town.name, one.town.lat, one.town.lon, one.wait(), long)
