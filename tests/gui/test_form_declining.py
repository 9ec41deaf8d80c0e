"""The form's own decline asks what every end asks, by keyboard, and keeps what was typed."""

import pytest
from PySide6.QtCore import Qt

from console.views.form.ending import ending_questions
from console.views.form.form import ReferralForm
from console.views.sheets.ending import EndingFields
from db.domain.care import NOTHING_ASKED
from db.domain.party import Party
from db.domain.states import ReferralState
from tests.gui.desks import Room, qt_loop, room, rooms
from tests.gui.form_hands import ALT, dressed, focused, form, press, saved, start, tab_to, type_keys

__all__ = ["dressed", "form", "qt_loop", "room", "rooms"]


@pytest.mark.hazard("H-032")
def test_who_is_with_them_and_who_told_whom_is_said_with_the_decline(room: Room, form: ReferralForm) -> None:
    start(room, form)
    press(Qt.Key.Key_D, ALT)
    asked = [one.name for one in ending_questions()]
    now = room.desk.clock.now
    sheets = EndingFields(now, now(), ())
    sheets.ask(NOTHING_ASKED, "no_capacity")
    assert [one.name for one in sheets if one.name not in sheets.hidden] == asked
    assert list(form.footer.declining._fields) == ["decline_reason", *asked], "the sheets ask the same"
    press(Qt.Key.Key_4)
    tab_to("holder")
    press(Qt.Key.Key_2)
    press(Qt.Key.Key_Return)
    assert focused().objectName() == "holder_name", "a kind without a name is asked about, and nothing goes out"
    type_keys("her daughter")
    tab_to("told_person")
    type_keys("the crew")
    tab_to("told_caller")
    type_keys("not: rang off")
    tab_to("told_at")
    type_keys("now")
    press(Qt.Key.Key_Return)
    declined = saved(room, ReferralState.DECLINED)
    room.until(lambda: room.desk.store.ending_of(declined.id) and room.desk.store.ending_of(declined.id).is_named)
    ending = room.desk.store.ending_of(declined.id)
    assert (ending.holder_kind, ending.holder_name, ending.reason) == (Party.OTHER, "her daughter", "out_of_area")
    assert (ending.person.by, ending.caller.not_told, ending.referrer.is_said) == ("the crew", "rang off", False)
    assert ending.person.at is not None


def test_what_was_typed_stays_with_its_draft_and_no_other(room: Room, form: ReferralForm) -> None:
    taken = room.take()
    form.open_edit(taken)
    press(Qt.Key.Key_D, ALT)
    press(Qt.Key.Key_3)
    tab_to("holder_name")
    type_keys("the team")
    for _ in range(2):
        press(Qt.Key.Key_Escape)
    assert [one.referral_id for one in form.drafts.all()] == [taken], "also where nothing else was typed"
    form.open_new()
    form.footer.open_reasons()
    assert form.footer.declining.reasons.chosen() == ()
    form.open_parked(form.drafts.all()[0])
    form.footer.open_reasons()
    tab_to("holder_name")
    assert focused().text() == "the team"
    assert len(form.footer.declining.reasons.chosen()) == 1


def test_back_to_emas_says_what_is_said_of_the_end(room: Room, form: ReferralForm) -> None:
    start(room, form)
    tab_to("triage_scale")
    press(Qt.Key.Key_A)
    press(Qt.Key.Key_D, ALT)
    tab_to("holder_name")
    type_keys("crew A1187")
    press(Qt.Key.Key_E, ALT)
    assert focused().objectName() == "holder"
    press(Qt.Key.Key_3)
    press(Qt.Key.Key_E, ALT)
    declined = saved(room, ReferralState.DECLINED)
    room.until(lambda: room.desk.store.ending_of(declined.id) and room.desk.store.ending_of(declined.id).is_named)
    assert room.desk.store.ending_of(declined.id).holder_name == "crew A1187"
