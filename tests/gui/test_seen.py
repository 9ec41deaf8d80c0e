"""The eye that looks for texts nobody can read finds them, and is quiet where there are none."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from console.look.buttons import ActionButton
from tests.gui.desks import stage
from tests.gui.seen import look, lost

__all__ = ["stage"]
LONG = "The lift is out of order, take the stairs at the back"


class Brush(QWidget):
    """Paints words into a box, cut with an ellipsis or not."""

    def __init__(self, words: str, box: QRect, *, cut: bool = False) -> None:
        super().__init__()
        self._words, self._box, self._cut = words, box, cut
        self.setMinimumSize(QSize(500, 60))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        words = self._words
        if self._cut:
            metrics = QFontMetricsF(painter.font())
            words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, self._box.width())
        painter.drawText(QRectF(self._box), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, words)


def in_a_line(stage: QWidget, *widgets: QWidget) -> QWidget:
    holder = QWidget(stage)
    row = QHBoxLayout(holder)
    for widget in widgets:
        row.addWidget(widget)
    holder.resize(900, 120)
    holder.show()
    return holder


def narrow(widget: QWidget, width: int = 60) -> QWidget:
    widget.setFixedWidth(width)
    return widget


def wrapped(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    return label


def low(label: QLabel) -> QLabel:
    label.setFixedSize(120, 14)
    return label


@pytest.mark.parametrize(
    "make",
    [
        lambda: narrow(QLabel(LONG)),
        lambda: low(wrapped(LONG)),
        lambda: narrow(wrapped("Wojciechowska-Montgomery")),
        lambda: narrow(QCheckBox(LONG)),
        lambda: narrow(hinted(QLineEdit(), LONG)),
        lambda: narrow(hinted(QPlainTextEdit(), LONG), 80),
        lambda: Brush(LONG, QRect(0, 0, 60, 30)),
        lambda: listed(LONG, 120),
    ],
)
def test_words_without_room_are_found(stage: QWidget, make: Callable[[], QWidget]) -> None:
    found = look(in_a_line(stage, make()))
    assert len(found.faults) >= 1, found.texts


def listed(words: str, width: int, *, wraps: bool = False) -> QWidget:
    found = QListWidget()
    found.setFixedWidth(width)
    found.setWordWrap(wraps)
    found.addItem(words)
    return found


def hinted(edit: QLineEdit | QPlainTextEdit, words: str) -> QWidget:
    edit.setPlaceholderText(words)
    if isinstance(edit, QPlainTextEdit):
        edit.setFixedHeight(30)
    return edit


@pytest.mark.parametrize(
    "make",
    [
        lambda: QLabel(LONG),
        lambda: wrapped(LONG),
        lambda: QCheckBox(LONG),
        lambda: hinted(QLineEdit(), "Postcode"),
        lambda: ActionButton("Allocate a van", "A"),
        lambda: Brush(LONG, QRect(0, 0, 490, 30)),
        lambda: listed(LONG, 120, wraps=True),
        lambda: listed("Kettering", 120),
        lambda: Brush(LONG, QRect(0, 0, 100, 30), cut=True),
    ],
)
def test_words_with_room_are_left_alone(stage: QWidget, make: Callable[[], QWidget]) -> None:
    found = look(in_a_line(stage, make()))
    assert found.faults == ()
    assert found.texts


def test_what_an_ellipsis_took_is_told(stage: QWidget) -> None:
    found = look(in_a_line(stage, Brush(LONG, QRect(0, 0, 100, 30), cut=True)))
    assert lost(found, ["stairs"])
    assert not lost(found, ["The lift", "nobody"])


def test_a_button_that_cuts_its_words_is_told_and_one_that_wraps_is_not(stage: QWidget) -> None:
    cut, whole = narrow(ActionButton(LONG), 200), ActionButton(LONG)
    narrow(whole, 200)
    whole.set_wrapping()
    assert lost(look(in_a_line(stage, cut)), ["stairs"])
    wrapping = look(in_a_line(stage, whole))
    assert not wrapping.cut
    assert whole.height() > cut.height()
    assert wrapping.faults == ()


def test_texts_over_each_other_are_found(stage: QWidget) -> None:
    holder = QFrame(stage)
    column = QVBoxLayout(holder)
    one, other = QLabel("Kettering"), QLabel("Wellingborough")
    column.addWidget(one)
    column.addWidget(other)
    holder.resize(300, 100)
    holder.show()
    assert look(holder).faults == ()
    other.setGeometry(one.geometry().translated(10, 5))
    assert [fault for fault in look(holder).faults if fault.startswith("over each other")]


def test_what_floats_above_is_meant_to_cover(stage: QWidget) -> None:
    holder = in_a_line(stage, QLabel(LONG))
    sheet = QFrame(holder)
    sheet.setAutoFillBackground(True)
    QVBoxLayout(sheet).addWidget(QLabel("Decline"))
    sheet.setGeometry(holder.rect())
    sheet.show()
    assert look(holder).faults == ()


def scrolling(stage: QWidget, last: str) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    for words in (last, *(f"Line {number}" for number in range(30))):
        column.addWidget(QLabel(words))
    scroll = QScrollArea()
    scroll.setWidget(page)
    return in_a_line(stage, scroll)


def test_what_is_scrolled_away_is_no_fault_but_what_runs_out_at_the_side_is(stage: QWidget) -> None:
    assert look(scrolling(stage, "Line")).faults == ()
    assert any(fault.startswith("cut off") for fault in look(scrolling(stage, LONG * 4)).faults)


def test_what_nobody_placed_is_found_and_what_floats_on_purpose_is_not(stage: QWidget) -> None:
    holder = in_a_line(stage, QLabel("Kettering"))
    inner = QVBoxLayout()
    holder.layout().addLayout(inner)
    for words in ("nested", "floats", "forgotten"):
        label = QLabel(holder)
        label.setAccessibleName(words)
        label.show()
        inner.addWidget(label) if words == "nested" else None
        label.setGeometry(200, 10, 90, 20) if words == "floats" else None
    assert look(stage).faults == ("placed by nobody: QLabel 'forgotten' of QWidget",)
