"""Every place of the room's windows × every key: does what goes out concern the line that is chosen there?"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QTableWidget, QWidget

from console.look.key_table import CARE_LIST, LISTS
from console.look.keyboard import Part
from console.look.person_keys import PERSON_PARTS, PERSON_WINDOW
from console.look.room_keys import LOG_WINDOW, REVIEW_WINDOW, ROOM_PARTS, ROOM_WINDOW, VOICES_WINDOW
from console.look.tabbing import has_keyboard
from console.views.lists.care import CarePage
from console.views.person.page import PersonPage
from console.views.room import handover_page
from console.views.room.handover_page import ShiftHandoverPage
from console.views.room.log_page import ShiftLogPage
from console.views.room.review_page import ReviewPage
from console.views.room.voices_page import VoicesPage
from db import commands
from db.commands import Command
from tests.gui.desks import Room, qt_loop, rooms
from tests.gui.test_room import next_lead
from tests.gui.test_windows_walk import Lead, owner, places, shown

__all__ = ["next_lead", "qt_loop", "rooms"]
Rooms = Callable[[str], Room]
CHORDS: Final[dict[type[QWidget], tuple[Part, ...]]] = {
    ShiftLogPage: (LOG_WINDOW,),
    ShiftHandoverPage: (ROOM_WINDOW,),
    VoicesPage: (VOICES_WINDOW,),
    ReviewPage: (REVIEW_WINDOW,),
    CarePage: (LISTS, CARE_LIST),
    PersonPage: (PERSON_WINDOW,),
}


FEW: Final = frozenset({"A", "S", "1", "Space", "Return", "Ctrl+Return", "Escape"})
"""What every line to type into and every button is tried with."""


def every_key() -> list[str]:
    listed = {name for part in (*ROOM_PARTS, CARE_LIST, *PERSON_PARTS) for key in part.keys for name in key.names}
    beside = {
        *"ABDEKQXZ",
        "1",
        "2",
        "9",
        "Shift+S",
        "Ctrl+Z",
        "Ctrl+S",
        "Insert",
        "Backspace",
        ",",
        "Space",
        "Delete",
    }
    return sorted((listed | beside) - {"Ctrl+W"})


@pytest.fixture
def lead(rooms: Rooms, next_lead: str, monkeypatch: pytest.MonkeyPatch) -> Lead:
    # The system's windows for printers and for folders lie over ours, and have tests of their own.
    monkeypatch.setattr(handover_page, "ask_and_print", lambda *_: None)
    monkeypatch.setattr(PersonPage, "ask_where", lambda *_: None)
    room, other = rooms("l.lead"), rooms(next_lead)
    taken = [room.take(priority=one) for one in ("P1", "P2", "P3")]
    for number, words in enumerate(("The gate sticks.", "Two beds at the crisis house.", "The lift is mended.")):
        room.do(commands.WriteLog(words=words, referral_id=taken[number], pass_on=number == 1))
    for words in ("Kind.", "Late.", "Thank you."):
        room.do(commands.AddFeedback(said_by="carer", words=words, referral_id=taken[0]))
        room.do(commands.SetImprovement(said=words, raised_by="carer", owner="R. Silva"))
    for kind in ("copy", "correction"):
        room.do(commands.AskAboutRecord(referral_id=taken[0], kind=kind, said_by="her sister", words="All of it."))
    for one in taken[1:]:
        room.do(commands.Decline(referral_id=one, reason="out_of_area"))
    room.until(lambda: len(room.desk.store.referrals()) == 3)
    page = shown(ShiftHandoverPage(other.desk))
    other.until(page.table.rowCount)
    page.take_or_offer()
    other.until(lambda: not other.desk.actions.pending)
    page.setAttribute(handover_page.Qt.WidgetAttribute.WA_DeleteOnClose)
    page.close()
    return Lead(room)


# --- windows, as they may stand ---


def log(lead: Lead) -> ShiftLogPage:
    window = shown(ShiftLogPage(lead.desk))
    lead.room.until(lambda: window.table.rowCount() == 3)
    window.table.setCurrentCell(1, 0)
    return window


def correcting(lead: Lead) -> ShiftLogPage:
    window = log(lead)
    window.correct()
    return window


def handing(lead: Lead) -> ShiftHandoverPage:
    window = shown(ShiftHandoverPage(lead.desk))
    lead.room.until(lambda: window.sign_it.isVisible() and window.table.rowCount() > 2)
    window.table.setCurrentCell(1, 0)
    return window


def voices(lead: Lead) -> VoicesPage:
    window = shown(VoicesPage(lead.desk))
    lead.room.until(lambda: window.voices.rowCount() == 3 and window.items.rowCount() == 3)
    window.voices.setCurrentCell(1, 0)
    window.items.setCurrentCell(2, 0)
    return window


def review(lead: Lead) -> ReviewPage:
    window = shown(ReviewPage(lead.desk))
    lead.room.until(lambda: window.table.rowCount() > 1)
    window.table.setCurrentCell(1, 0)
    return window


def care(lead: Lead) -> CarePage:
    window = shown(CarePage(lead.desk))
    lead.room.until(lambda: window.table.rowCount() > 1)
    window.table.setCurrentCell(1, 0)
    return window


def person(lead: Lead) -> PersonPage:
    """The record of somebody of whom two things are asked; the second is chosen."""
    window = shown(PersonPage(lead.desk))
    window.look_at(next(one.id for one in lead.desk.store.referrals() if one.priority == "P1"))
    lead.room.until(lambda: window.things.rowCount() > 1 and window.events.rowCount() > 1)
    window.things.setCurrentCell(1, 0)
    window.events.setCurrentCell(1, 0)
    return window


def asked(lead: Lead) -> PersonPage:
    """The same, with the keyboard where things are asked."""
    window = person(lead)
    window.events.setFocus()
    return window


def with_sheet(window: Any, opens: Callable[[Any], object]) -> Any:
    opens(window)
    assert window.sheets.current is not None
    return window


STATES: Final[dict[str, Callable[[Lead], Any]]] = {
    "log": log,
    "correcting": correcting,
    "handing": handing,
    "voices": voices,
    "review": review,
    "care": care,
    "person": person,
}
SHEETS: Final[dict[str, Callable[[Lead], Any]]] = {
    "said by somebody": lambda lead: with_sheet(voices(lead), VoicesPage.add),
    "sorted": lambda lead: with_sheet(voices(lead), VoicesPage.sort),
    "an item made": lambda lead: with_sheet(voices(lead), VoicesPage.make),
    "an item changed": lambda lead: with_sheet(voices(lead), VoicesPage.change),
    "signed off": lambda lead: with_sheet(review(lead), ReviewPage.sign),
    "calls scheduled": lambda lead: with_sheet(care(lead), CarePage.set_schedule),
    "asked about": lambda lead: with_sheet(person(lead), PersonPage.ask),
    "corrected": lambda lead: with_sheet(person(lead), PersonPage.correct),
    "answered": lambda lead: with_sheet(asked(lead), PersonPage.answer),
    "given out": lambda lead: with_sheet(person(lead), PersonPage.give),
}


def named(window: Any) -> set[object]:
    """What the window says that a key acts on: the ids behind its rows, and what it is itself about."""
    if isinstance(window, ShiftLogPage):
        chosen = window.chosen()
        return {chosen and chosen.id, window.writing.correcting and window.writing.correcting.id}
    if isinstance(window, ShiftHandoverPage):
        row, room = window.table.currentRow(), window.shown.room
        return {window.shown.items[row].id, room and room.id}
    if isinstance(window, VoicesPage):
        said = window.chosen()
        return {said and said.id, window.improvements[window.items.currentRow()].id}
    if isinstance(window, PersonPage):
        request, whose = window.chosen(), window.person.referrals if window.person else ()
        return {request and request.id, *(one.id for one in whose)}
    one = window.chosen() if isinstance(window, ReviewPage) else None
    return {one and one.about}


def about(command: Command) -> UUID | str | None:
    names = ("entry_id", "item_id", "handover_id", "feedback_id", "improvement_id", "request_id", "about")
    # Of a person's record the referral is theirs; what is asked about it is a few words.
    if isinstance(command, commands.AskAboutRecord | commands.CorrectRecord | commands.GiveOutPerson):
        names = ("referral_id",)
    for name in names:
        if (value := getattr(command, name, None)) is not None:
            return value  # type: ignore[no-any-return] # an id, or what stands for one
    return None


def is_new(command: Command) -> bool:
    """Whether it is about nothing that was there before; of an entry, an item: its id is its own."""
    version = getattr(command, "version", None)
    made = isinstance(command, commands.AddFeedback | commands.SetContactSchedule)
    return (
        made
        or isinstance(command, commands.WriteLog)
        or (type(command).__name__ == "SetImprovement" and not version)
    )


def shape(window: Any) -> tuple[object, ...]:
    sheets = getattr(window, "sheets", None)
    about_whom = window.writing.correcting if isinstance(window, ShiftLogPage) else getattr(window, "_who", None)
    return (
        window.isVisible(),
        sheets and sheets.current,
        about_whom,
        *(one.currentRow() for one in tables(window)),
    )


def tables(window: Any) -> list[QTableWidget]:
    found = (getattr(window, name, None) for name in ("table", "voices", "items", "things", "events"))
    return [one for one in found if isinstance(one, QTableWidget)]


def put_right(window: Any, before: tuple[object, ...]) -> bool:
    """Whether what a press did can be taken back without making the window anew, which takes longer."""
    if not window.isVisible():
        return False
    if before[1] is None and getattr(window, "sheets", None) is not None:
        window.sheets.close()
    for table, row in zip(tables(window), before[3:], strict=True):
        table.setCurrentCell(int(str(row)), 0)
    return shape(window) == before


@dataclass
class Walked:
    """What a walk came by."""

    wrong: list[str] = field(default_factory=list)
    went_out: set[tuple[str, str]] = field(default_factory=set)


def pressed(lead: Lead, window: Any, place: QWidget, name: str, seen: Walked) -> None:
    place.setFocus()
    focus = QApplication.focusWidget() or place
    sheet = window.sheets.current if hasattr(window, "sheets") else None
    key, here, count = owner(focus, name, CHORDS[type(window)]), named(window), len(lead.sent)
    sends = (isinstance(focus, QAbstractButton) and name in {"Return", "Space"}) or (key is not None and key.sends)
    where = f"{place.accessibleName() or type(place).__name__} · {name}"
    QTest.keySequence(focus, name)
    lead.settle()
    for command in lead.sent[count:]:
        seen.went_out.add((name, type(command).__name__))
        if not sends or not (is_new(command) or about(command) in here):
            seen.wrong.append(f"{where}: {command} beside {here}")
    if sheet is None:
        return
    if name == "Escape" and (window.sheets.current is not None or not window.isVisible()):
        seen.wrong.append(f"{where}: the sheet is open, or the window closed")
    if len(name) == 1 and sheet.isAncestorOf(place) and not has_keyboard(sheet):
        seen.wrong.append(f"{where}: the keyboard left the sheet")


def shut(window: Any) -> None:
    window.hide()
    window.deleteLater()


def walked(lead: Lead, build: Callable[[Lead], Any]) -> Walked:
    """Every key in every place; of a sheet that is open, only in the sheet."""
    seen, window, number, met = Walked(), build(lead), -1, set[type[QWidget]]()

    def here() -> list[QWidget]:
        sheet = window.sheets.current if hasattr(window, "sheets") else None
        return places(sheet or window)

    while (number := number + 1) < len(here()):
        place: QWidget = window
        for name in every_key():
            if number >= len(here()):
                break
            place = here()[number]
            # Its brothers take what the first line, or the first button, let through.
            if type(place) in met and name not in FEW:
                continue
            before = shape(window)
            pressed(lead, window, place, name, seen)
            if shape(window) != before and not put_right(window, before):
                shut(window)
                window = build(lead)
        if isinstance(place, QLineEdit | QAbstractButton):
            met.add(type(place))
    shut(window)
    return seen


@pytest.mark.hazard("H-019")
def test_what_goes_out_is_about_the_line_that_is_chosen(lead: Lead) -> None:
    """One night for all of it: making a night takes longer than walking through it."""
    found = {state: walked(lead, build) for state, build in STATES.items()}
    assert {state: seen.wrong for state, seen in found.items() if seen.wrong} == {}
    # Not by saying nothing at all.
    assert ("P", "PassOn") in found["log"].went_out
    assert {("S", "SignRisk"), ("Alt+W", "WithdrawOffer")} <= found["handing"].went_out
    assert found["person"].went_out == set(), "each of its keys only opens something"


@pytest.mark.long
def test_a_sheet_of_the_room_sends_what_it_is_about_and_keeps_the_keyboard(lead: Lead) -> None:
    found = {state: walked(lead, build) for state, build in SHEETS.items()}
    assert {state: seen.wrong for state, seen in found.items() if seen.wrong} == {}
    assert ("Ctrl+Return", "AddFeedback") not in found["said by somebody"].went_out, "nothing was answered"
    assert {key for seen in found.values() for key, _ in seen.went_out} <= {"Return", "Ctrl+Return", "Space"}
