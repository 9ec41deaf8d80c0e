"""While a record is prepared: what is being done, a way to give up, and a failure with its next step. No form."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from console.look.buttons import ActionButton
from console.views.window.waiting import WaitingPage
from db.errors import Unavailable


@pytest.fixture
def page(qtbot: QtBot) -> WaitingPage:
    made = WaitingPage("Practice shift")
    qtbot.addWidget(made)
    made.show()
    return made


def button(page: WaitingPage, words: str) -> ActionButton:
    return next(one for one in page.findChildren(ActionButton) if one.text() == words)


def test_each_step_is_said_and_the_one_before_it_is_done(page: WaitingPage) -> None:
    page.say("Sweeping the floor")
    page.say("Boiling water")
    page.say("Boiling water")
    assert page.steps() == ["✓  Sweeping the floor", "▸  Boiling water…"]


def test_how_far_a_step_has_come_is_said_in_its_place(page: WaitingPage) -> None:
    for step in ("Boiling water: cup 1", "Boiling water: cup 2", "Pouring"):
        page.say(step)
    assert page.steps() == ["✓  Boiling water: cup 2", "▸  Pouring…"]


def test_nothing_is_to_be_filled_in(page: WaitingPage) -> None:
    assert page.findChildren(QLineEdit) == []


@pytest.mark.parametrize("way", ["key", "button"])
def test_it_can_be_given_up(page: WaitingPage, way: str, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.given_up):
        if way == "key":
            QTest.keyClick(page, Qt.Key.Key_Escape)
        else:
            button(page, "Give up").click()


def test_a_failure_is_said_with_its_next_step_and_may_be_tried_again(page: WaitingPage, qtbot: QtBot) -> None:
    page.say("Boiling water")
    with qtbot.assertNotEmitted(page.wanted_again):
        QTest.keyClick(page, Qt.Key.Key_Return)
    page.fail(Unavailable("The kettle is cold.", "Plug it in."))
    assert page.failure() == "The kettle is cold. Plug it in."
    assert page.steps() == ["✕  Boiling water"]
    # Where it leads is the same before and after.
    assert button(page, "Give up").isVisible()
    with qtbot.waitSignal(page.wanted_again):
        QTest.keyClick(page, Qt.Key.Key_Return)
    assert (page.steps(), page.failure()) == ([], "")
