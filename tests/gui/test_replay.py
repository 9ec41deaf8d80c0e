"""The replay window beside a live desk."""

import asyncio
import dataclasses
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from console.live.desk import Desk
from console.live.geography import Geography
from console.live.store import Link, LinkState, Store
from console.map.marks import MapConfig
from console.running.faults import faults
from console.views.replay import ReplayWindow
from console.views.replay.known import HIDDEN, NONE
from console.views.replay.player import Player
from console.views.replay.window import _Events
from db.commands import Decline
from db.domain.clocks import local
from db.domain.records import Position, Van
from db.domain.reference import ScreeningItem, ScreeningTool
from db.domain.replay import Past
from db.domain.roles import Role
from db.domain.states import AssignmentState
from db.queries import Me
from tests.gui.desks import Room, Runs, qt_loop, rooms
from tests.unit.board_records import NOW, ago, job, position, reference, referral, van

__all__ = ["qt_loop", "rooms"]


def test_scrub_through_today_while_the_board_goes_on(
    rooms: Callable[[str], Room], qtbot: QtBot, tmp_path: Path
) -> None:
    room = rooms("l.lead")
    live = room.desk
    referral_id = room.take()
    room.do(Decline(referral_id=referral_id, reason="no_capacity"))
    window = ReplayWindow(live, Geography(None, tmp_path, live.clock), MapConfig())
    window.show()
    player = window.player
    room.run(player.load(local(live.clock.now()).date()))
    past = player.desk.store
    received = live.store.referral(referral_id).received_at
    assert player.moment == received
    window._select(referral_id)
    known = window.known.words
    assert "▲ not screened" in known.toPlainText()
    assert "With them now: EMAS A1187." in known.toPlainText()
    window.known.set_private(True)
    assert known.toPlainText() == HIDDEN
    window.known.set_private(False)
    assert past.referral(referral_id).state == "received"
    assert window.events.count() >= 4
    # What was set up that day, such as how many vans are wanted, is nothing that a replay shows.
    assert any(event.kind == "cover wanted" for event in player._past.events)
    assert all(event.referral_id or event.van_id for event in player.events)
    # The list stands where the day is shown, and not at what was put down for earlier.
    assert window.events.currentItem().data(Qt.ItemDataRole.UserRole) == received
    player.seek(player.end + timedelta(hours=1))
    assert player.moment == player.end
    assert window.events.currentRow() == window.events.count() - 1
    assert past.referral(referral_id).state == "declined"
    player.seek(received - timedelta(seconds=1))
    assert past.referrals() == []
    assert known.toPlainText() == NONE
    item = next(
        window.events.item(row)
        for row in range(window.events.count())
        if window.events.item(row).data(Qt.ItemDataRole.UserRole) == received
    )
    window.events.setFocus()
    window.events.setCurrentItem(item)
    player.seek(player.end)
    assert window.events.currentItem() is item, "who chooses among them is not led away"
    QTest.keyClick(window.events, Qt.Key.Key_Return)
    assert past.referral(referral_id).state == "received"
    # Live goes on meanwhile, and knows nothing of it.
    other = room.take()
    assert live.store.referral(other)
    assert past.referral(other) is None
    assert "Accept" not in window.board.accessibleDescription()
    window.scrubber.toggle()
    assert player.speed == 10
    room.until(lambda: player.moment > received)
    QTest.qWaitForWindowExposed(window)
    closed: list[bool] = []
    window.closed.connect(lambda: closed.append(True))
    # Escape closes what is topmost: the search, what is said, the window.
    window.message.say("info", "Replay: this is the past.", "")
    window.map.search()
    for searching, said, shown in ((False, True, True), (False, False, True), (False, False, False)):
        QTest.keyClick(window, Qt.Key.Key_Escape)
        assert (window.map.is_searching, window.message.isVisible(), window.isVisible()) == (
            searching,
            said,
            shown,
        )
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert closed


def test_of_a_day_with_one_that_cannot_be_read_the_others_are_shown(qt_loop: Runs) -> None:
    rows = [referral(number, received=60 + number) for number in range(3)]
    odd = referral(9, times={"received": ago(9).replace(tzinfo=None)})
    ours = van("CRU1")
    jobs = [job(rows[0].id, ours.id, AssignmentState.MOBILE, allocated=30, mobile=20)]
    past = Past(ago(600), NOW, [*rows, odd], [], jobs, [], [ours], [], [])
    player = player_of(past)
    qt_loop(player.load(NOW.date(), NOW))
    assert {row.id for row in player.desk.store.referrals()} == {row.id for row in rows}
    job_now = player.desk.store.job_of(ours.id)
    assert job_now is not None
    assert job_now.referral_id == rows[0].id
    assert faults.count
    faults.forget()
    player.stop()


async def answer(what: Any, *_: object) -> Any:
    return what


def test_the_vans_stand_where_the_map_had_them_then(qt_loop: Runs) -> None:
    ours, asked, held = van("CRU1"), list[datetime](), asyncio.Event()

    async def place(moment: datetime) -> list[Position]:
        asked.append(moment)
        if len(asked) == 2:
            await held.wait()
        return [dataclasses.replace(position(ours.id), fixed_at=moment)]

    async def until(true: Callable[[], bool]) -> None:
        while not true():
            await asyncio.sleep(0)

    player = player_of(Past(ago(600), NOW, [], [], [], [], [ours], [], []), place)
    qt_loop(player.load(NOW.date(), ago(60)))
    assert where(player, ours) == ago(60)
    player.seek(ago(50))
    qt_loop(until(lambda: len(asked) == 2))
    for minutes in (40, 30):
        player.seek(ago(minutes))
    assert where(player, ours) == ago(60), "the last that was read, until the record answers"
    held.set()
    qt_loop(until(lambda: not player._asking))
    assert where(player, ours) == ago(30)
    assert asked == [ago(60), ago(50), ago(30)], "of many places on the way only the last is asked for"
    player.stop()


def where(player: Player, one: Van) -> datetime | None:
    """When the fix was taken that a van is shown by."""
    found = player.desk.store.position(one.id)
    return found and found.fixed_at


def player_of(past: Past, place: Callable[[datetime], Any] | None = None) -> Player:
    """A player over one past, with no record."""
    fields: dict[str, Any] = dict.fromkeys(one.name for one in dataclasses.fields(Desk))
    tool = ScreeningTool(1, "x", (ScreeningItem("knife", "Safety", "Blade", ()),))
    known = dataclasses.replace(reference(), tools={1: tool})
    fields["store"] = Store(known, Link(LinkState.LIVE, NOW))
    fields["clock"] = SimpleNamespace(now=lambda: NOW)
    fields["me"] = Me("l.lead", "L. Lead", Role.SHIFT_LEAD, "", exercise=True)
    fields["reads"] = SimpleNamespace(past=partial(answer, past), positions_at=place or partial(answer, []))
    return Player(Desk(**fields))


def test_nobody_can_act_in_the_past(rooms: Callable[[str], Room], tmp_path: Path) -> None:
    room = rooms("l.lead")
    live = room.desk
    window = ReplayWindow(live, Geography(None, tmp_path, live.clock), MapConfig())
    asked: list[object] = []
    window.board.new_requested.connect(lambda: asked.append("new"))
    before = set(live.actions.pending)
    window.show()
    window.board.focus_list()
    for key in (Qt.Key.Key_A, Qt.Key.Key_V, Qt.Key.Key_Return):
        QTest.keyClick(window.board.list, key)
    assert asked == []
    assert set(live.actions.pending) == before
    window.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_what_says_the_same_at_once_is_one_line(qt_loop: Runs) -> None:
    times = [NOW + timedelta(seconds=n) for n in range(6)]
    owner = QWidget()
    listed = _Events(owner)
    listed.show_events(list(zip(["a", "b", "b", "b", "a", "c"], times, strict=True)))
    said = [(listed.item(row).text(), listed.item(row).data(Qt.ItemDataRole.UserRole)) for row in range(4)]
    assert said == [("a", times[0]), ("b · 3 times", times[1]), ("a", times[4]), ("c", times[5])]
    listed.follow(times[3])
    assert listed.currentRow() == 1
    listed.follow(times[0] - timedelta(hours=1))
    assert listed.currentRow() == 0
