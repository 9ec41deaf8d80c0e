"""Positions that were refused or doubted in the last 24 hours, with the reason: for a shift lead."""

from datetime import datetime, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import QHeaderView, QLabel, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from console.live.desk import Desk
from console.look.buttons import ActionButton
from console.look.guard import guarded
from console.look.key_table import FIXES
from console.look.keyboard import Hands, bind_chords
from console.look.panel import MessageBar, Panel
from console.look.screens import open_at
from console.look.style import mark, px
from console.running.faults import attempt
from console.running.tasks import spawn
from db.domain.board import UNREADABLE
from db.domain.clocks import local_time
from db.domain.fixes import DoubtfulFix
from db.errors import RecordError
from db.fixes import FIXES_MOST

LOOK_BACK = timedelta(hours=24)
NOTHING = "No position was refused or doubted in the last 24 hours."
COLUMNS = ("Van", "Fixed at", "Received at", "On the map", "Why", "Source")
_WHY = COLUMNS.index("Why")


@guarded
class FixesPage(QWidget):
    """A small window of its own beside the live desk."""

    closed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._reading = False
        mark(self, role="window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("CRU console · Refused positions")
        open_at(self, px(1000), px(520))
        self.panel = Panel("Refused positions", "", self)
        self.message = MessageBar(self)
        self.table = QTableWidget(0, len(COLUMNS), self)
        self.empty = QLabel(NOTHING, self)
        self.refresh_button = ActionButton("Refresh", FIXES.key("refresh"), "quiet", self)
        self._lay_out()
        self.refresh_button.clicked.connect(self.refresh)
        hands = Hands(FIXES, {"refresh": self.refresh, "close": self.close})
        bind_chords(hands, self, Qt.ShortcutContext.WindowShortcut)

    def _lay_out(self) -> None:
        self.table.setHorizontalHeaderLabels(COLUMNS)
        self.table.setAccessibleName("Refused positions, newest first")
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(px(28))
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        for column in range(len(COLUMNS)):
            mode = QHeaderView.ResizeMode.Stretch if column == _WHY else QHeaderView.ResizeMode.ResizeToContents
            header.setSectionResizeMode(column, mode)
        mark(self.empty, role="dim")
        self.empty.setContentsMargins(px(14), px(12), px(14), px(12))
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.empty.hide()
        self.panel.heading.add_right(self.refresh_button)
        for widget, stretch in ((self.message, 0), (self.empty, 1), (self.table, 1)):
            self.panel.add(widget, stretch)
        column_box = QVBoxLayout(self)
        column_box.setContentsMargins(px(6), px(6), px(6), px(6))
        column_box.addWidget(self.panel)

    def refresh(self) -> None:
        """Read them again; what is shown stays until the record has answered."""
        if not self._reading:
            self._reading = True
            self.refresh_button.setEnabled(False)
            spawn(self._read(), "read refused positions", self)

    async def _read(self) -> None:
        try:
            found = await self._desk.reads.doubtful_fixes(self._desk.clock.now() - LOOK_BACK)
        except RecordError as error:
            self.message.say("late", error.sentence, error.next_step)
        else:
            self.message.clear()
            self._show(found)
        # Not when it was called off: the window may be gone by then.
        self._reading = False
        self.refresh_button.setEnabled(True)

    def _show(self, found: list[DoubtfulFix]) -> None:
        now = self._desk.clock.now()
        most = f"the newest {FIXES_MOST}" if len(found) == FIXES_MOST else str(len(found))
        self.panel.heading.set_note(f"{most} of the last 24 hours · read {local_time(now, now, seconds=True)}")
        self.empty.setVisible(not found)
        self.table.setVisible(bool(found))
        self.table.setRowCount(len(found))
        for row, fix in enumerate(found):
            words = attempt("a refused position", _words, fix, now)
            for column, text in enumerate(words or (fix.callsign, *(UNREADABLE for _ in COLUMNS[1:]))):
                item = QTableWidgetItem(text)
                item.setToolTip(text if column == _WHY else "")
                self.table.setItem(row, column, item)

    def showEvent(self, event: QShowEvent) -> None:
        """Read when it is opened."""
        super().showEvent(event)
        self.refresh()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell that it is gone."""
        self.closed.emit()
        super().closeEvent(event)


def _words(fix: DoubtfulFix, now: datetime) -> tuple[str, ...]:
    return (
        fix.callsign or "not known",
        local_time(fix.fixed_at, now, seconds=True),
        local_time(fix.received_at, now, seconds=True),
        "shown, in doubt" if fix.shown else "refused",
        fix.reason,
        fix.source,
    )
