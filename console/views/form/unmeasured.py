"""Why the observations could not be measured: a way of its own, so that nobody is pushed to an untrue *no*."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from console.look.hints import hint
from console.look.layouts import nest
from console.look.style import mark, px
from db.domain.reference import NOT_MEASURED, ScreeningTool


class UnmeasuredLine(QWidget):
    """A line for the reason, and what the version of the tool wants asked instead."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = QLineEdit(self)
        self.line.setObjectName("not_measured")
        self.line.setAccessibleName("Not measured, because")
        hint(self.line, "by phone · nobody there can measure · does not want it")
        label = QLabel("Not measured, because", self)
        mark(label, role="small")
        self._then = QLabel(self)
        self._then.setWordWrap(True)
        self._then.setTextFormat(Qt.TextFormat.PlainText)
        mark(self._then, role="small", tone="warn")
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(label)
        row.addWidget(self.line, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(2))
        nest(column, row)
        column.addWidget(self._then)

    def tell(self, tool: ScreeningTool, *, unmeasured: bool) -> None:
        """Say what has to be asked, while nothing is measured."""
        asked = [item.text for item in tool.items if item.branch == NOT_MEASURED]
        instead = (
            f"Then ask, by itself: {'; '.join(asked)}." if asked else "It stays not known: a clinician decides."
        )
        self._then.setText(instead)
        self._then.setVisible(unmeasured)
