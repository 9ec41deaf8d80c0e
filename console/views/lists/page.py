"""A list in a small window of its own beside the live desk: read when it is opened and when it is asked for."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QTableWidget, QVBoxLayout

from console.live.again import Again
from console.live.desk import Desk
from console.look.buttons import ActionButton
from console.look.clipboard import copy_table
from console.look.guard import guarded
from console.look.kept_row import kept_row
from console.look.key_table import LISTS
from console.look.keyboard import Hands, bind_chords
from console.look.over_table import nothing_label
from console.look.own_window import OwnWindow
from console.look.panel import MessageBar, Panel
from console.look.style import px
from console.look.text_table import dress, fill, lines_of, over_lines
from console.running.tasks import spawn
from db.domain.clocks import local_time
from db.errors import RecordError

LOOK_BACK = timedelta(hours=24)
Line = Sequence[str]


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list is called and how it is laid out.

    Attributes:
        title: of the window and the panel.
        columns: their headings.
        wide: the column that takes what room is left.
        nothing: what is said when there is nothing.
        most: how many lines the record gives at most.
        look_back: how far back it reads.
        order: in which order the lines stand, for whoever hears them read.
    """

    title: str
    columns: tuple[str, ...]
    wide: str
    nothing: str
    most: int
    look_back: timedelta = LOOK_BACK
    order: str = "newest first"


@guarded
class ListPage(OwnWindow):
    """Shows what :meth:`read` finds of the last 24 hours, newest first."""

    def __init__(self, desk: Desk, listing: Listing) -> None:
        super().__init__(listing.title, 1000, 520)
        self._desk = desk
        self._listing = listing
        self._reading = False
        self._again = Again(desk.store, self.refresh, self)
        self._keys: Sequence[Hashable] = ()
        self.panel = Panel(listing.title, "", self)
        self.message = MessageBar(self)
        self.table = QTableWidget(0, len(listing.columns), self)
        self.empty = nothing_label(listing.nothing, self)
        self.refresh_button = ActionButton("Refresh", LISTS.key("refresh"), "quiet", self)
        self._lay_out()
        self.refresh_button.clicked.connect(self.refresh)
        hands = Hands(LISTS, {"refresh": self.refresh, "copy": self.copy, "close": self.leave})
        bind_chords(hands, self, Qt.ShortcutContext.WindowShortcut)

    async def read(self, since: datetime, now: datetime) -> list[Line]:
        """The lines since a moment, newest first; both UTC.

        Raises:
            RecordError: the record does not answer.
        """
        raise NotImplementedError

    def _lay_out(self) -> None:
        listing = self._listing
        dress(self.table, f"{listing.title}, {listing.order}", listing.columns, listing.wide)
        over_lines(self.table)
        self.panel.heading.add_right(self.refresh_button)
        for widget, share in ((self.message, 0), (self.empty, 1), (self.table, 1)):
            self.panel.add(widget, share)
        column_box = QVBoxLayout(self)
        column_box.setContentsMargins(px(6), px(6), px(6), px(6))
        column_box.addWidget(self.panel)

    def refresh(self) -> None:
        """Read them again; what is shown stays until the record has answered."""
        # F5 held down asks once.
        if not self._reading:
            self._reading = True
            self.refresh_button.setEnabled(False)
            spawn(self._read(), f"read {self._listing.title.lower()}", self)

    async def _read(self) -> None:
        now = self._desk.clock.now()
        try:
            found = await self.read(now - self._listing.look_back, now)
        except RecordError as error:
            self._again.owe(error)
            self.message.say("late", error.sentence, error.next_step)
        else:
            self.message.clear()
            self._show(found)
        # Not when it was called off: the window may be gone by then.
        self._reading = False
        self.refresh_button.setEnabled(True)

    def _show(self, found: Sequence[Line]) -> None:
        self.panel.heading.set_note(self.count_words(found, self._desk.clock.now()))
        self.empty.setVisible(not found)
        self.table.setVisible(bool(found))
        row, was = self.table.currentRow(), self._keys
        self._keys = self.keys(found)
        fill(self.table, found)
        if row >= 0:
            self.table.setCurrentCell(kept_row(was, row, self._keys), max(0, self.table.currentColumn()))

    def keys(self, found: Sequence[Line]) -> Sequence[Hashable]:
        """What each row is about, so that the one that is chosen stays when others come and go."""
        return [tuple(line) for line in found]

    def count_words(self, found: Sequence[Line], now: datetime) -> str:
        """What stands in the heading: how many there are."""
        most = self._listing.most
        # As many as the record gives at most: there may be more.
        count = f"the newest {most}" if len(found) == most else str(len(found))
        return f"{count} of the last 24 hours · read {local_time(now, now, seconds=True)}"

    def copy(self) -> None:
        """Put the whole table on the clipboard as a spreadsheet takes it: tabs between columns, headings first."""
        copy_table([self._listing.columns, *lines_of(self.table)])

    def leave(self) -> None:
        """Close what is topmost: the window, where nothing lies over its list."""
        self.close()

    def showEvent(self, event: QShowEvent) -> None:
        """Read when it is opened."""
        super().showEvent(event)
        self.refresh()
