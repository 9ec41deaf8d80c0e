"""What is written into the shift log: the words, what about, when it was, and whether the next shift hears it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QLineEdit, QPlainTextEdit, QWidget

from console.live.desk import Desk
from console.look.buttons import ActionButton
from console.look.guard import guarded
from console.look.hints import hint as show_hint
from console.look.room_keys import LOG_WINDOW
from console.look.style import mark, px
from console.views.form.limits import too_long
from console.views.form.when import TypedMoment
from db.commands import WriteLog
from db.domain.about_what import NamedThere, named
from db.domain.names import number_today
from db.domain.resolving import Belongs, Limit
from db.domain.shift_log import EARLIEST, LogEntry
from db.domain.texts import told
from db.domain.towns import titled, whereabouts
from db.errors import Invalid
from db.tables.bounds import most

_MOST = most("shift_log", "words")
_A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class TypedEntry:
    """What somebody typed of an entry.

    Attributes:
        at: the moment that ``when`` meant when it was typed, UTC.
        corrects: the entry in whose place it is to stand; None for a new one.
    """

    words: str
    about: str
    when: str
    at: datetime | None
    pass_on: bool
    corrects: UUID | None


@guarded
class Writing(QWidget):
    """An entry before it is written. What is typed stays until the record has it."""

    wanted = Signal()
    """The entry is to be written."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.correcting: LogEntry | None = None
        self.words = QPlainTextEdit(self)
        self.about = QLineEdit(self)
        self.when = QLineEdit(self)
        self.pass_on = QCheckBox("Tell the next shift", self)
        self.go = ActionButton("Write", LOG_WINDOW.key("write"), "primary", self)
        self.moment = TypedMoment(self.when, "When", self._belongs, self)
        self.reading = QLabel(self)
        self._aside: dict[UUID | None, TypedEntry] = {}
        self._begun = self.typed()
        self._lay_out()
        self.go.clicked.connect(self.wanted)
        self.about.textChanged.connect(self._read)
        self.moment.changed.connect(self._read)
        self._read()

    def _lay_out(self) -> None:
        self.words.setAccessibleName("What happened")
        show_hint(self.words, "What happened, such as: lift at Berrywood out of order, use the ramp")
        self.words.setTabChangesFocus(True)
        self.words.setFixedHeight(px(58))
        self.words.installEventFilter(self)
        self.about.setAccessibleName("About which referral or van")
        show_hint(self.about, "0042, CRU3")
        self.when.setAccessibleName("When it was")
        show_hint(self.when, "now, or 0310")
        self.reading.setTextFormat(Qt.TextFormat.PlainText)
        self.reading.setWordWrap(True)
        mark(self.reading, role="small")
        grid = QGridLayout(self)
        grid.setContentsMargins(px(12), px(4), px(12), px(6))
        grid.addWidget(self.words, 0, 0, 1, 6)
        for column, (text, field) in enumerate((("About", self.about), ("When", self.when))):
            label = QLabel(text, self)
            label.setBuddy(field)
            grid.addWidget(label, 1, column * 2)
            grid.addWidget(field, 1, column * 2 + 1)
        grid.addWidget(self.pass_on, 1, 4)
        grid.addWidget(self.go, 1, 5)
        grid.addWidget(self.moment.row, 2, 0, 1, 6)
        grid.addWidget(self.reading, 3, 0, 1, 6)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)

    def _belongs(self) -> Belongs:
        now = self._desk.clock.now()
        return Belongs(now, not_before=Limit(now - EARLIEST + _A_MINUTE, "seven days ago"))

    def named(self) -> NamedThere:
        """What the entry is about."""
        store = self._desk.store
        return named(self.about.text(), store.referrals(), store.vans(), self._desk.clock.now())

    def _read(self) -> None:
        found, now = self.named(), self._desk.clock.now()
        parts = (
            [f"corrects {self._desk.store.reference.who(self.correcting.written_by)}"] if self.correcting else []
        )
        if found.referral is not None:
            where = whereabouts(found.referral.location)
            parts.append(titled(number_today(found.referral.reference, now), where, where.town))
        if found.van is not None:
            parts.append(told(found.van.callsign))
        if self.moment.words:
            parts.append(self.moment.words)
        wrong = self._wrong(found)
        self.reading.setText(" · ".join([*parts, *([wrong] if wrong else [])]))
        mark(self.reading, tone="late" if wrong or self.moment.is_wrong else "dim")
        self.about.setAccessibleDescription(self.reading.text())
        self.when.setAccessibleDescription(self.reading.text())

    @staticmethod
    def _wrong(found: NamedThere) -> str:
        if not found.unknown:
            return ""
        return f'"{" ".join(found.unknown)}" names no live referral or van, or more than one'

    def command(self) -> WriteLog:
        """The entry as it is typed.

        Raises:
            Invalid: something is missing, or cannot be read.
        """
        text, found = self.words.toPlainText().strip(), self.named()
        if not text:
            raise Invalid("There is nothing written.", "Type what happened.", "words")
        if flaw := too_long("The entry", text, _MOST):
            raise Invalid(flaw)
        if found.unknown:
            raise Invalid(f"{self._wrong(found)}.", "Leave it out, or write it into the words.")
        if self.when.text().strip() and self.moment.at is None:
            raise Invalid(*self.moment.problem)
        return WriteLog(
            words=text,
            happened_at=self.moment.at,
            referral_id=found.referral_id,
            van_id=found.van_id,
            pass_on=self.pass_on.isChecked(),
            corrects=self.correcting.id if self.correcting is not None else None,
        )

    def correct(self, entry: LogEntry, about: str) -> None:
        """Begin with what an entry says, to be written anew in its place; what was typed before is kept aside."""
        self._keep()
        self.correcting = entry
        self.words.setPlainText(entry.words)
        self.about.setText(about)
        self.moment.fill(entry.happened_at)
        self.pass_on.setChecked(entry.pass_on)
        self._begun = self.typed()
        self._take_up()
        self.words.setFocus()
        self.words.selectAll()

    def leave(self) -> None:
        """No correction for now: what was typed of it is there when it is corrected, and before it there again."""
        self._keep()
        self._blank()
        self._take_up()

    def written(self) -> None:
        """The record has it: go on with what was typed before it, or anew."""
        self._aside.pop(self._about_which, None)
        self._blank()
        self._take_up()

    def typed(self) -> TypedEntry:
        """All that is typed and ticked."""
        words = self.words.toPlainText(), self.about.text(), self.when.text()
        return TypedEntry(*words, self.moment.at, self.pass_on.isChecked(), self._about_which)

    def is_begun(self) -> bool:
        """Whether anything is typed, here or aside."""
        return self.typed() != self._begun or any(
            one.corrects != self._about_which for one in self._aside.values()
        )

    def put_below(self, words: str) -> None:
        """Words that the record did not take, below others that are typed by now."""
        self.words.appendPlainText(words)

    @property
    def _about_which(self) -> UUID | None:
        return self.correcting.id if self.correcting is not None else None

    def _keep(self) -> None:
        """Put aside what was changed of this entry."""
        typed = self.typed()
        if typed != self._begun:
            self._aside[typed.corrects] = typed
        else:
            self._aside.pop(typed.corrects, None)

    def _blank(self) -> None:
        self.correcting = None
        self.words.clear()
        self.about.clear()
        self.when.clear()
        self.pass_on.setChecked(False)
        self._begun = self.typed()

    def _take_up(self) -> None:
        """What was put aside of this entry; nothing is read anew as if it was typed now."""
        aside = self._aside.pop(self._about_which, None)
        if aside is not None:
            self.words.setPlainText(aside.words)
            self.about.setText(aside.about)
            self.moment.show_text(aside.when, aside.at)
            self.pass_on.setChecked(aside.pass_on)
        self.go.setText("Write" if self.correcting is None else "Write the correction")
        self._read()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl+Enter in the words writes the entry, and makes no line of its own."""
        if watched is self.words and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
            if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.wanted.emit()
                return True
        return super().eventFilter(watched, event)
