"""The painted lanes: only what is visible is drawn, and only when it changed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from console.look import paint
from console.look.guard import guarded, part
from console.look.palette import Palette
from console.look.style import current, px
from console.running.faults import attempt
from console.timeline import drawing, strokes
from console.timeline.lanes import Lane, Mark, Segment, Thing, hint, starts, things, told
from console.timeline.scale import Scale, clock

_NOW_AT: Final = 0.5
"""Share of the width at which the now line stands while it is followed."""
_NEAR: Final = 4.0
"""Pixels from a moment within which the pointer is on it."""
_FIRST_SPAN: Final = timedelta(minutes=150)


@guarded
class LaneCanvas(QAbstractScrollArea):
    """Lanes over time; it never orders or drops a lane by itself."""

    moved = Signal()
    """Another window of time is shown, or now began or ceased to be followed."""

    def __init__(self, now: datetime, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lanes: tuple[Lane, ...] = ()
        self._rows: dict[str, int] = {}
        self._selected: str | None = None
        self._now = now
        self._following = True
        self._scale = Scale(now - _FIRST_SPAN * _NOW_AT, _FIRST_SPAN, 1.0)
        self._labels = (0.0, 0.0)
        self._frame = drawing.frame(1, 1)
        self._empty = ""
        self._held: Thing | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    @property
    def scale(self) -> Scale:
        """The window of time shown."""
        return self._scale

    @property
    def following(self) -> bool:
        """Whether the window moves along with now."""
        return self._following

    @property
    def selected(self) -> str | None:
        """Id of the selected lane, if any."""
        return self._selected

    def shown(self) -> tuple[Lane, ...]:
        """The lanes, in their order."""
        return self._lanes

    def in_view(self) -> tuple[Lane, ...]:
        """The lanes that are to be seen without scrolling."""
        seen = self._frame.rows(0, self._frame.body, self._scrolled(), len(self._lanes))
        return self._lanes[seen.start : seen.stop]

    def set_empty_text(self, sentence: str) -> None:
        """What to say while there are no lanes."""
        self._empty = sentence
        self.viewport().update()

    def set_lanes(self, lanes: Sequence[Lane]) -> None:
        """Show these lanes, in this order, keeping selection and the lane that stands on top."""
        old, self._lanes = self._lanes, tuple(lanes)
        anchor = self._anchor(old)
        self._rows = {lane.id: row for row, lane in enumerate(self._lanes)}
        if self._selected not in self._rows:
            self._selected = None
        self._fit_labels()
        self._fit_bars()
        self._restore(anchor)
        if bool(old) != bool(self._lanes):
            self.viewport().update()
        else:
            self._update_changed(old)
        self._describe()

    def _anchor(self, old: tuple[Lane, ...]) -> tuple[str, int] | None:
        scrolled = self.verticalScrollBar().value()
        # At the top new lanes are meant to come into sight; further down nothing may move under somebody's eye.
        if not scrolled:
            return None
        row = min(scrolled // self._frame.row, len(old) - 1)
        return old[row].id, scrolled - row * self._frame.row

    def _restore(self, anchor: tuple[str, int] | None) -> None:
        if anchor is not None and anchor[0] in self._rows:
            # Scrolling paints everything.
            self.verticalScrollBar().setValue(self._rows[anchor[0]] * self._frame.row + anchor[1])

    def _update_changed(self, old: tuple[Lane, ...]) -> None:
        count = max(len(old), len(self._lanes))
        for row in self._frame.rows(0, self._frame.body, self._scrolled(), count):
            if old[row : row + 1] != self._lanes[row : row + 1]:
                self._update_row(row)

    def set_now(self, now: datetime) -> None:
        """Move now to an instant, aware UTC; draws nothing when no pixel and no minute changed."""
        before, self._now = self._now, now
        off = self._scale.x(now) - self._scale.width * _NOW_AT
        if self._following and abs(off) >= 1:
            # By whole pixels: less would draw everything anew and look the same.
            self._show(self._scale.panned(int(off)))
        elif round(self._scale.x(before)) != round(self._scale.x(now)):
            self.viewport().update(self._frame.time_area.toAlignedRect())
        elif clock(before) != clock(now):
            self.viewport().update(0, self._frame.body, self._frame.width, self._frame.axis)
        # Lengths are told in minutes: in between a screen reader would hear the same again.
        if clock(before) != clock(now):
            self._describe()

    def select(self, lane_id: str | None) -> None:
        """Select a lane and bring it into view; an id that no lane has, or ``None``, selects nothing."""
        if self._selected in self._rows:
            self._update_row(self._rows[self._selected])
        if lane_id != self._selected:
            self._held = None
        self._selected = lane_id if lane_id in self._rows else None
        if self._selected is not None:
            self._reveal(self._rows[self._selected])
            self._update_row(self._rows[self._selected])
        self._describe()

    def follow_now(self) -> None:
        """Bring now back to the middle and keep it there."""
        self._following = True
        self._show(self._scale.showing(self._now, self._scale.width * _NOW_AT))

    def show_moment(self, at: datetime) -> None:
        """Look at a moment, aware UTC, in the middle; now is no longer followed."""
        self._following = False
        self._show(self._scale.showing(at, self._scale.width / 2))

    def zoom(self, factor: float, x: float | None = None) -> None:
        """Show ``factor`` times as much time around a pixel of the time area, or around now."""
        now_x = self._scale.x(self._now)
        # While now is followed the next tick would bring it back to its place, wherever the pointer is.
        if self._following or (x is None and 0 <= now_x <= self._scale.width):
            x = now_x
        self._show(self._scale.zoomed(factor, self._scale.width / 2 if x is None else x))

    def pan(self, pixels: float) -> None:
        """Look that many pixels later, earlier when negative; now is no longer followed."""
        self._following = False
        self._show(self._scale.panned(pixels))

    def _show(self, scale: Scale) -> None:
        self._scale = scale
        self.viewport().update(self._frame.time_area.toAlignedRect())
        self.moved.emit()

    def _fit_labels(self) -> None:
        # Only ever wider: a column that breathes with each lane would move the time under somebody's eye.
        wanted = drawing.label_widths(self._lanes)
        if wanted > self._labels:
            self._labels = wanted
            self._fit()

    def _fit(self) -> None:
        size = self.viewport().size()
        self._frame = drawing.frame(size.width(), size.height(), *self._labels)
        self._scale = self._scale.resized(self._frame.time_area.width())
        self._fit_bars()
        if self._following:
            self.follow_now()

    def _fit_bars(self) -> None:
        bar = self.verticalScrollBar()
        bar.setSingleStep(self._frame.row)
        bar.setPageStep(max(self._frame.row, self._frame.body))
        bar.setRange(0, max(0, len(self._lanes) * self._frame.row - self._frame.body))

    def _scrolled(self) -> int:
        return self.verticalScrollBar().value()

    def _reveal(self, row: int) -> None:
        bar, top = self.verticalScrollBar(), row * self._frame.row
        bottom = top + self._frame.row - self._frame.body
        bar.setValue(min(top, max(bottom, bar.value())))

    def _update_row(self, row: int) -> None:
        self.viewport().update(self._frame.row_rect(row, self._scrolled()).toAlignedRect())

    def _describe(self) -> None:
        row = self._rows.get(self._selected or "")
        if row is None:
            self.setAccessibleDescription(f"{len(self._lanes)} lanes, none selected")
            return
        words = attempt("a lane of the timelines", told, self._lanes[row], self._now) or "cannot be told"
        self.setAccessibleDescription(f"Lane {row + 1} of {len(self._lanes)}: {words}")

    def lane_at(self, y: float) -> Lane | None:
        """The lane at a height of the viewport, if there is one."""
        row = (int(y) + self._scrolled()) // self._frame.row
        return self._lanes[row] if 0 <= y < self._frame.body and 0 <= row < len(self._lanes) else None

    def hint_at(self, at: QPointF) -> str:
        """What stands at a point of the viewport, in words with exact London times; empty for nothing."""
        lane = self.lane_at(at.y())
        if lane is None:
            return ""
        if at.x() < self._frame.column:
            return f"{lane.title} {lane.subtitle}".strip()
        return "\n".join(hint(thing, self._now) for thing in self.things_at(at))

    def things_at(self, at: QPointF) -> list[Thing]:
        """The moments within four pixels of a point, then the lengths of time that it lies in."""
        lane = self.lane_at(at.y())
        if lane is None or at.x() < self._frame.column:
            return []
        row = self._frame.row_rect(self._rows[lane.id], self._scrolled())
        x = at.x() - self._frame.column
        marks = [mark for mark in lane.marks if abs(self._scale.x(mark.at) - x) < _NEAR]
        return [*marks, *(one for one in (*lane.segments, *lane.ground) if self._box(one, row).contains(at))]

    def _box(self, thing: Thing, row: QRectF) -> QRectF:
        """Where something is drawn in its lane; of a prediction with how late it may become."""
        if isinstance(thing, Mark):
            x = self._frame.column + self._scale.x(thing.at)
            return QRectF(x - _NEAR, row.top() + 1, 2 * _NEAR, row.height() - 2)
        end = thing.end
        if end is not None and thing.until is not None:
            end = max(end, thing.until)
        return self._frame.span(Segment(thing.start, end, thing.kind), row, self._scale, self._now)

    @property
    def held(self) -> Thing | None:
        """What the keyboard is on within the selected lane, if it went there."""
        return self._held

    def hold(self, by: int) -> str:
        """Go to what comes before (-1) or next (1) in the selected lane; what it is, in words."""
        if self._selected not in self._rows:
            return ""
        row = self._rows[self._selected]
        found = things(self._lanes[row])
        if not found:
            return ""
        place = self._place_of(found)
        # First what is nearest to the middle of what is shown, then one after the other.
        at = min(range(len(found)), key=lambda n: abs(self._scale.x(starts(found[n])) - self._scale.width / 2))
        self._held = found[at if place is None else max(0, min(len(found) - 1, place + by))]
        self._bring(starts(self._held))
        self._update_row(row)
        return hint(self._held, self._now)

    def _place_of(self, found: list[Thing]) -> int | None:
        return next((at for at, thing in enumerate(found) if thing == self._held), None)

    def _bring(self, at: datetime) -> None:
        if not 0 <= self._scale.x(at) <= self._scale.width:
            self.show_moment(at)

    def held_at(self) -> QPointF:
        """Where what the keyboard is on is drawn, for its tooltip."""
        if self._held is None or self._selected not in self._rows:
            return QPointF()
        row = self._frame.row_rect(self._rows[self._selected], self._scrolled())
        return self._box(self._held, row).bottomLeft()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font scale."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            # Smaller type may take back the room that larger labels had; otherwise the column only grows.
            self._labels = (0.0, 0.0)
            self._fit_labels()
            self._fit()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Keep the span of time; keep now in its place when it is followed."""
        self._fit()

    def focusInEvent(self, _event: QEvent) -> None:
        """Show the ring."""
        self.viewport().update()

    def focusOutEvent(self, _event: QEvent) -> None:
        """Hide the ring."""
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the part asked for: only lanes that touch it."""
        colours = current()
        with QPainter(self.viewport()) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(event.rect(), QColor(colours.panel))
            if self._lanes:
                self._draw(painter, event.rect(), colours)
            else:
                self._draw_empty(painter, colours)
            if self.hasFocus():
                paint.paint_focus(painter, QRectF(self.viewport().rect()), colours)

    def _draw(self, painter: QPainter, asked: QRect, colours: Palette) -> None:
        place, scale = self._frame, self._scale
        ticks = scale.ticks(px(90))
        rows = place.rows(asked.top(), asked.bottom(), self._scrolled(), len(self._lanes))
        painter.setClipRect(QRectF(0, 0, place.width, place.body))
        for row in rows:
            with part(painter, place.row_rect(row, self._scrolled()), "a label of the timelines"):
                self._draw_ground(painter, row, colours)
        drawing.draw_grid(painter, place, scale, ticks, colours)
        # What began before the window must not run over the labels.
        painter.setClipRect(QRectF(place.column, 0, place.width, place.body))
        for row in rows:
            rect = place.row_rect(row, self._scrolled())
            with part(painter, rect.adjusted(place.column, 0, 0, 0), "a lane of the timelines"):
                strokes.draw_lane(painter, rect, place, self._lanes[row], scale, self._now, colours)
                if self._held is not None and self._lanes[row].id == self._selected:
                    paint.paint_focus(painter, self._box(self._held, rect), colours)
        painter.setClipRect(place.time_area)
        drawing.draw_now(painter, place, scale, self._now, colours)
        drawing.draw_axis(painter, place, scale, ticks, self._now, colours)
        painter.setClipping(False)
        drawing.draw_corner(painter, place, scale, colours)

    def _draw_ground(self, painter: QPainter, row: int, colours: Palette) -> None:
        rect = self._frame.row_rect(row, self._scrolled())
        if self._lanes[row].id == self._selected:
            painter.fillRect(rect, QColor(colours.selection))
            painter.fillRect(QRectF(0, rect.top(), px(4), rect.height()), QColor(colours.link))
        painter.setPen(QColor(colours.line))
        painter.drawLine(QPointF(0, rect.bottom() - 0.5), QPointF(rect.width(), rect.bottom() - 0.5))
        drawing.draw_label(painter, rect, self._frame, self._lanes[row], colours)

    def _draw_empty(self, painter: QPainter, colours: Palette) -> None:
        painter.setPen(QColor(colours.text_dim))
        wrap = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(QRectF(self.viewport().rect()).adjusted(12, 12, -12, -12), wrap, self._empty)
