"""Panels as somebody's work has them, by a key; back by another; and windows that open where they stood."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication

from console.views.desk.beside import OPENERS
from console.views.desk.profiles import PROFILES
from tests.e2e.windows import Clock, Seated, clock, qt_loop, rooms, seated
from tests.gui.map_tools import ENGINE_NOISE

__all__ = ["clock", "qt_loop", "rooms", "seated"]
pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)
Opens = Callable[[str], Seated]


def shown(seat: Seated) -> set[str]:
    QApplication.processEvents()
    return {name for name, dock in seat.page.dock.items() if not dock.isHidden()}


def test_a_key_a_profile_and_a_key_back(seated: Opens, clock: Clock) -> None:
    seat = seated("l.lead")
    seat.sit()
    every = {"board", "vans", "map", "timelines", "detail"}
    usual = seat.page.dock["timelines"].height()
    seat.press("Ctrl+1")
    assert shown(seat) == {"board", "map", "detail"}
    # It is remembered.
    assert not seat.page.docks.arrangement(1).isEmpty()
    seat.press("Ctrl+3")
    assert shown(seat) == every - {"detail"}
    assert seat.page.dock["timelines"].height() > usual
    seat.press("Ctrl+2")
    assert shown(seat) == every
    seat.press("Ctrl+1", "Ctrl+0")
    assert shown(seat) == every
    assert seat.page.docks.arrangement(1).isEmpty()


def test_whatever_a_profile_puts_away_comes_back_by_its_key(seated: Opens, clock: Clock) -> None:
    seat = seated("l.lead")
    seat.sit()
    for key, profile in zip(("Ctrl+1", "Ctrl+2", "Ctrl+3"), PROFILES.values(), strict=True):
        seat.press(key)
        assert profile.front not in profile.hidden
        for name in profile.hidden:
            seat.page.dock[name].reveal()
        assert shown(seat) == set(seat.page.dock)


def test_windows_open_where_they_stood_and_those_that_were_open(seated: Opens, clock: Clock) -> None:
    beside = seated("l.lead").page.beside
    assert all(callable(getattr(beside, opens)) for opens in OPENERS.values())
    log = beside.open_log
    log()
    (window,) = beside.lists.values()
    window.setGeometry(30, 60, 745, 500)
    window.close()
    log()
    (window,) = beside.lists.values()
    assert window.geometry().size().width() == 745
    places, opened = beside.places()
    assert opened == ["ShiftLogPage"]
    window.close()
    beside.take_places(places, ["InboxPage", *opened])
    names = {type(one).__name__: one for one in beside.lists.values()}
    assert names.keys() == {"InboxPage", "ShiftLogPage"}
    assert names["ShiftLogPage"].geometry().topLeft() == QPoint(30, 60)
    beside.forget_places()
    assert names["ShiftLogPage"].width() > 745
