"""What is on its way or waits for the link, each with a way to take it back."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from console.actions import Action, Actions, Progress
from console.look.guard import guarded
from console.look.style import mark, px
from console.look.widgets import ActionButton, Panel


@guarded
class PendingPanel(Panel):
    """Lies over the window until Escape, Close, or the last answer."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__("Waiting for the record", "oldest first", parent)
        self._actions = actions
        self._rows: list[QWidget] = []
        close = ActionButton("Close", "Escape", "quiet", self)
        close.clicked.connect(self.close)
        self.heading.add_right(close)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        actions.changed.connect(self._renew)
        self._renew()

    def buttons(self) -> list[ActionButton]:
        """The buttons that take back an action, oldest first."""
        return [button for row in self._rows for button in row.findChildren(ActionButton)]

    def _renew(self) -> None:
        for row in self._rows:
            row.hide()
            row.deleteLater()
        pending = self._actions.pending
        self._rows = [self._row(action) for action in pending] or [self._nothing()]
        for row in self._rows:
            self.add(row)
        self.adjustSize()
        if not pending and self.isVisible():
            self.close()

    def _row(self, action: Action) -> QWidget:
        row = QWidget(self)
        line = QHBoxLayout(row)
        line.setContentsMargins(px(12), px(4), px(12), px(4))
        label = QLabel(action.label, row)
        label.setTextFormat(Qt.TextFormat.PlainText)
        state = QLabel(action.progress.value, row)
        mark(state, role="small")
        line.addWidget(label, 1)
        line.addWidget(state)
        if action.progress is Progress.WAITING:
            button = ActionButton("Take back", parent=row)
            button.setAccessibleName(f"Take back: {action.label}")
            button.clicked.connect(lambda: self._actions.withdraw(action))
            line.addWidget(button)
        return row

    def _nothing(self) -> QWidget:
        label = QLabel("Everything has been answered.", self)
        mark(label, role="dim")
        label.setContentsMargins(px(12), px(8), px(12), px(8))
        return label

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes it."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
            return
        super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Wide enough for a label and its button."""
        return super().sizeHint().expandedTo(QSize(px(420), px(60)))
