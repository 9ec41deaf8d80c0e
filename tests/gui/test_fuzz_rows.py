"""Any row that the types allow goes through every panel; a good one among them is shown as ever."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from console.live.joins import referral_facts
from console.live.store import TABLES, Store
from console.running.faults import faults
from console.timeline.canvas import LaneCanvas
from db.domain.alarms import referral_alarms
from db.domain.board import UNREADABLE
from db.domain.records import Record, Referral
from tests.e2e.windows import START, Seated, clock, qt_loop, rooms, seated
from tests.gui.odd_rows import SECRET, Odd
from tests.unit.board_records import position

__all__ = ["clock", "qt_loop", "rooms", "seated"]
ROUNDS = 2
ROWS_MAY = {"BoardDelegate.paint", "VanDelegate.paint", "_RowPainter.paint"}
"""What may fail in one of Qt's methods: a row, but never a panel."""


def whole(store: Store) -> dict[str, list[Record]]:
    """What the mirror holds."""
    return {name: list(store._tables[name].values()) for name in TABLES}


def paint(widget: QWidget) -> None:
    """Into a picture, and onto the screen, where an active painter is fatal."""
    for one in widget.findChildren(QWidget):
        one.update()
    widget.grab()
    QApplication.sendPostedEvents()
    widget.repaint()


def spoken(desk: Seated, key: UUID) -> str:
    model = desk.page.board.model
    return model.text(model.item(key), Qt.ItemDataRole.AccessibleTextRole) or ""


def good_is_shown(desk: Seated, good: UUID) -> None:
    page, known = desk.page, desk.desk.store.referral(good)
    assert page.board.model.row(good).readable
    said = spoken(desk, good)
    assert said.startswith(f"P1, CRU-{known.reference[-4:]} Northampton · NN1 4LP · Abington Street, ")
    assert "left of 60" in said
    canvas = page.timelines.findChild(LaneCanvas)
    lane = next(one for one in canvas._lanes if one.id == str(good))
    assert (lane.title, lane.subtitle) == (known.reference[-4:], "no van")
    assert [mark.label for mark in lane.marks if mark.kind == "key"] == ["received"]
    assert lane.segments
    assert page.map.view._picture.referrals.get(str(good)).label.startswith(known.reference[-4:])
    assert f"no van {good}" in {alarm.key for alarm in page.status.sounding()}
    page.select_referral(good)
    assert page.detail.next.primary().label == "Allocate a van"
    assert known.reference in {label.text() for label in page.detail.findChildren(QLabel)}
    body = page.detail.body
    assert not [part._title.text() for part in (*body._told, body.ranking) if part._failed]


def odd_are_not_hidden(desk: Seated, odd: Sequence[Referral]) -> int:
    """Each is on the board by its name, and none of which the alarms are not known is silent. Returns how many."""
    sounding, unknown = {alarm.key for alarm in desk.page.status.sounding()}, 0
    for one in odd:
        model, row = desk.page.board.model, desk.page.board.model.row(one.id)
        assert row is not None
        assert row.reference == one.reference
        assert row.readable or model.row_of(one.id) < 0 or UNREADABLE in spoken(desk, one.id)
        if one.is_open and not has_alarms(desk, one.id):
            unknown += 1
            assert f"unreadable {one.id}" in sounding
    return unknown


def has_alarms(desk: Seated, key: UUID) -> bool:
    """Whether the alarms of a referral can be worked out."""
    try:
        alarms = referral_alarms(referral_facts(desk.desk.store, key), desk.desk.store.reference)
        return all(alarm.since - START for alarm in alarms)
    except Exception:  # noqa: BLE001 whatever the row makes of it
        return False


def only_rows_failed(lines: Sequence[str]) -> None:
    for line in lines:
        place = line.partition(" in ")[2].partition(" at ")[0]
        assert "." not in place or place in ROWS_MAY, line
        assert not place.startswith(("the choice of", "the time in")), f"a whole panel: {line}"


def newer(rows: Sequence[Record]) -> list[Record]:
    """The same once more, as after a change."""
    return [replace(row, version=row.version + 1) for row in rows]


def go_through(desk: Seated, rows: Mapping[str, Sequence[Record]]) -> None:
    """Change everything and choose everything, in every panel."""
    page = desk.page
    for table in TABLES:
        desk.desk.store.put({table: newer(rows[table])})
    for row in rows["referral"]:
        page.select_referral(row.id)
        page.detail.open_allocate()
        paint(page.detail)
    for van in rows["van"]:
        page.select_van(van.id)
        paint(page.vans)
    page._ticks.tick()
    paint(desk.window)


@pytest.mark.hazard("H-051")
def test_odd_rows_cost_no_more_than_themselves(
    seated: Callable[[str], Seated], caplog: pytest.LogCaptureFixture
) -> None:
    desk = seated("a.shah")
    store, page, room = desk.desk.store, desk.page, desk.room
    page._ticks.stop()
    good = room.take(priority="P1", received_at=START - timedelta(minutes=20))
    room.accept(good)
    other = room.take(priority="P2")
    room.accept(other)
    van = room.on_duty(0)
    room.send(other, van)
    room.until(lambda: page.map.view._ready)
    base, reference = whole(store), store.reference
    words = [
        *reference.priorities,
        *reference.sources,
        *(one.callsign for one in store.vans()),
        "female",
        "Polish",
    ]
    vans, unknown = [one.id for one in store.vans()], 0
    for seed in range(ROUNDS):
        odd = {name: [] for name in TABLES} | Odd(seed, START, words).rows([*reference.staff], vans)
        store.replace(
            {name: [*odd[name], *base[name], *([position(van)] if name == "position" else [])] for name in TABLES}
        )
        page._ticks.tick()
        unknown += odd_are_not_hidden(desk, odd["referral"])
        paint(desk.window)
        go_through(desk, odd)
        room.until(lambda: not page.map.view._in_flight)
        good_is_shown(desk, good)
        if seed % 2:
            page.board._clicked(page.board.model.index(page.board.model.rowCount() - 1, 0))
    store.replace(base)
    assert unknown > ROUNDS, "the rows are not odd enough to show anything"
    said = [one.getMessage() for one in caplog.records if one.name == "console.running.faults"]
    only_rows_failed(said)
    others = [one.getMessage() for one in caplog.records if one.levelname in ("WARNING", "ERROR")]
    # So long a paint leaves the answer to a read waiting, and a trail is read again.
    assert not [line for line in others if line not in said and "trails ended unexpectedly: Passing" not in line]
    assert SECRET not in caplog.text
    faults.forget()
