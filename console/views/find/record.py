"""A referral that has left the board, to read: everything that the record holds of it, in a window of its own."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QTextBrowser, QVBoxLayout

from console.live.again import say_unread
from console.live.desk import Desk
from console.look.find_keys import RECORD_WINDOW
from console.look.guard import guarded
from console.look.keyboard import Hands, bind_chords
from console.look.own_window import OwnWindow
from console.look.panel import MessageBar, Panel
from console.look.style import px
from console.running.tasks import spawn
from console.views.detail.rich import plain, strong, toned
from db.errors import RecordError
from db.reports.document import Cell, Document, Table, shown

_TITLE = "Old record"
_HIDDEN = "Names and addresses are hidden."
READ_ONLY = "Read only. That you opened it is part of the record."


@guarded
class RecordPage(OwnWindow):
    """Shows one referral at a time; another one takes its place."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_TITLE, 1000, 720)
        self._desk = desk
        self._private = False
        self._document: Document | None = None
        self._wanted: UUID | None = None
        self.panel = Panel(_TITLE, READ_ONLY, self)
        self.message = MessageBar(self)
        self.text = QTextBrowser(self)
        self.text.setAccessibleName(_TITLE)
        # To be read and not taken along: a record is given out by a shift lead, with what for.
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.text.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.panel.add(self.message)
        self.panel.add(self.text, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(6), px(6), px(6), px(6))
        column.addWidget(self.panel)
        hands = Hands(RECORD_WINDOW, {"close": self.close})
        bind_chords(hands, self, Qt.ShortcutContext.WindowShortcut)

    def read(self, referral_id: UUID) -> None:
        """Read a referral; what was shown before is gone at once, so that nobody takes it for the other."""
        self._document, self._wanted = None, referral_id
        self._write()
        spawn(self._read(referral_id), "read an old record", self)

    async def _read(self, referral_id: UUID) -> None:
        try:
            found = await self._desk.reads.old_record(referral_id, self._desk.me.display_name)
        except RecordError as error:
            say_unread(self.message, error)
            return
        # One that was asked for before, and is answered late, would be taken for the other.
        if referral_id != self._wanted:
            return
        self._document = found
        self.message.clear()
        self._write()

    def set_private(self, private: bool) -> None:
        """Hide or show all of it: nothing in it is about nobody."""
        self._private = private
        self._write()

    def _write(self) -> None:
        found = self._document
        self.text.setHtml(plain(_HIDDEN) if self._private else "".join(_page(found)) if found else "")

    def showEvent(self, event: QShowEvent) -> None:
        """The keyboard scrolls the text."""
        super().showEvent(event)
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme: colours are part of the text."""
        if event.type() == QEvent.Type.StyleChange and getattr(self, "_document", None) is not None:
            self._write()
        super().changeEvent(event)


def _page(found: Document) -> Iterator[str]:
    yield f"<h2>{plain(found.title)}</h2>"
    for table in found.tables:
        # What nobody wrote is left out here; the report, which is given out, says so of each.
        told = [row for row in table.rows if any(cell not in (None, "") for cell in row[1:] or row)]
        if told:
            yield f"<h3>{plain(table.title)}</h3>"
            yield from _table(table, told)


def _table(table: Table, told: Sequence[tuple[Cell, ...]]) -> Iterator[str]:
    yield '<table cellspacing="0" cellpadding="4">'
    if len(table.columns) > 2:
        yield "<tr>" + "".join(f"<td>{toned(one.title, 'dim')}</td>" for one in table.columns) + "</tr>"
    for row in told:
        cells = [plain(shown(cell)) for cell in row]
        first = strong(shown(row[0])) if len(table.columns) == 2 else cells[0]
        yield "<tr>" + "".join(f"<td>{cell}</td>" for cell in (first, *cells[1:])) + "</tr>"
    yield "</table>"
