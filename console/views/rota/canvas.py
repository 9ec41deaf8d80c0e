"""The painted week: a lane a van or a person, a ring that the keys move, shifts that the mouse drags."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QToolTip, QWidget

from console.look import paint
from console.look.guard import guarded, part
from console.look.keyboard import Hands
from console.look.rota_keys import ROTA
from console.look.style import current, px
from console.views.rota import drawing
from console.views.rota.frame import WeekFrame
from db.domain.clocks import local
from db.domain.rota import DAYS, Cover, london
from db.domain.rota_view import Block, BlockState, RotaLane, Week, when_words

_EDGE: Final = 6
"""Pixels from its edge in which a shift is made longer or shorter instead of moved."""
_FAR: Final = 6
"""Pixels until a press is a drag."""
_MORNING: Final = time(7)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the ring is: on a shift of a lane, or on a day without one."""

    lane: UUID
    at: datetime
    block: Block | None = None


@dataclass(frozen=True, slots=True)
class _Drag:
    """A shift in the hand."""

    block: Block
    grip: str
    from_x: float
    to: Block
    lane: UUID


@guarded
class WeekCanvas(QFrame):
    """Shows a week. It changes nothing by itself: what is wanted is told."""

    chosen = Signal()
    """The ring moved."""
    dropped = Signal(object, object)
    """A :class:`Block` as it was, and as it was let go: another lane, start or end."""
    opened = Signal()
    """A double click on where the ring is."""

    def __init__(self, acts: dict[str, Callable[[], object]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lanes: tuple[RotaLane, ...] = ()
        self._week: Week | None = None
        self._cover: tuple[Cover, ...] = ()
        self._halves = True
        self.cursor_at: Cursor | None = None
        self._drag: _Drag | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        mine: dict[str, Callable[[], object]] = {
            "before": lambda: self._along(-1),
            "next": lambda: self._along(1),
            "up": lambda: self._across(-1),
            "down": lambda: self._across(1),
        }
        self._hands = Hands(ROTA, mine | acts)
        self.setAccessibleName("The week of the rota")

    # --- what is shown ---

    def show_week(self, week: Week, lanes: Sequence[RotaLane], *, halves: bool) -> None:
        """Show these lanes; the ring stays where it was, as near as can be."""
        self._week, self._lanes, self._halves = week, tuple(lanes), halves
        self._cover = tuple(week.cover())
        self._take_up()
        self.updateGeometry()
        self.update()

    def _take_up(self) -> None:
        week, was = self._week, self.cursor_at
        if week is None or not self._lanes:
            self.cursor_at = None
            return
        lane = next((one for one in self._lanes if was is not None and one.id == was.lane), self._lanes[0])
        near = was.at if was is not None else week.now
        same = was.block.id if was is not None and was.block is not None else None
        # Where it is now, whoever moved it: a shift that left its lane must not leave another one under the keys.
        stops = (stop for one in (lane, *self._lanes) for stop in self._stops(one) if stop.block is not None)
        found = next((one for one in stops if one.block is not None and one.block.id == same), None)
        self._choose(found or min(self._stops(lane), key=lambda one: abs(one.at - near)))

    def go_to(self, lane: UUID | None, at: datetime) -> None:
        """Put the ring on the shift of a lane that is nearest to a moment."""
        wanted = lane or (self.cursor_at.lane if self.cursor_at is not None else None)
        found = next((one for one in self._lanes if one.id == wanted), None)
        if found is not None:
            self._choose(min(self._stops(found), key=lambda one: abs(one.at - at)))
            self.setFocus()

    def _stops(self, lane: RotaLane) -> list[Cursor]:
        """Every shift of a lane, and every day on which none begins."""
        week = self._week
        if week is None:
            return []
        monday = local(week.start).date()
        taken = {local(block.start).date() for block in lane.blocks}
        days = (monday + timedelta(days=day) for day in range(DAYS))
        empty = [Cursor(lane.id, london(day, _MORNING)) for day in days if day not in taken]
        return sorted([*(Cursor(lane.id, one.start, one) for one in lane.blocks), *empty], key=lambda one: one.at)

    def _choose(self, cursor: Cursor) -> None:
        self.cursor_at = cursor
        self.setAccessibleDescription(self.told())
        if self.hasFocus():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.told()))
        self.update()
        self.chosen.emit()

    def told(self) -> str:
        """Where the ring is, in words; while a shift is dragged, when and where it would be."""
        if self._drag is not None and self._drag.to != self._drag.block:
            to = self._drag.to
            lane = next((one.title for one in self._lanes if one.id == to.lane), "")
            return f"{lane}: {when_words(to.start, to.end)} if it is let go here"
        at = self.cursor_at
        if at is None:
            return "nothing"
        lane = next((one.title for one in self._lanes if one.id == at.lane), "")
        if at.block is None:
            return f"{lane}: no shift begins on {local(at.at):%A} {local(at.at).day} {local(at.at):%b}"
        block = at.block
        note = block.plan.note if block.plan is not None else ""
        words = [f"{lane}: {when_words(block.start, block.end)}", block.words, block.stands, note]
        return " · ".join(one for one in words if one)

    # --- keys ---

    def _along(self, by: int) -> None:
        at = self.cursor_at
        lane = next((one for one in self._lanes if at is not None and one.id == at.lane), None)
        if at is None or lane is None:
            return
        stops = self._stops(lane)
        place = next((n for n, one in enumerate(stops) if one == at), 0) + by
        if 0 <= place < len(stops):
            self._choose(stops[place])

    def _across(self, by: int) -> None:
        other = self.neighbour(by)
        if other is not None and self.cursor_at is not None:
            at = self.cursor_at.at
            self._choose(min(self._stops(other), key=lambda one: abs(one.at - at)))

    def neighbour(self, by: int) -> RotaLane | None:
        """The lane above (-1) or below (1) the ring."""
        ids = [one.id for one in self._lanes]
        if self.cursor_at is None or self.cursor_at.lane not in ids:
            return None
        place = ids.index(self.cursor_at.lane) + by
        return self._lanes[place] if 0 <= place < len(ids) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The table's keys, and no other."""
        self._hands.take(event)

    # --- the mouse ---

    def _under(self, at: QPointF) -> tuple[Block | None, RotaLane | None, QRectF]:
        place = self.frame()
        row = place.lane_at(at.y()) if place is not None else None
        if place is None or row is None:
            return None, None, QRectF()
        lane = self._lanes[row]
        boxes = ((block, place.box(block, row)) for block in lane.blocks)
        found = next(((block, box) for block, box in boxes if box.contains(at)), None)
        return (found[0], lane, found[1]) if found else (None, lane, QRectF())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose what is under the pointer, and take it in the hand."""
        at = event.position()
        block, lane, box = self._under(at)
        place = self.frame()
        if lane is None or place is None or at.x() < place.label:
            return
        if block is None:
            self._choose(min(self._stops(lane), key=lambda one: abs(one.at - place.moment(at.x()))))
            return
        self._choose(Cursor(lane.id, block.start, block))
        grip = "start" if at.x() - box.left() < _EDGE else "end" if box.right() - at.x() < _EDGE else "whole"
        if block.plan is not None and block.duty is None and self._halves:
            self._drag = _Drag(block, grip, at.x(), block, lane.id)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show where it would go."""
        drag, place = self._drag, self.frame()
        if drag is None or place is None:
            return
        at = event.position()
        if (
            drag.to == drag.block
            and abs(at.x() - drag.from_x) < _FAR
            and place.lane_at(at.y()) == self._row(drag.lane)
        ):
            return
        by = place.span(at.x() - drag.from_x)
        start = drag.block.start + (by if drag.grip != "end" else timedelta(0))
        end = drag.block.end + (by if drag.grip != "start" else timedelta(0))
        row = place.lane_at(at.y()) if drag.grip == "whole" else self._row(drag.lane)
        lane = self._lanes[row].id if row is not None else drag.lane
        if end > start:
            self._drag = replace(drag, to=replace(drag.block, start=start, end=end, lane=lane))
            self.chosen.emit()
            self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go."""
        drag, self._drag = self._drag, None
        self.chosen.emit()
        self.update()
        if drag is not None and drag.to != drag.block:
            self.dropped.emit(drag.block, drag.to)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Open what is under the pointer."""
        self._drag = None
        self.opened.emit()

    def _row(self, lane: UUID) -> int:
        return next((n for n, one in enumerate(self._lanes) if one.id == lane), 0)

    def event(self, event: QEvent) -> bool:
        """Tell what is under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            block, lane, _ = self._under(QPointF(event.pos()))
            words = (
                ""
                if block is None or lane is None
                else f"{lane.title} {when_words(block.start, block.end)}\n{block.words}\n{block.stands}".rstrip()
            )
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    # --- paint ---

    def sizeHint(self) -> QSize:
        """As high as its lanes need."""
        return QSize(px(900), self._least())

    def minimumSizeHint(self) -> QSize:
        """No lane is lower than a line of text, or two where day and night stand apart."""
        return QSize(px(380), self._least())

    def _least(self) -> int:
        return px(42) + len(self._lanes) * px(52 if self._halves else 26) + (px(58) if self._halves else 0)

    def frame(self) -> WeekFrame | None:
        """Where everything stands now."""
        week = self._week
        if week is None:
            return None
        head = px(42)
        foot = max(px(58), min(px(110), self.height() // 8)) if self._halves else 0
        room = self.height() - head - foot
        least, most = px(52 if self._halves else 26), px(170 if self._halves else 56)
        lane = max(least, min(most, room / max(1, len(self._lanes))))
        return WeekFrame(
            week.start,
            week.end,
            self.width(),
            self.height(),
            drawing.label_width(self._lanes, self.width() * 0.24),
            head,
            lane,
            foot,
            len(self._lanes),
            self._halves,
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the week."""
        colours, place, week = current(), self.frame(), self._week
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(colours.panel))
            if place is None or week is None:
                painter.setPen(QColor(colours.text_dim))
                painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "Reading the rota…")
                return
            drawing.draw_days(painter, place, week.start, colours)
            for row, lane in enumerate(self._lanes):
                with part(painter, QRectF(0, place.top(row), place.width, place.lane), "a lane of the rota"):
                    self._draw_lane(painter, place, lane, row)
            if place.foot:
                drawing.draw_cover(painter, place, self._cover, colours)
            drawing.draw_now(painter, place, week.now, colours)
            self._draw_ring(painter, place)

    def _draw_lane(self, painter: QPainter, place: WeekFrame, lane: RotaLane, row: int) -> None:
        drawing.draw_label(painter, place, lane, row, current())
        drag = self._drag
        for block in lane.blocks:
            if drag is None or block != drag.block:
                drawing.draw_block(painter, place.box(block, row), block, current())
        if drag is not None and drag.to.lane == lane.id:
            painter.setOpacity(0.75)
            drawing.draw_block(painter, place.box(drag.to, row), drag.to, current())
            painter.setOpacity(1.0)

    def _draw_ring(self, painter: QPainter, place: WeekFrame) -> None:
        at = self.cursor_at
        if at is None or at.lane not in {one.id for one in self._lanes}:
            return
        row = self._row(at.lane)
        empty = Block(at.lane, at.lane, at.at, at.at + timedelta(hours=12), "", "", BlockState.PLANNED)
        box = place.box(at.block or empty, row).adjusted(-2, -2, 2, 2)
        if self.hasFocus():
            paint.paint_focus(painter, box, current())
        else:
            painter.setPen(QColor(current().edge))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 4, 4)
