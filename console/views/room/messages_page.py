"""Messages between those who work at a desk: sent to the room or to somebody, and seen."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from console.live.actions import Action
from console.live.desk import Desk
from console.live.store import Delta
from console.live.talk import from_to, messages, seen_words, unseen, words_of
from console.look.buttons import ActionButton
from console.look.guard import guarded
from console.look.hints import hint
from console.look.keyboard import Hands, bind_chords
from console.look.layouts import nest
from console.look.line_table import LineTable
from console.look.over_table import nothing_label
from console.look.panel import MessageBar, Panel
from console.look.style import px
from console.look.talk_keys import TALK_LINE, TALK_WINDOW, TALK_WORDS
from console.views.room.window import RoomWindow
from db.commands import SeeMessage, SendMessage
from db.domain.about_what import NamedThere, named
from db.domain.addressed import at_a_desk
from db.domain.clocks import local_time
from db.domain.messages import LONGEST, ROOM, Message
from db.domain.names import number_today
from db.domain.texts import told

COLUMNS: Final = ("When", "Who to whom", "About", "What", "Seen")
NOTHING: Final = "No message was sent in the last 12 hours, and none waits for you."


@guarded
class MessagesPage(RoomWindow):
    """Follows the record; what is typed stays until the record has it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("Messages", 1100, 560)
        self._desk = desk
        self._private = False
        self.shown: list[Message] = []
        self.panel = Panel("Messages", "", self)
        self.message = MessageBar(self)
        self.words = _MessageLine({"send": self.send, "lines": self.to_lines}, self)
        self.to, self.about = QComboBox(self), QLineEdit(self)
        self.button = ActionButton("Send", TALK_WORDS.key("send"), "primary", self)
        does = {"go": self.go, "seen": self.see, "answer": self.answer}
        self.table = LineTable("Messages, newest first", COLUMNS, "What", TALK_LINE, does)
        self.empty = nothing_label(NOTHING, self)
        self._lay_out()
        self._fill_to()
        self.button.clicked.connect(self.send)
        self.table.cellDoubleClicked.connect(lambda *_: self.go())
        desk.store.changed.connect(self._follow)
        desk.store.reference_changed.connect(self._fill_to)
        chords = {"send": self.send, "new": self.words.setFocus, "lines": self.to_lines, "close": self.close}
        bind_chords(Hands(TALK_WINDOW, chords), self, Qt.ShortcutContext.WindowShortcut)
        self.show_lines()

    def _lay_out(self) -> None:
        self.to.setAccessibleName("To whom")
        self.about.setAccessibleName("About which referral")
        hint(self.about, "0042, or nothing")
        self.about.setFixedWidth(px(140))
        row = QHBoxLayout()
        row.setSpacing(px(8))
        for text, field in (("To", self.to), ("About", self.about)):
            label = QLabel(text, self)
            label.setBuddy(field)
            row.addWidget(label)
            row.addWidget(field)
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        for words, act, does in (("Seen", "seen", self.see), ("Answer", "answer", self.answer)):
            button = ActionButton(words, TALK_LINE.key(act), "quiet", self)
            button.clicked.connect(does)
            self.panel.heading.add_right(button)
        for widget, share in ((self.empty, 1), (self.table, 1)):
            self.panel.add(widget, share)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(8), px(8), px(8), px(8))
        nest(column, row)
        column.addWidget(self.message)
        column.addWidget(self.panel, 1)

    def _fill_to(self) -> None:
        """The room, and whoever else works at a desk; the one that is chosen stays chosen."""
        chosen = self.to.currentData()
        self.to.clear()
        self.to.addItem(ROOM, "")
        for login, name in at_a_desk(self._desk.store.reference, self._desk.me.login).items():
            self.to.addItem(told(name), login)
        self.to.setCurrentIndex(max(0, self.to.findData(chosen)))

    def set_private(self, private: bool) -> None:
        """Hide or show what they say."""
        self._private = private
        self.show_lines()

    def holds_typed(self) -> bool:
        """A message that is not sent."""
        return bool(self.words.text().strip())

    # --- what is shown ---

    def _follow(self, delta: Delta) -> None:
        if delta.touched("message") or delta.touched("referral"):
            self.show_lines()

    def show_lines(self) -> None:
        """Those that wait for whoever is signed in first, then the others; newest first."""
        login = self._desk.me.login
        self.shown = sorted(messages(self._desk), key=lambda one: not one.waits_for(login))
        self.table.show_lines([self._line(one) for one in self.shown], [one.id for one in self.shown])
        self.empty.setVisible(not self.shown)
        self.table.setVisible(bool(self.shown))
        self.panel.heading.set_note(f"{len(unseen(self._desk))} not seen by you")

    def _line(self, one: Message) -> tuple[str, ...]:
        now = self._desk.clock.now()
        waits = "● " if one.waits_for(self._desk.me.login) else ""
        said = f"{waits}{words_of(one, private=self._private)}"
        return (
            local_time(one.written_at, now),
            from_to(self._desk, one),
            number_today(one.reference, now) if one.reference else "",
            said,
            seen_words(self._desk, one),
        )

    def _live(self, key: UUID | None) -> str:
        """What a message can be about: the name of a referral that is live."""
        referral = self._desk.store.referral(key) if key is not None else None
        return number_today(referral.reference, self._desk.clock.now()) if referral is not None else ""

    # --- sending ---

    def begin(self, referral_id: UUID | None, words: str = "") -> None:
        """Begin a message about a referral; what is typed already is left alone."""
        if not self.holds_typed():
            self.about.setText(self._live(referral_id))
            self.words.setText(words)
        self.words.setFocus()

    def send(self) -> None:
        """Send it."""
        words = self.words.text().strip()
        about = self._named()
        if not words:
            nothing, step = "There is nothing written.", "Type the message first."
            self.message.say("info", nothing, step, so=lambda: not self.holds_typed())
        elif about is None:
            words = f"“{told(self.about.text())}” names no live referral, or more than one."
            typed = self.about.text()
            self.message.say("warn", words, so=lambda: self.about.text() == typed and self._named() is None)
        else:
            command = SendMessage(words=words, to_login=self.to.currentData(), referral_id=about.referral_id)
            self._desk.actions.submit(command, "message", partial(self._sent, words))

    def _named(self) -> NamedThere | None:
        store = self._desk.store
        found = named(self.about.text(), store.referrals(), (), self._desk.clock.now())
        return None if found.unknown else found

    def _sent(self, words: str, action: Action) -> None:
        if action.error is not None:
            self.message.say("late", action.error.sentence, action.error.next_step)
            return
        self.message.clear()
        # Whoever typed on meanwhile loses nothing.
        if self.words.text().strip() == words:
            self.words.clear()

    # --- what was sent ---

    def to_lines(self) -> None:
        """The keyboard into the messages, if there are any."""
        (self.table if self.shown else self.words).setFocus()

    def chosen(self) -> Message | None:
        """The message in the row."""
        row = self.table.currentRow()
        return self.shown[row] if 0 <= row < len(self.shown) else None

    def go(self) -> None:
        """Show the referral on the desk."""
        one = self.chosen()
        if one is not None and one.referral_id is not None:
            self.wanted.emit(one.referral_id, None)

    def see(self) -> None:
        """Say that it was seen."""
        one = self.chosen()
        if one is None:
            return
        if not one.waits_for(self._desk.me.login):
            nothing, why = "Nothing waits there for you.", "It is not to you, or you saw it."
            self.message.say("info", nothing, why, so=self.table.while_chosen())
            return
        self.message.clear()
        self._desk.actions.submit(SeeMessage(message_id=one.id), "message seen", self._answered)

    def answer(self) -> None:
        """Begin an answer to whoever sent it, about the same."""
        one = self.chosen()
        if one is None:
            return
        self.to.setCurrentIndex(max(0, self.to.findData(one.written_by)))
        self.about.setText(self._live(one.referral_id))
        self.words.setFocus()

    def _answered(self, action: Action) -> None:
        if action.error is not None:
            self.message.say("late", action.error.sentence, action.error.next_step)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin with what waits, else by typing."""
        super().showEvent(event)
        (self.table if unseen(self._desk) else self.words).setFocus()


@guarded
class _MessageLine(QLineEdit):
    """What the message says."""

    def __init__(self, does: Mapping[str, Callable[[], object]], parent: QWidget) -> None:
        super().__init__(parent)
        hint(self, "A short message")
        self.setAccessibleName("Message")
        self.setMaxLength(LONGEST)
        self._hands = Hands(TALK_WORDS, does)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._hands.take(event):
            super().keyPressEvent(event)
