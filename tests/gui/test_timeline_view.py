from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QImage, QMouseEvent, QRegion, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from console.look import style
from console.timeline.input import Lanes
from console.timeline.lanes import Lane, Mark, Segment
from console.timeline.scale import LONGEST, SHORTEST
from console.timeline.view import TimelineView

NOW = datetime(2026, 11, 22, 3, 42, 17, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def lane(at: int, label: str = "EMAS on scene", **more: Any) -> Lane:
    running = Segment(NOW - 30 * MINUTE, None, "ems", label)
    return Lane(f"id{at}", f"{at:04}", "CRU1", segments=(running,), **more)


@pytest.fixture
def view(qtbot: QtBot, qapp: QApplication) -> Iterator[TimelineView]:
    style.apply(qapp, "dark", 100)
    window = QWidget()
    made = TimelineView(NOW, parent=window)
    window.resize(1000, 320)
    made.resize(1000, 320)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    yield made
    window.close()


@pytest.fixture
def lanes(view: TimelineView) -> Lanes:
    return view.findChildren(Lanes)[0]


class Painted(QObject):
    """Watches what a widget is asked to paint."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.region = QRegion()
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.region += event.region()  # type: ignore[attr-defined]  # a paint event has one
        return super().eventFilter(watched, event)


@pytest.fixture
def painted(lanes: Lanes, qapp: QApplication) -> Callable[[Callable[[], object]], QRegion]:
    watch = Painted(lanes.viewport())

    def after(act: Callable[[], object]) -> QRegion:
        qapp.processEvents()
        watch.region = QRegion()
        act()
        qapp.processEvents()
        return watch.region

    return after


def row_y(lanes: Lanes, row: int) -> int:
    return row * 44 + 22 - lanes.verticalScrollBar().value()


def colour_at(lanes: Lanes, at: datetime, row: int, dy: int = 0) -> str:
    image = lanes.viewport().grab().toImage()
    return QColor(image.pixel(184 + round(lanes.scale.x(at)), row_y(lanes, row) + dy)).name()


def test_before_it_was_ever_shown_nothing_stands_anywhere(qtbot: QtBot) -> None:
    made = Lanes(NOW)
    qtbot.addWidget(made)
    assert made.hint_at(QPointF(5, 5)) == ""
    made.set_lanes([lane(1)])
    made.select("id1")
    assert made.hold(1).startswith("EMAS on scene")


def test_the_keyboard_goes_to_what_is_in_the_selected_lane(view: TimelineView, lanes: Lanes) -> None:
    view.set_lanes([lane(1, "EMAS on scene"), lane(2, "Police on scene")])
    assert lanes.hold(1) == "", "no lane is selected"
    lanes.select("id2")
    assert lanes.hold(1).startswith("Police on scene")
    assert lanes.held is not None
    assert lanes.held.label == "Police on scene"  # type: ignore[union-attr] # a segment
    view.set_lanes([lane(1)])
    assert lanes.hold(1) == "", "its lane is gone"


def test_segments_are_painted_where_their_time_is(view: TimelineView, lanes: Lanes) -> None:
    view.set_lanes([Lane("a", "1", segments=(Segment(NOW - 60 * MINUTE, NOW - 30 * MINUTE, "ems"),))])
    dark = style.current()
    assert colour_at(lanes, NOW - 45 * MINUTE, 0) == dark.ems
    assert colour_at(lanes, NOW - 27 * MINUTE, 0) == dark.panel
    assert colour_at(lanes, NOW - 66 * MINUTE, 0) == dark.panel


def test_an_open_segment_grows_with_now(view: TimelineView, lanes: Lanes) -> None:
    view.set_lanes([Lane("a", "1", segments=(Segment(NOW, None, "cru"),))])
    lanes.pan(30)
    later = NOW + 20 * MINUTE
    assert colour_at(lanes, NOW + 10 * MINUTE, 0) == style.current().panel
    view.set_now(later)
    assert colour_at(lanes, NOW + 10 * MINUTE, 0) == style.current().cru


def test_predicted_is_an_outline_and_handover_is_striped(view: TimelineView, lanes: Lanes) -> None:
    predicted = Segment(NOW + 5 * MINUTE, NOW + 40 * MINUTE, "predicted")
    handover = Segment(NOW - 40 * MINUTE, NOW - 5 * MINUTE, "handover")
    view.set_lanes([Lane("a", "1", segments=(handover, predicted))])
    assert colour_at(lanes, NOW + 20 * MINUTE, 0) == style.current().panel
    found = {colour_at(lanes, NOW - 25 * MINUTE, 0, dy) for dy in range(-8, 9)}
    assert {style.current().cru, style.current().hatch} <= found


def test_lanes_stay_in_the_order_given(view: TimelineView, lanes: Lanes) -> None:
    view.set_lanes([lane(3), lane(1), lane(2)])
    shown = [lanes.lane_at(row_y(lanes, row)) for row in range(3)]
    assert [found.id for found in shown if found] == ["id3", "id1", "id2"]
    assert lanes.lane_at(row_y(lanes, 3)) is None


def test_a_click_selects_and_tells(view: TimelineView, lanes: Lanes, qtbot: QtBot) -> None:
    view.set_lanes([lane(1), lane(2)])
    with qtbot.waitSignal(view.lane_clicked, timeout=1000) as told:
        qtbot.mouseClick(lanes.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(400, row_y(lanes, 1)))
    assert told.args == ["id2"]
    assert view.selected() == "id2"
    with qtbot.waitSignal(view.lane_activated, timeout=1000) as told:
        qtbot.mouseDClick(lanes.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(400, row_y(lanes, 0)))
    assert told.args == ["id1"]


def test_a_click_below_the_lanes_changes_nothing(view: TimelineView, lanes: Lanes, qtbot: QtBot) -> None:
    view.set_lanes([lane(1)])
    view.select("id1")
    with qtbot.assertNotEmitted(view.lane_clicked):
        qtbot.mouseClick(lanes.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(400, row_y(lanes, 2)))
    assert view.selected() == "id1"


def test_arrow_keys_choose_and_return_opens(view: TimelineView, lanes: Lanes, qtbot: QtBot) -> None:
    view.set_lanes([lane(1), lane(2), lane(3)])
    chosen: list[str] = []
    view.lane_clicked.connect(chosen.append)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_Down):
        qtbot.keyClick(lanes, key)
    assert chosen == ["id1", "id2", "id1", "id3", "id3"]
    with qtbot.waitSignal(view.lane_activated, timeout=1000) as told:
        qtbot.keyClick(lanes, Qt.Key.Key_Return)
    assert told.args == ["id3"]


def test_selecting_from_outside_is_silent_and_brings_into_view(
    view: TimelineView, lanes: Lanes, qtbot: QtBot
) -> None:
    view.set_lanes([lane(at) for at in range(100)])
    with qtbot.assertNotEmitted(view.lane_clicked):
        view.select("id60")
    found = lanes.lane_at(row_y(lanes, 60))
    assert found is not None
    assert found.id == "id60"
    view.select("nobody")
    assert view.selected() is None


def test_selection_and_top_lane_survive_a_change_of_lanes(view: TimelineView, lanes: Lanes) -> None:
    view.set_lanes([lane(at) for at in range(50)])
    view.select("id21")
    lanes.verticalScrollBar().setValue(20 * 44 + 7)
    view.set_lanes([lane(100), lane(101), *(lane(at) for at in range(50) if at != 3)])
    top = lanes.lane_at(0)
    assert top is not None
    assert top.id == "id20"
    assert lanes.verticalScrollBar().value() == 21 * 44 + 7
    assert view.selected() == "id21"
    view.set_lanes([lane(1)])
    assert view.selected() is None


def test_keys_zoom_within_limits_and_keep_now_in_place(view: TimelineView, lanes: Lanes, qtbot: QtBot) -> None:
    place = lanes.scale.x(NOW)
    for _ in range(60):
        qtbot.keyClick(lanes, Qt.Key.Key_Minus)
    assert view.scale().span == LONGEST
    for _ in range(60):
        qtbot.keyClick(lanes, Qt.Key.Key_Plus)
    assert view.scale().span == SHORTEST
    assert lanes.scale.x(NOW) == pytest.approx(place, abs=0.5)
    assert view.following()


def wheel(target: QWidget, x: float, dy: int, modifiers: Qt.KeyboardModifier) -> None:
    at = QPointF(x, 20)
    event = QWheelEvent(
        at,
        QPointF(target.mapToGlobal(at.toPoint())),
        QPoint(),
        QPoint(0, dy),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(target, event)


def test_the_wheel_zooms_pans_and_scrolls(view: TimelineView, lanes: Lanes) -> None:
    view.set_lanes([lane(at) for at in range(50)])
    span = lanes.scale.span
    wheel(lanes.viewport(), 600, 120, Qt.KeyboardModifier.NoModifier)
    assert lanes.scale.span < span
    assert view.following()
    start = lanes.scale.start
    wheel(lanes.viewport(), 600, 120, Qt.KeyboardModifier.ShiftModifier)
    assert lanes.scale.start < start
    assert not view.following()
    under = lanes.scale.at(600 - 184)
    wheel(lanes.viewport(), 600, -120, Qt.KeyboardModifier.NoModifier)
    assert abs(lanes.scale.at(600 - 184) - under) < timedelta(seconds=1)
    wheel(lanes.viewport(), 50, -120, Qt.KeyboardModifier.NoModifier)
    assert lanes.verticalScrollBar().value() > 0


def test_a_drag_moves_time_and_chooses_nothing(view: TimelineView, lanes: Lanes, qtbot: QtBot) -> None:
    view.set_lanes([lane(1)])
    before = lanes.scale.start
    port = lanes.viewport()

    def send(kind: QEvent.Type, x: float, held: Qt.MouseButton) -> None:
        at = QPointF(x, 20)
        left = Qt.MouseButton.LeftButton
        QApplication.sendEvent(port, QMouseEvent(kind, at, at, left, held, Qt.KeyboardModifier.NoModifier))

    with qtbot.assertNotEmitted(view.lane_clicked):
        send(QEvent.Type.MouseButtonPress, 500, Qt.MouseButton.LeftButton)
        for x in (520, 560, 600):
            send(QEvent.Type.MouseMove, x, Qt.MouseButton.LeftButton)
        moved = lanes.scale.x(before)
        # Back to where it was pressed: that is a drag as well, and no click.
        send(QEvent.Type.MouseMove, 501, Qt.MouseButton.LeftButton)
        back = lanes.scale.x(before)
        send(QEvent.Type.MouseButtonRelease, 501, Qt.MouseButton.NoButton)
    assert (moved, back) == (pytest.approx(100, abs=0.1), pytest.approx(1, abs=0.1))
    assert view.selected() is None
    assert not view.following()


def test_home_comes_back_to_now(view: TimelineView, lanes: Lanes, qtbot: QtBot) -> None:
    qtbot.keyClick(lanes, Qt.Key.Key_Left)
    assert not view.following()
    qtbot.keyClick(lanes, Qt.Key.Key_Home)
    assert view.following()
    view.set_now(NOW + 60 * MINUTE)
    assert lanes.scale.x(NOW + 60 * MINUTE) == pytest.approx(lanes.scale.width / 2, abs=1)


def test_a_panned_view_never_moves_by_itself(view: TimelineView, lanes: Lanes) -> None:
    lanes.pan(-200)
    start = lanes.scale.start
    view.set_now(NOW + 60 * MINUTE)
    assert lanes.scale.start == start


def test_a_second_paints_nothing_when_no_pixel_moved(
    view: TimelineView, lanes: Lanes, painted: Callable[[Callable[[], object]], QRegion]
) -> None:
    view.set_lanes([lane(1)])
    lanes.zoom(1000)
    assert painted(lambda: view.set_now(NOW + timedelta(seconds=1))).isEmpty()
    minute = painted(lambda: view.set_now(NOW + MINUTE)).boundingRect()
    assert minute.height() <= 28
    assert not painted(lambda: view.set_now(NOW + 180 * MINUTE)).isEmpty()


def test_only_the_lane_that_changed_is_painted(
    view: TimelineView, lanes: Lanes, painted: Callable[[Callable[[], object]], QRegion]
) -> None:
    before = [lane(1), lane(2), lane(3)]
    view.set_lanes(before)
    assert painted(lambda: view.set_lanes(list(before))).isEmpty()
    changed = painted(lambda: view.set_lanes([lane(1), lane(2, "handed over"), lane(3)])).boundingRect()
    assert changed.top() + 1 >= 44
    assert changed.bottom() <= 89


def test_a_choice_paints_the_lane_that_was_and_the_lane_that_is(
    view: TimelineView, lanes: Lanes, painted: Callable[[Callable[[], object]], QRegion]
) -> None:
    view.set_lanes([lane(at) for at in range(1, 6)])
    view.select("id2")

    def rows(region: QRegion) -> set[int]:
        return {row for row in range(5) if region.contains(QPoint(300, row * 44 + 22))}

    assert rows(painted(lambda: view.select("id4"))) == {1, 3}
    assert rows(painted(lambda: view.select(None))) == {3}
    for kind in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
        # The ring comes and goes.
        assert rows(painted(lambda kind=kind: QApplication.sendEvent(lanes, QFocusEvent(kind)))) == {0, 1, 2, 3, 4}


def test_ten_thousand_lanes_paint_only_what_is_visible(view: TimelineView, lanes: Lanes) -> None:
    view.set_lanes([lane(at) for at in range(10_000)])
    rows = lanes._frame.rows(0, lanes.viewport().height(), 5000 * 44, 10_000)
    assert rows.start == 5000
    assert len(rows) <= lanes.viewport().height() // 44 + 2
    view.select("id9999")
    assert colour_at(lanes, NOW - 10 * MINUTE, 9999) == style.current().ems


def test_hints_tell_exact_local_times(view: TimelineView, lanes: Lanes) -> None:
    view.set_lanes([lane(1, marks=(Mark(NOW - 20 * MINUTE, "with patient"),))])

    def at(when: datetime) -> str:
        return lanes.hint_at(QPointF(184 + lanes.scale.x(when), 22))

    assert at(NOW - 10 * MINUTE) == "EMAS on scene\nSun 22 Nov 03:12:17 to now\n30 min"
    assert at(NOW - 20 * MINUTE).startswith("with patient\nSun 22 Nov 03:22:17\nEMAS on scene")
    assert at(NOW - 60 * MINUTE) == ""
    assert lanes.hint_at(QPointF(20, 22)) == "0001 CRU1"


def test_the_selected_lane_is_told_to_a_screen_reader(view: TimelineView, lanes: Lanes) -> None:
    view.set_lanes([lane(1), lane(2)])
    assert lanes.accessibleName() == "Handover timelines"
    assert lanes.accessibleDescription() == "2 lanes, none selected"
    view.select("id2")
    assert lanes.accessibleDescription() == ("Lane 2 of 2: 0002 CRU1. EMAS: EMAS on scene, 30 min, still running")
    view.set_now(NOW + 5 * MINUTE)
    assert "35 min, still running" in lanes.accessibleDescription()


@pytest.mark.parametrize("theme", ["dark", "light", "contrast"])
@pytest.mark.parametrize("percent", [100, 150])
def test_every_theme_and_scale_draws_empty_and_full(
    view: TimelineView, lanes: Lanes, qapp: QApplication, theme: str, percent: int
) -> None:
    style.apply(qapp, theme, percent)
    plain = lanes.viewport().grab().toImage()
    inks = np.unique(np.frombuffer(plain.convertToFormat(QImage.Format.Format_RGB32).constBits(), np.uint32))
    assert style.current().text_dim in {QColor(int(ink)).name() for ink in inks}
    view.set_lanes([lane(1)])
    full = lanes.viewport().grab().toImage()
    x = lanes._frame.column + round(lanes.scale.x(NOW - 2 * MINUTE))
    assert QColor(full.pixel(x, style.px(22))).name() == style.current().ems


def test_a_longer_label_widens_the_column_at_once_and_never_narrows_it(view: TimelineView, lanes: Lanes) -> None:
    view.set_lanes([lane(1)])
    before, width = lanes._frame.column, lanes.scale.width
    view.set_lanes([Lane("a", "0042 Kettering and far beyond it", "CRU1, CRU2 and CRU3")])
    wide = lanes._frame.column
    assert wide > before
    assert lanes.scale.width == width - (wide - before)
    view.set_lanes([lane(1)])
    assert lanes._frame.column == wide
