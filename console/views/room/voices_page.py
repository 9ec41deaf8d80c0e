"""What people said afterwards beside what became of it: you said, we did."""

from datetime import timedelta
from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QSplitter, QVBoxLayout

from console.live.desk import Desk
from console.look.buttons import ActionButton
from console.look.clipboard import copy_table
from console.look.guard import guarded
from console.look.keyboard import Hands, bind_chords
from console.look.line_table import LineTable
from console.look.over_table import find_box
from console.look.panel import Panel
from console.look.room_keys import IMPROVEMENT, VOICE, VOICES_WINDOW
from console.look.style import px
from console.look.tabbing import has_keyboard
from console.running.tasks import spawn
from console.views.room.lines_window import LinesWindow
from console.views.sheets import voices
from db.domain.clocks import local, local_time
from db.domain.feedback import Feedback, Improvement, by_theme, found_by, in_order
from db.domain.names import number_today
from db.domain.roles import may_lead
from db.domain.texts import one_line, told
from db.voice_queries import Voices

SAID: Final = ("When", "Who", "What", "About", "May be quoted", "Visit")
DID: Final = ("You said", "Who sees to it", "By", "State", "We did")
_PERIODS: Final = (
    ("28 days", timedelta(days=28)),
    ("92 days", timedelta(days=92)),
    ("a year", timedelta(days=366)),
)
_ALL: Final = "All themes"
_NOBODY_READ: Final = Voices((), (), {})


@guarded
class VoicesPage(LinesWindow):
    """Above what was said, word for word; below what a lead made of it, without a name in it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Feedback", 1180, 760)
        self._leads = may_lead(desk.me.role)
        self.was_read = _NOBODY_READ
        self.feedback: list[Feedback] = []
        self.improvements: list[Improvement] = []
        self.search = find_box("in what people said", self)
        self.theme, self.period = QComboBox(self), QComboBox(self)
        self.said = Panel("What people said", "", self)
        self.did = Panel("You said, we did", "", self)
        self.voices = LineTable(
            "What people said",
            SAID,
            "What",
            VOICE,
            {"go": self.go, "sort": self.sort, "new": self.add, "make": self.make},
        )
        self.items = LineTable(
            "You said, we did", DID, "We did", IMPROVEMENT, {"change": self.change, "new": self.make_new}
        )
        self.setFocusProxy(self.voices)
        self._lay_out()
        self.search.textChanged.connect(self.show_lines)
        self.theme.currentIndexChanged.connect(self.show_lines)
        self.period.currentIndexChanged.connect(self.refresh)
        self.sheets.closed.connect(self.refresh)
        chords = {
            "said": self.voices.setFocus,
            "did": self.items.setFocus,
            "search": self.search.setFocus,
            "refresh": self.refresh,
            "copy": self.copy,
            "leave": self.leave,
            "close": self.close,
        }
        bind_chords(Hands(VOICES_WINDOW, chords), self, Qt.ShortcutContext.WindowShortcut)

    def _lay_out(self) -> None:
        self.theme.setAccessibleName("About which theme")
        self.theme.addItems([_ALL, *self._desk.store.reference.themes])
        self.period.addItems([words for words, _ in _PERIODS])
        self.period.setAccessibleName("How far back")
        self._buttons()
        # Of a long theme the beginning is enough: what is looked for has room, too.
        self.theme.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.theme.setMinimumContentsLength(14)
        for widget in (self.theme, self.period, self.search):
            self.said.heading.add_right(widget)
        self.said.add(self.voices, 1)
        self.did.add(self.items, 1)
        across = QSplitter(Qt.Orientation.Vertical, self)
        across.addWidget(self.said)
        across.addWidget(self.did)
        across.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(6), px(6), px(6), px(6))
        column.addWidget(self.message)
        column.addWidget(across, 1)

    def _buttons(self) -> None:
        rows = [(self.said, "Add", VOICE.key("new"), self.add), (self.said, "Sort", VOICE.key("sort"), self.sort)]
        if self._leads:
            rows += [
                (self.said, "Make an item", VOICE.key("make"), self.make),
                (self.did, "Change", IMPROVEMENT.key("change"), self.change),
                (self.did, "New", IMPROVEMENT.key("new"), self.make_new),
            ]
        for panel, words, key, does in rows:
            button = ActionButton(words, key, "quiet")
            button.clicked.connect(does)
            panel.heading.add_right(button)

    # --- reading ---

    def refresh(self) -> None:
        """Read it again; what is shown stays until the record has answered."""
        spawn(self.read_and_show(), "read what people said", self)

    async def read(self) -> None:
        """What was said in the time that is asked for, and what became of it."""
        now = self._desk.clock.now()
        self.was_read = await self._desk.reads.voices(now - _PERIODS[self.period.currentIndex()][1])

    def show_lines(self) -> None:
        """What was said and matches, newest first; what became of it, what is open first."""
        now = self._desk.clock.now()
        theme = "" if self.theme.currentText() == _ALL else self.theme.currentText()
        self.feedback = found_by(self.was_read.feedback, self.search.text(), theme, self._names)
        self.improvements = in_order(self.was_read.improvements, local(now).date())
        self.voices.show_lines([self._said(one) for one in self.feedback], [one.id for one in self.feedback])
        self.items.show_lines([self._did(one) for one in self.improvements], [one.id for one in self.improvements])
        quoted = sum(one.may_be_quoted for one in self.feedback)
        top = " · ".join(f"{count} {name}" for name, count in [*by_theme(self.feedback).items()][:3])
        comments = "1 comment" if len(self.feedback) == 1 else f"{len(self.feedback)} comments"
        parts = [comments, f"{quoted} may be quoted", top]
        self.said.heading.set_note(" · ".join(part for part in parts if part))
        waiting, today = [one for one in self.improvements if one.is_open], local(now).date()
        late = sum(one.is_late(today) for one in waiting)
        done = sum(one.state == "done" for one in self.improvements)
        self.did.heading.set_note(f"{len(waiting)} open · {late} past their day · {done} done")

    def _names(self, one: Feedback) -> str:
        return self.was_read.references.get(str(one.referral_id), "")

    def _said(self, one: Feedback) -> tuple[str, ...]:
        now = self._desk.clock.now()
        words = "hidden" if self._private else told(one_line(one.words))
        reference = self._names(one)
        number = number_today(reference, now) if reference else ""
        kind = "" if one.kind == "comment" else f", {one.kind}"
        quoted = "yes" if one.may_be_quoted else "no"
        return (
            local_time(one.recorded_at, now),
            f"{one.said_by}{kind}",
            words,
            ", ".join(one.themes),
            quoted,
            number,
        )

    def _did(self, one: Improvement) -> tuple[str, ...]:
        due = "" if one.due_on is None else f"{one.due_on.day} {one.due_on:%b %Y}"
        late = "▲ " if one.is_late(local(self._desk.clock.now()).date()) else ""
        said = f"{told(one_line(one.said))} ({one.raised_by})"
        return (said, told(one.owner), f"{late}{due}", one.state, told(one_line(one.did)))

    # --- doing ---

    def chosen(self) -> Feedback | None:
        """What was said, in the row."""
        row = self.voices.currentRow()
        return self.feedback[row] if 0 <= row < len(self.feedback) else None

    def add(self) -> None:
        """Write down what somebody said about no one visit; of a visit it is added on its referral."""
        self.sheets.open(("feedback",), partial(voices.feedback, None, self._desk.store.reference.themes))

    def sort(self) -> None:
        """What it is about, and what may be done with it."""
        one = self.chosen()
        if one is not None:
            build = partial(voices.sort, one, self._desk.store.reference.themes)
            self.sheets.open(("sort", one.id, one.version), build)

    def make(self) -> None:
        """Make something of it that somebody sees to."""
        one = self.chosen()
        if one is not None and self._leads:
            self.sheets.open(("make", one.id), partial(voices.improvement, None, one, self._desk.clock.now))

    def make_new(self) -> None:
        """Make an item of the team's own."""
        if self._leads:
            self.sheets.open(("make",), partial(voices.improvement, None, None, self._desk.clock.now))

    def change(self) -> None:
        """Another owner or day, or what changed."""
        row = self.items.currentRow()
        if self._leads and 0 <= row < len(self.improvements):
            one = self.improvements[row]
            build = partial(voices.improvement, one, None, self._desk.clock.now)
            self.sheets.open(("change", one.id, one.version), build)

    def go(self) -> None:
        """Show its visit on the desk."""
        one = self.chosen()
        if one is not None and one.referral_id is not None:
            self.wanted.emit(one.referral_id, None)

    def copy(self) -> None:
        """Put the table that has the keyboard on the clipboard as a spreadsheet takes it."""
        heads, table = (DID, self.items) if has_keyboard(self.items) else (SAID, self.voices)
        copy_table([heads, *table.lines()])
