"""The charts of the lead's page, and the referrals behind a figure beside them where there is room."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget

from console.look.style import px
from console.look.tabbing import CameFrom, has_keyboard
from console.views.lead.behind import BehindPanel
from console.views.lead.layout import PanelGrid
from console.views.lead.pictures import BehindRow

_BESIDE: Final = 660
"""Pixels, at 100 % text, that the referrals behind a figure take."""
_CHARTS: Final = 460
"""Pixels, at 100 % text, that charts need beside them."""


class ChartsBeside(QSplitter):
    """Side by side, or the referrals alone where there is not room for both.

    Args:
        grid: the charts.
        behind: the referrals; hidden until there are some.
        parent: the page.
    """

    def __init__(self, grid: PanelGrid, behind: BehindPanel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._grid, self._behind = grid, behind
        self._came_from = CameFrom()
        self.addWidget(grid)
        self.addWidget(behind)
        self.setStretchFactor(0, 1)
        self.setChildrenCollapsible(False)
        behind.hide()

    def open_rows(self, title: str, rows: Sequence[BehindRow], *, takes_keys: bool) -> None:
        """Show these, and give them the keyboard if it is to go there."""
        if not has_keyboard(self._behind):
            self._came_from.remember()
        self._behind.show()
        self.share()
        self._behind.show_rows(title, rows)
        if takes_keys:
            self._behind.table.setFocus()

    def close_rows(self, otherwise: Callable[[], object]) -> None:
        """Show the charts alone; the keyboard goes back to where they were opened from.

        Args:
            otherwise: gives it away where that is gone.
        """
        had = has_keyboard(self._behind)
        self._behind.hide()
        self.share()
        if had and not self._came_from.give_back():
            otherwise()

    def share(self) -> None:
        """Share out the width that there is."""
        width = self.window().width()
        self._grid.setVisible(self._behind.isHidden() or width >= px(_BESIDE + _CHARTS))
        self.setSizes([width - px(_BESIDE), px(_BESIDE)])
