# ruff: noqa: S608 - the tests name tables and columns of our own
"""The timelines on a live record: looked back at, by van, as a table, by the keyboard, and who told each step."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from console.live.etas import Etas
from console.live.geography import Geography
from console.look.key_table import TIMELINES
from console.timeline.input import Lanes
from console.timeline.jump import TimeJump
from console.timeline.lanes import COLUMNS, Lane
from console.timeline.table import LaneTable
from console.timeline.view import TimelineView
from console.views.timeline.panel import NOTHING_WAS, TimelinePanel
from db import commands
from db.domain.states import AssignmentState
from tests.cluster import Record, run
from tests.gui.desks import Room, put_on, qt_loop, room, rooms, stage

__all__ = ["qt_loop", "room", "rooms", "stage"]
HOUR = timedelta(hours=1)


class Seen:
    """The panel on a stage."""

    def __init__(self, room: Room, stage: QWidget, folder: Path) -> None:
        self.room, self.desk = room, room.desk
        etas = Etas(room.desk.store, Geography(None, folder, room.desk.clock), room.desk.clock, stage)
        self.panel = TimelinePanel(room.desk, etas)
        put_on(stage, self.panel, 900, 420)
        self.lanes: Lanes = self._child(Lanes)
        self.view: TimelineView = self._child(TimelineView)
        self.table: LaneTable = self._child(LaneTable)
        self.jump: TimeJump = self._child(TimeJump)
        self.chosen: list[UUID] = []
        self.vans: list[UUID] = []
        self.opened: list[UUID] = []
        self.panel.referral_selected.connect(self.chosen.append)
        self.panel.van_selected.connect(self.vans.append)
        self.panel.referral_activated.connect(self.opened.append)
        stage.activateWindow()
        self.panel.setFocus()

    def _child(self, kind: type[Any]) -> Any:
        found = self.panel.findChild(kind)
        assert found is not None
        return found

    def lane(self, key: UUID) -> Lane | None:
        return next((one for one in self.lanes.shown() if one.id == str(key)), None)

    def press(self, *names: str) -> None:
        for name in names:
            QTest.keySequence(QApplication.focusWidget() or self.lanes, name)

    def said(self) -> str:
        return " ".join(label.text() for label in self.panel.findChildren(QLabel) if not label.isHidden())

    def click(self, lane: Lane, at: datetime) -> None:
        row = self.lanes._frame.row_rect(self.lanes._rows[lane.id], self.lanes._scrolled())
        x = self.lanes._frame.column + self.lanes.scale.x(at)
        QTest.mouseClick(
            self.lanes.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(row.center().y()))
        )


@pytest.fixture
def seen(room: Room, stage: QWidget, tmp_path: Path) -> Seen:
    return Seen(room, stage, tmp_path)


def long_ago(record: Record, hours: float) -> tuple[UUID, UUID]:
    """A referral and its van of some hours ago, which no console mirrors any longer."""
    number = "CRU-20261101-0077"
    ago = f"cru.clock_now() - interval '{hours} hours'"
    run(
        record.unguarded(
            "INSERT INTO cru.referral (reference, source, priority, location_text, state, outcome, received_at,"
            f" closed_at) VALUES ('{number}', 'hub', 'P2', 'x', 'closed', 'gp',"
            f" {ago}, {ago} + interval '2 hours')",
            "INSERT INTO cru.assignment (referral_id, van_id, state, allocated_at, on_scene_at, clear_at)"
            f" SELECT r.id, v.id, 'clear', {ago} + interval '5 min', {ago} + interval '30 min',"
            f" {ago} + interval '100 min' FROM cru.referral r, cru.van v WHERE r.reference = '{number}'"
            " AND v.callsign = 'CRU3'",
        )
    )
    return run(ids(record, number))


async def ids(record: Record, number: str) -> tuple[UUID, UUID]:
    owner = await asyncpg.connect(**record.owner_kwargs)
    row = await owner.fetchrow(
        "SELECT r.id, a.van_id FROM cru.referral r JOIN cru.assignment a ON a.referral_id = r.id"
        " WHERE r.reference = $1",
        number,
    )
    await owner.close()
    return UUID(str(row["id"])), UUID(str(row["van_id"]))


def test_the_past_that_no_console_mirrors_is_read_when_somebody_looks_back(record: Record, seen: Seen) -> None:
    old, van = long_ago(record, 50)
    open_one = seen.room.take()
    seen.room.until(lambda: seen.lane(open_one))
    now = seen.desk.clock.now()
    assert seen.lane(old) is None
    seen.view.show_moment(now - 49.5 * HOUR)
    assert not seen.view.following()
    assert "looking back" in seen.said()
    seen.room.until(lambda: "reading…" in seen.said() or seen.lane(old))
    seen.room.until(lambda: (lane := seen.lane(old)) and lane.segments)
    lane = seen.lane(old)
    assert lane is not None
    # What is open now was not there then.
    assert seen.lane(open_one) is None
    assert "reading…" not in seen.said()
    assert {"wait", "cru"} >= {part.kind for part in lane.segments}
    seen.click(lane, now - 49.5 * HOUR)
    assert seen.chosen[-1] == old
    # The same by van.
    seen.panel.switch()
    of_van = seen.lane(van)
    assert of_van is not None
    assert {part.about for part in of_van.segments} == {str(old)}
    seen.panel.switch()
    # Nothing was there a year ago, and that is not "no handover is running".
    seen.view.show_moment(now - 9000 * HOUR)
    seen.room.until(lambda: not seen.lanes.shown() and seen.lanes._empty == NOTHING_WAS)
    seen.press("Home")
    seen.room.until(lambda: seen.lane(open_one) and seen.lane(old) is None)
    assert "looking back" not in seen.said()
    seen.view.show_moment(now + 300 * HOUR)
    assert "looking ahead" in seen.said()


def test_each_step_says_who_told_it_and_an_amended_time_shows_both_readings(
    record: Record, rooms: Any, seen: Seen
) -> None:
    who, van = seen.room.take(), seen.room.on_duty(1)
    seen.room.accept(who)
    sent = seen.room.send(who, van, AssignmentState.MOBILE)
    seen.room.until(lambda: any("recorded by A. Shah" in mark.note for mark in seen.lane(who).marks))
    lead = rooms("l.lead")
    lead.until(lambda: (job := lead.desk.store.assignment(sent)) and job.state is AssignmentState.MOBILE)
    was = seen.desk.store.assignment(sent).times[AssignmentState.MOBILE]
    lead.do(
        commands.AmendTime(
            entity="assignment", id=sent, field="mobile", at=was + timedelta(seconds=1), reason="slip"
        )
    )
    seen.room.until(lambda: any(mark.kind == "was" for mark in seen.lane(who).marks))
    old = next(mark for mark in seen.lane(who).marks if mark.kind == "was")
    new = next(mark for mark in seen.lane(who).marks if mark.label == "CRU2 mobile")
    assert (old.at, new.at) == (was, was + timedelta(seconds=1))
    assert "amended it to" in old.note
    assert "until" in new.note
    assert "slip" not in old.note + new.note


def test_a_lane_a_van_says_its_day_and_chooses_van_and_referral(seen: Seen) -> None:
    who, van = seen.room.take(), seen.room.on_duty(1)
    seen.room.accept(who)
    seen.room.send(who, van, AssignmentState.MOBILE)
    seen.room.until(lambda: seen.lane(who))
    seen.press("V")
    assert [one.title for one in seen.lanes.shown()] == [one.callsign for one in seen.desk.store.vans()]
    assert seen.view.accessibleName() == "The vans' day"
    lane = seen.lane(van)
    assert lane is not None
    assert lane.subtitle == f"{seen.desk.store.referral(who).reference[-4:]} mobile"
    seen.click(lane, seen.desk.clock.now() - timedelta(minutes=30))
    assert (seen.vans[-1:], seen.chosen) == ([van], [])
    seen.lanes.zoom(0.05)
    seen.click(lane, lane.segments[0].start + (seen.desk.clock.now() - lane.segments[0].start) / 2)
    assert seen.chosen[-1] == who
    seen.press("Return")
    assert seen.opened == [who]
    seen.panel.select(None)
    assert seen.view.selected() is None
    seen.panel.select(who)
    assert seen.view.selected() == str(van)
    seen.press("V")
    assert seen.lane(who) is not None
    assert seen.view.selected() == str(who)


def test_the_table_is_one_key_away_and_goes_with_the_lanes(seen: Seen) -> None:
    who = seen.room.take()
    seen.room.until(lambda: seen.lane(who))
    seen.press("T")
    assert QApplication.focusWidget() is seen.table
    count = seen.table.model().rowCount()
    assert count >= 3
    first = [seen.table.model().index(0, column).data() for column in range(len(COLUMNS))]
    assert first[0].startswith(seen.desk.store.referral(who).reference[-4:])
    seen.room.accept(who)
    seen.room.until(lambda: seen.table.model().rowCount() > count)
    assert "Accepted" in [seen.table.model().index(row, 1).data() for row in range(seen.table.model().rowCount())]
    seen.press("Ctrl+C")
    copied = QApplication.clipboard().text().splitlines()
    assert copied[0].split("\t") == list(COLUMNS)
    assert len(copied) == seen.table.model().rowCount() + 1
    seen.press("Home", "Return")
    assert seen.opened == [who]
    seen.press("Escape")
    assert QApplication.focusWidget() is seen.lanes
    assert not seen.view.is_table()


@pytest.mark.hazard("H-019")
def test_the_line_that_is_chosen_in_the_table_stays_when_others_come_before_it(seen: Seen) -> None:
    second = seen.room.take(priority="P2")
    seen.room.until(lambda: seen.lane(second))
    seen.press("T", "Down")
    chosen = seen.table.model().index(seen.table.currentIndex().row(), 1).data()
    first = seen.room.take(priority="P1")
    seen.room.until(lambda: seen.lane(first) and seen.table.model().index(0, 0).data()[:4] == number(seen, first))
    assert seen.table.model().index(seen.table.currentIndex().row(), 1).data() == chosen
    seen.press("Return")
    assert seen.opened == [second]


def number(seen: Seen, who: UUID) -> str:
    return seen.desk.store.referral(who).reference[-4:]


def test_a_time_is_typed_and_gone_to(seen: Seen) -> None:
    seen.press("/")
    assert QApplication.focusWidget() is seen.jump
    QTest.keyClicks(seen.jump, "25:99")
    seen.press("Return")
    assert "is not a time of day" in seen.said()
    assert seen.view.following()
    seen.jump.clear()
    QTest.keyClicks(seen.jump, "90 min ago")
    seen.press("Return")
    middle = seen.lanes.scale.at(seen.lanes.scale.width / 2)
    assert abs(middle - (seen.desk.clock.now() - 1.5 * HOUR)) < timedelta(minutes=2)
    assert seen.jump.isHidden()
    assert QApplication.focusWidget() is seen.lanes
    seen.press("/", "Escape")
    assert seen.jump.isHidden()
    assert not seen.view.following()
    seen.press("Home")
    assert seen.view.following()


def test_the_keyboard_goes_along_a_lane_and_is_told_what_is_there(seen: Seen, stage: QWidget) -> None:
    who = seen.room.take()
    seen.room.until(lambda: (lane := seen.lane(who)) and len(lane.marks) > 2)
    seen.press("Down", "Ctrl+Right")
    held = [seen.lanes.held]
    for _ in range(12):
        seen.press("Ctrl+Left")
        held.append(seen.lanes.held)
    assert held[-1] == held[-2]
    for _ in range(24):
        seen.press("Ctrl+Right")
        held.append(seen.lanes.held)
    lane = seen.lane(who)
    assert lane is not None
    assert set(map(repr, held)) >= set(map(repr, (*lane.marks, *lane.segments)))
    # What is held is brought into sight.
    at = getattr(seen.lanes.held, "at", None) or seen.lanes.held.start  # type: ignore[union-attr]
    assert 0 <= seen.lanes.scale.x(at) <= seen.lanes.scale.width
    seen.press("Up")
    assert TIMELINES.key("thing next") == "Ctrl+Right"
