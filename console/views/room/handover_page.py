"""Handing over the room: it writes itself, one lead adds notes and offers it, the next one signs and takes it."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from console.live.actions import Action
from console.live.again import Again
from console.live.desk import Desk
from console.live.room_now import items_of, last_room, offered_room, room_now
from console.live.store import Delta
from console.look.buttons import ActionButton
from console.look.clipboard import copy_table
from console.look.guard import guarded
from console.look.hints import hint as show_hint
from console.look.keyboard import Hands, bind_chords
from console.look.keys import cap
from console.look.layouts import nest
from console.look.line_table import LineTable
from console.look.once_more import OnceMore
from console.look.over_table import find_box, nothing_label
from console.look.panel import MessageBar, Panel
from console.look.room_keys import ROOM_LINE, ROOM_WINDOW
from console.look.style import px
from console.running.tasks import spawn
from console.views.room.handed_words import (
    Shown,
    came_words,
    handovers_found,
    heading_note,
    line_found,
    lines_are,
    risks_are,
    row_cells,
    row_key,
)
from console.views.room.printing import PrintedLine, as_html, ask_and_print
from console.views.room.window import RoomWindow
from db.commands import Command, OfferRoom, SignRisk, TakeRoom, WithdrawOffer
from db.domain.clocks import local_time
from db.domain.handing_over import to_hand_over
from db.domain.roles import may_lead
from db.domain.shift_handover import TITLES, About, HandedItem, ShiftHandover, came_since, unsigned
from db.domain.texts import told

if TYPE_CHECKING:
    from db.room_queries import HandedOver

COLUMNS: Final = ("About", "What", "By when", "Risk", "Signed")
NOTHING: Final = "There is nothing to hand over: nobody waits, and nothing is due."
LOOK_BACK: Final = timedelta(days=92)
_JUST_NOW: Final = timedelta(minutes=1)
_EVERY_MS: Final = 15_000
_NOW: Final = "Now"
_MOST_CAME: Final = 3


@guarded
class ShiftHandoverPage(RoomWindow):
    """One list, two leads: whoever offers it sees it signed, line by line."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("Handing over the room", 1180, 760)
        self._desk = desk
        self._again = Again(desk.store, self.refresh, self)
        self._earlier: list[HandedOver] = []
        self._found: list[HandedOver] = []
        self._private = False
        self._typed = ""
        self._told: set[About] = set()
        self.shown = Shown(None)
        self.panel = Panel("Handing over the room", "", self)
        self.message = MessageBar(self)
        self._once_more = OnceMore(self.message)
        does = {"go": self.go, "sign": self.sign}
        self.table = LineTable("What is handed over", COLUMNS, "What", ROOM_LINE, does)
        self.empty = nothing_label(NOTHING, self)
        self.remark = QLineEdit(self)
        self.notes = QPlainTextEdit(self)
        self.which = QComboBox(self)
        self.search = find_box("in earlier handovers, of three months", self)
        self.go_on = ActionButton("Offer the room", ROOM_WINDOW.key("go on"), "primary", self)
        self.withdraw_it = ActionButton("Withdraw", ROOM_WINDOW.key("withdraw"), "quiet", self)
        self.sign_it = ActionButton("Sign", ROOM_LINE.key("sign"), "secondary", self)
        self.print_it = ActionButton("Print", ROOM_WINDOW.key("print"), "quiet", self)
        self._lay_out()
        self._connect()
        self._beat = QTimer(self)
        self._beat.timeout.connect(self._as_time_passes)
        self._beat.start(_EVERY_MS)

    def _connect(self) -> None:
        self.go_on.clicked.connect(self.take_or_offer)
        self.withdraw_it.clicked.connect(self.withdraw)
        self.sign_it.clicked.connect(self.sign)
        self.print_it.clicked.connect(self.print_page)
        self.which.currentIndexChanged.connect(self.show_room)
        self.search.textChanged.connect(self.look_for)
        self.table.cellDoubleClicked.connect(lambda *_: self.go())
        self._desk.store.changed.connect(self._follow)
        chords = {
            "go on": self.take_or_offer,
            "lines": self.table.setFocus,
            "notes": self.notes.setFocus,
            "earlier": self.which.setFocus,
            "search": self.search.setFocus,
            "withdraw": self.withdraw,
            "print": self.print_page,
            "copy": self.copy,
            "close": self.close,
        }
        bind_chords(Hands(ROOM_WINDOW, chords), self, Qt.ShortcutContext.WindowShortcut)

    def _lay_out(self) -> None:
        self.which.addItem(_NOW)
        self.which.setAccessibleName("Which handover")
        self.remark.setAccessibleName("Remark to what is signed")
        show_hint(self.remark, "Remark, such as: called, no answer")
        self.notes.setAccessibleName("Notes for the next shift")
        show_hint(self.notes, "Notes for the next shift")
        self.notes.setTabChangesFocus(True)
        self.notes.setFixedHeight(px(84))
        for widget in (self.print_it, self.which, self.search):
            self.panel.heading.add_right(widget)
        for part, share in ((self.empty, 1), (self.table, 1)):
            self.panel.add(part, share)
        below = QHBoxLayout()
        below.setContentsMargins(px(8), px(4), px(8), px(4))
        below.addWidget(self.sign_it)
        below.addWidget(self.remark, 4)
        below.addStretch(1)
        below.addWidget(self.withdraw_it)
        below.addWidget(self.go_on)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(6), px(6), px(6), px(6))
        column.addWidget(self.message)
        column.addWidget(self.panel, 1)
        column.addWidget(self.notes)
        nest(column, below)

    # --- what is shown ---

    @property
    def is_mine(self) -> bool:
        """Whether whoever sits here offered what is shown."""
        return self.shown.room is not None and self.shown.room.offered_by == self._desk.me.login

    def set_private(self, private: bool) -> None:
        """Hide or show what was said to people, and by them."""
        self._private = private
        self._offer_earlier()
        self.show_room()

    def _follow(self, delta: Delta) -> None:
        if self.isVisible() and delta:
            self.show_room()

    def _as_time_passes(self) -> None:
        if self.isVisible() and (self.shown.room is None or self.shown.room.is_offered):
            self.show_room()

    def holds_typed(self) -> bool:
        """Notes, or a remark, that the record does not have."""
        notes = self._typed if self.notes.isReadOnly() else self.notes.toPlainText()
        return bool(notes.strip() or self.remark.text().strip())

    def refresh(self) -> None:
        """Read how the room was handed over before; what is offered now is followed."""
        spawn(self._read(), "read the handovers of the room", self)

    async def _read(self) -> None:
        if await self._again.tried(self._read_earlier, self.message):
            self._offer_earlier()

    async def _read_earlier(self) -> None:
        found = await self._desk.reads.room_handovers(self._desk.clock.now() - LOOK_BACK)
        self._earlier = [one for one in found if not one.room.is_offered]

    def _offer_earlier(self) -> None:
        now, who = self._desk.clock.now(), self._desk.store.reference.who
        at = self.which.currentIndex()
        self._found = handovers_found(self._earlier, self.search.text(), who, private=self._private)
        blocked = self.which.blockSignals(True)
        self.which.clear()
        self.which.addItem(_NOW)
        for one in self._found:
            ended = f"taken by {who(one.room.taken_by)}" if one.room.taken_at else "withdrawn"
            self.which.addItem(f"{local_time(one.room.offered_at, now)} {who(one.room.offered_by)}, {ended}")
        self.which.setCurrentIndex(max(0, at) if at < self.which.count() else 0)
        self.which.blockSignals(blocked)

    def look_for(self, typed: str) -> None:
        """Show the newest handover in which the words are found, at the line that has them; without words, now."""
        self.which.setCurrentIndex(0)
        self._offer_earlier()
        looks = bool(typed.strip())
        if looks and not self._found:
            nothing = "Nothing of that is found in the handovers of three months."
            self.message.say("info", nothing, so=lambda: self.search.text() == typed and not self._found)
        else:
            self.message.clear()
        self.which.setCurrentIndex(1 if looks and self._found else 0)
        if looks and self.shown.items:
            self.table.setCurrentCell(line_found(self.shown.items, typed), 0)

    def _shown(self) -> Shown:
        at = self.which.currentIndex() - 1
        if 0 <= at < len(self._found):
            return Shown(self._found[at].room, self._found[at].items)
        store = self._desk.store
        room = offered_room(store)
        lines = tuple(to_hand_over(room_now(store), store.reference, self._desk.clock.now()))
        if room is None:
            return Shown(None, lines=lines, before=last_room(store))
        items = tuple(items_of(store, room))
        return Shown(room, items, came=tuple(came_since(items, lines)))

    def show_room(self) -> None:
        """Show it as it is now; the line that is chosen stays."""
        self._let_go_of_notes()
        self.shown = self._shown()
        some, now, who = self.shown.rows(), self._desk.clock.now(), self._desk.store.reference.who
        lines = [row_cells(one, now, who, private=self._private) for one in some]
        for at in range(len(lines) - 1, 0, -1):
            # Said once, above the first: a page of the same words hides where the next kind begins.
            if some[at].kind == some[at - 1].kind:
                lines[at] = ("", *lines[at][1:])
        self.table.show_lines(lines, [*map(row_key, some)])
        self.empty.setVisible(not lines)
        self.table.setVisible(bool(lines))
        self.panel.heading.set_note(heading_note(self.shown, now, who))
        self._show_what_may_be_done()

    def _let_go_of_notes(self) -> None:
        """What was offered with the room that somebody took is said: the next offer has notes of its own."""
        was = self.shown.room
        rooms = self._desk.store.all_of(ShiftHandover, "shift_handover")
        taken = was is not None and was.is_offered and any(one.id == was.id and one.taken_at for one in rooms)
        if was is not None and taken and self._typed.strip() == was.notes:
            self._typed = ""

    def _show_what_may_be_done(self) -> None:
        room, lead = self.shown.room, may_lead(self._desk.me.role)
        waits = room is not None and room.is_offered
        mine = self.is_mine
        self._show_notes(room, lead=lead)
        self.go_on.setVisible(lead and (room is None or (waits and not mine)))
        self.go_on.setText("Offer the room" if room is None else "Take the room")
        self.withdraw_it.setVisible(lead and waits)
        for widget in (self.sign_it, self.remark):
            widget.setVisible(lead and waits and not mine)

    def _show_notes(self, room: ShiftHandover | None, *, lead: bool) -> None:
        """Those of the offer; else what is being typed, which stays while an offer comes and goes."""
        if not self.notes.isReadOnly():
            self._typed = self.notes.toPlainText()
        shown = self._typed if room is None else room.notes
        self.notes.setReadOnly(room is not None or not lead)
        if self.notes.toPlainText() != shown:
            self.notes.setPlainText(shown)

    # --- doing ---

    def take_or_offer(self) -> None:
        """Offer the room as it stands; or take what the other lead offers."""
        if not self.go_on.isVisible():
            return
        if self.shown.room is None:
            question = "You took the room just now. Offer it all the same?"
            asked = ("offer", question, "Once more offers it.", self._took_just_now)
            # The key that took it offers it from then on: pressed twice over a slow link, it gave the room away.
            if self._took_just_now() and not self._once_more.is_meant(*asked):
                return
            self._send(OfferRoom(items=self.shown.lines, notes=self.notes.toPlainText()), "room offered")
            return
        open_ones = unsigned(self.shown.items)
        if open_ones:
            left, step = len(open_ones), "Sign each: S on its line."
            self.message.say("warn", f"{risks_are(left)} not signed yet.", step, so=lambda: self._left() == left)
            self._to_line(open_ones[0])
        elif came := {one.about for one in self.shown.came} - self._told:
            # Asked once for these: who offers it may have left, and then the room must not stay with nobody.
            self._told |= came
            words = "; ".join(told(one.words) for one in self.shown.came[:_MOST_CAME])
            told_of, step = f"{came_words(len(self.shown.came))}: {words}.", "Again: you take these as well."
            self.message.say("warn", told_of, step, so=partial(self._is_offered, self.shown.room.id))
        else:
            self._send(TakeRoom(handover_id=self.shown.room.id), "room taken")

    def _took_just_now(self) -> bool:
        was, now = self.shown.before, self._desk.clock.now()
        if was is None or was.taken_at is None or was.taken_by != self._desk.me.login:
            return False
        return now - was.taken_at < _JUST_NOW

    def _left(self) -> int:
        return len(unsigned(self.shown.items))

    def _is_offered(self, room_id: UUID) -> bool:
        """Whether that handover still waits to be taken: what is asked about it is true of no other."""
        room = self.shown.room
        return room is not None and room.id == room_id and room.is_offered

    def sign(self) -> None:
        """Sign the line that is chosen, and go on to the next that is open."""
        row = self.table.currentRow()
        if not self.sign_it.isVisible() or not 0 <= row < len(self.shown.items):
            return
        item = self.shown.items[row]
        if item.signed_at is not None:
            self.message.say("info", "That is signed already.", so=self.table.while_chosen())
            return
        remark = self.remark.text()
        self._send(SignRisk(item_id=item.id, remark=remark), "signed", partial(self._signed, item, remark))

    def _signed(self, item: HandedItem, remark: str) -> None:
        """The record has it: on to the next that is open, unless somebody went elsewhere meanwhile."""
        # Not before: a remark that is refused is still to be read, and another one may be typed by now.
        if self.remark.text() == remark:
            self.remark.clear()
        row = self.table.currentRow()
        if not 0 <= row < len(self.shown.items) or self.shown.items[row].id != item.id:
            return
        following = [one for one in self.shown.items[row + 1 :] if one.is_open]
        if following:
            self.table.setCurrentCell(self.shown.items.index(following[0]), 0)

    def _to_line(self, item: HandedItem) -> None:
        self.table.setCurrentCell(self.shown.items.index(item), 0)
        self.table.setFocus()

    def withdraw(self) -> None:
        """Take back the offer that waits; it is kept. Asked first where some of it is signed."""
        room = self.shown.room
        if not self.withdraw_it.isVisible() or room is None:
            return
        signed = sum(one.signed_at is not None for one in self.shown.items)
        question = f"{lines_are(signed)} signed already. Withdraw it all the same?"
        again = f"{cap(ROOM_WINDOW.key('withdraw'))} once more does it: who takes the room then signs anew."
        still = partial(self._is_offered, room.id)
        if not signed or self._once_more.is_meant(room.id, question, again, still):
            self._send(WithdrawOffer(handover_id=room.id), "offer withdrawn")

    def _send(self, command: Command, label: str, then: Callable[[], object] = lambda: None) -> None:
        def answered(action: Action) -> None:
            if action.error is not None:
                self.message.say("late", action.error.sentence, action.error.next_step)
                return
            self.message.clear()
            then()
            self.refresh()

        self._desk.actions.submit(command, label, answered)

    def go(self) -> None:
        """Show on the desk what the line is about."""
        referral_id, van_id = self.shown.about(self.table.currentRow())
        if referral_id is not None or van_id is not None:
            self.wanted.emit(referral_id, van_id)

    def copy(self) -> None:
        """Put it on the clipboard as a spreadsheet takes it."""
        kinds = (TITLES[one.kind] for one in self.shown.rows())
        lines = zip(kinds, self.table.lines(), strict=True)
        copy_table([COLUMNS, *([kind, *line[1:]] for kind, line in lines)])

    def page(self) -> str:
        """It as HTML for paper."""
        now, who, lines = self._desk.clock.now(), self._desk.store.reference.who, self.table.lines()
        kinds = [one.kind for one in self.shown.rows()]
        printed = [
            PrintedLine(kind, " · ".join(part for part in (words, due) if part), bool(risk), signed)
            for kind, (_, words, due, risk, signed) in zip(kinds, lines, strict=True)
        ]
        at = self.shown.room.offered_at if self.shown.room is not None else now
        heading = f"Handover of the room, {local_time(at, now)}"
        sealed = self._desk.store.seal.note
        return as_html(heading, [heading_note(self.shown, now, who)], printed, self.notes.toPlainText(), sealed)

    def print_page(self) -> QWidget:
        """Ask where to print it."""
        return ask_and_print(self.page(), self)

    def showEvent(self, event: QShowEvent) -> None:
        """Show what is so now, and read what was before."""
        super().showEvent(event)
        self.show_room()
        self.refresh()
        self.table.setFocus()
