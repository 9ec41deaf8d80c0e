"""Charts on the screen and on paper: keys, pointer, table, themes."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from console.charts.card import ChartCard
from console.charts.chart import Chart, ChartMark, ChartRoom
from console.charts.control import ControlSeries, control, spark
from console.charts.demand import DemandHour, demand
from console.charts.distribution import WaitDot, WaitGroup, WaitTargets, distribution
from console.charts.outcomes import OutcomeCount, outcomes
from console.charts.page import svg_of
from console.charts.painting import ChartSource, stripes
from console.charts.van_day import VanLane, VanSpan, van_day
from console.look import style
from console.look.palette import PALETTES, contrast
from db.domain.measures import Better
from db.domain.spc import SpcPoint, judge
from db.domain.spc_words import SpcTelling

START = datetime(2026, 6, 2, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)
IDS = [uuid4() for _ in range(20)]


def waits(room: ChartRoom) -> Chart:
    dots = tuple(WaitDot(minutes, IDS[at], f"00{at + 10}") for at, minutes in enumerate((22, 31, 44, 63)))
    rows = [WaitGroup("P1 EMAS", dots), WaitGroup("P1 alone", (WaitDot(38, IDS[9], "0031"),))]
    return distribution(rows, WaitTargets(60, 45), room)


def hours(room: ChartRoom) -> Chart:
    return demand([DemandHour(f"{at:02}", at % 3, 1.2, 2, tuple(IDS[: at % 3])) for at in range(8)], room)


def night(room: ChartRoom) -> Chart:
    spans = (
        VanSpan(START, START + 10 * HOUR, "duty"),
        VanSpan(START + HOUR, START + 2 * HOUR, "travel", "0031", IDS[0]),
        VanSpan(START + 2 * HOUR, START + 3 * HOUR, "handover", "0031", IDS[0]),
        VanSpan(START + 3 * HOUR, START + 5 * HOUR, "with patient", "0031", IDS[0]),
        VanSpan(START + 6 * HOUR, START + 7 * HOUR, "meal"),
    )
    return van_day([VanLane("CRU7", spans)], START, START + 12 * HOUR, room)


def ends(room: ChartRoom) -> Chart:
    return outcomes([OutcomeCount("Community team", tuple(IDS[:7])), OutcomeCount("GP", (IDS[8],))], room)


def series() -> ControlSeries:
    values = [30.0, 34.0] * 7 + [60, 34, 28, 28, 28, 28, 28, 28, 28]
    points = [SpcPoint(START + at * timedelta(weeks=1), value, 8) for at, value in enumerate(values)]
    return ControlSeries("Minutes", judge(points), Better.LOWER, SpcTelling("{:.0f} min".format), 45)


def weeks(room: ChartRoom) -> Chart:
    return control(series(), room)


ALL: dict[str, ChartSource] = {"waits": waits, "hours": hours, "night": night, "ends": ends, "weeks": weeks}


@pytest.fixture
def card(qapp: QApplication) -> Iterator[ChartCard]:
    style.apply(qapp, "dark", 100)
    made = ChartCard("How long", QSize(300, 160))
    made.resize(560, 320)
    made.show_chart(waits)
    made.show()
    made.activateWindow()
    made.view.setFocus()
    yield made
    made.close()
    made.deleteLater()
    style.apply(qapp, "dark", 100)


def press(card: ChartCard, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(card.stack.currentWidget(), key)


def test_the_sentence_is_its_name_and_a_mark_tells_itself(card: ChartCard) -> None:
    assert card.view.accessibleName() == "5 met: median 38 min, 4 of 5 within 60 min, longest 63 min."
    assert card.said.text() == card.view.accessibleName()
    press(card, Qt.Key.Key_Right, Qt.Key.Key_Right)
    assert card.view.accessibleDescription() == "0011 · 31 min"
    press(card, Qt.Key.Key_End)
    assert card.view.accessibleDescription() == "0013 · 63 min · late by 3 min"
    press(card, Qt.Key.Key_Down)
    assert card.view.accessibleDescription() == "0031 · 38 min"
    press(card, Qt.Key.Key_Up, Qt.Key.Key_Home, Qt.Key.Key_Left)
    assert card.view.accessibleDescription() == "0010 · 22 min"


def test_enter_asks_for_the_referrals_behind_the_mark(card: ChartCard) -> None:
    asked: list[tuple[tuple[UUID, ...], str]] = []
    card.opened.connect(lambda ids, words: asked.append((ids, words)))
    press(card, Qt.Key.Key_Return)
    assert asked == []
    press(card, Qt.Key.Key_Right, Qt.Key.Key_Return)
    assert asked == [((IDS[0],), "0010 · 22 min")]


def test_the_table_is_one_key_away_and_has_the_same_numbers(card: ChartCard) -> None:
    asked: list[tuple[UUID, ...]] = []
    card.opened.connect(lambda ids, _words: asked.append(ids))
    press(card, Qt.Key.Key_T)
    assert card.stack.currentWidget() is card.twin
    assert card.twin.hasFocus()
    model = card.twin.numbers
    shown = [[model.index(row, column).data() for column in range(model.columnCount())] for row in range(5)]
    assert [line[1:3] for line in shown] == [
        [m.words.split(" · ")[0], m.words.split(" ")[2]] for m in card.chart.marks
    ]
    press(card, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert asked == [(IDS[1],)]
    card.copy()
    copied = QGuiApplication.clipboard().text().split("\n")
    assert copied[0] == "Group\tReferral\tMinutes\tReceived"
    assert len(copied) == 6
    press(card, Qt.Key.Key_T)
    assert card.stack.currentWidget() is card.view


def test_the_pointer_tells_the_exact_value(card: ChartCard) -> None:
    mark = card.chart.marks[3]
    at = card.view._plot.box(mark, card.chart.dot).center().toPoint()
    QApplication.sendEvent(card.view, QHelpEvent(QEvent.Type.ToolTip, at, card.view.mapToGlobal(at)))
    assert QToolTip.text() == mark.words
    QTest.mouseClick(card.view, Qt.MouseButton.LeftButton, pos=at + QPoint(4, 0))
    assert card.view.marked() == mark
    asked: list[ChartMark] = []
    card.view.opened.connect(asked.append)
    QTest.mouseDClick(card.view, Qt.MouseButton.LeftButton, pos=at)
    assert asked == [mark]
    QTest.mouseClick(card.view, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    assert card.view.marked() is None


def test_new_numbers_leave_the_ring_on_its_referral(card: ChartCard) -> None:
    press(card, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right)
    assert card.view.marked() is not None

    def later(room: ChartRoom) -> Chart:
        dots = tuple(WaitDot(minutes, IDS[at], f"00{at + 10}") for at, minutes in ((5, 12), (2, 44), (0, 22)))
        return distribution([WaitGroup("P1 EMAS", dots)], WaitTargets(60), room)

    card.show_chart(later)
    assert card.view.accessibleDescription() == "0012 · 44 min"


def test_a_series_says_its_word_in_letters_too(card: ChartCard) -> None:
    card.show_chart(weeks, series().icons())
    assert card.word.accessibleName() == "L improving"
    assert card.word.isVisible()
    card.show_chart(waits)
    assert not card.word.isVisible()


@pytest.mark.parametrize("theme", PALETTES)
@pytest.mark.parametrize("name", ALL)
def test_every_chart_in_every_theme(card: ChartCard, qapp: QApplication, theme: str, name: str) -> None:
    style.apply(qapp, theme, 150 if name == "weeks" else 100)
    card.show_chart(ALL[name])
    image = QImage(card.size(), QImage.Format.Format_RGB32)
    card.render(image)
    panel = style.colour("panel").rgb()
    inked = sum(
        image.pixel(x, y) != panel for x in range(20, image.width(), 7) for y in range(60, image.height(), 5)
    )
    assert inked > 100
    ground = PALETTES[style.current().name].panel
    roles = {one.role for one in (*card.chart.marks, *card.chart.strokes)}
    assert all(contrast(style.current().role(role), ground) >= 3 for role in roles), roles


@pytest.mark.parametrize("name", ALL)
def test_paper_gets_the_same_in_lines_and_letters(qapp: QApplication, name: str) -> None:
    style.apply(qapp, "dark", 100)
    told = svg_of(ALL[name], QSize(700, 300)).decode()
    chart = ALL[name](ChartRoom(600, 250))
    assert f"<title>{chart.name}</title>" in told
    assert chart.sentence in told.replace("&#39;", "'")
    assert "<image" not in told
    written = re.findall(r"<text[^>]*>([^<]*)<", told)
    assert {tick.label for tick in chart.y_ticks} <= set(written)
    assert PALETTES["light"].role(chart.marks[0].role) in told


def test_it_is_copied_as_a_picture(card: ChartCard) -> None:
    press(card, Qt.Key.Key_C)
    copied = QGuiApplication.clipboard().mimeData()
    assert bytes(copied.data("image/svg+xml").data()).startswith(b"<?xml")
    image = QImage(copied.imageData())
    assert image.size() == card.view.size() * 2
    # As on paper, whatever the screen has.
    assert image.pixelColor(3, 3).name() == PALETTES["light"].panel


def test_nothing_to_draw_is_said(card: ChartCard) -> None:
    card.show_chart(lambda room: outcomes([], room))
    assert card.chart.empty
    press(card, Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_End)
    assert card.view.marked() is None
    assert spark(ControlSeries("x", (), Better.NEITHER, SpcTelling(str)), ChartRoom(50, 20)).empty


@given(st.floats(-50, 50), st.floats(-50, 50), st.floats(2, 300), st.floats(2, 300), st.floats(3, 20))
def test_stripes_stay_in_their_box(left: float, top: float, wide: float, high: float, apart: float) -> None:
    box = QRectF(left, top, wide, high)
    edge = box.adjusted(-0.01, -0.01, 0.01, 0.01)
    lines = stripes(box, apart)
    assert all(edge.contains(QPointF(x1, y1)) and edge.contains(QPointF(x2, y2)) for x1, y1, x2, y2 in lines)
    assert len(lines) >= wide / apart
