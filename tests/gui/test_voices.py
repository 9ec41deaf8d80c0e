"""Feedback, what became of it, and what is to be reviewed: by keys, in their windows."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from console.live.store import LinkState
from console.views.desk.beside import Beside
from console.views.desk.privacy import Privacy
from console.views.room.handover_page import ShiftHandoverPage
from console.views.room.review_page import ReviewPage
from console.views.room.voices_page import VoicesPage
from db import commands
from tests.gui.desks import Room, qt_loop, rooms
from tests.gui.test_pending import set_link

__all__ = ["qt_loop", "rooms"]
KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
Rooms = Callable[[str], Room]


def said(window: QWidget) -> str:
    return " ".join(one.text() for one in window.findChildren(QLabel) if one.isVisible())


def press(window: QWidget, name: str) -> None:
    focus = QApplication.focusWidget()
    QTest.keySequence(focus if focus is not None and window.isAncestorOf(focus) else window, name)


class Page:
    """A window in front of somebody."""

    def __init__(self, room: Room, window: Any) -> None:
        self.room, self.window = room, window
        window.show()
        window.activateWindow()
        room.until(window.isActiveWindow)

    def answer(self, **given: str) -> None:
        """Fill the open sheet, and send it."""
        sheet = self.window.sheets.current
        for name, value in given.items():
            field = sheet.field(name)
            if hasattr(field, "row"):
                field.row.choose(value.splitlines())
            elif hasattr(field.edit, "setPlainText"):
                field.edit.setPlainText(value)
            else:
                field.edit.setText(value)
        sheet.submit()

    def until_sent(self) -> None:
        self.room.until(lambda: self.window.sheets.current is None)


@pytest.fixture
def lead(rooms: Rooms) -> Iterator[Page]:
    room = rooms("l.lead")
    made = Page(room, VoicesPage(room.desk))
    yield made
    made.window.close()


def test_what_somebody_said_is_written_sorted_and_found(lead: Page) -> None:
    page = lead.window
    press(page, "N")
    lead.answer(said_by="carer", feedback="Ring before you come, Zoë is asleep.", consent="may be quoted")
    lead.until_sent()
    lead.room.until(lambda: page.voices.rowCount() == 1)
    assert page.voices.lines()[0][1:5] == ["carer", "Ring before you come, Zoë is asleep.", "", "yes"]
    press(page, "T")
    lead.answer(kind="idea", themes="how we arrived\nwho came", consent="team only")
    lead.until_sent()
    lead.room.until(lambda: page.voices.lines()[0][3] == "how we arrived, who came")
    assert page.voices.lines()[0][1] == "carer, idea"
    assert "0 may be quoted" in page.said.heading.note()
    page.search.setText("zoe asleep")
    assert len(page.voices.lines()) == 1
    page.theme.setCurrentText("what came after")
    assert page.voices.lines() == []
    page.theme.setCurrentIndex(0)
    page.search.clear()
    page.set_private(True)
    assert page.voices.lines()[0][2] == "hidden"


def test_it_becomes_an_item_that_somebody_sees_to_and_ends_with_what_changed(lead: Page) -> None:
    page = lead.window
    lead.room.do(commands.AddFeedback(said_by="person", words="The knock frightened my son Tom."))
    page.refresh()
    lead.room.until(lambda: page.voices.rowCount() == 1)
    page.voices.setFocus()
    press(page, "M")
    lead.answer(said="A loud knock is the worst part.", owner="R. Silva", due="31 Feb")
    assert "is no day" in said(page.sheets.current)
    lead.answer(due="24 Dec")
    lead.until_sent()
    lead.room.until(lambda: page.items.rowCount() == 1)
    line = page.items.lines()[0]
    assert (line[0], line[1], line[3]) == ("A loud knock is the worst part. (person)", "R. Silva", "open")
    assert line[2].startswith("24 Dec ")
    assert "Tom" not in " ".join(line)
    page.items.setFocus()
    press(page, "Return")
    lead.answer(state="done")
    lead.room.until(lambda: page.sheets.current is None or "what changed" in said(page.sheets.current))
    assert page.sheets.current is not None, "it ends with what changed"
    lead.answer(did="Crews text from outside.")
    lead.until_sent()
    lead.room.until(lambda: page.items.lines()[0][3:] == ["done", "Crews text from outside."])
    assert page.did.heading.note() == "0 open · 0 past their day · 1 done"
    page.items.setFocus()
    page.copy()
    assert QGuiApplication.clipboard().text().startswith("You said\tWho sees to it")


def test_a_dispatcher_writes_down_and_sorts_and_makes_no_items(rooms: Rooms) -> None:
    room = rooms("a.shah")
    # Before the window opens, so that it is read once.
    room.do(commands.AddFeedback(said_by="EMAS crew", words="With us in 45."))
    made = Page(room, VoicesPage(room.desk))
    room.until(lambda: made.window.voices.rowCount() == 1)
    for name in ("M", "F3", "N"):
        press(made.window, name)
        assert made.window.sheets.current is None
    made.window.voices.setFocus()
    press(made.window, "T")
    assert made.window.sheets.current is not None
    press(made.window, "Escape")
    assert made.window.sheets.current is None
    assert made.window.isVisible()
    made.window.close()


def test_what_is_to_be_reviewed_is_signed_off_with_a_line_and_replayed(rooms: Rooms) -> None:
    room = rooms("l.lead")
    referral_id = room.take()
    room.do(commands.AddFeedback(referral_id=referral_id, said_by="EMAS crew", words="With us in 45."))
    room.do(commands.AddFeedback(said_by="carer", words="Nobody rang back."))
    made = Page(room, ReviewPage(room.desk))
    page = made.window
    room.until(lambda: page.table.rowCount() == 2)
    row = next(at for at, line in enumerate(page.table.lines()) if "45" in line[2])
    page.table.setCurrentCell(row, 0)
    shown: list[Any] = []
    page.wanted.connect(lambda *ids: shown.append(ids))
    page.replay_wanted.connect(lambda *of: shown.append(of))
    press(page, "Return")
    press(page, "R")
    assert shown == [(referral_id, None), (page.chosen().at, referral_id)]
    press(page, "S")
    made.answer(line="")
    assert "Say it in a line" in said(page.sheets.current)
    made.answer(line="passed on to the crew")
    made.until_sent()
    room.until(lambda: sum(bool(line[5]) for line in page.table.lines()) == 1)
    assert page.panel.heading.note() == "1 of 2 to sign off"
    signed = next(line for line in page.table.lines() if line[5])
    assert "45" in signed[2]
    assert signed[5].endswith("passed on to the crew")
    page.table.setCurrentCell(1, 0)
    press(page, "S")
    assert page.sheets.current is None
    assert "signed off already" in said(page)
    page.kind.setCurrentText("late")
    assert page.table.lines() == []
    assert "Nothing asks to be looked at" in said(page)
    page.close()


@pytest.mark.hazard("H-019")
def test_a_key_acts_on_what_was_chosen_when_others_speak_meanwhile(lead: Page, rooms: Rooms) -> None:
    room, window = lead.room, lead.window
    for words in ("Kind.", "Late."):
        room.do(commands.AddFeedback(said_by="carer", words=words))
        room.do(commands.SetImprovement(said=words, raised_by="carer", owner="R. Silva"))
    press(window, "F5")
    room.until(lambda: window.voices.rowCount() == 2 and window.items.rowCount() == 2)
    window.voices.setCurrentCell(1, 0)
    window.items.setCurrentCell(0, 0)
    item = window.improvements[0]
    other = rooms("b.okafor")
    other.do(commands.AddFeedback(said_by="person", words="Thank you."))
    room.do(commands.SetImprovement(said="At once.", raised_by="carer", owner="A. Able", due_on=date(2026, 1, 2)))
    press(window, "F5")
    room.until(lambda: window.voices.rowCount() == 3 and window.items.rowCount() == 3)
    assert window.chosen().words == "Kind."
    assert window.improvements[window.items.currentRow()].id == item.id
    window.search.setText("in")
    window.search.setText("")
    assert window.chosen().words == "Kind."


@pytest.mark.hazard("H-026")
def test_what_was_typed_is_there_when_its_window_is_opened_again(rooms: Rooms) -> None:
    room = rooms("l.lead")
    beside = Beside(room.desk, None, None, Privacy(always=False), lambda *_: None)  # type: ignore[arg-type]
    beside.open_voices()
    window = beside.lists[VoicesPage]
    window.add()
    answered = window.sheets.current.field("feedback")
    answered.edit.setPlainText("They stayed till my mother came.")
    window.close()
    assert beside.unsaved() == ["Feedback"]
    beside.open_voices()
    assert beside.lists[VoicesPage] is window
    assert window.isVisible()
    assert window.sheets.current.field("feedback").value() == "They stayed till my mother came."
    answered.edit.clear()
    gone: list[object] = []
    window.destroyed.connect(lambda *_: gone.append(True))
    window.close()
    room.until(lambda: gone)
    assert beside.lists == {}
    beside.open_room()
    handing = beside.lists[ShiftHandoverPage]
    handing.notes.setPlainText("Quiet after three.")
    handing.close()
    assert beside.unsaved() == ["Handing over the room"]
    beside.close()
    assert beside.lists == {}


@pytest.mark.hazard("H-025")
def test_a_refusal_whose_sheet_was_put_away_is_said_in_its_window(lead: Page) -> None:
    room, window = lead.room, lead.window
    room.do(commands.AddFeedback(said_by="carer", words="Kind."))
    press(window, "F5")
    room.until(lambda: window.voices.rowCount() == 1)
    window.sort()
    set_link(room, LinkState.LOST)
    lead.answer(consent="may be quoted")
    window.sheets.close()
    one = window.chosen()
    room.do(commands.SortFeedback(feedback_id=one.id, kind="thanks", consent="team only"))
    set_link(room, LinkState.LIVE)
    room.until(lambda: window.message.isVisible())
    assert window.sheets.current is None
    assert window.message.text().startswith("feedback sorted: Somebody else sorted it meanwhile.")
    press(window, "F5")
    room.until(lambda: window.feedback[0].consent == "team only")
