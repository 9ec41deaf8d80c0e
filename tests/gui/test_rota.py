"""The rota of a shift lead: planned by keys and by mouse, seen as it is, refused in the record's words."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessibleAnnouncementEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from console.live import reality
from console.look import style
from console.look.buttons import ActionButton
from console.views.rota import canvas
from console.views.rota.printing import week_page
from console.views.rota.sheets import CrewSheet, PlanSheet, SwapSheet, WantedSheet
from console.views.rota.window import RotaWindow
from console.views.vans.sheets import OnDutySheet, Subject
from db import commands
from db.domain.clocks import local
from db.domain.fleet import free_staff, planned_for
from db.domain.rota import london
from db.domain.rota_view import BlockState, short_name
from db.errors import Unavailable
from tests.cluster import Record, run
from tests.db.psql import psql_on
from tests.gui.desks import Room, qt_loop, rooms

__all__ = ["qt_loop", "rooms"]
KEY = Qt.Key
ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


class Page:
    """A lead's rota, on the week after this one."""

    def __init__(self, room: Room, record: Record) -> None:
        self.room, self.record = room, record
        self.window = RotaWindow(room.desk)
        self.window.resize(1366, 768)
        self.window.show()
        room.until(lambda: self.window.week)
        self.press(KEY.Key_PageDown)
        self.monday = self.window.monday
        room.until(lambda: self.window.week.monday == self.monday)

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.window.canvas, key, held)

    def lane(self, title: str) -> Any:
        return next(one for one in self.window.lanes() if one.title == title)

    def blocks(self, title: str) -> list[Any]:
        return list(self.lane(title).blocks)

    def at(self, day: int, hour: int = 0) -> Any:
        return london(self.monday + timedelta(days=day)) + timedelta(hours=hour)

    def staff(self, *places: int) -> tuple[Any, ...]:
        order = sorted(self.room.desk.store.reference.staff.values(), key=lambda one: one.name)
        return tuple(order[place].id for place in places)

    def plan(self, title: str, day: int, hour: int, *places: int, hours: int = 12) -> None:
        """A shift that is there already."""
        start = self.at(day, hour)
        seats = tuple(commands.PlannedSeat(one) for one in self.staff(*places))
        before = len(self.blocks(title))
        self.room.do(
            commands.SetPlan(
                van_id=self.lane(title).id, starts_at=start, ends_at=start + timedelta(hours=hours), crew=seats
            )
        )
        self.room.until(lambda: len(self.blocks(title)) == before + 1)

    def go(self, title: str, day: int) -> None:
        self.window.canvas.go_to(self.lane(title).id, self.at(day, 7))

    def told(self) -> str:
        return self.window.told.text()

    def said(self) -> str:
        return " ".join(one.text() for one in self.window.message.findChildren(type(self.window.title)))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        async def read() -> list[tuple[Any, ...]]:
            async with psql_on(self.record, ("a.shah", "l.lead", "w.wall", "g.gateway")) as psql:
                return [tuple(row) for row in await psql.owner.fetch(sql)]

        return run(read())


@pytest.fixture
def page(
    rooms: Callable[[str], Room], record: Record, monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> Iterator[Page]:
    style.apply(qapp, "dark", 100)
    monkeypatch.setattr(reality, "READ_AFTER", 0.0)
    made = Page(rooms("l.lead"), record)
    yield made
    made.window.close()


def test_a_shift_is_planned_moved_copied_swapped_and_cancelled_by_keys(page: Page) -> None:
    page.go("CRU2", 1)
    assert "no shift begins on Tuesday" in page.told()
    page.press(KEY.Key_N)
    sheet = page.window.side.sheet
    assert isinstance(sheet, PlanSheet)
    QTest.keyClick(sheet.crew, KEY.Key_1)
    QTest.keyClick(sheet.crew, KEY.Key_2)
    QTest.keyClick(sheet, KEY.Key_Return)
    page.room.until(lambda: page.blocks("CRU2"))
    page.room.until(lambda: page.window.side.sheet is None)
    assert page.blocks("CRU2")[0].words == "A. Example · B. Sample"
    page.room.until(lambda: "A. Example" in page.told())
    # Half an hour later, and to the van below.
    page.press(KEY.Key_Right, ALT)
    page.room.until(lambda: page.blocks("CRU2")[0].start == page.at(1, 7) + timedelta(minutes=30))
    page.press(KEY.Key_Down, ALT)
    page.room.until(lambda: page.blocks("CRU3"))
    assert page.blocks("CRU2") == []
    page.room.until(lambda: page.told().startswith("CRU3"))
    page.press(KEY.Key_D)
    page.room.until(lambda: len(page.blocks("CRU3")) == 2)
    # Somebody else from a time on: both are on it, each for their part.
    page.press(KEY.Key_S)
    swap = page.window.side.sheet
    assert isinstance(swap, SwapSheet)
    QTest.keyClick(swap.leaves, KEY.Key_2)
    QTest.keyClick(swap.joins, KEY.Key_1)
    QTest.keyClick(swap, KEY.Key_Return)
    page.room.until(lambda: "swap" in page.blocks("CRU3")[0].words)
    parts = page.rows(
        "SELECT from_at, until_at FROM cru.planned_ride WHERE off_at IS NULL AND from_at IS NOT NULL"
    )
    assert len(parts) == 1
    # Delete asks; a move of the ring lets it go; twice does it.
    page.press(KEY.Key_Delete)
    page.press(KEY.Key_Right)
    page.press(KEY.Key_Left)
    page.press(KEY.Key_Delete)
    assert len(page.blocks("CRU3")) == 2
    page.press(KEY.Key_Delete)
    page.room.until(lambda: len(page.blocks("CRU3")) == 1)
    kinds = {row[0] for row in page.rows("SELECT kind FROM cru.event WHERE recorded_by = 'l.lead'")}
    assert {"shift planned", "planned shift changed", "planned shift cancelled", "crew planned"} <= kinds


def test_a_week_is_copied_with_its_clock_and_all_of_it_or_nothing(page: Page) -> None:
    page.plan("CRU1", 0, 7, 0, 1)
    page.plan("CRU1", 6, 19, 2, 3)
    # Not from the button nor a text that have the keyboard: only the week itself has the key.
    QTest.keyClick(page.window.by, KEY.Key_D, CTRL)
    QTest.keyClick(page.window.by, KEY.Key_D, CTRL)
    assert page.window.message.text() == ""
    page.press(KEY.Key_D, CTRL)
    page.press(KEY.Key_D, CTRL)
    page.room.until(lambda: page.rows("SELECT count(*) FROM cru.planned_shift") == [(4,)])
    page.press(KEY.Key_PageDown)
    page.room.until(lambda: page.window.week.monday > page.monday and len(page.blocks("CRU1")) >= 2)
    assert page.blocks("CRU1")[-1].words == "C. Specimen · D. Placeholder"


def test_what_is_planned_is_published_by_the_week_and_seen_until_then(page: Page) -> None:
    window = page.window
    page.plan("CRU1", 1, 7, 0, 1)
    page.plan("CRU2", 1, 7, 2)
    page.room.until(lambda: window.unpublished.text() == "2 changes not published")
    page.go("CRU1", 1)
    assert "planned, not published" in page.told()
    assert "not published" in week_page(window.week, "S", "L")
    # In a sheet its own key sends the sheet, and publishes nothing.
    page.press(KEY.Key_Return)
    window.side.sheet.note.setText("by the gate")
    window.activateWindow()
    window.side.sheet.note.setFocus()
    page.room.until(window.side.sheet.note.hasFocus)
    window.publish()
    page.room.until(lambda: window.side.sheet is None and "by the gate" in page.told())
    assert page.rows("SELECT count(*) FROM cru.rota_published") == [(0,)]
    window.canvas.setFocus()
    QTest.keyClick(window, KEY.Key_Return, CTRL)
    page.room.until(lambda: window.unpublished.isHidden())
    assert page.rows("SELECT DISTINCT published_by FROM cru.rota_published") == [("l.lead",)]
    assert "not published" not in page.told()
    assert "not published" not in week_page(window.week, "S", "L")
    # What falls away is a change too, also where nothing is left to be seen of it.
    page.press(KEY.Key_Delete)
    page.press(KEY.Key_Delete)
    page.room.until(lambda: not page.blocks("CRU1"))
    page.room.until(lambda: window.unpublished.text() == "1 change not published")
    window.publish()
    page.room.until(lambda: window.unpublished.isHidden())
    window.publish()
    assert "Nothing is to be published" in _words(window.message)


def test_what_the_record_refuses_is_said_and_what_was_typed_stays(page: Page) -> None:
    page.plan("CRU1", 2, 7, 0, 1)
    page.go("CRU4", 2)
    page.press(KEY.Key_N)
    sheet = page.window.side.sheet
    assert isinstance(sheet, PlanSheet)
    # Who is on another van stands last, and says so; whoever ticks them is told by the record.
    last = sheet.crew.item(sheet.crew.count() - 1)
    assert "on CRU1" in last.text()
    last.setCheckState(Qt.CheckState.Checked)
    sheet.note.setText("both")
    for _ in range(2):
        QTest.keyClick(sheet, KEY.Key_Return)
    page.room.until(lambda: sheet.message.isVisibleTo(sheet) and "is on CRU1" in _words(sheet.message))
    assert sheet.note.text() == "both"
    assert page.blocks("CRU4") == []
    QTest.keyClick(sheet, KEY.Key_Escape)
    assert page.window.side.sheet is None
    page.press(KEY.Key_Right, ALT)


def _words(widget: Any) -> str:
    from PySide6.QtWidgets import QLabel

    return " ".join(one.text() for one in widget.findChildren(QLabel))


def test_gaps_nobody_and_the_sick_are_put_to_the_lead(page: Page) -> None:
    page.plan("CRU5", 3, 7)
    page.plan("CRU6", 3, 7, 8)
    found = [one.words for one in _matters(page)]
    assert any("CRU5 has nobody" in one for one in found)
    assert any("2 vans short" in one or "3 vans short" in one for one in found)
    page.go("CRU6", 3)
    page.press(KEY.Key_Return)
    sheet = page.window.side.sheet
    assert isinstance(sheet, PlanSheet)
    QTest.keyClick(sheet.crew, KEY.Key_1)
    sheet.why.setText("sick")
    QTest.keyClick(sheet, KEY.Key_Return)
    page.room.until(lambda: page.blocks("CRU6")[0].standing is BlockState.SHORT)
    assert page.blocks("CRU6")[0].words == "sick: find one"
    assert any(
        "CRU6: I. Placeholder sick" in one.words and "free and rested" in one.detail for one in _matters(page)
    )
    # Enter on it goes there.
    matters = page.window.side.matters
    row = next(n for n in range(matters.count()) if "CRU6: I." in matters.item(n).text())
    matters.setCurrentRow(row)
    QTest.keyClick(matters, KEY.Key_Return)
    assert page.told().startswith("CRU6")
    table = page.window.table
    assert {table.item(row, 0).text() for row in range(table.rowCount())} == {f"CRU{n}" for n in range(1, 7)}
    QTest.keyClick(page.window, KEY.Key_F3)
    assert page.lane("I. Placeholder").subtitle == "Mental health nurse"


def _matters(page: Page) -> list[Any]:
    from db.domain.rota_view import matters

    return matters(page.window.week)


def drag(widget: QWidget, start: QPoint, *way: QPoint) -> None:
    """Straight to the widget: a moved pointer is told of again by the screen, at another moment."""
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    kind = QEvent.Type
    steps = [(kind.MouseButtonPress, left, start), *((kind.MouseMove, none, at) for at in way)]
    for what, button, at in (*steps, (kind.MouseButtonRelease, left, way[-1])):
        held = none if what is kind.MouseButtonRelease else left
        place = QPointF(at), QPointF(widget.mapToGlobal(at))
        QApplication.sendEvent(widget, QMouseEvent(what, *place, button, held, Qt.KeyboardModifier.NoModifier))


@pytest.mark.parametrize("percent", [100, 125, 150])
def test_a_shift_is_dragged(page: Page, qapp: QApplication, percent: int) -> None:
    style.apply(qapp, "dark", percent)
    page.plan("CRU1", 2, 7, 4)
    canvas = page.window.canvas
    page.room.until(lambda: canvas.frame().lanes == 6)
    place = canvas.frame()
    box = place.box(page.blocks("CRU1")[0], 0).toRect()
    day = place.x(page.at(3)) - place.x(page.at(2))
    start, end = box.center(), box.center() + QPoint(round(day), round(place.lane))
    told: list[str] = []
    canvas.chosen.connect(lambda: told.append(page.window.told.text()))
    drag(canvas, start, start + QPoint(20, 0), end)
    where = [one for one in told if one.endswith("if it is let go here")]
    assert where[-1].startswith("CRU2: ")
    assert "07:00 to 19:00" in where[-1]
    assert not page.window.told.text().endswith("if it is let go here")
    page.room.until(lambda: page.blocks("CRU2") and page.blocks("CRU2")[0].start == page.at(3, 7))
    assert page.blocks("CRU1") == []
    assert page.blocks("CRU2")[0].end == page.at(3, 19)
    assert canvas.cursor_at.block.id == page.blocks("CRU2")[0].id, "the ring goes along"


@pytest.mark.hazard("H-019")
def test_the_ring_follows_a_shift_that_another_desk_moves(page: Page) -> None:
    page.plan("CRU1", 2, 7, 4)
    page.plan("CRU1", 3, 7, 6)
    page.go("CRU1", 2)
    mine, vans = page.window.canvas.cursor_at.block, page.room.desk.store.vans()
    there = next(one for one in page.window.week.plans if one.id == mine.plan.id)
    seats = tuple(commands.PlannedSeat(one.staff_id) for one in there.crew)
    times = {"starts_at": page.at(4, 7), "ends_at": page.at(4, 19)}
    moved = commands.SetPlan(
        van_id=vans[4].id, crew=seats, version=there.version, planned_shift_id=there.id, **times
    )
    page.room.do(moved)
    page.room.until(lambda: page.blocks("CRU5"))
    at = page.window.canvas.cursor_at
    assert (at.lane, at.block.id, at.at) == (vans[4].id, mine.id, page.at(4, 7))
    assert page.window.canvas.told().startswith("CRU5: ")


def test_wanted_vans_are_rows(page: Page) -> None:
    page.go("CRU1", 4)
    page.press(KEY.Key_W)
    sheet = page.window.side.sheet
    assert isinstance(sheet, WantedSheet)
    sheet.vans.setValue(6)
    QTest.keyClick(sheet, KEY.Key_Return)
    page.room.until(lambda: any(one.vans == 6 for one in page.window.week.wanted))
    rows = page.rows("SELECT weekday, from_hour, author FROM cru.cover_wanted WHERE vans = 6")
    assert rows == [(5, 7, "l.lead")]


def test_the_crew_of_a_committed_van_changes_once_it_is_said_that_it_is_known(page: Page) -> None:
    room = page.room
    van = room.on_duty(0)
    referral = room.take()
    room.accept(referral)
    room.send(referral, van)
    page.press(KEY.Key_Home)
    room.until(lambda: any(one.standing is BlockState.RUNNING for one in page.blocks("CRU1")))
    page.window.canvas.go_to(van, room.desk.clock.now())
    page.press(KEY.Key_Return)
    sheet = page.window.side.sheet
    assert isinstance(sheet, CrewSheet)
    QTest.keyClick(sheet.crew, KEY.Key_3)
    QTest.keyClick(sheet, KEY.Key_Return)
    assert "Once more" in _words(sheet.message)
    assert page.rows("SELECT count(*) FROM cru.shift_member") == [(2,)]
    QTest.keyClick(sheet, KEY.Key_Return)
    room.until(lambda: page.window.side.sheet is None)
    room.until(lambda: len(room.desk.store.shift_of(van).staff_ids) == 3)
    said = page.rows("SELECT detail ->> 'insisted' FROM cru.event WHERE kind = 'joined the crew' ORDER BY id DESC")
    assert "allocated for CRU-" in said[0][0]


def test_a_dispatcher_plans_nothing(rooms: Callable[[str], Room]) -> None:
    room = rooms("a.shah")
    van = room.desk.store.vans()[0]
    now = room.desk.clock.now()
    plan = commands.SetPlan(
        van_id=van.id, starts_at=now + timedelta(days=1), ends_at=now + timedelta(days=1, hours=9)
    )
    with pytest.raises(Exception, match="Your role"):
        room.do(plan)


def test_a_crew_goes_on_duty_as_planned(rooms: Callable[[str], Room]) -> None:
    room = rooms("l.lead")
    store, now = room.desk.store, room.desk.clock.now()
    van, rides = store.vans()[1], tuple(store.reference.staff)[3:5]
    start = now.replace(minute=0, second=0, microsecond=0)
    end = start + timedelta(hours=9)
    seats = tuple(commands.PlannedSeat(one) for one in rides)
    room.do(commands.SetPlan(van_id=van.id, starts_at=start, ends_at=end, crew=seats))
    room.until(lambda: store.reference.plans)
    plan = planned_for(store.reference, van.id, now)
    assert planned_for(store.reference, store.vans()[0].id, now) is None
    sheet = OnDutySheet(Subject(van.id, "CRU2", now), free_staff(store.reference, []), plan=plan)
    command, _ = sheet.command()
    assert isinstance(command, commands.GoOnDuty)
    assert (set(command.staff_ids), command.planned_end) == (set(rides), end)
    sheet.deleteLater()


def test_a_week_is_a_page_to_print_with_names_and_no_reasons(page: Page, tmp_path: Path) -> None:
    first, second = page.staff(0, 1)
    page.plan("CRU1", 1, 7, 0, 1)
    page.plan("CRU2", 2, 19, 2)
    page.room.until(lambda: page.blocks("CRU1") and page.blocks("CRU2"))
    week = page.window.week
    [plan] = [one for one in week.plans if len(one.crew) == 2]
    sick = replace(plan.crew[1], off_at=week.now, off_reason="a bad back")
    gone = replace(plan, rides=(plan.crew[0], sick))
    html = week_page(replace(week, plans=[gone]), "A & B service", "L. Lead <x>")
    names = {key: short_name(one.name) for key, one in week.staff.items()}
    assert names[plan.crew[0].staff_id] in html
    assert "somebody is wanted" in html
    assert "bad back" not in html
    assert "A &amp; B service" in html
    assert "&lt;x&gt;" in html
    assert "<b>07:00–19:00</b>" in week_page(week, "S", "L")
    # Each day on which vans are missing says so, however long the gap is.
    days = len({local(one.hour).date() for one in week.cover() if one.short})
    missing = week_page(week, "S", "L").partition("Vans missing")[2].split("<td>")
    assert sum("short" in cell for cell in missing) == days > 1
    assert names[first] in week_page(week, "S", "L")
    assert names[second] in week_page(week, "S", "L")
    target = tmp_path / "week.pdf"
    page.window.printing.write(week, target)
    page.room.until(lambda: target.exists() and target.read_bytes().startswith(b"%PDF"))
    page.window.printing.write(week, tmp_path / "nowhere" / "week.pdf")
    page.room.until(lambda: "not written" in spoken(page.window.message))


def spoken(bar: QWidget) -> str:
    return " ".join(label.text() for label in bar.findChildren(QLabel))


def test_what_was_told_of_a_lost_reading_goes_when_it_is_read(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    reads, whole = page.room.desk.reads, page.room.desk.reads.rota

    async def lost(*_: Any) -> Any:
        raise Unavailable("The record cannot be reached.", "The console tries again by itself.")

    monkeypatch.setattr(type(reads), "rota", lost)
    page.window.refresh()
    page.room.until(lambda: "cannot be reached" in spoken(page.window.message))
    monkeypatch.setattr(type(reads), "rota", lambda _self, *given: whole(*given))
    page.window.refresh()
    page.room.until(lambda: page.window.message.isHidden() or not spoken(page.window.message).strip())


def test_each_step_of_the_ring_is_read_aloud(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []

    def read(event: QAccessibleAnnouncementEvent) -> None:
        heard.append(event.message())

    monkeypatch.setattr(canvas, "QAccessible", SimpleNamespace(updateAccessibility=read))
    page.window.activateWindow()
    page.window.canvas.setFocus()
    page.room.until(page.window.canvas.hasFocus)
    page.press(KEY.Key_Down)
    page.press(KEY.Key_Right)
    assert len(heard) == 2
    assert heard[-1].startswith("CRU2: ")


def test_large_text_leaves_it_no_wider_than_a_screen(page: Page, qapp: QApplication) -> None:
    style.apply(qapp, "dark", 150)
    page.window.resize(1280, 720)
    page.room.until(lambda: page.window.width() == 1280)
    assert page.window.minimumSizeHint().width() <= 1280
    # Its buttons stand below each other, and none of them is cut.
    publish = page.window.findChildren(ActionButton)
    assert all(one.geometry().right() < 1280 for one in publish if one.isVisible() and one.parent() is page.window)
    style.apply(qapp, "dark", 100)
