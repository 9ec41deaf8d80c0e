"""A row of a list of choices is whole at any width and text size: no name of a place ends in dots."""

import math

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from console.look.style import apply, px, text_font
from console.views.sheets.pick_list import PickList
from console.views.sheets.row_layout import SMALL, WRAPS, Row, lay

ROWS = (
    Row("a", "The Old Vicarage Crisis House, Burton Latimer", "crisis house", (("open until 22:00", "dim"),)),
    Row("b", "St Crispin", "health-based place of safety", (("open now", "good"), ("places free: 2", "good"))),
    Row("c", "Back to the ambulance service: a wound that has to be looked at", key="E"),
    Row("d", "GP", "12 min", (("no registered clinician tonight, and nobody can join them", "warn"),)),
)


@pytest.mark.parametrize("text", [100, 150])
def test_every_word_of_a_row_has_its_room(qapp: QApplication, text: int) -> None:
    apply(qapp, "dark", text)
    for width in (px(240), px(300), px(420)):
        for row in ROWS:
            laid = lay(row, width)
            bold = QFontMetricsF(text_font(bold=bool(row.details)))
            parts = [(row.text, laid.text, bold)]
            small = QFontMetricsF(text_font(SMALL))
            if laid.below is not None:
                parts.append((*laid.below, small))
            parts += [(words, room, small) for words, _, room in laid.details]
            for words, room, metrics in parts:
                needed = metrics.boundingRect(QRectF(0, 0, room.width(), 10_000), WRAPS, words)
                assert needed.height() <= room.height() + 1, (width, words)
                assert room.bottom() <= laid.height + 1, (width, words)
                assert room.right() <= width, (width, words)
            tops = [room.top() for _, room, _ in parts]
            assert tops == sorted(tops), (width, row.text)
            is_below = laid.below is not None and laid.below[0] == row.right
            assert not row.right or (row.right in laid.right) != is_below


def test_what_has_room_stays_on_one_line(qapp: QApplication) -> None:
    apply(qapp, "dark", 100)
    short = lay(Row("a", "GP", "surgery"), px(300))
    assert (short.right, short.below) == ("surgery", None)
    assert short.height <= px(32)


def test_a_list_is_as_high_as_its_rows_in_the_width_that_it_has(qapp: QApplication) -> None:
    apply(qapp, "dark", 100)
    listed, beneath = PickList("Where to", ROWS), QWidget()
    box = QWidget()
    column = QVBoxLayout(box)
    column.addWidget(listed)
    column.addWidget(beneath, 1)
    # A sheet that was put away is shown again, with other text and in a pane of another width.
    for text, width in ((100, 300), (100, 700), (150, 720), (100, 320)):
        apply(qapp, "dark", text)
        box.resize(width, 900)
        box.show()
        qapp.processEvents()
        rows = [listed.visualItemRect(listed.item(place)).height() for place in range(len(ROWS))]
        wanted = [math.ceil(lay(row, listed.row_width()).height) for row in ROWS]
        assert rows == wanted, (text, width)
        assert sum(rows) <= listed.height() <= sum(rows) + px(20), (text, width)
        box.hide()
    box.close()
