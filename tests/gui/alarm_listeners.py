"""What of a desk raises alarms and hears them, with no window: as many as a room has, in one process."""

import asyncio
from collections import Counter
from datetime import datetime

from PySide6.QtCore import QObject

from console.live.alarm_raiser import AlarmRaiser
from console.live.alarms_here import AlarmsHere
from console.running.ticks import Ticks
from console.views.desk.page import TICK_MS
from db.domain.alarms import Alarm
from db.domain.raised import RaisedAlarm
from tests.gui.desks import Room


class AlarmListener(QObject):
    """One console's alarms.

    Attributes:
        heard: how many seconds after it was due each was first heard, by its name.
        times: how often each was heard as new.
    """

    def __init__(self, room: Room) -> None:
        super().__init__()
        self.room, self.here = room, AlarmsHere(room.desk, self)
        self.heard: dict[str, float] = {}
        self.times: Counter[str] = Counter()
        self.raiser = AlarmRaiser(room.engine, room.desk.store, self.here.book, self.here.found)
        self.task = asyncio.get_event_loop().create_task(self.raiser.run())
        self._ticks = Ticks(room.desk.supervisor, TICK_MS, self)
        self._ticks.add("alarms", lambda: self.here.tick(room.desk.clock.now()), "")
        self.here.raised.connect(self._hear)
        room.desk.store.changed.connect(self.here.follow)

    def _hear(self, alarm: Alarm) -> None:
        self.times[alarm.key] += 1
        self.heard.setdefault(alarm.key, self._late(alarm.since))

    def _late(self, since: datetime) -> float:
        return (self.room.desk.clock.now() - since).total_seconds()

    def rows(self, name: str) -> list[RaisedAlarm]:
        """What the record has under a name, as this console's mirror knows it."""
        return [one for one in self.room.desk.store.all_of(RaisedAlarm, "alarm") if one.name == name]

    def kill(self) -> None:
        """It raises no more and gives nothing back."""
        self._ticks.stop()
        self.task.cancel()
