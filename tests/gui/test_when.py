"""A sheet with a time says which moment it means before anything is sent, and asks where there are two."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.look.style import apply
from console.views.sheets import Order, Sheet, make
from console.views.sheets.when import When
from console.views.vans.sheets import MealSheet, OnDutySheet, Subject
from db.commands import AmendTime, GoOnDuty, Hold
from db.domain.clocks import wall_time
from db.domain.records import Assignment, StaffMember
from db.domain.reference import Choice
from db.domain.states import AssignmentState
from db.domain.time_order import known_times
from tests.unit.board_records import reference, referral

VAN = UUID(int=7)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")


@pytest.fixture
def shown(qtbot: QtBot, qapp: QApplication) -> Callable[[Sheet], Sheet]:
    apply(qapp, "dark", 100)

    def show(sheet: Sheet) -> Sheet:
        qtbot.addWidget(sheet)
        sheet.resize(440, 640)
        sheet.show()
        qtbot.waitExposed(sheet)
        return sheet

    return show


def amending(now: datetime, **times: datetime) -> Sheet:
    about = referral(times={"received": utc("2026-10-24T23:00"), "accepted": utc("2026-10-24T23:05")})
    told = {AssignmentState(name.replace("_", " ")): at for name, at in times.items()}
    job = Assignment(UUID(int=9), 1, about.id, VAN, AssignmentState.ON_SCENE, told)
    return make.amend(about, lambda: known_times(about, [job], [], {VAN: "CRU4"}), lambda: now)


def pick(sheet: Sheet, words: str) -> When:
    which = sheet.field("which")
    which.list.set_value(next(row.value for row in which.list.rows if row.text == words))
    time = sheet.field("time")
    assert isinstance(time, When)
    return time


def sent(sheet: Sheet, qtbot: QtBot) -> list[Order]:
    sheet.field("reason").edit.setText("read from the log")
    found: list[list[Order]] = []
    sheet.submitted.connect(found.append)
    sheet.submit()
    return found[0] if found else []


@pytest.mark.hazard("H-023")
def test_a_time_of_the_night_before_is_read_as_of_that_night(
    shown: Callable[[Sheet], Sheet], qtbot: QtBot
) -> None:
    now = utc("2026-10-25T09:15")
    sheet = shown(amending(now, allocated=utc("2026-10-24T23:10"), on_scene=utc("2026-10-24T23:40")))
    time = pick(sheet, "CRU4 on scene")
    qtbot.keyClicks(time.edit, "00")
    assert time.reading.text() == '"00" is not a time of day. Type it such as 0331.'
    qtbot.keyClicks(time.edit, "25")
    assert time.reading.text() == "Sun 25 Oct 00:25, 9 h 50 min ago"
    (order,) = sent(sheet, qtbot)
    assert isinstance(order.command, AmendTime)
    assert (order.command.field, order.command.at) == ("on_scene", utc("2026-10-24T23:25"))


def test_what_does_not_fit_is_said_beside_the_field_and_not_sent(
    shown: Callable[[Sheet], Sheet], qtbot: QtBot
) -> None:
    sheet = shown(
        amending(utc("2026-10-25T09:15"), allocated=utc("2026-10-24T23:10"), mobile=utc("2026-10-24T23:20"))
    )
    time = pick(sheet, "CRU4 mobile")
    qtbot.keyClicks(time.edit, "0005")
    refusal = "No 00:05 lies between CRU4 allocated 00:10 and now 09:15."
    assert time.reading.text().startswith(refusal)
    assert time.edit.accessibleDescription().startswith(refusal)
    assert sent(sheet, qtbot) == []
    assert sheet.message.text().startswith(refusal)
    # For another time the same words mean something else.
    pick(sheet, "CRU4 allocated")
    assert time.reading.text() == "Sun 25 Oct 00:05, 10 h 10 min ago"


@pytest.mark.hazard("H-024")
@pytest.mark.parametrize(("key", "at"), [("1", "2026-10-25T00:40"), ("2", "2026-10-25T01:40")])
def test_the_doubled_hour_is_a_question_that_a_key_answers(
    shown: Callable[[Sheet], Sheet], qtbot: QtBot, key: str, at: str
) -> None:
    sheet = shown(
        amending(utc("2026-10-25T06:00"), allocated=utc("2026-10-24T23:10"), on_scene=utc("2026-10-25T02:10"))
    )
    time = pick(sheet, "CRU4 on scene")
    assert not time.moment.row.isVisibleTo(sheet)
    qtbot.keyClicks(time.edit, "0140")
    assert time.moment.row.isVisibleTo(sheet)
    assert [one.text for one in time.moment.row.options] == [
        "01:40 BST, 5 h 20 min ago",
        "01:40 GMT, 4 h 20 min ago",
    ]
    assert sent(sheet, qtbot) == []
    assert sheet.message.text() == "01:40 comes twice in this night. Choose which is meant."
    assert sheet.focusWidget() is time.moment.row
    qtbot.keyClicks(time.moment.row, key)
    assert time.reading.text() == f"Sun 25 Oct {wall_time(utc(at))}, {6 - utc(at).hour - 1} h 20 min ago"
    (order,) = sent(sheet, qtbot)
    assert order.command.at == utc(at)


def test_a_hold_says_until_when_also_before_anything_is_typed(
    shown: Callable[[Sheet], Sheet], qtbot: QtBot
) -> None:
    now = utc("2026-03-29T00:40")
    with_holds = replace(reference(), reasons={"hold": (Choice("call_back", "Call back"),)})
    sheet = shown(make.hold(referral(), with_holds, lambda: now))
    time = sheet.field("time")
    qtbot.keyClicks(sheet.field("until").row, "2")
    assert time.reading.text() == "Sun 29 Mar 02:40, in 1 h"
    qtbot.keyClicks(time.edit, "0145")
    assert time.reading.text().startswith("There is no 01:45 on Sun 29 Mar")
    assert "02:45" in time.reading.text()
    time.edit.selectAll()
    qtbot.keyClicks(time.edit, "0245")
    assert time.reading.text() == "Sun 29 Mar 02:45, in 1 h 5 min"
    assert time.value() == utc("2026-03-29T01:45").isoformat()
    sheet.field("reason").list.set_value("call_back")
    (order,) = sent_hold(sheet)
    assert isinstance(order.command, Hold)
    assert order.command.until == utc("2026-03-29T01:45")


def sent_hold(sheet: Sheet) -> list[Order]:
    found: list[list[Order]] = []
    sheet.submitted.connect(found.append)
    sheet.submit()
    return found[0]


@pytest.mark.parametrize(
    "now", ["2026-10-24T16:00", "2026-10-24T20:03", "2026-10-24T20:50", "2026-03-28T15:10", "2026-03-28T20:10"]
)
def test_an_on_duty_sheet_left_as_it_is_means_ten_hours_and_a_meal_after_five(
    qtbot: QtBot, qapp: QApplication, now: str
) -> None:
    apply(qapp, "dark", 100)
    subject = Subject(VAN, "CRU4", utc(now))
    sheet = OnDutySheet(subject, [StaffMember(UUID(int=1), "A Nurse", "nurse", "", (), registered=True)])
    qtbot.addWidget(sheet)
    sheet.crew.item(0).setCheckState(Qt.CheckState.Checked)
    command, _ = sheet.command()
    assert isinstance(command, GoOnDuty)
    quarter = timedelta(minutes=15)
    assert timedelta(0) <= command.planned_end - subject.now - timedelta(hours=10) < quarter
    assert command.meal_due is not None
    assert timedelta(0) <= command.meal_due - subject.now - timedelta(hours=5) < quarter
    readings = sheet.ends.accessibleDescription(), sheet.meal.accessibleDescription()
    assert [one.rpartition(", ")[2][:4] for one in readings] == ["in 1", "in 5"]


def test_times_that_nobody_typed_move_on_with_the_clock_and_typed_ones_stay(
    qtbot: QtBot, qapp: QApplication
) -> None:
    apply(qapp, "dark", 100)
    subject = Subject(VAN, "CRU4", utc("2026-11-24T16:00"))
    sheet = OnDutySheet(subject, [])
    qtbot.addWidget(sheet)
    before = sheet.ends.text(), sheet.meal.text()
    sheet.take_up(replace(subject, now=utc("2026-11-24T17:00")))
    moved = sheet.ends.text(), sheet.meal.text()
    assert moved[0] != before[0]
    assert moved[1] != before[1]
    sheet.ends.selectAll()
    qtbot.keyClicks(sheet.ends, "01:30")
    sheet.take_up(replace(subject, now=utc("2026-11-24T18:00")))
    assert sheet.ends.text() == "01:30"
    assert sheet.meal.text() != moved[1]


def test_a_meal_break_says_until_when(qtbot: QtBot, qapp: QApplication) -> None:
    apply(qapp, "dark", 100)
    sheet = MealSheet(Subject(VAN, "CRU4", utc("2026-10-25T00:45")))
    qtbot.addWidget(sheet)
    assert sheet.reading.text() == "until Sun 25 Oct 01:15 GMT, in 30 min"
    sheet.minutes.setValue(10)
    assert sheet.reading.text() == "until Sun 25 Oct 01:55 BST, in 10 min"
    # Put away and opened again: it says what it would send, not what it would have sent.
    sheet.take_up(Subject(VAN, "CRU4", utc("2026-10-25T04:40")))
    assert sheet.reading.text() == "until Sun 25 Oct 04:50, in 10 min"
    command, _label = sheet.command()
    assert getattr(command, "until", None) == utc("2026-10-25T04:50")
