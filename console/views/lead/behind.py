"""The referrals behind a figure or a mark, and the ways from there to the record."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTableWidget, QVBoxLayout, QWidget

from console.look.buttons import ActionButton
from console.look.clipboard import copy_table
from console.look.guard import guarded
from console.look.keyboard import Hands
from console.look.lead_keys import BEHIND, LEAD
from console.look.panel import Panel
from console.look.style import px
from console.look.text_table import dress, fill
from console.views.lead.pictures import BehindRow

_HEADERS: Final = ("Referral", "Received", "Part in it", "Priority", "Source", "Van", "Town")
_TOWN: Final = _HEADERS.index("Town")


@guarded
class _BehindTable(QTableWidget):
    """The rows; Enter and R go on from one."""

    wanted = Signal(bool)
    """True for the replay."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        dress(self, "Referrals", _HEADERS, "Town", row=26)
        self._hands = Hands(
            BEHIND, {"open": lambda: self.wanted.emit(False), "replay": lambda: self.wanted.emit(True)}
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._hands.take(event):
            super().keyPressEvent(event)


@guarded
class BehindPanel(QWidget):
    """Shows referrals; it opens nothing by itself: what is wanted is told."""

    record_wanted = Signal(object)
    """The :class:`BehindRow` whose record is wanted."""
    replay_wanted = Signal(object)
    """The :class:`BehindRow` at whose receipt the replay is wanted."""
    let_go = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[BehindRow, ...] = ()
        self.panel = Panel("Behind it", "", self)
        self.table = _BehindTable(self)
        self.close_button = ActionButton("Close", LEAD.key("leave"), "quiet", self)
        self.panel.heading.add_right(self.close_button)
        self.panel.add(self.table, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.panel)
        self.table.wanted.connect(self._go)
        self.table.cellDoubleClicked.connect(lambda *_: self._go(replayed=False))
        self.close_button.clicked.connect(self.let_go)
        self.setMinimumWidth(px(320))

    def show_rows(self, title: str, rows: Sequence[BehindRow]) -> None:
        """Show these, with the first one chosen."""
        self.rows = tuple(rows)
        self.panel.heading.set_title(title)
        self.panel.heading.set_note(f"{len(rows)} · Enter opens, R replays the moment")
        self.table.setAccessibleName(f"Referrals behind {title}")
        self.setToolTip(title)
        fill(self.table, [row.cells() for row in rows])
        self.table.setCurrentCell(0, 0)

    def set_private(self, private: bool) -> None:
        """Hide or show in which town it was."""
        self.table.setColumnHidden(_TOWN, private)

    def copy_all(self) -> None:
        """Put the list on the clipboard as it is shown."""
        shown = [at for at in range(len(_HEADERS)) if not self.table.isColumnHidden(at)]
        lines = [_HEADERS, *(row.cells() for row in self.rows)]
        copy_table([line[at] for at in shown] for line in lines)

    def _go(self, replayed: bool) -> None:
        at = self.table.currentRow()
        if 0 <= at < len(self.rows):
            (self.replay_wanted if replayed else self.record_wanted).emit(self.rows[at])
