"""The location's suggestions: Enter takes a first that is beyond doubt, and asks about any other."""

import pytest
from PySide6.QtCore import Qt

from console.views.form.form import ReferralForm
from tests.gui.desks import Room, qt_loop, room, rooms
from tests.gui.form_hands import form, press, type_keys

__all__ = ["form", "qt_loop", "room", "rooms"]


def rows(form: ReferralForm) -> list[str]:
    shown = form.page.place.list
    return [shown.item(n).text() for n in range(shown.count())]


def suggested(room: Room, form: ReferralForm, text: str) -> None:
    type_keys(text)
    room.until(lambda: form.page.place.has_suggestions)


@pytest.mark.hazard("H-035", "H-036")
def test_enter_asks_where_the_first_is_doubtful(room: Room, form: ReferralForm) -> None:
    suggested(room, form, "12 high street")
    assert rows(form) == ["? High Street · Moulton", "? High Street · Great Billing"]
    assert form.page.place.which.isVisible()
    for _ in range(2):
        # Also the second Enter of a hurried hand.
        press(Qt.Key.Key_Return)
        assert form.page.place.has_suggestions
        assert form.page.place.note() == "Which place? Up or Down, then Enter."
        draft = form.page.draft()
        assert (draft.place, draft.lat) == ("12 high street", None)
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    assert form.page.draft().place == "12 High Street, Great Billing"
    assert form.page.draft().lat == 52.2572
    # The first is chosen like any other.
    form.page.place.line.selectAll()
    suggested(room, form, "14 high street")
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    assert form.page.draft().place == "14 High Street, Moulton"


def test_leaving_a_question_keeps_the_words_alone(room: Room, form: ReferralForm) -> None:
    suggested(room, form, "high street")
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Tab)
    assert (form.page.draft().place, form.page.draft().lat) == ("high street", None)


def test_no_suggestion_lies_over_the_field_that_is_typed_in(room: Room, form: ReferralForm) -> None:
    type_keys("high street")
    press(Qt.Key.Key_Return)  # before they came: Qt says of a line only once that it was left
    room.until(lambda: form.page.place.has_suggestions)
    press(Qt.Key.Key_Tab)
    assert not form.page.place.line.hasFocus()
    assert not form.page.place.has_suggestions


def test_enter_takes_a_first_beyond_doubt(room: Room, form: ReferralForm) -> None:
    suggested(room, form, "flat 2, 12 abington street behind the bank")
    assert rows(form) == ["Abington Street · Northampton"]
    assert not form.page.place.which.isVisible()
    press(Qt.Key.Key_Return)
    kept = "flat 2, 12 Abington Street (behind the bank), Northampton"
    assert (form.page.draft().place, form.page.draft().lat) == (kept, 52.2405)
