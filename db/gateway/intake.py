"""From a report to entries in the queue: who sent it, is it sane, is it an alarm."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from db.gateway.counters import Counters
from db.gateway.devices import RegisteredDevice
from db.gateway.fix import Fix, Report
from db.gateway.journal import QueueEntry
from db.gateway.queue import GatewayQueue
from db.gateway.sanity import Area, Memory, Sighting, Verdict, judge

HELD_DOWN = timedelta(seconds=10)
"""A button that is heard of again sooner is still being pressed."""
OLDEST_PRESS = timedelta(hours=23)
"""What was pressed before that, by a clock that may be wrong, is raised as of now: the record takes a day."""


@dataclass(frozen=True, slots=True)
class DeviceAlarm:
    """The last alarm of a device. ``released``: it has sent a fix without one since."""

    fixed_at: datetime
    heard_at: datetime
    released: bool = False

    def as_text(self) -> str:
        """For the disk."""
        return json.dumps([self.fixed_at.isoformat(), self.heard_at.isoformat(), self.released])

    @classmethod
    def from_text(cls, text: str) -> "DeviceAlarm":
        """What ``as_text`` wrote."""
        fixed, heard, released = json.loads(text)
        return cls(datetime.fromisoformat(fixed), datetime.fromisoformat(heard), released)


class Intake:
    """Weighs what devices send and puts it in the queue.

    Args:
        queue: where accepted fixes go.
        counters: told the verdicts.
        clock: the time now, aware.
        area: where the service works.
    """

    def __init__(self, queue: GatewayQueue, counters: Counters, clock: Callable[[], datetime], area: Area) -> None:
        self._queue, self._counters, self._clock, self._area = queue, counters, clock, area
        self._memories: dict[UUID, Memory] = {}
        self._last: dict[str, Fix] = {}
        self._alarms: dict[str, DeviceAlarm] = {}

    async def load(self) -> None:
        """Read the last alarms from the disk."""
        self._alarms = {
            device: DeviceAlarm.from_text(body) for device, body in (await self._queue.alarms()).items()
        }

    def remember(self, positions: Iterable[tuple[UUID, Sighting]]) -> None:
        """Take the record's last positions, where nothing newer is known."""
        for van_id, seen in positions:
            memory = self._memories.get(van_id)
            if memory is None or memory.last is None or memory.last.fixed_at < seen.fixed_at:
                self._memories[van_id] = Memory(seen)

    async def take(self, form: str, report: Report, device: RegisteredDevice) -> None:
        """Accept a report; it survives a crash once this returns.

        Raises:
            QueueFull: no room.
            sqlite3.Error: the disk would not take it.
        """
        now = self._clock()
        # From here to the queue nothing is awaited: of two requests at once the second is weighed
        # against the first.
        before = (self._memories.get(device.van_id), self._last.get(device.device_id))
        alarm = self._alarms.get(device.device_id)
        entries = [entry for fix in report.fixes for entry in self._entries(form, fix, device, now)]
        entries += [entry for pressed in report.panics for entry in self._alarm(pressed, device, now)]
        if not entries:
            return
        try:
            await self._queue.put(entries)
        except BaseException:
            # It was not accepted: the same fix sent again must not look like a repeat.
            self._restore(device, before, alarm)
            raise
        self._counters.accepted[form] += sum(entry.kind == "fix" for entry in entries)
        now_known = self._alarms.get(device.device_id)
        if now_known is not None and now_known is not alarm:
            # After the press itself: lost in between, it is told once more, and the record raises it once.
            await self._queue.save_alarm(device.device_id, now_known.as_text())

    def _restore(
        self, device: RegisteredDevice, before: tuple[Memory | None, Fix | None], alarm: DeviceAlarm | None
    ) -> None:
        memory, last = before
        self._memories[device.van_id] = memory or Memory()
        self._last.pop(device.device_id, None)
        self._alarms.pop(device.device_id, None)
        if last is not None:
            self._last[device.device_id] = last
        if alarm is not None:
            self._alarms[device.device_id] = alarm

    def _entries(self, form: str, fix: Fix, device: RegisteredDevice, now: datetime) -> list[QueueEntry]:
        if self._last.get(device.device_id) == fix:
            self._counters.duplicates += 1
            return []
        self._last[device.device_id] = fix
        verdict, memory = judge(fix, self._memories.get(device.van_id, Memory()), now, self._area)
        self._memories[device.van_id] = memory
        self._counters.verdicts[verdict.kind] += 1
        made = [QueueEntry("fix", _row(form, fix, device, verdict, now))]
        if fix.alarm:
            return made + self._alarm(fix.fixed_at, device, now)
        # A fix without the alarm: the button was let go, so the next press is another one.
        before = self._alarms.get(device.device_id)
        if before is not None and not before.released:
            self._alarms[device.device_id] = DeviceAlarm(before.fixed_at, before.heard_at, released=True)
        return made

    def _alarm(self, pressed: datetime, device: RegisteredDevice, now: datetime) -> list[QueueEntry]:
        """The press to tell the record, which knows whether that emergency stands, or was seen to already."""
        before = self._alarms.get(device.device_id)
        self._alarms[device.device_id] = DeviceAlarm(pressed, now)
        # A request sent again, and a button that stays down, are the same press.
        same = before is not None and (
            pressed == before.fixed_at or (not before.released and now - before.heard_at < HELD_DOWN)
        )
        if same:
            return []
        moment = pressed if now - OLDEST_PRESS < pressed <= now else now
        return [QueueEntry("alarm", f"{device.van_id} {moment.isoformat()}")]


def _row(form: str, fix: Fix, device: RegisteredDevice, verdict: Verdict, now: datetime) -> str:
    ours = {"device": device.device_id, "doubt": verdict.doubt, "late": verdict.kind == "late"}
    attributes = {**fix.attributes, **{name: value for name, value in ours.items() if value}}
    row = {
        "van_id": str(device.van_id),
        "fixed_at": fix.fixed_at.isoformat(),
        "received_at": now.isoformat(),
        "lat": fix.lat,
        "lon": fix.lon,
        "accuracy": fix.accuracy_m,
        "speed": fix.speed_kmh,
        "heading": fix.heading,
        "source": form,
        "refused": verdict.refused,
        "attributes": attributes,
    }
    return json.dumps(row, allow_nan=False, separators=(",", ":"))
