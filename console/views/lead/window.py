"""The lead's page in a window of its own beside the live desk: figures and charts of a stretch of time."""

from collections.abc import Callable
from functools import partial
from typing import Final
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from console.charts.card import TABLE_HINT, ChartCard
from console.charts.control import chance_words, control, told_by_words
from console.live.desk import Desk
from console.look.buttons import ActionButton
from console.look.guard import guarded
from console.look.keyboard import Hands, bind_chords
from console.look.lead_keys import LEAD
from console.look.own_window import OwnWindow
from console.look.panel import ElidedLabel, MessageBar
from console.look.style import mark, px
from console.look.tabbing import has_keyboard, walk
from console.running.faults import went_well
from console.running.tasks import spawn
from console.views.lead.behind import BehindPanel
from console.views.lead.beside import ChartsBeside
from console.views.lead.cards import chart_cards
from console.views.lead.figure import FigureTold, figures_told
from console.views.lead.figures import FigureStrip
from console.views.lead.layout import PanelGrid, TopLine, in_a_row
from console.views.lead.pictures import ON_CARDS, BehindRow, Pictures
from console.views.lead.range_bar import CutMenu, RangeBar, RangeFields, choices_of
from console.views.lead.ranges import RangeChoice, RangeKind, cut_words, period_words, read_days
from console.views.lead.reading import LeadReading
from console.views.lead.reporting import Reporting, ShownDays
from console.views.lead.usual import UsualBar
from console.views.lead.ways import WAYS, LeadWays
from console.views.lead.what_if import WhatIfCard
from db.domain.clocks import days_in_words
from db.domain.periods import EVERYTHING, Cut
from db.errors import RecordError

_FIRST: Final = ON_CARDS[0]


@guarded
class LeadWindow(OwnWindow):
    """Reads when it is opened, asked for, or when the record changed. It changes nothing."""

    record_wanted = Signal(object)
    """The id of a referral that is on the board."""
    replay_wanted = Signal(object, object)
    """A moment, and the id of the referral that is looked at then."""
    way_wanted = Signal(str)
    """Another window: one of :data:`console.views.lead.ways.WAYS`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("Lead", 1600, 980)
        self._desk = desk
        self.reading = LeadReading(desk, self)
        self.pictures: Pictures | None = None
        self._of_reading = False
        self.shown_weeks = _FIRST
        self.message = MessageBar(self)
        self.bar = RangeBar(self)
        self.days = RangeFields(self)
        self.usual = UsualBar(desk, self)
        self.figures = FigureStrip(len(ON_CARDS), self)
        self.cards = chart_cards(self)
        self.what_if = WhatIfCard(desk, self)
        self.panels: dict[str, ChartCard | WhatIfCard] = {**self.cards, "what if": self.what_if}
        self.behind, self.ways = BehindPanel(self), LeadWays(self)
        self.reporting = Reporting(desk, self, self.message, self._shown_days)
        self._menu = CutMenu(self, self.show_cut)
        self._lay_out()
        self._connect()
        self._name_choice()

    # --- what stands where ---

    def _lay_out(self) -> None:
        self.title = QLabel("Lead's page", self)
        mark(self.title, role="title")
        self.of_when, self.age = ElidedLabel(self), ElidedLabel(self)
        self.stop_button = ActionButton("Stop", LEAD.key("leave"), "secondary", self)
        self.refresh_button = ActionButton("Refresh", LEAD.key("refresh"), "quiet", self)
        self.report_button = ActionButton("Report", LEAD.key("report"), "quiet", self)
        left = in_a_row(self.title, self.of_when)
        right = in_a_row(self.age, self.stop_button, self.refresh_button, self.report_button)
        self.top = TopLine(left, self.bar, right, self)
        self.grid = PanelGrid(self.figures, dict(self.panels), self)
        self.across = ChartsBeside(self.grid, self.behind, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(8), px(8), px(8), px(8))
        column.setSpacing(px(6))
        column.addWidget(self.top)
        column.addWidget(self.days)
        column.addWidget(self.usual)
        column.addWidget(self.message)
        column.addWidget(self.reporting.line)
        column.addWidget(self.across, 1)
        column.addWidget(self.ways)
        self.days.hide()
        self.usual.hide()
        self.stop_button.hide()

    def _connect(self) -> None:
        self.bar.chosen.connect(self.show_range)
        self.bar.days_wanted.connect(self.ask_days)
        self.bar.cut_wanted.connect(self.ask_cut)
        self.days.wanted.connect(self._take_days)
        self.days.let_go.connect(self.leave)
        self.cards["weeks"].heading.add_right(self.usual.open_button)
        self.usual.open_button.clicked.connect(self.ask_usual)
        self.usual.let_go.connect(self.leave)
        self.usual.said.connect(partial(self.message.say, "warn"))
        self.usual.done.connect(self._show_usual)
        self.refresh_button.clicked.connect(self.refresh)
        self.report_button.clicked.connect(self.reporting.ask)
        self.stop_button.clicked.connect(self.reading.stop)
        self.figures.opened.connect(self.open_measure)
        self.figures.weeks_wanted.connect(self.show_weeks)
        self.figures.defined.connect(self.define)
        for card in self.cards.values():
            card.opened.connect(self._open_ids)
        self.behind.let_go.connect(self.leave)
        self.ways.wanted.connect(self.way_wanted)
        self.behind.record_wanted.connect(self._go_to)
        self.behind.replay_wanted.connect(self._replay)
        self.reading.read.connect(self._show)
        self.reading.failed.connect(self._say)
        self.reading.told.connect(self._tell_age)
        bind_chords(Hands(LEAD, self._chords()), self, Qt.ShortcutContext.WindowShortcut)

    def _chords(self) -> dict[str, Callable[[], object]]:
        panels = {name: partial(self._focus_panel, name) for name in self.panels}
        return {
            "tonight": partial(self.bar.choose, RangeKind.TONIGHT),
            "today": partial(self.bar.choose, RangeKind.TODAY),
            "week": partial(self.bar.choose, RangeKind.WEEK),
            "month": partial(self.bar.choose, RangeKind.MONTH),
            "range": partial(self.bar.choose, RangeKind.DAYS),
            "cut": self.ask_cut,
            "figures": self.figures.focus_first,
            **panels,
            **{way: partial(self.way_wanted.emit, way) for way in WAYS},
            "usual": self.ask_usual,
            "behind": self._focus_behind,
            "refresh": self.refresh,
            "report": self.reporting.ask,
            "copy": self.copy,
            "leave": self.leave,
            "close": self.close,
        }

    def _focus_panel(self, name: str) -> None:
        self.panels[name].focus()
        self.grid.reveal(self.panels[name])

    def _focus_behind(self) -> None:
        if self.behind.isVisible():
            self.behind.table.setFocus()

    # --- which days, which referrals ---

    def show_range(self, choice: RangeChoice) -> None:
        """Show another stretch of time."""
        self.reading.choice = choice
        self.days.hide()
        self.across.close_rows(self.figures.focus_first)
        self._name_choice()
        self.refresh()

    def ask_days(self) -> None:
        """Ask for any days."""
        self.days.show()
        self.days.first.setFocus()
        self.days.first.selectAll()

    def _take_days(self, first: str, last: str) -> None:
        found = read_days(first, last, self._desk.clock.now())
        if isinstance(found, str):
            self.message.say("warn", found, so=lambda: self.days.typed() == (first, last))
            return
        self.message.clear()
        self.show_range(found)

    def ask_cut(self) -> None:
        """Ask which referrals count."""
        reference = self._desk.store.reference
        areas = self.pictures.read.areas if self.pictures is not None else ()
        self._menu.open(self.bar.cut_button, self.reading.cut, choices_of(reference, areas, self._callsigns()))

    def show_cut(self, cut: Cut) -> None:
        """Count other referrals."""
        self.reading.cut = cut
        self.across.close_rows(self.figures.focus_first)
        self._name_choice()
        self.refresh()

    def _callsigns(self) -> dict[UUID, str]:
        return {van.id: van.callsign for van in self._desk.store.vans()}

    def _name_choice(self) -> None:
        sources = {code: one.label for code, one in self._desk.store.reference.sources.items()}
        self.bar.show_choice(self.reading.choice, cut_words(self.reading.cut, sources, self._callsigns()))
        self.of_when.setText(period_words(self.reading.choice.period(self._desk.clock.now())))

    def _shown_days(self) -> ShownDays:
        choice, cut = self.reading.choice, self.reading.cut
        return ShownDays(choice, choice.period(self._desk.clock.now()), cut, self.bar.cut_button.text())

    # --- reading ---

    def refresh(self) -> None:
        """Read it again; what is shown stays until the record has answered."""
        self.reading.start()

    def _tell_age(self) -> None:
        self.age.setText(self.reading.age())
        self.stop_button.setVisible(self.reading.is_slow)

    def _say(self, error: RecordError) -> None:
        self._of_reading = True
        self.message.say("late", error.sentence, error.next_step)

    # --- what is shown ---

    def _show(self, pictures: Pictures) -> None:
        self.pictures = pictures
        # What else is said, such as what a measure means, is still being read when the page reads itself again.
        if self._of_reading:
            self._of_reading = False
            self.message.clear()
        period = pictures.period
        self.of_when.setText(period_words(period))
        self.figures.show_figures(figures_told(pictures.cards(), pictures), self._told())
        urgent = pictures.priority()
        self._note("waits", f"{urgent.code} · a dot a referral" if urgent is not None else "")
        self._note("demand", f"an average of {days_in_words(pictures.days())}" if pictures.days() > 1 else "")
        self._note("vans", "" if pictures.lanes_of() == period else "the last 24 hours")
        for name, drawn in (
            ("waits", pictures.waits()),
            ("demand", pictures.demand()),
            ("ends", pictures.ends()),
            ("vans", pictures.vans()),
        ):
            went_well("a chart of the lead's page", self.cards[name].show_chart, drawn)
        self._show_weeks()
        if not pictures.read.received:
            self._say_nothing()

    def _say_nothing(self) -> None:
        cut = self.reading.cut
        step = "Choose other days." if cut == EVERYTHING else "Take the choice of referrals away (Alt+C)."
        self._of_reading = True
        self.message.say("info", "No referral was received in this time.", step)

    def _note(self, name: str, words: str) -> None:
        self.cards[name].heading.set_note(words)

    def show_weeks(self, key: str) -> None:
        """Show the weeks of another measure."""
        self.shown_weeks = key
        self._show_weeks()

    def _show_weeks(self) -> None:
        series = self.pictures.over_time(self.shown_weeks) if self.pictures is not None else None
        self.figures.choose(self.shown_weeks)
        if series is None:
            return
        card = self.cards["weeks"]
        period = series.telling.period
        card.heading.set_title(f"{series.name}, by {period}")
        card.heading.setToolTip(chance_words(series))
        card.show_chart(partial(control, series), series.icons())
        told = [f"{len(series.known)} {period}s", "XmR", told_by_words(series), TABLE_HINT]
        self._note("weeks", " · ".join(part for part in told if part))

    def ask_usual(self) -> None:
        """Ask from when on something else is usual of the measure whose weeks are shown."""
        series = self.pictures.over_time(self.shown_weeks) if self.pictures is not None else None
        if self.pictures is not None and series is not None:
            known = self.pictures.read.baselines.get(self.shown_weeks, ())
            self.usual.open_for(self.shown_weeks, series.name, known)

    def _show_usual(self) -> None:
        self.usual.hide()
        self.message.clear()
        self.refresh()
        self._focus_panel("weeks")

    def define(self, key: str) -> None:
        """Say what a measure means."""
        found = next((one for one in self._told() if one.key == key), None)
        if found is not None:
            self.message.say("info", found.definition(), chance_words(found.series))

    def _told(self) -> list[FigureTold]:
        pictures = self.pictures
        return figures_told(pictures.measures(), pictures) if pictures is not None else []

    # --- from a figure to its referrals ---

    def open_measure(self, key: str) -> None:
        """The referrals behind a measure."""
        spawn(self._read_behind(key, QApplication.focusWidget()), "read what is behind a figure", self)

    async def _read_behind(self, key: str, asked_from: QWidget | None) -> None:
        pictures = self.pictures
        if pictures is None or key not in pictures.read.measured.figures:
            return
        try:
            found = await self._desk.reads.behind(key, pictures.period, pictures.read.measured.cut)
        except RecordError as error:
            self._say(error)
            return
        unit = pictures.read.measured.figures[key].unit
        title = next(one.title for one in pictures.read.measured.measures if one.key == key)
        # Whoever went on to something else meanwhile is not called back.
        takes = QApplication.focusWidget() is asked_from
        self._open_rows(title, [pictures.row(dot, unit) for dot in found], takes_keys=takes)

    def _open_ids(self, ids: tuple[UUID, ...], words: str) -> None:
        if self.pictures is not None:
            self._open_rows(words, self.pictures.rows(ids))

    def _open_rows(self, title: str, rows: list[BehindRow], *, takes_keys: bool = True) -> None:
        if not rows:
            pictures = self.pictures
            self.message.say("info", f"No referral stands behind {title}.", so=lambda: self.pictures is pictures)
            return
        self.across.open_rows(title, rows, takes_keys=takes_keys)

    def _go_to(self, row: BehindRow) -> None:
        if self._desk.store.referral(row.id) is not None:
            self.record_wanted.emit(row.id)
        else:
            self._replay(row)

    def _replay(self, row: BehindRow) -> None:
        self.replay_wanted.emit(row.received_at, row.id)

    def set_private(self, private: bool) -> None:
        """Hide or show where it was."""
        self.behind.set_private(private)

    # --- the window ---

    def copy(self) -> None:
        """Put the table of what has the keyboard on the clipboard; of nothing in particular, every figure."""
        card = next((one for one in self.panels.values() if has_keyboard(one)), None)
        if card is not None:
            card.copy()
        elif self.behind.isVisible() and has_keyboard(self.behind):
            self.behind.copy_all()
        else:
            self.figures.table.copy_all()

    def leave(self) -> None:
        """Close what is topmost."""
        slow = next((one for one in (self.reading, self.what_if.asking) if one.is_slow), None)
        if slow is not None:
            slow.stop()
        elif self.reporting.is_open:
            self.reporting.leave()
        elif open_bar := next((bar for bar in (self.days, self.usual) if bar.isVisible()), None):
            open_bar.hide()
            self.figures.focus_first()
        elif self.message.isVisible():
            self.message.clear()
        elif self.behind.isVisible():
            self.across.close_rows(self.figures.focus_first)
        else:
            self.close()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes round in the order seen."""
        return walk(self, forward=forward)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width that there is."""
        super().resizeEvent(event)
        if not self.behind.isHidden():
            self.across.share()

    def showEvent(self, event: QShowEvent) -> None:
        """Read when it is opened."""
        super().showEvent(event)
        self.figures.focus_first()
        self.refresh()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Read no more."""
        self.reading.close()
        self.what_if.asking.stop()
        super().closeEvent(event)
