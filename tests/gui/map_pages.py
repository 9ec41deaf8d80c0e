"""The map in its own page, opened and settled: take ``open_map`` or ``hand`` by name."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.map.marks import MapConfig, VanMark
from console.map.view import MapView
from tests.gui.map_tools import HERE, Hand, write_pack

NOW = datetime(2026, 11, 22, 3, 42, 17, tzinfo=UTC)
Open = Callable[..., Hand]


def van(key: str, lat: float = HERE[0], lon: float = HERE[1], **more: Any) -> VanMark:
    fix_at = NOW - timedelta(seconds=more.pop("age", 3))
    return VanMark(key, key.upper(), lat, lon, fix_at, label=more.pop("label", f"{key.upper()} · 9 min"), **more)


@pytest.fixture
def open_map(qtbot: QtBot, qapp: QApplication) -> Iterator[Open]:
    made: list[MapView] = []

    def make(config: MapConfig, size: tuple[int, int] = (900, 600)) -> Hand:
        view = MapView(config)
        made.append(view)
        view.resize(*size)
        with qtbot.waitSignal(view.ready, timeout=20000):
            view.load()
            view.show()
        view.set_now(NOW)
        return Hand(view, qtbot)

    yield make
    for view in made:
        view.close()
        view.shutdown()
        view.deleteLater()
        qtbot.waitUntil(lambda view=view: not shiboken6.isValid(view), timeout=10000)


@pytest.fixture
def hand(open_map: Open, tmp_path: Path) -> Hand:
    """A map on the small pack, settled."""
    hand = open_map(MapConfig(pack=write_pack(tmp_path / "pack")))
    hand.view.centre_on(*HERE, 14)
    hand.until(lambda look: look["zoom"] == 14 and look["settled"] and look["names"] > 0)
    return hand
