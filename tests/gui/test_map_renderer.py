"""The process that draws the map is killed, stopped, made to hang: it is said, and everything is drawn again."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from console.map import renderer
from console.map.marks import MapConfig, Way
from console.map.scheme import prepare_engine
from console.map.view import KEEPS_STOPPING, STOPPED
from tests.e2e.windows import Seated, clock, qt_loop, rooms, seated
from tests.gui.map_tools import ENGINE_NOISE, HERE, Hand, write_pack
from tests.gui.test_map_view import Open, inner, open_map, referral, van

__all__ = ["clock", "open_map", "qt_loop", "rooms", "seated"]
prepare_engine()
pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)

Stopped = list[tuple[str, bool]]


def kill(hand: Hand) -> None:
    os.kill(hand.view._page.renderProcessPid(), signal.SIGKILL)


def stop(hand: Hand) -> None:
    os.kill(hand.view._page.renderProcessPid(), signal.SIGSTOP)


def hang(hand: Hand) -> None:
    hand.view._page.runJavaScript("while (true) {}", 0)


def crash(hand: Hand) -> None:
    os.kill(hand.view._page.renderProcessPid(), signal.SIGSEGV)


def lose(hand: Hand) -> None:
    """A page that is not there."""
    hand.view._ready = False
    hand.view._renderer.loading()
    hand.view._page.load(QUrl("cru://map/nothing"))


WAYS = {"killed": kill, "crashed": crash, "stopped": stop, "hung": hang, "not loaded": lose}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Signs of life five times as often, and no long pauses."""
    monkeypatch.setattr(renderer, "BEAT_MS", 400)
    monkeypatch.setattr(renderer, "PAUSES_MS", (50,))


@pytest.fixture
def hand(open_map: Open, tmp_path: Path) -> Hand:
    hand = open_map(MapConfig(pack=write_pack(tmp_path / "pack")))
    hand.view.set_vans([van("v1", selected=True), van("v2", HERE[0] + 0.01)])
    hand.view.set_referrals([referral("r1", HERE[0] - 0.01, HERE[1], selected=True)])
    hand.view.set_trail("v1", [(52.20, -0.9), HERE])
    hand.view.set_routes([Way([HERE, (52.26, -0.9)], "CRU1 · 9 min")])
    hand.view.drop_pin(52.25, -0.9)
    hand.view.set_banner("positions 2 s ago")
    hand.view.centre_on(52.25, -0.9, 13)
    hand.until(lambda look: look["vans"] == 2 and look["zoom"] == 13)
    # The page tells of a move on its way; ended before that, it comes back where it was last known to be.
    hand.qtbot.waitUntil(
        lambda: hand.view._viewport is not None and hand.view._viewport[0] == pytest.approx(52.25, abs=1e-4)
    )
    hand.view.set_view_lock(True)
    hand.view.follow("v1")
    hand.until(lambda look: look["locked"] and "following V1" in look["line"])
    return hand


def stops_of(hand: Hand) -> Stopped:
    seen: Stopped = []
    hand.view.stopped.connect(lambda sentence, slowly: seen.append((sentence, slowly)))
    return seen


def drawn(hand: Hand) -> dict[str, Any]:
    look = hand.look()
    kept = ("zoom", "centre", "vans", "referrals", "locked", "pin", "line", "theme", "exercise")
    script = (
        "(m => [m.vans.get('v1').selected, m.referrals.get('r1').selected, m.trails.get('v1'), m.routes])"
        "(CRU.parts().marks)"
    )
    return {key: look[key] for key in kept} | {"marks": hand.ask(script)}


@pytest.mark.usefixtures("quick")
def test_whatever_ends_it_everything_is_drawn_again(hand: Hand, caplog: pytest.LogCaptureFixture) -> None:
    before, stopped = drawn(hand), stops_of(hand)
    inner(hand.view).setFocus()
    for count, way in enumerate(WAYS.values()):
        pid = hand.view._page.renderProcessPid()
        with hand.qtbot.waitSignals([hand.view.stopped, hand.view.ready], timeout=30000, order="strict"):
            way(hand)
        hand.until(lambda look: look["vans"] == 2 and look["locked"] and "following V1" in look["line"])
        assert drawn(hand) == before
        assert len(stopped) == count + 1
        assert hand.view._page.renderProcessPid() != pid or way is lose
        focus = QApplication.focusWidget()
        assert focus is hand.view or hand.view.isAncestorOf(focus)
    assert {sentence for sentence, _ in stopped} == {STOPPED}
    assert not [one for one in caplog.records if one.exc_info]


def test_a_page_that_hangs_is_noticed_within_ten_seconds(hand: Hand) -> None:
    hang(hand)
    began = time.monotonic()
    with hand.qtbot.waitSignal(hand.view.stopped, timeout=10000):
        pass
    assert time.monotonic() - began <= 10
    with hand.qtbot.waitSignal(hand.view.ready, timeout=20000):
        pass


class Looks:
    """Counts the times that the page was looked after."""

    def __init__(self, hand: Hand) -> None:
        self._hand = hand
        self.count = 0
        hand.view._renderer._pulse.timeout.connect(self._look)

    def _look(self) -> None:
        self.count += 1

    def go_by(self, more: int) -> None:
        until = self.count + more
        self._hand.qtbot.waitUntil(lambda: self.count >= until, timeout=30000)


@pytest.mark.long
def test_a_hidden_map_and_a_busy_console_are_no_alarm(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    hand.view._renderer._pulse.setInterval(200)
    monkeypatch.setattr(renderer, "BEAT_MS", 200)
    monkeypatch.setattr(renderer, "MOST_MISSED_HIDDEN", 8)
    stopped, looks = stops_of(hand), Looks(hand)
    hand.view.hide()
    looks.go_by(renderer.MOST_MISSED_HIDDEN + 5)
    hand.view.show()
    looks.go_by(renderer.MOST_MISSED + 2)
    # A computer that sleeps and wakes: neither side gets anything done, and nobody is late.
    stop(hand)
    for _ in range(renderer.MOST_MISSED + 3):
        asleep = time.monotonic() + 0.5
        while time.monotonic() < asleep:
            pass
        looks.go_by(1)
    os.kill(hand.view._page.renderProcessPid(), signal.SIGCONT)
    looks.go_by(renderer.MOST_MISSED + 2)
    assert stopped == []
    # Hidden or not, one that hangs is found.
    hand.view.hide()
    hang(hand)
    hand.qtbot.waitUntil(lambda: stopped != [], timeout=20000)


@pytest.mark.usefixtures("quick")
@pytest.mark.long
def test_a_process_that_does_not_even_go_is_loaded_anew(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renderer.psutil.Process, "kill", lambda _: None)
    pid = hand.view._page.renderProcessPid()
    stop(hand)
    with hand.qtbot.waitSignal(hand.view.stopped, timeout=20000):
        pass
    os.kill(pid, signal.SIGKILL)
    with hand.qtbot.waitSignal(hand.view.ready, timeout=30000):
        pass


@pytest.mark.long
def test_a_map_that_keeps_stopping_offers_the_list_and_is_tried_slowly(
    seated: Callable[[str], Seated], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renderer, "PAUSES_MS", (20,))
    monkeypatch.setattr(renderer, "SLOW_MS", 2000)
    monkeypatch.setattr(renderer, "MOST_IN_A_ROW", 2)
    seat = seated("a.shah")
    panel, view = seat.page.map, seat.page.map.view
    seat.sit()
    seat.room.until(lambda: view._ready, within=30)
    panel.pick_place((52.25, -0.9))
    for count in range(1, 4):
        seat.room.until(lambda: view._ready, within=30)
        os.kill(view._page.renderProcessPid(), signal.SIGKILL)
        seat.room.until(lambda count=count: seat.desk.supervisor.restarts.get("the map") == count)
    assert panel.message.text().startswith(KEEPS_STOPPING)
    QTest.mouseClick(panel.message._act, Qt.MouseButton.LeftButton)
    assert seat.page.vans.isAncestorOf(seat.focused()) or seat.focused() is seat.page.vans
    seat.room.until(lambda: view._ready, within=30)
    assert panel.message.text().startswith("Click where the person is")
    assert view._picture.settings.get("pin") == [52.25, -0.9]


def test_an_end_after_a_long_good_time_is_the_first_again(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renderer, "WELL_AFTER", 0.0)
    monkeypatch.setattr(renderer, "MOST_IN_A_ROW", 1)
    monkeypatch.setattr(renderer, "PAUSES_MS", (20,))
    stopped = stops_of(hand)
    for _ in range(3):
        with hand.qtbot.waitSignals([hand.view.stopped, hand.view.ready], timeout=20000):
            kill(hand)
    assert [slowly for _, slowly in stopped] == [False] * 3
    with hand.qtbot.waitSignal(hand.view.stopped, timeout=5000):
        kill(hand)
    # And the window may be closed while the next load waits.
