"""The referral board, typed at and clicked on, over a real record."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from console.live.store import Link, LinkState
from console.look import style
from console.models.referrals import REFERRAL_MIME
from console.views.board.panel import BoardPanel
from console.views.board.row import head_height, row_height
from db import commands
from db.domain.board import Group
from db.domain.records import Location
from tests.gui.desks import Room, put_on, qt_loop, room, rooms, stage

__all__ = ["qt_loop", "room", "rooms", "stage"]


@pytest.fixture
def board(room: Room, stage: QWidget) -> BoardPanel:
    return opened(room, stage)


def opened(room: Room, stage: QWidget) -> BoardPanel:
    panel = BoardPanel(room.desk)
    put_on(stage, panel, 470, 400)
    return panel


def ids(board: BoardPanel) -> list[object]:
    return list(board.model.ids())


def ago(room: Room, minutes: float) -> dict[str, object]:
    return {"received_at": room.desk.clock.now() - timedelta(minutes=minutes)}


def hold(room: Room, referral_id: UUID) -> None:
    until = room.desk.clock.now() + timedelta(hours=1)
    told = commands.Spoken("Ottoline")
    room.do(commands.Hold(referral_id=referral_id, until=until, reason="call_back", spoken=told))
    room.until(lambda: room.desk.store.referral(referral_id).hold_until)


def heights(board: BoardPanel) -> list[int]:
    return [board.list.rowHeight(row) for row in range(board.model.rowCount())]


def test_an_empty_board_says_so(room: Room, board: BoardPanel) -> None:
    assert board.list.empty_words == "Nobody is waiting. Ctrl N takes a new referral."
    assert board.list.accessibleDescription() == board.list.empty_words
    room.take()
    assert board.list.accessibleDescription() == ""


def test_selection_and_scroll_hold_while_the_world_changes(room: Room, board: BoardPanel, qtbot: QtBot) -> None:
    taken = [room.take(**ago(room, 10)) for _ in range(14)]
    heard: list[object] = []
    board.referral_selected.connect(heard.append)
    board.select(taken[9])
    assert heard == [taken[9]]
    bar = board.list.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    row = board.model.row_of(taken[9])
    where = board.list.rowViewportPosition(row)
    urgent = room.take(**ago(room, 50))
    assert ids(board)[0] == urgent
    assert board.selected() == taken[9]
    assert board.list.currentIndex().row() == row + 1
    assert board.list.rowViewportPosition(row + 1) == where
    hold(room, taken[0])
    assert board.list.rowViewportPosition(board.model.row_of(taken[9])) == where
    assert heard == [taken[9]]


def test_who_reads_from_the_top_sees_what_comes_in_there(room: Room, board: BoardPanel) -> None:
    for _ in range(12):
        room.take()
    room.take(**ago(room, 50))
    assert board.list.verticalScrollBar().value() == 0


def test_keys_move_and_are_told_with_the_row_that_they_were_pressed_on(
    room: Room, board: BoardPanel, qtbot: QtBot
) -> None:
    first, second, third = (room.take(**ago(room, minutes)) for minutes in (30, 20, 10))
    pressed: list[object] = []
    board.key_pressed.connect(lambda *told: pressed.append(told))
    board.focus_list()
    assert board.selected() == first
    qtbot.keyClick(board.list, Qt.Key.Key_Down)
    assert board.selected() == second
    qtbot.keyClick(board.list, Qt.Key.Key_End)
    assert board.selected() == third
    qtbot.keyClick(board.list, Qt.Key.Key_Home)
    qtbot.keyClick(board.list, Qt.Key.Key_Return)
    qtbot.keyClick(board.list, Qt.Key.Key_Down)
    qtbot.keyClick(board.list, Qt.Key.Key_V)
    assert pressed == [(first, "Return"), (second, "V")]


def test_typing_in_the_filter_finds_and_fires_no_action_key(room: Room, board: BoardPanel, qtbot: QtBot) -> None:
    here = room.take(location=Location("Daventry", "NN11 4DY"))
    there = room.take(location=Location("Corby", "NN17 1QB"))
    wanted: list[object] = []
    board.key_pressed.connect(lambda *told: wanted.append(told))
    board.select(there)
    heard: list[object] = []
    board.referral_selected.connect(heard.append)
    board.focus_filter()
    qtbot.keyClicks(board.filter, "dava")
    assert ids(board) == []
    assert board.list.empty_words.startswith("Nothing on the board matches “dava”")
    qtbot.keyClick(board.filter, Qt.Key.Key_Backspace)
    assert ids(board) == [here]
    assert board.heading.note() == "1 match"
    assert wanted == []
    assert board.selected() == there
    assert not board.list.currentIndex().isValid()
    qtbot.keyClick(board.filter, Qt.Key.Key_Escape)
    assert board.filter.text() == ""
    assert board.model.id_at(board.list.currentIndex().row()) == there
    assert heard == []


def test_groups_fold_by_key_and_click_and_keep_their_heights(room: Room, board: BoardPanel, qtbot: QtBot) -> None:
    kept, resting = room.take(**ago(room, 30)), room.take()
    hold(room, resting)
    ended = room.take()
    room.do(commands.Cancel(referral_id=ended, reason="duplicate"))
    room.until(lambda: ids(board) == [kept, Group.HELD, Group.CLOSED])
    tall, low = row_height(), head_height()
    assert heights(board) == [tall, low, low]
    index = board.model.index(1)
    qtbot.mouseClick(board.list.viewport(), Qt.MouseButton.LeftButton, pos=board.list.visualRect(index).center())
    assert ids(board) == [kept, Group.HELD, resting, Group.CLOSED]
    assert heights(board) == [tall, low, tall, low]
    board.list.setCurrentIndex(board.model.index(3))
    qtbot.keyClick(board.list, Qt.Key.Key_Return)
    assert ids(board)[-1] == ended
    assert heights(board) == [tall, low, tall, low, tall]
    room.take(**ago(room, 40))
    assert heights(board) == [tall, tall, low, tall, low, tall]
    room.do(commands.EndHold(referral_id=resting))
    room.until(lambda: Group.HELD not in ids(board))
    assert heights(board) == [tall, tall, tall, low, tall]


def test_choosing_opens_the_group_and_clears_the_filter(room: Room, board: BoardPanel) -> None:
    resting = room.take(location=Location("Corby"))
    hold(room, resting)
    board.filter.setText("daventry")
    board.select(resting)
    assert board.filter.text() == ""
    assert board.model.id_at(board.list.currentIndex().row()) == resting


def test_a_referral_that_is_yet_to_come_is_chosen_when_it_comes(room: Room, board: BoardPanel) -> None:
    command = commands.TakeReferral(
        details=commands.Details(source="ems_crew", priority="P1", location=Location("Corby"))
    )
    board.select(command.referral_id)
    room.do(command)
    room.until(lambda: board.model.rowCount())
    assert board.model.id_at(board.list.currentIndex().row()) == command.referral_id


def test_a_pending_action_marks_its_row_until_the_record_answers(room: Room, board: BoardPanel) -> None:
    who = room.take()
    seen: list[bool] = []
    board.model.dataChanged.connect(lambda *_: seen.append(board.model.item(who).sending))
    board.list.viewport()
    action: list[object] = []

    async def decline() -> None:
        action.append(room.desk.actions.submit(commands.Cancel(referral_id=who, reason="duplicate"), "Cancel"))
        assert board.model.item(who).sending

    room.run(decline())
    room.until(lambda: not room.desk.actions.pending and Group.CLOSED in ids(board))
    assert seen[0] is True


def test_a_lost_link_is_told_in_the_heading(room: Room, board: BoardPanel) -> None:
    store = room.desk.store
    store.set_link(Link(LinkState.LOST, room.desk.clock.now()))
    assert board.heading.note().startswith("▲ as of ")
    store.set_link(Link(LinkState.LIVE, room.desk.clock.now()))
    assert board.heading.note() == "time left first"


def test_a_viewer_sees_no_place_and_is_offered_nothing(
    rooms: Callable[[str], Room], stage: QWidget, qtbot: QtBot
) -> None:
    shah, wall = rooms("a.shah"), rooms("w.wall")
    who = shah.take()
    wall.until(lambda: wall.desk.store.referral(who))
    board = opened(wall, stage)
    told = board.model.index(0).data()
    assert "Abington" not in told
    assert "NN1," in told
    assert not board.list.dragEnabled()


def test_a_dragged_row_carries_its_referral(room: Room, board: BoardPanel) -> None:
    who = room.take()
    data: QMimeData = board.model.mimeData([board.model.index(0)])
    assert UUID(bytes(data.data(REFERRAL_MIME).data()).decode()) == who


def test_large_text_makes_taller_rows(room: Room, board: BoardPanel, qapp: QApplication) -> None:
    room.take()
    before = board.list.rowHeight(0)
    style.apply(qapp, "dark", 150)
    assert board.list.rowHeight(0) == row_height() > before
    style.apply(qapp, "dark", 100)


def test_every_control_is_named(board: BoardPanel) -> None:
    named = [child for child in board.findChildren(QWidget) if child.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert {child.accessibleName() for child in named} >= {"Filter the board", "New referral"}
    assert all(child.accessibleName() for child in named)
    assert board.list.rowAt(QPoint(0, 0).y()) == -1


@pytest.mark.parametrize("typed", [["n"], ["n", "nn"], ["kett", ""], ["nn", "", "nn1"]])
def test_every_row_has_the_height_of_what_it_shows_whatever_a_filter_brings_up(
    room: Room, board: BoardPanel, typed: list[str]
) -> None:
    """A filter opens the groups: a referral then stands where a heading stood."""
    for minutes in (10, 20, 30):
        room.take(location=Location("Corby", "NN17 1QB", 52.49, -0.7), **ago(room, minutes))
    for _ in range(2):
        hold(room, room.take(location=Location("Kettering", "NN16 8PZ", 52.4, -0.7), **ago(room, 40)))
    for minutes in (50, 55):
        ended = room.take(location=Location("Kettering", "NN15 7DP", 52.4, -0.7), **ago(room, minutes))
        room.do(commands.Cancel(referral_id=ended, reason="duplicate"))
        room.until(lambda ended=ended: not room.desk.store.referral(ended).is_open)
    for words in typed:
        board.filter.setText(words)
        QApplication.processEvents()
        for row, key in enumerate(board.model.ids()):
            wanted = head_height() if isinstance(key, Group) else row_height()
            assert board.list.rowHeight(row) == wanted, (words, row, key)
