"""The window of a person's record: what is kept above; below what was asked, who looked, and links."""

import asyncio
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSplitter, QVBoxLayout

from console.live.desk import Desk
from console.look.buttons import ActionButton
from console.look.guard import guarded
from console.look.keyboard import Hands, bind_chords
from console.look.line_table import LineTable
from console.look.over_table import find_box, nothing_label
from console.look.panel import Panel
from console.look.person_keys import PERSON_ASKED, PERSON_KEPT, PERSON_WINDOW
from console.look.style import px
from console.look.tabbing import has_keyboard
from console.running.tasks import spawn
from console.views.files.maker import FileMaker
from console.views.person import sheets
from console.views.person.lines import (
    PAGE,
    HappenedLine,
    KeptLine,
    asked_lines,
    count_words,
    happened_lines,
    heading,
    kept_lines,
    matching,
)
from console.views.room.lines_window import LinesWindow
from db.commands import GiveOutPerson
from db.domain.clocks import dated_time
from db.domain.person_requests import PersonRequest, RequestKind
from db.domain.roles import may_lead
from db.domain.texts import one_line, told

if TYPE_CHECKING:
    from db.person_queries import PersonRead

KEPT: Final = ("What", "What is kept", "Referral")
ASKED: Final = ("When", "By", "What", "In words", "Referral")
_TITLE: Final = "A person's record"
_NOBODY: Final = "What somebody asks about anybody's record, what waits longest first. Return shows whose it is."
_NOTHING: Final = (
    "Nobody asks anything. Select a referral on the desk, or look somebody up, to see whose record it is."
)
_HIDDEN: Final = "Names are hidden."


@guarded
class PersonPage(LinesWindow):
    """One person at a time, by any of their referrals; or, with nobody chosen, what waits for an answer."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, _TITLE, 1180, 760)
        self._leads = may_lead(desk.me.role)
        self._who: UUID | None = None
        self._back: UUID | None = None
        self._looked: frozenset[UUID] = frozenset()
        self.person: PersonRead | None = None
        self._waiting: tuple[PersonRequest, ...] = ()
        self._kept_lines: list[KeptLine] = []
        self._most = PAGE
        self.kept_shown: list[KeptLine] = []
        self.asked_shown: list[HappenedLine] = []
        self.search = find_box("in what is kept", self)
        self.who = QLabel(self)
        self.kept, self.asked = Panel("What is kept", "", self), Panel("What was asked, and who looked", "", self)
        self.empty = nothing_label(_NOTHING, self)
        self.making = FileMaker(self, self.message, PERSON_WINDOW.key("leave"))
        acts = {"go": self.go, "ask": self.ask, "correct": self.correct, "give": self.give}
        kept_acts = acts | {"older": self.older}
        self.things = LineTable("What is kept", KEPT, "What is kept", PERSON_KEPT, kept_acts)
        answers = acts | {"answer": self.answer}
        self.events = LineTable("What was asked, and who looked", ASKED, "In words", PERSON_ASKED, answers)
        self.setFocusProxy(self.things)
        self._lay_out()
        self.search.textChanged.connect(self.show_lines)
        self.sheets.closed.connect(self.refresh)
        chords = {
            "kept": self.things.setFocus,
            "asked": self.events.setFocus,
            "everybody": self.turn,
            "search": self.search.setFocus,
            "refresh": self.refresh,
            "leave": self.leave,
            "close": self.close,
        }
        bind_chords(Hands(PERSON_WINDOW, chords), self, Qt.ShortcutContext.WindowShortcut)

    def _lay_out(self) -> None:
        self.who.setTextFormat(Qt.TextFormat.PlainText)
        self.who.setWordWrap(True)
        self.who.setContentsMargins(px(14), px(6), px(14), px(6))
        offered = [("Older", "older", self.older), ("Ask", "ask", self.ask), ("Correct", "correct", self.correct)]
        if self._leads:
            offered.append(("Give out", "give", self.give))
        for words, act, does in offered:
            self._button(self.kept, words, PERSON_KEPT.key(act), does)
        self._button(self.asked, "Answer", PERSON_ASKED.key("answer"), self.answer)
        self._button(self.asked, "Everybody's", PERSON_WINDOW.key("everybody"), self.turn)
        self.kept.heading.add_right(self.search)
        self.kept.add(self.who)
        self.kept.add(self.things, 1)
        for widget in (self.empty, self.events):
            self.asked.add(widget, 1)
        across = QSplitter(Qt.Orientation.Vertical, self)
        across.addWidget(self.kept)
        across.addWidget(self.asked)
        across.setChildrenCollapsible(False)
        across.setSizes([px(440), px(280)])
        column = QVBoxLayout(self)
        column.setContentsMargins(px(6), px(6), px(6), px(6))
        column.addWidget(self.message)
        column.addWidget(self.making.line)
        column.addWidget(across, 1)

    def _button(self, panel: Panel, words: str, key: str, does: object) -> None:
        button = ActionButton(words, key, "quiet", self)
        button.clicked.connect(does)
        panel.heading.add_right(button)

    # --- reading ---

    def look_at(self, referral_id: UUID | None) -> None:
        """Show the person of a referral; what was shown before is gone at once. None: what waits for an answer."""
        self._who, self._looked, self.person = referral_id, frozenset(), None
        self._kept_lines, self._most = [], PAGE
        self.search.clear()
        self.sheets.close()
        self.show_lines()
        self.refresh()

    def turn(self) -> None:
        """What is asked about anybody's record, or this person again."""
        here, self._back = self._who, self._who or self._back
        self.look_at(None if here is not None else self._back)

    def refresh(self) -> None:
        """Read it again; what is shown stays until the record has answered."""
        spawn(self.read_and_show(), "read a person's record", self)

    async def read(self) -> None:
        """What is kept, who looked and what was asked; the look itself is part of it."""
        who = self._who
        if who is None:
            self._waiting = await self._desk.reads.open_requests()
            return
        person, document = await self._desk.reads.person(who, self._desk.me.display_name, self._looked)
        # Aside: of somebody who is here every week there are thousands.
        lines = await asyncio.to_thread(kept_lines, document)
        # One that was asked for before, and is answered late, would be taken for the other.
        if who == self._who:
            self._looked |= {one.id for one in person.referrals}
            self.person, self._kept_lines = person, lines

    def show_lines(self) -> None:
        """What is kept and matches; what was asked, what waits first."""
        person, is_nobody = self.person, self._who is None
        found = matching(self._kept_lines, self.search.text())
        self.kept_shown = found[: self._most]
        self.asked_shown = asked_lines(self._waiting) if is_nobody else happened_lines(person) if person else []
        self.things.show_lines([self._kept(one) for one in self.kept_shown], [*range(len(self.kept_shown))])
        keys = [(one.at, one.what, one.reference) for one in self.asked_shown]
        self.events.show_lines([self._happened(one) for one in self.asked_shown], keys)
        self.empty.setVisible(is_nobody and not self.asked_shown)
        self.events.setVisible(not self.empty.isVisibleTo(self))
        self.who.setText(self._who_words())
        self.who.setAccessibleName(self.who.text())
        self.kept.heading.set_note(self._note(len(found)))
        waits = sum(one.request is not None and one.request.is_open for one in self.asked_shown)
        self.asked.heading.set_note(f"{waits} to be answered" if waits else "")

    def _who_words(self) -> str:
        if self._who is None:
            return _NOBODY
        if self.person is None:
            return "Reading the record…"
        kept = self.person.keeping.in_words(self._desk.clock.now())
        return f"{_HIDDEN if self._private else heading(self.person)}\n{kept}"

    def older(self) -> None:
        """The lines after the last one, below it."""
        self._most += PAGE
        self.show_lines()

    def _note(self, found: int) -> str:
        if self.person is None:
            return ""
        most = f" · the first {len(self.kept_shown)} of {found} lines" if found > len(self.kept_shown) else ""
        return f"{count_words(self.person)}{most}"

    def _kept(self, one: KeptLine) -> tuple[str, ...]:
        return (one.what, "hidden" if self._private else told(one_line(one.words)), one.reference)

    def _happened(self, one: HappenedLine) -> tuple[str, ...]:
        words = "hidden" if self._private and one.words else one.words
        return (dated_time(one.at), told(one.who), told(one.what), words, one.reference)

    # --- doing ---

    def chosen(self) -> PersonRequest | None:
        """What was asked, in the row of the table that has the keyboard."""
        row = self.events.currentRow()
        if has_keyboard(self.things) or not 0 <= row < len(self.asked_shown):
            return None
        return self.asked_shown[row].request

    def _to_answer(self, kind: RequestKind) -> PersonRequest | None:
        one = self.chosen()
        return one if one is not None and one.is_open and one.kind is kind else None

    def go(self) -> None:
        """Show whose it is; of a person that is shown, the referral in the row."""
        request = self.chosen()
        if self._who is None:
            if request is not None:
                self.look_at(request.referral_id)
            return
        lines = self.kept_shown if has_keyboard(self.things) else self.asked_shown
        row = (self.things if has_keyboard(self.things) else self.events).currentRow()
        reference = lines[row].reference if 0 <= row < len(lines) else ""
        found = [one.id for one in self.person.referrals if one.reference == reference] if self.person else []
        for key in found:
            self.wanted.emit(key, None)

    def ask(self) -> None:
        """Write down what somebody asks about this person's record."""
        if self.person is not None:
            last = self.person.referrals[-1]
            self.sheets.open(("ask", last.id), partial(sheets.ask, last.id, last.reference))

    def correct(self) -> None:
        """Correct something, for what was asked in the row where that is a correction."""
        if self.person is not None:
            request = self._to_answer(RequestKind.CORRECTION)
            key = ("correct", self._who, request.id if request is not None else None)
            self.sheets.open(key, partial(sheets.correct, self._read, request, may_refuse=self._leads))

    def _read(self) -> "PersonRead | None":
        return self.person

    def answer(self) -> None:
        """Refuse what was asked in the row, or put down that it is wanted no longer."""
        one = self.chosen()
        if one is None or not one.is_open:
            nothing, step = "Nothing is to be answered in that row.", "Choose what was asked."
            self.message.say("info", nothing, step, so=lambda: self.chosen() == one)
            return
        may_refuse = self._leads and one.kind is not RequestKind.ERASING
        self.sheets.open(("answer", one.id), partial(sheets.answer, one, may_refuse=may_refuse))

    def give(self) -> None:
        """Give all of it out as files."""
        if not self._leads:
            self.message.say("info", "Only a shift lead gives out a record.", "Ask the shift lead.")
        elif self.person is not None and self._who is not None and not self.making.refuses_another():
            request = self._to_answer(RequestKind.COPY)
            key = ("give", self._who, request.id if request is not None else None)
            self.sheets.open(key, partial(sheets.give_out, request, partial(self.ask_where, self._who)))

    def ask_where(self, who: UUID, wanted: sheets.WantedFiles) -> None:
        """Ask for the folder, beside the live desk."""
        self.making.ask_folder(lambda folder: self.make(who, wanted, folder))

    def make(self, who: UUID, wanted: sheets.WantedFiles, folder: Path) -> None:
        """Make the files, and put them into a folder."""
        self.making.begin(self._given_out(who, wanted, folder), folder)

    async def _given_out(self, who: UUID, wanted: sheets.WantedFiles, folder: Path) -> int:
        from db.reports.person_record import stem

        steps = len(wanted.formats) + 2
        self.making.line.tell("Reading the record", 0, steps)
        formats = ", ".join(one.upper() for one in wanted.formats)
        command = GiveOutPerson(
            referral_id=who, said_by=wanted.said_by, words=wanted.words, formats=formats, answers=wanted.answers
        )
        # Put down first: what then fails to be written was recorded once too often, and never not at all.
        await self._desk.reads.open_person(who)
        await self._desk.actions.perform(command, "record given out")
        document = await self._desk.reads.person_record(who, self._desk.me.display_name)
        count = await self.making.write(document, stem(document.made_at), wanted.formats, folder, (1, steps))
        self.refresh()
        return count

    def leave(self) -> None:
        """Give up what is being written; close the sheet; without either, the window."""
        if self.making.is_making:
            self.making.stop()
        else:
            super().leave()
