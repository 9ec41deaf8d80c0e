"""The timelines with 500 lanes: opened, panned, changed; and what is foreseen for 50 referrals."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random
from uuid import uuid4

import pytest
from PySide6.QtCore import QStringListModel
from PySide6.QtWidgets import QApplication, QTableView, QWidget

from console.live.desk import Desk
from console.live.etas import Etas
from console.live.geography import Geography
from console.timeline.canvas import LaneCanvas
from console.views.timeline.panel import TimelinePanel
from db.domain.foreseen import OwnPast
from db.domain.prediction import Lasted
from db.domain.states import AssignmentState, ReferralState
from tests.bench.table import ms, percentile, row
from tests.bench.test_bench_board import desk_of
from tests.gui.desks import put_on, stage
from tests.unit.board_records import NOW, handover, job, referral, van

__all__ = ["stage"]
pytestmark = pytest.mark.bench

MANY, OPEN = 500, 50
WIDE, HIGH = 900, 420


def busy_desk(count: int) -> Desk:
    """Referrals with a crew that waits and a van that is with the patient."""
    chance = Random(3)
    vans = [van(f"CRU{number}") for number in range(1, 51)]
    rows = [referral(number, chance.uniform(20, 90), state=ReferralState.ATTENDING) for number in range(count)]
    there = {"allocated": 18, "mobile": 16, "on_scene": 8, "with_patient": 5}
    jobs = [
        job(one.id, vans[number % 50].id, AssignmentState.WITH_PATIENT, **there) for number, one in enumerate(rows)
    ]
    links = [handover(one.id, expected=20, started=8) for one in rows]
    desk = desk_of(rows)
    desk.store.put({"van": vans, "assignment": jobs, "handover": links})
    desk.foresight.take(own_past(500), NOW)
    return desk


def own_past(count: int) -> OwnPast:
    chance, began = Random(5), NOW - timedelta(days=30)
    lasted = tuple(
        Lasted(uuid4(), began, began + timedelta(minutes=chance.lognormvariate(2.8, 0.5)), "ems")
        for _ in range(count)
    )
    return OwnPast(lasted, lasted)


def opened(stage: QWidget, desk: Desk) -> tuple[TimelinePanel, float, float]:
    """The panel, the seconds until all of its lanes are painted, and the longest turn of the loop meanwhile."""
    etas = Etas(desk.store, Geography(None, None, desk.clock), desk.clock, stage)  # type: ignore[arg-type] # no map
    began = time.perf_counter()
    panel = TimelinePanel(desk, etas, then=True)
    put_on(stage, panel, WIDE, HIGH)
    canvas = panel.findChild(LaneCanvas)
    assert canvas is not None
    turns = [time.perf_counter() - began]
    while len(canvas.shown()) < MANY:
        turn = time.perf_counter()
        QApplication.processEvents()
        turns.append(time.perf_counter() - turn)
    turn = time.perf_counter()
    canvas.viewport().repaint()
    turns.append(time.perf_counter() - turn)
    return panel, time.perf_counter() - began, max(turns)


def test_bench_open(stage: QWidget) -> None:
    desk = busy_desk(MANY)
    panel, spent, stall = opened(stage, desk)
    panel.close()
    table = QTableView()
    began = time.perf_counter()
    table.setModel(QStringListModel([str(number) for number in range(MANY)], table))
    put_on(stage, table, WIDE, HIGH)
    QApplication.processEvents()
    baseline = time.perf_counter() - began
    row(
        "timelines: open with 500 lanes; longest stall",
        f"{ms(spent)}; {ms(stall)}",
        "≤ 150 ms; ≤ 50 ms",
        f"{ms(baseline)} bare QTableView",
    )


def test_bench_pan(stage: QWidget) -> None:
    panel, *_ = opened(stage, busy_desk(MANY))
    canvas = panel.findChild(LaneCanvas)
    assert canvas is not None

    def painted(work: Callable[[], object]) -> float:
        began = time.perf_counter()
        work()
        canvas.viewport().repaint()
        return time.perf_counter() - began

    spent = [painted(lambda: canvas.pan(3)) for _ in range(120)]
    zoomed = [painted(lambda at=at: canvas.zoom(1.1 if at % 2 else 1 / 1.1)) for at in range(60)]
    scrolled = [painted(lambda at=at: canvas.verticalScrollBar().setValue(at * 37)) for at in range(60)]
    row(
        "timelines: pan, zoom, scroll, painted, 500 lanes",
        ", ".join(f"{ms(percentile(some, 50))} (worst {ms(max(some))})" for some in (spent, zoomed, scrolled)),
        "≤ 16 ms (60 fps)",
        "-",
    )


def test_bench_change(stage: QWidget) -> None:
    desk = busy_desk(MANY)
    panel, *_ = opened(stage, desk)
    canvas = panel.findChild(LaneCanvas)
    assert canvas is not None
    chance, rows, spent = Random(9), desk.store.referrals(), []
    for version in range(2, 62):
        began = time.perf_counter()
        desk.store.put({"referral": [replace(chance.choice(rows), version=version, hold_reason=str(version))]})
        canvas.viewport().repaint()
        spent.append(time.perf_counter() - began)
    row("timelines: one changed referral, painted, 500 lanes", ms(percentile(spent, 50)), "≤ 16 ms", "-")


def test_bench_foreseen() -> None:
    desk = busy_desk(OPEN)
    store, foresight = desk.store, desk.foresight
    parts = [(store.handovers_of(key), store.assignments_of(key)) for key in store.referral_ids()]

    def tell(at: int) -> float:
        now = NOW + timedelta(minutes=at)
        began = time.perf_counter()
        told = [foresight.release(store, links, jobs, None, now) for links, jobs in parts]
        spent = time.perf_counter() - began
        assert all(one is not None and one.band is not None for one in told)
        return spent

    anew = [tell(at) for at in range(12)]
    again = [tell(11) for _ in range(20)]
    row(
        "prediction for 50 open referrals, from 500 handovers",
        f"{ms(percentile(again, 50))}; with the curve anew, once a minute {ms(percentile(anew, 50))}",
        "≤ 5 ms",
        "-",
    )
