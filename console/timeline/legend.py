"""What the colours and patterns of the lanes mean."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.look import paint
from console.look.guard import guarded
from console.look.palette import Palette
from console.look.style import current, px, text_font
from console.timeline.lanes import SPOKEN, Kind
from console.timeline.strokes import ROLES, outline, travel_fill

OF_REFERRALS: Final[tuple[Kind, ...]] = ("ems", "police", "cru", "handover", "destination", "wait", "predicted")
OF_VANS: Final[tuple[Kind, ...]] = ("travel", "handover", "cru", "destination", "predicted", "duty", "meal")


@guarded
class Legend(QWidget):
    """A swatch and a word for each kind; those that do not fit are left out, last first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = OF_REFERRALS
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.show_kinds(OF_REFERRALS)

    def show_kinds(self, kinds: tuple[Kind, ...]) -> None:
        """Explain these."""
        self._shown = kinds
        words = [SPOKEN[kind] for kind in kinds]
        self.setAccessibleName("Legend: " + ", ".join(words))
        self.setToolTip(", ".join(words))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Room for all."""
        return QSize(round(sum(self._width(kind) for kind in self._shown)), px(22))

    def minimumSizeHint(self) -> QSize:
        """No room at all, in a narrow panel."""
        return QSize(0, px(22))

    @staticmethod
    def _width(kind: Kind) -> float:
        return QFontMetricsF(text_font(0.9)).horizontalAdvance(SPOKEN[kind]) + px(34)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw swatches and words."""
        colours = current()
        with QPainter(self) as painter:
            left = 0.0
            for kind in self._shown:
                width = self._width(kind)
                if left + width > self.width() + 1:
                    return
                swatch = QRectF(left + px(10), (self.height() - px(11)) / 2, px(14), px(11))
                _draw_swatch(painter, swatch, kind, colours)
                painter.setPen(QColor(colours.text_dim))
                painter.setFont(text_font(0.9))
                words = QRectF(left + px(29), 0, width, self.height())
                painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, SPOKEN[kind])
                left += width


def _draw_swatch(painter: QPainter, swatch: QRectF, kind: Kind, colours: Palette) -> None:
    if kind == "travel":
        painter.fillRect(swatch, travel_fill(colours))
        return
    how = paint.Stretch("", ROLES[kind], kind == "handover", kind in {"predicted", "meal"})
    paint.paint_stretch(painter, swatch, how, colours)
    if kind == "wait":
        outline(painter, swatch, colours.edge)
