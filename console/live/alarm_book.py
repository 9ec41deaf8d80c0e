"""What became of the alarms that sound here: answered, resting or over, as the record has it.

Each console works out for itself what sounds, and never waits for another to raise it. The record holds each of
them once: who answered it, until when it rests, and what is over and was not seen.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from console.live.store import LinkState, Store
from db.domain.alarms import OVER, Alarm
from db.domain.raised import AlarmState, RaisedAlarm, escalates_at, is_flood, nags, state

MISSED_AFTER: Final = 15.0
"""Seconds for which an alarm may sound here and not be in the record until that is said."""
UNWATCHED_AFTER: Final = 20.0
"""Seconds without any console that raises until that is said."""
NOT_RAISED: Final = "alarms not raised"


class AlarmBook:
    """Lays the record's alarms beside those that sound here."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rows: dict[str, RaisedAlarm] = {}
        # What was answered here and is on its way to the record, with the moment that it answers.
        self._answered: dict[str, datetime] = {}
        # By this computer's own time: a practice shift runs fast, and a mirror no faster for it.
        self._missed_since: dict[str, float] = {}
        self._unraised_since: datetime | None = None
        self.read()

    def read(self) -> None:
        """Take the record's alarms anew."""
        rows = self._store.all_of(RaisedAlarm, "alarm")
        self._rows = {row.name: row for row in rows if row.closed_at is None}
        self._raised = [row.raised_at for row in rows]

    def row(self, alarm: Alarm) -> RaisedAlarm | None:
        """What the record has of an alarm; None if it was not raised yet, or is never."""
        return self._rows.get(alarm.key)

    def open_names(self) -> frozenset[str]:
        """What the record holds of which the cause is not known to be gone."""
        return frozenset(name for name, row in self._rows.items() if row.returned_at is None)

    def answer(self, alarm: Alarm, now: datetime) -> None:
        """Somebody acknowledged it here: it is quiet at once, and the record will say so."""
        self._answered[alarm.key] = now

    def take_answer_back(self, alarm: Alarm) -> None:
        """The record did not take the answer: it sounds again."""
        self._answered.pop(alarm.key, None)

    def is_quiet(self, alarm: Alarm, now: datetime) -> bool:
        """Whether somebody answered it, here or anywhere, or it rests."""
        row, answered = self.row(alarm), self._answered.get(alarm.key)
        if row is None:
            return answered is not None
        if row.is_shelved(now) or row.is_acknowledged(now):
            return True
        return answered is not None and answered >= row.unanswered_since(now)

    def keep(self, sounding: Sequence[Alarm]) -> None:
        """Forget the answers to what is over: what comes again sounds again."""
        names = {alarm.key for alarm in sounding}
        self._answered = {name: at for name, at in self._answered.items() if name in names or name in self._rows}

    def over_unseen(self, sounding: Sequence[Alarm], now: datetime) -> list[Alarm]:
        """What is over, and stays in sight until somebody has seen it."""
        here, kinds = {alarm.key for alarm in sounding}, self._store.reference.alarm_kinds
        found = []
        for row in self._rows.values():
            is_over = state(row, kinds.get(row.kind), now) is AlarmState.RETURNED
            if is_over and row.name not in here and row.name not in self._answered:
                found.append(self._as_alarm(row))
        return found

    def is_told(self, alarm: Alarm) -> bool:
        """Whether it may sound: of a kind that must begin often, the record counts how often it did."""
        kind = self._store.reference.alarm_kinds.get(alarm.kind)
        return kind is None or kind.times <= 1 or alarm.key in self._rows

    def grave_as(self, alarm: Alarm, now: datetime, *, leads: bool) -> Alarm:
        """The alarm with what the record adds: that nobody answers it, which makes it a shift lead's.

        Args:
            alarm: as it is worked out here.
            now: the moment.
            leads: a shift lead is signed in.
        """
        row = self.row(alarm)
        kind = self._store.reference.alarm_kinds.get(alarm.kind)
        if row is None or self.is_quiet(alarm, now):
            return alarm
        goes_on = escalates_at(row, kind, now)
        if goes_on is not None and now >= goes_on:
            return replace(alarm, unanswered=True, priority=1 if leads else alarm.priority)
        return replace(alarm, unanswered=True) if nags(row, kind, now) else alarm

    def is_flood(self, now: datetime) -> bool:
        """Whether there are more new alarms than the room can answer."""
        return is_flood(self._raised, now)

    def raised_at(self, alarm: Alarm) -> datetime:
        """When it was raised, or began, if it was not."""
        row = self.row(alarm)
        return alarm.since if row is None else row.raised_at

    def unraised(self, sounding: Sequence[Alarm], now: datetime) -> list[Alarm]:
        """What sounds here and has been missing in the record: an alarm about the alarms, or none."""
        if self._store.link.state is not LinkState.LIVE:
            self._missed_since.clear()
            return []
        here, missing = time.monotonic(), {alarm.key for alarm in self.to_raise(sounding)}
        self._missed_since = {name: self._missed_since.get(name, here) for name in missing}
        longest = here - min(self._missed_since.values(), default=here)
        if longest < MISSED_AFTER and (self._store.link.unwatched or 0.0) <= UNWATCHED_AFTER:
            self._unraised_since = None
            return []
        self._unraised_since = self._unraised_since or now
        words = "Alarms are not being raised: each console hears only its own. Watch the board"
        return [Alarm(NOT_RAISED, 1, words, self._unraised_since)]

    def to_raise(self, sounding: Sequence[Alarm]) -> list[Alarm]:
        """What sounds here and is not, or no longer, in the record."""
        kinds = self._store.reference.alarm_kinds
        found = []
        for alarm in sounding:
            kind, row = kinds.get(alarm.kind), self.row(alarm)
            if kind is None or not kind.active:
                continue
            if row is None or row.returned_at is not None or kind.priority < row.priority:
                found.append(alarm)
        return found

    def missed_for(self, alarm: Alarm) -> float:
        """For how many seconds it has sounded here and not been in the record."""
        here = time.monotonic()
        return here - self._missed_since.get(alarm.key, here)

    def _as_alarm(self, row: RaisedAlarm) -> Alarm:
        return Alarm(
            row.name,
            row.priority,
            f"{row.words}{OVER}",
            row.raised_at,
            referral_id=row.referral_id,
            van_id=row.van_id,
            reference=row.reference,
            kind=row.kind,
        )
