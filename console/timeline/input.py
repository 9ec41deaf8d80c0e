"""Mouse and keyboard on the lanes: choose, open, pan, zoom, come back to now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from console.look.guard import guarded
from console.look.keyboard import Hands
from console.look.timeline_keys import TIMELINES
from console.timeline.canvas import LaneCanvas

_ZOOM: Final = 1.25
"""How much more time a key or a notch shows."""
_PAN: Final = 0.1
"""Share of the width that a key or a notch moves."""
_NOTCH: Final = 120
"""Qt's count for one notch of a wheel, in eighths of a degree; fine wheels send parts of it."""


@dataclass(frozen=True, slots=True)
class _Press:
    at: QPointF
    scrolled: int


@guarded
class Lanes(LaneCanvas):
    """The painted lanes with hands on them."""

    lane_clicked = Signal(str)
    """The person chose a lane, by mouse or arrow key; carries its id."""
    lane_activated = Signal(str)
    """The person wants a lane opened, by double click or Return; carries its id."""
    thing_clicked = Signal(str)
    """The person chose a length of time that is about something else than its lane; carries that id."""
    jump_wanted = Signal()
    """The person wants to go to a time."""
    table_wanted = Signal()
    """The person wants the same as a table."""
    switch_wanted = Signal()
    """The person wants the other kind of lanes."""

    def __init__(self, now: datetime, parent: QWidget | None = None) -> None:
        super().__init__(now, parent)
        self._press: _Press | None = None
        self._dragged_to: float | None = None
        self._hands = self._bind()

    def _bind(self) -> Hands:
        page = self._rows_in_view
        return Hands(
            TIMELINES,
            {
                "in": lambda: self.zoom(1 / _ZOOM),
                "out": lambda: self.zoom(_ZOOM),
                "earlier": lambda: self.pan(-self.scale.width * _PAN),
                "later": lambda: self.pan(self.scale.width * _PAN),
                "now": self.follow_now,
                "thing before": lambda: self._go_along(-1),
                "thing next": lambda: self._go_along(1),
                "jump": self.jump_wanted.emit,
                "table": self.table_wanted.emit,
                "switch": self.switch_wanted.emit,
                "before": lambda: self._step(-1),
                "next": lambda: self._step(1),
                "page before": lambda: self._step(-page()),
                "page next": lambda: self._step(page()),
                "open": self._activate,
            },
        )

    def _rows_in_view(self) -> int:
        return max(1, self._frame.body // self._frame.row)

    def _step(self, rows: int) -> None:
        if not self._lanes:
            return
        row = self._rows[self._selected] + rows if self._selected is not None else 0
        lane = self._lanes[max(0, min(len(self._lanes) - 1, row))]
        self._choose(lane.id)
        # The focus stays on the whole panel, so that a screen reader has to be told that something else is chosen.
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.accessibleDescription()))

    def _go_along(self, by: int) -> None:
        if self._selected is None:
            self._step(0)
        said = self.hold(by)
        if said:
            # Seen and heard alike: what the pointer would tell stands below it.
            QToolTip.showText(self.viewport().mapToGlobal(self.held_at().toPoint()), said, self.viewport())
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said.replace("\n", ", ")))
            about = getattr(self.held, "about", "")
            if about:
                self.thing_clicked.emit(about)

    def _choose(self, lane_id: str) -> None:
        self.select(lane_id)
        self.lane_clicked.emit(lane_id)

    def _activate(self) -> None:
        if self._selected is not None:
            self.lane_activated.emit(self._selected)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, zoom, choose and open, as the table has it."""
        self._hands.take(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the pointer; with Shift or sideways pan; over the labels scroll the lanes."""
        delta = event.angleDelta()
        # The labels do not move with time, so that over them a wheel means the list.
        if event.position().x() < self._frame.column:
            super().wheelEvent(event)
        elif delta.x() or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.pan(-(delta.x() or delta.y()) / _NOTCH * self.scale.width * _PAN)
        else:
            self.zoom(_ZOOM ** (-delta.y() / _NOTCH), event.position().x() - self._frame.column)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin what may become a click or a drag."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._press = _Press(event.position(), self._scrolled())
            self._dragged_to = None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan along with the pointer, once it has left the spot where it was pressed."""
        if self._press is None:
            return
        off = event.position() - self._press.at
        if self._dragged_to is None and off.manhattanLength() < QApplication.startDragDistance():
            return
        last = self._press.at.x() if self._dragged_to is None else self._dragged_to
        self._dragged_to = event.position().x()
        if last != self._dragged_to:
            self.pan(last - self._dragged_to)
        # From where it was pressed and not step by step: rounding would add up to a drift.
        self.verticalScrollBar().setValue(self._press.scrolled - round(off.y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the lane under a click; a drag chooses nothing."""
        lane = self.lane_at(event.position().y())
        if self._press is not None and self._dragged_to is None and lane is not None:
            self._choose(lane.id)
            about = (getattr(thing, "about", "") for thing in self.things_at(event.position()))
            if chosen := next((one for one in about if one), ""):
                self.thing_clicked.emit(chosen)
        self._press = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the lane under the pointer."""
        if (lane := self.lane_at(event.position().y())) is not None:
            self.select(lane.id)
            self.lane_activated.emit(lane.id)

    def viewportEvent(self, event: QEvent) -> bool:
        """Tell what stands under the pointer when a tooltip is asked for."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.hint_at(QPointF(event.pos())), self.viewport())
            return True
        return super().viewportEvent(event)
