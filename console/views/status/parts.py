"""Parts of the status bar: a text that gives way, marks, and what changed while the link was lost."""

from uuid import UUID

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from console.look import paint
from console.look.guard import guarded
from console.look.style import current, mark, px, text_font
from console.look.widgets import ActionButton, Chip
from console.running.tasks import Supervisor

_READ_FOR = 15_000
"""Milliseconds for which it is said that nothing changed: somebody may just have looked up."""
_CHIPS = 3
"""Referrals that have a button of their own; the board has the rest."""


@guarded
class Meanwhile(QWidget):
    """After a loss of the link: which referrals changed meanwhile, each a step away, as many as have room."""

    chosen = Signal(object)
    """The UUID of a referral to look at."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(px(6))
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        mark(self._words, tone="warn")
        self._row.addWidget(self._words)
        self._chips: list[ActionButton] = []
        self._lengths: tuple[str, ...] = ("", "")
        self._read = QTimer(self, singleShot=True, interval=_READ_FOR)
        self._read.timeout.connect(self.clear)
        self.hide()

    def tell(self, changed: list[tuple[UUID, str]]) -> None:
        """Name the referrals that changed, by id and short name; none says that nothing did."""
        self.clear()
        self._lengths = _meanwhile_lengths(len(changed))
        self.setAccessibleName(self._lengths[0])
        for key, name in changed[:_CHIPS]:
            self._add(name, f"Go to {name}").clicked.connect(lambda _=False, one=key: self.chosen.emit(one))
        if changed:
            self._add("Seen", "Put this message away").clicked.connect(self.clear)
        else:
            # It asks for nothing, not even to be put away, and takes room from what does.
            self._read.start()
        self._fit()
        self.show()

    def text(self) -> str:
        """The sentence, however much of it there is room for."""
        return "" if self.isHidden() else self._lengths[0]

    def buttons(self) -> list[ActionButton]:
        """The steps to the referrals, and the one that puts the message away, last."""
        return list(self._chips)

    def wanted(self, least: bool) -> QSize:
        """What it needs for every step, and for the fewest words that say something; ``least``: for one step."""
        if least:
            return self.minimumSizeHint()
        return QSize(
            self._wide(self._chips) + self._word_room(self._lengths[-2]), super().minimumSizeHint().height()
        )

    def sizeHint(self) -> QSize:
        """Its words, and every step."""
        width = self._wide(self._chips) + self._word_room(self._lengths[0])
        return QSize(width, super().minimumSizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """One step, and the button that puts it away: no name is cut, and nothing beside it for one."""
        few = self._chips[:1] + self._chips[1:][-1:]
        return QSize(self._wide(few), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide the steps that have no room."""
        super().resizeEvent(event)
        seen = self._chips[-1:]
        for upto, chip in enumerate(self._chips[1:-1], 2):
            chip.setVisible(self._wide(self._chips[:upto] + seen) <= self.width())
        self._fit()

    def _fit(self) -> None:
        """Say as much as has room beside the steps."""
        room = self.width() - self._wide([chip for chip in self._chips if not chip.isHidden()])
        said = next((words for words in self._lengths if self._word_room(words) <= room), "")
        self._words.setText(said)
        self._words.setVisible(bool(said))

    def _word_room(self, words: str) -> int:
        return self._words.fontMetrics().horizontalAdvance(words) + px(8) if words else 0

    def _wide(self, chips: list[ActionButton]) -> int:
        return sum(chip.sizeHint().width() + px(6) for chip in chips)

    def clear(self) -> None:
        """Say nothing."""
        for chip in self._chips:
            chip.hide()
            chip.deleteLater()
        self._chips = []
        self._read.stop()
        self.hide()

    def _add(self, text: str, name: str) -> ActionButton:
        chip = ActionButton(text, kind="secondary" if text != "Seen" else "quiet", parent=self)
        chip.setAccessibleName(name)
        self._row.addWidget(chip)
        self._chips.append(chip)
        return chip


class Restarts(Chip):
    """How often something that must run was started again since sign-in; hidden while nothing was."""

    def __init__(self, supervisor: Supervisor, parent: QWidget | None = None) -> None:
        super().__init__("", "warn", parent)
        self._supervisor = supervisor
        supervisor.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        restarts = self._supervisor.restarts
        count = sum(restarts.values())
        each = ", ".join(f"{name} {often}×" for name, often in sorted(restarts.items()))
        self.set_text(f"↻ {count}", "warn")
        self.setToolTip(f"Started again since sign-in: {each}")
        self.setAccessibleName(self.toolTip())
        self.setVisible(count > 0)


@guarded
class ExerciseMark(QWidget):
    """Striped, so that a practice shift is never taken for a real one; with its speed where it is not 1."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.set_speed(1.0)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_speed(self, speed: float) -> None:
        """Say how many seconds of the shift pass in one of the room."""
        text = "EXERCISE" if speed == 1 else f"EXERCISE {speed:g}×"
        if text == self._text:
            return
        self._text = text
        fast = "" if speed == 1 else f"; its clock runs {speed:g} times as fast"
        self.setAccessibleName(f"EXERCISE: this is a practice shift, nothing here is real{fast}")
        self.setToolTip(self.accessibleName())
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """The words in the mark."""
        return self._text

    def sizeHint(self) -> QSize:
        """The words with stripes on both sides."""
        metrics = QFontMetrics(text_font(bold=True))
        return QSize(metrics.horizontalAdvance(self._text) + px(64), metrics.height() + px(8))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The words on their colour, between stripes."""
        colours = current()
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), paint.hatch(colours.warn, colours.window))
            room = QRectF(self.rect()).adjusted(px(22), 0, -px(22), 0)
            painter.fillRect(room, QColor(colours.warn))
            painter.setFont(text_font(bold=True))
            painter.setPen(QColor(colours.window))
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, self._text)


def _meanwhile_lengths(count: int) -> tuple[str, ...]:
    """What is said, fullest first: what has no room is said shorter, and never cut."""
    if count == 0:
        return ("Link back. No referral changed meanwhile.", "Link back.", "")
    more = f", first {_CHIPS}:" if count > _CHIPS else ":"
    return (f"Link back. {count} changed meanwhile{more}", f"{count} changed meanwhile:", f"{count} changed:", "")
