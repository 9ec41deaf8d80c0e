"""Every place of the desk × every key: which command goes out, and for whom."""

import re
from uuid import UUID

import pytest
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from console.look.tabbing import has_keyboard
from console.timeline.view import TimelineView
from console.views.detail.orders import direct, sheet_for
from db.domain.board import Group
from db.domain.fleet import VanAction
from db.domain.next_steps import Act, NextStep
from tests.gui.walking import DIGITS, LETTERS, Seen, Walk, by_name, desk, every_key, qt_loop, rooms, walk

__all__ = ["desk", "qt_loop", "rooms"]


def unfold(desk: Walk) -> None:
    for group in (Group.HELD, Group.CLOSED):
        if not desk.page.board.model.is_open(group):
            desk.page.board.model.toggle(group)


def on_row(desk: Walk, row: int) -> QWidget:
    board = desk.page.board
    board.list.setFocus()
    board.list.setCurrentIndex(board.model.index(row))
    return board.list


@pytest.mark.hazard("H-019")
def test_the_rows_and_headings_of_the_board(desk: Walk) -> None:
    unfold(desk)
    board, seen = desk.page.board, Seen()
    rows = board.model.rowCount()
    heads = [row for row in range(rows) if isinstance(board.model.id_at(row), Group)]
    assert (rows, len(heads)) == (11, 2)

    def build(row: int) -> QWidget:
        unfold(desk)
        return on_row(desk, row)

    for row in range(rows):
        walk(desk, seen, f"row {row}", lambda row=row: build(row), every_key())
    assert seen.wrong == []
    # Undo acts on what its own line names, wherever the keyboard is.
    sent_from = {where for where, _, which in seen.went_out if which != "TakeBack"}
    assert sent_from.isdisjoint(f"row {head}" for head in heads)
    # Not by saying nothing at all: from the rows of open referrals something does go out.
    # A step seconds after the last one is asked about first, so that one press of a hurried hand sends none.
    assert {which for *_, which in seen.went_out} >= {"MoveHandover"}
    assert {key for _, key, _ in seen.went_out} >= {"Return"}


@pytest.mark.hazard("H-019")
@pytest.mark.parametrize("name", ["attending", "received"])
def test_the_rest_of_the_desk(desk: Walk, name: str) -> None:
    seen, page, shown = Seen(), desk.page, by_name(desk, name)

    def build() -> QWidget:
        page.vans.select(page.desk.store.vans()[0].id)
        page.select_referral(shown)
        return page

    walk(desk, seen, name, build, every_key())
    assert seen.wrong == []
    kinds = {type(place).__name__ for place in desk.places(build())}
    assert kinds >= {"SteadyList", "VanList", "Lanes", "DetailPane", "ActionButton", "QPlainTextEdit"}
    expected = {"attending": "MoveHandover", "received": "RaiseEmergency"}
    assert expected[name] in {which for *_, which in seen.went_out}


def test_the_timelines_as_a_table_and_a_time_to_go_to(desk: Walk) -> None:
    seen, panel = Seen(), desk.page.timelines
    view = panel.findChild(TimelineView)
    assert view is not None

    def table() -> QWidget:
        view.show_table()
        return view

    def jump() -> QWidget:
        view.ask_for_time()
        return view

    walk(desk, seen, "table", table, every_key())
    assert {type(place).__name__ for place in desk.places(table())} >= {"LaneTable"}
    desk.clear()
    walk(desk, seen, "a time", jump, every_key())
    assert {type(place).__name__ for place in desk.places(jump())} >= {"Lanes", "TimeJump"}
    # Undo acts on what its own line names, wherever the keyboard is.
    assert (seen.wrong, {which for *_, which in seen.went_out} - {"TakeBack"}) == ([], set())


def test_the_towns_as_a_table_below_the_map(desk: Walk) -> None:
    seen, layer = Seen(), desk.page.map.towns

    def table() -> QWidget:
        if layer.table.isHidden():
            layer.turn_table()
        return layer.table

    walk(desk, seen, "towns", table, every_key())
    assert {type(place).__name__ for place in desk.places(table())} == {"TownTable"}
    assert (seen.wrong, {which for *_, which in seen.went_out} - {"TakeBack"}) == ([], set())


def sheets_of(desk: Walk) -> dict[Act, tuple[UUID, NextStep]]:
    """One referral and step for each sheet that somebody can be asked to fill in."""
    found: dict[Act, tuple[UUID, NextStep]] = {}
    for referral in desk.room.desk.store.referrals():
        desk.page.select_referral(referral.id)
        view = desk.page.detail.view()
        for step in view.steps() if view is not None else ():
            asks = step.act is Act.ALLOCATE or sheet_for(desk.page.desk, referral, step) is not None
            if asks and direct(referral, step) is None:
                found.setdefault(step.act, (referral.id, step))
    return found


LEAVES = re.compile(r"Escape|(Shift\+)?F\d+|(Ctrl|Alt)\+.*|Return")


def test_every_sheet(desk: Walk) -> None:
    seen, pane = Seen(), desk.page.detail
    asked = sheets_of(desk)
    acts = {Act.DECLINE, Act.HOLD, Act.CANCEL, Act.FLAG, Act.ALLOCATE, Act.STAND_DOWN, Act.CONVEY, Act.CLOSE}
    assert asked.keys() >= acts | {Act.REFUSE_HANDOVER, Act.EXPECT_HANDOVER, Act.FEEDBACK}
    for act, (referral_id, step) in asked.items():

        def build(referral_id: UUID = referral_id, step: NextStep = step) -> QWidget:
            desk.page.select_referral(referral_id)
            pane.do(step)
            return pane.sheets.current

        def also(place: QWidget, key: str, sent: bool) -> str:
            focus = QApplication.focusWidget()
            if key in LETTERS + DIGITS and (sent or focus is not place):
                return f"sent {sent}, the keyboard is on {focus}"
            if not LEAVES.fullmatch(key) and (
                pane.sheets.current is None or not has_keyboard(pane.sheets.current)
            ):
                return f"it left the sheet for {focus}"
            return "Escape leaves it open" if key == "Escape" and pane.sheets.current is not None else ""

        walk(desk, seen, str(act), build, every_key(), also)
    assert seen.wrong == []
    sent = {(where, which) for where, _, which in seen.went_out}
    assert sent >= {
        ("decline", "Decline"),
        ("stand down", "StandDown"),
        ("allocate", "Allocate"),
        ("cancel", "Cancel"),
        ("refuse handover", "RefuseHandover"),
    }
    # Leaving with the patient within two minutes of coming is asked about first: one press may send nothing.
    assert {key for _, key, _ in seen.went_out} <= {"Return", "Ctrl+Return", "Space"}


def test_more_actions_has_only_letters_that_work_and_each_selects_its_line(desk: Walk) -> None:
    pane, seen = desk.page.detail, Seen()
    for name in ("received", "accepted", "allocated", "attending", "handed over", "cleared", "held", "declined"):
        desk.page.select_referral(by_name(desk, name))
        steps = pane.next.in_menu()
        for step in (one for one in steps if one.key):
            pane.open_menu()
            field = pane.sheets.current.field("step")
            desk.press(field.list, step.key)
            assert steps[int(field.value())] is step, (name, step.label)
            assert not desk.sent_since(0), (name, step.label)
            desk.press(field.list, "Return")
            opened = pane.sheets._open == (by_name(desk, name), step.act, step.target)
            asked = pane.doubt.isVisible()
            assert opened or desk.sent_since(0) or desk.page.forms.isVisible() or asked, (name, step.label)
            desk.sent.clear()
            desk.clear()

        def build(name: str = name) -> QWidget:
            desk.page.select_referral(by_name(desk, name))
            pane.open_menu()
            return pane.sheets.current

        walk(desk, seen, name, build, [*LETTERS, *DIGITS])
    assert seen.wrong == []
    assert seen.went_out == set()


def test_the_form(desk: Walk) -> None:
    seen, forms, shown = Seen(), desk.page.forms, by_name(desk, "received")

    def build() -> QWidget:
        forms.edit(shown)
        forms.form.footer.open_reasons()
        return forms

    def also(place: QWidget, key: str, sent: bool) -> str:
        focus = QApplication.focusWidget()
        if key in LETTERS + DIGITS and (sent or focus is not place):
            return f"sent {sent}, the keyboard is on {focus}"
        return "" if LEAVES.fullmatch(key) or has_keyboard(forms) or key == "Space" else f"it left for {focus}"

    walk(desk, seen, "form", build, every_key(), also)
    assert seen.wrong == []
    assert {which for *_, which in seen.went_out} >= {"Decline"}
    assert {key for _, key, _ in seen.went_out} <= {"Return", "Ctrl+Return", "Ctrl+Shift+Return", "Alt+E", "Space"}


@pytest.mark.parametrize("action", [VanAction.MEAL, VanAction.OUT, VanAction.ON_DUTY])
def test_a_van_s_sheets(desk: Walk, action: VanAction) -> None:
    seen, vans = Seen(), desk.page.vans
    which = desk.room.desk.store.vans()[5 if action is VanAction.ON_DUTY else 4]

    def build() -> QWidget:
        vans.select(which.id)
        vans.act(action)
        return vans.sheet

    def also(_place: QWidget, key: str, sent: bool) -> str:
        if sent and key not in {"Return", "Ctrl+Return", "Space"}:
            return "one key sent it"
        left = not LEAVES.fullmatch(key) and key != "Space" and not (vans.sheet and has_keyboard(vans.sheet))
        return f"it left for {QApplication.focusWidget()}" if left else ""

    walk(desk, seen, str(action), build, every_key(), also)
    assert seen.wrong == []
    assert seen.went_out


def test_what_lies_over_the_desk(desk: Walk) -> None:
    seen, page = Seen(), desk.page

    def keys() -> QWidget:
        page.select_referral(by_name(desk, "attending"))
        page.focus_board()
        page.keys.toggle()
        return page.keys

    def search() -> QWidget:
        page.select_referral(by_name(desk, "attending"))
        page.find_place()
        return page.map._search

    def pending() -> QWidget:
        page.select_referral(by_name(desk, "attending"))
        return page.status.open_pending()

    for name, build in (("keys", keys), ("search", search), ("pending", pending)):
        walk(desk, seen, name, build, every_key())
    assert seen.wrong == []
    assert seen.went_out == set()


def test_no_shortcut_of_a_window_is_a_key_that_somebody_types(desk: Walk) -> None:
    bare = re.compile(r"(Shift\+)?(.|Return|Enter|Space|Left|Right|Up|Down|Tab|Backspace|Del)")
    for window in QApplication.topLevelWidgets():
        for shortcut in window.findChildren(QShortcut):
            assert not bare.fullmatch(shortcut.key().toString()), shortcut.key().toString()
