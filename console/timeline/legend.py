"""What the colours and patterns of the lanes mean."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.look import paint
from console.look.guard import guarded
from console.look.style import current, px, text_font
from console.timeline.drawing import ROLES, outline
from console.timeline.lanes import SPOKEN, Kind

_SHOWN: tuple[Kind, ...] = ("ems", "police", "cru", "handover", "destination", "wait", "predicted")


@guarded
class Legend(QWidget):
    """A swatch and a word for each kind; those that do not fit are left out, last first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        words = [SPOKEN[kind] for kind in _SHOWN]
        self.setAccessibleName("Legend: " + ", ".join(words))
        self.setToolTip(", ".join(words))

    def sizeHint(self) -> QSize:
        """Room for all."""
        return QSize(round(sum(self._width(kind) for kind in _SHOWN)), px(22))

    def minimumSizeHint(self) -> QSize:
        """No room at all, in a narrow panel."""
        return QSize(0, px(22))

    @staticmethod
    def _width(kind: Kind) -> float:
        return QFontMetricsF(text_font(0.9)).horizontalAdvance(SPOKEN[kind]) + px(34)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw swatches and words."""
        colours = current()
        painter = QPainter(self)
        left = 0.0
        for kind in _SHOWN:
            width = self._width(kind)
            if left + width > self.width() + 1:
                return
            swatch = QRectF(left + px(10), (self.height() - px(11)) / 2, px(14), px(11))
            how = paint.Stretch("", ROLES[kind], kind == "handover", kind == "predicted")
            paint.paint_stretch(painter, swatch, how, colours)
            if kind == "wait":
                outline(painter, swatch, colours.edge)
            painter.setPen(QColor(colours.text_dim))
            painter.setFont(text_font(0.9))
            words = QRectF(left + px(29), 0, width, self.height())
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, SPOKEN[kind])
            left += width
