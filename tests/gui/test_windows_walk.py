"""Every place of a shift lead's windows × every key: does what goes out concern what is chosen there?"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLineEdit, QWidget

from console.live import reality
from console.live.actions import Actions
from console.look.key_table import TABLE
from console.look.keyboard import DIGIT, LETTER, Hands, Key, Part
from console.look.rota_keys import FLEET_WINDOW, ROTA_WINDOW, SETTINGS_WINDOW
from console.look.tabbing import has_keyboard
from console.views.rota.fleet import STAFF, TRACKERS, VANS, FleetWindow
from console.views.rota.kept_lists import KeptLists
from console.views.rota.settings import SettingsWindow
from console.views.rota.sheeted import SheetedWindow
from console.views.rota.window import RotaWindow
from db import commands
from db.commands import Command, GiveDevice, PublishRota, RetireListed, SaveListed, SetPlan
from db.domain.kept_lists import LISTS
from db.domain.rota import london
from db.domain.tokens import digest_of
from db.errors import Invalid
from tests.gui.desks import Room, qt_loop, rooms
from tests.gui.walking import ancestors

__all__ = ["qt_loop", "rooms"]
Rooms = Callable[[str], Room]
LETTERS = list("ABCDEFKMNORSTVWYZ")
"""Every letter that any part of the table names, and some that none does."""
CHORDS = {FleetWindow: FLEET_WINDOW, RotaWindow: ROTA_WINDOW, SettingsWindow: SETTINGS_WINDOW}


def every_key() -> list[str]:
    parts = (*TABLE["Rota and fleet"], *TABLE["Sheets and the form"])
    listed = {name for part in parts for key in part.keys for name in key.names}
    beside = {"1", "2", "9", "Shift+A", "Ctrl+Z", "Ctrl+1", "Insert", "Backspace", ",", ".", "Space"}
    alike = {f"Alt+{number}" for number in range(2, 8)}
    return sorted((listed | beside | set(LETTERS)) - {LETTER, DIGIT, "Ctrl+W", "Menu"} - alike)


@dataclass
class Lead:
    """A lead's desk, on which commands are taken down and refused instead of being carried out."""

    room: Room
    sent: list[Command] = field(default_factory=list)

    def __post_init__(self) -> None:
        desk = self.room.desk
        self.desk = replace(
            desk, actions=Actions(self.room.engine, desk.store, desk.clock, execute=self._take_down)
        )

    async def _take_down(self, _engine: object, command: Command) -> None:
        self.sent.append(command)
        raise Invalid("It was only taken down.", "")

    def settle(self) -> None:
        QApplication.processEvents()
        if self.desk.actions.pending:
            self.room.until(lambda: not self.desk.actions.pending)


@pytest.fixture
def lead(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> Lead:
    monkeypatch.setattr(reality, "READ_AFTER", 0.0)
    # The system's window for files lies over ours, and has tests of its own.
    monkeypatch.setattr(QFileDialog, "open", QFileDialog.deleteLater)
    room = rooms("l.lead")
    vans = room.desk.store.vans()
    for number, van in enumerate(vans[:3]):
        room.do(GiveDevice(device_id=f"tracker-{number}", van_id=van.id, digest=digest_of(f"token {number}")))
    day = room.desk.clock.now().date() + timedelta(days=8 - room.desk.clock.now().isoweekday())
    crew = tuple(commands.PlannedSeat(one) for one in list(room.desk.store.reference.staff)[:2])
    for number, van in enumerate(vans[:2]):
        start = london(day + timedelta(days=number)) + timedelta(hours=7)
        room.do(SetPlan(van_id=van.id, starts_at=start, ends_at=start + timedelta(hours=12), crew=crew, note="x"))
    return Lead(room)


# --- windows, as they may stand ---


def shown(window: Any) -> Any:
    # So that a key that closes it can be told from one that does not.
    window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    window.setUpdatesEnabled(False)
    window.show()
    window.activateWindow()
    return window


def fleet(lead: Lead, page: int, row: int) -> FleetWindow:
    window = shown(FleetWindow(lead.desk))
    lead.room.until(lambda: window.vans.rowCount() and window.devices.table.rowCount() == 3)
    window.turn(page)
    window.table().setCurrentCell(row, 0)
    return window


def settings(lead: Lead) -> SettingsWindow:
    window = shown(SettingsWindow(lead.desk))
    lead.room.until(window.table.rowCount)
    window.table.setCurrentCell(4, 0)
    return window


def kept_list(lead: Lead, row: int = 1) -> SettingsWindow:
    """The settings at one of the lists: who refers."""
    window = settings(lead)
    window.which.setCurrentCell(2, 0)
    lead.room.until(window.lists.table.rowCount)
    window.lists.table.setCurrentCell(row, 0)
    return window


def rota(lead: Lead) -> RotaWindow:
    window = shown(RotaWindow(lead.desk))
    lead.room.until(lambda: window.week)
    window.open_week(window.monday + timedelta(days=7))
    lead.room.until(lambda: window.week.monday == window.monday and window.week.plans)
    lane = window.week.plans[0]
    window.canvas.go_to(lane.van_id, lane.starts_at)
    assert window.orders.plan() is not None
    return window


def with_sheet(window: SheetedWindow, opens: Callable[[Any], object]) -> SheetedWindow:
    opens(window)
    assert window.side.sheet is not None
    return window


STATES: dict[str, Callable[[Lead], SheetedWindow]] = {
    "vans": lambda lead: fleet(lead, VANS, 1),
    "staff": lambda lead: fleet(lead, STAFF, 2),
    "devices": lambda lead: fleet(lead, TRACKERS, 1),
    "settings": settings,
    "a list": kept_list,
    "rota": rota,
}
SHEETS: dict[str, Callable[[Lead], SheetedWindow]] = {
    "a van": lambda lead: with_sheet(fleet(lead, VANS, 1), FleetWindow.edit),
    "somebody": lambda lead: with_sheet(fleet(lead, STAFF, 2), FleetWindow.edit),
    "a device given": lambda lead: with_sheet(fleet(lead, TRACKERS, 1), lambda window: window.devices.give()),
    "a device moved": lambda lead: with_sheet(fleet(lead, TRACKERS, 1), lambda window: window.devices.move()),
    "a device renewed": lambda lead: with_sheet(fleet(lead, TRACKERS, 1), lambda window: window.devices.renew()),
    "a setting": lambda lead: with_sheet(settings(lead), SettingsWindow.edit),
    "a row of a list": lambda lead: with_sheet(kept_list(lead), SettingsWindow.edit),
    "a shift": lambda lead: with_sheet(rota(lead), RotaWindow.edit),
    "a swap": lambda lead: with_sheet(rota(lead), RotaWindow.swap),
}


def named(window: SheetedWindow) -> set[object]:
    """What the window says that a key acts on: the ids behind the row, the ring and the sheet."""
    found: set[object] = set()
    if isinstance(window, FleetWindow):
        van, who = window._chosen(), window._person()
        device = window.devices._devices[max(0, window.devices.table.currentRow())]
        of_page = ({van and van[0].id}, {who and who.id}, {device.device_id, device.van_id})
        found |= of_page[window.stack.currentIndex()]
    elif isinstance(window, SettingsWindow):
        found.add(window.settings[window.table.currentRow()].name if window.is_numbers else row_of(window.lists))
    elif isinstance(window, RotaWindow):
        block = window.orders.block()
        found |= {window.monday, *({block.plan.id} if block is not None and block.plan else ())}
        # A shift that is new, or copied, is one more of that van.
        found.add(window.canvas.cursor_at.lane)
        # What is published is all of the week that is shown, as it is shown.
        found.add(frozenset((one.id, one.version) for one in window.week.to_publish()) if window.week else None)
    return found


def row_of(lists: KeptLists) -> tuple[object, ...]:
    """The list that is shown, and what tells its chosen row from the others."""
    at = lists.table.currentRow()
    return (lists.kept.table, *(lists.rows[at].values[name] for name in lists.kept.key))


def about(command: Command) -> object:
    if isinstance(command, RetireListed):
        return (command.table, *command.key.values())
    if isinstance(command, SaveListed):
        return (command.table, *(command.before[name] for name in LISTS[command.table].key))
    if isinstance(command, SetPlan) and command.version is None:
        return command.van_id
    if isinstance(command, PublishRota):
        return frozenset(command.shifts)
    for name in ("planned_shift_id", "device_id", "staff_id", "monday", "name", "van_id"):
        if (value := getattr(command, name, None)) is not None:
            return value
    return None


def owner(place: QWidget, name: str, chords: Iterable[Part]) -> Key | None:
    """The key's line in the table, of the innermost part around it that has one; else of its window's chords."""
    held = (getattr(outer, "_hands", None) for outer in ancestors(place))
    parts = (hands.part for hands in held if isinstance(hands, Hands))
    return next((key for part in (*parts, *chords) if (key := part.find(name)) is not None), None)


def places(window: QWidget) -> list[QWidget]:
    return [
        one
        for one in window.findChildren(QWidget)
        if one.focusPolicy() != Qt.FocusPolicy.NoFocus
        and one.isVisible()
        and one.isEnabled()
        and one.focusProxy() is None
        and not one.objectName().startswith("qt_")
    ]


def shape(window: SheetedWindow) -> tuple[object, ...]:
    rows = (window.table().currentRow(), window.stack.currentIndex()) if isinstance(window, FleetWindow) else ()
    if isinstance(window, SettingsWindow):
        rows = (window.rows().currentRow(), window.which.currentRow())
    ring = (window.monday, window.canvas.cursor_at, window._people) if isinstance(window, RotaWindow) else ()
    sheet = window.side.sheet
    typed = [one.text() for one in sheet.findChildren(QLineEdit)] if sheet is not None else []
    return (window.isVisible(), sheet, typed, window.message.text(), *rows, *ring)


def brought_back(lead: Lead, window: SheetedWindow, before: tuple[Any, ...]) -> bool:
    """Whether a press that only moved, or said something, could be made good."""
    if window.isVisible() and window.side.sheet is before[1]:
        window.message.clear()
        if isinstance(window, FleetWindow) and window.stack.currentIndex() == before[5]:
            window.table().setCurrentCell(before[4], 0)
        elif isinstance(window, SettingsWindow):
            window.which.setCurrentCell(before[5], 0)
            if not window.is_numbers:
                lead.room.until(window.lists.table.rowCount)
            window.rows().setCurrentCell(before[4], 0)
        elif isinstance(window, RotaWindow) and window.monday == before[4] and before[5] is not None:
            window.canvas.go_to(before[5].lane, before[5].at)
    return shape(window) == before


def shut(window: SheetedWindow) -> None:
    window.close()
    window.deleteLater()


@dataclass
class Walked:
    """What a walk came by."""

    wrong: list[str] = field(default_factory=list)
    went_out: set[tuple[str, str]] = field(default_factory=set)


def pressed(lead: Lead, window: SheetedWindow, place: QWidget, name: str, seen: Walked) -> None:
    """Press a key twice, as a hurried hand does, and judge what went out."""
    sheet, about_here, count = window.side.sheet, named(window), len(lead.sent)
    where, inside = (
        f"{place.accessibleName() or type(place).__name__} · {name}",
        sheet and sheet.isAncestorOf(place),
    )
    place.setFocus()
    sends = False
    for _ in range(2):
        focus = QApplication.focusWidget() or place
        key, button = owner(focus, name, (CHORDS[type(window)],)), isinstance(focus, QAbstractButton)
        sends |= (button and name in {"Return", "Space"}) or (key is not None and key.sends)
        QTest.keySequence(focus, name)
        lead.settle()
        if window.side.sheet is not sheet or not window.isVisible():
            break
    for command in lead.sent[count:]:
        seen.went_out.add((name, type(command).__name__))
        new = getattr(command, "is_new", False) or isinstance(command, GiveDevice)
        if not sends or not (new or about(command) in about_here):
            seen.wrong.append(f"{where}: {command} beside {about_here}")
    if sheet is None:
        return
    if name == "Escape" and (window.side.sheet is not None or not window.isVisible()):
        seen.wrong.append(f"{where}: the sheet is open, or the window closed")
    if name in LETTERS and inside and not (window.side.sheet and has_keyboard(window.side.sheet)):
        seen.wrong.append(f"{where}: the keyboard left the sheet")


def walked(lead: Lead, build: Callable[[Lead], SheetedWindow]) -> Walked:
    """Every key in every place; of a sheet that is open, only in the sheet."""
    seen, window = Walked(), build(lead)
    typed_in = False
    number = -1
    while (number := number + 1) < len(places(window.side.sheet or window)):
        place: QWidget = window
        for name in every_key():
            found = places(window.side.sheet or window)
            if number >= len(found):
                break
            place = found[number]
            # Its brothers take what the first line let through.
            if typed_in and isinstance(place, QLineEdit) and name not in {"A", "1", "Return", "Escape", "Tab"}:
                continue
            before = shape(window)
            pressed(lead, window, place, name, seen)
            if not brought_back(lead, window, before):
                shut(window)
                window = build(lead)
        typed_in |= isinstance(place, QLineEdit)
    shut(window)
    return seen


@pytest.mark.hazard("H-019")
@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("vans", ("Delete", "RetireVan")),
        pytest.param("staff", ("Delete", "StaffLeaves"), marks=pytest.mark.long),
        pytest.param("devices", ("Delete", "SwitchOffDevice"), marks=pytest.mark.long),
        ("settings", None),
        ("a list", ("Delete", "RetireListed")),
        ("rota", ("Delete", "CancelPlan")),
    ],
)
def test_what_goes_out_is_about_what_is_chosen(lead: Lead, state: str, expected: tuple[str, str] | None) -> None:
    seen = walked(lead, STATES[state])
    assert seen.wrong == []
    assert expected is None or expected in seen.went_out


@pytest.mark.parametrize(
    "state",
    [
        "a shift",
        *(pytest.param(one, marks=pytest.mark.long) for one in ("a van", "somebody", "a swap", "a device given")),
        *(
            pytest.param(one, marks=pytest.mark.long)
            for one in ("a device moved", "a device renewed", "a row of a list", "a setting")
        ),
    ],
)
def test_a_sheet_sends_what_its_title_says_and_keeps_the_keyboard(lead: Lead, state: str) -> None:
    seen = walked(lead, SHEETS[state])
    assert seen.wrong == []
    assert {name for name, _ in seen.went_out} <= {"Return", "Ctrl+Return", "Space"}


# --- what is typed, asked and chosen stays what it was about ---


def put_away(lead: Lead, window: SheetedWindow) -> None:
    QTest.keyClick(window.side.sheet, Qt.Key.Key_Escape)
    assert window.side.sheet is None
    assert window.isVisible()
    lead.settle()


def test_what_was_typed_into_a_sheet_that_was_put_away_is_there_when_it_is_opened_again(lead: Lead) -> None:
    window = fleet(lead, STAFF, 0)
    window.new()
    window.side.sheet.name.setText("Hetty Placeholder")
    window.turn(VANS)  # F2 goes to another page
    window.edit()
    window.side.sheet.equipment.setText("ramp")
    put_away(lead, window)
    window.table().setCurrentCell(3, 0)
    window.edit()
    assert window.side.sheet.equipment.text() != "ramp", "another van"
    put_away(lead, window)
    window.table().setCurrentCell(0, 0)
    window.edit()
    assert window.side.sheet.equipment.text() == "ramp"
    window.turn(STAFF)
    window.new()
    assert window.side.sheet.name.text() == "Hetty Placeholder"
    shut(window)


def test_a_shift_that_is_gone_on_with_stands_as_it_is_now_but_for_what_was_typed(lead: Lead) -> None:
    window, room = rota(lead), lead.room
    plan = window.orders.plan()
    window.edit()
    window.side.sheet.note.setText("with the new bag")
    window.side.sheet.crew.tick([plan.crew[0].staff_id])
    put_away(lead, window)
    moved = replace_plan(plan, plan.starts_at + timedelta(hours=1))
    room.do(moved)
    window.refresh()
    room.until(lambda: window.orders.plan() and window.orders.plan().version > plan.version)
    window.edit()
    sheet = window.side.sheet
    assert (sheet.note.text(), sheet.crew.ticked()) == ("with the new bag", (plan.crew[0].staff_id,))
    assert sheet.fields["Starts"].text() == "08:00"
    shut(window)


def replace_plan(plan: Any, starts_at: Any) -> SetPlan:
    seats = tuple(commands.PlannedSeat(one.staff_id) for one in plan.crew)
    return SetPlan(
        van_id=plan.van_id,
        starts_at=starts_at,
        ends_at=plan.ends_at,
        crew=seats,
        note=plan.note,
        version=plan.version,
        planned_shift_id=plan.id,
    )


def test_a_question_is_let_go_by_escape_and_by_what_is_put_away(lead: Lead) -> None:
    window = fleet(lead, VANS, 2)
    for let_go in (lambda: QTest.keySequence(window, "Escape"), window.message.clear):
        QTest.keySequence(window.vans, "Delete")
        assert "leaves the service?" in window.message.text()
        let_go()
        assert window.isVisible(), "Escape answers the question, and closes no window"
        QTest.keySequence(window.vans, "Delete")
        lead.settle()
        assert lead.sent == []
        QTest.keySequence(window.vans, "Escape")
    shut(window)


def test_a_question_about_a_row_of_a_list_is_let_go_by_escape(lead: Lead) -> None:
    window = kept_list(lead)
    table = window.lists.table
    for let_go in (lambda: QTest.keySequence(window, "Escape"), window.message.clear):
        QTest.keySequence(table, "Delete")
        assert "not offered any more?" in window.message.text()
        let_go()
        assert window.isVisible(), "Escape answers the question, and closes no window"
        QTest.keySequence(table, "Delete")
        lead.settle()
        assert lead.sent == []
        QTest.keySequence(table, "Escape")
    shut(window)


def test_what_was_typed_for_a_row_of_a_list_is_there_for_that_row_alone(lead: Lead) -> None:
    window = kept_list(lead)
    window.edit()
    window.side.sheet.asked["label"].widget.setText("somebody else")
    put_away(lead, window)
    window.lists.table.setCurrentCell(0, 0)
    window.edit()
    assert window.side.sheet.asked["label"].widget.text() != "somebody else"
    put_away(lead, window)
    window.lists.table.setCurrentCell(1, 0)
    window.edit()
    assert window.side.sheet.asked["label"].widget.text() == "somebody else"
    shut(window)


def test_a_question_about_one_of_two_namesakes_is_not_answered_for_the_other(lead: Lead) -> None:
    window, room = fleet(lead, STAFF, 0), lead.room
    name = next(iter(room.desk.store.reference.staff.values())).name
    twin = commands.SaveStaff(
        name=name,
        profession="Nurse",
        gender="",
        languages=("English",),
        registered=True,
        is_new=True,
        insisted="the name is there already",
    )
    room.do(twin)
    room.until(lambda: [one.name for one in window._staff].count(name) == 2)
    first, second = (at for at, one in enumerate(window._staff) if one.name == name)
    QTest.keySequence(window, "F3")
    window.staff.setCurrentCell(first, 0)
    QTest.keySequence(window.staff, "Delete")
    window.staff.setCurrentCell(second, 0)
    QTest.keySequence(window.staff, "Delete")
    lead.settle()
    assert lead.sent == []
    QTest.keySequence(window.staff, "Delete")
    lead.settle()
    assert [one.staff_id for one in lead.sent] == [window._staff[second].id]
    shut(window)


def test_the_chosen_row_stays_when_another_desk_adds_one_before_it(lead: Lead) -> None:
    window, room = fleet(lead, STAFF, 3), lead.room
    chosen = window._person()
    before = commands.SaveStaff(
        name="Aaron Aardvark", profession="Nurse", gender="", languages=("English",), registered=True, is_new=True
    )
    room.do(before)
    room.until(lambda: window._staff[0].name == "Aaron Aardvark")
    assert window._person().id == chosen.id
    assert window.staff.item(window.staff.currentRow(), 0).text() == chosen.name
    shut(window)


def test_a_refusal_whose_sheet_was_put_away_is_said_all_the_same(lead: Lead) -> None:
    window = settings(lead)
    window.edit()
    sheet = window.side.sheet
    fields = [one for one in sheet.findChildren(QLineEdit) if one.isVisible()]
    fields[0].setText("7")
    QTest.keyClick(sheet, Qt.Key.Key_Return)
    put_away(lead, window)
    assert "It was only taken down." in window.message.text()
    window.edit()
    assert next(one.text() for one in window.side.sheet.findChildren(QLineEdit) if one.isVisible()) == "7"
    shut(window)
