"""The referral form, by key strokes on a real record."""

from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from console.desk import Desk
from console.look import style
from console.views.form import ReferralForm
from db.domain.records import Referral
from db.domain.states import ReferralState
from tests.gui.desks import Room, qt_loop, room, rooms

__all__ = ["qt_loop", "room", "rooms"]


@dataclass(frozen=True)
class Spot:
    title: str
    detail: str
    lat: float | None = 52.2405
    lon: float | None = -0.8901
    postcode: str | None = None
    warning: str | None = None


@dataclass
class Places:
    """Two places, found by how they begin."""

    asked: list[object] = field(default_factory=list)

    async def find(self, text: str, near: tuple[float, float] | None = None) -> list[Spot]:
        self.asked.append((text, near))
        known = [
            Spot("NN1 4LP", "Abington, Northampton · 3 streets", postcode="NN1 4LP"),
            Spot("Abington Street", "Northampton"),
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
def form(room: Room, qtbot: QtBot) -> ReferralForm:
    return open_form(room, qtbot)


def open_form(room: Room, qtbot: QtBot) -> ReferralForm:
    made = ReferralForm(room.desk, Places())
    qtbot.addWidget(made)
    made.resize(860, 1000)
    made.show()
    made.activateWindow()
    made.focus_form()
    room.until(lambda: QApplication.focusWidget() is not None)
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


def test_a_whole_referral_by_keyboard(room: Room, form: ReferralForm) -> None:
    desk, told = room.desk, []
    form.saved.connect(told.append)
    location(room, form, "nn1 4lp")
    tab_to("access_note")
    type_keys("blue door")
    tab_to("source")
    press(Qt.Key.Key_1)
    assert focused().objectName() == "caller"
    type_keys("Crew lead")
    tab_to("call_back")
    type_keys("+44 7700 900123")
    tab_to("ems_incident")
    type_keys("EM-4471")
    tab_to("ems_callsign")
    type_keys("A1187")
    tab_to("ems_on_scene")
    type_keys("35 min ago")
    tab_to("name")
    type_keys("Robin Sample")
    tab_to("born")
    type_keys("3/7/91")
    tab_to("nhs_number")
    type_keys("943 476 5919")
    tab_to("narrative")
    type_keys("Distressed, denies overdose, wants to talk.")
    tab_to("answers")
    for _ in desk.store.reference.current_tool.items:
        press(Qt.Key.Key_N)
    tab_to("wishes")
    press(Qt.Key.Key_1)
    press(Qt.Key.Key_2)
    tab_to("language")
    type_keys("Polish")
    tab_to("same_gender")
    press(Qt.Key.Key_F)
    tab_to("helps")
    type_keys("her dog")
    tab_to("said_by")
    type_keys("the person")
    tab_to("legal")
    press(Qt.Key.Key_1)
    tab_to("police")
    press(Qt.Key.Key_3)
    tab_to("triage_scale")
    press(Qt.Key.Key_B)
    assert form.footer.verdict() == "19 no — may be accepted"
    press(Qt.Key.Key_Return, CTRL, SHIFT)
    taken = saved(room, ReferralState.ACCEPTED)
    room.until(lambda: told)
    assert told == [taken.id]
    assert (taken.location.text, taken.location.postcode) == ("Abington, Northampton", "NN1 4LP")
    assert taken.location.on_map
    assert taken.location.access_note == "blue door"
    assert (taken.source, taken.priority, taken.triage_scale) == ("ems_crew", "P1", "B")
    assert (taken.call_back, taken.ems_callsign, taken.ems_incident) == ("07700 900123", "A1187", "EM-4471")
    assert 34 <= (taken.received_at - taken.times["ems_on_scene"]).total_seconds() / 60 <= 36
    assert (taken.patient.name, str(taken.patient.born), taken.patient.nhs_number) == (
        "Robin Sample",
        "1991-07-03",
        "9434765919",
    )
    assert taken.plan.wishes == ("quiet arrival", "no uniforms")
    assert (taken.plan.language, taken.plan.same_gender, taken.plan.helps) == ("Polish", "female", "her dog")
    assert (taken.legal_status, taken.police) == ("none", "avoided")
    room.until(lambda: desk.store.screening_of(taken.id) is not None)
    screening = desk.store.screening_of(taken.id)
    assert screening is not None
    assert set(screening.answers.values()) == {"no"}
    kinds = {event.kind for event in room.run(desk.reads.events_of(taken.id))}
    assert {"received", "handover expected", "screening complete", "accepted"} <= kinds
