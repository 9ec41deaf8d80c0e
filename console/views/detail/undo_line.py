"""A quiet line under the steps: what was done last, and that it can be taken back. Its coming moves nothing.

Ctrl+Z takes back the last thing that somebody did, whoever is shown meanwhile. So the line is quiet only over the
referral that it is about: over another one, or none, it says first whose step it is, in another colour.
"""

from math import ceil
from uuid import UUID

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
        self._shown: UUID | None = None
        self._private = False
        self.words = QLabel(self)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        mark(self.words, role="small")
        self.button = ActionButton("Undo", UNDO.key("undo"), "quiet", self)
        policy = self.button.sizePolicy()
        # The line keeps its height while there is nothing to take back.
        policy.setRetainSizeWhenHidden(True)
        self.button.setSizePolicy(policy)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(12), 0, px(12), 0)
        row.addWidget(self.words, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        last.changed.connect(self.tell)
        self.tell()

    def text(self) -> str:
        """What is said."""
        return self.words.text()

    def named(self) -> str:
        """What would be taken back, and whose it is; empty where nothing is, or it is refused."""
        act = self._last.act
        return " · ".join(filter(None, (self._last.what(), self._whose()))) if act and not act.blocked else ""

    def stand_under(self, shown: UUID | None, *, private: bool) -> None:
        """Hear which referral stands above the line, and whether towns are left out."""
        self._shown, self._private = shown, private
        self.tell()

    def tick(self) -> None:
        """Let the minute pass."""
        self._last.tick()
        self.tell()

    def tell(self) -> None:
        """Say what may be taken back, of whom, and for how long."""
        act = self._last.act
        self.button.setVisible(act is not None and not act.blocked)
        whose = self._whose()
        is_elsewhere = bool(act and whose and act.referral_id != self._shown)
        mark(self.words, tone="warn" if is_elsewhere else "dim")
        self.words.setText(f"{whose}, not shown: {self._elsewhere()}" if is_elsewhere else self._here())
        self.button.setAccessibleName(f"Undo {self.named()}" if act is not None else "Undo")

    def _here(self) -> str:
        act = self._last.act
        if act is None:
            return ""
        return act.blocked or f"{self._last.title(self._desk.clock.now())}, just now · {self._left()} s to undo"

    def _elsewhere(self) -> str:
        act = self._last.act
        # Shorter by what can be spared, since it has to say who it is: two lines, as high as the button.
        return act.blocked if act and act.blocked else f"{self._last.what()} · {self._left()} s to undo"

    def _left(self) -> int:
        return ceil(self._last.left().total_seconds())

    def _whose(self) -> str:
        return self._last.whose(self._desk.clock.now(), private=self._private)
