"""The shift log in a window of its own: written, looked through, corrected, and marked for the next shift."""

from datetime import timedelta
from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QVBoxLayout

from console.live.actions import Action
from console.live.again import Again
from console.live.desk import Desk
from console.live.room_now import log_entries
from console.live.store import Delta
from console.look.buttons import ActionButton
from console.look.clipboard import copy_table
from console.look.guard import guarded
from console.look.keyboard import Hands, bind_chords
from console.look.line_table import LineTable
from console.look.over_table import find_box, nothing_label
from console.look.panel import MessageBar, Panel
from console.look.room_keys import LOG_ENTRY, LOG_WINDOW
from console.look.style import px
from console.look.tabbing import has_keyboard
from console.running.tasks import spawn
from console.views.room.window import RoomWindow
from console.views.room.writing import TypedEntry, Writing
from db.commands import PassOn
from db.domain.clocks import local_time
from db.domain.names import number_today
from db.domain.shift_log import KEPT_IN_SIGHT, LogEntry, as_it_stands, before_it, matching
from db.domain.texts import one_line, told
from db.errors import Invalid

COLUMNS: Final = ("When", "What", "About", "By", "Next shift")
NOTHING: Final = "Nothing was written in this time."
_PERIODS: Final = (
    ("24 hours", KEPT_IN_SIGHT),
    ("7 days", timedelta(days=7)),
    ("28 days", timedelta(days=28)),
    ("a year", timedelta(days=366)),
)


@guarded
class ShiftLogPage(RoomWindow):
    """Follows the record for the last day; what is older is read when it is asked for."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("Shift log", 1100, 640)
        self._desk = desk
        self._again = Again(desk.store, self.refresh, self)
        self._older: list[LogEntry] = []
        self._on_its_way: list[TypedEntry] = []
        self._private = False
        self.shown: list[LogEntry] = []
        self.panel = Panel("Shift log", "", self)
        self.message = MessageBar(self)
        self.writing = Writing(desk, self)
        self.search = find_box("in the log", self)
        self.period = QComboBox(self)
        does = {"go": self.go, "correct": self.correct, "pass on": self.toggle_passed}
        self.table = LineTable("Entries of the shift log, newest first", COLUMNS, "What", LOG_ENTRY, does)
        self.empty = nothing_label(NOTHING, self)
        self._lay_out()
        self.writing.wanted.connect(self.write)
        self.search.textChanged.connect(self.show_entries)
        self.period.currentIndexChanged.connect(self.refresh)
        self.table.cellDoubleClicked.connect(lambda *_: self.go())
        desk.store.changed.connect(self._follow)
        chords = {
            "write": self.write,
            "search": self.search.setFocus,
            "new": self.writing.words.setFocus,
            "entries": self.table.setFocus,
            "refresh": self.refresh,
            "copy": self.copy,
            "leave": self.leave,
            "close": self.close,
        }
        bind_chords(Hands(LOG_WINDOW, chords), self, Qt.ShortcutContext.WindowShortcut)

    def _lay_out(self) -> None:
        self.period.addItems([words for words, _ in _PERIODS])
        self.period.setAccessibleName("How far back")
        for words, act, does in (
            ("Correct", "correct", self.correct),
            ("Tell the next shift, or not", "pass on", self.toggle_passed),
        ):
            button = ActionButton(words, LOG_ENTRY.key(act), "quiet", self)
            button.clicked.connect(does)
            self.panel.heading.add_right(button)
        self.panel.heading.add_right(self.period)
        self.panel.heading.add_right(self.search)
        for widget, share in ((self.empty, 1), (self.table, 1)):
            self.panel.add(widget, share)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(6), px(6), px(6), px(6))
        for part in (self.writing, self.message):
            column.addWidget(part)
        column.addWidget(self.panel, 1)

    def holds_typed(self) -> bool:
        """An entry that is not written."""
        return self.writing.is_begun()

    def set_private(self, private: bool) -> None:
        """Hide or show what is written: it may be about a person."""
        self._private = private
        self.show_entries()

    # --- reading ---

    def _follow(self, delta: Delta) -> None:
        if self.isVisible() and delta.touched("shift_log"):
            self.show_entries()

    def refresh(self) -> None:
        """Read what is older than a day, where it is looked at; the last day is followed."""
        if _PERIODS[self.period.currentIndex()][1] > KEPT_IN_SIGHT:
            spawn(self._read(), "read the shift log", self)
        else:
            self._older = []
            self.show_entries()

    async def _read(self) -> None:
        if await self._again.tried(self._read_older, self.message):
            self.show_entries()

    async def _read_older(self) -> None:
        since = self._desk.clock.now() - _PERIODS[self.period.currentIndex()][1]
        self._older = await self._desk.reads.log_since(since)

    def _known(self) -> list[LogEntry]:
        return [*{one.id: one for one in (*self._older, *log_entries(self._desk.store))}.values()]

    def show_entries(self) -> None:
        """Show what there is and matches, newest first; the entry that is chosen stays chosen."""
        known, now = self._known(), self._desk.clock.now()
        self.shown = matching(as_it_stands(known), self.search.text(), self._names)
        lines = [self._line(one, len(before_it(one, known))) for one in self.shown]
        self.table.show_lines(lines, [one.id for one in self.shown])
        self.empty.setText("Nothing of that is found." if self.search.text().strip() else NOTHING)
        self.empty.setVisible(not lines)
        self.table.setVisible(bool(lines))
        passed = sum(one.pass_on for one in self.shown)
        count = "1 entry" if len(lines) == 1 else f"{len(lines)} entries"
        self.panel.heading.set_note(f"{count} · {passed} for the next shift · {local_time(now, now)}")

    def _names(self, entry: LogEntry) -> str:
        return f"{self._about(entry)} {self._desk.store.reference.who(entry.written_by)}"

    def _about(self, entry: LogEntry) -> str:
        store, now = self._desk.store, self._desk.clock.now()
        van = store.van(entry.van_id) if entry.van_id is not None else None
        name = number_today(entry.reference, now) if entry.reference else ""
        return " ".join(part for part in (name, told(van.callsign) if van is not None else "") if part)

    def _line(self, entry: LogEntry, corrections: int) -> tuple[str, ...]:
        now = self._desk.clock.now()
        words = "hidden" if self._private else told(one_line(entry.words))
        corrected = f"{words} (corrected)" if corrections else words
        who = self._desk.store.reference.who(entry.written_by)
        passed = "yes" if entry.pass_on else ""
        return (local_time(entry.happened_at, now), corrected, self._about(entry), told(who), passed)

    # --- doing ---

    def chosen(self) -> LogEntry | None:
        """The entry in the row."""
        row = self.table.currentRow()
        return self.shown[row] if 0 <= row < len(self.shown) else None

    def write(self) -> None:
        """Send the entry; what was typed stays until the record has it."""
        try:
            command = self.writing.command()
        except Invalid as error:
            wrong = self.writing.typed()
            self.message.say("warn", error.sentence, error.next_step, so=lambda: self.writing.typed() == wrong)
            return
        typed = self.writing.typed()
        if typed in self._on_its_way:
            sent, stays = "That entry is on its way already.", "It stays here until the record has it."
            self.message.say("info", sent, stays, so=lambda: typed in self._on_its_way)
            return
        self._on_its_way.append(typed)
        self._desk.actions.submit(command, "shift log", partial(self._written, typed, command.words))

    def _written(self, typed: TypedEntry, words: str, action: Action) -> None:
        self._on_its_way.remove(typed)
        same = self.writing.typed() == typed
        if action.error is not None:
            # Another entry may have been begun meanwhile; neither is lost.
            if not same:
                self.writing.put_below(words)
            self.message.say("late", action.error.sentence, action.error.next_step)
            return
        self.message.clear()
        if same:
            self.writing.written()
            # The next entry begins where this one did; whoever went elsewhere is not called back.
            if has_keyboard(self.writing):
                self.writing.words.setFocus()

    def correct(self) -> None:
        """Write the entry in the row anew; the old one stays readable in the record."""
        entry = self.chosen()
        if entry is not None and not self._private:
            self.message.clear()
            self.writing.correct(entry, self._about(entry))

    def toggle_passed(self) -> None:
        """Tell the next shift of it, or not after all."""
        entry = self.chosen()
        if entry is not None:
            command = PassOn(entry_id=entry.id, pass_on=not entry.pass_on)
            self._desk.actions.submit(command, "shift log", self._answered)

    def _answered(self, action: Action) -> None:
        if action.error is not None:
            self.message.say("late", action.error.sentence, action.error.next_step)

    def go(self) -> None:
        """Show the referral or van on the desk."""
        entry = self.chosen()
        if entry is not None and (entry.referral_id is not None or entry.van_id is not None):
            self.wanted.emit(entry.referral_id, entry.van_id)

    def copy(self) -> None:
        """Put what is shown on the clipboard as a spreadsheet takes it."""
        copy_table([COLUMNS, *self.table.lines()])

    def leave(self) -> None:
        """Put a correction away; without one, close the window."""
        if self.writing.correcting is not None:
            self.writing.leave()
        else:
            self.close()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin with the words."""
        super().showEvent(event)
        self.refresh()
        self.writing.words.setFocus()
