"""What the keyboard model promises, each by real keys on a whole desk."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from console.look.buttons import ActionButton
from console.look.tabbing import has_keyboard, stops
from console.views.sheets.fields import Choose
from db.domain.board import Group
from db.domain.fleet import VanAction
from db.domain.next_steps import Act
from tests.gui.seats import PAST_WHO
from tests.gui.walking import Walk, by_name, desk, qt_loop, rooms
from tests.sampled import some

__all__ = ["desk", "qt_loop", "rooms"]


def press(desk: Walk, *names: str) -> None:
    for name in names:
        desk.press(QApplication.focusWidget() or desk.page, name)


def to_head(desk: Walk, group: Group) -> None:
    """Come down to a heading by keys, with the referral above it in the pane."""
    press(desk, "F2", "Home")
    while desk.page.board.list.current is not group:
        before = desk.page.board.list.current
        press(desk, "Down")
        assert desk.page.board.list.current != before, "no such heading"


@pytest.mark.parametrize("group", [Group.HELD, Group.CLOSED])
@pytest.mark.parametrize("key", some(["Return", "Space", "Right"], 3))
def test_a_heading_opens_and_closes_and_touches_nobody(desk: Walk, group: Group, key: str) -> None:
    model = desk.page.board.model
    to_head(desk, group)
    assert not model.is_open(group)
    press(desk, key)
    assert model.is_open(group)
    assert desk.page.board.list.current is group
    press(desk, "Left")
    assert not model.is_open(group)
    press(desk, "L", "A", "1", "Delete", ".")
    assert desk.page.detail.sheets.current is None
    assert desk.sent_since(0) == []


@pytest.mark.hazard("H-019")
def test_a_row_s_key_does_nothing_while_the_pane_shows_another(desk: Walk) -> None:
    page = desk.page
    press(desk, "F2", "Home")
    row = page.board.list.current
    page.detail.show_referral(by_name(desk, "attending" if row != by_name(desk, "attending") else "allocated"))
    press(desk, "Return", "L", "K", "Z")
    assert desk.sent_since(0) == []
    assert page.detail.sheets.current is None


def test_a_row_out_of_sight_is_brought_into_sight_first(desk: Walk) -> None:
    board = desk.page.board
    for group in (Group.HELD, Group.CLOSED):
        board.model.toggle(group)
    board.list.setFixedHeight(120)
    desk.seat.window.setUpdatesEnabled(True)
    desk.turn()
    key = by_name(desk, "attending")
    board.select(key)
    board.list.setFocus()
    board.list.verticalScrollBar().setValue(board.list.verticalScrollBar().maximum())
    assert not board.list.viewport().rect().contains(board.list.visualRect(board.list.currentIndex()).center())
    press(desk, "Return")
    assert desk.sent_since(0) == []
    assert board.list.viewport().rect().contains(board.list.visualRect(board.list.currentIndex()).center())


@pytest.mark.hazard("H-019")
def test_what_the_form_covers_takes_no_keys(desk: Walk) -> None:
    page = desk.page
    page.select_referral(by_name(desk, "attending"))
    press(desk, "Ctrl+N")
    inside = QApplication.focusWidget()
    assert has_keyboard(page.forms)
    press(desk, "F6")
    assert QApplication.focusWidget() is inside
    press(desk, "F2", "Return", "H")
    assert desk.sent_since(0) == []
    press(desk, "Escape", "F6", "Return")
    assert [type(one).__name__ for one in desk.sent_since(0)] == ["MoveHandover"]


def test_a_step_that_is_on_no_button_is_shown_before_it_is_done(desk: Walk) -> None:
    page, shown = desk.page, by_name(desk, "allocated")
    page.select_referral(shown)
    press(desk, "F6")
    hidden = next(step for step in page.detail.next.in_menu() if step.act is Act.STEP)
    press(desk, hidden.key)
    assert desk.sent_since(0) == []
    assert page.detail.sheets.current.title.startswith("More actions: ")
    press(desk, "Return")
    (step,) = desk.sent_since(0)
    assert (step.assignment_id, step.to) == (hidden.target, hidden.to)


def test_escape_closes_the_sheet_wherever_the_keyboard_is_and_keeps_it(desk: Walk) -> None:
    page = desk.page
    page.select_referral(by_name(desk, "cleared"))
    press(desk, "F6", "X", "2", *PAST_WHO, "Tab", "Y")
    sheet = page.detail.sheets.current
    for elsewhere in (page.menu_button, page.timelines.focusProxy().focusProxy(), page.vans.list, sheet):
        elsewhere.setFocus()
        assert page.detail.sheets.current is sheet
        press(desk, "Escape")
        assert page.detail.sheets.current is None
        press(desk, "F6", "X")
        assert page.detail.sheets.current is sheet
        assert (sheet.values()["ae"], sheet.field("outcome").list.currentRow()) == ("yes", 1)
    assert desk.sent_since(0) == []


@pytest.mark.hazard("H-019")
def test_words_typed_in_a_sheet_stay_in_its_field(desk: Walk) -> None:
    page = desk.page
    page.select_referral(by_name(desk, "cleared"))
    press(desk, "F6", "X", "1", *PAST_WHO)
    for _ in range(5):
        press(desk, "Tab")
    words = "yes they were kind, no alarm at 1 or 2"
    QTest.keyClicks(QApplication.focusWidget(), words)
    values = page.detail.sheets.current.values()
    assert (values["feedback"], values["ae"], values["said_by"]) == (words, "", "EMAS crew")
    assert desk.sent_since(0) == []


def test_tab_goes_round_in_a_sheet_in_the_order_seen_and_back(desk: Walk) -> None:
    page = desk.page
    page.select_referral(by_name(desk, "cleared"))
    press(desk, "F6", "X")
    sheet = page.detail.sheets.current
    order = stops(sheet)
    # By the page that scrolls: what is still out of sight on it lies behind the button, not below it.
    button = order.pop()
    page_of = sheet.findChild(QScrollArea).widget()
    places = [(one.mapTo(page_of, one.rect().topLeft()).y(), one) for one in order]
    assert [one for _, one in sorted(places, key=lambda place: place[0])] == order
    # A field that nothing asks for yet is not there.
    asked = {field.row for field in sheet._fields if isinstance(field, Choose) and field.row.isVisibleTo(sheet)}
    assert asked < {*order}
    assert len(asked) > 1
    assert isinstance(button, ActionButton)
    order.append(button)
    order[0].setFocus()
    forward = walked(desk, "Tab", len(order))
    assert forward == [*order[1:], order[0]]
    assert walked(desk, "Shift+Tab", len(order)) == [*reversed(order[1:]), order[0]]


def walked(desk: Walk, key: str, often: int) -> list[QWidget | None]:
    found = []
    for _ in range(often):
        press(desk, key)
        focus = QApplication.focusWidget()
        assert focus is not None
        assert not focus.visibleRegion().isEmpty(), "the keyboard is out of sight"
        found.append(focus)
    return found


def test_a_van_s_sheet_that_was_left_is_as_it_was_left(desk: Walk) -> None:
    vans = desk.page.vans
    free = desk.room.desk.store.vans()[5]
    vans.select(free.id)
    press(desk, "F3", "D", "2")
    vans.sheet.ends.setFocus()
    vans.sheet.ends.selectAll()
    QTest.keyClicks(vans.sheet.ends, "0615")
    ticked = vans.sheet.crew.ticked()
    press(desk, "Escape")
    assert vans.sheet is None
    assert QApplication.focusWidget() is vans.list
    press(desk, "D")
    assert (vans.sheet.ends.text(), vans.sheet.crew.ticked()) == ("0615", ticked)
    assert len(ticked) == 1


def test_the_answer_of_the_record_does_not_call_anybody_back(desk: Walk) -> None:
    """Who went on to something else while a sheet was being sent keeps the keyboard there."""
    page = desk.page
    page.select_referral(by_name(desk, "accepted"))
    press(desk, "F6", "D", "1")
    sheet = page.detail.sheets.current
    QTest.keySequence(QApplication.focusWidget(), "Return")
    page.board.focus_filter()
    desk.turn()
    page.detail.sheets.forget(page.detail.sheets._open)
    assert page.detail.sheets.current is not sheet
    assert QApplication.focusWidget() is page.board.filter


def test_the_menu_key_opens_what_the_other_button_of_the_mouse_opens(desk: Walk) -> None:
    page = desk.page
    page.vans.select(desk.room.desk.store.vans()[4].id)
    page.vans.focus_list()
    at = page.vans.list.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, at, page.vans.list.mapToGlobal(at))
    QApplication.sendEvent(page.vans.list, event)
    menu = QApplication.activePopupWidget()
    assert {entry.text().partition("\t")[0] for entry in menu.actions()} >= {VanAction.MEAL.value}
    menu.close()
    page.select_referral(by_name(desk, "accepted"))
    page.focus_board()
    QApplication.sendEvent(page.board.list, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, at, at))
    assert page.detail.sheets.current.title.startswith("More actions: ")


def test_the_rest_of_a_section_is_no_by_mouse_as_by_key(desk: Walk) -> None:
    forms = desk.page.forms
    forms.screen_referral(by_name(desk, "received"))
    field = forms.form.page.screening
    section = field.grid.question.section
    QTest.mouseClick(field.rest, Qt.MouseButton.LeftButton)
    assert forms.form.page.draft().answers == {}
    QTest.mouseClick(field.rest, Qt.MouseButton.LeftButton)
    answered = forms.form.page.draft().answers
    tool = desk.room.desk.store.reference.current_tool
    inside = {item.key for item in tool.items if item.section == section}
    # What values are measured for is not answered by anybody's reading aloud.
    assert set(answered) == inside - {"observations"}
    assert set(answered.values()) == {"no"}


def test_help_is_a_page_that_swallows_keys_and_gives_the_keyboard_back(desk: Walk) -> None:
    page = desk.page
    page.select_referral(by_name(desk, "attending"))
    press(desk, "F6", "F1")
    assert page.keys.isVisible()
    press(desk, "H", "Tab", "1", "Delete")
    assert desk.sent_since(0) == []
    press(desk, "Escape")
    assert not page.keys.isVisible()
    assert QApplication.focusWidget() is page.detail
