"""A version of the tool with branches, in the form: an answer opens what is to be asked, there and by keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.look import style
from console.views.form.screening_field import ScreeningField
from db.domain.intake import Draft
from tests.unit.shipped_tools import tool_of


@pytest.fixture
def field(qapp: QApplication, qtbot: QtBot) -> ScreeningField:
    style.apply(qapp, "dark", 100)
    made = ScreeningField(tool_of(3))
    qtbot.addWidget(made)
    made.resize(840, 900)
    made.show_draft(Draft())
    made.show()
    return made


def asked(field: ScreeningField) -> str:
    item = field.grid.question
    assert item is not None
    return item.key


def press(field: ScreeningField, key: Qt.Key) -> None:
    QTest.keyClick(field.grid, key)


def until(field: ScreeningField, key: str) -> None:
    """Say no until that question is under the hand."""
    for _ in tool_of(3).items:
        if asked(field) == key:
            return
        press(field, Qt.Key.Key_N)
    pytest.fail(f"{key} is not asked")


def test_an_answer_opens_its_branch_and_the_next_key_answers_what_it_asks(field: ScreeningField) -> None:
    until(field, "pregnancy")
    press(field, Qt.Key.Key_Y)
    assert asked(field) == "pregnant_urgent", "there, and not at the end"
    assert "Pregnant, or a baby within the last year" in [row.heading for row in field.grid._rows]
    for _ in range(4):
        press(field, Qt.Key.Key_N)
    assert asked(field) == "observations"
    answers = field.values()["answers"]
    assert (answers["pregnancy"], answers["baby_cared_for"]) == ("yes", "no")
    until(field, "consent_visit")
    # Taken back, what it asked is not asked any more, and nothing that was said is lost.
    while asked(field) != "pregnancy":
        press(field, Qt.Key.Key_Up)
    press(field, Qt.Key.Key_N)
    assert "pregnant_postnatal" not in field.values()["branches"]
    assert asked(field) == "observations"
    assert field.values()["answers"]["baby_cared_for"] == "no"


def test_age_and_detention_open_theirs_and_a_key_opens_any_other(field: ScreeningField) -> None:
    assert field.values()["branches"] == ("consent",)
    field.set_person(16, "s136")
    assert field.values()["branches"] == ("under_18", "detained", "consent")
    keys = {option.value: option.key for option in field.branches.options}
    QTest.keyClicks(field.branches, keys["capacity"])
    assert field.values()["branches"] == ("under_18", "capacity", "detained", "consent")
    # What is so cannot be put away by hand; what was opened by hand can.
    QTest.keyClicks(field.branches, keys["under_18"] + keys["capacity"])
    assert field.values()["branches"] == ("under_18", "detained", "consent")
    field.set_person(None, "none")
    assert field.values()["branches"] == ("consent",)


def test_a_saved_screening_shows_the_branches_that_were_answered(field: ScreeningField) -> None:
    field.show_draft(Draft(answers={"which_decision": "not known"}))
    assert field.values()["branches"] == ("capacity", "consent")
    field.show_draft(Draft())
    assert field.values()["branches"] == ("consent",)
