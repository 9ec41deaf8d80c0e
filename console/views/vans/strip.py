"""The strip below the vans: the crew of the chosen one, and a button for each thing that may be done with it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from console.look.guard import guarded
from console.look.keyboard import fence
from console.look.layouts import nest
from console.look.style import mark, px
from console.look.van_keys import VAN
from console.look.widgets import ActionButton
from db.domain.fleet import VanAction

_DUTY = frozenset({VanAction.ON_DUTY, VanAction.OFF_DUTY})


def key_of(action: VanAction) -> str:
    """The key that does it."""
    return VAN.key("duty" if action in _DUTY else action.value.lower())


@guarded
class Strip(QFrame):
    """Crew and actions of the chosen van."""

    pressed = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._words = QLabel(self)
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        mark(self._words, role="small")
        self._grid = QGridLayout()
        self._grid.setSpacing(px(6))
        self._buttons: dict[VanAction, ActionButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(px(12), px(6), px(12), px(8))
        column.addWidget(self._words)
        nest(column, self._grid)

    def show_van(self, words: str, legal: tuple[VanAction, ...], *, armed: bool) -> None:
        """Show a van's crew, and a button for each legal action."""
        self._words.setText(words)
        if tuple(self._buttons) != legal:
            self._rebuild(legal)
        emergency = self._buttons.get(VanAction.EMERGENCY)
        if emergency is not None:
            emergency.setText("Press again" if armed else VanAction.EMERGENCY.value)
            emergency.set_kind("danger" if armed else "secondary")

    def button(self, action: VanAction) -> ActionButton | None:
        """The button of an action, if it is legal."""
        return self._buttons.get(action)

    def _rebuild(self, legal: tuple[VanAction, ...]) -> None:
        for old in self._buttons.values():
            self._grid.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._buttons = {}
        for action in legal:
            button = ActionButton(action.value, key_of(action), "secondary", self)
            button.clicked.connect(lambda _=False, chosen=action: self.pressed.emit(chosen))
            self._buttons[action] = button
        self._arrange()

    def _arrange(self) -> None:
        """Up to three side by side, fewer where the words would be cut."""
        widths = [button.sizeHint().width() + px(6) for button in self._buttons.values()]
        room = self.width() - px(18)
        fits = (n for n in (3, 2) if sum(max(widths[at::n], default=0) for at in range(n)) <= room)
        columns = next(fits, 1)
        for place, button in enumerate(self._buttons.values()):
            self._grid.addWidget(button, place // columns, place % columns)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the buttons anew."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape lets the van go; the letters belong to its row."""
        if event.key() == Qt.Key.Key_Escape:
            event.accept()
            self.left.emit()
            return
        fence(event)
