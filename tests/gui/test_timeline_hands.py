"""What hands do to the timelines, act by act, and what the canvas shows where."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QAccessibleAnnouncementEvent, QColor, QHelpEvent, QMouseEvent, QRegion, QWheelEvent
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from console.look import style
from console.look.widgets import ActionButton
from console.running.faults import faults
from console.timeline import input as hands
from console.timeline.input import Lanes
from console.timeline.lanes import Lane, Mark, Segment
from console.timeline.legend import Legend
from console.timeline.view import NOTHING_RUNS, TimelineView
from tests.gui.desks import put_on, stage

__all__ = ["stage"]
NOW = datetime(2026, 11, 22, 3, 42, 17, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
COLUMN, ROW, HIGH = 184, 44, 28
Key, Held, Button = Qt.Key, Qt.KeyboardModifier, Qt.MouseButton


def lane(at: int, **more: Any) -> Lane:
    return Lane(f"id{at}", f"{at:04}", "CRU1", segments=(Segment(NOW - 30 * MINUTE, None, "ems", "EMAS"),), **more)


@pytest.fixture
def view(stage: QWidget) -> TimelineView:
    made = TimelineView(NOW)
    put_on(stage, made, 1000, 320)
    return made


@pytest.fixture
def lanes(view: TimelineView) -> Lanes:
    return view.findChildren(Lanes)[0]


@pytest.fixture
def chosen(view: TimelineView) -> list[str]:
    found: list[str] = []
    view.lane_clicked.connect(found.append)
    return found


@pytest.fixture
def opened(view: TimelineView) -> list[str]:
    found: list[str] = []
    view.lane_activated.connect(found.append)
    return found


def show(view: TimelineView, count: int) -> None:
    view.set_lanes([lane(n) for n in range(count)])


@pytest.mark.parametrize(
    ("key", "factor"), [(Key.Key_Plus, 0.8), (Key.Key_Equal, 0.8), (Key.Key_Minus, 1.25)], ids=lambda v: str(v)
)
def test_keys_zoom_by_a_quarter(lanes: Lanes, qtbot: QtBot, key: Qt.Key, factor: float) -> None:
    span = lanes.scale.span
    qtbot.keyClick(lanes, key)
    assert lanes.scale.span / span == pytest.approx(factor)
    assert lanes.following


@pytest.mark.parametrize(("key", "share"), [(Key.Key_Left, -0.1), (Key.Key_Right, 0.1)], ids=lambda v: str(v))
def test_keys_pan_by_a_tenth(lanes: Lanes, qtbot: QtBot, key: Qt.Key, share: float) -> None:
    start = lanes.scale.start
    qtbot.keyClick(lanes, key)
    assert (lanes.scale.start - start) / lanes.scale.span == pytest.approx(share)
    assert not lanes.following


@pytest.mark.parametrize(
    ("keys", "choices"),
    [
        ((Key.Key_Up,), [0]),
        ((Key.Key_Down,), [0]),
        ((Key.Key_PageDown,), [0]),
        ((Key.Key_Down, Key.Key_Down, Key.Key_Down, Key.Key_Up), [0, 1, 2, 1]),
        ((Key.Key_Down, Key.Key_Up), [0, 0]),
        # As many lanes at once as are seen whole.
        ((Key.Key_Down, Key.Key_PageDown, Key.Key_PageDown, Key.Key_PageUp), [0, 5, 10, 5]),
        ((Key.Key_Down, *(Key.Key_PageDown,) * 9), [0, 5, 10, 15, 19, 19, 19, 19, 19, 19]),
    ],
)
def test_keys_choose_lane_by_lane(
    view: TimelineView, lanes: Lanes, chosen: list[str], qtbot: QtBot, keys: tuple[Qt.Key, ...], choices: list[int]
) -> None:
    show(view, 20)
    assert lanes.viewport().height() - HIGH in range(5 * ROW, 6 * ROW)
    for key in keys:
        qtbot.keyClick(lanes, key)
    assert chosen == [f"id{n}" for n in choices]
    assert view.selected() == chosen[-1]


def test_each_step_of_the_keys_is_read_aloud(
    view: TimelineView, lanes: Lanes, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[object, str]] = []

    def read(event: QAccessibleAnnouncementEvent) -> None:
        heard.append((event.object(), event.message()))

    monkeypatch.setattr(hands, "QAccessible", SimpleNamespace(updateAccessibility=read))
    qtbot.keyClick(lanes, Key.Key_Down)
    assert heard == [], "there is no lane"
    show(view, 3)
    for key in (Key.Key_Down, Key.Key_Down, Key.Key_PageDown, Key.Key_Up):
        qtbot.keyClick(lanes, key)
    assert [one for one, _ in heard] == [lanes] * 4
    assert [words.partition(":")[0] for _, words in heard] == [f"Lane {n} of 3" for n in (1, 2, 3, 2)]
    assert all("CRU1" in words or "EMAS" in words for _, words in heard)
    # What is chosen otherwise is read by whoever looks there.
    view.select("id0")
    assert len(heard) == 4


def test_what_the_keyboard_goes_to_in_a_lane_is_seen_heard_and_chosen(
    view: TimelineView, lanes: Lanes, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    tips: list[tuple[QPoint, str]] = []
    chosen: list[str] = []
    read = SimpleNamespace(updateAccessibility=lambda event: heard.append(event.message()))
    monkeypatch.setattr(hands, "QAccessible", read)
    monkeypatch.setattr(hands, "QToolTip", SimpleNamespace(showText=lambda at, text, _on: tips.append((at, text))))
    lanes.thing_clicked.connect(chosen.append)
    ctrl = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(lanes, Key.Key_Right, ctrl)
    assert (heard, tips, view.selected()) == ([], [], None), "there is no lane"
    job = Segment(NOW - 20 * MINUTE, None, "travel", "0042", about="a referral")
    duty = Segment(NOW - 60 * MINUTE, NOW + 60 * MINUTE, "duty", "CRU2")
    view.set_lanes([Lane("van", "CRU2", segments=(job,), ground=(duty,)), Lane("none", "CRU3")])
    qtbot.keyClick(lanes, Key.Key_Right, ctrl)
    assert view.selected() == "van", "of no lane the first is taken"
    assert lanes.held is job
    at = lanes.viewport().mapToGlobal(lanes.held_at().toPoint())
    assert tips == [(at, "0042\nSun 22 Nov 03:22:17 to now\n20 min")]
    assert heard[-1] == "0042, Sun 22 Nov 03:22:17 to now, 20 min"
    qtbot.keyClick(lanes, Key.Key_Left, ctrl)
    assert (lanes.held, chosen) == (duty, ["a referral"])
    # A lane with nothing in it says nothing, and holds nothing.
    qtbot.keyClick(lanes, Key.Key_Down)
    heard.clear()
    tips.clear()
    qtbot.keyClick(lanes, Key.Key_Right, ctrl)
    assert (heard, tips, lanes.held, lanes.held_at()) == ([], [], None, QPointF())


def test_in_a_low_panel_a_page_is_a_lane(stage: QWidget, qtbot: QtBot) -> None:
    low = TimelineView(NOW)
    put_on(stage, low, 1000, 80)
    show(low, 4)
    low.select("id1")
    qtbot.keyClick(low.findChildren(Lanes)[0], Key.Key_PageDown)
    assert low.selected() == "id2"


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Enter], ids=lambda v: str(v))
def test_return_opens_what_is_chosen_and_nothing_else(
    view: TimelineView, lanes: Lanes, opened: list[str], qtbot: QtBot, key: Qt.Key
) -> None:
    show(view, 3)
    qtbot.keyClick(lanes, key)
    assert opened == []
    view.select("id2")
    qtbot.keyClick(lanes, key)
    assert opened == ["id2"]


@pytest.mark.parametrize(
    ("held", "acts"),
    [
        (Held.NoModifier, True),
        (Held.ShiftModifier, True),
        (Held.KeypadModifier, True),
        (Held.ControlModifier, False),
        (Held.AltModifier, False),
        (Held.ControlModifier | Held.ShiftModifier, False),
    ],
    ids=str,
)
def test_keys_held_with_control_or_alt_belong_to_others(
    lanes: Lanes, qtbot: QtBot, held: Qt.KeyboardModifier, acts: bool
) -> None:
    span = lanes.scale.span
    qtbot.keyClick(lanes, Key.Key_Plus, held)
    assert (lanes.scale.span != span) is acts
    qtbot.keyClick(lanes, Key.Key_A)
    assert lanes.following


def wheel(target: QWidget, x: float, dx: int, dy: int, held: Qt.KeyboardModifier = Held.NoModifier) -> bool:
    at, none = QPointF(x, 20), Qt.ScrollPhase.NoScrollPhase
    there = QPointF(target.mapToGlobal(at.toPoint()))
    event = QWheelEvent(at, there, QPoint(), QPoint(dx, dy), Button.NoButton, held, none, False)
    QApplication.sendEvent(target, event)
    return event.isAccepted()


@pytest.mark.parametrize(
    ("dx", "dy", "held", "zoom", "pan"),
    [
        (0, 120, Held.NoModifier, 0.8, 0),
        (0, -120, Held.NoModifier, 1.25, 0),
        (0, -240, Held.NoModifier, 1.5625, 0),
        (0, 120, Held.ShiftModifier, 1, -0.1),
        (0, -60, Held.ShiftModifier, 1, 0.05),
        (120, 0, Held.NoModifier, 1, -0.1),
        (-240, 0, Held.NoModifier, 1, 0.2),
        (-240, 120, Held.NoModifier, 1, 0.2),
        (0, 120, Held.ControlModifier, 0.8, 0),
    ],
    ids=str,
)
def test_a_notch_of_the_wheel_is_a_quarter_or_a_tenth(
    lanes: Lanes, dx: int, dy: int, held: Qt.KeyboardModifier, zoom: float, pan: float
) -> None:
    before = lanes.scale
    assert wheel(lanes.viewport(), 600, dx, dy, held)
    assert lanes.scale.span / before.span == pytest.approx(zoom)
    assert lanes.following is (pan == 0)
    if pan:
        assert (lanes.scale.start - before.start) / before.span == pytest.approx(pan)
    else:
        assert lanes.scale.x(NOW) == pytest.approx(lanes.scale.width / 2, abs=1)


def test_over_the_labels_the_wheel_scrolls(view: TimelineView, lanes: Lanes) -> None:
    show(view, 40)
    before = lanes.scale
    for x in (0, COLUMN - 1):
        lanes.verticalScrollBar().setValue(0)
        wheel(lanes.viewport(), x, 0, -120)
        assert lanes.verticalScrollBar().value() > 0
    assert lanes.scale == before
    wheel(lanes.viewport(), COLUMN, 0, -120)
    assert lanes.scale != before


def test_away_from_now_keys_zoom_around_now_while_it_is_seen_and_then_around_the_middle(lanes: Lanes) -> None:
    lanes.pan(100)
    place = lanes.scale.x(NOW)
    lanes.zoom(0.8)
    assert lanes.scale.x(NOW) == pytest.approx(place, abs=0.1)
    for far in (3000, -6000):
        lanes.pan(far)
        middle = lanes.scale.at(lanes.scale.width / 2)
        lanes.zoom(0.8)
        assert lanes.scale.x(middle) == pytest.approx(lanes.scale.width / 2, abs=0.1)
    under = lanes.scale.at(50)
    lanes.zoom(2, 50)
    assert lanes.scale.x(under) == pytest.approx(50, abs=0.1)


class Mouse:
    """Presses, moves and lets go over a widget."""

    def __init__(self, target: QWidget) -> None:
        self.target = target

    def send(self, kind: QEvent.Type, x: float, y: float, button: Qt.MouseButton = Button.LeftButton) -> None:
        at = QPointF(x, y)
        held = Button.NoButton if kind == QEvent.Type.MouseButtonRelease else button
        QApplication.sendEvent(self.target, QMouseEvent(kind, at, at, button, held, Held.NoModifier))

    def press(self, x: float, y: float, button: Qt.MouseButton = Button.LeftButton) -> None:
        self.send(QEvent.Type.MouseButtonPress, x, y, button)

    def move(self, x: float, y: float) -> None:
        self.send(QEvent.Type.MouseMove, x, y)

    def release(self, x: float, y: float, button: Qt.MouseButton = Button.LeftButton) -> None:
        self.send(QEvent.Type.MouseButtonRelease, x, y, button)


@pytest.fixture
def mouse(lanes: Lanes) -> Mouse:
    return Mouse(lanes.viewport())


def test_a_trembling_hand_still_clicks(view: TimelineView, mouse: Mouse, lanes: Lanes, chosen: list[str]) -> None:
    show(view, 3)
    far = QApplication.startDragDistance()
    before = lanes.scale
    mouse.press(400, 22)
    mouse.move(400 + far - 1, 22)
    mouse.release(400 + far - 1, 22)
    assert (chosen, lanes.scale) == (["id0"], before)
    mouse.press(400, 22)
    mouse.move(400 + far, 22)
    assert lanes.scale.start < before.start
    # Once it drags, the smallest step counts.
    start = lanes.scale.start
    mouse.move(401 + far, 22)
    assert lanes.scale.start < start
    mouse.release(401 + far, 22)
    assert chosen == ["id0"]
    # The next click is a click again.
    mouse.press(400, 66)
    mouse.release(400, 66)
    assert chosen == ["id0", "id1"]


def test_a_drag_straight_up_leaves_time_alone(view: TimelineView, mouse: Mouse, lanes: Lanes) -> None:
    show(view, 40)
    mouse.press(400, 200)
    mouse.move(400, 100)
    assert lanes.following
    assert lanes.verticalScrollBar().value() == 100
    mouse.move(390, 100)
    assert not lanes.following


def test_moving_without_pressing_and_other_buttons_do_nothing(
    view: TimelineView, mouse: Mouse, lanes: Lanes, chosen: list[str], opened: list[str]
) -> None:
    show(view, 3)
    before = lanes.scale
    mouse.move(600, 22)
    mouse.press(400, 22, Button.RightButton)
    mouse.move(600, 22)
    mouse.release(400, 22, Button.RightButton)
    mouse.release(400, 22)
    assert (lanes.scale, chosen) == (before, [])
    mouse.send(QEvent.Type.MouseButtonDblClick, 400, 200)
    assert (opened, view.selected()) == ([], None)
    mouse.send(QEvent.Type.MouseButtonDblClick, 400, 66)
    assert (opened, view.selected(), chosen) == (["id1"], "id1", [])


@pytest.mark.parametrize("y", [292, 300, 319])
def test_below_the_lanes_is_the_axis_and_no_lane(view: TimelineView, lanes: Lanes, y: int) -> None:
    show(view, 40)
    body = lanes.viewport().height() - HIGH
    assert lanes.lane_at(body - 1) is not None
    assert lanes.lane_at(body) is None
    assert lanes.lane_at(body + y - 292) is None
    assert lanes.lane_at(-1) is None


def tip(lanes: Lanes, at: QPoint, kind: QEvent.Type = QEvent.Type.ToolTip) -> bool:
    event = QHelpEvent(kind, at, lanes.viewport().mapToGlobal(at))
    return QApplication.sendEvent(lanes.viewport(), event) and event.isAccepted()


def test_a_rest_of_the_pointer_tells_what_is_there(view: TimelineView, lanes: Lanes) -> None:
    show(view, 2)
    at = QPoint(COLUMN + round(lanes.scale.x(NOW - 10 * MINUTE)), 66)
    tip(lanes, at, QEvent.Type.WhatsThis)
    assert QToolTip.text() == ""
    assert tip(lanes, at)
    assert QToolTip.text().startswith("EMAS\n")


def test_the_pointer_on_a_mark_is_within_four_pixels(view: TimelineView, lanes: Lanes) -> None:
    view.set_lanes([Lane("a", "1", marks=(Mark(NOW, "accepted"),))])
    x = COLUMN + lanes.scale.x(NOW)
    assert [bool(lanes.hint_at(QPointF(x + off, 22))) for off in (-5, -3, 0, 3, 5)] == [
        False,
        True,
        True,
        True,
        False,
    ]
    assert lanes.hint_at(QPointF(x, 200)) == ""
    assert lanes.hint_at(QPointF(COLUMN - 1, 22)) == "1"
    assert lanes.hint_at(QPointF(COLUMN, 22)) == ""


def test_new_lanes_on_top_are_seen_at_the_top_and_push_nothing_away_below(
    view: TimelineView, lanes: Lanes
) -> None:
    show(view, 20)
    view.set_lanes([lane(99), *(lane(n) for n in range(20))])
    assert lanes.verticalScrollBar().value() == 0
    lanes.verticalScrollBar().setValue(100)
    # The lane on top is gone: the place stays.
    view.set_lanes([lane(99), lane(0), *(lane(n) for n in range(3, 20))])
    assert lanes.verticalScrollBar().value() == 100
    view.set_lanes([])
    assert lanes.verticalScrollBar().value() == 0
    view.set_lanes([lane(1)])
    assert lanes.verticalScrollBar().maximum() == 0


def test_the_bar_goes_by_lanes_and_pages(view: TimelineView, lanes: Lanes) -> None:
    show(view, 20)
    bar = lanes.verticalScrollBar()
    body = lanes.viewport().height() - HIGH
    assert (bar.singleStep(), bar.pageStep(), bar.minimum(), bar.maximum()) == (ROW, body, 0, 20 * ROW - body)
    assert lanes.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    assert lanes.frameShape() == QFrame.Shape.NoFrame


def test_another_size_keeps_now_in_its_place_and_the_span(view: TimelineView, lanes: Lanes) -> None:
    show(view, 20)
    span = lanes.scale.span
    view.resize(700, 240)
    width = lanes.viewport().width() - COLUMN
    assert (lanes.scale.width, lanes.scale.span) == (width, span)
    assert lanes.scale.x(NOW) == pytest.approx(width / 2, abs=1)
    lanes.pan(40)
    start = lanes.scale.start
    view.resize(800, 240)
    assert (lanes.scale.start, lanes.following) == (start, False)


def test_larger_type_makes_larger_lanes(view: TimelineView, lanes: Lanes, qapp: QApplication) -> None:
    show(view, 20)
    lanes.verticalScrollBar().setValue(0)
    before = lanes.verticalScrollBar().singleStep()
    style.apply(qapp, "dark", 150)
    height = lanes.verticalScrollBar().singleStep()
    assert before < height <= 1.5 * before
    first, second = lanes.lane_at(height - 1), lanes.lane_at(height + 1)
    assert first is not None
    assert second is not None
    assert (first.id, second.id) == ("id0", "id1")


def test_larger_type_widens_the_column_of_labels_and_smaller_type_narrows_it(
    view: TimelineView, lanes: Lanes, qapp: QApplication
) -> None:
    widths = []
    view.set_lanes([Lane("a", "0042 Kettering and far beyond", "CRU1 and CRU2")])
    for percent in (100, 150, 100):
        style.apply(qapp, "dark", percent)
        widths.append(lanes._frame.column)
        # The same lanes again: they fit already.
        view.set_lanes([Lane("a", "0042 Kettering and far beyond", "CRU1 and CRU2")])
        assert lanes._frame.column == widths[-1]
    assert widths[0] == widths[2] > COLUMN
    assert widths[1] > widths[0]


def test_the_heading_says_what_the_colours_mean(view: TimelineView, lanes: Lanes) -> None:
    [legend] = view.findChildren(Legend)
    assert legend.isVisible()
    assert legend.mapTo(view, legend.rect().bottomRight()).y() < lanes.mapTo(view, lanes.rect().topLeft()).y()


def labels(view: TimelineView) -> str:
    return " | ".join(label.text() for label in view.findChildren(QLabel) if not label.isHidden())


def test_the_heading_says_which_time_is_shown_and_offers_the_way_back(
    view: TimelineView, lanes: Lanes, qtbot: QtBot
) -> None:
    [back] = [button for button in view.findChildren(ActionButton) if "Back to now" in button.text()]
    assert "02:27 to 04:57" in labels(view)
    assert back.isHidden()
    lanes.pan(-lanes.scale.width * 2)
    assert "21:27 to 23:57" in labels(view)
    assert back.isVisible()
    lanes.pan(lanes.scale.width / 2)
    assert "Sat 21 22:42 to Sun 22 01:12" in labels(view)
    back.click()
    assert view.following()
    assert back.isHidden()
    assert "02:27 to 04:57" in labels(view)


def test_the_panel_is_named_and_hands_its_focus_on(view: TimelineView, lanes: Lanes) -> None:
    assert view.accessibleName() == lanes.accessibleName() == "Handover timelines"
    assert view.focusProxy() is lanes
    assert lanes.focusPolicy() == Qt.FocusPolicy.StrongFocus
    assert view.layout().contentsMargins().left() == view.layout().spacing() == 0  # type: ignore[union-attr] # it has one
    assert lanes.mapTo(view, lanes.rect().bottomLeft()).y() == view.rect().bottom()
    assert lanes.geometry().width() == view.width()


def test_a_lane_that_cannot_be_told_says_so(view: TimelineView, lanes: Lanes) -> None:
    view.set_lanes([Lane("a", "1", segments=(Segment(NOW, None, "hearsay"),))])  # type: ignore[arg-type] # on purpose
    view.select("a")
    assert lanes.accessibleDescription() == "Lane 1 of 1: cannot be told"
    view.set_lanes([])
    faults.forget()


class Canvas:
    """The colours that stand on the canvas."""

    def __init__(self, lanes: Lanes) -> None:
        self.image = lanes.viewport().grab().toImage()

    def at(self, x: float, y: float) -> str:
        return str(QColor(self.image.pixel(round(x), round(y))).name())

    def among(self, box: QRect) -> set[str]:
        return {self.at(x, y) for x in range(box.left(), box.right()) for y in range(box.top(), box.bottom())}

    def written(self, colour: str, box: QRect) -> bool:
        """Whether letters of that colour stand in a box: thin ones reach it nearly, nowhere quite."""
        wanted = QColor(colour).getRgb()
        found = (QColor(one).getRgb() for one in self.among(box))
        return any(all(abs(a - b) <= 8 for a, b in zip(one, wanted, strict=True)) for one in found)


def test_the_chosen_lane_stands_out_with_a_bar_and_each_has_its_line(view: TimelineView, lanes: Lanes) -> None:
    show(view, 3)
    view.select("id1")
    lanes.clearFocus()
    canvas, dark = Canvas(lanes), style.current()
    assert [canvas.at(190, row * ROW + 3) for row in range(3)] == [dark.panel, dark.selection, dark.panel]
    assert [canvas.at(1, row * ROW + 22) for row in range(3)] == [dark.panel, dark.link, dark.panel]
    assert [canvas.at(190, row * ROW + 43) for row in range(3)] == [dark.line] * 3
    assert canvas.written(dark.text, QRect(8, 4, 60, 36))


def test_what_is_scrolled_under_the_axis_or_the_labels_is_not_seen(view: TimelineView, lanes: Lanes) -> None:
    dark = style.current()
    body = lanes.viewport().height() - HIGH
    under = Segment(NOW - 20 * 60 * MINUTE, NOW + 20 * 60 * MINUTE, "ems")
    view.set_lanes(
        [Lane(f"id{n}", f"{n:04}", segments=(under,), marks=(Mark(NOW - 78 * MINUTE, "m"),)) for n in range(20)]
    )
    lanes.verticalScrollBar().setValue(10)
    last = (body + 10) // ROW
    lanes._selected = f"id{last}"
    lanes.clearFocus()
    canvas = Canvas(lanes)
    # The lane at the foot is cut by the axis, under the labels as well.
    assert canvas.at(100, body - 1) != dark.panel
    # Day and zone stand there; what is chosen does not go on below them.
    foot = canvas.among(QRect(1, body + 1, COLUMN - 8, HIGH - 4))
    assert dark.panel in foot
    assert foot.isdisjoint({dark.selection, dark.link, dark.text})
    # A mark and the line of now that have gone left of the window are not drawn over the labels.
    lanes._selected = None
    lanes.pan(lanes.scale.x(NOW) + 30)
    beside = QRect(COLUMN - 40, 20, 39, ROW)
    assert dark.late not in Canvas(lanes).among(beside)
    lanes.follow_now()
    lanes.pan(lanes.scale.x(NOW - 78 * MINUTE) + 30)
    assert Canvas(lanes).among(QRect(COLUMN - 40, 36, 39, ROW - 10)) <= {dark.panel, dark.line}


def test_the_axis_stands_below_with_now_on_red_and_its_times(view: TimelineView, lanes: Lanes) -> None:
    show(view, 3)
    look, canvas = style.current(), Canvas(lanes)
    body, now = lanes.viewport().height() - HIGH, COLUMN + round(lanes.scale.x(NOW))
    assert look.danger in canvas.among(QRect(now - 10, body + 5, 20, 15))
    # Away from now: ticks in the axis, and the grid above it.
    assert canvas.written(look.text_dim, QRect(COLUMN + 10, body + 2, now - COLUMN - 60, HIGH - 4))
    grid = {canvas.at(x, body - 10) for x in range(COLUMN + 1, now - 10)}
    assert len(grid) > 1
    assert look.late in {canvas.at(x, body - 10) for x in range(now - 3, now + 4)}


def test_lanes_of_which_nothing_was_said_are_empty(stage: QWidget) -> None:
    bare = Lanes(NOW)
    put_on(stage, bare, 600, 200)
    bare.clearFocus()
    assert Canvas(bare).among(QRect(10, 10, 500, 100)) == {style.current().panel}
    assert (bare.selected, bare.following) == (None, True)


def test_an_empty_panel_speaks_in_the_size_of_the_text(
    view: TimelineView, lanes: Lanes, qapp: QApplication
) -> None:
    def tall() -> int:
        canvas, dim = Canvas(lanes), style.current().text_dim
        rows = [y for y in range(lanes.viewport().height()) if canvas.written(dim, QRect(0, y, 800, 2))]
        return len(rows)

    lanes.clearFocus()
    small = tall()
    style.apply(qapp, "dark", 150)
    assert tall() > small


def test_the_ring_says_where_keys_go(view: TimelineView, lanes: Lanes, qtbot: QtBot) -> None:
    show(view, 3)
    lanes.clearFocus()
    edge = QRect(0, 60, 6, 100)
    without = Canvas(lanes).among(edge)
    lanes.setFocus()
    qtbot.waitUntil(lanes.hasFocus)
    assert Canvas(lanes).among(edge) - without
    foot = QRect(0, lanes.viewport().height() - 20, 6, 10)
    assert Canvas(lanes).among(foot) - {style.current().panel}


Painted = Callable[[Callable[[], object]], QRegion]


@pytest.fixture
def painted(lanes: Lanes, qapp: QApplication) -> Painted:
    """The region that is painted anew after an act."""
    region = QRegion()

    class Watch(QWidget):
        def eventFilter(self, watched: QWidget, event: QEvent) -> bool:  # type: ignore[override] # of a viewport
            nonlocal region
            if event.type() == QEvent.Type.Paint:
                region += event.region()  # type: ignore[attr-defined] # a paint event has one
            return super().eventFilter(watched, event)

    watch = Watch(lanes)
    lanes.viewport().installEventFilter(watch)

    def after(act: Callable[[], object]) -> QRegion:
        nonlocal region
        qapp.processEvents()
        region = QRegion()
        act()
        qapp.processEvents()
        return region

    return after


def test_what_changes_everything_paints_everything(view: TimelineView, lanes: Lanes, painted: Painted) -> None:
    whole = lanes.viewport().rect().adjusted(COLUMN, 0, 0, 0)
    for act in (
        lambda: view.set_lanes([lane(1)]),
        lambda: lanes.pan(10),
        lambda: lanes.zoom(2),
        view.follow_now,
        lambda: view.set_lanes([]),
        lambda: view.set_empty_text("Nothing yet."),
    ):
        region = painted(act)
        assert region.contains(whole.center())
        assert region.contains(whole.bottomRight() - QPoint(2, 2))


def test_now_paints_where_it_moved_and_the_minute_on_the_axis(
    view: TimelineView, lanes: Lanes, painted: Painted
) -> None:
    show(view, 3)
    lanes.zoom(0.01)
    lanes.pan(5)
    # A pixel further in a window that stands still: the line and what still runs are drawn anew.
    moved = painted(lambda: view.set_now(NOW + timedelta(seconds=2)))
    assert moved.contains(QPoint(COLUMN + 100, 22))
    assert not moved.contains(QPoint(10, 22))
    lanes.zoom(10_000)
    axis = painted(lambda: view.set_now(NOW + timedelta(minutes=1)))
    assert axis.contains(QPoint(COLUMN + 100, lanes.viewport().height() - 5))
    assert not axis.contains(QPoint(COLUMN + 100, 22))
    assert view.scale().span == timedelta(days=14)


def test_an_empty_panel_says_why_it_is_empty(view: TimelineView, lanes: Lanes) -> None:
    dim = style.current().text_dim
    middle = lanes.viewport().rect().adjusted(200, 100, -200, -100)
    assert lanes._empty == NOTHING_RUNS
    assert Canvas(lanes).written(dim, middle)
    view.set_empty_text("")
    assert not Canvas(lanes).written(dim, middle)


def test_the_lanes_take_the_keyboard_by_a_click_and_by_tab(lanes: Lanes) -> None:
    assert lanes.focusPolicy() == Qt.FocusPolicy.StrongFocus


def test_what_lies_under_the_pointer_and_what_lies_beside_it(view: TimelineView, lanes: Lanes) -> None:
    ahead = Segment(NOW + 5 * MINUTE, NOW + 9 * MINUTE, "predicted", "free", until=NOW + 30 * MINUTE)
    early = Segment(NOW - 40 * MINUTE, NOW - 30 * MINUTE, "predicted", "was", until=NOW - 35 * MINUTE)
    held, mark = Segment(NOW - 20 * MINUTE, None, "ems", "EMAS"), Mark(NOW - 10 * MINUTE, "mobile")
    view.set_lanes([Lane("a", "0042", segments=(early, held, ahead), marks=(mark,))])

    def under(when: datetime, off: float = 0.0, y: float = 22) -> list[object]:
        return list(lanes.things_at(QPointF(lanes._frame.column + lanes.scale.x(when) + off, y)))

    # How late it may become belongs to it; where that lies before its end, nothing goes.
    assert under(NOW + 20 * MINUTE) == under(NOW + 7 * MINUTE) == [ahead]
    assert under(NOW + 31 * MINUTE) == []
    assert under(NOW - 31 * MINUTE) == [early]
    assert under(NOW - 5 * MINUTE) == [held]
    assert under(mark.at) == under(mark.at, 3.9) == under(mark.at, -3.9) == [mark, held]
    assert under(mark.at, 4.0) == under(mark.at, -4.0) == [held]
    assert under(NOW - 5 * MINUTE, y=2) == [], "above it in its lane"
    assert under(NOW - 5 * MINUTE, y=60) == [], "below the lanes"
    assert lanes.things_at(QPointF(20, 22)) == []
    # What the keyboard is on is drawn around the same place; a moment has room around it.
    lanes.select("a")
    held_there = []
    for by in (-1, -1, -1, -1, 1, 1, 1):
        assert lanes.hold(by)
        assert lanes.held is not None
        held_there.append(lanes.held)
        assert lanes.held_at() == lanes._box(lanes.held, lanes._frame.row_rect(0, 0)).bottomLeft()
    assert held_there[3:] == [early, held, mark, ahead]
    marked = lanes._box(mark, QRectF(0, 0, 900, 44))
    assert marked == QRectF(lanes._frame.column + lanes.scale.x(mark.at) - 4, 1, 8, 42)


def test_what_the_keyboard_is_on_is_ringed_in_the_chosen_lane_alone(
    view: TimelineView, lanes: Lanes, painted: Painted
) -> None:
    show(view, 3)
    focus = style.current().focus
    view.select("id1")
    lanes.clearFocus()
    rows = [QRect(COLUMN + 1, row * ROW + 1, 400, ROW - 2) for row in range(3)]
    assert not any(focus in Canvas(lanes).among(row) for row in rows)
    region = painted(lambda: lanes.hold(1))
    assert region.contains(rows[1].center())
    assert not region.contains(rows[2].center())
    assert [focus in Canvas(lanes).among(row) for row in rows] == [False, True, False]
    at = lanes.held_at()
    assert at.y() > ROW
    view.select("id1")
    assert lanes.held is not None, "the same lane chosen again"
    view.select("id2")
    assert (lanes.held, lanes.held_at()) == (None, QPointF())
    view.select("id1")
    lanes.hold(1)
    view.set_lanes([lane(0)])
    assert lanes.held_at() == QPointF(), "its lane is gone"
    assert lanes.hold(1) == ""


def test_what_lies_outside_the_window_is_brought_into_it(view: TimelineView, lanes: Lanes) -> None:
    early, late = (Segment(NOW + at * MINUTE, NOW + (at + 5) * MINUTE, "ems", "EMAS") for at in (-600, 10))
    view.set_lanes([Lane("a", "0042", segments=(early, late))])
    view.select("a")
    lanes.hold(1)
    assert (lanes.held, lanes.following) == (late, True), "what is seen already moves nothing"
    lanes.hold(-1)
    assert lanes.held is early
    assert not lanes.following
    assert lanes.scale.x(early.start) == pytest.approx(lanes.scale.width / 2, abs=1)


def test_round_corners_are_smooth_and_the_day_stands_below_the_labels(view: TimelineView, lanes: Lanes) -> None:
    view.set_lanes([Lane("a", "1", segments=(Segment(NOW - 40 * MINUTE, NOW - 20 * MINUTE, "ems"),))])
    lanes.clearFocus()
    look, canvas = style.current(), Canvas(lanes)
    left = round(lanes._frame.column + lanes.scale.x(NOW - 40 * MINUTE))
    assert canvas.among(QRect(left, 9, 3, 3)) - {look.panel, look.ems, look.line}
    body = lanes.viewport().height() - HIGH
    assert canvas.written(look.text_dim, QRect(1, body + 1, COLUMN - 8, HIGH - 4))


def test_it_has_no_frame_and_a_page_is_what_is_seen(view: TimelineView, lanes: Lanes) -> None:
    show(view, 40)
    assert lanes.frameShape() is QFrame.Shape.NoFrame
    assert lanes.horizontalScrollBarPolicy() is Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    bar, body = lanes.verticalScrollBar(), lanes.viewport().height() - HIGH
    assert (bar.singleStep(), bar.pageStep(), bar.maximum()) == (ROW, body, 40 * ROW - body)
    show(view, 2)
    assert bar.maximum() == 0
