"""Reality's objection, in one line beside the button: asked once, answered by the same key, in nobody's way."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QLabel, QWidget

from console.live.desk import Desk
from console.live.reality import ANSWER, Insistence, bare, in_words, objections
from console.look.style import mark, px
from console.views.sheets import Order
from db.domain.next_steps import NextStep


class Doubt(QLabel):
    """What is known against the step that somebody just asked for. Hidden when all fits."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._insistence = Insistence()
        self._order: Order | None = None
        self.step: NextStep | None = None
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setMargin(px(8))
        mark(self, role="doubt", tone="warn")
        self.hide()

    def weighed(self, step: NextStep, order: Order) -> Order | None:
        """The order to send: as it is when nothing speaks against it, with what did when somebody insists.

        None while it is asked about.
        """
        words, about = self._against(order), bare(order.command)
        if not words:
            self.forget()
            return order
        if self._insistence.insists(about):
            self.forget()
            return order.insisting(words)
        # Pressed again too soon it is neither asked anew nor answered.
        if not self._insistence.is_asked(about):
            self.step, self._order = step, order
            self._insistence.ask(about)
            self._tell(words)
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.text()))
        return None

    def review(self, orders: Sequence[Order]) -> None:
        """Think again: what cannot be done any more, fits by now, or was asked long ago is not asked about.

        Args:
            orders: what may be done now.
        """
        if self._order is None:
            return
        about = bare(self._order.command)
        still = self._insistence.is_asked(about) and any(bare(order.command) == about for order in orders)
        words = self._against(self._order) if still else ""
        if words:
            self._tell(words)
        else:
            self.forget()

    def forget(self) -> None:
        """Ask nothing."""
        self._order = self.step = None
        self._insistence.forget()
        self.hide()

    def _against(self, order: Order) -> str:
        return in_words(objections(self._desk.store, order.command, self._desk.clock.now()))

    def _tell(self, words: str) -> None:
        label = self.step.label if self.step is not None else ""
        self.setText(f"{label}? {words[:1].upper()}{words[1:]}.  {ANSWER}")
        self.setAccessibleName(self.text())
        self.show()
