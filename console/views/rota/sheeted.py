"""A window of a shift lead with a page, and beside it the sheet that changes what is chosen there."""

from collections.abc import Sequence

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from console.live.again import Again
from console.live.desk import Desk
from console.look.flow import FlowLayout
from console.look.guard import guarded
from console.look.layouts import nest
from console.look.own_window import OwnWindow
from console.look.panel import MessageBar, Panel
from console.look.style import px
from console.look.tabbing import walk
from console.views.rota.side import RotaSide
from db.errors import RecordError


@guarded
class SheetedWindow(OwnWindow):
    """Escape puts the sheet away, then what is said or asked, then the window. Reads when it is opened."""

    # Made by each, in the order in which Tab goes.
    message: MessageBar
    side: RotaSide

    def __init__(self, desk: Desk, title: str, width: int, height: int) -> None:
        """Dress and place it; see :class:`console.look.own_window.OwnWindow`."""
        super().__init__(title, width, height)
        self._desk = desk
        self.readings = Again(desk.store, self.refresh, self)

    def first(self) -> QWidget:
        """What has the keyboard when it is opened."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Read it again."""
        raise NotImplementedError

    def tell_unread(self, error: RecordError) -> None:
        """Say why it could not be read; what is shown stays."""
        self.readings.owe(error)
        self.message.say("late", error.sentence, error.next_step)

    def is_read(self) -> None:
        """It was read: that it could not be is true no more."""
        if self.readings.is_read():
            self.message.clear()

    def lay_across(self, above: Sequence[QWidget], page: Panel) -> QSplitter:
        """Put what stands above, the message, and the page with its sheet below one another.

        What stands above wraps: in large text its buttons are wider than a screen.
        """
        across = QSplitter(self)
        across.addWidget(page)
        across.addWidget(self.side)
        across.setStretchFactor(0, 1)
        across.setStretchFactor(1, 0)
        across.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(8), px(8), px(8), px(8))
        top = FlowLayout()
        nest(column, top)
        for widget in above:
            top.addWidget(widget)
        column.addWidget(self.message)
        column.addWidget(across, 1)
        return across

    def holds_typed(self) -> bool:
        """What a sheet was filled in with."""
        return self.side.holds_typed()

    def leave_sheet(self) -> None:
        """Put the sheet away."""
        self.side.close_sheet()

    def leave(self) -> None:
        """Close what is topmost."""
        if self.side.sheet is not None:
            self.leave_sheet()
        elif self.message.isVisible():
            self.message.clear()
        else:
            self.close()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes round in the order seen."""
        return walk(self, forward=forward)

    def showEvent(self, event: QShowEvent) -> None:
        """Read when it is opened."""
        super().showEvent(event)
        self.first().setFocus()
        self.refresh()
