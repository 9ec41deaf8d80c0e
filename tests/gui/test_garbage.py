"""Garbage waits until the program is loaded, and what was loaded is not looked through again."""

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from console.start.garbage import GuiThreadCollector


@pytest.fixture
def collector(qapp: QApplication) -> Iterator[GuiThreadCollector]:
    made = GuiThreadCollector(qapp)
    yield made
    made.stop()
    made.deleteLater()


def collections() -> int:
    return sum(int(generation["collections"]) for generation in gc.get_stats())


def test_nothing_is_collected_before_the_program_is_loaded_and_then_once(collector: GuiThreadCollector) -> None:
    before = collections()
    assert not collector._timer.isActive()
    kept = [[] for _ in range(5000)]  # more than any threshold
    assert collections() == before
    frozen = gc.get_freeze_count()
    collector.settle()
    # What is there stays, and is out of the way of every later look.
    assert gc.get_freeze_count() > frozen + len(kept)
    assert collections() == before + 1
    collector.settle()
    assert collections() == before + 1
    assert collector._timer.isActive()


def test_what_dies_later_is_collected(collector: GuiThreadCollector) -> None:
    collector.settle()
    before = collections()
    more = [[] for _ in range(5000)]
    collector.look()
    assert collections() == before + 1
    assert more


def test_everything_is_collected_again_after_the_end(qapp: QApplication) -> None:
    made = GuiThreadCollector(qapp)
    made.settle()
    made.stop()
    made.deleteLater()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
    assert not made._timer.isActive()


@pytest.mark.parametrize(
    ("counts", "collected"),
    [((701, 11, 11), [2]), ((701, 11, 10), [1]), ((701, 10, 10), [0]), ((700, 10, 10), []), ((0, 0, 11), [2])],
)
def test_the_oldest_that_is_due_is_collected(
    collector: GuiThreadCollector,
    monkeypatch: pytest.MonkeyPatch,
    counts: tuple[int, int, int],
    collected: list[int],
) -> None:
    told: list[int] = []
    collector._thresholds = (700, 10, 10)
    monkeypatch.setattr(gc, "get_count", lambda: counts)
    monkeypatch.setattr(gc, "collect", told.append)
    collector.look()
    assert told == collected


def test_where_nothing_says_that_the_board_is_there_it_begins_by_itself(qapp: QApplication) -> None:
    made = GuiThreadCollector(qapp)
    assert (made._late.isActive(), made._late.interval(), made._timer.interval()) == (True, 15_000, 500)
    assert not gc.isenabled()
    made._late.timeout.emit()
    assert (made._late.isActive(), made._timer.isActive()) == (False, True)
    made.stop()
    unsettled = GuiThreadCollector(qapp)
    unsettled.stop()
    assert not unsettled._late.isActive()
    for one in (made, unsettled):
        one.deleteLater()
