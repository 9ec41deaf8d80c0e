"""The line for a time to go to: what it takes for a moment, what it refuses, and how it is left."""

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from console.timeline.jump import TimeJump
from console.timeline.lanes import Lane, Segment
from console.timeline.view import TimelineView
from tests.gui.desks import put_on, stage

__all__ = ["stage"]
NOW = datetime(2026, 11, 22, 15, 42, 17, tzinfo=UTC)
KEY = Qt.Key


class Jump:
    def __init__(self, stage: QWidget) -> None:
        self.told: list[object] = []
        self.line = TimeJump(stage)
        self.line.asked.connect(lambda: self.told.append("asked"))
        self.line.wanted.connect(self.told.append)
        self.line.refused.connect(self.told.append)
        self.line.left.connect(lambda: self.told.append("left"))
        self.line.move(10, 10)
        stage.activateWindow()

    def type(self, words: str) -> list[object]:
        self.line.ask(NOW)
        self.told.clear()
        self.line.setText(words)
        QTest.keyClick(self.line, KEY.Key_Return)
        return self.told


@pytest.fixture
def jump(stage: QWidget) -> Jump:
    return Jump(stage)


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("0310", NOW.replace(hour=3, minute=10, second=0)),
        ("yesterday 2205", NOW.replace(day=21, hour=22, minute=5, second=0)),
        ("20 Nov 0855", NOW.replace(day=20, hour=8, minute=55, second=0)),
        ("90 min ago", NOW - timedelta(minutes=90)),
        # What is still to come is gone to as well, where it cannot have been.
        ("23 Nov 0700", NOW.replace(day=23, hour=7, minute=0, second=0)),
    ],
)
def test_a_moment_is_gone_to(jump: Jump, typed: str, at: datetime) -> None:
    found, left = jump.type(typed)
    assert isinstance(found, datetime)
    assert abs(found - at) < timedelta(minutes=1)
    assert left == "left"
    assert not jump.line.isVisible()


@pytest.mark.parametrize(("typed", "why"), [("25:99", "is not a time of day"), ("gibberish", "")])
def test_what_is_no_moment_is_refused_and_stays(jump: Jump, typed: str, why: str) -> None:
    (refusal,) = jump.type(typed)
    assert isinstance(refusal, str)
    assert why in refusal
    assert refusal == refusal.strip()
    assert jump.line.isVisible()
    assert jump.line.text() == typed


def test_nothing_typed_is_left(jump: Jump) -> None:
    assert jump.type("  ") == ["left"]
    QTest.keyClick(jump.line, KEY.Key_Return)
    assert jump.told == ["left", "left"]
    never = Jump(jump.line.parentWidget())
    never.line.setText("0310")
    QTest.keyClick(never.line, KEY.Key_Return)
    assert never.told == ["left"], "by which clock was never said"


def test_it_begins_with_what_was_typed_before_all_of_it_chosen(jump: Jump) -> None:
    assert not jump.line.isVisible()
    jump.line.ask(NOW)
    assert (jump.told, jump.line.isVisible(), jump.line.hasFocus()) == (["asked"], True, True)
    QTest.keyClicks(jump.line, "0310")
    QTest.keyClick(jump.line, KEY.Key_Escape)
    assert (jump.told[-1], jump.line.isVisible()) == ("left", False)
    jump.line.ask(NOW)
    assert jump.line.selectedText() == "0310"
    QTest.keyClicks(jump.line, "04")
    assert jump.line.text() == "04"


def test_it_says_what_may_be_typed_and_has_room_for_it(jump: Jump) -> None:
    line = jump.line
    assert line.placeholderText() == "0310"
    assert line.toolTip() == "0310, yesterday 2205, 22 Nov 0855, 90 min ago"
    assert line.accessibleName() == "Time to go to"
    words = line.fontMetrics().horizontalAdvance
    assert words("yesterday 2205") < line.sizeHint().width() < words("yesterday 2205 and more")
    assert words("22 Nov 0855") < line.minimumSizeHint().width() < line.sizeHint().width()


def test_while_a_time_is_typed_other_words_give_way(stage: QWidget) -> None:
    view = TimelineView(NOW)
    put_on(stage, view, 1000, 320)
    stage.activateWindow()
    view.set_lanes([Lane("a", "0042", segments=(Segment(NOW - timedelta(minutes=9), None, "ems"),))])
    view.show_moment(NOW - timedelta(hours=5))
    (line,) = view.findChildren(TimeJump)
    shown = lambda: (view._back.isVisible(), view._legend.isVisible(), line.isVisible())  # noqa: E731 - short
    assert shown() == (True, True, False)
    view.ask_for_time()
    assert shown() == (False, False, True)
    QTest.keyClicks(line, "25:99")
    QTest.keyClick(line, KEY.Key_Return)
    assert "is not a time of day" in view._heading.note()
    QTest.keyClick(line, KEY.Key_Escape)
    assert shown() == (True, True, False)
    assert "is not a time of day" not in view._heading.note()
    assert "looking back" in view._heading.note()
    assert view._lanes.hasFocus()
    # Whoever is shown a moment meanwhile has no use for the line.
    view.ask_for_time()
    view.show_moment(NOW + timedelta(days=3))
    assert not line.isVisible()
    assert "looking ahead" in view._heading.note()
