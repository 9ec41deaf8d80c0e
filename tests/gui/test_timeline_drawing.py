"""Which strokes a timeline is made of: their inks, their widths, their words and where they stand."""

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget
from pytestqt.qtbot import QtBot

from console.look import style
from console.look.palette import Palette
from console.timeline import drawing
from console.timeline import legend as legend_of
from console.timeline import strokes as strokes_of
from console.timeline.drawing import Frame
from console.timeline.input import Lanes
from console.timeline.lanes import SPOKEN, Lane, Mark, Segment
from console.timeline.legend import OF_VANS, Legend
from console.timeline.scale import Scale, Tick
from console.timeline.view import TimelineView
from tests.gui.desks import put_on, stage

__all__ = ["stage"]
NOW = datetime(2026, 11, 22, 3, 42, 17, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FRAME = Frame(width=700, height=300, column=100, row=40, axis=20)
SCALE = Scale(NOW - 60 * MINUTE, 100 * MINUTE, 600)  # six pixels a minute
ROW = QRectF(0, 40, 700, 40)


class Strokes(QPainter):
    """Writes down what is drawn through it, and draws it too."""

    def __init__(self, image: QImage) -> None:
        super().__init__(image)
        self.image = image  # painted on for as long as this lives
        self.lines: list[tuple[str, float, float, float]] = []
        self.words: list[tuple[str, str, QRectF, str, bool]] = []
        self.boxes: list[tuple[QRectF, str, float, str]] = []
        self.alphas: list[int] = []

    def drawLine(self, *given: Any) -> None:  # noqa: N802 - Qt's name
        one = given[0] if len(given) == 2 else QPointF(*given[:2])
        self.lines.append((self.pen().color().name(), self.pen().widthF(), float(one.x()), float(one.y())))
        self.alphas.append(self.pen().color().alpha())
        super().drawLine(*given)

    def drawText(self, *given: Any) -> None:  # noqa: N802 - Qt's name
        box, _, text = given
        font = self.font()
        self.words.append((text, self.pen().color().name(), QRectF(box), font.family(), font.bold()))
        super().drawText(*given)

    def drawRoundedRect(self, box: QRectF, *round_by: Any) -> None:  # noqa: N802 - Qt's name
        ink = "" if self.pen().style() is Qt.PenStyle.NoPen else self.pen().color().name()
        fill = "" if self.brush().style() is Qt.BrushStyle.NoBrush else self.brush().color().name()
        self.boxes.append((QRectF(box), ink, self.pen().widthF() if ink else 0.0, fill))
        super().drawRoundedRect(box, *round_by)

    def said(self) -> list[tuple[str, str]]:
        return [(text, ink) for text, ink, *_ in self.words]


@pytest.fixture
def strokes(qapp: QApplication) -> Iterator[Strokes]:
    style.apply(qapp, "dark", 100)
    painter = Strokes(QImage(700, 300, QImage.Format.Format_ARGB32))
    yield painter
    painter.end()


@pytest.fixture
def colours(strokes: Strokes) -> Palette:
    return style.current()


def name(colour: str) -> str:
    return QColor(colour).name()


def x(minutes: float) -> float:
    """Pixels of a time, in minutes from now."""
    return 100 + 6 * (60 + minutes)


def test_midnight_is_firmer_on_the_grid(strokes: Strokes, colours: Palette) -> None:
    ticks = (Tick(NOW - 30 * MINUTE, "03:12", major=False), Tick(NOW, "Sun 22 Nov", major=True))
    drawing.draw_grid(strokes, FRAME, SCALE, ticks, colours)
    assert [(ink, at) for ink, _, at, _ in strokes.lines] == [
        (name(colours.line), x(-30)),
        (name(colours.line), x(0)),
    ]
    assert strokes.alphas == [110, 255]


def test_the_axis_says_local_times_and_now_on_red(strokes: Strokes, colours: Palette) -> None:
    ticks = (
        Tick(NOW - 65 * MINUTE, "off", major=False),
        Tick(NOW - 30 * MINUTE, "03:12", major=False),
        Tick(NOW - 1 * MINUTE, "hidden", major=False),
        Tick(NOW + 30 * MINUTE, "Mon 23 Nov", major=True),
        Tick(NOW + 40 * MINUTE, "cut at the edge", major=False),
    )
    drawing.draw_axis(strokes, FRAME, SCALE, ticks, NOW, colours)
    assert strokes.said() == [
        ("03:12", name(colours.text_dim)),
        ("Mon 23 Nov", name(colours.text)),
        ("03:42", name(colours.on_danger)),
    ]
    assert {family for _, _, _, family, _ in strokes.words} == {style.mono(0.9).family()}
    ((tag, ink, _, fill),) = strokes.boxes
    assert (ink, fill) == ("", name(colours.danger))
    assert tag.center().x() == pytest.approx(x(0), abs=1)
    assert strokes.words[0][2].center().x() == pytest.approx(x(-30), abs=1)
    assert strokes.lines[0][0] == name(colours.line)


@pytest.mark.parametrize(("ahead", "drawn"), [(0, True), (39, True), (41, False), (-77, False)])
def test_now_is_a_line_where_it_is_in_view(strokes: Strokes, colours: Palette, ahead: float, drawn: bool) -> None:
    drawing.draw_now(strokes, FRAME, SCALE, NOW + ahead * MINUTE, colours)
    assert strokes.lines == ([(name(colours.late), 2, x(ahead), 0)] if drawn else [])


def test_a_mark_is_two_notches_with_an_edge(strokes: Strokes, colours: Palette) -> None:
    shown, gone = Mark(NOW - 10 * MINUTE, "received"), Mark(NOW + 60 * MINUTE, "later")
    strokes_of.draw_lane(strokes, ROW, FRAME, Lane("a", "0042", marks=(shown, gone)), SCALE, NOW, colours)
    assert [(ink, width, at) for ink, width, at, _ in strokes.lines] == [
        (name(colours.panel), 6, x(-10)),
        (name(colours.panel), 6, x(-10)),
        (name(colours.text), 2.5, x(-10)),
        (name(colours.text), 2.5, x(-10)),
    ]
    assert [top for *_, top in strokes.lines[:2]] == [pytest.approx(43.2), pytest.approx(68.8)]


def test_a_label_is_the_number_in_bold_and_who_is_on_it_in_its_tone(strokes: Strokes, colours: Palette) -> None:
    drawing.draw_label(strokes, ROW, FRAME, Lane("a", "0042", "CRU", "late"), colours)
    (title, ink, box, _, bold), (subtitle, tone, beside, _, plain) = strokes.words
    assert (title, ink, bold) == ("0042", name(colours.text), True)
    assert (subtitle, tone, plain) == ("CRU", name(colours.tone("late")), False)
    assert beside.left() > box.left()


def lane(*segments: Segment) -> Lane:
    return Lane("a", "0042", segments=segments)


@pytest.mark.parametrize(
    ("segment", "outline", "label"),
    [
        (Segment(NOW - 50 * MINUTE, NOW, "ems", "EMAS"), None, "EMAS"),
        (Segment(NOW - 50 * MINUTE, NOW, "ems", "EMAS", late=True), "late", "▲ EMAS"),
        (Segment(NOW - 50 * MINUTE, NOW, "wait", "waiting"), "edge", "waiting"),
        (Segment(NOW - 50 * MINUTE, NOW, "wait", "waiting", late=True), "late", "▲ waiting"),
    ],
)
def test_what_is_late_has_a_firm_line_and_a_sign(
    strokes: Strokes, colours: Palette, segment: Segment, outline: str | None, label: str
) -> None:
    strokes_of.draw_lane(strokes, ROW, FRAME, lane(segment), SCALE, NOW, colours)
    assert [text for text, *_ in strokes.words] == [label]
    firm = [(ink, width, fill) for _, ink, width, fill in strokes.boxes[1:]]
    assert firm == ([] if outline is None else [(name(getattr(colours, outline)), 2, "")])
    assert strokes.boxes[0][0] == QRectF(x(-50), 48, 300, 24)
    assert strokes.boxes[0][3] == name(colours.role(strokes_of.ROLES[segment.kind]))


@pytest.mark.parametrize(("late", "role"), [(False, "link"), (True, "late")])
def test_what_is_predicted_is_an_outline_with_words_in_it(
    strokes: Strokes, colours: Palette, late: bool, role: str
) -> None:
    ahead = Segment(NOW - 40 * MINUTE, NOW, "predicted", "ETA 9 min", late=late)
    strokes_of.draw_lane(strokes, ROW, FRAME, lane(ahead), SCALE, NOW, colours)
    ((_, ink, _, fill),) = strokes.boxes
    assert (ink, fill) == (name(colours.role(role)), "")
    ((text, said, box, _, bold),) = strokes.words
    assert (text, said, bold) == ("ETA 9 min", name(colours.role(role)), True)
    assert x(-40) < box.left() < x(0)


def test_words_that_do_not_fit_stand_behind_where_there_is_room(strokes: Strokes, colours: Palette) -> None:
    short = Segment(NOW - 3 * MINUTE, NOW, "predicted", "ETA 3 min")
    strokes_of.draw_lane(strokes, ROW, FRAME, lane(short), SCALE, NOW, colours)
    ((text, _, box, *_),) = strokes.words
    assert text == "ETA 3 min"
    assert box.left() >= x(0)
    strokes.words.clear()
    # Something else stands there: the words are cut inside.
    after = Segment(NOW + 1 * MINUTE, NOW + 30 * MINUTE, "cru", "CRU")
    strokes_of.draw_lane(strokes, ROW, FRAME, lane(short, after), SCALE, NOW, colours)
    assert all(box.left() < x(0) for text, _, box, *_ in strokes.words if text != "CRU")


def test_a_segment_is_cut_at_the_labels_and_never_vanishes() -> None:
    before = FRAME.span(Segment(NOW - 90 * MINUTE, NOW - 50 * MINUTE, "ems"), ROW, SCALE, NOW)
    assert (before.left(), before.right()) == (100, x(-50))
    moment = FRAME.span(Segment(NOW, NOW, "ems"), ROW, SCALE, NOW)
    assert (moment.left(), moment.width()) == (x(0), 2)
    beyond = FRAME.span(Segment(NOW, NOW + 90 * MINUTE, "ems"), ROW, SCALE, NOW)
    assert beyond.right() == 704
    running = FRAME.span(Segment(NOW - 10 * MINUTE, None, "ems"), ROW, SCALE, NOW)
    assert running.right() == x(0)


@pytest.mark.parametrize(
    ("top", "bottom", "scrolled", "rows"),
    [
        (0, 279, 0, range(7)),
        (0, 299, 0, range(7)),
        (40, 79, 0, range(1, 2)),
        (0, 39, 20, range(2)),
        (0, 39, 380, range(9, 10)),
    ],
)
def test_only_the_lanes_that_are_seen_are_drawn(top: int, bottom: int, scrolled: int, rows: range) -> None:
    assert FRAME.rows(top, bottom, scrolled, 10) == rows
    assert FRAME.body == 280
    assert FRAME.row_rect(3, 20) == QRectF(0, 100, 700, 40)
    assert FRAME.time_area == QRectF(100, 0, 600, 300)


def test_the_legend_shows_as_many_as_fit_in_the_colours_of_the_lanes(stage: QWidget) -> None:
    def inks(width: int) -> set[str]:
        legend = Legend()
        put_on(stage, legend, width, 22)
        image = legend.grab().toImage()
        legend.setParent(None)
        return {image.pixelColor(at, y).name() for at in range(image.width()) for y in range(image.height())}

    colours, room = style.current(), Legend().sizeHint().width()
    shown = [kind for kind in strokes_of.ROLES if kind not in {"travel", "duty", "meal", "hold"}]
    every = {name(colours.role(strokes_of.ROLES[kind])) for kind in shown} | {name(colours.text_dim)}
    assert every <= inks(room)
    few = inks(room // 3)
    assert {name(colours.ems), name(colours.text_dim)} <= few
    assert name(colours.destination) not in few
    assert name(colours.edge) in inks(room)


def test_the_legend_is_said_in_words(stage: QWidget) -> None:
    legend = Legend()
    referrals = legend.accessibleName()
    assert referrals.startswith("Legend: ")
    assert legend.toolTip() == referrals.removeprefix("Legend: ")
    room = legend.sizeHint().width()
    legend.show_kinds(OF_VANS)
    assert legend.accessibleName() == "Legend: " + ", ".join(SPOKEN[kind] for kind in OF_VANS) != referrals
    assert legend.sizeHint().width() != room
    assert legend.minimumSizeHint().width() == 0


@pytest.fixture
def view(stage: QWidget) -> TimelineView:
    made = TimelineView(NOW)
    put_on(stage, made, 1000, 320)
    return made


def test_a_drag_up_scrolls_the_lanes_and_back(view: TimelineView, qtbot: QtBot) -> None:
    view.set_lanes([Lane(f"id{n}", f"{n:04}") for n in range(40)])
    lanes = view.findChildren(Lanes)[0]
    bar, port, left = lanes.verticalScrollBar(), lanes.viewport(), Qt.MouseButton.LeftButton

    def send(kind: QEvent.Type, y: float, held: Qt.MouseButton = left) -> None:
        at = QPointF(500, y)
        QApplication.sendEvent(port, QMouseEvent(kind, at, at, left, held, Qt.KeyboardModifier.NoModifier))

    send(QEvent.Type.MouseButtonPress, 200)
    send(QEvent.Type.MouseMove, 150)
    assert bar.value() == 50
    send(QEvent.Type.MouseMove, 80)
    assert bar.value() == 120
    send(QEvent.Type.MouseMove, 170)
    assert bar.value() == 30
    send(QEvent.Type.MouseButtonRelease, 170, Qt.MouseButton.NoButton)
    # Let go: what another button drags later is nothing.
    send(QEvent.Type.MouseMove, 20, Qt.MouseButton.RightButton)
    assert bar.value() == 30


def test_keys_on_no_lanes_choose_nothing(view: TimelineView, qtbot: QtBot) -> None:
    lanes = view.findChildren(Lanes)[0]
    with qtbot.assertNotEmitted(view.lane_clicked):
        for key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_Return):
            qtbot.keyClick(lanes, key)
    assert view.selected() is None


@pytest.mark.parametrize("old", [5, 25])
def test_what_is_to_come_begins_at_the_line_that_says_now_however_old_it_is(old: int) -> None:
    ahead = Segment(NOW - timedelta(seconds=old), NOW + 9 * MINUTE, "predicted", "ETA 9 min")
    box = FRAME.span(ahead, ROW, SCALE, NOW)
    assert (box.left(), box.right()) == (x(0), x(9))
    held = Segment(NOW - timedelta(seconds=old), NOW + 9 * MINUTE, "cru", "CRU")
    assert FRAME.span(held, ROW, SCALE, NOW).left() < x(0), "what is held began when it began"


def test_how_late_it_may_become_is_a_tint_with_a_line_and_the_words_stand_behind_it(
    strokes: Strokes, colours: Palette
) -> None:
    ahead = Segment(NOW - 40 * MINUTE, NOW - 36 * MINUTE, "predicted", "free 03:06", until=NOW - 20 * MINUTE)
    strokes_of.draw_lane(strokes, ROW, FRAME, lane(ahead), SCALE, NOW, colours)
    assert [(ink, at) for ink, _, at, _ in strokes.lines] == [(name(colours.link), x(-20))]
    ((_, _, box, *_),) = strokes.words
    assert box.left() >= x(-20)
    assert strokes.image.pixelColor(int(x(-28)), 60) != strokes.image.pixelColor(int(x(-10)), 50)
    # No room behind it: over it, and the line leaves the words whole.
    strokes.words.clear()
    strokes.lines.clear()
    near = Segment(NOW - 12 * MINUTE, NOW, "cru", "")
    long = Segment(ahead.start, ahead.end, "predicted", "crew free about 03:06", until=ahead.until)
    strokes_of.draw_lane(strokes, ROW, FRAME, lane(long, near), SCALE, NOW, colours)
    ((text, _, box, *_),) = [one for one in strokes.words if one[0]]
    assert text.startswith("crew free")
    assert x(-36) <= box.left() < x(-20)
    assert strokes.lines == []


def test_a_line_to_be_reached_before_runs_through_no_words(strokes: Strokes, colours: Palette) -> None:
    ahead = Segment(NOW - 40 * MINUTE, NOW - 10 * MINUTE, "predicted", "due 03:32")
    marks = (Mark(NOW - 38 * MINUTE, "aim", "aim"), Mark(NOW - 5 * MINUTE, "target", "target"))
    strokes_of.draw_lane(
        strokes, ROW, FRAME, Lane("a", "0042", segments=(ahead,), marks=marks), SCALE, NOW, colours
    )
    aim, target = (
        [line for line in strokes.lines if line[0] == name(ink)] for ink in (colours.good, colours.warn)
    )
    assert [top for *_, top in aim] == [41, 72]
    assert [(at, top) for _, _, at, top in target] == [(x(-5), 41)]


@pytest.mark.parametrize(("kind", "strokes_drawn"), [("step", 1), ("was", 3)])
def test_a_step_is_a_tick_below_the_words_and_a_reading_that_no_longer_counts_is_crossed_out(
    strokes: Strokes, colours: Palette, kind: Any, strokes_drawn: int
) -> None:
    made = Lane("a", "0042", marks=(Mark(NOW - 10 * MINUTE, "CRU2 mobile", kind),))
    strokes_of.draw_lane(strokes, ROW, FRAME, made, SCALE, NOW, colours)
    assert len(strokes.lines) == strokes_drawn
    assert all(top >= ROW.bottom() - 8 for *_, top in strokes.lines)


@pytest.mark.parametrize(
    ("kind", "fill", "ink"),
    [("duty", "track", ""), ("meal", "", "text_dim"), ("hold", "", "")],
)
def test_what_lies_behind_a_lane_is_quiet(
    strokes: Strokes, colours: Palette, kind: Any, fill: str, ink: str
) -> None:
    ground = (Segment(NOW - 50 * MINUTE, NOW - 20 * MINUTE, kind),)
    strokes_of.draw_lane(strokes, ROW, FRAME, Lane("a", "CRU2", ground=ground), SCALE, NOW, colours)
    drawn = [(one_ink, one_fill) for _, one_ink, _, one_fill in strokes.boxes]
    expected = [(name(getattr(colours, ink)) if ink else "", name(getattr(colours, fill)) if fill else "")]
    assert drawn == (expected if kind != "hold" else [])
    if kind == "hold":
        below = {strokes.image.pixelColor(at, 74).name() for at in range(int(x(-49)), int(x(-21)))}
        assert name(colours.warn) in below


def test_a_meal_says_what_it_is_where_nothing_lies_over_it(strokes: Strokes, colours: Palette) -> None:
    meal = Segment(NOW - 50 * MINUTE, NOW - 20 * MINUTE, "meal", "meal due", shorter=("meal",))
    job = Segment(NOW - 40 * MINUTE, NOW - 5 * MINUTE, "travel", "0042")
    free = Segment(NOW - 19 * MINUTE, NOW - 5 * MINUTE, "travel", "0042")
    for over, said in ((job, ["0042"]), (free, ["meal due", "0042"])):
        strokes.words.clear()
        made = Lane("a", "CRU2", segments=(over,), ground=(meal,))
        strokes_of.draw_lane(strokes, ROW, FRAME, made, SCALE, NOW, colours)
        assert [text for text, _ in strokes.said()] == said


def test_a_van_on_its_way_is_drawn_with_little_of_its_colour(strokes: Strokes, colours: Palette) -> None:
    made = lane(Segment(NOW - 50 * MINUTE, NOW - 20 * MINUTE, "travel", "0042"))
    strokes_of.draw_lane(strokes, ROW, FRAME, made, SCALE, NOW, colours)
    assert strokes.said() == [("0042", name(colours.text))]
    assert strokes.words[0][4], "in bold, as the others"
    assert strokes_of.travel_fill(colours).alpha() < 128


def test_each_swatch_of_the_legend_has_its_words_beside_it(
    strokes: Strokes, colours: Palette, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    legend = Legend()
    qtbot.addWidget(legend)
    assert legend.sizePolicy().verticalPolicy() is QSizePolicy.Policy.Fixed
    assert legend.sizePolicy().horizontalPolicy() is QSizePolicy.Policy.Preferred
    monkeypatch.setattr(legend_of, "QPainter", lambda _widget: nullcontext(strokes))
    for kinds in (OF_VANS, legend_of.OF_REFERRALS):
        legend.show_kinds(kinds)
        legend.resize(legend.sizeHint())
        strokes.words.clear()
        legend.paintEvent(QPaintEvent(legend.rect()))
        assert strokes.said() == [(SPOKEN[kind], name(colours.text_dim)) for kind in kinds]
        lefts = [box.left() for _, _, box, *_ in strokes.words]
        widths = [legend._width(kind) for kind in kinds]
        assert [round(after - before) for before, after in pairwise(lefts)] == [round(one) for one in widths[:-1]]
        assert strokes.font().pointSizeF() == style.text_font(0.9).pointSizeF()
    # Those that do not fit are left out, last first.
    strokes.words.clear()
    legend.resize(round(sum(widths[:3])), 22)
    legend.paintEvent(QPaintEvent(legend.rect()))
    assert [text for text, *_ in strokes.words] == [SPOKEN[kind] for kind in kinds[:3]]


def test_a_swatch_is_drawn_as_its_kind_is(strokes: Strokes, colours: Palette) -> None:
    box = QRectF(40, 40, 14, 11)
    for kind in SPOKEN:
        if kind == "hold":
            continue
        strokes.boxes.clear()
        legend_of._draw_swatch(strokes, box, kind, colours)
        outlined = [ink for _, ink, width, fill in strokes.boxes if ink and not fill and width == 2]
        assert (name(colours.edge) in outlined) is (kind == "wait")
        filled = {fill for *_, fill in strokes.boxes if fill}
        dashed = kind in {"predicted", "meal"}
        assert (filled == set()) is (dashed or kind == "travel"), kind
    strokes.boxes.clear()
    strokes.fillRect(box, QColor(colours.panel))
    legend_of._draw_swatch(strokes, box, "travel", colours)
    assert strokes.boxes == []
    assert strokes.image.pixelColor(45, 45).name() not in {name(colours.panel), "#000000"}
