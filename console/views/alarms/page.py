"""Every alarm of the room, what is done about it and who does: those that are on, and those of past days."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QVBoxLayout

from console.live.alarm_raiser import told
from console.live.alarms_here import AlarmsHere
from console.live.desk import Desk
from console.look.alarm_keys import ALARM_LINE, ALARMS_WINDOW
from console.look.buttons import ActionButton
from console.look.clipboard import copy_table
from console.look.guard import guarded
from console.look.keyboard import Hands, bind_chords
from console.look.line_table import LineTable
from console.look.over_table import find_box, nothing_label
from console.look.panel import Panel
from console.look.style import px
from console.running.tasks import spawn
from console.views.room.lines_window import LinesWindow
from console.views.sheets import alarms
from db.alarm_queries import MOST
from db.commands import UnshelveAlarm
from db.domain.alarm_load import alarm_load
from db.domain.alarms import Alarm, to_do
from db.domain.clocks import local_time
from db.domain.names import short_name
from db.domain.raised import RaisedAlarm
from db.domain.roles import may_lead
from db.domain.texts import folded_fields, needles

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMNS: Final = ("Priority", "Alarm", "Since", "What to do", "Answered")
NOTHING: Final = "No alarm is on."
_NOW: Final = "On now"
_PERIODS: Final = (
    (_NOW, timedelta(0)),
    ("24 hours", timedelta(hours=24)),
    ("7 days", timedelta(days=7)),
    ("28 days", timedelta(days=28)),
    ("92 days", timedelta(days=92)),
    ("a year", timedelta(days=366)),
)


@guarded
class AlarmsPage(LinesWindow):
    """Follows the alarms of this console; what was is read when it is asked for."""

    def __init__(self, desk: Desk, here: AlarmsHere) -> None:
        super().__init__(desk, "Alarms", 1180, 640)
        self._here = here
        self._past: list[RaisedAlarm] = []
        self.shown: list[Alarm | RaisedAlarm] = []
        self.panel = Panel("Alarms", "", self)
        self.search, self.period = find_box("in the alarms", self), QComboBox(self)
        does = {"go": self.go, "acknowledge": self.acknowledge, "rest": self.rest}
        self.table = LineTable("Alarms, the gravest first", COLUMNS, "What to do", ALARM_LINE, does)
        self.empty, self.load = nothing_label(NOTHING, self), nothing_label("", self)
        self.setFocusProxy(self.table)
        self._lay_out()
        self.period.currentIndexChanged.connect(self.refresh)
        self.search.textChanged.connect(self.show_lines)
        self.table.cellDoubleClicked.connect(lambda *_: self.go())
        here.changed.connect(self._follow)
        chords = {
            "search": self.search.setFocus,
            "refresh": self.refresh,
            "copy": self.copy,
            "leave": self.leave,
            "close": self.close,
        }
        bind_chords(Hands(ALARMS_WINDOW, chords), self, Qt.ShortcutContext.WindowShortcut)

    def _lay_out(self) -> None:
        self.period.addItems([words for words, _ in _PERIODS])
        self.period.setAccessibleName("Alarms of which time")
        offered = [("Acknowledge", "acknowledge", self.acknowledge)]
        if may_lead(self._desk.me.role):
            offered.append(("Let rest…", "rest", self.rest))
        for words, act, does in offered:
            button = ActionButton(words, ALARM_LINE.key(act), "quiet", self)
            button.clicked.connect(does)
            self.panel.heading.add_right(button)
        for box in (self.period, self.search):
            self.panel.heading.add_right(box)
        for widget, share in ((self.message, 0), (self.load, 0), (self.empty, 1), (self.table, 1)):
            self.panel.add(widget, share)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(6), px(6), px(6), px(6))
        column.addWidget(self.panel)

    # --- reading ---

    @property
    def looks_back(self) -> bool:
        """Whether alarms of past days are shown."""
        return self.period.currentIndex() > 0

    def _follow(self) -> None:
        if self.isVisible() and not self.looks_back:
            self.show_lines()

    def refresh(self) -> None:
        """Read what was, where it is looked at; what is on is followed."""
        if self.looks_back:
            spawn(self.read_and_show(), "read past alarms", self)
        else:
            self.show_lines()

    async def read(self) -> None:
        """What was raised in the time that is asked for, and how much that is."""
        now = self._desk.clock.now()
        start = now - _PERIODS[self.period.currentIndex()][1]
        self._past = await self._desk.reads.alarms_since(start)
        load = alarm_load(self._past, start, now)
        kinds = self._desk.store.reference.alarm_kinds
        named = (f"{kinds[code].label if code in kinds else code} {count}" for code, count in load.commonest)
        # A load that leaves out the oldest would be told as lighter than it was.
        all_of_it = len(self._past) < MOST
        told_of = load.words() if all_of_it else f"More than {MOST} were raised: the newest {MOST} are shown."
        self.load.setText("\n".join(filter(None, (told_of, ", ".join(named) if all_of_it else ""))))

    def show_lines(self) -> None:
        """Those with the words that are looked for; the line that is chosen stays chosen."""
        wanted = needles(self.search.text())
        found: Sequence[Alarm | RaisedAlarm] = self._past if self.looks_back else self._here.all()
        lines = [(one, self._line(one)) for one in found]
        lines = [(one, line) for one, line in lines if all(word in folded_fields(line) for word in wanted)]
        self.shown = [one for one, _ in lines]
        self.table.show_lines([line for _, line in lines], [_name(one) for one in self.shown])
        self.load.setVisible(self.looks_back and bool(self.load.text()))
        self.empty.setText("No alarm was raised in this time." if self.looks_back else NOTHING)
        self.empty.setVisible(not lines)
        self.table.setVisible(bool(lines))
        self.panel.heading.set_note(self._note())

    def _note(self) -> str:
        if self.looks_back:
            return f"{len(self.shown)} raised"
        waits = len(self._here.unanswered())
        flood = " · more than the room can answer, the first first" if self._here.is_flood() else ""
        return f"{waits} of {len(self.shown)} to answer{flood}"

    def _line(self, one: Alarm | RaisedAlarm) -> tuple[str, ...]:
        now = self._desk.clock.now()
        kinds = self._desk.store.reference.alarm_kinds
        if isinstance(one, Alarm):
            words, since, answered = one.sentence(now), one.since, self._here.answered_words(one, now)
            asked = to_do(one, kinds)
        else:
            words, since, answered = self._past_words(one), one.raised_at, self._here.row_words(one, now)
            asked = kinds[one.kind].what_to_do if one.kind in kinds else ""
        shown = "hidden" if self._private else words
        return (str(one.priority), shown, local_time(since, now), asked, answered)

    def _past_words(self, one: RaisedAlarm) -> str:
        name = short_name(one.reference, self._desk.clock.now()) if one.reference else ""
        words = f"{name} {one.words}".strip()
        return words if one.returned_at is None else f"{words}, over {local_time(one.returned_at, one.raised_at)}"

    # --- doing ---

    def chosen(self) -> Alarm | RaisedAlarm | None:
        """What stands in the row."""
        row = self.table.currentRow()
        return self.shown[row] if 0 <= row < len(self.shown) else None

    def _on(self) -> Alarm | None:
        one = self.chosen()
        if isinstance(one, Alarm):
            return one
        if one is not None:
            over, there = "That was in the past.", f"What is on stands under “{_NOW}”."
            self.message.say("info", over, there, so=self.table.while_chosen())
        return None

    def go(self) -> None:
        """Show the referral or van that it is about."""
        one = self.chosen()
        if one is not None and (one.referral_id or one.van_id):
            self.wanted.emit(one.referral_id, one.van_id)

    def acknowledge(self) -> None:
        """Answer it by this login's name."""
        one = self._on()
        if one is None:
            return
        if self._here.is_quiet(one, self._desk.clock.now()):
            self.message.say("info", "Somebody has answered that already.", so=self.table.while_chosen())
            return
        self.message.clear()
        self._here.acknowledge(one)

    def rest(self) -> None:
        """Let it rest until a time, or end its rest."""
        one = self._on()
        if one is None or not may_lead(self._desk.me.role):
            return
        row, title = self._here.book.row(one), one.told
        if row is not None and row.is_shelved(self._desk.clock.now()):
            self._desk.actions.submit(UnshelveAlarm(told=told(one)), f"{title} rests no more")
            return
        kind = self._desk.store.reference.alarm_kinds.get(one.kind)
        if kind is None or not kind.shelvable:
            never, step = "This kind of alarm never rests.", "Acknowledge it, and see to it."
            self.message.say("warn", never, step, so=self.table.while_chosen())
            return
        self.message.clear()
        self.sheets.open(("rest", one.key), partial(alarms.shelve, told(one), title, self._desk.clock.now))

    def copy(self) -> None:
        """Put it on the clipboard as a spreadsheet takes it."""
        copy_table([COLUMNS, *self.table.lines()])


def _name(one: Alarm | RaisedAlarm) -> str:
    return one.key if isinstance(one, Alarm) else str(one.id)
