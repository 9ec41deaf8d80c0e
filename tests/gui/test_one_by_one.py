"""The form: what kills is asked one by one; how each answer came about, and why nothing was measured, is kept."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from console.views.form.form import ReferralForm
from db.domain.records import Screening
from db.domain.states import ReferralState
from tests.cluster import Record
from tests.db import versions
from tests.db.psql import psql_on
from tests.gui.desks import Room, qt_loop, room, rooms
from tests.gui.form_hands import (
    SHIFT,
    accept,
    answer_all,
    dressed,
    form,
    go,
    press,
    save,
    saved,
    screening_of,
    start,
    tab_to,
    type_keys,
)

__all__ = ["dressed", "form", "qt_loop", "room", "rooms"]


@pytest.fixture
def tool(room: Room, record: Record) -> None:
    """The tests' own version in force, at the desk too."""

    async def bring() -> None:
        async with psql_on(record, ("a.shah", "l.lead", "w.wall", "g.gateway")) as psql:
            await versions.in_force(psql)

    room.run(bring())
    room.until(lambda: room.desk.store.reference.current_tool.version == versions.VERSION)


def the_rest_no() -> None:
    press(Qt.Key.Key_N, SHIFT)
    press(Qt.Key.Key_N, SHIFT)


def screen(room: Room, form: ReferralForm) -> Screening:
    """What is asked alone by itself, the rest together, the observations last; saved and accepted."""
    start(room, form)
    go(5)
    the_rest_no()
    press(Qt.Key.Key_N)
    press(Qt.Key.Key_N)
    form.page.screening.grid.begin()
    press(Qt.Key.Key_N)
    accept()
    return screening_of(room, saved(room, ReferralState.ACCEPTED).id)


@pytest.mark.hazard("H-004")
def test_the_rest_no_leaves_open_what_kills(room: Room, tool: None, form: ReferralForm) -> None:
    start(room, form)
    go(5)
    grid = form.page.screening.grid
    assert grid.question is not None
    assert "ask by itself" in grid.accessibleName()
    the_rest_no()
    assert set(form.page.draft().answers) == {"fever", "rash"}
    assert grid.question.key == "means"
    assert not form.footer.offers.accept
    assert_read_aloud(form)
    assert "3 not asked" in form.footer.verdict()
    press(Qt.Key.Key_N)
    assert grid.question.key == "knife"


def assert_read_aloud(form: ReferralForm) -> None:
    """What is to be read aloud is the question that the next key answers."""
    page = form.page.screening
    assert page.grid.question is not None
    said = [label.text() for label in page.findChildren(QLabel) if label.text().startswith("Ask:")]
    assert said == ([f"Ask: “{page.grid.question.spoken}”"] if page.grid.question.spoken else [])


@pytest.mark.hazard("H-004")
def test_what_is_read_aloud_is_what_the_next_key_answers(
    qtbot: QtBot, room: Room, tool: None, form: ReferralForm
) -> None:
    """However the hand comes to a question: by arrows, answering, saying the rest, a click, beginning."""
    start(room, form)
    go(5)
    grid = form.page.screening.grid
    keys = (Qt.Key.Key_Down, Qt.Key.Key_End, Qt.Key.Key_N, Qt.Key.Key_Home, Qt.Key.Key_Left, Qt.Key.Key_Right)
    for key in keys:
        press(key)
        assert_read_aloud(form)
    press(Qt.Key.Key_End)
    the_rest_no()
    assert_read_aloud(form)
    for asked in ("rash", "means"):
        # On its words, beside every answer.
        at = grid.point_of(asked, "yes")
        qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=QPoint(grid.point_of(asked, "yes").x() - 60, at.y()))
        assert grid.question is not None
        assert grid.question.key == asked
        assert_read_aloud(form)
    grid.begin()
    assert_read_aloud(form)


@pytest.mark.hazard("H-004")
def test_how_each_answer_came_about_is_kept_through_edits(room: Room, tool: None, form: ReferralForm) -> None:
    first = screen(room, form)
    assert dict(first.how) == {
        "means": "asked",
        "knife": "asked",
        "fever": "group",
        "rash": "group",
        "observations": "asked",
    }
    assert form.open_edit(first.referral_id)
    go(5)
    for _ in ("knife", "fever", "rash"):
        press(Qt.Key.Key_Down)
    press(Qt.Key.Key_K)
    save()
    room.until(lambda: room.desk.store.screening_of(first.referral_id).id != first.id)
    second = screening_of(room, first.referral_id)
    assert second.how["rash"] == "changed"
    assert second.how["fever"] == "group"
    assert second.how["means"] == "asked"


@pytest.mark.hazard("H-008")
def test_not_measured_because(room: Room, tool: None, form: ReferralForm) -> None:
    start(room, form)
    go(5)
    the_rest_no()
    press(Qt.Key.Key_N)
    press(Qt.Key.Key_N)
    tab_to("not_measured")
    type_keys("by phone")
    assert form.page.draft().answers["observations"] == "not known"
    assert not form.footer.offers.accept
    go(5)
    grid = form.page.screening.grid
    grid.begin()
    assert grid.question is not None
    assert grid.question.key == "colour"
    the_rest_no()
    assert "colour" not in form.page.draft().answers
    press(Qt.Key.Key_N)
    assert form.footer.offers.accept, form.footer.verdict()
    accept()
    kept = screening_of(room, saved(room, ReferralState.ACCEPTED).id)
    assert kept.not_measured == "by phone"
    assert (kept.answers["observations"], kept.how["observations"]) == ("not known", "not measured")
    assert kept.how["colour"] == "asked"


def test_a_reason_that_goes_takes_its_answer_along(room: Room, tool: None, form: ReferralForm) -> None:
    start(room, form)
    tab_to("not_measured")
    type_keys("x")
    press(Qt.Key.Key_Backspace)
    assert "observations" not in form.page.draft().answers


def test_words_that_nobody_has_looked_at_offer_no_accept(room: Room, form: ReferralForm) -> None:
    start(room, form)
    tab_to("narrative")
    type_keys("Gasping on the stairs.")
    answer_all(room)
    assert not form.footer.offers.accept
    assert "says “Gasping”" in form.footer.verdict()


@pytest.mark.hazard("H-083")
def test_so_do_words_beside_how_to_get_in(room: Room, form: ReferralForm) -> None:
    start(room, form)
    tab_to("access_note")
    type_keys("Mind the razor wire, and he has a machete.")
    answer_all(room)
    assert not form.footer.offers.accept
    assert "says “machete”" in form.footer.verdict()


def test_a_yes_of_before_offers_no_accept(room: Room, form: ReferralForm) -> None:
    taken = room.take()
    assert form.open_screening(taken)
    press(Qt.Key.Key_Y)
    for _ in room.desk.store.reference.current_tool.items:
        press(Qt.Key.Key_N)
    save()
    room.until(lambda: room.desk.store.screening_of(taken))
    assert form.open_screening(taken)
    answer_all(room)
    assert not form.footer.offers.accept
    assert "yes earlier" in form.footer.verdict()
