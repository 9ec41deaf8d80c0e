"""A key that was meant for a line that is gone does nothing to the one that took its place."""

import time

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from console.look import line_table
from console.look.keyboard import LIST_MOVES, Key, Part
from console.look.line_table import LineTable

LINES = Part("Lines", "the line", (LIST_MOVES, Key(("A",), "answer", "answer it", sends=True)))


class Answered(LineTable):
    """Three lines, and which of them were answered."""

    def __init__(self) -> None:
        super().__init__("Lines", ["What"], "What", LINES, {"answer": self._answer})
        self.answered: list[object] = []

    def _answer(self) -> None:
        self.answered.append(self._keys[self.currentRow()])

    def show_these(self, keys: str) -> None:
        self.show_lines([[key] for key in keys], list(keys))


@pytest.mark.parametrize(
    ("chosen", "then", "moves", "answers"),
    [
        (1, "ac", "", []),
        (0, "bc", "", []),
        (2, "ab", "", []),
        # It stands elsewhere, or others went: it is what was chosen.
        (1, "xyb", "", ["b"]),
        (1, "b", "", ["b"]),
        # Whoever moves has chosen.
        (1, "ac", "Up", ["a"]),
    ],
)
@pytest.mark.hazard("H-093")
def test_no_line_is_answered_that_came_under_the_hand_by_itself(
    qtbot: QtBot, chosen: int, then: str, moves: str, answers: list[str]
) -> None:
    table = Answered()
    qtbot.addWidget(table)
    table.show()
    table.show_these("abc")
    table.setCurrentCell(chosen, 0)
    table.show_these(then)
    if moves:
        QTest.keySequence(table, moves)
    QTest.keySequence(table, "A")
    assert table.answered == answers


@pytest.mark.hazard("H-093")
def test_it_is_answered_once_somebody_can_have_read_it(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    table = Answered()
    qtbot.addWidget(table)
    table.show()
    table.show_these("ab")
    table.show_these("b")
    read = time.monotonic() + line_table._UNREAD
    monkeypatch.setattr(line_table.time, "monotonic", lambda: read)
    QTest.keySequence(table, "A")
    assert table.answered == ["b"]
