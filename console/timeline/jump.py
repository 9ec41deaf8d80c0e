"""A line for a time to go to on the timelines: ``0310``, ``yesterday 2205``, ``22 Nov 0855``, ``90 min ago``."""

from datetime import datetime

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from console.look.guard import guarded
from console.look.hints import hint as show_hint
from console.look.keyboard import Hands
from console.look.style import px
from console.look.timeline_keys import TIMELINE_TIME
from db.domain.resolving import Belongs, resolve


@guarded
class TimeJump(QLineEdit):
    """Shown when it is asked for; it goes when it was used or left."""

    asked = Signal()
    """It is there now."""
    wanted = Signal(object)
    """Go to this moment, aware UTC."""
    refused = Signal(str)
    """What is typed means no moment: why, and what to do."""
    left = Signal()
    """The person is done with it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now: datetime | None = None
        self._hands = Hands(TIMELINE_TIME, {"go": self._go, "leave": self._leave})
        show_hint(self, "0310")
        self.setToolTip("0310, yesterday 2205, 22 Nov 0855, 90 min ago")
        self.setAccessibleName("Time to go to")
        self.hide()

    def sizeHint(self) -> QSize:
        """Room for a day and a time."""
        wide = self.fontMetrics().horizontalAdvance("yesterday 2205") + px(24)
        return QSize(wide, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Room for a time at least."""
        wide = self.fontMetrics().horizontalAdvance("22 Nov 0855") + px(24)
        return QSize(wide, super().minimumSizeHint().height())

    def ask(self, now: datetime) -> None:
        """Ask for a time; what is typed is read by the record's clock."""
        self._now = now
        self.show()
        self.asked.emit()
        self.selectAll()
        self.setFocus()

    def _go(self) -> None:
        if self._now is None or not self.text().strip():
            self._leave()
            return
        # What has happened first, as timelines are looked back at; then what is to come: an end of a shift.
        past, ahead = (resolve(self.text(), Belongs(self._now, to_come=to_come)) for to_come in (False, True))
        found = next((at for one in (past, ahead) for at in (one.at, *one.choices) if at is not None), None)
        if found is None:
            self.refused.emit(f"{past.refusal} {past.next_step}".strip())
            return
        self.wanted.emit(found)
        self._leave()

    def _leave(self) -> None:
        self.hide()
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return and Escape are its own; the rest is text."""
        if not self._hands.take(event):
            super().keyPressEvent(event)
