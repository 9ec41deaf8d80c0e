"""What a panel is made of: its frame, its heading, and the line that tells what went wrong in it."""

from collections.abc import Callable
from typing import Final, Literal

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from console.look.buttons import ActionButton
from console.look.cut_words import tell_cut
from console.look.guard import guarded
from console.look.key_table import MESSAGE
from console.look.keyboard import Hands
from console.look.layouts import widgets_in
from console.look.palette import Tone
from console.look.style import current, mark, px
from console.running.faults import attempt

Severity = Literal["info", "good", "warn", "late"]

_TONES: Final[dict[Severity, Tone]] = {"info": "link", "good": "good", "warn": "warn", "late": "late"}
_FEW: Final = 4
"""Letters, with the ellipsis: fewer of a text that was cut say nothing."""
LOOK_MS: Final = 250
"""Milliseconds between two looks whether a sentence is still so."""
_SPOKEN: Final[dict[Severity, str]] = {"info": "", "good": "", "warn": "Attention: ", "late": "Urgent: "}


@guarded
class ElidedLabel(QLabel):
    """One line that is cut where there is no room, with the whole of it in the tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        """No room at all, if it must be."""
        return QSize(1, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """As many of the words as have room; nothing where not one has."""
        # Inside the margins: no more of it is drawn anew when the text changes.
        room = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        # Here, where it is known whether anything was cut.
        tell_cut(self, self.text() if shown != self.text() else "")
        with QPainter(self) as painter:
            painter.setPen(self.palette().color(self.foregroundRole()))
            if len(shown) > _FEW or shown == self.text():
                painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


@guarded
class Heading(QWidget):
    """A panel's title in small capitals, a quiet note beside it, and room on the right."""

    def __init__(self, title: str, note: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = QLabel(title, self)
        self._words, self._short = title, title
        # In a narrow panel with large text the note gives way, not the buttons.
        self._note = ElidedLabel(self)
        self._note.setText(note)
        mark(self._title, role="heading")
        mark(self._note, role="small")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(px(12), px(2), px(12), px(2))
        self._row.setSpacing(px(8))
        self._row.addWidget(self._title)
        self._row.addWidget(self._note)
        self._row.addStretch(1)
        self.setMinimumHeight(px(34))
        self.setAccessibleName(title)

    def set_title(self, title: str) -> None:
        """Show another title."""
        self._words = self._short = title
        self.setAccessibleName(title)
        self._fit()

    def set_short(self, title: str) -> None:
        """A title of fewer words, for a panel with little room."""
        self._short = title
        self._fit()

    def _fit(self) -> None:
        margins = self._row.contentsMargins()
        right = [one for one in widgets_in(self._row) if one is not self._title and one is not self._note]
        taken = sum(one.minimumSizeHint().width() + px(8) for one in right if not one.isHidden())
        room = self.width() - margins.left() - margins.right() - taken
        shown = self._title.text()
        # Tried in its place: only the label itself knows its font and the stylesheet's margins.
        self._title.setText(self._words)
        if self._title.sizeHint().width() > room:
            self._title.setText(self._short)
        if self._title.text() != shown:
            self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say the title in as many words as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def set_note(self, note: str, tone: Tone | None = None) -> None:
        """Say something quiet beside the title: a sort order, a count, how fresh the panel is."""
        self._note.setText(note)
        mark(self._note, tone=tone or "dim")

    def note(self) -> str:
        """The note shown."""
        return self._note.text()

    def refit(self) -> None:
        """Say the title in as many words as there is room for, since what is beside it has changed."""
        self._fit()

    def room_beside(self, widget: QWidget) -> int:
        """Pixels that a widget at the right may have beside title, note and the others, all of them whole."""
        margins = self._row.contentsMargins()
        others = [one for one in widgets_in(self._row) if one is not widget and not one.isHidden()]
        taken = sum(one.sizeHint().width() + self._row.spacing() for one in others)
        # The stretch between has its spacing too.
        return max(0, self.width() - margins.left() - margins.right() - taken - 3 * self._row.spacing())

    def add_right(self, widget: QWidget) -> None:
        """Put a widget at the right end, after those already there."""
        self._row.addWidget(widget)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme and the font scale."""
        if event.type() == QEvent.Type.StyleChange:
            self.setMinimumHeight(px(34))
        super().changeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A line below it."""
        with QPainter(self) as painter:
            painter.setPen(QColor(current().line))
            painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)


class Panel(QFrame):
    """A framed panel with a heading and a column below it for what it holds."""

    def __init__(self, title: str, note: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, role="panel")
        self.heading = Heading(title, note, self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 1, 1, 1)
        self._column.setSpacing(0)
        self._column.addWidget(self.heading)
        self.setAccessibleName(title)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Put a widget below those already there."""
        self._column.addWidget(widget, stretch)


@guarded
class _Sign(QWidget):
    """A severity by shape: round, ticked, three-cornered, four-cornered on its point."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.severity: Severity = "info"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(px(18), px(18))

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            ink = QColor(current().tone(_TONES[self.severity]))
            box = QRectF(self.rect()).adjusted(2, 2, -2, -2)
            painter.setPen(QPen(ink, 2))
            if self.severity == "good":
                painter.drawPolyline(_corners(box, (0, 0.55), (0.4, 0.95), (1, 0.1)))
            elif self.severity == "info":
                painter.drawEllipse(box)
            else:
                painter.setBrush(ink)
                painter.drawPolygon(_corners(box, *_SIGNS[self.severity]))


_SIGNS: Final[dict[Severity, tuple[tuple[float, float], ...]]] = {
    "warn": ((0.5, 0.05), (1, 0.95), (0, 0.95)),
    "late": ((0.5, 0), (1, 0.5), (0.5, 1), (0, 0.5)),
}


def _corners(box: QRectF, *shares: tuple[float, float]) -> QPolygonF:
    return QPolygonF([QPointF(box.left() + box.width() * x, box.top() + box.height() * y) for x, y in shares])


@guarded
class MessageBar(QFrame):
    """A sentence with a next step, where the eyes are; hidden while there is nothing to say."""

    action = Signal()
    """The person pressed the button that does the next step."""
    dismissed = Signal()
    """The person put the message away."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._severity: Severity = "info"
        self._sign = _Sign(self)
        self._words = QLabel(self)
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        # A click into the sentence must not take the keyboard from where somebody types.
        self._words.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._act = ActionButton("", parent=self)
        self._act.clicked.connect(self.action)
        self._close = ActionButton("Dismiss", kind="quiet", parent=self)
        self._close.clicked.connect(self._dismiss)
        self._hands = Hands(MESSAGE, {"dismiss": self._dismiss})
        self._so: Callable[[], bool] | None = None
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self.look)
        self._lay_out()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(px(14), px(6), px(8), px(6))
        row.setSpacing(px(8))
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._words, 1)
        row.addWidget(self._act)
        row.addWidget(self._close)

    def say(
        self,
        severity: Severity,
        sentence: str,
        next_step: str = "",
        button: str = "",
        *,
        so: Callable[[], bool] | None = None,
    ) -> None:
        """Show a message in place of the one before it, without taking the focus.

        Args:
            severity: ``"info"``, ``"good"``, ``"warn"`` or ``"late"``.
            sentence: what happened.
            next_step: what the person can do about it, as a sentence.
            button: the words on a button that does it; none for no button. See ``action``.
            so: of a sentence about how things stand: whether they still do. It goes when they do not. None for
                what happened, which stays true. ``tests/unit/test_said_while_so.py`` has the list of those.
        """
        self._so = so
        self._watch(so is not None)
        self._severity = severity
        self._sign.severity = severity
        text = f"{sentence} {next_step}".strip()
        self._words.setText(text)
        self._act.setText(button)
        self._act.setVisible(bool(button))
        self.say_waiting(0)
        self.setAccessibleName(_SPOKEN[severity] + text)
        self.show()
        self.update()
        # It takes no focus, so that a screen reader has to be told.
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.accessibleName()))

    def say_waiting(self, count: int) -> None:
        """Say how many messages *Dismiss* would show after this one."""
        self._close.setText(f"Dismiss · {count} more" if count else "Dismiss")

    def clear(self) -> None:
        """Say nothing and take no room."""
        self._so = None
        self._watch(False)
        self._words.clear()
        self.hide()

    def look(self) -> None:
        """Take away what is so no longer. By the clock: those who would have to tell are many, and one forgets."""
        if self._so is not None and attempt("whether a message is still so", self._so) is False:
            self.clear()

    def _watch(self, wanted: bool) -> None:
        # Only while there is something to look after: a bar that is quiet costs nothing.
        if wanted:
            self._look.start()
        else:
            self._look.stop()

    def text(self) -> str:
        """Sentence and next step as shown; empty when nothing is said."""
        return self._words.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape puts the message away."""
        self._hands.take(event)

    def _dismiss(self) -> None:
        self.clear()
        self.dismissed.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Its ground, a bar in the colour of its severity, and an outline."""
        colours = current()
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(colours.raised))
            painter.fillRect(0, 0, px(4), self.height(), QColor(colours.tone(_TONES[self._severity])))
            painter.setPen(QColor(colours.line))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
