"""The page behind the map: what it asks of its engine, what it leaves, and how it comes back."""

import logging
import os
import re
import signal

import pytest

from console.map.scheme import prepare_engine
from tests.gui.map_pages import hand, open_map, van
from tests.gui.map_tools import ENGINE_NOISE, HERE, Hand

__all__ = ["hand", "open_map"]
prepare_engine()
pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)

_FONTS = """(() => {
    const font = Object.getOwnPropertyDescriptor(CanvasRenderingContext2D.prototype, "font");
    CRU.fonts = new Set();
    const set = function (value) { CRU.fonts.add(value); font.set.call(this, value); };
    Object.defineProperty(CanvasRenderingContext2D.prototype, "font", { ...font, set });
})()"""


def test_a_zoom_asks_the_engine_for_few_fonts(hand: Hand) -> None:
    # Each new one is a question to the console's process, which the page waits for: a flight froze on it.
    hand.ask(_FONTS)
    for step in range(40):
        hand.view.centre_on(*HERE, (zoom := 9.03 + step * 0.17))
        hand.until(lambda look: look["zoom"] == pytest.approx(zoom))
    fonts = hand.ask("[...CRU.fonts]")
    assert len(fonts) > 5
    sizes = {float(found.group(1)) for font in fonts if (found := re.search(r"([0-9.]+)px", font))}
    assert all(size * 2 == int(size * 2) for size in sizes)
    assert {font.split("px ")[1].count(",") for font in fonts} <= {0, 1}


def test_a_flight_arrives_however_small_the_panel_and_what_is_free_of_it(hand: Hand) -> None:
    for width, height, covered in ((420, 84, 120), (700, 60, 0), (240, 300, 78)):
        hand.view.resize(width, height)
        hand.until(lambda _: hand.ask("(s => [s.x, s.y])(CRU.parts().map.getSize())") == [width, height])  # noqa: B023
        hand.view.centre_on(52.0, -1.2, 12)
        hand.until(lambda look: look["centre"][1] == pytest.approx(-1.2, abs=0.01))
        places = [(52.41, -0.73), (52.25, -0.88)]
        hand.view.fly_to(places, covered)
        for lat, lon in places:
            spot = f"(p => [p.x, p.y])(CRU.parts().map.latLngToContainerPoint([{lat}, {lon}]))"
            hand.until(lambda _: _within(hand.ask(spot), width - covered, height))  # noqa: B023


def _within(point: list[float], width: float, height: float) -> bool:
    return 0 < point[0] < width and 0 < point[1] < height


def test_what_the_page_leaves_is_swept(hand: Hand) -> None:
    left = "(self.left = new WeakRef({words: 'x'.repeat(1000)})) && 1"
    assert hand.ask(left) == 1
    assert hand.ask("typeof self.left.deref()") == "object"
    hand.ask("CRU.sweep().then(() => (self.swept = true)) && 1")
    hand.qtbot.waitUntil(lambda: hand.ask("self.swept === true"), timeout=5000)
    assert hand.ask("typeof self.left.deref()") == "undefined"


def test_a_dead_page_comes_back_with_everything(hand: Hand, caplog: pytest.LogCaptureFixture) -> None:
    hand.view.set_vans([van("v1"), van("v2", HERE[0] + 0.01)])
    hand.view.set_banner("positions 2 s ago")
    hand.view.centre_on(52.25, -0.9, 13)
    hand.until(lambda look: look["vans"] == 2 and look["zoom"] == 13)
    hand.view.set_view_lock(True)
    before = hand.until(lambda look: look["locked"])
    with (
        caplog.at_level(logging.CRITICAL),
        hand.qtbot.waitSignals([hand.view.stopped, hand.view.ready], timeout=20000),
    ):
        os.kill(hand.view._page.renderProcessPid(), signal.SIGKILL)
    after = hand.until(lambda look: look["vans"] == 2 and look["locked"])
    assert (after["zoom"], after["centre"]) == (before["zoom"], before["centre"])
    assert "positions 2 s ago" in after["line"]
