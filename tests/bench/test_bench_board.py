"""The board with 10,000 open rows: first paint, a key press in the filter, one changed row."""

import time
from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest
from PySide6.QtCore import QSortFilterProxyModel, QStringListModel
from PySide6.QtWidgets import QApplication, QTableView, QWidget
from sqlalchemy import make_url

from console.actions import Actions
from console.desk import Desk, Reads
from console.store import Link, LinkState, Store
from console.views.board import BoardPanel
from db.clock import RecordClock
from db.domain.records import Location, Referral
from db.domain.roles import Role
from db.engine import connect
from db.queries import ClockReading, Me
from tests.bench.table import ms, percentile, row
from tests.gui.desks import put_on, stage
from tests.unit.board_records import NOW, reference, referral

__all__ = ["stage"]
pytestmark = pytest.mark.bench

MANY = 10_000
FEW = 50
TOWNS = ("Kettering", "Corby", "Daventry", "Towcester", "Northampton", "Wellingborough", "Rushden", "Brackley")
TYPED = ("k", "ke", "ket", "kett", "ket", "ke", "k", "", "n", "no", "nor", "no", "n", "", "0", "04", "042", "")


def referrals(count: int) -> list[Referral]:
    chance = Random(4)
    return [
        referral(number, chance.uniform(0, 50), location=Location(chance.choice(TOWNS), f"NN{number % 18} 1AA"))
        for number in range(count)
    ]


def desk_of(rows: list[Referral]) -> Desk:
    store = Store(reference(), Link(LinkState.LIVE, NOW))
    store.put({"referral": rows})
    clock = RecordClock()
    clock.set(ClockReading(NOW, 1.0))
    engine = connect(make_url("postgresql://nobody@localhost/nowhere"))  # opens nothing
    me = Me("a.shah", "A. Shah", Role.DISPATCHER, "Northamptonshire", exercise=False)
    return Desk(store, Actions(engine, store, clock), clock, me, Reads(engine))


def painted(work: Callable[[], object]) -> float:
    """Seconds from the work's start until what it changed has been painted."""
    began = time.perf_counter()
    work()
    QApplication.processEvents()
    return time.perf_counter() - began


@pytest.fixture
def table(stage: QWidget) -> QTableView:
    view = QTableView()
    view.setSortingEnabled(True)
    return view


def words(rows: list[Referral]) -> list[str]:
    return [f"{row.reference} {row.location.text} {row.location.postcode}" for row in rows]


def test_bench_first_paint(stage: QWidget, table: QTableView) -> None:
    rows = referrals(MANY)
    desk, made = desk_of(rows), []

    def board() -> None:
        made.append(BoardPanel(desk))
        put_on(stage, made[0], 470, 740)

    def bare() -> None:
        table.setSortingEnabled(False)
        table.setModel(QStringListModel(words(rows), table))
        put_on(stage, table, 470, 740)

    spent, baseline = painted(board), painted(bare)
    assert made[0].model.rowCount() == MANY
    row("board: first paint of 10,000 rows", ms(spent), "≤ 300 ms", f"{ms(baseline)} bare QTableView over a list")


def test_bench_filter_key_press(stage: QWidget, table: QTableView) -> None:
    rows = referrals(MANY)
    panel = BoardPanel(desk_of(rows))
    put_on(stage, panel, 470, 740)
    panel.select(rows[17].id)
    spent = [painted(lambda text=text: panel.filter.setText(text)) for text in TYPED]
    assert panel.model.rowCount() == MANY
    proxy = QSortFilterProxyModel(table)
    proxy.setSourceModel(QStringListModel(words(rows), proxy))
    table.setModel(proxy)
    put_on(stage, table, 470, 740)
    theirs = [painted(lambda text=text: proxy.setFilterFixedString(text)) for text in TYPED]
    row(
        "board: key press in the filter, 10,000 open rows",
        f"median {ms(percentile(spent, 50))}, worst {ms(max(spent))}",
        "≤ 16 ms",
        f"median {ms(percentile(theirs, 50))}, worst {ms(max(theirs))} Qt's own proxy",
    )


def change_one(stage: QWidget, count: int) -> float:
    rows = referrals(count)
    desk = desk_of(rows)
    panel = BoardPanel(desk)
    put_on(stage, panel, 470, 740)
    QApplication.processEvents()
    chance, spent = Random(9), []
    for version in range(2, 102):
        changed = replace(chance.choice(rows[:FEW]), version=version, hold_reason=str(version))
        spent.append(painted_list(panel, desk.store, changed))
    panel.close()
    return percentile(spent, 50)


def painted_list(panel: BoardPanel, store: Store, changed: Referral) -> float:
    began = time.perf_counter()
    store.put({"referral": [changed]})
    panel.list.viewport().repaint()
    return time.perf_counter() - began


def test_bench_one_changed_row(stage: QWidget) -> None:
    few, many = change_one(stage, FEW), change_one(stage, MANY)
    row("board: one changed row, painted, 10,000 rows", ms(many), "as on 50", f"{ms(few)} on 50 rows")


def test_bench_one_moved_row(stage: QWidget) -> None:
    spent = {}
    for count in (FEW, MANY):
        rows = referrals(count)
        desk = desk_of(rows)
        panel = BoardPanel(desk)
        put_on(stage, panel, 470, 740)
        QApplication.processEvents()
        times = []
        for version in range(2, 42):
            changed = replace(rows[version], version=version, priority="P2")
            times.append(painted_list(panel, desk.store, changed))
        spent[count] = percentile(times, 50)
        panel.close()
    row("board: one row that moves, 10,000 rows", ms(spent[MANY]), "as on 50", f"{ms(spent[FEW])} on 50 rows")
