"""Where everything of a week stands on the canvas: pixels of time and lanes. Pure but for Qt's rectangles."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from PySide6.QtCore import QRectF

from db.domain.rota_view import Block

SNAP: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class WeekFrame:
    """Pixels of a canvas.

    Attributes:
        label: the width of the names.
        head: the height of the days' names.
        lane: the height of one lane.
        foot: the height of the strip of cover; 0 without one.
        halves: whether shifts of the day stand above those of the night.
    """

    start: datetime
    end: datetime
    width: float
    height: float
    label: float
    head: float
    lane: float
    foot: float
    lanes: int
    halves: bool

    def x(self, moment: datetime) -> float:
        """Where a moment of the week stands; at an edge for what lies outside."""
        share = (moment - self.start) / (self.end - self.start)
        return self.label + max(0.0, min(1.0, share)) * (self.width - self.label)

    def moment(self, x: float) -> datetime:
        """The moment at a pixel, to the half hour."""
        return self.start + self.span(x - self.label)

    def span(self, pixels: float) -> timedelta:
        """How long a way across the week is, to the half hour; of a difference, since two moments round apart."""
        share = pixels / max(1.0, self.width - self.label)
        return round((self.end - self.start) * share / SNAP) * SNAP

    def top(self, lane: int) -> float:
        """The upper edge of a lane."""
        return self.head + lane * self.lane

    def lane_at(self, y: float) -> int | None:
        """The lane at a height."""
        at = int((y - self.head) // self.lane)
        return at if y >= self.head and at < self.lanes else None

    @property
    def cover(self) -> QRectF:
        """The strip in which the hours' cover stands."""
        top = self.top(self.lanes)
        return QRectF(self.label, top + 4, self.width - self.label, max(0.0, self.foot - 8))

    def box(self, block: Block, lane: int) -> QRectF:
        """Where a shift is drawn."""
        left, right = self.x(block.start), self.x(block.end)
        top, high = self.top(lane) + 3, self.lane - 6
        if self.halves:
            high = (self.lane - 8) / 2
            top += high + 2 if block.is_night else 0
        return QRectF(left + 1, top, max(4.0, right - left - 2), high)
