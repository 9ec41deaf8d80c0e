"""The map in its own page: what it shows, what it tells, and what it never does."""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QBuffer, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from console.map.marks import MapConfig, ReferralMark
from console.map.scheme import prepare_engine
from console.map.view import MapView
from tests.gui.map_pages import NOW, Open, hand, open_map, van
from tests.gui.map_tools import ENGINE_NOISE, HERE, Hand, TileServer, write_pack

__all__ = ["hand", "open_map"]
prepare_engine()
pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)


def referral(key: str, lat: float, lon: float, **more: Any) -> ReferralMark:
    return ReferralMark(
        key, "0044", lat, lon, more.pop("priority", "P1"), more.pop("standing", 0), "0044 · 11 min", **more
    )


@pytest.mark.parametrize("last_words", ["ready", "failed"])
def test_what_a_page_says_on_its_way_out_starts_nothing(qtbot: QtBot, tmp_path: Path, last_words: str) -> None:
    """A console that is closed while its map still loads."""
    view = MapView(MapConfig(pack=write_pack(tmp_path / "pack")))
    view.load()
    view.shutdown()
    view.set_now(NOW)
    if last_words == "ready":
        view._bridge.ready()
    else:
        view._page.loadFinished.emit(False)
    assert not view._in_flight
    assert not view._renderer._pause.isActive()
    view.deleteLater()
    with qtbot.captureExceptions() as raised:
        qtbot.waitUntil(lambda: not shiboken6.isValid(view), timeout=10000)
    assert raised == []


def inner(view: MapView) -> QWidget:
    """The widget inside the web view that takes mouse and keys."""
    found = view._view.focusProxy()
    assert found is not None
    return found


def spot(hand: Hand, kind: str, key: str, part: str = "label") -> QPoint:
    script = f"CRU.spot({kind!r}, {key!r}, {part!r})"
    hand.qtbot.waitUntil(lambda: hand.ask(script) is not None, timeout=5000)
    at = hand.ask(script)
    return QPoint(round(at["x"]), round(at["y"]))


def click(hand: Hand, at: QPoint) -> None:
    QTest.mouseMove(inner(hand.view), at)
    QTest.mouseClick(inner(hand.view), Qt.MouseButton.LeftButton, pos=at)


def wheel(view: MapView) -> None:
    target = inner(view)
    at = QPointF(400, 300)
    event = QWheelEvent(
        at,
        QPointF(target.mapToGlobal(at.toPoint())),
        QPoint(),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(target, event)


def drag(view: MapView, start: QPoint, by: QPoint) -> None:
    target = inner(view)
    QTest.mousePress(target, Qt.MouseButton.LeftButton, pos=start)
    for step in (0.25, 0.5, 0.75, 1):
        QTest.mouseMove(target, start + by * step)
    QTest.mouseRelease(target, Qt.MouseButton.LeftButton, pos=start + by)


def test_tiles_and_names_are_drawn_with_their_credit(hand: Hand) -> None:
    look = hand.look()
    assert look["base"] == "vector"
    assert look["credit"] == "© OpenMapTiles © OpenStreetMap contributors"
    assert look["notice"] == ""
    script = "[...CRU.parts().base._names.values()].flatMap(t => t.names).map(n => n.text)"
    assert {"A45", "Nene Valley Way", "Ärö Town"} <= set(hand.ask(script))


def test_water_is_painted_where_the_tile_has_it(hand: Hand) -> None:
    colours = set()

    def seen() -> bool:
        image = hand.view.grab().toImage()
        colours.update(image.pixelColor(x, y).name() for x in range(0, 900, 5) for y in range(0, 600, 5))
        return hand.ask("CRU.palettes.dark.water") in colours

    hand.qtbot.waitUntil(seen, timeout=10000)
    assert hand.ask("CRU.palettes.dark.ground") in colours
    assert hand.ask("CRU.palettes.dark.roads.trunk[0]") in colours


def test_marks_appear_change_and_go(hand: Hand) -> None:
    hand.view.set_vans([van("v1"), van("v2", HERE[0] + 0.01)])
    hand.view.set_referrals([referral("r1", HERE[0] - 0.01, HERE[1])])
    hand.until(lambda look: (look["vans"], look["referrals"]) == (2, 1))
    hand.view.change_vans([van("v2", HERE[0] + 0.02)], removed=["v1"])
    hand.until(lambda look: look["vans"] == 1)
    assert hand.ask("CRU.parts().marks.vans.get('v2').lat") == HERE[0] + 0.02


def test_nothing_is_sent_when_nothing_changed(hand: Hand) -> None:
    hand.view.set_vans([van("v1")])
    hand.until(lambda look: look["vans"] == 1)
    hand.qtbot.waitUntil(lambda: not hand.view._in_flight)
    hand.view.set_vans([van("v1")])
    hand.view.set_now(NOW)
    assert hand.view._picture.take() is None


def test_clicks_name_what_was_clicked(hand: Hand) -> None:
    hand.view.set_vans([van("v1")])
    hand.view.set_referrals([referral("r1", HERE[0] - 0.006, HERE[1])])
    hand.until(lambda look: look["spots"] == 4)
    with hand.qtbot.waitSignal(hand.view.van_clicked, timeout=5000) as label:
        click(hand, spot(hand, "van", "v1"))
    with hand.qtbot.waitSignal(hand.view.van_clicked, timeout=5000) as symbol:
        click(hand, spot(hand, "van", "v1", "symbol"))
    with hand.qtbot.waitSignal(hand.view.referral_clicked, timeout=5000) as pin:
        click(hand, spot(hand, "referral", "r1"))
    with hand.qtbot.waitSignal(hand.view.background_clicked, timeout=5000) as ground:
        click(hand, QPoint(450, 300) + QPoint(-300, 120))
    assert (label.args, symbol.args, pin.args) == (["v1"], ["v1"], ["r1"])
    lat, lon = ground.args
    assert 52.2 < lat < HERE[0]
    assert -1.0 < lon < HERE[1]


def test_a_held_view_is_moved_by_nothing(hand: Hand) -> None:
    before = hand.look()
    hand.view.set_vans([van("v1", 52.45, -0.7, selected=True)])
    hand.view.set_view_lock(True)
    hand.until(lambda look: look["locked"] and look["vans"] == 1)
    inner(hand.view).setFocus()
    wheel(hand.view)
    drag(hand.view, QPoint(450, 300), QPoint(120, 80))
    QTest.mouseDClick(inner(hand.view), Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Left, Qt.Key.Key_0):
        QTest.keyClick(inner(hand.view), key)
    hand.view.follow("v1")
    hand.view.fit_all()
    hand.view.centre_on(52.5, -0.7, 9)
    hand.view.set_vans([van("v1", 52.46, -0.7)])
    hand.until(lambda look: "following V1" in look["line"])
    assert {key: hand.look()[key] for key in ("zoom", "centre")} == {
        key: before[key] for key in ("zoom", "centre")
    }


def test_a_free_view_is_moved_by_wheel_and_drag(hand: Hand) -> None:
    start = hand.look()["centre"]
    drag(hand.view, QPoint(450, 300), QPoint(120, 80))
    hand.until(lambda look: look["centre"][1] < start[1] - 0.001)
    wheel(hand.view)
    hand.until(lambda look: look["zoom"] > 14)


def test_keys_hold_follow_and_zoom(hand: Hand) -> None:
    hand.view.set_vans([van("v1", selected=True)])
    hand.until(lambda look: look["vans"] == 1)
    click(hand, QPoint(100, 450))
    with hand.qtbot.waitSignal(hand.view.view_lock_changed, timeout=5000) as held:
        QTest.keyClick(inner(hand.view), Qt.Key.Key_M)
    hand.until(lambda look: "view held" in look["line"])
    with hand.qtbot.waitSignal(hand.view.view_lock_changed, timeout=5000) as free:
        QTest.keyClick(inner(hand.view), Qt.Key.Key_M)
    with hand.qtbot.waitSignal(hand.view.follow_changed, timeout=5000) as followed:
        QTest.keyClick(inner(hand.view), Qt.Key.Key_F)
    assert (held.args, free.args, followed.args) == ([True], [False], ["v1"])
    hand.view.follow(None)
    hand.until(lambda look: not look["locked"] and "follow off" in look["line"])
    QTest.keyClick(inner(hand.view), Qt.Key.Key_Plus)
    hand.until(lambda look: look["zoom"] == 15)


def test_arrows_and_signs_move_the_view_as_soon_as_the_map_has_the_keyboard(hand: Hand) -> None:
    hand.view.setFocus()
    start = hand.look()
    QTest.keyClick(inner(hand.view), Qt.Key.Key_Right)
    hand.until(lambda look: look["centre"][1] > start["centre"][1] + 0.001)
    QTest.keyClick(inner(hand.view), Qt.Key.Key_Up)
    hand.until(lambda look: look["centre"][0] > start["centre"][0] + 0.001)
    QTest.keyClick(inner(hand.view), Qt.Key.Key_Minus)
    hand.until(lambda look: look["zoom"] == start["zoom"] - 1)
    QTest.keyClick(inner(hand.view), Qt.Key.Key_Plus)
    QTest.keyClick(inner(hand.view), Qt.Key.Key_Plus)
    hand.until(lambda look: look["zoom"] == start["zoom"] + 1)


def test_enter_points_at_the_middle_only_while_a_place_is_picked(hand: Hand) -> None:
    pointed: list[tuple[float, float]] = []
    hand.view.middle_pointed.connect(lambda *at: pointed.append(at))
    hand.view.setFocus()
    QTest.keyClick(inner(hand.view), Qt.Key.Key_Return)
    with hand.qtbot.waitSignal(hand.view.search_wanted, timeout=5000):
        QTest.keyClicks(inner(hand.view), "/")
    assert pointed == []
    hand.view.set_picking(True)
    QTest.keyClick(inner(hand.view), Qt.Key.Key_Return)
    hand.until(lambda _look: bool(pointed))
    assert pointed[0] == pytest.approx(hand.look()["centre"], abs=1e-4)


def test_following_keeps_the_van_in_the_middle_and_nothing_else_moves_the_map(hand: Hand) -> None:
    centre = hand.look()["centre"]
    hand.view.set_vans([van("v1", 52.30, -0.8)])
    hand.until(lambda look: look["vans"] == 1)
    assert hand.look()["centre"] == centre
    hand.view.follow("v1")
    hand.until(lambda look: abs(look["centre"][0] - 52.30) < 0.001)
    hand.view.set_vans([van("v1", 52.31, -0.8)])
    hand.until(lambda look: abs(look["centre"][0] - 52.31) < 0.001)


def test_the_ring_grows_with_age_and_accuracy_and_is_bounded(hand: Hand) -> None:
    ring = "CRU.uncertainty({{accuracy_m: {}, speed_kmh: {}, status: 'available'}}, {})"
    assert hand.ask(ring.format(20, 36, 5)) == 20
    assert hand.ask(ring.format(20, 36, 105)) == pytest.approx(1020)
    assert hand.ask(ring.format(0, "null", 65)) > 800
    assert hand.ask(ring.format(20, 60, 86400)) == 4000
    assert hand.ask("[CRU.strength(0), CRU.strength(9e9)]") == [1, pytest.approx(0.45)]


def test_ages_follow_the_clock_without_a_new_fix(hand: Hand) -> None:
    hand.view.set_vans([van("v1", age=10)])
    hand.until(lambda look: look["vans"] == 1)
    hand.view.set_now(NOW + timedelta(minutes=10))
    script = "CRU.ageOf(CRU.parts().marks.vans.get('v1'), CRU.parts().marks.now)"
    hand.qtbot.waitUntil(lambda: hand.ask(script) == 610, timeout=5000)
    assert "10 min old" in hand.ask("CRU.parts().marks.hint({kind: 'van', id: 'v1'})")


def test_the_pin_is_dropped_dragged_and_cleared(hand: Hand) -> None:
    hand.view.drop_pin(*HERE)
    hand.until(lambda look: look["pin"] == list(HERE))
    with hand.qtbot.waitSignal(hand.view.pin_moved, timeout=5000) as moved:
        drag(hand.view, QPoint(450, 282), QPoint(90, 0))
    assert moved.args[1] > HERE[1] + 0.003
    assert hand.view._picture.settings.get("pin") == moved.args, "where a page that is loaded anew has it"
    hand.view.clear_pin()
    hand.until(lambda look: look["pin"] is None)


def test_theme_exercise_and_banner(hand: Hand) -> None:
    hand.view.set_theme("light")
    hand.view.set_exercise(True)
    hand.view.set_banner("positions 2 s ago")
    look = hand.until(lambda look: look["theme"] == "light" and look["exercise"] and look["settled"])
    assert "positions 2 s ago" in look["line"]


@pytest.mark.hazard("H-054")
def test_no_request_leaves(hand: Hand) -> None:
    outside = "http://192.0.2.1/secret"
    hand.ask(f"fetch('{outside}').catch(() => 0) && 1")
    hand.ask(f"(new Image().src = '{outside}.png') && 1")
    hand.ask("(location.href = 'https://example.org/') && 1")
    hand.qtbot.waitUntil(lambda: hand.ask("1") == 1)
    assert hand.look()["base"] == "vector"
    assert list(hand.view.interceptor.allowed_outside) == []
    assert hand.view._page.url().scheme() == "cru"


def test_the_fence_holds_without_the_page_s_own_policy(hand: Hand, caplog: pytest.LogCaptureFixture) -> None:
    server = TileServer(b"")
    try:
        with caplog.at_level(logging.CRITICAL):
            hand.view._page.load(f"http://127.0.0.1:{server.port}/page")
            hand.qtbot.waitUntil(lambda: hand.ask("1") == 1)
    finally:
        server.close()
    assert server.paths == []


def test_without_a_pack_the_schematic_says_how_to_get_one(open_map: Open, tmp_path: Path) -> None:
    hand = open_map(MapConfig(cache_dir=tmp_path, notice="Schematic map. Full map: main.py map get here"))
    look = hand.until(lambda look: look["settled"] and look["names"] > 5, within=90000)
    assert look["base"] == "schematic"
    assert look["notice"] == "Schematic map. Full map: main.py map get here"
    assert "Open Government Licence" in look["credit"]


def test_a_damaged_pack_says_so_and_shows_the_schematic(open_map: Open, tmp_path: Path) -> None:
    (tmp_path / "bad.pmtiles").write_bytes(b"cut short")
    hand = open_map(MapConfig(pack=tmp_path, cache_dir=tmp_path))
    assert "bad.pmtiles is damaged" in hand.look()["notice"]


def test_only_the_configured_tile_server_is_asked(open_map: Open, qtbot: QtBot) -> None:
    server, other = TileServer(one_pixel()), TileServer(one_pixel())
    try:
        url = f"http://127.0.0.1:{server.port}/{{z}}/{{x}}/{{y}}.png"
        hand = open_map(MapConfig(tile_server=url, attribution="© The Trust"))
        hand.until(lambda look: look["base"] == "raster" and look["settled"])
        hand.ask(f"(new Image().src = 'http://127.0.0.1:{other.port}/x.png') && 1")
        qtbot.waitUntil(lambda: len(server.paths) >= 4)
        assert hand.look()["credit"] == "© The Trust"
        assert all(path.endswith(".png") and path.count("/") == 3 for path in server.paths)
        assert other.paths == []
        assert all(f":{server.port}/" in one for one in hand.view.interceptor.allowed_outside)
    finally:
        server.close()
        other.close()


def one_pixel() -> bytes:
    image = QImage(1, 1, QImage.Format.Format_RGB32)
    image.fill(0x88AA88)
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())
