"""A call left from the form: what is typed is kept, its sheet opens on that referral, and it goes on after."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from console.views.form.form import ReferralForm
from db.domain.next_steps import Act
from tests.cluster import Record
from tests.e2e.windows import Clock, Seated, clock, seated
from tests.gui.desks import Room, qt_loop, room, rooms
from tests.gui.form_hands import ALT, dressed, form, only, press, tab_to, type_keys

__all__ = ["clock", "dressed", "form", "qt_loop", "room", "rooms", "seated"]

Wanted = list[tuple[UUID, Act]]


def wanted(form: ReferralForm) -> Wanted:
    found: Wanted = []
    form.ends.wanted.connect(lambda key, act: found.append((key, act)))
    return found


def test_nothing_is_left_before_there_is_a_place_and_then_only_with_all_that_is_typed(
    room: Room, form: ReferralForm
) -> None:
    asked = wanted(form)
    press(Qt.Key.Key_R, ALT)
    assert "No referral: there is no location yet." in form.message.text()
    assert "Escape" in form.message.text()
    tab_to("narrative")
    type_keys("He says nothing, there is traffic.")
    press(Qt.Key.Key_H, ALT)
    assert "The caller hung up: there is no location yet." in form.message.text()
    assert asked == []
    assert not room.desk.store.referrals()
    form.go_to(1)
    type_keys("lay-by on the A43")
    # At once, while the place is typed and nothing of it is with the record yet.
    press(Qt.Key.Key_H, ALT)
    room.until(lambda: asked)
    assert asked == [(only(room.desk).id, Act.HUNG_UP)]
    call = room.desk.store.call_of(asked[0][0])
    assert call is not None
    assert (call.typed["place"], call.typed["narrative"]) == (
        "lay-by on the A43",
        "He says nothing, there is traffic.",
    )
    assert form.current.keeping is None, "nothing goes out after the sheet"


def test_an_edit_has_no_call_to_leave(room: Room, form: ReferralForm) -> None:
    asked = wanted(form)
    form.open_edit(room.take())
    shown = {one.text() for one in form.findChildren(QPushButton) if one.isVisibleTo(form)}
    assert not {one for one in shown if "hung up" in one or "No referral" in one}
    press(Qt.Key.Key_H, ALT)
    press(Qt.Key.Key_R, ALT)
    assert form.message.isHidden()
    assert asked == []


@pytest.mark.hazard("H-025")
def test_by_keys_the_caller_is_gone_is_back_and_was_no_referral(
    seated: Callable[[str], Seated], clock: Clock, record: Record
) -> None:
    one = seated("a.shah")
    store, sheets, forms = one.desk.store, one.page.detail.sheets, one.page.forms
    elsewhere = one.room.take()
    one.sit()
    one.page.select_referral(elsewhere)
    one.press("Ctrl+N")
    one.type("bandstand, Abington Park")
    one.tab_to("caller")
    one.type("a woman")
    one.press("Alt+H")
    one.room.until(lambda: sheets.current is not None and sheets.current.isAncestorOf(one.focused()))
    call = next(row for row in store.referrals() if row.id != elsewhere)
    assert sheets.current.title == f"Caller hung up: {call.reference}"
    assert not forms.isVisible()
    assert sheets.current.values()["whom"] == "No number is known. Type it in the form, or ask whoever referred."
    one.press("2", "Ctrl+Return")
    one.room.until(lambda: store.call_of(call.id).call_back_at)
    assert store.call_of(call.id).call_back_at - one.desk.clock.now() > timedelta(minutes=9)
    # She rings again: what was typed is there, and what is typed now is kept as well.
    one.press("Ctrl+Shift+N")
    assert forms.form.page.caller.line.text() == "a woman"
    one.tab_to("caller")
    one.type(", again")
    one.tab_to("call_back")
    one.type("01604 630000")
    forms.form.calls.keeper.keep_now(forms.form.current)
    one.room.until(lambda: store.call_of(call.id).typed.get("caller") == "a woman, again")
    assert not forms.form.current.call_lost
    assert store.call_of(call.id).call_back_at is None
    # She hangs up once more: the sheet that was kept says what is known by now.
    one.press("Alt+H")
    one.room.until(lambda: sheets.current is not None and sheets.current.isAncestorOf(one.focused()))
    assert sheets.current.values()["whom"] == "To ring: a woman, again, 01604 630000."
    one.press("Escape", "Ctrl+Shift+N")
    one.press("Alt+R")
    one.room.until(lambda: sheets.current is not None and sheets.current.isAncestorOf(one.focused()))
    assert sheets.current.title == f"End the call: {call.reference}"
    one.press("1", "Return")
    one.room.until(lambda: store.call_of(call.id).is_no_referral)
    one.room.until(lambda: forms.draft_count() == 0)
    assert not forms.isVisible()
