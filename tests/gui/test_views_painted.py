"""Small parts of panels that paint themselves: what is told by colour and shape is there to be seen."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from console.charts.card import SpcWord
from console.look import style
from console.look.palette import PALETTES
from console.views.desk.dock import Grip
from console.views.form.choice import ChoiceRow, Option
from console.views.sheets.fields import Write
from console.views.sheets.sheet import Sheet
from console.views.status.parts import ExerciseMark
from db.domain.spc_words import SpcIcon


@pytest.fixture(autouse=True, params=["dark", "light"])
def colours(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[style.Palette]:
    """The colours that are to be seen."""
    style.apply(qapp, request.param, 100)
    yield PALETTES[request.param]  # type: ignore[index] # a plain name stands for the literal
    style.apply(qapp, "dark", 100)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    made.resize(800, 300)
    qtbot.addWidget(made)
    made.show()
    return made


def picture(widget: QWidget, window: QWidget) -> QImage:
    """What is seen of a widget in the window, which it does not fill."""
    widget.setParent(window)
    widget.resize(widget.sizeHint())
    widget.show()
    return widget.grab().toImage()


def seen(image: QImage, left: float = 0.0, right: float = 1.0) -> set[str]:
    """The colours of a part of a picture; its edges as shares of its width."""
    columns = range(round(image.width() * left), round(image.width() * right))
    return {image.pixelColor(x, y).name() for x in columns for y in range(image.height())}


def test_the_mark_of_an_exercise_is_its_words_on_a_ground_between_stripes(
    window: QWidget, colours: style.Palette
) -> None:
    image = picture(ExerciseMark(window), window)
    middle = image.height() // 2
    assert {colours.warn, colours.window} <= seen(image, 0, 0.15)
    assert {colours.warn, colours.window} <= seen(image, 0.85, 1)
    # The ground reaches over the whole of what lies between, the words are on it.
    assert {image.pixelColor(x, 1).name() for x in range(24, image.width() - 24)} == {colours.warn}
    assert {image.pixelColor(x, middle).name() for x in range(24, image.width() - 24)} > {colours.warn}


def test_a_choice_that_is_made_differs_by_ground_frame_and_tick(window: QWidget, colours: style.Palette) -> None:
    row = ChoiceRow("How", [Option("a", "Aaa", "1"), Option("b", "Bbb")], window)
    none = picture(row, window)
    row.choose(["b"])
    image = picture(row, window)
    first, second = row._boxes(row.width())
    assert image.copy(first) == none.copy(first)
    assert colours.raised in seen(image.copy(first))
    chosen, bare = image.copy(second), none.copy(second)
    assert {colours.selection, colours.link} <= seen(chosen)
    assert colours.link in seen(chosen.copy(chosen.width() - 16, 4, 10, chosen.height() - 8)), "the tick"
    assert chosen.pixelColor(1, chosen.height() // 2).name() == colours.link, "the frame"
    assert not {colours.selection, colours.link} & seen(bare)
    # Its words are there either way, and a key's cap where it has one.
    assert colours.text in seen(bare.copy(8, 4, 40, bare.height() - 8))
    assert len(seen(none.copy(first.left() + 9, first.top() + 5, 6, first.height() - 10))) > 1
    row.choose([])
    # Where the keyboard is, and nowhere else.
    window.activateWindow()
    row.setFocus()
    image = picture(row, window)
    assert colours.focus in seen(image.copy(first))
    assert image.copy(second) == none.copy(second)


def test_a_sheet_covers_what_lies_below_it_and_has_an_edge(window: QWidget, colours: style.Palette) -> None:
    image = picture(Sheet("Note", [Write("words", "Words")], lambda _: [], "Send", window), window)
    assert image.pixelColor(2, 1).name() == colours.link
    assert image.pixelColor(2, image.height() - 2).name() == colours.panel


def test_a_panel_is_taken_by_its_dots(window: QWidget, colours: style.Palette) -> None:
    image = picture(Grip(window), window)
    ground = image.pixelColor(0, 0)
    inked = {x for x in range(image.width()) for y in range(image.height()) if image.pixelColor(x, y) != ground}
    middle = image.rect().center().x()
    assert all(inked & set(range(middle + step - 2, middle + step + 3)) for step in (-8, 0, 8))
    assert not inked & {middle - 4, middle + 4}


@pytest.mark.parametrize(("letter", "top", "bottom"), [("H", 1, 9), ("L", 9, 1)])
def test_which_way_a_series_went_is_an_arrow(
    window: QWidget, colours: style.Palette, letter: str, top: int, bottom: int
) -> None:
    word = SpcWord(window)
    word.show_icons((SpcIcon("improving", letter), SpcIcon("concern", "")))  # type: ignore[arg-type] # of the literals
    image = picture(word, window)
    ground = image.pixelColor(0, 0)
    sign = image.copy(1, image.height() // 2 - 6, 12, 12)

    def inked(y: int) -> int:
        return sum(sign.pixelColor(x, y) != ground for x in range(sign.width()))

    assert inked(top + 1) < inked(bottom + 1)
    # The second stands beside the first, as a disc.
    plain = image.copy(image.width() // 2 - 20, 0, image.width() // 2 + 20, image.height())
    assert len(seen(plain)) > 1
