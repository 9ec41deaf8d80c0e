"""A call at the form: in the record while it is typed, seen by others, taken over, left, ended, and saved."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from console.views.form.calls import clock
from console.views.form.form import ReferralForm
from db import commands as do
from db.domain.intake_call import KNOWN, IntakeCall
from db.domain.next_steps import Act
from db.domain.records import Referral
from db.domain.states import ReferralState
from tests.gui.desks import Room, qt_loop, room, rooms
from tests.gui.form_hands import (
    ALT,
    CTRL,
    SHIFT,
    dressed,
    focused,
    form,
    location,
    only,
    open_form,
    press,
    save,
    saved,
    tab_to,
    type_keys,
)
from tests.gui.seats import Seat, seats

__all__ = ["dressed", "form", "qt_loop", "room", "rooms", "seats"]

Rooms = Callable[[str], Room]


def begun(room: Room, form: ReferralForm, place: str = "NN1 4LP") -> Referral:
    """A call of which the place is known."""
    form.calls.keeper.timer.setInterval(0)
    location(room, form, place)
    room.until(lambda: form.current.call_version)
    room.until(lambda: room.desk.store.call_of(form.current.referral_id))
    found = room.desk.store.referral(form.current.referral_id)
    assert found is not None
    return found


def call_of(room: Room, referral: Referral) -> IntakeCall:
    room.until(lambda: room.desk.store.call_of(referral.id))
    found = room.desk.store.call_of(referral.id)
    assert found is not None
    return found


def kept(room: Room, referral: Referral, name: str) -> object:
    """What the record has of a field; asked again and again."""
    found = room.desk.store.call_of(referral.id)
    return found.typed.get(name) if found is not None else None


def is_mine(room: Room, referral: Referral) -> bool:
    found = room.desk.store.call_of(referral.id)
    return found is not None and found.taken_by == room.desk.me.login


def is_over(room: Room, referral: Referral) -> bool:
    found = room.desk.store.call_of(referral.id)
    return found is not None and not found.is_open


def test_others_see_it_from_the_first_place_on_and_what_is_typed_follows(
    room: Room, rooms: Rooms, form: ReferralForm
) -> None:
    other = rooms("b.okafor")
    referral = begun(room, form)
    assert call_of(other, referral).taken_by == "a.shah"
    assert other.desk.store.referral(referral.id).location.postcode == "NN1 4LP"
    tab_to("narrative")
    type_keys("She is on the roof of the car park.")
    other.until(lambda: kept(other, referral, "narrative") == "She is on the roof of the car park.")
    assert "others see it" in form.calls.note(form.current, room.desk.clock.now())


def test_nothing_is_begun_while_somebody_is_still_at_the_place(room: Room, form: ReferralForm) -> None:
    form.calls.keeper.timer.setInterval(0)
    type_keys("by the weir")
    room.until(lambda: form.current.draft.place == "by the weir")
    assert not form.calls.keeper.timer.isActive()
    press(Qt.Key.Key_Tab)
    type_keys("gate is locked")
    room.until(lambda: room.desk.store.referrals())
    assert only(room.desk).location.text == "by the weir"


def test_saved_it_is_a_referral_with_all_that_was_typed_once(room: Room, form: ReferralForm) -> None:
    referral = begun(room, form)
    tab_to("source")
    press(Qt.Key.Key_2)
    tab_to("caller")
    type_keys("Desk, J. Marlow")
    save()
    room.until(lambda: (row := room.desk.store.referral(referral.id)) and "acknowledged" in row.times)
    row = only(room.desk)
    assert (row.source, row.priority, row.caller) == ("ems_desk", "P2", "Desk, J. Marlow")
    room.until(lambda: is_over(room, referral))
    assert call_of(room, referral).answered_at <= row.received_at
    room.until(lambda: form.current.referral_id != referral.id)
    assert not form.drafts.all()


@pytest.mark.hazard("H-025")
def test_whoever_takes_it_over_has_what_was_typed_and_the_other_is_told(
    room: Room, rooms: Rooms, form: ReferralForm, qtbot: QtBot
) -> None:
    referral = begun(room, form)
    tab_to("narrative")
    type_keys("Two children upstairs.")
    room.until(lambda: kept(room, referral, "narrative") == "Two children upstairs.")
    other = rooms("b.okafor")
    other.until(lambda: kept(other, referral, "narrative"))
    theirs = open_form(other, qtbot)
    theirs.open_edit(referral.id)
    other.until(lambda: theirs.current.referral_id == referral.id)
    assert theirs.page.narrative.words.toPlainText() == "Two children upstairs."
    assert theirs.current.call_version == call_of(other, referral).version
    room.until(lambda: "B. Okafor took this call over" in form.message.text())
    assert form.page.narrative.words.toPlainText() == "Two children upstairs.", "nothing that was typed is lost"
    form.activateWindow()
    form.focus_form()
    tab_to("narrative")
    type_keys(" And a dog.")
    form.calls.keeper.keep_now(form.current)
    room.until(lambda: not form.calls.keeper.timer.isActive() and form.current.keeping is None)
    assert kept(room, referral, "narrative") == "Two children upstairs."
    # And back again: what is in the record counts, and not what was typed at this desk meanwhile.
    form.open_edit(referral.id)
    room.until(lambda: is_mine(room, referral))
    room.until(lambda: not form.current.call_lost)
    assert form.page.narrative.words.toPlainText() == "Two children upstairs."


def test_several_calls_are_put_aside_and_come_back_by_a_key(room: Room, form: ReferralForm) -> None:
    first = begun(room, form)
    form.open_new()
    second = begun(room, form, "NN18 9XX")
    assert {row.id for row in room.desk.store.referrals()} == {first.id, second.id}
    press(Qt.Key.Key_P, ALT)
    assert form.current.referral_id == first.id
    press(Qt.Key.Key_P, ALT)
    assert form.current.referral_id == second.id


def test_a_call_that_ends_elsewhere_is_no_draft_any_more(room: Room, form: ReferralForm) -> None:
    first = begun(room, form)
    form.open_new()
    second = begun(room, form, "NN18 9XX")
    closed = []
    form.closed.connect(lambda: closed.append(True))
    for one, reason in ((first, "wrong_number"), (second, "known")):
        room.do(do.EndCall(referral_id=one.id, reason=reason))
    room.until(lambda: not form.drafts.all() and form.current.referral_id not in {first.id, second.id})
    assert closed, "the form on the screen goes away with its call"


def test_a_console_that_died_leaves_the_call_to_be_gone_on_with(
    room: Room, rooms: Rooms, form: ReferralForm
) -> None:
    referral = begun(room, form)
    tab_to("name")
    type_keys("Tam Plover")
    room.until(lambda: kept(room, referral, "name") == "Tam Plover")
    again = rooms("a.shah")
    again.until(lambda: kept(again, referral, "name"))
    form.calls.go_on(referral.id)
    assert form.page.name.line.text() == "Tam Plover"


def test_the_pane_offers_what_may_be_done_with_a_call_and_looks_at_vans(seats: Callable[[str], Seat]) -> None:
    seat = seats("b.okafor")
    now = seat.room.desk.clock.now()
    given = {"answered_at": now - timedelta(minutes=3), "received_at": now - timedelta(minutes=2)}
    referral_id = seat.room.take()
    begin = do.BeginCall(
        referral_id=(key := do.TakeReferral(details=_details(seat, referral_id)).referral_id),
        details=_details(seat, referral_id),
        typed={},
        **given,
    )
    seat.room.do(begin)
    seat.room.until(lambda: seat.room.desk.store.call_of(key))
    seat.show(key)
    seat.room.until(lambda: [step.act for step in seat.pane.next.steps] == [Act.EDIT, Act.HUNG_UP, Act.END_CALL])
    assert seat.pane.body.ranking.wanted
    seat.press("U")
    seat.room.until(lambda: seat.pane.sheets.current is not None)
    seat.press("2")
    seat.press("Ctrl+Return")
    seat.room.until(lambda: seat.room.desk.store.call_of(key).call_back_at)
    seat.press("Delete")
    seat.room.until(lambda: seat.pane.sheets.current is not None)
    seat.press("1")
    seat.press("Return")
    seat.room.until(lambda: not seat.room.desk.store.call_of(key).is_open)
    assert seat.room.desk.store.call_of(key).ended_how == "wrong_number"


def _details(seat: Seat, referral_id: object) -> do.Details:
    there = seat.room.desk.store.referral(referral_id)
    return do.Details(source="", priority="", location=there.location)


def test_the_clock_of_a_call() -> None:
    lengths = {0: "0:00", 59: "0:59", 200: "3:20", 3600: "1:00:00", 3725: "1:02:05", -4: "0:00"}
    assert {seconds: clock(timedelta(seconds=seconds)) for seconds in lengths} == lengths


MOST_KEYS = 200
"""What a hand does in a minute of typing."""


class Hands:
    """Real keys, counted: each that goes down, but for Shift, Ctrl and Alt."""

    def __init__(self) -> None:
        self.keys = 0

    def press(self, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
        press(key, *modifiers)
        self.keys += 1

    def type(self, text: str) -> None:
        type_keys(text)
        self.keys += len(text)

    def tab_to(self, name: str) -> None:
        while focused().objectName() != name:
            self.press(Qt.Key.Key_Tab)
            assert self.keys < 2 * MOST_KEYS, f"Tab never came to {name}"


def test_the_story_that_everything_serves_is_taken_in_a_minute_of_typing(room: Room, form: ReferralForm) -> None:
    hands = Hands()
    hands.keys += len("new") + 2  # F12, new, Enter: the command line opens the form
    hands.type("NN1 4LP")
    room.until(lambda: not form.page.place.popup.isHidden())
    hands.press(Qt.Key.Key_Return)
    hands.press(Qt.Key.Key_2, ALT)
    hands.press(Qt.Key.Key_1)
    hands.tab_to("caller")
    hands.type("Crew lead")
    hands.tab_to("ems_callsign")
    hands.type("A1187")
    hands.tab_to("ems_on_scene")
    hands.type("35 min ago")
    hands.press(Qt.Key.Key_4, ALT)
    hands.type("Distressed, no injuries, denies overdose. Wants to talk to somebody.")
    hands.press(Qt.Key.Key_5, ALT)
    for _ in room.desk.store.reference.current_tool.items:
        hands.press(Qt.Key.Key_N)
    hands.press(Qt.Key.Key_Return, CTRL, SHIFT)
    taken = saved(room, ReferralState.ACCEPTED)
    assert (taken.source, taken.priority, taken.ems_callsign) == ("ems_crew", "P1", "A1187")
    assert hands.keys <= MOST_KEYS, f"{hands.keys} keys"


def test_a_call_that_is_kept_is_ended_when_it_becomes_notes_of_another(room: Room, form: ReferralForm) -> None:
    there = room.take(call_back="07700 900123")
    referral = begun(room, form)
    tab_to("call_back")
    type_keys("07700 900123")
    room.until(lambda: "This may be CRU-" in form.likely.text())
    press(Qt.Key.Key_A, ALT)
    room.until(lambda: is_over(room, referral))
    ended = call_of(room, referral)
    assert (ended.ended_how, ended.is_no_referral) == (KNOWN, True)
    room.until(lambda: not form.current.is_touched)
    assert [one.id for one in room.desk.store.referrals() if one.entered_in_error_at is None] == [there]
