"""Steps and the bar on top where there is hardly any room: fewer words, more lines, and nothing cut."""

from datetime import timedelta

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from console.live.store import Link, LinkState
from console.look import style
from console.views.detail.next_bar import NextBar
from console.views.form.choice import Option
from console.views.sheets.fields import Choose, Note, Pick, Write, WriteLines
from console.views.sheets.row_layout import Row
from console.views.sheets.sheet import Sheet
from console.views.status.bar import StatusBar
from db.domain.next_steps import Act, NextStep
from tests.gui.desks import Room, put_on, qt_loop, room, rooms, stage
from tests.gui.seen import look, lost

__all__ = ["qt_loop", "room", "rooms", "stage"]
STEPS = (
    NextStep(Act.ALLOCATE, "Allocate the van that is nearest", "A", "primary"),
    NextStep(Act.HOLD, "Hold until somebody calls back", "H", "secondary"),
    NextStep(Act.DECLINE, "Decline", "D", "secondary"),
    NextStep(Act.EDIT, "Edit", "E", "secondary"),
)


@pytest.mark.parametrize("width", [150, 200, 240, 330, 420, 540])
@pytest.mark.parametrize("text", [100, 150])
def test_steps_are_whole_at_any_width(stage: QWidget, qapp: QApplication, width: int, text: int) -> None:
    style.apply(qapp, "dark", text)
    bar = NextBar()
    put_on(stage, bar, width * text // 100, 500)
    bar.show_steps(STEPS, (), "")
    for _ in range(3):
        QApplication.processEvents()
    bar.resize(bar.width(), bar.heightForWidth(bar.width()))
    for _ in range(3):
        QApplication.processEvents()
    seen = look(bar)
    assert seen.faults == ()
    assert not seen.cut
    words = seen.said(bar).replace("\n", " ")
    assert all(step.label in words for step in STEPS)


def test_short_steps_stand_side_by_side_and_long_ones_do_not(stage: QWidget) -> None:
    bar = NextBar()
    put_on(stage, bar, 330, 300)
    bar.show_steps(STEPS, (), "")
    QApplication.processEvents()
    first, second, third, fourth = (button.geometry() for button in bar._buttons[:4])
    assert first.top() < second.top() < third.top() == fourth.top()
    assert third.right() < fourth.left()


def test_steps_that_are_called_otherwise_share_the_room_anew(stage: QWidget) -> None:
    bar = NextBar()
    put_on(stage, bar, 500, 300)
    # Both fit side by side, and neither into half of it; then it is the other one that is long.
    for labels in (
        ("Go on", "The caller hung up and rings again"),
        ("The caller is back: go on with it", "End it"),
    ):
        acts = ((Act.EDIT, "E", "primary"), (Act.HUNG_UP, "U", "secondary"))
        steps = [NextStep(act, label, key, kind) for label, (act, key, kind) in zip(labels, acts, strict=True)]
        bar.show_steps(steps, (), "")
        QApplication.processEvents()
        first, second = bar._buttons[:2]
        assert first.geometry().top() == second.geometry().top()
        assert [len(one._lines(one.width())) for one in (first, second)] == [1, 1], labels


_LONG = "How to talk: autistic, say what happens next before it happens and then wait for as long as it takes "


@pytest.mark.parametrize("text", [100, 150])
def test_no_sheet_is_wider_than_its_pane_whatever_it_asks_about(
    stage: QWidget, qapp: QApplication, text: int
) -> None:
    """It was scrolled aside, and of each line the beginning and the first key were out of sight."""
    style.apply(qapp, "dark", text)
    kept = (Option("yes", "Yes", "Y"), Option("partly", "Partly", "P"), Option("no", "No, it was not", "N"))
    fields = [
        Note("note", _LONG),
        Choose("kept", f"{_LONG}<b>{'x' * 200}", kept, "Choose one."),
        Pick("row", _LONG, [Row("a", _LONG, "9 min")]),
        Write("why", _LONG, "such as no answer"),
        WriteLines("said", _LONG, "in their own words"),
    ]
    sheet = Sheet(f"Close {'CRU-20261127-0003 ' * 3}", fields, lambda _given: [], "Close")
    put_on(stage, sheet, 330 * text // 100, 700)
    sheet.start()
    for _ in range(3):
        QApplication.processEvents()
    assert sheet._scroll.horizontalScrollBar().maximum() == 0
    assert fields[1]._label.text().endswith("<b>" + "x" * 200), "shown as it was said"


@pytest.mark.parametrize("width", [560, 640, 760, 900, 1100, 1190, 1400])
def test_the_bar_says_what_matters_in_fewer_words(room: Room, stage: QWidget, width: int) -> None:
    stage.resize(width, 300)
    bar = StatusBar(room.desk)
    put_on(stage, bar, width - 130, 90)
    room.take(received_at=room.desk.clock.now() - timedelta(minutes=7))
    bar.set_private(True)
    lost_at = room.desk.clock.now() - timedelta(seconds=12)
    states = (room.desk.store.link, Link(LinkState.LOST, lost_at, 0, "The record cannot be reached."))
    for link in states:
        room.desk.store.set_link(link)
        bar.tick()
        bar.resize(bar.width(), bar.sizeHint().height())
        for _ in range(3):
            QApplication.processEvents()
        seen = look(bar)
        top = bar.sounding()[0]
        assert seen.faults == ()
        assert not lost(seen, [top.sentence(room.desk.clock.now()), "link lost", "live"])
        assert top.words.partition(" for")[0] in seen.said(bar)
        assert bar.link.isVisible()
        assert bar.title.text().startswith("CRU") or width < 1000
