"""Names and addresses hidden by Ctrl+H: everywhere but in the form, said in the status bar, and not remembered."""

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit

from db.domain.records import Patient
from db.domain.states import AssignmentState
from tests.e2e.windows import Clock, Seated, clock, qt_loop, rooms, seated
from tests.gui.map_tools import ENGINE_NOISE

__all__ = ["clock", "qt_loop", "rooms", "seated"]
pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)

ROLES = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)
SECRETS = ("Example-Patient", "Abington", "07700", "bakery", "4LP")


def shown(seat: Seated) -> str:
    """What board, vans and the referral say, also to a screen reader and in tooltips."""
    page = seat.page
    rows = [
        str(model.data(model.index(row), role))
        for model in (page.board.model, page.vans.model)
        for row in range(model.rowCount())
        for role in ROLES
    ]
    labels = [label.text() for label in page.detail.findChildren(QLabel) if label.isVisible()]
    return "\n".join(rows + labels)


def told(seat: Seated) -> set[str]:
    text = shown(seat)
    return {secret for secret in SECRETS if secret in text}


def test_ctrl_h_hides_and_shows_also_from_a_text_field(seated: Callable[[str], Seated], clock: Clock) -> None:
    seat = seated("a.shah")
    person = Patient("Test Example-Patient", date(1991, 4, 3), "9434765919")
    referral = seat.room.take(patient=person, narrative="lives above the bakery", call_back="07700 900123")
    seat.room.accept(referral)
    seat.room.send(referral, seat.room.on_duty(0), AssignmentState.MOBILE)
    seat.sit()
    seat.page.select_referral(referral)
    seat.room.until(lambda: told(seat) == set(SECRETS))
    assert not seat.page.status.private.isVisible()

    seat.press("Ctrl+F")
    seat.type("0001")
    seat.press("Ctrl+H")
    assert told(seat) == set()
    assert seat.page.status.private.isVisible()
    assert "names hidden" in seat.page.status.private.text
    assert seat.page.board.filter.text() == "0001"
    assert "0001" in shown(seat)
    seat.page.board.filter.setText("abington")
    assert seat.page.board.model.rowCount() == 0
    seat.page.board.filter.clear()

    seat.press("Ctrl+H")
    assert told(seat) == set(SECRETS)
    assert not seat.page.status.private.isVisible()


def test_the_form_stays_as_it_is(seated: Callable[[str], Seated], clock: Clock) -> None:
    seat = seated("a.shah")
    seat.sit()
    seat.press("Ctrl+N")
    seat.room.until(lambda: isinstance(seat.focused(), QLineEdit))
    field = seat.focused()
    seat.type("Abington")
    seat.press("Ctrl+H")
    assert seat.page.privacy.is_on
    assert seat.focused() is field
    assert field.isVisible()
    assert field.text() == "Abington"


@pytest.mark.hazard("H-074")
def test_the_choice_is_gone_with_the_session(seated: Callable[[str], Seated], clock: Clock) -> None:
    first = seated("a.shah")
    first.sit()
    first.press("Ctrl+H")
    assert first.page.privacy.is_on
    again = seated("a.shah")
    assert not again.page.privacy.is_on
    assert not again.page.status.private.isVisible()


def test_a_viewer_has_it_always(seated: Callable[[str], Seated], clock: Clock) -> None:
    wall = seated("w.wall")
    wall.sit()
    assert wall.page.status.private.isVisible()
    wall.press("Ctrl+H")
    assert wall.page.status.private.isVisible()
    (action,) = (one for one in wall.shortcuts._menu().actions() if "Hide names" in one.text())
    assert action.isChecked()
    assert not action.isEnabled()


def test_the_menu_has_it_too(seated: Callable[[str], Seated], clock: Clock) -> None:
    seat = seated("a.shah")
    (action,) = (one for one in seat.shortcuts._menu().actions() if "Hide names" in one.text())
    assert not action.isChecked()
    action.trigger()
    assert seat.page.privacy.is_on
    (action,) = (one for one in seat.shortcuts._menu().actions() if "Hide names" in one.text())
    assert action.isChecked()
