"""From the list of calls and endings, by keyboard: follow-ups are put off, and calls scheduled."""

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from console.views.lists.care import CarePage
from db import commands
from tests.gui.seats import Seat, qt_loop, rooms, seats

__all__ = ["qt_loop", "rooms", "seats"]


def keys(*names: str) -> None:
    for name in names:
        focus = QApplication.focusWidget()
        assert focus is not None
        alt = name.startswith("Alt+")
        key = getattr(Qt.Key, f"Key_{name.removeprefix('Alt+')}")
        QTest.keyClick(focus, key, Qt.KeyboardModifier.AltModifier if alt else Qt.KeyboardModifier.NoModifier)


def say(text: str) -> None:
    focus = QApplication.focusWidget()
    assert isinstance(focus, QLineEdit)
    QTest.keyClicks(focus, text)


def opened(seat: Seat, rows: int) -> CarePage:
    page = CarePage(seat.room.desk)
    page.show()
    page.activateWindow()
    seat.room.until(lambda: page.table.rowCount() == rows and page.isActiveWindow())
    page.table.setFocus()
    return page


def test_a_follow_up_is_put_off_to_another_day_with_the_reason_and_nothing_else_is(
    seats: Callable[[str], Seat],
) -> None:
    seat = seats("a.shah")
    room = seat.room
    referral_id = room.take(priority="P2", received_at=room.desk.clock.now() - timedelta(minutes=20))
    due = room.desk.clock.now() + timedelta(hours=3)
    plan = commands.PlanFollowUp(referral_id=referral_id, due=due, what_for="ask how the night went")
    room.do(plan)
    room.until(lambda: room.desk.store.follow_ups_of(referral_id))
    page = opened(seat, 2)
    call, follow_up = (
        next(row for row in range(2) if page.table.item(row, 2).text().startswith(kind))
        for kind in ("call:", "follow-up:")
    )
    page.table.setCurrentCell(call, 0)
    keys("Alt+P")
    assert page.sheets.current is None
    assert page.message.text().startswith("Only a follow-up is put off.")
    page.table.setCurrentCell(follow_up, 0)
    keys("Alt+P", "2", "Return")
    assert page.sheets.current.message.text().startswith("Say why it is put off.")
    say("she asked for Friday")
    keys("Escape")
    assert page.isVisible(), "the sheet is topmost, and the list stays"
    keys("Alt+P")
    assert page.sheets.current.values()["reason"] == "she asked for Friday"
    page.sheets.current.field("reason").take_focus()
    keys("Return")
    room.until(lambda: room.desk.store.follow_ups_of(referral_id)[0].due_at > due)
    late = room.desk.store.follow_ups_of(referral_id)[0].due_at - room.desk.clock.now()
    assert timedelta(hours=47, minutes=59) < late <= timedelta(hours=48)
    (event,) = (one for one in seat.events(referral_id) if one.kind == "follow-up put off")
    assert (event.recorded_by, event.reason) == ("a.shah", "she asked for Friday")
    page.close()


def test_a_lead_sets_how_often_people_are_called_and_answers_for_it(seats: Callable[[str], Seat]) -> None:
    seat = seats("l.lead")
    room = seat.room
    page = opened(seat, 0)
    page.set_schedule()
    sheet = page.sheets.current
    codes = list(room.desk.store.reference.priorities)
    assert [row.text for row in sheet.field("priority").list.rows] == codes
    sheet.field("priority").list.setFocus()
    keys(str(codes.index("P3") + 1))
    assert [sheet.field(name).value() for name in ("first", "every", "again")] == ["120", "240", "30"]
    sheet.field("every").edit.setText("0")
    sheet.field("every").take_focus()
    keys("Return")
    assert sheet.message.text().startswith("Minutes are a whole number, at least 1.")
    sheet.field("every").edit.setText("90")
    keys("Return")
    room.until(lambda: room.desk.store.reference.schedules["P3"].every == timedelta(minutes=90))
    found = room.desk.store.reference.schedules["P3"]
    assert (found.author, found.first) == ("l.lead", timedelta(minutes=120))
    page.set_schedule()
    sheet = page.sheets.current
    shown = sheet.field("priority").list.rows[codes.index("P3")]
    assert "then every 90 min" in repr(shown)
    assert "L. Lead" in repr(shown)
    sheet.field("priority").prefer("P3")
    sheet.field("active").take_focus()
    keys("N", "Return")
    room.until(lambda: "P3" not in room.desk.store.reference.schedules)
    page.close()


def test_nobody_else_sets_it(seats: Callable[[str], Seat]) -> None:
    page = opened(seats("a.shah"), 0)
    page.set_schedule()
    assert page.sheets.current is None
    page.close()


def test_what_is_to_be_done_is_read_whole_without_a_mouse(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    room = seat.room
    referral_id = room.take(priority="P2", received_at=room.desk.clock.now() - timedelta(minutes=20))
    what_for = (
        "ask how the night went, who stays with her from Monday on, and whether the team has rung about the room"
    )
    due = room.desk.clock.now() + timedelta(hours=3)
    room.do(commands.PlanFollowUp(referral_id=referral_id, due=due, what_for=what_for))
    room.until(lambda: room.desk.store.follow_ups_of(referral_id))
    page = opened(seat, 2)
    heights = {page.table.item(row, 2).text()[:4]: page.table.rowHeight(row) for row in range(2)}
    assert heights["foll"] > heights["call"]
