"""What breaks inside a method that Qt calls costs what it drew, and nothing else. It is said, without a value."""

import asyncio
import importlib
import pkgutil
import sys
import threading
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

import console
from console.live.store import Store
from console.look import guard, paint, panel, style
from console.look import painted as small
from console.look.guard import guarded, is_guarded
from console.models.referrals import ReferralModel
from console.models.vans import VanModel
from console.running import faults as net
from console.running.faults import QUIET_FOR, Faults, attempt, attempt_later, faults, went_well
from console.timeline import drawing, strokes
from console.timeline.canvas import LaneCanvas
from console.views.board import row as board_row
from console.views.board.list import SteadyList
from console.views.detail.sections import PersonSection
from console.views.detail.view import View
from console.views.map.panel import MapPanel
from console.views.vans import row as vans_row
from db.domain.records import Referral
from tests.e2e.windows import Seated, clock, qt_loop, rooms, seated
from tests.gui.desks import eventually, stage
from tests.unit.board_records import position

__all__ = ["clock", "qt_loop", "rooms", "seated", "stage"]
SECRET = "Jane Doe, 12 Abington Street"
LOG = "console.running.faults"


def broken(*_args: object, **_named: object) -> Any:
    raise LookupError(SECRET)


@pytest.fixture
def expected(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Faults are meant here; whatever they were, no value of them stands in the log."""
    yield caplog
    faults.forget()
    assert SECRET not in caplog.text


# --- nobody is forgotten ---


def ours() -> Iterator[type]:
    """Every class of the console that derives from one of Qt's."""
    for module in pkgutil.walk_packages(console.__path__, "console."):
        importlib.import_module(module.name)
    todo = [shiboken6.Object]
    while todo:
        for cls in todo.pop().__subclasses__():
            todo.append(cls)
            if cls.__module__.startswith("console."):
                yield cls


@pytest.mark.no_qt_log  # the sound library speaks up on a machine without one
def test_every_method_that_qt_calls_is_guarded() -> None:
    seen = set()
    for cls in ours():
        of_qt = [base for base in cls.__mro__[1:] if base.__module__.startswith(("PySide6.", "Shiboken"))]
        for name, method in vars(cls).items():
            if isinstance(method, FunctionType) and any(name in vars(base) for base in of_qt) and name[0] != "_":
                seen.add(name)
                assert name in guard.ANSWERS, f"{cls.__name__}.{name}: guard.py has no answer for it"
                assert is_guarded(method), f"{cls.__module__}.{cls.__name__} lacks @guarded: {name}"
    assert {"paintEvent", "paint", "data", "eventFilter", "requestStarted", "run"} <= seen


# --- one widget ---


@guarded
class Odd(QWidget):
    """Fails in whatever is asked of it, in the middle of a paint on a paint."""

    broken = True

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, pixmap = QPainter(self), QPixmap(4, 4)
        inner = QPainter(pixmap)
        if self.broken:
            with paint.kept(painter):
                raise LookupError(SECRET, inner)
        inner.end()

    def heightForWidth(self, _width: int) -> int:
        raise LookupError(SECRET)

    def keyPressEvent(self, _event: QKeyEvent) -> None:
        raise LookupError(SECRET)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        raise LookupError(SECRET, event.type())


def picture(widget: QWidget, part: QRect | None = None) -> QImage:
    return (widget.grab(part) if part is not None else widget.grab()).toImage()


def test_a_widget_that_cannot_paint_says_so_and_comes_back(
    stage: QWidget, expected: pytest.LogCaptureFixture
) -> None:
    odd = Odd(stage)
    odd.setAccessibleDescription("what it was")
    odd.resize(300, 40)
    odd.broken = False
    odd.show()
    empty = picture(odd)
    odd.broken = True
    for _ in range(3):
        striped = picture(odd)
        odd.repaint()  # through the backing store, where an active painter is fatal
    assert striped != empty
    assert odd.accessibleDescription() == paint.UNREADABLE
    assert faults.count == 6
    assert len(expected.records) == 1
    said = expected.records[0].getMessage()
    assert "LookupError" in said
    assert "Odd.paintEvent" in said
    odd.broken = False
    assert picture(odd) == empty
    assert odd.accessibleDescription() == "what it was"


def test_qt_gets_a_harmless_answer(stage: QWidget, expected: pytest.LogCaptureFixture) -> None:
    odd, other = Odd(stage), QWidget(stage)
    odd.broken = False
    other.installEventFilter(odd)
    QTest.keyClick(odd, Qt.Key.Key_A)
    QApplication.sendEvent(other, QEvent(QEvent.Type.User))
    other.removeEventFilter(odd)
    assert odd.heightForWidth(100) == 24
    assert {one.getMessage().split(" at ")[0] for one in expected.records} == {
        "LookupError in Odd.keyPressEvent",
        "LookupError in Odd.eventFilter",
        "LookupError in Odd.heightForWidth",
    }


def test_the_sign_needs_no_room(stage: QWidget) -> None:
    pixmap = QPixmap(8, 8)
    pixmap.fill(Qt.GlobalColor.black)
    plain = pixmap.toImage()
    painter = QPainter(pixmap)
    paint.paint_unreadable(painter, QRectF(0, 0, 8, 8), style.current(), "0044")
    painter.end()
    assert pixmap.toImage() != plain


# --- what is logged and told ---


def test_the_same_fault_is_logged_once_a_minute_and_told_once(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    seconds = [1000.0]
    counted = Faults(clock=lambda: seconds[0])
    heard: list[str] = []
    counted.told.connect(heard.append)
    for _ in range(60):
        counted.note("Odd.paintEvent", ValueError(SECRET), "the map")
    counted.note("Odd.paintEvent", KeyError(SECRET), "the map")
    assert [one.getMessage() for one in caplog.records] == [
        "ValueError in Odd.paintEvent at no place of ours",
        "KeyError in Odd.paintEvent at no place of ours",
    ]
    assert heard == []  # not from within a paint
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert set(heard) == {"Part of the screen failed: the map. The console goes on."}
    seconds[0] += QUIET_FOR
    counted.note("Odd.paintEvent", ValueError(SECRET), "the map")
    assert "59 more since" in caplog.records[-1].getMessage()
    assert counted.count == 62
    assert SECRET not in caplog.text


def test_one_record_costs_itself_and_names_the_line(expected: pytest.LogCaptureFixture) -> None:
    odd = Referral.__new__(Referral)  # a record of which nothing can be read
    assert [attempt("a row of the referrals", name) for name in (lambda: 1, lambda: odd.is_open, lambda: 3)] == [
        1,
        None,
        3,
    ]
    said = expected.records[0].getMessage()
    assert "in a row of the referrals at db.domain.records.Referral.is_open:" in said


class Left(BaseException):
    """What a library raises that wants the program to end."""


@pytest.mark.parametrize("kind", [SystemExit, KeyboardInterrupt, Left, MemoryError, RecursionError])
def test_whatever_one_record_raises_the_next_is_read(
    kind: type[BaseException], expected: pytest.LogCaptureFixture
) -> None:
    def falls() -> None:
        raise kind(SECRET)

    assert [attempt("a row of the referrals", one) for one in (falls, lambda: 2)] == [None, 2]
    assert not went_well("a row of the referrals", falls)
    assert faults.count == 2
    assert kind.__name__ in expected.text
    assert SECRET not in expected.text


async def test_a_cancellation_is_not_taken_for_a_fault() -> None:
    with pytest.raises(asyncio.CancelledError):
        await attempt_later("an expected arrival", _cancelled())


async def _cancelled() -> None:
    raise asyncio.CancelledError


class Bell(QObject):
    rung = Signal()


def test_the_last_net_is_under_slots_threads_and_the_loop(
    qt_loop: Callable[..., Any], expected: pytest.LogCaptureFixture
) -> None:
    bell, heard = Bell(), []
    bell.rung.connect(broken)
    bell.rung.connect(lambda: heard.append("the next slot"))
    before = sys.excepthook
    with net.watching():
        bell.rung.emit()
        thread = threading.Thread(target=broken)
        thread.start()
        thread.join()

        async def work() -> None:
            asyncio.get_running_loop().set_exception_handler(net.of_loop)
            asyncio.get_running_loop().call_soon(broken, SECRET)
            task = asyncio.ensure_future(asyncio.sleep(0))
            task.add_done_callback(broken)
            await eventually(lambda: faults.count == 4)

        qt_loop(work())
    assert heard == ["the next slot"]
    assert sys.excepthook is before
    assert faults.count == 4
    assert {one.getMessage().split(" at ")[0] for one in expected.records} >= {"LookupError in the event loop"}
    assert "faults that were caught in this run: 4" in expected.text


def test_how_a_connection_ends_that_was_given_up_is_no_fault_of_the_screen() -> None:
    for error in (ConnectionError("unexpected connection_lost() call"), TimeoutError(), OSError(104, "reset")):
        net.of_loop(None, {"message": "Future exception was never retrieved", "exception": error})
    assert faults.count == 0


def test_the_end_of_the_program_is_no_fault() -> None:
    with net.watching():
        hook = sys.excepthook
        shown: list[type[BaseException]] = []
        net.sys.__excepthook__, kept = (lambda kind, *_: shown.append(kind)), net.sys.__excepthook__
        try:
            hook(KeyboardInterrupt, KeyboardInterrupt(), None)
        finally:
            net.sys.__excepthook__ = kept
    assert shown == [KeyboardInterrupt]
    assert faults.count == 0


# --- every panel, with its real painter broken ---


def only(original: Callable[..., Any], applies: Callable[..., bool]) -> Callable[..., Any]:
    """Broken for some calls."""

    def call(*args: Any, **named: Any) -> Any:
        return broken() if applies(*args) else original(*args, **named)

    return call


@pytest.fixture
def busy(seated: Callable[[str], Seated]) -> Seated:
    """A desk with two referrals, one of them chosen, and a van on its way."""
    desk = seated("a.shah")
    first, second = desk.room.take(priority="P1"), desk.room.take(priority="P2")
    for one in (first, second):
        desk.room.accept(one)
    van = desk.room.on_duty(0)
    desk.room.send(first, van)
    desk.desk.store.put({"position": [position(van)]})
    desk.page.select_referral(first)
    desk.page._ticks.stop()
    look(desk)
    return desk


def look(desk: Seated) -> None:
    """Paint the whole window, into a picture and onto the screen."""
    desk.page._ticks.tick()
    for widget in desk.window.findChildren(QWidget):
        widget.update()
    desk.window.grab()
    QApplication.sendPostedEvents()
    desk.window.repaint()


def row_picture(table: SteadyList, row: int) -> QImage:
    return picture(table.viewport(), table.visualRect(table.model().index(row, 0)))


def test_a_broken_board_row_leaves_the_others(
    busy: Seated, monkeypatch: pytest.MonkeyPatch, expected: pytest.LogCaptureFixture
) -> None:
    board = busy.page.board
    before = [row_picture(board.list, row) for row in (0, 1)]
    draw, bad = board_row.BoardDelegate._referral, board.model.row(board.model.id_at(0))
    monkeypatch.setattr(board_row.BoardDelegate, "_referral", only(draw, lambda *args: args[3].row is bad))
    assert [row_picture(board.list, row) == before[row] for row in (0, 1)] == [False, True]
    look(busy)
    assert "BoardDelegate.paint" in expected.text
    # What the painter cannot draw is told to a screen reader as ever.
    assert "CRU-" in board.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    busy.room.until(lambda: "Part of the screen failed: the referrals." in busy.page.message.text())


def test_a_broken_lane_leaves_the_others(
    busy: Seated, monkeypatch: pytest.MonkeyPatch, expected: pytest.LogCaptureFixture
) -> None:
    canvas = busy.page.timelines.findChild(LaneCanvas)
    rows = [canvas._frame.row_rect(row, 0).toAlignedRect() for row in (0, 1)]
    before = [picture(canvas.viewport(), row) for row in rows]
    draw, bad = strokes.draw_lane, canvas._lanes[1]
    monkeypatch.setattr(strokes, "draw_lane", only(draw, lambda *args: args[3] is bad))
    assert [picture(canvas.viewport(), row) == was for row, was in zip(rows, before, strict=True)] == [True, False]
    look(busy)
    assert "a lane of the timelines" in expected.text


def test_a_broken_part_of_the_referral_leaves_the_others(
    busy: Seated, monkeypatch: pytest.MonkeyPatch, expected: pytest.LogCaptureFixture
) -> None:
    pane = busy.page.detail
    person, jobs = pane.body.person, pane.body.jobs
    was, told = person._words.text(), jobs._words.text()
    with monkeypatch.context() as patched:
        patched.setattr(PersonSection, "_lines", broken)
        jobs._words.clear()
        pane._refresh()
        assert person._title.text() == "▲ Person: cannot be shown"
        assert person.isVisibleTo(pane)
        assert not person._words.isVisibleTo(person)  # nothing of the referral before stays under it
        assert jobs._words.text() == told
    pane._refresh()
    assert (person._title.text(), person._words.text()) == ("Person", was)
    assert person._words.isVisibleTo(person)


def test_a_referral_that_cannot_be_read_is_named_in_the_pane(
    busy: Seated, monkeypatch: pytest.MonkeyPatch, expected: pytest.LogCaptureFixture
) -> None:
    pane, known = busy.page.detail, busy.desk.store.referral(busy.page._selected)
    monkeypatch.setattr(Store, "handovers_of", broken)
    pane._refresh()
    assert pane.empty.isVisibleTo(pane)
    assert f"{known.reference} cannot be shown." in pane.empty.text()
    assert not pane._header.isVisibleTo(pane)


BREAKS: dict[str, tuple[object, str]] = {
    "the row of a van": (vans_row.VanDelegate, "_columns"),
    "an axis": (drawing, "draw_axis"),
    "the frame of the lanes": (drawing, "draw_grid"),
    "a badge": (paint, "paint_badge"),
    "a stretch": (paint, "paint_stretch"),
    "a keycap": (paint, "paint_keycap"),
    "a hatch": (paint, "hatch"),
    "headings and messages": (panel, "current"),
    "chips": (small, "current"),
    "what a row says": (ReferralModel, "text"),
    "what a van says": (VanModel, "text"),
    "a person": (PersonSection, "_lines"),
    "the next steps": (View, "_steps"),
    "a van on the map": (MapPanel, "_van_mark"),
    "a referral on the map": (MapPanel, "_referral_mark"),
}


def test_every_panel_outlives_its_painter(
    busy: Seated, monkeypatch: pytest.MonkeyPatch, expected: pytest.LogCaptureFixture
) -> None:
    for name, (owner, attribute) in BREAKS.items():
        faults.forget()
        with monkeypatch.context() as patched:
            patched.setattr(owner, attribute, broken)
            look(busy)
            busy.page.map._show()
            busy.page.map.view._flush()
            busy.page.board.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
            busy.page.vans.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
            busy.page.detail._refresh()
        assert faults.count > 0, name
        look(busy)
        faults.forget()
        look(busy)
        assert faults.count == 0, f"{name}: it is whole again"
