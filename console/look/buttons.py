"""The button for an action, with the key that does the same printed in it."""

from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QWidget

from console.look import keys, paint
from console.look.cut_words import tell_cut
from console.look.guard import guarded
from console.look.style import current, mark, px, text_font

Kind = Literal["primary", "secondary", "danger", "quiet"]
_HELD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


@guarded
class ActionButton(QPushButton):
    """A button that shows its key; binding the key stays with the view, where it is unambiguous."""

    def __init__(self, text: str, key: str = "", kind: Kind = "secondary", parent: QWidget | None = None) -> None:
        """Make the button.

        Args:
            text: what it does, such as ``"Handover accepted"``.
            key: the key that does the same, the portable way (``"Return"``, ``"Ctrl+N"``); none for none.
            kind: ``"primary"`` for the likely next step, ``"danger"`` for what harms if done by mistake,
                ``"quiet"`` for what need not be seen until it is looked for.
            parent: owner.
        """
        super().__init__(text, parent)
        self._key = ""
        self._wraps = False
        # Enter belongs to the part that has the keyboard, not to a button that Qt thinks likely.
        self.setAutoDefault(False)
        self.set_kind(kind)
        self.set_key(key)

    def set_kind(self, kind: Kind) -> None:
        """Change how loud the button is."""
        mark(self, kind=kind)

    def set_key(self, key: str) -> None:
        """Show another key, or none."""
        self._key = key
        self.setAccessibleDescription(f"Key: {keys.spoken(key)}" if key else "")
        self.updateGeometry()
        self.update()

    def key(self) -> str:
        """The key shown, the portable way; empty for none."""
        return self._key

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the keyboard, once, as Space does."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or event.modifiers() & _HELD:
            super().keyPressEvent(event)
            return
        event.accept()
        if not event.isAutoRepeat():
            self.click()

    def set_wrapping(self) -> None:
        """Put words that do not fit into more lines from now on, instead of cutting them."""
        self._wraps = True
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        policy.setVerticalPolicy(QSizePolicy.Policy.Minimum)
        # Otherwise the room for all words in one line is taken to be the least.
        policy.setHorizontalPolicy(QSizePolicy.Policy.Preferred)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        """Only where words may wrap."""
        return self._wraps

    def heightForWidth(self, width: int) -> int:
        """One line, and more where the words need them."""
        more = max(1, len(self._lines(width))) - 1
        return self.sizeHint().height() + more * QFontMetrics(self.font()).lineSpacing()

    def sizeHint(self) -> QSize:
        """Room for text and keycap."""
        hint = super().sizeHint()
        return hint + QSize(round(self._cap_width()) + px(8), 0) if self._key else hint

    def minimumSizeHint(self) -> QSize:
        """Room for a few letters and the keycap; longer texts are cut and told by the tooltip."""
        words = QFontMetrics(self.font()).horizontalAdvance
        word = max(map(words, self.text().split()), default=0) + px(30) if self._wraps else 0
        few = min(self.sizeHint().width(), max(px(72), word) + round(self._cap_width()))
        return QSize(few, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The style's ground with the words and the keycap on it."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        # The style draws the ground alone: it knows no keycap beside the words.
        option.text = ""
        with QPainter(self) as painter:
            self.style().drawControl(QStyle.ControlElement.CE_PushButtonBevel, option, painter, self)
            self._paint_words(painter)

    def _room(self, width: int) -> float:
        # A button that does nothing now has no key that does it.
        cap = self._cap_width() if self.isEnabled() else 0.0
        return width - 2 * px(10) - cap - (px(8) if cap else 0)

    def _lines(self, width: int) -> list[str]:
        """The words in one line, cut, or in as many as they need."""
        metrics, room = QFontMetrics(self.font()), round(self._room(width))
        if not self._wraps:
            return [metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, room)]
        lines: list[str] = []
        for word in self.text().split(" "):
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and metrics.horizontalAdvance(longer) <= room:
                lines[-1] = longer
            else:
                lines.append(word)
        return [metrics.elidedText(line, Qt.TextElideMode.ElideRight, room) for line in lines]

    def _paint_words(self, painter: QPainter) -> None:
        metrics, lines = QFontMetrics(self.font()), self._lines(self.width())
        cap = self._cap_width() if self.isEnabled() else 0.0
        gap = px(8) if cap else 0
        tell_cut(self, self.text() if " ".join(lines) != self.text() else "")
        width = max((metrics.horizontalAdvance(line) for line in lines), default=0)
        left = (self.width() - width - gap - cap) / 2
        top = (self.height() - len(lines) * metrics.lineSpacing()) / 2
        painter.setPen(self._ink())
        for number, line in enumerate(lines):
            box = QRectF(left, top + number * metrics.lineSpacing(), width + 1, metrics.lineSpacing())
            painter.drawText(box, paint.ONE_LINE | Qt.AlignmentFlag.AlignHCenter, line)
        if cap:
            height = QFontMetricsF(text_font(0.8, bold=True)).height() + px(4)
            middle = (self.height() - height) / 2
            box = QRectF(left + width + gap, middle, cap, height)
            paint.paint_keycap(painter, box, keys.cap(self._key), current())

    def _ink(self) -> QColor:
        colours = current()
        if not self.isEnabled():
            return QColor(colours.hint)
        inks = {"primary": colours.on_accent, "danger": colours.on_danger, "quiet": colours.text_dim}
        return QColor(inks.get(str(self.property("kind")), colours.text))

    def _cap_width(self) -> float:
        if not self._key:
            return 0.0
        return QFontMetricsF(text_font(0.8, bold=True)).horizontalAdvance(keys.cap(self._key)) + px(12)
