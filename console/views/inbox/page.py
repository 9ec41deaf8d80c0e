"""The inbox in a window of its own: what needs a hand, why, by when, and the one key that sees to it."""

from datetime import datetime
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout

from console.live.alarms_here import AlarmsHere
from console.live.desk import Desk
from console.live.room_now import facts_now, offered_room
from console.live.talk import unseen
from console.look.buttons import ActionButton
from console.look.clipboard import copy_table
from console.look.guard import guarded
from console.look.inbox_keys import INBOX_LINE, INBOX_WINDOW
from console.look.keyboard import Hands, bind_chords
from console.look.line_table import LineTable
from console.look.over_table import find_box, nothing_label
from console.look.panel import MessageBar, Panel
from console.look.style import px
from console.running.faults import attempt
from console.running.ticks import Ticks
from console.views.room.window import RoomWindow
from db.commands import SeeMessage
from db.domain.alarms import Alarm
from db.domain.clocks import in_words, local_time
from db.domain.inbox import InboxItem, inbox
from db.domain.roles import may_lead
from db.domain.shift_handover import ShiftHandover
from db.domain.texts import folded_fields, needles

COLUMNS: Final = ("Priority", "What", "By when", "What to do", "Answered")
NOTHING: Final = "Nothing needs a hand: no alarm is on, and nothing is due within the hour."
TICK_MS: Final = 1000


@guarded
class InboxPage(RoomWindow):
    """Worked out from the mirror once a second while it is seen."""

    do_wanted = Signal(object)
    """An :class:`~db.domain.inbox.InboxItem` is to be seen to on the desk."""

    def __init__(self, desk: Desk, here: AlarmsHere) -> None:
        super().__init__("Inbox", 1180, 640)
        self._desk, self._here = desk, here
        self._private = self._failed = False
        self.shown: list[InboxItem] = []
        self.panel = Panel("Inbox", "", self)
        self.message = MessageBar(self)
        self.search, self.empty = find_box("in the inbox", self), nothing_label(NOTHING, self)
        does = {"do": self.do, "go": self.go, "acknowledge": self.acknowledge}
        self.table = LineTable(
            "What needs a hand, the gravest first", COLUMNS, ("What", "What to do"), INBOX_LINE, does
        )
        self.setFocusProxy(self.table)
        self._lay_out()
        self.search.textChanged.connect(self.show_lines)
        self.table.cellDoubleClicked.connect(lambda *_: self.do())
        # Once a second and not with every change: a van's fix alone is one.
        self._ticks = Ticks(desk.supervisor, TICK_MS, self)
        self._ticks.add("the inbox", self._follow, "The inbox no longer follows; the board still does.")
        chords = {"search": self.search.setFocus, "copy": self.copy, "close": self.close}
        bind_chords(Hands(INBOX_WINDOW, chords), self, Qt.ShortcutContext.WindowShortcut)

    def _lay_out(self) -> None:
        for words, act, does in (("See to it", "do", self.do), ("Acknowledge", "acknowledge", self.acknowledge)):
            button = ActionButton(words, INBOX_LINE.key(act), "quiet", self)
            button.clicked.connect(does)
            self.panel.heading.add_right(button)
        self.panel.heading.add_right(self.search)
        for widget, share in ((self.message, 0), (self.empty, 1), (self.table, 1)):
            self.panel.add(widget, share)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(6), px(6), px(6), px(6))
        column.addWidget(self.panel)

    def set_private(self, private: bool) -> None:
        """Hide or show what may name somebody."""
        self._private = private
        self.show_lines()

    # --- what is shown ---

    def _follow(self) -> None:
        if self.isVisible():
            self.show_lines()

    def show_lines(self) -> None:
        """What needs a hand now; the line that is chosen stays chosen."""
        now, wanted = self._desk.clock.now(), needles(self.search.text())
        found = attempt("the inbox", self._found, now)
        self._failed = found is None
        if found is None:
            step = "Go by the board and the alarms."
            self.message.say("late", "The inbox could not be worked out.", step, so=lambda: self._failed)
            return
        lines = [(one, self._line(one, now)) for one in found]
        lines = [(one, line) for one, line in lines if all(word in folded_fields(line) for word in wanted)]
        self.shown = [one for one, _ in lines]
        self.table.show_lines([line for _, line in lines], [one.key for one in self.shown])
        self.empty.setVisible(not lines)
        self.table.setVisible(bool(lines))
        overdue = sum(one.due is not None and one.due < now for one in self.shown)
        self.panel.heading.set_note(f"{len(self.shown)} to see to{f' · {overdue} overdue' if overdue else ''}")

    def _found(self, now: datetime) -> list[InboxItem]:
        store = self._desk.store
        alarms = [one for one in self._here.all() if not self._rests(one, now)]
        waiting, reference = unseen(self._desk), store.reference
        # Whoever cannot answer is not asked.
        asked = reference.requests if may_lead(self._desk.me.role) else ()
        return inbox(*facts_now(store), alarms, self._offered(), reference, now, waiting, asked)

    def _rests(self, alarm: Alarm, now: datetime) -> bool:
        row = self._here.book.row(alarm)
        return row is not None and row.is_shelved(now)

    def _offered(self) -> ShiftHandover | None:
        room = offered_room(self._desk.store)
        mine = room is not None and room.offered_by == self._desk.me.login
        return None if mine or not may_lead(self._desk.me.role) else room

    def _line(self, one: InboxItem, now: datetime) -> tuple[str, ...]:
        by = local_time(one.due, now) if one.due is not None else ""
        if one.due is not None and one.due < now:
            by = f"▲ {by}, {in_words(now - one.due)} ago"
        answered = self._here.answered_words(one.alarm, now) if one.alarm is not None else ""
        return (
            str(one.grave) if one.alarm else "",
            "hidden" if self._private else one.words,
            by,
            one.why,
            answered,
        )

    # --- doing ---

    def chosen(self) -> InboxItem | None:
        """What stands in the row."""
        row = self.table.currentRow()
        return self.shown[row] if 0 <= row < len(self.shown) else None

    def do(self) -> None:
        """Have the desk see to it."""
        one = self.chosen()
        if one is not None:
            self.do_wanted.emit(one)

    def go(self) -> None:
        """Show the referral or van that it is about."""
        one = self.chosen()
        if one is not None and (one.referral_id or one.van_id):
            self.wanted.emit(one.referral_id, one.van_id)

    def acknowledge(self) -> None:
        """Answer the alarm by this login's name, or say that the message was seen."""
        one = self.chosen()
        if one is None:
            return
        if one.message_id is not None:
            self.message.clear()
            self._desk.actions.submit(SeeMessage(message_id=one.message_id), "message seen")
        elif one.alarm is None:
            no_alarm = "That is no alarm: it goes when it is done."
            self.message.say("info", no_alarm, "See to it: Return.", so=self.table.while_chosen())
        elif self._here.is_quiet(one.alarm, self._desk.clock.now()):
            self.message.say("info", "Somebody has answered that already.", so=self.table.while_chosen())
        else:
            self.message.clear()
            self._here.acknowledge(one.alarm)
            self.show_lines()

    def copy(self) -> None:
        """Put it on the clipboard as a spreadsheet takes it."""
        copy_table([COLUMNS, *self.table.lines()])

    def showEvent(self, event: QShowEvent) -> None:
        """Show what needs a hand now."""
        super().showEvent(event)
        self.show_lines()
        self.table.setFocus()
