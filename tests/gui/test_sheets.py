"""Sheets by keyboard alone, on a real record."""

import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from uuid import uuid4

import pytest

from console.live.reality import READ_AFTER
from console.views.sheets.fields import Write, WriteLines
from console.views.sheets.host import SheetHost
from console.views.sheets.person import look_at_flag
from console.views.sheets.sheet import Order, Sheet
from db import commands
from db.domain.clocks import local
from db.domain.states import AssignmentState, ReferralState
from tests.gui.seats import Seat, qt_loop, rooms, seats

__all__ = ["qt_loop", "rooms", "seats"]


def test_a_reason_is_chosen_by_a_digit_and_sent_by_enter(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    referral_id = seat.room.take()
    seat.show(referral_id)
    seat.press("D", "1")
    assert seat.pane.sheets.current.values()["reason"] == "ems_physical"
    assert not seat.room.desk.actions.pending
    seat.press("Return")
    seat.room.until(lambda: seat.room.desk.store.referral(referral_id).state is ReferralState.DECLINED)
    assert seat.room.desk.store.referral(referral_id).end_reason == "ems_physical"
    seat.room.until(lambda: seat.pane.sheets.current is None)


def test_return_without_a_choice_does_nothing_and_says_what_is_missing(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    referral_id = seat.room.take()
    seat.show(referral_id)
    seat.press("D", "Return")
    assert seat.pane.sheets.current.message.text() == "Choose one."
    assert not seat.room.desk.actions.pending
    seat.press("Down", "Return")
    seat.room.until(lambda: seat.room.desk.store.referral(referral_id).state is ReferralState.DECLINED)


def test_escape_closes_and_keeps_what_was_typed_also_over_another_referral(seats: Callable[[str], Seat]) -> None:
    seat = seats("l.lead")
    one, two = seat.room.take(), seat.room.take()
    seat.screen(one, overdose="yes")
    seat.show(one)
    seat.until_primary("Decline, or return to EMAS")
    seat.press("O")
    seat.type("Dr Specimen")
    seat.press("Escape")
    assert seat.pane.sheets.current is None
    assert seat.pane.hasFocus()
    seat.show(two)
    seat.show(one)
    seat.press("O")
    assert seat.pane.sheets.current.values()["clinician"] == "Dr Specimen"
    seat.type("seen on video, swallowed nothing")
    seat.press("Return")
    seat.room.until(lambda: seat.room.desk.store.dangers_of(one).decided)
    found = seat.room.desk.store.dangers_of(one).decided[0]
    assert (found.clinician, found.reason) == ("Dr Specimen", "seen on video, swallowed nothing")
    seat.until_primary("Accept")


def test_a_refusal_keeps_the_sheet_and_its_text(seats: Callable[[str], Seat]) -> None:
    seat = seats("l.lead")
    referral_id = seat.room.take()
    seat.screen(referral_id, overdose="yes")
    seat.show(referral_id)
    seat.until_primary("Decline, or return to EMAS")
    (danger,) = seat.room.desk.store.dangers_of(referral_id).seen_to
    seat.press("O")
    seat.type("Dr Second")
    seat.press("Tab")
    seat.type("my reason")
    given = {"referral_id": referral_id, "covers": (danger.what,)}
    seat.room.do(commands.LetOn(clinician="Dr First", reason="was first", **given))
    seat.press("Return")
    sheet = seat.pane.sheets.current
    seat.room.until(lambda: "not what stands against it now" in sheet.message.text())
    assert sheet.values() == {"clinician": "Dr Second", "reason": "my reason"}


def test_hold_by_keys_and_back_again(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    referral_id = seat.room.take()
    seat.show(referral_id)
    store, clock = seat.room.desk.store, seat.room.desk.clock
    seat.press("U", "3", "Tab", "Tab", "1", "Return")
    if seat.pane.sheets.current.field("spoken_name").isVisibleTo(seat.pane):
        # By then a crew is due with the person: they must have agreed.
        assert "agrees to wait longer" in seat.pane.sheets.current.message.text()
        seat.type("Ottoline")
        seat.press("Return")
    seat.room.until(lambda: store.referral(referral_id).hold_until is not None)
    held = store.referral(referral_id)
    assert local(held.hold_until).strftime("%H:%M") == "08:30"
    assert timedelta(0) < held.hold_until - clock.now() <= timedelta(days=1)
    assert held.hold_reason == "call_back"
    seat.until_primary("Bring back from hold")
    seat.press("Return")
    seat.room.until(lambda: store.referral(referral_id).hold_until is None)


def test_a_typed_time_is_amended_with_a_reason(seats: Callable[[str], Seat]) -> None:
    seat = seats("l.lead")
    store = seat.room.desk.store
    received = seat.room.desk.clock.now() - timedelta(minutes=30)
    referral_id = seat.room.take(received_at=received)
    seat.show(referral_id)
    seat.press("I", "1", "Tab")
    wrong = "2575"
    seat.type(wrong)
    seat.press("Tab")
    seat.type("read from the log")
    seat.press("Return")
    sheet = seat.pane.sheets.current
    assert sheet.message.text().startswith('"2575" is not a time of day.')
    sheet.field("time").edit.clear()
    sheet.field("time").take_focus()
    right = received - timedelta(minutes=7)
    seat.type(local(right).strftime("%H%M"))
    seat.press("Return")
    seat.room.until(lambda: store.referral(referral_id).received_at == right.replace(second=0, microsecond=0))
    amended = [event for event in seat.events(referral_id) if event.kind == "time amended"]
    assert [event.reason for event in amended] == ["read from the log"]


def test_conveying_needs_a_place_and_takes_a_typed_one(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    van = seat.room.on_duty(0)
    referral_id = seat.room.take(source="hub", ems_callsign="", priority="P2")
    seat.room.accept(referral_id)
    job = seat.room.send(referral_id, van, AssignmentState.WITH_PATIENT)
    seat.show(referral_id)
    seat.until_primary("CRU1 clear")
    seat.press("C", "Return")
    assert seat.pane.sheets.current.message.text().startswith("Nobody said where to.")
    seat.press("Tab")
    seat.type("Aunt's flat")
    seat.press("Return")
    asked = time.monotonic()  # a crew does not leave within seconds; once more insists
    seat.room.until(lambda: time.monotonic() - asked > READ_AFTER)
    seat.press("Return")
    seat.room.until(lambda: seat.room.desk.store.assignment(job).destination == "Aunt's flat")
    seat.until_primary("CRU1 at destination")


def test_a_flag_and_feedback_are_written_word_for_word(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    referral_id = seat.room.take()
    seat.show(referral_id)
    seat.press("F", "5", "Tab", "A", "Tab", "1", "Tab")
    assert isinstance(seat.pane.sheets.current.field("reason"), WriteLines)
    seat.type("a large dog & <b>no</b> bell")
    seat.press("Ctrl+Return")
    seat.room.until(lambda: "a large dog &amp; &lt;b&gt;no&lt;/b&gt; bell" in seat.text())
    (flag,) = (event for event in seat.events(referral_id) if event.kind == "flag")
    assert (flag.words, flag.detail["about"]) == ("a large dog & <b>no</b> bell", "pets")


def test_a_flag_ends_when_it_was_said_to(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    referral_id = seat.room.take()
    seat.show(referral_id)

    def add(words: str, *keys: str, day: str = "") -> None:
        seat.press("F", "5", "Tab", "A", "Tab", *keys, "Tab")
        seat.type(day)
        if day:
            seat.press("Tab")
        seat.type(words)
        seat.press("Ctrl+Return")
        seat.room.until(lambda: words in seat.text() and seat.pane.sheets.current is None)

    add("the hall is dark", "1")
    add("the lift is broken", "2")
    add("a steep path", "4")
    last = local(seat.room.desk.clock.now()).date() + timedelta(days=3)
    add("a wasp nest", "5", day=last.strftime("%d/%m/%Y"))
    seat.room.until(lambda: len(seat.pane.view().flags) == 4)
    ends = {one.reason: one.review_at for one in seat.pane.view().flags}
    now = seat.room.desk.clock.now()
    assert timedelta(days=364, hours=23) < ends["a steep path"] - now <= timedelta(days=365)
    assert local(ends["the hall is dark"]).strftime("%H:%M") == "08:00"
    assert timedelta(0) < ends["the hall is dark"] - now <= timedelta(days=1, hours=1)
    assert timedelta(days=29, hours=23) < ends["the lift is broken"] - now <= timedelta(days=30)
    assert local(ends["a wasp nest"]).isoformat()[:16] == f"{last + timedelta(days=1)}T00:00"
    assert f"review after {last:%a %d %b %Y}" in seat.text()


def test_a_flag_s_day_is_asked_for_only_when_wanted_and_must_be_to_come(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    referral_id = seat.room.take()
    seat.show(referral_id)
    seat.press("F", "5", "Tab", "A")
    sheet = seat.pane.sheets.current
    assert not sheet.field("day").isVisible()
    seat.press("Return")
    assert sheet.message.text() == "Choose when somebody looks at it again."
    seat.press("5")
    assert sheet.field("day").isVisible()
    seat.press("Tab")
    seat.type("1/1/2001")
    seat.press("Tab")
    seat.type("a dog")
    seat.press("Ctrl+Return")
    assert sheet.message.text().startswith('"1/1/2001" is no day to come.')
    assert not seat.room.desk.actions.pending
    sheet.field("ends").take_focus()
    seat.press("1", "Ctrl+Return")
    seat.room.until(lambda: "a dog" in seat.text() and "review 08:00" in seat.text())


@pytest.mark.hazard("H-042")
def test_a_flag_for_staff_safety_says_whether_it_is_danger_now_or_to_know(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    referral_id = seat.room.take()
    seat.show(referral_id)
    seat.press("F", "3")
    sheet = seat.pane.sheets.current
    assert sheet.field("danger").isVisible()
    seat.press("Return")
    assert sheet.message.text() == "Choose whether it is danger now, or to know."
    assert sheet.field("danger").value() == "", "nothing is chosen for anybody"
    seat.press("K", "Tab", "P", "Tab", "2", "Tab")
    seat.type("sit near the door")
    seat.press("Ctrl+Return")
    seat.room.until(lambda: "sit near the door" in seat.text() and seat.pane.sheets.current is None)
    assert "caution: staff safety" not in seat.text()
    seat.press("F", "3", "Tab", "D", "Tab", "A", "Tab", "2", "Tab")
    seat.type("a crossbow on the landing")
    seat.press("Ctrl+Return")
    seat.room.until(lambda: "caution: staff safety" in seat.text())
    assert "staff safety, danger now:" in seat.text()
    # Whoever looks at it again goes on with what it said.
    one = next(flag for flag in seat.pane.view().flags if flag.danger)
    renewed = look_at_flag(seat.room.desk.store.referral(referral_id), lambda: [one], seat.room.desk.clock.now)
    (order,) = renewed._make({"flag": str(one.id), "what": "go on", "ends": "month", "day": ""})
    assert isinstance(order.command, commands.AddFlag)
    assert order.command.danger


def test_a_flag_past_its_review_is_told_as_such_and_stays_in_the_timeline(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    referral_id = seat.room.take()
    seat.show(referral_id)
    clock = seat.room.desk.clock
    # The pane counts by the record's clock, which a test cannot turn forward: one ends at once, one does not.
    soon = clock.now() + timedelta(seconds=2)
    for words, end in (("gas was smelt", soon), ("steep stairs", clock.now() + timedelta(hours=1))):
        flag = commands.AddFlag(
            referral_id=referral_id, subject="address", kind="access", reason=words, expires_at=end
        )
        seat.room.do(flag)
    seat.room.until(lambda: len(seat.pane.view().flags) == 2)
    caution = seat.pane.body.flags._words
    assert "steep stairs" in caution.text()
    seat.room.until(lambda: clock.now() > soon)
    seat.pane._refresh()
    assert "review was due" in caution.text()
    assert caution.text().index("steep stairs") < caution.text().index("gas was smelt")
    assert "gas was smelt" in seat.text()


def test_the_menu_lists_what_has_no_button_and_leads_on(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    referral_id = seat.room.take()
    seat.show(referral_id)
    seat.press(".")
    rows = [row.text for row in seat.pane.sheets.current.field("step").list.rows]
    assert "Cancel the referral" in rows
    seat.press(str(rows.index("Cancel the referral") + 1), "Return")
    assert seat.pane.sheets.current.title.startswith("Cancel the referral")
    seat.press("4", "Return")
    seat.room.until(lambda: seat.room.desk.store.referral(referral_id).state is ReferralState.CANCELLED)


def test_keys_do_not_reach_the_pane_through_a_sheet(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    referral_id = seat.room.take()
    seat.screen(referral_id)
    seat.show(referral_id)
    seat.until_primary("Accept")
    seat.press("D", "A")
    assert not seat.room.desk.actions.pending
    assert seat.room.desk.store.referral(referral_id).state is ReferralState.RECEIVED


NOT_HAD = (("on 0002", "dim"), ("allocated", "dim"))


@pytest.mark.hazard("H-093")
def test_a_van_that_was_taken_meanwhile_leaves_the_list_and_the_others_keep_their_places(
    seats: Callable[[str], Seat],
) -> None:
    seat = seats("a.shah")
    room = seat.room
    vans = [room.on_duty(place) for place in range(3)]
    one, two = room.take(), room.take()
    for referral_id in (one, two):
        room.accept(referral_id)
    seat.show(one)
    seat.press("Return")
    field = seat.pane.sheets.current.field("van")
    room.until(lambda: field.value() == str(vans[0]))
    room.send(two, vans[0])
    room.until(lambda: any(row.details == NOT_HAD for row in field.list.rows), within=8)
    # The one that was chosen: Enter was meant for it, and sends no other.
    sheet = seat.pane.sheets.current
    assert field.value() == ""
    assert "CRU1 cannot be had any more." in sheet.message.text()
    seat.press("Return")
    assert not room.desk.store.assignments_of(one)
    assert not room.desk.actions.pending
    seat.press("1")
    assert field.value() == str(vans[1])
    assert [row.value for row in field.list.rows if row.enabled] == [str(vans[1]), str(vans[2])]
    # Somebody sends one to this very referral: a second one goes there by who was told of it, and never by chance.
    room.send(one, vans[2])
    seat.press("Return")
    room.until(lambda: "is on CRU-" in sheet.message.text())
    assert len(room.desk.store.assignments_of(one)) == 1
    seat.press("Return")
    room.until(lambda: len(room.desk.store.assignments_of(one)) == 2)


def test_the_first_of_two_is_not_sent_twice_unless_the_sheet_is_opened_again(seats: Callable[[str], Seat]) -> None:
    """What can be done again can be sent again: a referral that was reopened is closed anew, not only in part."""
    seat = seats("a.shah")
    key = seat.room.take()
    host = SheetHost(seat.pane, seat.room.desk)

    def make(given: Mapping[str, str]) -> list[Order]:
        note = commands.AddNote(referral_id=key, words=given["words"])
        refused = commands.Cancel(referral_id=uuid4(), reason="duplicate")
        return [Order(note, "Note"), Order(refused, "Cancel")]

    def opened() -> Sheet:
        return host.open("both", lambda: Sheet("Both", [Write("words", "Words")], make, "Send"))

    def notes() -> int:
        return [event.kind for event in seat.events(key)].count("note")

    field = opened().field("words")
    assert isinstance(field, Write)
    field.edit.setText("seen at the door")
    for turn, wanted in enumerate((1, 1, 2)):
        sheet = opened() if turn == 2 else host.current
        assert sheet is not None
        sheet.message.clear()
        sheet.submit()
        seat.room.until(lambda sheet=sheet: sheet.message.text() and sheet._button.isEnabled())
        assert notes() == wanted
