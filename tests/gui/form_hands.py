"""Hands for the referral form: key strokes as a dispatcher types them, and two places to find."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from console.live.desk import Desk
from console.look import style
from console.views.form.form import ReferralForm
from db.domain.records import Referral, Screening
from db.domain.states import ReferralState
from tests.gui.desks import Room


@dataclass(frozen=True)
class Spot:
    title: str
    detail: str
    lat: float | None = 52.2405
    lon: float | None = -0.8901
    postcode: str | None = None
    warning: str | None = None
    sure: bool = True


@dataclass
class Places:
    """A few places, found by how they begin."""

    asked: list[object] = field(default_factory=list)
    places_ready: bool = True

    async def find(self, text: str, near: tuple[float, float] | None = None) -> list[Spot]:
        self.asked.append((text, near))
        known = [
            Spot("NN1 4LP", "Abington, Northampton · 3 streets", postcode="NN1 4LP"),
            Spot("Abington Street", "Northampton"),
            Spot("High Street", "Moulton", sure=False),
            Spot("High Street", "Great Billing", 52.2572, -0.8200, sure=False),
            Spot("NN18 9XX", "Corby", postcode="NN18 9XX", warning="Terminated postcode: check with the caller."),
        ]
        return [spot for spot in known if spot.title.lower().replace(" ", "") in text.lower().replace(" ", "")]


def type_keys(text: str) -> None:
    """Type into whatever has the focus."""
    QTest.keyClicks(focused(), text)


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def press(key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    together = Qt.KeyboardModifier.NoModifier
    for one in modifiers:
        together |= one
    QTest.keyClick(focused(), key, together)


CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


def tab_to(name: str) -> None:
    """Press Tab until the editor of that name has the focus; forwards only, as a person would."""
    for _ in range(60):
        if focused().objectName() == name:
            return
        press(Qt.Key.Key_Tab)
    pytest.fail(f"Tab never came to {name}")


def save() -> None:
    press(Qt.Key.Key_Return, CTRL)


def go(section: int) -> None:
    press(Qt.Key(Qt.Key.Key_0 + section), ALT)


@pytest.fixture
def form(room: Room, qtbot: QtBot) -> Iterator[ReferralForm]:
    """The form at a dispatcher's desk; what is on its way at the end comes to its end first."""
    yield open_form(room, qtbot)
    room.until(lambda: not room.desk.actions.pending)


def open_form(room: Room, qtbot: QtBot) -> ReferralForm:
    made = ReferralForm(room.desk, Places())
    qtbot.addWidget(made)
    made.resize(860, 1000)
    made.show()
    made.activateWindow()
    made.focus_form()
    room.until(lambda: made.isActiveWindow() and made.isAncestorOf(QApplication.focusWidget() or made.window()))
    return made


def location(room: Room, form: ReferralForm, text: str) -> None:
    type_keys(text)
    room.until(lambda: not form.page.place.popup.isHidden())
    press(Qt.Key.Key_Tab)


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> None:
    style.apply(qapp, "dark", 100)


def only(desk: Desk) -> Referral:
    (found,) = desk.store.referrals()
    return found


def saved(room: Room, state: ReferralState) -> Referral:
    room.until(lambda: any(one.state is state for one in room.desk.store.referrals()))
    return only(room.desk)


def start(room: Room, form: ReferralForm) -> None:
    """What makes a referral that the record would keep: a location and a source."""
    location(room, form, "NN1 4LP")
    tab_to("source")
    press(Qt.Key.Key_1)


def answer_all(room: Room) -> None:
    """Every question answered no, one by one."""
    go(5)
    for _ in room.desk.store.reference.current_tool.items:
        press(Qt.Key.Key_N)


def accept() -> None:
    press(Qt.Key.Key_Return, CTRL, SHIFT)


def screening_of(room: Room, referral_id: UUID) -> Screening:
    room.until(lambda: room.desk.store.screening_of(referral_id))
    found = room.desk.store.screening_of(referral_id)
    assert found is not None
    return found
