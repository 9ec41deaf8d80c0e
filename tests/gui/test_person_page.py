"""The window of a person's record, by keys: a look is put down, a wrong word corrected, all of it given out."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from console.look.buttons import ActionButton
from console.views.person.page import PersonPage
from db.domain.records import Patient
from db.reports.document import Column, Document, Table
from tests.cluster import Record
from tests.gui.desks import Room, qt_loop, rooms
from tests.gui.seen import look
from tests.gui.test_find_page import LONG_AGO, OLD
from tests.gui.test_voices import Page, press, said

if TYPE_CHECKING:
    from console.views.person.sheets import WantedFiles

__all__ = ["qt_loop", "rooms"]
NUMBER = "943 476 5919"
LOOKS = "SELECT count(*) FROM cru.event WHERE kind = 'record opened' AND recorded_by = $1"
HERS = f"{LONG_AGO}; UPDATE cru.referral SET nhs_number = '9434765919' WHERE id = '{OLD}'"  # noqa: S608 - ours


def shown(room: Room, referral_id: object) -> Page:
    page = Page(room, PersonPage(room.desk))
    page.window.look_at(referral_id)
    assert page.window.who.text() == "Reading the record…"
    room.until(page.window.things.rowCount)
    return page


def buttons(page: Page) -> set[str]:
    return {one.text() for one in page.window.findChildren(ActionButton) if one.isVisible()}


def asked(page: Page) -> list[str]:
    return [line[2] for line in page.window.events.lines() if line[2] not in {"Looked at", "Record given out"}]


@pytest.mark.hazard("H-088")
def test_a_lead_sees_corrects_refuses_and_gives_out_all_of_it_by_keys(
    rooms: Callable[[str], Room], record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record.cluster.execute(HERS, database=record.database)
    room = rooms("l.lead")
    first = room.take(patient=Patient("Ida Plover", nhs_number=NUMBER), narrative="A goat is with her.")
    last = room.take(patient=Patient("Ida Plover", nhs_number=NUMBER), caller="her aunt")
    room.take(patient=Patient("Robin Campion"))
    page = shown(room, last)
    window = page.window

    def looks() -> int:
        return int(record.cluster.fetchval(LOOKS, "l.lead", database=record.database))

    assert looks() == 3, "one look at each referral"
    assert window.who.text().startswith(f"Mia Quill or Ida Plover, NHS {NUMBER}\n")
    assert "Kept while anything about them is open" in window.who.text()
    assert window.kept.heading.note().startswith("3 referrals, 03 Feb 2024 ")
    kept = {(line[0], line[1]) for line in window.things.lines()}
    assert {("Narrative", "A goat is with her."), ("Caller", "her aunt"), ("Patient's name", "Ida Plover")} <= kept
    assert "Campion" not in str(kept)
    assert buttons(page) == {"Older", "Ask", "Correct", "Give out", "Answer", "Everybody's"}
    assert look(window).faults == ()
    press(window, "Ctrl+F")
    QTest.keyClicks(QApplication.focusWidget(), "goat")
    assert [line[1] for line in window.things.lines()] == ["A goat is with her."]
    window.search.clear()
    press(window, "F2")
    # A correction, with all that is missing said in turn; what it was before is checked by the record.
    press(window, "C")
    sheet = window.sheets.current
    caller = next(row for row in sheet.field("which").list.rows if row.text == "Caller")
    sheet.field("which").list.set_value(caller.value)
    page.answer(what="change", value="her sister", words="I have no aunt.")
    assert "Say by what." in said(sheet)
    page.answer(reason="she says so herself")
    page.until_sent()
    room.until(lambda: ("Caller", "her sister") in {tuple(line[:2]) for line in window.things.lines()})
    assert asked(page) == ["Correction, Caller: corrected"]
    # One that is not granted stays with the reason and what she says.
    press(window, "C")
    sheet = window.sheets.current
    sheet.field("which").list.set_value("else")
    page.answer(what="change", words="There was no goat.", reason="x")
    assert "is not changed" in said(sheet)
    page.answer(what="refuse", reason="The crew saw it.", statement="It was a dog.")
    page.until_sent()
    room.until(lambda: len(asked(page)) == 2)
    assert "to stand beside it: It was a dog." in str(window.events.lines())
    # Asked to be erased: written down, and for the owner to answer.
    press(window, "N")
    page.answer(kind="erasing", words="Forget me.")
    page.until_sent()
    room.until(lambda: window.asked.heading.note() == "1 to be answered")
    window.events.setFocus()
    window.events.setCurrentCell(0, 0)
    press(window, "A")
    assert [one.value for one in window.sheets.current.field("state").row.options] == ["withdrawn"]
    press(window, "Escape")
    window.events.setFocus()
    window.events.setCurrentCell(1, 0)
    press(window, "A")
    assert window.sheets.current is None, "that one is answered"
    assert "Nothing is to be answered in that row" in window.message.text()
    # All of it as files, in whose names nobody stands: for nobody's asking, and for somebody's.
    wanted: list[tuple[object, WantedFiles]] = []
    monkeypatch.setattr(window, "ask_where", lambda *given: wanted.append(given))
    window.events.setCurrentCell(0, 0)
    press(window, "G")
    page.answer(words="subject access request", formats="csv")
    page.until_sent()
    next(one for one in window.findChildren(ActionButton) if one.text() == "Ask").click()
    page.answer(kind="copy", said_by="her son", words="all of it")
    page.until_sent()
    room.until(lambda: window.asked.heading.note() == "2 to be answered")
    window.events.setFocus()
    window.events.setCurrentCell(1, 0)
    press(window, "G")
    page.answer(formats="csv")
    page.until_sent()
    assert [(who, one.said_by, one.words, one.answers is None) for who, one in wanted] == [
        (last, "the person", "subject access request", True),
        (last, "her son", "all of it", False),
    ]
    who, files = wanted[-1]
    given_up(page, tmp_path)
    window.make(who, files, tmp_path)
    room.until(lambda: not window.making.is_making)
    names = [file.name for file in tmp_path.iterdir()]
    assert len(names) > 20
    assert not any("plover" in name.lower() or "943476" in re.sub(r"\W", "", name) for name in names)
    room.until(lambda: "Record given out" in str(window.events.lines()))
    assert looks() == 6, "each referral was given out; to read it again was no new look"
    room.until(lambda: window.asked.heading.note() == "1 to be answered")
    # What is hidden is hidden here, too, and no title names anybody.
    window.set_private(True)
    assert not {"Plover", "goat", "Forget"} & set(
        str((window.who.text(), window.things.lines(), window.events.lines())).split()
    )
    assert "Plover" not in window.windowTitle()
    window.set_private(False)
    # By F4 what everybody asks; Return shows whose it is.
    press(window, "F4")
    room.until(lambda: [line.partition(":")[0] for line in asked(page)] == ["Erasing"])
    assert window.things.rowCount() == 0
    window.events.setFocus()
    press(window, "Return")
    room.until(window.things.rowCount)
    assert first in {one.id for one in window.person.referrals}
    went: list[object] = []
    window.wanted.connect(lambda key, _van: went.append(key))
    window.things.setFocus()
    window.things.setCurrentCell(0, 0)
    press(window, "Return")
    assert went == [last], "the newest stands first"
    window.things.setCurrentCell(window.things.rowCount() - 1, 0)
    press(window, "Return")
    assert went == [last, OLD], "what has left the board is read"
    window.close()


def given_up(page: Page, folder: Path) -> None:
    """The folder is asked for beside the desk; what is being made refuses another, and is given up by Escape."""
    window, begun, chosen = page.window, [], []

    async def forever() -> int:
        begun.append(True)
        return int(await asyncio.Event().wait())

    window.making.ask_folder(chosen.append)
    dialog = window.findChild(QFileDialog)
    assert dialog.fileMode() is QFileDialog.FileMode.Directory
    assert dialog.testOption(QFileDialog.Option.ShowDirsOnly)
    assert dialog.accessibleName()
    assert dialog.isVisible()
    dialog.fileSelected.emit(str(folder))
    dialog.close()
    assert chosen == [folder]
    window.activateWindow()
    window.making.begin(forever(), folder)
    page.room.until(lambda: begun and window.isActiveWindow())
    window.things.setFocus()
    press(window, "G")
    assert window.sheets.current is None
    assert "A report is being made" in window.message.text()
    press(window, "Escape")
    assert not window.making.is_making
    assert "given up" in window.message.text()
    assert window.isVisible()


def test_a_dispatcher_reads_and_writes_down_and_gives_out_nothing(rooms: Callable[[str], Room]) -> None:
    room = rooms("a.shah")
    one = room.take(patient=Patient("Ida Plover"))
    page = shown(room, one)
    assert "Give out" not in buttons(page)
    press(page.window, "F4")
    room.until(page.window.empty.isVisible)
    assert not page.window.events.isVisible()
    press(page.window, "F4")
    room.until(page.window.things.rowCount)
    assert page.window.events.isVisible()
    page.window.things.setFocus()
    press(page.window, "G")
    assert page.window.sheets.current is None
    assert "Only a shift lead" in page.window.message.text()
    press(page.window, "C")
    options = [option.value for option in page.window.sheets.current.field("what").row.options]
    assert options == ["change", "ask"]
    press(page.window, "Escape")
    press(page.window, "N")
    page.answer(kind="copy", words="to read it")
    page.until_sent()
    room.until(lambda: asked(page))
    page.window.events.setFocus()
    page.window.events.setCurrentCell(0, 0)
    press(page.window, "A")
    page.answer(state="withdrawn", answer="She rang back: no more.")
    page.until_sent()
    room.until(lambda: asked(page) == ["Copy: wanted no longer"])
    page.window.close()


def test_an_answer_that_comes_late_is_not_taken_for_the_person_wanted(
    rooms: Callable[[str], Room], monkeypatch: pytest.MonkeyPatch
) -> None:
    room = rooms("a.shah")
    one, other = (room.take(patient=Patient(name)) for name in ("Ida Plover", "Robin Campion"))
    page = Page(room, PersonPage(room.desk))
    window, reads, told = page.window, type(room.desk.reads), []
    show, read = window.show_lines, reads.person

    async def late(mine: object, who: object, *more: object) -> object:
        person, document = await read(mine, who, *more)
        if who == one:
            window.look_at(other)
        return person, with_many(document)

    monkeypatch.setattr(reads, "person", late)
    monkeypatch.setattr(window, "show_lines", lambda: (show(), told.append(window.who.text())))
    window.look_at(one)
    room.until(lambda: window.person and window.person.referrals[0].id == other)
    assert any("Robin Campion" in words for words in told)
    assert not any("Ida Plover" in words for words in told)
    # Of somebody who is here every week, a hundred lines at a time.
    of_all = len(window._kept_lines)
    assert (window.things.rowCount(), of_all > 130) == (100, True)
    assert window.kept.heading.note().endswith(f" · the first 100 of {of_all} lines")
    window.things.setFocus()
    press(window, "O")
    assert window.things.rowCount() == of_all
    assert "lines" not in window.kept.heading.note()
    window.close()


def with_many(document: Document) -> Document:
    columns = (Column("Referral"), Column("Kind"), Column("Reason"), Column("By"))
    rows = [(document.tables[0].rows[0][0], "pets", f"dog {number}", "x") for number in range(130)]
    return replace(document, parts=(*document.parts, Table("flags", "Flags", columns, rows)))
