"""What the lead's page asks for and says, by itself: when it reads, what its keys do, reports, what is usual."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QTableWidgetItem, QWidget
from shiboken6 import isValid

from console.live.store import Link, LinkState
from console.look.buttons import ActionButton
from console.look.layouts import widgets_in
from console.look.tabbing import has_keyboard
from console.running.tasks import Supervisor
from console.views.files.maker import ReportLine
from console.views.lead.behind import BehindPanel
from console.views.lead.beside import ChartsBeside
from console.views.lead.layout import PanelGrid
from console.views.lead.pictures import BehindRow
from console.views.lead.ranges import RangeChoice, RangeKind
from console.views.lead.reading import AGAIN_AFTER, UNREAD, LeadReading
from console.views.lead.reporting import Reporting, ShownDays, WantedReport, report_sheet
from console.views.lead.usual import UsualBar, in_force_words
from console.views.lead.van_hours import VanHours
from console.views.lead.window import LeadWindow
from db.commands import SetBaseline, WithdrawBaseline
from db.domain.periods import EVERYTHING, Cut, Period
from db.domain.spc import Baseline
from db.domain.what_if_asked import MOST_VANS, Stretches, WhatIf
from db.errors import Invalid, Passing, RecordError
from tests.gui.desks import Runs, put_on, qt_loop, stage
from tests.gui.test_room_pages import Desk
from tests.unit.board_records import NOW, referral, van

__all__ = ["qt_loop", "stage"]
KEY = Qt.Key
AWAY = Passing("The record cannot be reached.")
MINUTE = timedelta(minutes=1)


class Asked(Desk):
    """A desk whose reads wait until a test answers them."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.waiting: list[asyncio.Future[Any]] = []
        self.given: list[tuple[Any, ...]] = []
        self.performed: list[Any] = []
        self.refusal: RecordError | None = None
        self.desk.supervisor = Supervisor()
        self.desk.clock = SimpleNamespace(now=lambda: self.now)
        self.desk.me = SimpleNamespace(login="l.lead", display_name="L. Lead", role=self.desk.me.role)
        self.desk.reads = SimpleNamespace(lead_page=self._wait, past_nights=self._wait, behind=self._wait)
        self.desk.actions.perform = self._perform

    async def _wait(self, *given: Any) -> Any:
        self.given.append(given)
        self.waiting.append(asyncio.get_running_loop().create_future())
        return await self.waiting[-1]

    async def _perform(self, command: Any, label: str) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.performed.append((command, label))


async def turns(count: int = 6) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


@pytest.fixture
def asked(qt_loop: Runs) -> Asked:
    return Asked()


# --- reading ---


@pytest.fixture
def reading(asked: Asked, stage: QWidget) -> Iterator[tuple[LeadReading, list[str]]]:
    made, told = LeadReading(asked.desk, stage), list[str]()
    made.told.connect(lambda: told.append("told"))
    made.failed.connect(lambda error: told.append(str(error)))
    yield made, told
    made.close()


def test_what_is_read_is_given_up_for_what_is_asked_next(
    asked: Asked, reading: tuple[LeadReading, list[str]], qt_loop: Runs
) -> None:
    page, told = reading
    cut = Cut(areas=frozenset({"Corby"}))

    async def read() -> None:
        page.choice, page.cut = RangeChoice(RangeKind.WEEK), cut
        page.start()
        await turns()
        page.choice = RangeChoice(RangeKind.MONTH)
        page.start()
        await turns()
        assert asked.waiting[0].cancelled()
        assert page.is_reading
        asked.waiting[1].set_exception(AWAY)
        await turns()

    qt_loop(read())
    assert asked.given == [(Period.days(7, NOW), cut), (Period.days(28, NOW), cut)]
    assert told[-2:] == [str(AWAY), "told"]
    assert (page.is_reading, page.age()) == (False, UNREAD)


def test_what_could_not_be_read_is_read_when_the_link_is_back(
    asked: Asked, reading: tuple[LeadReading, list[str]], qt_loop: Runs
) -> None:
    page, _ = reading

    async def read() -> None:
        page.start()
        await turns()
        asked.waiting[0].set_exception(AWAY)
        await turns()
        asked.store.set_link(Link(LinkState.LOST, NOW))
        asked.store.set_link(Link(LinkState.LIVE, NOW))
        await turns()
        assert len(asked.given) == 2
        page.stop()

    qt_loop(read())


def test_what_takes_long_is_said_of_what_is_still_read_only(
    asked: Asked, reading: tuple[LeadReading, list[str]], qt_loop: Runs
) -> None:
    page, told = reading

    async def read() -> None:
        page.start()
        first = page._task
        page.start()
        await turns()
        assert first is not None
        told.clear()
        page._say_slow(first)
        assert (page.is_slow, told) == (False, [])
        assert page._task is not None
        page._say_slow(page._task)
        assert (page.is_slow, page.age(), told) == (True, "Reading…", ["told"])
        page.stop()
        assert (page.is_slow, page.is_reading) == (False, False)

    qt_loop(read())


@pytest.mark.parametrize(
    ("age", "more", "starts"),
    [
        (AGAIN_AFTER, {}, True),
        (AGAIN_AFTER * 9, {}, True),
        (AGAIN_AFTER - timedelta(seconds=1), {}, False),
        (timedelta(0), {}, False),
        (-timedelta(seconds=1), {}, True),  # the clock was set back
        (None, {}, False),
        (AGAIN_AFTER, {"changed": False}, False),
        (AGAIN_AFTER, {"kind": RangeKind.DAYS}, False),
        (AGAIN_AFTER, {"seen": "hidden"}, False),
        (AGAIN_AFTER, {"seen": "minimised"}, False),
    ],
)
def test_it_follows_the_record_while_somebody_can_see_it(
    asked: Asked,
    reading: tuple[LeadReading, list[str]],
    stage: QWidget,
    monkeypatch: pytest.MonkeyPatch,
    age: timedelta | None,
    more: dict[str, Any],
    starts: bool,
) -> None:
    page, told = reading
    begun: list[bool] = []
    monkeypatch.setattr(page, "start", lambda: begun.append(True))
    page.choice = RangeChoice(more.get("kind", RangeKind.TODAY))
    page._read_at = None if age is None else NOW - age
    page._changed = more.get("changed", True)
    monkeypatch.setattr(stage, "isVisible", lambda: more.get("seen") != "hidden")
    monkeypatch.setattr(stage, "isMinimized", lambda: more.get("seen") == "minimised")
    told.clear()
    page.tick()
    assert (begun, told) == ([True] if starts else [], ["told"])
    begun.clear()
    page._task = SimpleNamespace(cancel=lambda: None)  # type: ignore[assignment] # one that is under way
    page.tick()
    assert begun == []


def test_only_what_figures_are_worked_out_from_makes_it_read_again(
    asked: Asked, reading: tuple[LeadReading, list[str]]
) -> None:
    page, _ = reading
    asked.store.put({"van": [van("CRU4")]})
    assert not page._changed
    asked.store.put({"referral": [referral(number=45)]})
    assert page._changed
    page._changed = False
    asked.store.set_reference(replace(asked.store.reference, service="Another"))
    assert page._changed


def test_it_says_how_old_it_is(asked: Asked, reading: tuple[LeadReading, list[str]]) -> None:
    page, _ = reading
    page._read_at = NOW - timedelta(minutes=3)
    assert page.age().startswith("read ")
    assert page.age().endswith(", 3 min ago")


# --- what its keys, buttons and parts do ---


@pytest.fixture
def window(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> Iterator[LeadWindow]:
    monkeypatch.setattr(LeadReading, "start", lambda self: self.told.emit())
    made = LeadWindow(asked.desk)
    made.resize(1500, 900)
    made.show()
    made.activateWindow()
    yield made
    if isValid(made):
        made.end()


def test_a_key_brings_its_panel_into_sight_and_gives_it_the_keyboard(
    window: LeadWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[QWidget] = []
    monkeypatch.setattr(window.grid, "reveal", seen.append)
    chords = window._chords()
    for name, panel in window.panels.items():
        chords[name]()
        assert has_keyboard(panel)
        seen.clear()
        chords[name]()
        assert seen == [panel], "scrolled away meanwhile, with the keyboard in it"
    chords["figures"]()
    assert has_keyboard(window.figures)


def test_its_first_row_says_and_does(window: LeadWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []
    monkeypatch.setattr(LeadReading, "start", lambda _self: begun.append("read"))
    # Also before anybody chose.
    assert window.bar.buttons[window.reading.choice.kind].accessibleName().endswith(", shown")
    assert window.of_when.text()
    window.refresh_button.click()
    for kind in (RangeKind.WEEK, RangeKind.TODAY):
        window.bar.choose(kind)
        assert window.reading.choice == RangeChoice(kind)
        assert window.bar.buttons[kind].accessibleName() == f"{kind.value}, shown"
        assert window.of_when.text()
    assert begun == ["read"] * 3
    window.bar.choose(RangeKind.DAYS)
    assert window.days.isVisible()
    assert window.days.first.hasFocus()
    window.days.first.setText("nonsense")
    window.days.show_button.click()
    assert "is no day" in window.message.text()
    window.days.first.setText("3 Feb 2025")
    window.days.show_button.click()
    assert not window.message.isVisible()
    assert not window.days.isVisible()
    assert window.reading.choice == RangeChoice(RangeKind.DAYS, date(2025, 2, 3), date(2025, 2, 3))
    window.show_cut(Cut(priorities=frozenset({"P2"})))
    assert window.bar.cut_button.text() == "P2"
    assert len(begun) == 5
    window.report_button.click()
    assert window.reporting.sheets.current is not None


def test_what_is_slow_can_be_stopped_and_says_so(window: LeadWindow) -> None:
    assert not window.stop_button.isVisible()
    window.reading.is_slow = True
    window.reading.told.emit()
    assert (window.stop_button.isVisible(), window.age.text()) == (True, "Reading…")
    window.stop_button.click()
    assert (window.stop_button.isVisible(), window.age.text()) == (False, UNREAD)


def test_escape_closes_what_is_topmost_and_one_thing_at_a_time(window: LeadWindow) -> None:
    window._open_ids((), "nothing")
    assert not window.behind.isVisible()
    window._open_rows("all", list(ROWS))
    window.message.say("info", "Something.")
    window.days.show()
    window.reporting.ask()
    window.reading.is_slow = True
    left: list[str] = []
    parts: dict[str, Callable[[], bool]] = {
        "reading": lambda: window.reading.is_slow,
        "sheet": lambda: window.reporting.is_open,
        "days": window.days.isVisible,
        "message": window.message.isVisible,
        "rows": window.behind.isVisible,
        "window": window.isVisible,
    }
    while window.isVisible():
        before = {name for name, is_open in parts.items() if is_open()}
        window.leave()
        left += sorted(before - {name for name, is_open in parts.items() if is_open()})
        assert len(left) <= len(parts)
    assert left[: len(parts) - 1] == [name for name in parts if name != "window"]


def test_no_row_is_said_and_a_row_goes_to_the_board_or_to_its_moment(window: LeadWindow, asked: Asked) -> None:
    went: list[tuple[object, ...]] = []
    window.record_wanted.connect(lambda one: went.append((one,)))
    window.replay_wanted.connect(lambda at, one: went.append((at, one)))
    window._open_rows("Corby", [])
    assert window.message.text() == "No referral stands behind Corby."
    live = referral(number=44)
    asked.store.put({"referral": [live]})
    here = replace(ROWS[0], id=live.id)
    window._open_rows("all", [here, ROWS[1]])
    assert window.behind.table.hasFocus()
    window.behind.record_wanted.emit(here)
    window.behind.record_wanted.emit(ROWS[1])
    window.behind.replay_wanted.emit(here)
    assert went == [(live.id,), (ROWS[1].received_at, ROWS[1].id), (here.received_at, here.id)]
    window.behind.close_button.click()
    assert window.behind.isVisible(), "what is said closes first"
    window.behind.close_button.click()
    assert not window.behind.isVisible()
    window.set_private(True)
    assert window.behind.table.isColumnHidden(6)


def test_nothing_is_shown_of_a_measure_before_anything_was_read(window: LeadWindow, asked: Asked) -> None:
    window.define("response")
    window.ask_usual()
    window.show_weeks("release")
    assert window.shown_weeks == "release"
    assert not window.message.isVisible()
    assert not window.usual.isVisible()
    assert not asked.given


# --- beside the charts ---


def panels() -> dict[str, QWidget]:
    return {name: QWidget() for name in ("waits", "demand", "ends", "vans", "weeks", "what if")}


ROWS = tuple(
    BehindRow(UUID(int=n), NOW - n * MINUTE, f"00{n}", "03:42", "38 min", "P1", "EMAS crew", "CRU1", "Corby")
    for n in (1, 2, 3)
)


@pytest.mark.parametrize(("width", "both"), [(1120, True), (1119, False), (1600, True), (900, False)])
def test_the_charts_give_way_where_there_is_no_room_for_both(stage: QWidget, width: int, both: bool) -> None:
    grid = PanelGrid(QLabel("above"), panels())
    behind = BehindPanel()
    stage.setMinimumSize(200, 200)
    stage.resize(width, 600)
    beside = ChartsBeside(grid, behind, stage)
    put_on(stage, beside, width, 600)
    assert grid.isVisible()
    assert not behind.isVisible()
    beside.open_rows("all", ROWS, takes_keys=False)
    assert (grid.isVisible(), behind.isVisible()) == (both, True)
    beside.close_rows(lambda: None)
    assert (grid.isVisible(), behind.isVisible()) == (True, False)


def test_the_keyboard_goes_into_the_rows_and_back_to_where_they_came_from(stage: QWidget) -> None:
    button, other = ActionButton("one", "", "quiet", stage), ActionButton("two", "", "quiet", stage)
    grid = PanelGrid(button, panels())
    behind = BehindPanel()
    beside = ChartsBeside(grid, behind, stage)
    put_on(stage, beside, 1500, 600)
    stage.activateWindow()
    calls: list[str] = []
    button.setFocus()
    beside.open_rows("all", ROWS, takes_keys=False)
    assert button.hasFocus()
    beside.open_rows("all", ROWS, takes_keys=True)
    assert behind.table.hasFocus()
    # Of another figure meanwhile: it is still the first from which it was opened.
    beside.open_rows("others", ROWS, takes_keys=True)
    beside.close_rows(lambda: calls.append("otherwise"))
    assert (button.hasFocus(), calls) == (True, [])
    beside.open_rows("all", ROWS, takes_keys=True)
    other.setFocus()
    beside.close_rows(lambda: calls.append("otherwise"))
    assert calls == [], "whoever went on is not called back"
    button.setFocus()
    beside.open_rows("all", ROWS, takes_keys=True)
    button.setParent(None)
    beside.close_rows(lambda: calls.append("otherwise"))
    assert calls == ["otherwise"]


# --- reports ---


@pytest.mark.parametrize(
    ("kind", "title", "stem"),
    [
        (RangeKind.TONIGHT, "Shift report", "shift-2026-11-22"),
        (RangeKind.TODAY, "Shift report", "shift-2026-11-22"),
        (RangeKind.WEEK, "Service report", "service-2026-11-22-to-2026-11-23"),
        (RangeKind.DAYS, "Service report", "service-2026-11-22-to-2026-11-23"),
    ],
)
def test_a_report_is_called_by_what_it_is_about(kind: RangeKind, title: str, stem: str) -> None:
    days = Period(datetime(2026, 11, 22, 19, tzinfo=UTC), datetime(2026, 11, 23, 7, tzinfo=UTC))
    shown = ShownDays(RangeChoice(kind), days, EVERYTHING, "")
    assert (shown.title(), shown.stem()) == (title, stem)


@pytest.fixture
def reporting(window: LeadWindow) -> Reporting:
    return window.reporting


def test_a_report_says_how_it_ended(window: LeadWindow, qt_loop: Runs) -> None:
    reporting = window.reporting

    async def made(count: int, error: RecordError | None = None) -> None:
        async def work() -> int:
            if error is not None:
                raise error
            return count

        reporting._task = asyncio.ensure_future(asyncio.sleep(0))
        reporting.line.show()
        await reporting._made(work())
        assert (reporting.is_making, reporting.line.isVisible()) == (False, False)

    reporting._folder = Path("reports")
    for count, words in ((1, "One file was written."), (2, "2 files were written."), (0, "0 files were written.")):
        qt_loop(made(count))
        assert window.message.text() == f"{words} They are in reports."
    qt_loop(made(0, Invalid("The disk is full.", "Choose another folder.")))
    assert window.message.text() == "The disk is full. Choose another folder."


def test_one_report_is_made_at_a_time_and_it_is_given_up_by_its_button(
    window: LeadWindow, qt_loop: Runs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reporting = window.reporting
    begun: list[tuple[str, WantedReport, Path]] = []

    async def forever(kind: str, wanted: WantedReport, folder: Path) -> int:
        begun.append((kind, wanted, folder))
        reporting.line.tell("Reading the record", 1, 4)
        await asyncio.get_running_loop().create_future()
        return 0

    monkeypatch.setattr(reporting, "_service", lambda *given: forever("service", *given))
    monkeypatch.setattr(reporting, "_record", lambda *given: forever("record", *given))

    async def made() -> None:
        for wanted in (WantedReport(("pdf",)), WantedReport(("csv",), "CRU-20261122-0042", "a review")):
            reporting.make(wanted, tmp_path)
            await turns()
            assert (reporting.is_making, reporting.is_open, reporting.line.isVisible()) == (True, True, True)
            bar = reporting.line.bar
            assert (bar.minimum(), bar.value(), bar.maximum()) == (0, 1, 4)
            assert reporting.line.words.text() == "Reading the record"
            assert (bar.isTextVisible(), bar.accessibleName()) == (False, "How far the report has come")
            assert reporting.line.words.textFormat() is Qt.TextFormat.PlainText
            reporting.ask()
            assert "A report is being made." in window.message.text()
            assert reporting.sheets.current is None
            reporting.line.stop_button.click()
            assert (reporting.is_making, reporting.line.isVisible()) == (False, False)
            assert window.message.text() == "The report was given up. Nothing was written."
            window.message.clear()
            reporting.stop()
            assert not window.message.isVisible(), "nothing is given up twice"

    qt_loop(made())
    assert [(kind, folder) for kind, _, folder in begun] == [("service", tmp_path), ("record", tmp_path)]
    assert reporting._folder == tmp_path


def test_a_folder_is_asked_for_beside_the_live_desk(window: LeadWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[WantedReport, Path]] = []
    monkeypatch.setattr(window.reporting, "make", lambda *given: made.append(given))
    wanted = WantedReport(("xlsx",))
    window.reporting.ask_where(wanted)
    (dialog,) = window.findChildren(QFileDialog)
    assert dialog.isVisible()
    assert dialog.fileMode() is QFileDialog.FileMode.Directory
    assert dialog.testOption(QFileDialog.Option.ShowDirsOnly)
    assert dialog.testAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    assert dialog.accessibleName() == "Which folder takes the report"
    dialog.fileSelected.emit("/srv/reports")
    assert made == [(wanted, Path("/srv/reports"))]
    dialog.close()


def test_of_a_referral_it_is_asked_which_and_what_for(stage: QWidget) -> None:
    asked: list[WantedReport] = []
    shown = ShownDays(RangeChoice(), Period.days(7, NOW), EVERYTHING, "")
    sheet = report_sheet(shown, asked.append)
    put_on(stage, sheet, 600, 400)
    lines = sheet.field("reference"), sheet.field("reason")
    assert [line.isVisible() for line in lines] == [False, False]
    sheet.submit()
    sheet.field("formats").row.choose(["pdf", "csv"])  # type: ignore[attr-defined] # choices
    sheet.field("what").row.choose(["referral"])  # type: ignore[attr-defined] # choices
    sheet.field("what").row.edited.emit()  # type: ignore[attr-defined] # choices
    assert [line.isVisible() for line in lines] == [True, True]
    sheet.submit()
    assert len(asked) == 1
    for line, words in zip(lines, (" CRU-20261122-0042 ", " a review "), strict=True):
        line.edit.setText(words)  # type: ignore[attr-defined] # a line
    sheet.submit()
    assert asked == [
        WantedReport(("pdf",)),
        WantedReport(("pdf", "csv"), "CRU-20261122-0042", "a review"),
    ]


# --- what is usual ---


def day(month: int, day_: int) -> datetime:
    return datetime(2026, month, day_, tzinfo=UTC)


def usual(since: datetime, until: datetime | None = None, *, known: bool = True) -> Baseline:
    key = UUID(int=7) if known else None
    return Baseline(since=since, until=until, reason="a sixth van", author="l.lead", id=key)


def test_what_is_in_force_is_said() -> None:
    assert in_force_words(usual(day(11, 3))) == "In force: from 3 Nov: a sixth van (l.lead)"
    told = in_force_words(usual(day(11, 3), day(11, 17)))
    assert told == "In force: from 3 Nov, told by the days before 17 Nov: a sixth van (l.lead)"


class Usual:
    def __init__(self, asked: Asked, stage: QWidget) -> None:
        self.asked, self.said, self.ends = asked, list[str](), list[str]()
        self.bar = UsualBar(asked.desk)
        put_on(stage, self.bar, 1200, 200)
        self.bar.said.connect(lambda *words: self.said.append(" ".join(words)))
        self.bar.done.connect(lambda: self.ends.append("done"))
        self.bar.let_go.connect(lambda: self.ends.append("let go"))

    def set(self, first: str, last: str, why: str) -> None:
        for field, words in ((self.bar.first, first), (self.bar.last, last), (self.bar.why, why)):
            field.setText(words)
        self.bar.set_button.click()


@pytest.fixture
def bar(asked: Asked, stage: QWidget) -> Usual:
    stage.activateWindow()
    return Usual(asked, stage)


@pytest.mark.parametrize(
    ("first", "last", "why", "said"),
    [
        ("", "", "a sixth van", "“” is no day."),
        ("soon", "", "a sixth van", "“soon” is no day."),
        ("3 Nov", "never", "a sixth van", "“never” is no day."),
        ("3 Nov", "", "  ", "It does not say why."),
    ],
)
def test_what_is_wrong_with_it_is_said_and_nothing_is_sent(
    bar: Usual, qt_loop: Runs, first: str, last: str, why: str, said: str
) -> None:
    bar.set(first, last, why)
    qt_loop(turns())
    assert [one[: len(said)] for one in bar.said] == [said]
    assert (bar.asked.performed, bar.ends) == ([], [])
    assert bar.bar.why.hasFocus() is ("why" in said)
    assert bar.bar.first.text() == first


def test_what_is_usual_is_sent_and_what_was_typed_stays_until_the_record_has_it(bar: Usual, qt_loop: Runs) -> None:
    bar.bar.open_for("response", "Time until met", ())
    assert bar.bar.title.text() == "What is usual of “Time until met” begins anew from"
    assert bar.bar.first.hasFocus()
    bar.asked.refusal = Invalid("It begins in the future.", "Choose a day that has been.")
    bar.set(" 3 Nov ", "17 Nov", " a sixth van ")
    qt_loop(turns())
    assert [one.partition(".")[0] for one in bar.said] == ["It begins in the future"]
    assert (bar.bar.why.text(), bar.ends) == (" a sixth van ", [])
    bar.asked.refusal = None
    QTest.keyClick(bar.bar.why, KEY.Key_Return)
    qt_loop(turns())
    ((sent, label),) = bar.asked.performed
    assert isinstance(sent, SetBaseline)
    told = (sent.measure, sent.since_on, sent.until_on, sent.reason, label)
    assert told == ("response", date(2026, 11, 3), date(2026, 11, 17), "a sixth van", "set what is usual")
    assert (bar.ends, bar.bar.first.text(), bar.bar.last.text(), bar.bar.why.text()) == (["done"], "", "", "")
    QTest.keyClick(bar.bar.first, KEY.Key_Escape)
    assert bar.ends == ["done", "let go"]


def test_what_is_in_force_is_listed_anew_each_time_and_withdrawn(bar: Usual, qt_loop: Runs) -> None:
    one, two = usual(day(11, 3)), usual(day(10, 1), known=False)
    bar.bar.open_for("response", "Time until met", (two, one))
    assert bar.bar._listed.isVisible()
    assert len(widgets_in(bar.bar._list)) == 2
    buttons = [line.findChildren(ActionButton)[0] for line in widgets_in(bar.bar._list)]
    assert [button.accessibleName() for button in buttons] == [
        f"Withdraw: {in_force_words(one)}" for one in (two, one)
    ]
    for button in buttons:
        button.click()
    qt_loop(turns())
    assert [(type(command), command.baseline_id) for command, _ in bar.asked.performed] == [
        (WithdrawBaseline, UUID(int=7))
    ]
    old = widgets_in(bar.bar._list)
    bar.bar.open_for("wait", "Wait", ())
    assert not bar.bar._listed.isVisible()
    assert all(not line.isVisibleTo(bar.bar._listed) for line in old)


# --- vans by the hour ---


class Hours:
    def __init__(self, stage: QWidget) -> None:
        self.told: list[str] = []
        self.table = VanHours()
        put_on(stage, self.table, 900, 140)
        self.table.changed.connect(lambda: self.told.append("changed"))
        self.table.turned.connect(self.told.append)
        self.table.entered.connect(lambda: self.told.append("entered"))

    def row(self, at: int) -> list[str]:
        return [self.item(at, column).text() for column in range(self.table.columnCount())]

    def item(self, row: int, column: int) -> QTableWidgetItem:
        found = self.table.item(row, column)
        assert found is not None
        return found


@pytest.fixture
def hours(stage: QWidget) -> Hours:
    stage.activateWindow()
    return Hours(stage)


NIGHT = WhatIf()
USUAL = {19: 3.0, 20: 2.4, 21: 2.6}


def test_how_it_was_stands_above_what_is_set(hours: Hours) -> None:
    hours.table.show_question(replace(NIGHT, vans={20: 1}), USUAL)
    heads = [hours.table.model().headerData(at, Qt.Orientation.Horizontal) for at in (0, 1, 11)]
    assert heads == ["19", "20", "06"]
    assert hours.row(0)[:4] == ["3", "2.4", "2.6", "–"]
    assert hours.row(1)[:4] == ["–", "1", "–", "–"]
    assert [hours.item(1, at).font().bold() for at in (0, 1)] == [False, True]
    assert not hours.item(0, 1).font().bold()
    told = Qt.ItemDataRole.AccessibleTextRole
    spoken = [hours.item(row, at).data(told) for row, at in ((0, 0), (0, 3), (1, 0), (1, 1))]
    assert spoken == ["19 to 20: 3", "22 to 23: not read yet", "19 to 20: as it was", "20 to 21: 1"]
    assert hours.item(0, 4).data(told).startswith("23 to 00: ")
    selectable = [bool(hours.item(row, 0).flags() & Qt.ItemFlag.ItemIsSelectable) for row in (0, 1)]
    assert selectable == [False, True]
    assert (hours.table.currentRow(), hours.table.currentColumn()) == (1, 0)
    hours.table.setCurrentCell(1, 5)
    hours.table.show_question(NIGHT, {})
    assert hours.table.currentColumn() == 5, "the same hours keep the place"
    assert hours.row(0)[0] == "–"
    hours.table.show_question(replace(NIGHT, stretches=Stretches.DAYS), {})
    assert hours.table.columnCount() == len(Stretches.DAYS.hours)
    assert hours.table.currentColumn() == 0


def test_vans_are_set_by_keys_within_what_can_be(hours: Hours) -> None:
    table = hours.table
    table.show_question(NIGHT, USUAL)
    table.setCurrentCell(0, 1)
    assert (table.currentRow(), table.currentColumn()) == (1, 1), "how it was is not set"
    table.setFocus()
    assert hours.told == ["entered"]
    QTest.keyClick(table, KEY.Key_Plus)
    assert table.vans == {20: 3}, "one more than there were, rounded"
    QTest.keyClick(table, KEY.Key_Minus)
    assert table.vans == {20: 2}
    for _ in range(9):
        QTest.keyClick(table, KEY.Key_Minus)
    assert table.vans == {20: 0}
    table.add(99)
    assert table.vans == {20: MOST_VANS}
    table.setCurrentCell(1, 3)
    table.add(1)
    assert table.vans[22] == 1, "nothing is known of it: one"
    QTest.keyClick(table, KEY.Key_4)
    assert table.vans == {20: MOST_VANS, 22: 4}
    assert hours.row(1)[3] == "4"
    QTest.keyClick(table, KEY.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(table, KEY.Key_2)
    assert table.vans == {20: MOST_VANS, 22: 2, 23: 2}
    QTest.keyClick(table, KEY.Key_Delete)
    assert table.vans == {20: MOST_VANS}
    assert hours.row(1)[3:5] == ["–", "–"]
    assert hours.told.count("changed") == len(hours.told) - 1
    hours.told.clear()
    for key in (KEY.Key_N, KEY.Key_D, KEY.Key_Return, KEY.Key_T):
        QTest.keyClick(table, key)
    assert hours.told == ["stretches", "which", "ask", "table"]


def test_it_is_as_high_as_its_rows_and_a_bar_where_hours_have_no_room(hours: Hours) -> None:
    hours.table.show_question(NIGHT, {})
    high = hours.table.height()
    hours.table.resize(300, high)
    hours.table.show_question(replace(NIGHT, vans={20: 1}), {})
    assert hours.table.height() == high + hours.table.horizontalScrollBar().sizeHint().height()


@pytest.mark.usefixtures("qapp")
def test_how_far_a_report_has_come_stands_in_its_line() -> None:
    line = ReportLine("Esc")
    line.tell("Reading…", 3, 7)
    layout = line.layout()
    assert layout is not None
    assert widgets_in(layout) == [line.bar, line.words, line.stop_button]
    assert (line.bar.value(), line.bar.maximum(), line.words.text()) == (3, 7, "Reading…")
    line.close()
