"""The command line on a desk: what a typed line opens there, with what was typed filled in."""

from collections.abc import Callable, Iterator, Mapping

from PySide6.QtCore import QObject

from console.views.command.line import CommandLine
from console.views.command.plan import LinePlan
from console.views.command.words_page import WordsPage
from console.views.desk.page import DeskPage
from console.views.sheets import Sheet
from console.views.sheets.fields import Pick, SheetField, Write, WriteLines
from console.views.sheets.when import When
from console.views.vans.sheets import MealSheet, OutOfServiceSheet
from db.domain.clocks import wall_time
from db.domain.command_reading import CommandMeaning
from db.domain.command_verbs import FIND, LOOK_UP, PLACE, SHOW, UNDO, VERBS
from db.domain.names import shortened
from db.errors import RecordError

_NOTES = ("note", "words", "said", "feedback", "what_for", "outcome", "other", "reason")
"""The fields of sheets that take what was typed behind, the likeliest first."""


class Doing(QObject):
    """Carries out on a page what needs no order."""

    def __init__(self, page: DeskPage, does: Mapping[str, Callable[[], object]]) -> None:
        super().__init__(page)
        self._page, self._does = page, does

    def carry(self, plan: LinePlan, reading: CommandMeaning) -> None:
        """Open what a plan opens."""
        if plan.action is not None:
            self._van(plan, reading)
        elif plan.step is not None:
            self._step(plan, reading)
        else:
            self._desk(plan, reading)

    def say_refused(self, label: str, error: RecordError) -> None:
        """Say it over the panels: the line is away by now."""
        now = self._page.desk.clock.now()
        self._page.message.say("late", f"{shortened(label, now)}: {error.sentence}", error.next_step)

    # --- places ---

    def _desk(self, plan: LinePlan, reading: CommandMeaning) -> None:
        page = self._page
        if plan.desk == SHOW and plan.referral is not None:
            page.show_on_desk(plan.referral, None)
        elif plan.desk == SHOW:
            page.select_van(plan.van)
            page.dock["vans"].reveal()
        elif plan.desk == FIND:
            page.focus_filter()
            page.board.filter.setText(reading.note)
        elif plan.desk == LOOK_UP:
            page.beside.open_find(reading.note)
        elif plan.desk == PLACE:
            page.find_place(reading.note)
        elif plan.desk == UNDO:
            page.undo()
        else:
            self._does[VERBS[plan.desk].everywhere]()

    def _van(self, plan: LinePlan, reading: CommandMeaning) -> None:
        page, action = self._page, plan.action
        page.select_van(plan.van)
        page.dock["vans"].show()
        if action is not None:
            page.vans.act(action)
        sheet = page.vans.sheet
        if isinstance(sheet, OutOfServiceSheet) and reading.reason:
            sheet.reason.set_value(reading.reason)
        if isinstance(sheet, MealSheet) and reading.at is not None:
            # A minute that has begun counts: "for 30 min" is 30, whatever the second.
            wanted = round((reading.at - sheet.subject.now).total_seconds() / 60)
            sheet.minutes.setValue(wanted)
            if sheet.minutes.value() == wanted:
                sheet.submit()

    # --- sheets ---

    def _step(self, plan: LinePlan, reading: CommandMeaning) -> None:
        page, step = self._page, plan.step
        if page.forms.isVisible():
            page.forms.form.leave()  # put aside: a sheet under it would be seen by nobody
        page.show_on_desk(plan.referral, None)
        if step is None:
            return
        page.detail.do(step)
        sheet = page.detail.sheets.current
        if sheet is None:
            self._keep_note(reading)
        elif self._fill(sheet, reading) and not plan.missing:
            sheet.submit()

    def _fill(self, sheet: Sheet, reading: CommandMeaning) -> bool:
        """Put in what was typed; whether all of it was, and nothing is missing."""
        fields = {field.name: field for field in _fields(sheet)}
        reason, place, time = fields.get("reason"), fields.get("place"), fields.get("time")
        if isinstance(reason, Pick) and reading.reason:
            reason.prefer(reading.reason)
        if isinstance(place, Pick) and reading.place:
            place.prefer(reading.place)
        if isinstance(time, When) and reading.at is not None:
            time.edit.setText(wall_time(reading.at))
        if reading.note and not _noted(fields, reading):
            self._keep_note(reading)
        sheet.start()
        asked = [one for one in fields.values() if one.isVisibleTo(sheet) and (one.missing() or one.flaw())]
        if asked:
            asked[0].take_focus()
        return not asked

    def _keep_note(self, reading: CommandMeaning) -> None:
        """What no sheet takes waits where notes are written."""
        edit = self._page.detail.note.edit
        if reading.note and not edit.toPlainText().strip():
            edit.setPlainText(reading.note)


def _fields(sheet: Sheet) -> Iterator[SheetField]:
    yield from sheet.findChildren(SheetField)


def _noted(fields: Mapping[str, SheetField], reading: CommandMeaning) -> bool:
    for name in _NOTES:
        field = fields.get(name)
        if isinstance(field, Write | WriteLines) and not field.value():
            if isinstance(field, Write):
                field.edit.setText(reading.note)
            else:
                field.edit.setPlainText(reading.note)
            return True
    return False


def hook(page: DeskPage, does: Mapping[str, Callable[[], object]]) -> tuple[CommandLine, WordsPage]:
    """Put it, and the list of all words and keys, over a page.

    Args:
        page: the desk.
        does: what the keys of everywhere do, by the acts of the table.
    """
    line = CommandLine(page.desk, page.etas, page.geography, page.board.selected, page)
    line.undone_words = page.undone_words
    doing = Doing(page, does)
    line.opens.connect(doing.carry)
    line.refused.connect(doing.say_refused)
    line.lost_keyboard.connect(page.focus_board)
    page.privacy.cover(line)
    words = WordsPage(page.desk, does, page)
    words.begun.connect(line.open)
    return line, words
