"""Every place of the desk × every key: which command goes out, and for whom."""

import re

import pytest
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from console.timeline.view import TimelineView
from db.domain.board import Group
from tests.gui.walking import Seen, Walk, by_name, desk, every_key, qt_loop, rooms, seen, walk

__all__ = ["desk", "qt_loop", "rooms", "seen"]


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
def test_the_rows_and_headings_of_the_board(desk: Walk, seen: Seen) -> None:
    unfold(desk)
    board = desk.page.board
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
def test_the_rest_of_the_desk(desk: Walk, seen: Seen, name: str) -> None:
    page, shown = desk.page, by_name(desk, name)

    def build() -> QWidget:
        page.vans.select(page.desk.store.vans()[0].id)
        page.select_referral(shown)
        return page

    walk(desk, seen, name, build, every_key())
    assert seen.wrong == []
    kinds = {type(place).__name__ for place in desk.places(build())}
    assert kinds >= {"SteadyList", "VanList", "Lanes", "DetailPane", "ActionButton", "QPlainTextEdit"}
    expected = {"attending": {"MoveHandover"}, "received": {"AddNote", "RaiseEmergency", "TakeBack"}}
    assert expected[name] & {which for *_, which in seen.went_out}


def test_the_timelines_as_a_table_and_a_time_to_go_to(desk: Walk, seen: Seen) -> None:
    panel = desk.page.timelines
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


def test_the_towns_as_a_table_below_the_map(desk: Walk, seen: Seen) -> None:
    layer = desk.page.map.towns

    def table() -> QWidget:
        if layer.table.isHidden():
            layer.turn_table()
        return layer.table

    walk(desk, seen, "towns", table, every_key())
    assert {type(place).__name__ for place in desk.places(table())} == {"TownTable"}
    assert (seen.wrong, {which for *_, which in seen.went_out} - {"TakeBack"}) == ([], set())


def test_what_lies_over_the_desk(desk: Walk, seen: Seen) -> None:
    page = desk.page

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
