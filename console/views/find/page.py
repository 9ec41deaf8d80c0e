"""Looking up whatever the record holds, over years: by reference, name, number, place, narrative, note or log."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from console.live.again import say_unread
from console.live.desk import Desk
from console.look.buttons import ActionButton
from console.look.find_keys import FIND_LINE, FIND_WINDOW, FIND_WORDS
from console.look.guard import guarded
from console.look.hints import hint
from console.look.keyboard import Hands, bind_chords
from console.look.line_table import LineTable
from console.look.over_table import nothing_label
from console.look.panel import MessageBar, Panel
from console.look.style import px
from console.running.tasks import spawn
from console.views.room.window import RoomWindow
from db.domain.clocks import dated_time
from db.domain.found import MOST, FoundLine, count_words
from db.domain.roles import may_lead
from db.domain.texts import one_line, told
from db.errors import RecordError

COLUMNS: Final = ("When", "Referral", "Who", "Where", "What it is")
BEGIN: Final = (
    "Type a reference, a name, a date of birth, an NHS or telephone number, a place, a postcode, or words of a"
    " narrative, a note or the shift log; then Return. Every word must be there, in any order, each as far as you"
    " know it. The record keeps that you looked, and not what for."
)
NOTHING: Final = "Nothing in the record has all of these words. Try fewer, or only how they begin."


@guarded
class FindPage(RoomWindow):
    """Asks when Return is pressed, and not while somebody types: each look is written down."""

    person_wanted = Signal(object)
    """The whole record of the person of a referral is to be shown, by the referral's id."""
    replay_wanted = Signal(object, object)
    """The replay is to be opened at a moment, UTC, on a referral."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("Look up", 1180, 640)
        self._desk = desk
        self._private = False
        self._asked = ""
        self._more = False
        self.found: list[FoundLine] = []
        self.panel = Panel("Look up", "", self)
        self.message = MessageBar(self)
        self.words = _Wanted({"find": self.look, "lines": self.to_lines}, self)
        does = {"open": self.open, "replay": self.replay, "older": self.older, "person": self.person}
        self.table = LineTable(
            "What was found, the newest first", COLUMNS, ("Where", "What it is"), FIND_LINE, does
        )
        self.empty = nothing_label(BEGIN, self)
        self._lay_out()
        self.table.cellDoubleClicked.connect(lambda *_: self.open())
        chords = {"search": self.words.setFocus, "lines": self.to_lines, "close": self.close}
        bind_chords(Hands(FIND_WINDOW, chords), self, Qt.ShortcutContext.WindowShortcut)
        self.show_lines()

    def _lay_out(self) -> None:
        offered = [("Open", "open", self.open), ("Person", "person", self.person), ("Older", "older", self.older)]
        if may_lead(self._desk.me.role):
            offered.append(("Replay", "replay", self.replay))
        for words, act, does in offered:
            button = ActionButton(words, FIND_LINE.key(act), "quiet", self)
            button.clicked.connect(does)
            self.panel.heading.add_right(button)
        typed = QWidget(self)
        around = QVBoxLayout(typed)
        around.setContentsMargins(px(12), px(4), px(12), px(8))
        around.addWidget(self.words)
        for widget, share in ((typed, 0), (self.message, 0), (self.empty, 1), (self.table, 1)):
            self.panel.add(widget, share)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(6), px(6), px(6), px(6))
        column.addWidget(self.panel)

    def set_private(self, private: bool) -> None:
        """Hide or show what is personal."""
        self._private = private
        self.words.setEchoMode(QLineEdit.EchoMode.Password if private else QLineEdit.EchoMode.Normal)
        self.show_lines()

    # --- looking ---

    def look_for(self, words: str) -> None:
        """Look for words that were typed elsewhere; none: only begin."""
        if words.strip():
            self.words.setText(words)
            self.look()

    def look(self) -> None:
        """Look for what is typed."""
        self._asked = self.words.text().strip()
        if self._asked:
            self.panel.heading.set_note("looking…")
            spawn(self._find(self._asked), "look something up", self)

    def older(self) -> None:
        """The lines before the last one, below it."""
        if self._more:
            spawn(self._find(self._asked, self.found[-1].at), "look something up", self)

    async def _find(self, asked: str, older_than: datetime | None = None) -> None:
        try:
            found = await self._desk.reads.find(asked, older_than)
        except RecordError as error:
            say_unread(self.message, error)
            if asked == self._asked:
                self.show_lines()
            return
        # Whoever typed on meanwhile asked for something else; a key pressed twice asks for the same lines twice.
        if asked != self._asked or (older_than is not None and older_than != self.found[-1].at):
            return
        self.message.clear()
        self._more = len(found) == MOST
        self.found = [*self.found, *found] if older_than is not None else found
        self.empty.setText(NOTHING)
        self.show_lines()
        if older_than is None:
            self.to_lines()

    def show_lines(self) -> None:
        """What was found; the line that is chosen stays chosen."""
        self.table.show_lines([self._line(one) for one in self.found], [one.id for one in self.found])
        self.empty.setVisible(not self.found)
        self.table.setVisible(bool(self.found))
        asked = self.empty.text() != BEGIN
        self.panel.heading.set_note(count_words(len(self.found), self._more) if asked else "")

    def _line(self, one: FoundLine) -> tuple[str, ...]:
        when = dated_time(one.at)
        if self._private:
            return (when, one.reference, "hidden", "hidden", "shift log" if one.is_log else one.state)
        what = f"{one.told}: {told(one_line(one.words))}" if one.is_log else one.told
        return (when, one.reference, told(_who(one)), told(one_line(one.place, ", ")), what)

    # --- what was found ---

    def to_lines(self) -> None:
        """The keyboard into what was found, if anything was."""
        (self.table if self.found else self.words).setFocus()

    def chosen(self) -> FoundLine | None:
        """What stands in the row."""
        row = self.table.currentRow()
        return self.found[row] if 0 <= row < len(self.found) else None

    def open(self) -> None:
        """Show it where everybody works; what has left the board, as it is kept, to read."""
        key = self._referral()
        if key is not None:
            self.wanted.emit(key, None)

    def person(self) -> None:
        """All that is kept of whoever it is about."""
        key = self._referral()
        if key is not None:
            self.person_wanted.emit(key)

    def _referral(self) -> UUID | None:
        one = self.chosen()
        if one is not None and one.referral_id is None:
            none, all_of_it = "That entry of the shift log names no referral.", "The line has all of it."
            self.message.say("info", none, all_of_it, so=self.table.while_chosen())
        return one.referral_id if one is not None else None

    def replay(self) -> None:
        """The moment at which it was received, as everybody saw it."""
        one = self.chosen()
        if one is None or not may_lead(self._desk.me.role):
            return
        self.replay_wanted.emit(one.at, one.referral_id)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin by typing."""
        super().showEvent(event)
        self.words.setFocus()
        self.words.selectAll()


def _who(one: FoundLine) -> str:
    born = f"{one.born.day} {one.born:%b %Y}" if one.born is not None else ""
    return ", born ".join(filter(None, (one.name, born))) or ("" if one.is_log else "not known")


@guarded
class _Wanted(QLineEdit):
    """What is looked for."""

    def __init__(self, does: Mapping[str, Callable[[], object]], parent: QWidget) -> None:
        super().__init__(parent)
        hint(self, "Name, number, place, words of a note…")
        self.setAccessibleName("What is looked for")
        self._hands = Hands(FIND_WORDS, does)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._hands.take(event):
            super().keyPressEvent(event)
