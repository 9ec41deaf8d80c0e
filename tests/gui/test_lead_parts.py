"""The parts of the lead's page by themselves: figures on cards and in a table, which days, which referrals."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu, QWidget

from console.look import style
from console.look.style import px
from console.views.lead.figure import FigureCard, FigureTold
from console.views.lead.figures import _HEADERS, FigureStrip, _cells
from console.views.lead.layout import PanelGrid, TopLine, places
from console.views.lead.pictures import series_of
from console.views.lead.range_bar import CutMenu, RangeBar, RangeFields
from console.views.lead.ranges import HOURS, RangeChoice, RangeKind
from db.domain.measures import Better, Figure, Measure, PastFigure, Unit
from db.domain.periods import EVERYTHING, Cut, Period
from tests.gui.desks import put_on, stage

__all__ = ["stage"]
NOW = datetime(2026, 11, 26, 3, 40, tzinfo=UTC)
WEEK = Period.days(7, NOW)
PANELS = ("waits", "demand", "ends", "vans", "weeks", "what if")
ON_CARD = ("opened", "weeks_wanted", "defined")


def told(key: str, value: float | None = 38.0, **more: Any) -> FigureTold:
    measure = Measure(
        key=key,
        title=f"Title of {key}",
        definition=f"What {key} means.",
        unit=Unit.MINUTES,
        better=Better.LOWER,
        balance="",
        source="the record",
        author="A. Lead",
        dated=date(2026, 1, 2),
        **more,
    )
    past = tuple(
        PastFigure(
            value=40.0 + n % 3,
            n=9,
            period=Period(WEEK.start - timedelta(days=7 * n), WEEK.end - timedelta(days=7 * n)),
        )
        for n in range(1, 4)
    )
    figure = Figure(key=key, unit=Unit.MINUTES, value=value, n=14, missing=1, mean=41.0, ninth=66.0, past=past)
    return FigureTold(measure, figure, series_of(measure, figure, WEEK))


THREE = [told("response"), told("wait"), told("release")]


def heard(of: Any, *names: str) -> list[tuple[str, object]]:
    """What a widget tells from now on."""
    found: list[tuple[str, object]] = []
    for name in names:
        getattr(of, name).connect(lambda *given, name=name: found.append((name, given[0] if given else None)))
    return found


# --- one figure ---


def test_a_card_tells_what_is_wanted_of_it(stage: QWidget) -> None:
    card = FigureCard()
    put_on(stage, card, 236, 98)
    assert (card.key, card.told) == ("", None)
    card.show_figure(THREE[0])
    assert card.accessibleName() == THREE[0].whole()
    assert card.accessibleDescription() == THREE[0].definition()
    said = heard(card, *ON_CARD, "table_wanted", "neighbour_wanted")
    for key in (
        Qt.Key.Key_Return,
        Qt.Key.Key_W,
        Qt.Key.Key_Question,
        Qt.Key.Key_T,
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
    ):
        QTest.keyClick(card, key)
    assert said == [
        ("opened", "response"),
        ("weeks_wanted", "response"),
        ("defined", "response"),
        ("table_wanted", None),
        ("neighbour_wanted", -1),
        ("neighbour_wanted", 1),
    ]
    said.clear()
    QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    QTest.mouseDClick(card, Qt.MouseButton.LeftButton)
    assert ("weeks_wanted", "response") in said
    assert ("opened", "response") in said


def test_a_chosen_card_has_another_frame_and_an_empty_one_draws(stage: QWidget) -> None:
    card = FigureCard()
    put_on(stage, card, 236, 98)
    empty = card.grab().toImage()
    card.show_figure(THREE[0])
    shown = card.grab().toImage()
    card.choose(chosen=True)
    chosen = card.grab().toImage()
    assert empty != shown != chosen
    edge = (chosen.width() // 2, 1)
    assert chosen.pixelColor(*edge) != shown.pixelColor(*edge)
    card.choose(chosen=False)
    assert card.grab().toImage() == shown


def test_what_a_figure_says_for_whoever_hears_it() -> None:
    one = told("response", target=30.0, clock_start="received", clock_stop="with patient")
    assert one.value() == ("38 min", "median")
    assert told("response", None).value()[1] == ""
    assert one.target().startswith("target 30 min")
    assert THREE[0].target() == ""
    assert one.whole().startswith("Title of response: 38 min median · ")
    assert one.definition() == (
        "Title of response. What response means. Clock: received to with patient. Source: the record."
        " Worded by A. Lead, 02 Jan 2026."
    )
    assert " Clock" not in THREE[0].definition()
    assert one.shorter()[-1] == ""
    assert len(one.shorter()[0]) <= len(one.below())


# --- all of them ---


@pytest.fixture
def strip(stage: QWidget) -> FigureStrip:
    made = FigureStrip(6)
    put_on(stage, made, 1400, 400)
    made.show_figures(THREE, [*THREE, told("handed")])
    stage.activateWindow()
    return made


def test_cards_are_gone_through_turned_into_a_table_and_back(strip: FigureStrip) -> None:
    assert [card.isHidden() for card in strip.cards] == [False] * 3 + [True] * 3
    strip.focus_first()
    for key, at in ((Qt.Key.Key_Left, 0), (Qt.Key.Key_Right, 1), (Qt.Key.Key_Right, 2), (Qt.Key.Key_Right, 2)):
        QTest.keyClick(QApplication.focusWidget(), key)
        assert QApplication.focusWidget() is strip.cards[at]
    said = heard(strip, *ON_CARD)
    QTest.keyClick(strip.cards[2], Qt.Key.Key_W)
    QTest.keyClick(strip.cards[2], Qt.Key.Key_T)
    assert strip.stack.currentWidget() is strip.table
    assert QApplication.focusWidget() is strip.table
    assert strip.height() == px(250)
    strip.table.setCurrentCell(3, 0)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_W, Qt.Key.Key_Question):
        QTest.keyClick(strip.table, key)
    assert said == [("weeks_wanted", "release"), *((name, "handed") for name in ON_CARD)]
    QTest.keyClick(strip.table, Qt.Key.Key_T)
    assert QApplication.focusWidget() is strip.cards[0]


def test_the_one_whose_weeks_are_shown_is_marked(strip: FigureStrip) -> None:
    strip.choose("wait")
    assert [card.is_chosen for card in strip.cards[:3]] == [False, True, False]
    strip.choose("")
    assert not any(card.is_chosen for card in strip.cards[:3])


@pytest.mark.parametrize(
    ("width", "cards", "columns", "rows"),
    [
        (1400, 3, 3, 1),
        (1400, 6, 6, 1),
        (1100, 6, 3, 2),
        (600, 6, 3, 2),
        (400, 6, 2, 3),
        (150, 3, 1, 3),
        (900, 4, 4, 1),
    ],
)
def test_as_many_stand_in_a_row_as_have_room(
    stage: QWidget, width: int, cards: int, columns: int, rows: int
) -> None:
    made = FigureStrip(6)
    put_on(stage, made, width, 400)
    made.show_figures([told(f"m{n}") for n in range(cards)], [])
    made.resize(width, made.height())
    at = [made._grid.getItemPosition(made._grid.indexOf(card))[:2] for card in made.cards[:cards]]
    assert at == [(n // columns, n % columns) for n in range(cards)]
    assert made.height() == rows * px(98) + (rows - 1) * px(6)
    assert [made._grid.columnStretch(n) for n in range(6)] == [1] * columns + [0] * (6 - columns)


def test_a_row_of_the_table_is_a_measure_and_it_stays(strip: FigureStrip) -> None:
    table = strip.table
    assert table.rowCount() == 4
    cells = [table.item(0, column) for column in range(len(_HEADERS))]
    assert [cell.text() for cell in cells if cell is not None] == list(_cells(THREE[0]))
    assert [bool(cell.toolTip()) for cell in cells if cell is not None] == [False] * 7 + [True]
    spoken = [cell.data(Qt.ItemDataRole.AccessibleTextRole) for cell in cells if cell is not None]
    assert [one == "blank" for one in spoken] == [words == "" for words in _cells(THREE[0])]
    table.setCurrentCell(2, 0)
    table.show_figures([*THREE, told("handed")])
    assert (table.currentRow(), table.key()) == (2, "release")
    table.show_figures(THREE[:1])
    assert (table.currentRow(), table.key()) == (0, "response")
    table.copy_all()
    copied = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    assert copied == [list(_HEADERS), list(_cells(THREE[0]))]
    table.show_figures([])
    assert table.key() == ""


# --- which days, which referrals ---


def test_any_days_are_told_as_they_were_typed(stage: QWidget) -> None:
    fields = RangeFields()
    put_on(stage, fields, 600, 40)
    said: list[tuple[str, ...]] = []
    fields.wanted.connect(lambda *days: said.append(days))
    fields.let_go.connect(lambda: said.append(()))
    fields.first.setText(" 3 Nov ")
    fields.last.setText("9 Nov")
    QTest.keyClick(fields.first, Qt.Key.Key_Return)
    fields.show_button.click()
    QTest.keyClick(fields.last, Qt.Key.Key_Escape)
    assert said == [("3 Nov", "9 Nov"), ("3 Nov", "9 Nov"), ()]
    QTest.keyClick(fields.last, Qt.Key.Key_X)
    assert fields.last.text() == "9 Novx"
    assert fields.first.maxLength() == 30
    assert [label.text() for label in fields.findChildren(QLabel)] == ["from", "until"]


def test_the_buttons_say_which_days_are_shown(stage: QWidget) -> None:
    bar = RangeBar()
    put_on(stage, bar, 900, 40)
    said = heard(bar, "chosen", "days_wanted", "cut_wanted")
    for button in (*bar.buttons.values(), bar.cut_button):
        button.click()
    kinds = [kind for kind in RangeKind if kind is not RangeKind.DAYS]
    assert said == [
        *(("chosen", RangeChoice(kind)) for kind in kinds),
        ("days_wanted", None),
        ("cut_wanted", None),
    ]
    bar.show_choice(RangeChoice(RangeKind.WEEK), "P2 · Corby")
    names = {kind: button.accessibleName() for kind, button in bar.buttons.items()}
    assert names == {kind: f"{kind.value}, shown" if kind is RangeKind.WEEK else kind.value for kind in RangeKind}
    assert (bar.cut_button.text(), bar.cut_button.accessibleName()) == (
        "P2 · Corby",
        "Which referrals: P2 · Corby",
    )


def action(menu: QMenu, *path: str) -> QAction:
    """An action by the words of the menus on the way to it."""
    for words in path:
        found = next(one for one in menu.actions() if one.text().replace("&&", "+").replace("&", "") == words)
        inside = found.menu()
        if isinstance(inside, QMenu):
            menu = inside
    return found


def test_a_choice_of_the_menu_is_told_at_once_and_taken_back_by_the_same(stage: QWidget) -> None:
    told_: list[Cut] = []
    choices = {"priorities": {"P1": "P1", "P2": "P2 & more"}, "areas": {"Corby": "Corby"}}
    night, those = next(iter(HOURS.items()))
    cut = Cut(priorities=frozenset({"P1"}), hours=those)
    menu = CutMenu(stage, told_.append)._made(cut, choices)
    one, other = action(menu, "Priority", "P1"), action(menu, "Priority", "P2 + more")
    assert (one.isChecked(), other.isChecked()) == (True, False)
    for found in (
        one,
        other,
        action(menu, "Town", "Corby"),
        action(menu, "Hours", night),
        action(menu, "All referrals"),
    ):
        found.trigger()
    assert told_ == [
        Cut(hours=those),
        Cut(priorities=frozenset({"P1", "P2"}), hours=those),
        Cut(priorities=frozenset({"P1"}), areas=frozenset({"Corby"}), hours=those),
        Cut(priorities=frozenset({"P1"})),
        EVERYTHING,
    ]
    assert action(menu, "All referrals").isEnabled()
    assert not action(CutMenu(stage, told_.append)._made(EVERYTHING, choices), "All referrals").isEnabled()
    bare = CutMenu(stage, told_.append)._made(EVERYTHING, choices)
    assert not action(bare, "Hours", night).isChecked()
    action(bare, "Hours", night).trigger()
    assert told_[-1] == Cut(hours=those)


# --- where they stand ---


@pytest.mark.parametrize(("width", "row"), [(1800, 0), (1700, 0), (1699, 1), (700, 1)])
def test_what_stands_above_has_one_line_where_there_is_room(stage: QWidget, width: int, row: int) -> None:
    left, middle, right = QLabel("left"), QLabel("middle"), QLabel("right")
    line = TopLine(left, middle, right)
    stage.resize(1900, 900)
    put_on(stage, line, width, 60)
    assert line._grid.getItemPosition(line._grid.indexOf(middle)) == ((0, 1, 1, 1) if row == 0 else (1, 0, 1, 3))


@pytest.mark.parametrize(
    ("width", "height", "beside", "rows"),
    [
        (809, 900, 1, 6),
        (810, 900, 2, 4),
        (1179, 900, 2, 4),
        (1180, 939, 3, 3),
        (1180, 940, 3, 3),
    ],
)
def test_panels_stand_beside_each_other_as_they_have_room(width: int, height: int, beside: int, rows: int) -> None:
    found = places(width, height)
    assert sorted(name for name, *_ in found) == sorted(PANELS)
    in_row = [[place for place in found if place[1] == row] for row in range(rows)]
    assert max(map(len, in_row)) == beside or height >= 940
    for row in in_row:
        spans = sorted((column, column + span) for _, _, column, span in row)
        assert (spans[0][0], spans[-1][1]) == (0, 14), "a row is filled"
        assert all(end == start for (_, end), (start, _) in pairwise(spans))
    assert places(1180, 939) != places(1180, 940)


def test_rows_of_drawings_share_the_height_and_words_take_theirs(stage: QWidget) -> None:
    grid = PanelGrid(QLabel("above"), {name: QWidget() for name in PANELS})
    put_on(stage, grid, 700, 900)
    assert [grid._grid.rowStretch(row) for row in range(6)] == [1, 1, 1, 1, 1, 0]
    grid.resize(1100, 900)
    assert [grid._grid.rowStretch(row) for row in range(6)] == [1, 1, 1, 0, 0, 0]


def test_what_has_the_keyboard_is_brought_into_sight_with_its_panel(
    stage: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    panels: dict[str, QWidget] = {name: QWidget() for name in PANELS}
    inside, above, outside = QLineEdit(panels["ends"]), QLineEdit(), QLineEdit(stage)
    grid = PanelGrid(above, panels)
    put_on(stage, grid, 900, 400)
    brought: list[QWidget] = []
    monkeypatch.setattr(grid, "ensureWidgetVisible", lambda widget, *_margins: brought.append(widget))
    grid._reveal(None, inside)
    grid._reveal(inside, above)
    grid._reveal(above, outside)
    grid._reveal(outside, None)
    grid.reveal(panels["weeks"])
    assert brought == [panels["ends"], above, panels["weeks"]]


def test_panels_follow_the_size_of_the_text(stage: QWidget, qapp: QApplication) -> None:
    panels: dict[str, QWidget] = {name: QWidget() for name in PANELS}
    grid = PanelGrid(QLabel("above"), panels)
    put_on(stage, grid, 1250, 800)
    before = grid._placed
    style.apply(qapp, "dark", 150)
    QApplication.sendEvent(grid, QEvent(QEvent.Type.StyleChange))
    assert grid._placed != before
    style.apply(qapp, "dark", 100)
    QApplication.sendEvent(grid, QEvent(QEvent.Type.StyleChange))
    assert grid._placed == before
