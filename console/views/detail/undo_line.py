"""A quiet line under the steps: what was done last, and that it can be taken back. Its coming moves nothing."""

from math import ceil

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from console.live.desk import Desk
from console.live.undo import LastAct
from console.look.key_table import UNDO
from console.look.style import mark, px
from console.look.widgets import ActionButton


class UndoLine(QWidget):
    """The line keeps its height while it says nothing, so that no button moves under a hand."""

    def __init__(self, desk: Desk, last: LastAct, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._last = last
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        mark(self._words, role="small")
        self.button = ActionButton("Undo", UNDO.key("undo"), "quiet", self)
        policy = self.button.sizePolicy()
        # The line keeps its height while there is nothing to take back.
        policy.setRetainSizeWhenHidden(True)
        self.button.setSizePolicy(policy)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(12), 0, px(12), 0)
        row.addWidget(self._words, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        last.changed.connect(self.tell)
        self.tell()

    def text(self) -> str:
        """What is said."""
        return self._words.text()

    def named(self) -> str:
        """What would be taken back, as the line names it; empty where nothing is, or it is refused."""
        act = self._last.act
        return self._last.title(self._desk.clock.now()) if act is not None and not act.blocked else ""

    def tell(self) -> None:
        """Say what may be taken back, and for how long."""
        act, now = self._last.act, self._desk.clock.now()
        left = ceil(self._last.left().total_seconds())
        self.button.setVisible(act is not None and not act.blocked)
        if act is None:
            self._words.setText("")
        elif act.blocked:
            self._words.setText(act.blocked)
        else:
            self._words.setText(f"{self._last.title(now)}, just now · {left} s to undo")
        self.button.setAccessibleName(f"Undo {self._last.title(now)}" if act is not None else "Undo")
