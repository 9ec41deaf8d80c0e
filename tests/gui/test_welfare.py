"""A crew that is with somebody is heard by one key, silent crews sound, and the inbox leads to both."""

from datetime import timedelta
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from console.live.alarms_here import AlarmsHere
from console.views.desk.seeing_to import see_to
from console.views.inbox.page import InboxPage
from console.views.vans.heard import HeardSheet
from console.views.vans.panel import VansPanel
from db.domain.inbox import InboxItem
from db.domain.states import AssignmentState
from tests.gui.desks import Room, put_on, qt_loop, room, rooms, stage

__all__ = ["qt_loop", "room", "rooms", "stage"]
KEY = Qt.Key


def with_somebody(room: Room) -> tuple[UUID, UUID]:
    """A crew that is with somebody; the referral and the van."""
    who, van = room.take(), room.on_duty(0)
    room.accept(who)
    room.send(who, van, AssignmentState.ON_SCENE)
    return who, van


def words(room: Room, who: UUID) -> list[tuple[str, str]]:
    return [(one.channel, one.said_by) for one in room.desk.store.crew_words_of(who)]


@pytest.mark.hazard("H-045")
def test_a_crew_is_heard_by_one_key_or_by_a_sheet(room: Room, stage: QWidget, qtbot: QtBot) -> None:
    who, van = with_somebody(room)
    panel = VansPanel(room.desk)
    put_on(stage, panel, 470, 600)
    panel.focus_list()
    panel.select(van)
    assert "word due" in panel.strip._words.text()
    qtbot.keyClick(panel.list, KEY.Key_W)
    room.until(lambda: words(room, who) == [("radio", "")])
    assert "by radio · word due" in panel.strip._words.text()
    qtbot.keyClick(panel.list, KEY.Key_W, Qt.KeyboardModifier.ShiftModifier)
    sheet = panel.sheet
    assert isinstance(sheet, HeardSheet)
    qtbot.keyClick(sheet.channel, KEY.Key_Return)
    assert "Choose one" in sheet.message.text()
    qtbot.keyClick(sheet.channel, KEY.Key_2)
    qtbot.keyClicks(sheet.said_by, "the ward")
    qtbot.keyClick(sheet, KEY.Key_Return)
    room.until(lambda: ("telephone", "the ward") in words(room, who))
    assert "by telephone, the ward" in panel.strip._words.text()


def test_the_inbox_leads_to_what_needs_a_hand_and_sends_nothing(room: Room, stage: QWidget, qtbot: QtBot) -> None:
    waits = room.take(received_at=room.desk.clock.now() - timedelta(minutes=3))
    here = AlarmsHere(room.desk, stage)
    room.desk.store.changed.connect(here.follow)
    page = InboxPage(room.desk, here)
    page.show()
    asked: list[InboxItem] = []
    page.do_wanted.connect(asked.append)
    assert [(one.referral_id, one.grave) for one in page.shown] == [(waits, 2)]
    assert "neither accepted nor declined" in page.table.lines()[0][1]
    qtbot.keyClick(page.table, KEY.Key_Return)
    assert [one.referral_id for one in asked] == [waits]
    qtbot.keyClick(page.table, KEY.Key_A)
    assert "That is no alarm" in page.message.text()
    page.set_private(True)
    assert page.table.lines()[0][1] == "hidden"
    page.search.setText("nothing like it")
    assert page.shown == []
    page.search.clear()
    room.accept(waits)
    room.until(lambda: page.shown == [])
    assert page.empty.isVisible()
    # An alarm is answered once.
    room.take(received_at=room.desk.clock.now() - timedelta(minutes=7))
    room.until(lambda: any(one.alarm for one in page.shown))
    page.table.setCurrentCell(next(row for row, one in enumerate(page.shown) if one.alarm), 0)
    for said in ("", "Somebody has answered that already."):
        qtbot.keyClick(page.table, KEY.Key_A)
        assert (page.message.text() if page.message.isVisible() else "") == said
    page.close()


def test_what_is_seen_to_without_a_pane_is_only_shown() -> None:
    shown: list[object] = []
    rooms_opened: list[bool] = []
    item = InboxItem("x", 1, "x", "", None, van_id=UUID(int=1))  # type: ignore[arg-type] # no time is read
    see_to(item, None, lambda *given: shown.append(given), lambda: rooms_opened.append(True))
    assert shown == [(None, UUID(int=1))]
    room = InboxItem("r", 1, "x", "", None, is_room=True)  # type: ignore[arg-type] # likewise
    see_to(room, None, lambda *given: shown.append(given), lambda: rooms_opened.append(True))
    assert (len(shown), rooms_opened) == (1, [True])


@pytest.mark.parametrize(("width", "height"), [(470, 260), (470, 170), (240, 190)])
def test_the_chosen_van_stays_in_sight_when_what_may_be_done_with_it_takes_room(
    room: Room, stage: QWidget, width: int, height: int
) -> None:
    panel = VansPanel(room.desk)
    put_on(stage, panel, width, height)
    panel.focus_list()
    last = room.desk.store.vans()[-1].id
    panel.select(last)
    room.until(panel.strip.isVisible)
    list_, at = panel.list, panel.list.currentIndex()
    assert at.isValid()
    room.until(lambda: list_.viewport().rect().contains(list_.visualRect(at)))
