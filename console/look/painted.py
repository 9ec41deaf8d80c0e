"""Small painted widgets: a priority, a bar of time, a chip, a key, a chain of who holds the patient."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from console.look import keys, paint
from console.look.guard import guarded
from console.look.palette import Tone
from console.look.style import current, px, text_font
from db.domain.texts import told


@guarded
class _Painted(QWidget):
    """A widget of one size by its content, that follows the theme and the font scale."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            # Sizes follow the font scale, and Qt keeps the hint until it is told.
            self.updateGeometry()
            self.update()
        super().changeEvent(event)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _renew(self) -> None:
        self.updateGeometry()
        self.update()


@guarded
class PriorityBadge(_Painted):
    """A priority, told by text, shape, weight and colour."""

    def __init__(self, priority: str, standing: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_priority(priority, standing)

    @property
    def priority(self) -> str:
        """The priority shown, such as ``"P1"``; empty when not yet known."""
        return self._priority

    def set_priority(self, priority: str, standing: int) -> None:
        """Show another priority, before which so many others go; an empty one is drawn as a question mark."""
        self._priority, self._standing = priority, standing
        self.setAccessibleName(f"Priority {priority.removeprefix('P')}" if priority else "Priority not set")
        self.setToolTip(self.accessibleName())
        self.update()

    def sizeHint(self) -> QSize:
        """Room for two letters in an outline."""
        return QSize(px(40), px(28))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The priority in its shape and colour."""
        with QPainter(self) as painter:
            paint.paint_badge(painter, QRectF(self.rect()), self._priority, self._standing, current())


@guarded
class TimeBar(_Painted):
    """A bar of time used, wide as its place allows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._used = 0.0
        self._tone: Tone = "neutral"

    def set_time(self, used: float, tone: Tone, text: str) -> None:
        """Show a share of time used.

        Args:
            used: 0 for nothing to 1 for all; above 1 is over time and drawn striped.
            tone: colour of the bar.
            text: the same in words for tooltip and screen reader, such as ``"25 min left of 60"``.
        """
        self._used, self._tone = used, tone
        self.setAccessibleName(text)
        self.setToolTip(text)
        self.update()

    def sizeHint(self) -> QSize:
        """A thin line, at least as long as a word."""
        return QSize(px(60), px(8))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """How much of the time is gone."""
        with QPainter(self) as painter:
            paint.paint_bar(painter, QRectF(self.rect()), self._used, self._tone, current())


@guarded
class Chip(_Painted):
    """A short text in a round-ended outline: one thing asked for, one flag, one state."""

    def __init__(self, text: str, tone: Tone | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._tone: Tone | None = None
        self.set_text(text, tone)

    @property
    def text(self) -> str:
        """The text shown."""
        return self._text

    def set_text(self, text: str, tone: Tone | None = None) -> None:
        """Show another text; ``tone`` colours text and outline, none means ordinary text."""
        self._text, self._tone = told(text), tone
        self.setAccessibleName(self._text)
        self._renew()

    def sizeHint(self) -> QSize:
        """The text with a round end on either side, never under 24 px."""
        metrics = QFontMetrics(text_font(0.95))
        return QSize(metrics.horizontalAdvance(self._text) + px(24), max(px(24), metrics.height() + px(6)))

    def hasHeightForWidth(self) -> bool:
        """A long text wraps where there is less room than it needs."""
        return True

    def heightForWidth(self, width: int) -> int:
        """One line, or as many as the text needs."""
        metrics, room = QFontMetrics(text_font(0.95)), QRect(0, 0, max(1, width - px(20)), 0)
        lines = metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), self._text).height()
        return max(self.sizeHint().height(), lines + px(6))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The words in their chip."""
        colours = current()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(self.rect()).adjusted(0.7, 0.7, -0.7, -0.7)
            painter.setPen(QPen(QColor(colours.tone(self._tone) if self._tone else colours.line), 1.2))
            painter.setBrush(QColor(colours.raised))
            # The round ends stay those of one line where the text wraps.
            radius = min(box.height() / 2, self.sizeHint().height() / 2)
            painter.drawRoundedRect(box, radius, radius)
            painter.setPen(QColor(colours.tone(self._tone) if self._tone else colours.text))
            painter.setFont(text_font(0.95))
            if self.width() < self.sizeHint().width():
                inside = box.adjusted(px(10), 0, -px(10), 0)
                painter.drawText(inside, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._text)
            else:
                painter.drawText(box, paint.ONE_LINE | Qt.AlignmentFlag.AlignHCenter, self._text)


@guarded
class KeyHint(_Painted):
    """A keycap, with a word after it if wanted: ``Ctrl N new``. It binds no key."""

    def __init__(self, sequence: str, word: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = f"{keys.cap(sequence)} {word}".strip()
        self.setAccessibleName(f"{keys.spoken(sequence)} {word}".strip())

    def sizeHint(self) -> QSize:
        """The text with a little air."""
        metrics = QFontMetrics(text_font(0.8, bold=True))
        return QSize(metrics.horizontalAdvance(self._shown) + px(12), metrics.height() + px(6))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The keycap."""
        with QPainter(self) as painter:
            paint.paint_keycap(painter, QRectF(self.rect()), self._shown, current())


@dataclass(frozen=True, slots=True)
class Held:
    """One link of who holds the patient.

    Attributes:
        label: whose it is and how long, such as ``"EMAS 41 min"``.
        seconds: length; 0 or less is drawn as short as its label can still begin.
        role: palette role: ``ems``, ``police``, ``cru``, ``destination``, or ``track`` for one to come.
        hatched: the patient is changing hands.
    """

    label: str
    seconds: float
    role: str
    hatched: bool = False


@guarded
class HoldingBar(_Painted):
    """Who holds the patient: one bar, one stretch a holder, in proportion to time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._held: tuple[Held, ...] = ()
        self.set_held(())

    def set_held(self, held: Sequence[Held]) -> None:
        """Show this chain of holders, first to last; an empty one says that no one is known to."""
        self._held = tuple(held)
        told = ", then ".join(self._told(link) for link in self._held)
        self.setAccessibleName(f"Who holds the patient: {told or 'not known'}")
        self.update()

    @staticmethod
    def _told(link: Held) -> str:
        return f"{link.label} (next)" if link.role == "track" else link.label

    def sizeHint(self) -> QSize:
        """One line of text with air above and below."""
        return QSize(px(160), px(30))

    def spans(self) -> list[tuple[QRectF, Held]]:
        """Where each link is drawn, in widget coordinates."""
        # Every holder has room for how their label begins, however short their time; the rest is shared by time.
        least = min(px(56), self.width() / max(1, len(self._held)))
        total = sum(max(0.0, link.seconds) for link in self._held)
        spare = max(0.0, self.width() - least * len(self._held))
        spans, left = [], 0.0
        for link in self._held:
            # All of no length, as in the first second: then they share alike.
            share = max(0.0, link.seconds) / total if total > 0 else 1 / len(self._held)
            width = least + spare * share
            spans.append((QRectF(left, 0, width, self.height()), link))
            left += width
        return spans

    def event(self, event: QEvent) -> bool:
        """Tell the link under the pointer."""
        # The links are painted and no widgets: each needs its own tooltip from here.
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            under = [link for box, link in self.spans() if box.contains(event.pos())]
            QToolTip.showText(event.globalPos(), under[0].label if under else "", self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Who held the patient, one after the other, each in its colour."""
        colours = current()
        with QPainter(self) as painter:
            if not self._held:
                paint.paint_stretch(painter, QRectF(self.rect()), paint.Stretch("not known", "track"), colours)
            for box, link in self.spans():
                bar = paint.Stretch(link.label, link.role, link.hatched, shorter=(link.label.partition(" ")[0],))
                paint.paint_stretch(painter, box, bar, colours)
