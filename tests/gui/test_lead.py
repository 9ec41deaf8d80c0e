"""The lead's page on a real record: figures, charts, what stands behind them, and the ways on from there."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from console.look import style
from console.look.buttons import ActionButton
from console.look.tabbing import has_keyboard
from console.views.lead.ranges import RangeChoice, RangeKind
from console.views.lead.reading import AGAIN_AFTER
from console.views.lead.reporting import WantedReport
from console.views.lead.window import LeadWindow
from db.domain.periods import EVERYTHING, Cut
from tests.cluster import Record, run
from tests.db.psql import psql_on
from tests.e2e.windows import Clock, Seated, clock, seated
from tests.gui.desks import Room, eventually, qt_loop, rooms
from tests.gui.map_tools import ENGINE_NOISE
from tests.gui.months import months
from tests.gui.seen import look

__all__ = ["clock", "qt_loop", "rooms", "seated"]
LOGINS = ("a.shah", "l.lead", "w.wall", "g.gateway")


async def filled(record: Record, weeks: int) -> list[Any]:
    """Months, and the rows that an independent count goes by."""
    async with psql_on(record, LOGINS) as psql:
        await months(psql.owner, weeks)
        return list(
            await psql.owner.fetch(
                "SELECT r.id, r.received_at, r.priority, r.postcode, a.with_patient_at, cru.clock_now() AS now"
                " FROM cru.referral r LEFT JOIN cru.assignment a ON a.referral_id = r.id"
            )
        )


class Page:
    """The window, in front of a shift lead."""

    def __init__(self, room: Room, rows: list[Any]) -> None:
        self.room, self.rows = room, rows
        self.window = LeadWindow(room.desk)
        self.window.resize(1500, 940)
        self.window.show()
        self.window.activateWindow()
        self.until_read()

    def until_read(self) -> None:
        self.room.until(lambda: not self.window.reading.is_reading)

    def settle(self) -> None:
        """Let Qt carry out what was put off."""
        for _ in range(5):
            QApplication.processEvents()

    def show(self, kind: RangeKind, cut: Cut = EVERYTHING) -> None:
        self.window.reading.cut = cut
        self.window.show_range(RangeChoice(kind))
        self.until_read()

    def press(self, *keys: str) -> None:
        for key in keys:
            QTest.keySequence(QApplication.focusWidget() or self.window, key)

    def since(self, start: datetime) -> list[Any]:
        return [row for row in self.rows if row["received_at"] >= start]

    def value(self, key: str) -> str:
        return next(one.whole() for one in self.window._told() if one.key == key)


@pytest.fixture
def page(rooms: Callable[[str], Room], record: Record, qapp: QApplication) -> Iterator[Page]:
    style.apply(qapp, "dark", 100)
    room = rooms("l.lead")
    made = Page(room, run(filled(record, 6)))
    yield made
    if isValid(made.window):
        made.window.close()


def minutes(row: Any) -> float:
    return float((row["with_patient_at"] - row["received_at"]).total_seconds() / 60)


def test_what_is_shown_is_what_is_in_the_record(page: Page) -> None:
    page.show(RangeKind.MONTH)
    window = page.window
    assert window.pictures is not None
    rows = page.since(window.pictures.period.start)
    met = [minutes(row) for row in rows if row["with_patient_at"] is not None]
    assert len(rows) > 50
    assert f"Time until met: {int(median(met))} min median · n {len(met)} · 0 missing" in page.value("response")
    urgent = [minutes(row) for row in rows if row["with_patient_at"] is not None and row["priority"] == "P1"]
    waits, demand = window.cards["waits"].chart, window.cards["demand"].chart
    assert waits.sentence.startswith(f"{len(urgent)} P1 met: median {int(median(urgent))} min")
    assert sorted(one for mark in waits.marks for one in mark.ids) == sorted(
        row["id"] for row in rows if row["with_patient_at"] is not None and row["priority"] == "P1"
    )
    assert demand.sentence.startswith(f"{len(rows)} referrals, ")
    assert {one for mark in demand.marks for one in mark.ids} == {row["id"] for row in rows}
    assert window.cards["ends"].chart.sentence.startswith(f"{len(rows)} ended, ")
    assert sum(len(mark.ids) for mark in window.cards["ends"].chart.marks) == len(rows)
    # Six weeks are too few to judge by, 28 days are not.
    assert window.cards["weeks"].heading.accessibleName() == "Time until met, by day"
    assert window.cards["weeks"].heading.note().startswith("28 days")
    assert "trial" not in window.cards["weeks"].chart.sentence
    # Of the month before, half lies before the record began: that is no usual month, and no usual of 0.
    assert not any(one.n for one in window.pictures.read.measured.figures["received"].past)
    assert {row[2] for row in demand.table.rows} == {"not known"}
    assert "usual" not in demand.sentence
    page.show(RangeKind.WEEK)
    usual = [row[2] for row in window.cards["demand"].chart.table.rows]
    assert 10 < sum(float(one) for one in usual) * 7 < 30
    # A cut counts through all of it alike.
    page.show(RangeKind.MONTH, Cut(priorities=frozenset({"P2"}), areas=frozenset({"Corby"})))
    assert window.cards["waits"].heading.note().startswith("P2")
    assert window.bar.cut_button.text() == "P2 · Corby"
    few = [row for row in rows if row["priority"] == "P2" and row["postcode"] == "NN17 1AA"]
    assert window.cards["demand"].chart.sentence.startswith(f"{len(few)} referrals, ")


@pytest.mark.hazard("H-085")
def test_from_any_figure_or_mark_to_the_referrals_and_on(page: Page) -> None:
    window, gone, past = page.window, [], []
    window.record_wanted.connect(gone.append)
    window.replay_wanted.connect(lambda at, which: past.append((at, which)))
    page.show(RangeKind.WEEK)
    page.press("F2", "Return")
    page.room.until(window.behind.isVisible)
    read = window.pictures.read if window.pictures is not None else None
    assert read is not None
    assert [row.id for row in window.behind.rows] == [dot.referral_id for dot in read.waits]
    assert window.behind.rows[0].part.endswith(" min")
    assert window.behind.table.hasFocus()
    # None of these is on the board any more: Enter goes to the moment, too.
    page.press("Return", "Down", "R")
    assert past == [(row.received_at, row.id) for row in window.behind.rows[:2]]
    assert gone == []
    page.press("Ctrl+C")
    assert QGuiApplication.clipboard().text().split("\n")[0].endswith("\tTown")
    window.set_private(True)
    page.press("Ctrl+C")
    assert QGuiApplication.clipboard().text().split("\n")[0].endswith("\tVan")
    assert "Corby" not in QGuiApplication.clipboard().text()
    page.press("Escape")
    assert not window.behind.isVisible()
    assert has_keyboard(window.figures)
    for key, name in (("F3", "waits"), ("F4", "demand"), ("F6", "ends"), ("F7", "vans")):
        page.press(key, "Home")
        card = window.cards[name]
        while not card.view.chart.marks[card.view.ring or 0].ids:
            page.press("Right")
        page.press("Return")
        marked = card.view.marked()
        assert marked is not None
        assert {row.id for row in window.behind.rows} == set(marked.ids), name
        page.press("Escape")
    live = page.room.take()
    window.refresh()
    page.until_read()
    window._open_ids((live,), "a mark")
    page.press("Return")
    assert gone == [live]


def test_the_keyboard_reaches_everything(page: Page) -> None:
    window = page.window
    assert window.figures.cards[0].hasFocus()
    page.press("Right", "W")
    assert window.shown_weeks == "within"
    assert window.figures.cards[1].is_chosen
    assert window.cards["weeks"].chart.name == "Met within the time of their priority"
    page.press("?")
    assert window.message.text().startswith("Met within the time of their priority. ")
    page.press("Escape", "T")
    assert window.figures.table.hasFocus()
    rows = [window.figures.table.item(row, 0).text() for row in range(window.figures.table.rowCount())]
    assert len(rows) > 40
    page.press("Down", "Down", "W", "Ctrl+C")
    assert window.cards["weeks"].heading.accessibleName() == f"{rows[2]}, by day"
    copied = QGuiApplication.clipboard().text().split("\n")
    assert len(copied) == len(rows) + 1
    page.press("T", "F8", "T")
    assert window.cards["weeks"].twin.hasFocus()
    page.press("Ctrl+C", "T")
    assert QGuiApplication.clipboard().text().startswith("Begins\tFigure\tn\tMean")
    page.press("Alt+5")
    QTest.keyClicks(window.days.first, "nonsense")
    page.press("Return")
    assert "is no day" in window.message.text()
    window.days.first.setText("3 days ago")
    page.press("Escape")
    assert not window.days.isVisible()
    stops: set[QWidget] = set()
    for _ in range(40):
        page.press("Tab")
        focus = QApplication.focusWidget()
        assert focus is not None
        assert focus.accessibleName() or getattr(focus, "text", str)(), focus
        stops.add(focus)
    assert stops >= {card.view for card in window.cards.values()} | set(window.figures.cards)
    page.press("Escape", "Escape")
    assert not window.isVisible()


SIZES = (
    (1366, 728, "light", 100),
    (1366, 728, "contrast", 150),
    (1920, 1040, "dark", 125),
    (840, 600, "dark", 100),
)


def test_nothing_is_cut_at_any_size(page: Page, qapp: QApplication) -> None:
    window, found = page.window, {}
    page.show(RangeKind.MONTH)
    for width, height, theme, text in SIZES:
        style.apply(qapp, theme, text)
        window.resize(width, height)
        page.room.until(lambda width=width: window.width() == width)
        views: dict[str, Callable[[], object]] = {
            "drawn": lambda: None,
            "as tables": lambda: (window.figures.turn(), window.cards["waits"].turn(), window.ask_days()),
            "referrals": lambda: window._open_rows(
                "all", window.pictures.rows(window.cards["ends"].chart.marks[0].ids)
            ),
        }
        for name, does in views.items():
            does()
            page.settle()
            seen = look(window)
            titles = {one.told.measure.title for one in window.figures.cards if one.told is not None}
            if faults := [*seen.faults, *(f"title cut: {whole}" for _, whole in seen.cut if whole in titles)]:
                found[f"{width}x{height} {text} {name}"] = faults
        window.figures.turn()
        window.cards["waits"].turn()
        window.days.hide()
        window.across.close_rows(window.figures.focus_first)
    assert found == {}


def test_any_days_and_a_time_without_referrals(page: Page) -> None:
    window = page.window
    day = page.rows[0]["now"].year - 2
    page.press("Alt+5")
    window.days.first.setText(f"3 Feb {day}")
    window.days.last.setText(f"4 Feb {day}")
    page.press("Return")
    page.until_read()
    assert window.message.text() == "No referral was received in this time. Choose other days."
    assert all(card.chart.empty for name, card in window.cards.items() if name != "weeks")
    assert page.value("response").startswith("Time until met: none · n 0 · 0 missing")
    page.press("Alt+1")
    page.until_read()
    assert window.reading.choice.kind is RangeKind.TONIGHT


def test_reading_that_takes_long_is_said_and_stopped(page: Page, record: Record) -> None:
    window = page.window

    async def held() -> None:
        async with psql_on(record, LOGINS) as psql, psql.owner.transaction():
            await psql.owner.execute("LOCK TABLE cru.measure IN ACCESS EXCLUSIVE MODE")
            window.refresh()
            await eventually(window.stop_button.isVisible)
            assert window.age.text() == "Reading…"
            window.leave()
            assert not window.reading.is_reading

    before = window.pictures
    page.room.run(held())
    assert window.isVisible()
    assert window.pictures is before
    assert window.age.text().startswith("read ")
    window.refresh()
    page.until_read()
    assert window.pictures is not before


def test_it_follows_the_record(page: Page) -> None:
    window = page.window
    page.show(RangeKind.TODAY)
    had = len(window.pictures.read.received) if window.pictures is not None else 0
    page.room.take()
    page.room.until(lambda: window.reading._changed)
    window.reading.tick()
    assert not window.reading.is_reading, "it read again at once"
    assert window.reading._read_at is not None
    window.reading._read_at -= AGAIN_AFTER
    window.reading.tick()
    page.until_read()
    assert window.pictures is not None
    assert len(window.pictures.read.received) == had + 1


@pytest.mark.qt_log_ignore(*ENGINE_NOISE)
def test_from_the_desk_and_back(seated: Callable[[str], Seated], clock: Clock) -> None:
    seat = seated("l.lead")
    referral = seat.room.take()
    other = seat.room.take()
    seat.page.select_referral(other)
    seat.sit()
    seat.press("Ctrl+L")
    window = seat.page.beside.lists[LeadWindow]
    assert isinstance(window, LeadWindow)
    seat.room.until(lambda: window.pictures)
    window.open_measure("received")
    seat.room.until(window.behind.isVisible)
    assert [row.id for row in window.behind.rows] == [referral, other]
    assert not window.behind.table.isColumnHidden(6)
    seat.page.privacy.toggle()
    assert window.behind.table.isColumnHidden(6)
    QTest.keySequence(window.behind.table, "Return")
    assert seat.page.board.selected() == referral
    QTest.keySequence(window.behind.table, "R")
    # What a lead does about the figures is a key away, by the same keys as on the desk.
    for key, title in (("Ctrl+Shift+W", "To review"), ("Ctrl+Shift+V", "Feedback"), ("F11", "Wall")):
        opened = set(seat.page.beside.lists.values())
        QTest.keySequence(window, key)
        (new,) = set(seat.page.beside.lists.values()) - opened
        assert new.windowTitle().endswith(title)
        new.close()
    window.ways.resize(120, 40)
    window.ways.wanted.emit("room")
    assert any("Handing over" in one.windowTitle() for one in seat.page.beside.lists.values())
    replay = seat.page.beside.replay
    assert replay is not None
    row = window.behind.rows[0]
    seat.room.until(lambda: replay.player.moment == row.received_at)
    seat.room.until(lambda: replay.board.selected() == referral)
    window.close()
    gone: list[object] = []
    replay.destroyed.connect(lambda *_: gone.append(True))
    replay.close()
    seat.room.until(lambda: gone)


def test_the_record_gives_it_to_leads_only(rooms: Callable[[str], Room]) -> None:
    room = rooms("a.shah")
    window = LeadWindow(room.desk)
    window.show()
    room.until(lambda: window.message.isVisibleTo(window))
    assert window.pictures is None
    window.close()


def test_past_nights_are_replayed_with_the_vans_that_are_set_by_keys(page: Page) -> None:
    window = page.window
    page.press("F10")
    card = window.what_if
    assert card.hours.hasFocus()
    page.room.until(lambda: card.hours._usual)
    assert [card.hours.horizontalHeaderItem(at).text() for at in (0, 11)] == ["19", "06"]
    page.press("Return")
    assert card.answers == [], "nothing is asked by itself"
    # From 22 to 02, which are the fourth to the seventh hour: no van at all.
    page.press("Home", "Right", "Right", "Right", "Shift+Right", "Shift+Right", "Shift+Right", "0")
    assert card.question.vans == dict.fromkeys((22, 23, 0, 1), 0)
    page.press("W", "Return")
    page.room.until(lambda: card.answers)
    assert card.question.weeks == 52
    first = card.answers[0]
    assert first.compared is not None
    assert card.said.text().startswith("With 0 vans from 22 to 02: ")
    assert f"n {first.compared.nights} nights, interval " in card.said.text()
    assert "in the record it was" in card.check.text()
    page.press("Return")
    page.room.until(lambda: len(card.answers) == 2)
    assert card.answers[1] == first, "the same question has the same answer"
    page.press("+", "+", "Delete", "5", "D", "N", "N", "T")
    assert card.question.vans == dict.fromkeys((22, 23, 0, 1), 5)
    assert (card.question.which, card.question.stretches) == ("Sunday to Thursday", "whole days")
    assert card.twin.hasFocus()
    page.press("Ctrl+C")
    copied = QGuiApplication.clipboard().text().split("\n")
    assert len(copied) == 3
    assert copied[1] == copied[2]
    page.press("T")
    assert card.hours.hasFocus()


def test_a_replay_that_takes_long_is_said_and_stopped(page: Page, record: Record) -> None:
    card = page.window.what_if

    async def held() -> None:
        async with psql_on(record, LOGINS) as psql, psql.owner.transaction():
            await psql.owner.execute("LOCK TABLE cru.assignment IN ACCESS EXCLUSIVE MODE")
            card.hours.put(3)
            card.ask()
            await eventually(card.stop_button.isVisible)
            assert card.said.text() == "Reading past nights…"
            page.window.leave()
            assert not card.asking.is_working

    page.room.run(held())
    assert page.window.isVisible()
    assert not card.stop_button.isVisible()
    card.ask()
    page.room.until(lambda: card.answers)


def test_what_is_usual_begins_anew_and_as_before(page: Page) -> None:
    window, week = page.window, page.window.cards["weeks"]
    page.show(RangeKind.MONTH)
    series = window.pictures.over_time("response") if window.pictures is not None else None
    assert series is not None
    page.press("Alt+U")
    assert window.usual.first.hasFocus()
    since = page.rows[0]["now"] - timedelta(days=10)
    QTest.keyClicks(window.usual.first, f"{since:%d/%m/%Y}")
    page.press("Return")
    assert window.message.text().startswith("It does not say why.")
    QTest.keyClicks(window.usual.why, "a sixth van")
    page.press("Return")
    page.room.until(lambda: window.pictures.read.baselines)
    page.until_read()
    (known,) = window.pictures.read.baselines["response"]
    assert (known.reason, known.author) == ("a sixth van", "L. Lead")
    assert not window.usual.isVisible()
    shown = window.pictures.over_time("response")
    assert shown.judged[0].limits != shown.judged[-1].limits
    assert {stroke.label for stroke in week.chart.strokes} >= {"a sixth van"}
    # Few days tell it yet, and so nothing is judged.
    assert "trial limits" in week.chart.sentence
    page.press("Alt+U")
    (button,) = [one for one in window.usual.findChildren(ActionButton) if one.text() == "Withdraw"]
    assert "a sixth van (L. Lead)" in button.accessibleName()
    button.click()
    page.room.until(lambda: not window.pictures.read.baselines)
    page.until_read()
    again = window.pictures.over_time("response")
    assert [one.limits for one in again.judged] == [one.limits for one in series.judged]


# --- reports ---


def made(page: Page, wanted: WantedReport, folder: Path) -> list[str]:
    """Make a report; what was told of its progress."""
    told: list[str] = []
    reporting = page.window.reporting
    reporting.make(wanted, folder)

    def ended() -> bool:
        told.append(reporting.line.words.text())
        return not reporting.is_making

    page.room.until(ended)
    return list(dict.fromkeys(told))


def test_a_report_of_what_is_shown_says_how_far_it_is_and_has_the_same_numbers(page: Page, tmp_path: Path) -> None:
    page.show(RangeKind.MONTH, Cut(priorities=frozenset({"P1"})))
    told = made(page, WantedReport(("pdf", "csv")), tmp_path / "new")
    assert any(words.startswith("Drawing chart ") for words in told)
    assert told[-1] in {"Making the CSV", "Writing"}
    assert "files were written" in page.window.message.text()
    files = sorted(file.name for file in (tmp_path / "new").iterdir())
    assert [name for name in files if name.endswith(".pdf")] == [page.window._shown_days().stem() + ".pdf"]
    assert not [name for name in files if name.endswith(".part")]
    (figures,) = (tmp_path / "new").glob("*-figures.csv")
    rows = {row[0]: row for row in csv.reader(io.StringIO(figures.read_text("utf-8-sig")))}
    assert page.window.pictures is not None
    shown = page.window.pictures.read.measured.figures["response"]
    assert rows["Time until met"][1:3] == [shown.words(), str(round(shown.value or 0, 1)).removesuffix(".0")]
    assert not list((tmp_path / "new").glob("*-quotes.csv")), "what people said is not cut by a priority"


def test_a_report_that_is_given_up_leaves_nothing(page: Page, tmp_path: Path) -> None:
    page.show(RangeKind.MONTH)
    reporting = page.window.reporting
    reporting.make(WantedReport(("pdf", "xlsx", "csv")), tmp_path)
    page.room.until(lambda: reporting.line.words.text().startswith("Drawing"))
    assert reporting.line.isVisible()
    page.press("Escape")
    assert not reporting.is_making
    assert not reporting.line.isVisible()
    assert "given up" in page.window.message.text()
    page.settle()
    assert list(tmp_path.iterdir()) == []
    assert page.window.isVisible(), "Escape closed what is topmost, and not the window"


def test_a_referral_is_given_out_by_keys_and_that_is_put_down(
    page: Page, tmp_path: Path, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[WantedReport] = []
    monkeypatch.setattr(page.window.reporting, "ask_where", asked.append)
    page.press("Ctrl+P")
    sheet = page.window.reporting.sheets.current
    assert sheet is not None
    page.press("2", "Tab")
    QTest.keyClicks(QApplication.focusWidget(), "CRU-19990101-0001")
    page.press("Return")
    assert "What" not in sheet.message.text()
    assert sheet.message.text() == "Say what it is given out for."
    QTest.keyClicks(QApplication.focusWidget(), "a review")
    page.press("Tab", "2", "Return")
    (wanted,) = asked
    assert wanted == WantedReport(("pdf", "xlsx"), "CRU-19990101-0001", "a review")
    made(page, wanted, tmp_path)
    assert "is not in the record" in page.window.message.text()
    known = run(first_reference(record))
    made(page, replace(wanted, reference=known, formats=("csv",)), tmp_path)
    assert (tmp_path / f"{known.lower()}-events.csv").exists()
    assert run(given_out(record)) == ["Given out: CSV, a review"]


async def first_reference(record: Record) -> str:
    async with psql_on(record, LOGINS) as psql:
        return str(await psql.owner.fetchval("SELECT reference FROM cru.referral ORDER BY received_at LIMIT 1"))


async def given_out(record: Record) -> list[str]:
    async with psql_on(record, LOGINS) as psql:
        rows = await psql.owner.fetch("SELECT words FROM cru.event WHERE kind = 'record opened'")
        return [row["words"] for row in rows]
