"""The alarms of this console: what sounds, in which order, and what is done about it."""

from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, Signal

from console.live.actions import Action, Progress
from console.live.alarm_book import NOT_RAISED, AlarmBook
from console.live.alarm_raiser import told
from console.live.alarm_watch import AlarmWatch
from console.live.desk import Desk
from console.live.store import Delta
from db import commands
from db.domain.alarms import LEADS_HEAR, Alarm, first_out, in_order
from db.domain.clocks import local_time
from db.domain.raised import RaisedAlarm
from db.domain.roles import may_dispatch, may_lead

_SENTENCE = "The alarms could not be worked out; the console tries every second. Watch the board meanwhile."


class AlarmsHere(QObject):
    """Worked out from the mirror at each change and each second; answered in the record."""

    changed = Signal()
    """Others sound, or somebody answered one."""
    raised = Signal(object)
    """An :class:`~db.domain.alarms.Alarm` that has just begun, once. In a flood only the first."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.book = AlarmBook(desk.store)
        self._watch = AlarmWatch(desk.store)
        self._guard = desk.supervisor.guard("alarms", _SENTENCE, again=self._watch_anew)
        self._found: list[Alarm] = []
        self._sounding: list[Alarm] = []

    # --- what sounds ---

    def found(self) -> list[Alarm]:
        """What this console works out by itself, answered or not."""
        return self._found

    def all(self) -> list[Alarm]:
        """What sounds, what was answered, and what is over and was not seen."""
        return self._sounding

    def unanswered(self) -> list[Alarm]:
        """What nobody has answered, in the order in which it is seen to."""
        now = self._desk.clock.now()
        return [alarm for alarm in self._sounding if not self.is_quiet(alarm, now)]

    def is_quiet(self, alarm: Alarm, now: datetime) -> bool:
        """Whether somebody answered it, or it rests."""
        return self.book.is_quiet(alarm, now)

    def tick(self, now: datetime) -> None:
        """Let the time pass."""
        self._guard.run(partial(self._sound, now))

    def follow(self, delta: Delta) -> None:
        """Take what changed in the mirror."""
        self._guard.run(partial(self._follow, delta))

    def read_all(self) -> None:
        """What is configurable changed: work out everything anew."""
        self._guard.run(self._watch.read_all)

    def _follow(self, delta: Delta) -> None:
        if delta.touched("alarm"):
            self.book.read()
        self._watch.follow(delta)
        self._sound(self._desk.clock.now())

    def _watch_anew(self) -> None:
        # What the watch missed when it failed is known to the mirror.
        self._watch = AlarmWatch(self._desk.store)

    def _sound(self, now: datetime) -> None:
        before = {alarm.key for alarm in self._sounding}
        self._found = self._watch.sounding(now)
        here = [self._as_seen(alarm, now) for alarm in self._found if self._is_heard(alarm)]
        self.book.keep(here)  # one that comes again sounds again
        more = [*self.book.over_unseen(here, now), *self.book.unraised(self._found, now)]
        flood = self.book.is_flood(now)
        told = [*here, *more]
        self._sounding = first_out(told, self.book.raised_at) if flood else in_order(told)
        self.changed.emit()
        # By key: its words and minutes change while it is the same.
        new = [alarm for alarm in self._sounding if alarm.key not in before and not self.is_quiet(alarm, now)]
        for alarm in new[:1] if flood else new:
            self.raised.emit(alarm)

    def _is_heard(self, alarm: Alarm) -> bool:
        # What nobody but a lead can see to is worked out everywhere, so that any console may raise it.
        is_mine = alarm.kind not in LEADS_HEAR or may_lead(self._desk.me.role)
        return is_mine and self.book.is_told(alarm)

    def _as_seen(self, alarm: Alarm, now: datetime) -> Alarm:
        return self.book.grave_as(alarm, now, leads=may_lead(self._desk.me.role))

    def answered_words(self, alarm: Alarm, now: datetime) -> str:
        """Who answered it and when, or until when it rests and why; empty while nobody did."""
        if not self.is_quiet(alarm, now):
            return ""
        row = self.book.row(alarm)
        return (self.row_words(row, now) if row is not None else "") or "acknowledged here"

    def row_words(self, row: RaisedAlarm, now: datetime) -> str:
        """The same of an alarm of the record."""
        who = self._desk.store.reference.who
        if row.shelved_until is not None and row.is_shelved(now):
            return f"rests until {local_time(row.shelved_until, now)}, {who(row.shelved_by)}: {row.shelved_reason}"
        at = row.acknowledged_at
        return f"{who(row.acknowledged_by)} {local_time(at, now)}" if at is not None else ""

    def is_flood(self) -> bool:
        """Whether there are more new alarms than the room can answer."""
        return self.book.is_flood(self._desk.clock.now())

    # --- what is done about it ---

    def acknowledge(self, alarm: Alarm) -> None:
        """Answer it by this login's name: quiet here at once, and everywhere when the record has it."""
        self.book.answer(alarm, self._desk.clock.now())
        self.changed.emit()
        # What the record never holds is answered on this console alone.
        if alarm.kind and may_dispatch(self._desk.me.role) and alarm.key != NOT_RAISED:
            label = f"Acknowledge: {alarm.told}"
            self._desk.actions.submit(
                commands.AcknowledgeAlarm(told=told(alarm)), label, partial(self._answered, alarm)
            )

    def _answered(self, alarm: Alarm, action: Action) -> None:
        if action.progress is not Progress.DONE:
            self.book.take_answer_back(alarm)
            self.changed.emit()
