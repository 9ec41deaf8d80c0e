"""The vans, typed at and clicked on, over a real record."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from console.live.reality import READ_AFTER
from console.live.store import Link, LinkState
from console.models.referrals import REFERRAL_MIME
from console.views.vans.panel import VansPanel
from console.views.vans.sheets import MealSheet, OnDutySheet, OutOfServiceSheet
from db import commands
from db.domain.clocks import local
from db.domain.fleet import VanAction, rounded
from db.domain.records import Van
from db.domain.states import AssignmentState, DutyStatus
from tests.gui.desks import Room, put_on, qt_loop, room, rooms, stage

if TYPE_CHECKING:
    from uuid import UUID

__all__ = ["qt_loop", "room", "rooms", "stage"]


def opened(room: Room, stage: QWidget) -> VansPanel:
    panel = VansPanel(room.desk)
    put_on(stage, panel, 470, 600)
    return panel


@pytest.fixture
def vans(room: Room, stage: QWidget) -> VansPanel:
    return opened(room, stage)


def van(room: Room, place: int) -> Van:
    return room.desk.store.vans()[place]


def press(vans: VansPanel, qtbot: QtBot, key: Qt.Key) -> None:
    qtbot.keyClick(vans.list, key)


def test_a_crew_goes_on_duty_by_keyboard(room: Room, vans: VansPanel, qtbot: QtBot) -> None:
    vans.focus_list()
    chosen = van(room, 0)
    assert vans.selected() == chosen.id
    press(vans, qtbot, Qt.Key.Key_D)
    sheet = vans.sheet
    assert isinstance(sheet, OnDutySheet)
    now = sheet.subject.now
    assert sheet.ends.text() == local(rounded(now + timedelta(hours=10))).strftime("%H:%M")
    qtbot.keyClick(sheet.crew, Qt.Key.Key_Return)
    assert sheet.message.text() == "CRU1 needs a crew. Tick who rides in it."
    qtbot.keyClick(sheet.crew, Qt.Key.Key_Space)
    qtbot.keyClick(sheet.crew, Qt.Key.Key_Down)
    qtbot.keyClick(sheet.crew, Qt.Key.Key_Space)
    sheet.meal.clear()
    qtbot.keyClick(sheet.crew, Qt.Key.Key_Return)
    room.until(lambda: vans.sheet is None)
    room.until(lambda: room.desk.store.shift_of(chosen.id))
    shift = room.desk.store.shift_of(chosen.id)
    assert len(shift.staff_ids) == 2
    assert shift.meal_due_at is None
    assert shift.planned_end_at == rounded(now + timedelta(hours=10)).replace(microsecond=0)
    assert vans.heading.note() == "1 on shift · 1 free"


def test_a_crew_below_the_rule_is_asked_about_once(room: Room, vans: VansPanel, qtbot: QtBot) -> None:
    vans.select(van(room, 2).id)
    vans.act(VanAction.ON_DUTY)
    sheet = vans.sheet
    assert isinstance(sheet, OnDutySheet)
    staff = room.desk.store.reference.staff
    for row in range(sheet.crew.count()):
        if "support worker" in sheet.crew.item(row).text():
            sheet.crew.item(row).setCheckState(Qt.CheckState.Checked)
    assert not any(staff[key].registered for key in sheet.crew.ticked())
    qtbot.keyClick(sheet.crew, Qt.Key.Key_Return)
    assert sheet.message.text() == "CRU3 has no registered clinician on the crew. Once more: it is so."
    asked = time.monotonic()
    room.until(lambda: time.monotonic() - asked > READ_AFTER)
    qtbot.keyClick(sheet.crew, Qt.Key.Key_Return)
    room.until(lambda: vans.sheet is None)
    room.until(lambda: room.desk.store.shift_of(van(room, 2).id))
    events = room.run(room.desk.reads.insisted_on(room.desk.clock.now() - timedelta(hours=1)))
    assert "shift started" in {event.kind for event, _ in events}
    assert {event.insisted for event, _ in events} == {"no registered clinician on the crew"}


@pytest.mark.hazard("H-076")
def test_staff_on_a_shift_are_not_offered_twice(room: Room, vans: VansPanel) -> None:
    room.on_duty(0)
    vans.select(van(room, 1).id)
    vans.act(VanAction.ON_DUTY)
    sheet = vans.sheet
    assert isinstance(sheet, OnDutySheet)
    assert sheet.crew.count() == len(room.desk.store.reference.staff) - 2


def test_a_wrong_time_is_told_and_nothing_typed_is_lost(room: Room, vans: VansPanel, qtbot: QtBot) -> None:
    vans.select(van(room, 0).id)
    vans.act(VanAction.ON_DUTY)
    sheet = vans.sheet
    assert isinstance(sheet, OnDutySheet)
    sheet.crew.item(0).setCheckState(Qt.CheckState.Checked)
    sheet.ends.setText("half past")
    sheet.submit()
    assert sheet.message.text() == 'The end of the shift: "half past" is not a time of day. Type it such as 0331.'
    assert sheet.ends.text() == "half past"
    qtbot.keyClick(sheet.ends, Qt.Key.Key_Escape)
    assert vans.sheet is None


def test_meal_break_and_back(room: Room, vans: VansPanel, qtbot: QtBot) -> None:
    one = room.on_duty(0)
    vans.select(one)
    vans.focus_list()
    press(vans, qtbot, Qt.Key.Key_M)
    sheet = vans.sheet
    assert isinstance(sheet, MealSheet)
    assert sheet.minutes.value() == 30
    sheet.minutes.setValue(20)
    sheet.submit()
    room.until(lambda: van(room, 0).duty_status is DutyStatus.MEAL_BREAK)
    room.until(lambda: vans.sheet is None)
    assert room.desk.store.shift_of(one).meal_until_at == sheet.subject.now + timedelta(minutes=20)
    press(vans, qtbot, Qt.Key.Key_B)
    room.until(lambda: van(room, 0).duty_status is DutyStatus.AVAILABLE)


def test_out_of_service_needs_a_reason(room: Room, vans: VansPanel, qtbot: QtBot) -> None:
    vans.select(room.on_duty(0))
    vans.focus_list()
    press(vans, qtbot, Qt.Key.Key_O)
    sheet = vans.sheet
    assert isinstance(sheet, OutOfServiceSheet)
    sheet.submit()
    assert sheet.message.text() == "Out of service needs a reason. Choose one."
    qtbot.keyClick(sheet.reason, Qt.Key.Key_1)
    assert vans.sheet is sheet
    qtbot.keyClick(sheet.reason, Qt.Key.Key_Return)
    room.until(lambda: van(room, 0).duty_status is DutyStatus.OUT_OF_SERVICE)
    assert "Vehicle fault" in vans.model.index(0).data()


def test_off_duty_by_button(room: Room, vans: VansPanel, qtbot: QtBot) -> None:
    vans.select(room.on_duty(0))
    qtbot.mouseClick(vans.strip.button(VanAction.OFF_DUTY), Qt.MouseButton.LeftButton)
    room.until(lambda: van(room, 0).duty_status is DutyStatus.OFF_DUTY)
    assert VanAction.ON_DUTY in _offered(vans)


def _offered(vans: VansPanel) -> set[VanAction]:
    return {action for action in VanAction if vans.strip.button(action)}


@pytest.mark.hazard("H-047")
def test_an_emergency_takes_two_presses_and_only_a_lead_clears_it(
    rooms: Callable[[str], Room], stage: QWidget, qtbot: QtBot
) -> None:
    shah, lead = rooms("a.shah"), rooms("l.lead")
    one = shah.on_duty(0)
    vans = opened(shah, stage)
    vans.select(one)
    vans.focus_list()
    press(vans, qtbot, Qt.Key.Key_E)
    assert vans.message.text() == "Emergency for CRU1? Press E again to raise it."
    assert not shah.desk.actions.pending
    press(vans, qtbot, Qt.Key.Key_Down)
    assert vans.message.text() == ""
    press(vans, qtbot, Qt.Key.Key_Up)
    # A key that does nothing here comes between as well: twice in a row is what is meant.
    for between in (Qt.Key.Key_Q, Qt.Key.Key_7, Qt.Key.Key_Space, Qt.Key.Key_F):
        press(vans, qtbot, Qt.Key.Key_E)
        assert vans.message.text().startswith("Emergency for CRU1?")
        press(vans, qtbot, between)
        assert vans.message.text() == ""
    press(vans, qtbot, Qt.Key.Key_E)
    assert not shah.desk.actions.pending
    press(vans, qtbot, Qt.Key.Key_E)
    shah.until(lambda: van(shah, 0).emergency_at)
    assert vans.model.index(0).data().startswith("CRU1, EMERGENCY")
    assert not _offered(vans) & {VanAction.EMERGENCY, VanAction.CLEAR_EMERGENCY, VanAction.ALLOCATE}
    lead.until(lambda: van(lead, 0).emergency_at)
    leads = opened(lead, stage)
    leads.select(one)
    leads.focus_list()
    press(leads, qtbot, Qt.Key.Key_C)
    shah.until(lambda: van(shah, 0).emergency_at is None)


def test_a_letter_whose_button_is_scrolled_away_shows_it_first(room: Room, stage: QWidget, qtbot: QtBot) -> None:
    one = room.on_duty(0)
    vans = opened(room, stage)
    vans.select(one)
    vans.focus_list()
    vans.resize(vans.width(), 150)
    QApplication.processEvents()
    button = vans.strip.button(VanAction.OFF_DUTY)
    assert button is not None
    vans.below.verticalScrollBar().setValue(0)
    assert button.visibleRegion().isEmpty()
    press(vans, qtbot, Qt.Key.Key_D)
    assert not room.desk.actions.pending
    assert not button.visibleRegion().isEmpty()
    press(vans, qtbot, Qt.Key.Key_D)
    room.until(lambda: van(room, 0).duty_status is DutyStatus.OFF_DUTY)


def test_a_job_shows_its_state_and_hides_what_is_illegal(room: Room, vans: VansPanel) -> None:
    one, who = room.on_duty(0), room.take()
    room.accept(who)
    room.send(who, one, AssignmentState.ON_SCENE)
    vans.select(one)
    number = room.desk.store.referral(who).reference[-4:]
    row = vans.model.index(0).data()
    assert row.startswith(f"CRU1, on scene, {number} Northampton · NN1 4LP · Abington Street · word ")
    assert row.endswith(", no fix")
    assert _offered(vans) == {VanAction.WELL, VanAction.WELL_OTHERWISE, VanAction.EMERGENCY}
    assert vans.heading.note() == "1 on shift · 0 free"


def test_a_refusal_is_told_in_the_panel(room: Room, vans: VansPanel) -> None:
    one = room.on_duty(0)
    vans.select(one)
    vans.act(VanAction.MEAL)
    room.do(commands.TakeOutOfService(van_id=one, reason="fault"), commands.GoOffDuty(van_id=one))
    sheet = vans.sheet
    assert isinstance(sheet, MealSheet)
    sheet.minutes.setValue(45)
    sheet.submit()
    room.until(lambda: sheet.message.text())
    assert sheet.message.text().startswith("CRU1 is off duty")
    assert vans.sheet is sheet
    assert sheet.minutes.value() == 45


def test_keys_and_drops_ask_for_an_allocation(room: Room, vans: VansPanel, qtbot: QtBot) -> None:
    one, who = room.on_duty(0), room.take()
    asked: list[object] = []
    dropped: list[tuple[UUID, UUID]] = []
    vans.allocate_requested.connect(asked.append)
    vans.allocate_dropped.connect(lambda *both: dropped.append(both))
    vans.select(one)
    vans.focus_list()
    press(vans, qtbot, Qt.Key.Key_V)
    assert asked == [one]
    data = QMimeData()
    data.setData(REFERRAL_MIME, str(who).encode())
    for row in (1, 0):
        drop_on(vans, row, data)
    assert dropped == [(who, one)]


def drop_on(vans: VansPanel, row: int, data: QMimeData) -> None:
    at = QPointF(vans.list.visualRect(vans.model.index(row)).center())
    none = Qt.KeyboardModifier.NoModifier
    event = QDropEvent(at, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, none)
    vans.list.dropEvent(event)


def test_a_viewer_is_offered_nothing(rooms: Callable[[str], Room], stage: QWidget, qtbot: QtBot) -> None:
    vans = opened(rooms("w.wall"), stage)
    vans.focus_list()
    for key in (Qt.Key.Key_D, Qt.Key.Key_E, Qt.Key.Key_O):
        press(vans, qtbot, key)
    assert _offered(vans) == set()
    assert vans.sheet is None
    assert vans.message.text() == ""


def test_passing_through_with_tab_chooses_nothing(room: Room, vans: VansPanel, qtbot: QtBot) -> None:
    vans.list.setFocus(Qt.FocusReason.TabFocusReason)
    assert vans.list.hasFocus()
    assert vans.selected() is None
    press(vans, qtbot, Qt.Key.Key_Down)
    assert vans.selected() == van(room, 0).id


def test_escape_lets_the_van_go(room: Room, vans: VansPanel, qtbot: QtBot) -> None:
    heard: list[object] = []
    vans.van_selected.connect(heard.append)
    vans.focus_list()
    press(vans, qtbot, Qt.Key.Key_Escape)
    assert heard == [van(room, 0).id, None]
    assert not vans.strip.isVisible()


def test_a_lost_link_is_told_in_the_heading(room: Room, vans: VansPanel) -> None:
    room.desk.store.set_link(Link(LinkState.LOST, room.desk.clock.now()))
    assert vans.heading.note().startswith("▲ as of ")


def test_every_control_is_named(room: Room, vans: VansPanel) -> None:
    vans.select(room.on_duty(0))
    vans.act(VanAction.MEAL)
    named = [
        child
        for child in vans.findChildren(QWidget)
        if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isVisible()
    ]
    assert named
    assert [child for child in named if not (child.accessibleName() or getattr(child, "text", str)())] == []
