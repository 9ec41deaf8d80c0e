"""Every control of the whole window has a name that can be spoken, and is large enough to be hit."""

from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLabel, QLineEdit, QWidget

from console.look import style
from console.views.lead.window import LeadWindow
from console.views.lists.fixes import FixesPage
from console.views.lists.measures import MeasuresPage
from console.views.rota.fleet import FleetWindow
from console.views.rota.settings import SettingsWindow
from console.views.rota.window import RotaWindow
from tests.e2e.windows import Clock, Seated, clock, qt_loop, rooms, seated
from tests.gui.desks import Room

__all__ = ["clock", "qt_loop", "rooms", "seated"]
SMALLEST = 24
Opens = Callable[[str], Seated]


def controls(top: QWidget) -> Iterator[QWidget]:
    """What can take the keyboard or a click, and is on the screen; not the insides of a compound control."""
    for one in top.findChildren(QWidget):
        reachable = one.focusPolicy() != Qt.FocusPolicy.NoFocus or isinstance(one, QAbstractButton)
        inside = isinstance(one.parentWidget(), QAbstractSpinBox | QComboBox | QLineEdit | QWebEngineView)
        if reachable and one.isVisible() and not inside and not one.objectName().startswith("qt_"):
            yield one


def spoken(control: QWidget) -> str:
    """What a screen reader says first."""
    labels = control.window().findChildren(QLabel)
    words = control.text() if isinstance(control, QAbstractButton) else ""
    buddy = next((label.text() for label in labels if label.buddy() is control), "")
    return control.accessibleName() or words or buddy


def what(control: QWidget) -> str:
    owner = control.parentWidget()
    return f"{type(control).__name__} {control.objectName() or spoken(control)!r} in {type(owner).__name__}"


def too_small(top: QWidget) -> list[str]:
    tiny = [one for one in controls(top) if min(one.width(), one.height()) < SMALLEST]
    return [f"{what(one)}: {one.width()} x {one.height()}" for one in tiny]


def check(top: QWidget, room: Room) -> None:
    with suppress(AssertionError):  # what is still small is named below
        room.until(lambda: not too_small(top), within=2)
    small = too_small(top)
    found = list(controls(top))
    nameless = [what(one) for one in found if not spoken(one).strip()]
    assert found
    assert not small, "\n".join(small)
    assert not nameless, "\n".join(nameless)


@pytest.fixture
def desk(seated: Opens, clock: Clock) -> Seated:
    """A shift lead's window with one referral selected and a van on duty."""
    seat = seated("l.lead")
    room = seat.room
    referral = room.take()
    room.on_duty(0)
    room.accept(referral)
    seat.page.select_referral(referral)
    room.until(lambda: seat.next_step() == "Allocate a van")
    return seat


@pytest.mark.hazard("H-059")
def test_the_desk(desk: Seated) -> None:
    check(desk.page, desk.room)


def test_every_panel_has_a_name(desk: Seated) -> None:
    for dock in desk.page.dock.values():
        assert dock.accessibleName()
        assert dock.panel.accessibleName() or dock.panel.focusProxy().accessibleName(), dock.objectName()


@pytest.mark.parametrize("percent", [100, 150])
def test_the_form(desk: Seated, percent: int, qapp: object) -> None:
    style.apply(qapp, "dark", percent)
    try:
        desk.page.new_referral()
        check(desk.page.forms, desk.room)
    finally:
        style.apply(qapp, "dark", 100)


def test_the_sheet_that_allocates(desk: Seated) -> None:
    desk.page.detail.open_allocate()
    check(desk.page.detail, desk.room)


def test_the_page_of_keys_and_the_positions(desk: Seated) -> None:
    desk.page.keys.toggle()
    assert desk.page.keys.accessibleName()
    desk.page.beside.open_fixes()
    assert desk.page.beside.lists.get(FixesPage) is not None
    check(desk.page.beside.lists.get(FixesPage), desk.room)
    desk.page.beside.open_measures()
    check(desk.page.beside.lists.get(MeasuresPage), desk.room)
    desk.page.beside.open_lead()
    lead = desk.page.beside.lists[LeadWindow]
    assert isinstance(lead, LeadWindow)
    desk.room.until(lambda: lead.pictures)
    lead.ask_days()
    check(lead, desk.room)
    lead.figures.turn()
    lead.cards["waits"].turn()
    lead.open_measure("received")
    desk.room.until(lead.behind.isVisible)
    check(lead, desk.room)
    desk.page.beside.open_rota()
    rota = desk.page.beside.lists[RotaWindow]
    assert isinstance(rota, RotaWindow)
    desk.room.until(lambda: rota.week)
    check(rota, desk.room)
    rota.new()
    check(rota, desk.room)
    desk.page.beside.open_settings()
    settings = desk.page.beside.lists[SettingsWindow]
    assert isinstance(settings, SettingsWindow)
    desk.room.until(settings.table.rowCount)
    settings.edit()
    check(settings, desk.room)
    desk.page.beside.open_fleet()
    fleet = desk.page.beside.lists[FleetWindow]
    assert isinstance(fleet, FleetWindow)
    desk.room.until(fleet.vans.rowCount)
    fleet.new()
    check(fleet, desk.room)
    fleet.turn(1)
    fleet.new()
    check(fleet, desk.room)
    fleet.turn(2)
    fleet.devices.give()
    check(fleet, desk.room)
    desk.page.beside.open_replay()
    assert desk.page.beside.replay is not None
    check(desk.page.beside.replay, desk.room)
