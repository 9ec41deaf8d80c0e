"""From a report to entries in the queue: who sent it, is it sane, is it an alarm."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from db.gateway.choice import UNKNOWN_M, ShownDevice, Standing
from db.gateway.counters import Counters
from db.gateway.devices import RegisteredDevice
from db.gateway.fix import Fix, Report
from db.gateway.journal import QueueEntry
from db.gateway.queue import GatewayQueue
from db.gateway.sanity import Area, Memory, Sighting, Verdict, judge

_MARKS = {"late": "late", "aside": "aside", "apart": "aside"}
_ENCODE = json.JSONEncoder(allow_nan=False, separators=(",", ":")).encode
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
        self._told: dict[UUID, Sighting] = {}
        self._tracks: dict[str, Memory] = {}
        self._choices: dict[UUID, ShownDevice] = {}
        self._van_of: dict[str, UUID] = {}
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
            known = self._told.get(van_id)
            if known is None or known.fixed_at < seen.fixed_at:
                self._told[van_id] = seen
            if seen.device_id:
                self._choices.setdefault(
                    van_id, ShownDevice(seen.device_id, standings=_known(seen.device_id, seen))
                )

    def know(self, devices: Iterable[RegisteredDevice]) -> None:
        """Take the list of devices: one that is with another van now is not waited for."""
        self._van_of = {device.device_id: device.van_id for device in devices}

    async def take(self, form: str, report: Report, device: RegisteredDevice) -> None:
        """Accept a report; it survives a crash once this returns.

        Raises:
            QueueFull: no room.
            sqlite3.Error: the disk would not take it.
        """
        now = self._clock()
        # From here to the queue nothing is awaited: of two requests at once the second is weighed
        # against the first.
        before = (self._tracks.get(device.device_id), self._last.get(device.device_id))
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
        for known in (self._tracks, self._last, self._alarms):
            known.pop(device.device_id, None)
        if memory is not None:
            self._tracks[device.device_id] = memory
        if last is not None:
            self._last[device.device_id] = last
        if alarm is not None:
            self._alarms[device.device_id] = alarm

    def _entries(self, form: str, fix: Fix, device: RegisteredDevice, now: datetime) -> list[QueueEntry]:
        if fix.device_id != device.device_id:
            fix = replace(fix, device_id=device.device_id)  # known by another of its names
        if self._last.get(device.device_id) == fix:
            self._counters.duplicates += 1
            return []
        self._last[device.device_id] = fix
        van_id = device.van_at(fix.fixed_at)
        verdict = self._verdict(fix, device, van_id, now)
        self._counters.verdicts[verdict.kind] += 1
        made = [QueueEntry("fix", _row(form, fix, van_id, verdict, now))]
        if fix.alarm:
            return made + self._alarm(fix.fixed_at, device, now)
        # A fix without the alarm: the button was let go, so the next press is another one.
        before = self._alarms.get(device.device_id)
        if before is not None and not before.released:
            self._alarms[device.device_id] = DeviceAlarm(before.fixed_at, before.heard_at, released=True)
        return made

    def _verdict(self, fix: Fix, device: RegisteredDevice, van_id: UUID, now: datetime) -> Verdict:
        if device.was_off(fix.fixed_at):
            return Verdict("The device was switched off then.", kind="off")
        before = self._known_before(device.device_id, van_id)
        verdict, self._tracks[device.device_id] = judge(fix, before, now, self._area)
        choice = self._choices.get(van_id)
        if choice is None:
            choice = self._choices[van_id] = ShownDevice(device.device_id)
        if choice.shown == device.device_id and len(choice.standings) < 2:
            return verdict
        if self._van_of.get(choice.shown, van_id) != van_id:
            choice.standings.pop(choice.shown, None)
        elif len(choice.standings) < 2 and choice.shown in self._tracks:
            # As long as it was alone it was not weighed.
            choice.standings |= _known(choice.shown, self._tracks[choice.shown].last)
        return choice.weigh(fix, verdict, now)

    def _known_before(self, device_id: str, van_id: UUID) -> Memory:
        """What a device said itself, if it has spoken; what another one of the van says is another matter."""
        own, told = self._tracks.get(device_id), self._told.get(van_id)
        if own is None or told is None:
            return own or Memory(told)
        newer = own.last is None or own.last.fixed_at < told.fixed_at
        return Memory(told) if newer and told.device_id in {"", device_id} else own

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
        return [QueueEntry("alarm", f"{device.van_at(moment)} {moment.isoformat()}")]


def _known(device: str, last: Sighting | None) -> dict[str, Standing]:
    """How a device stands of which only its last sighting is known."""
    if last is None:
        return {}
    return {device: Standing(last.accuracy_m or UNKNOWN_M, last, last.fixed_at)}


def _row(form: str, fix: Fix, van_id: UUID, verdict: Verdict, now: datetime) -> str:
    """A fix as the record takes it. Numbers that are known are finite, so that Python writes them as JSON does."""
    ours: dict[str, object] = {"device": fix.device_id}
    if verdict.doubt:
        ours["doubt"] = verdict.doubt
    if verdict.kind in _MARKS:
        ours[_MARKS[verdict.kind]] = True
    refused = _ENCODE(verdict.refused) if verdict.refused else '""'
    accuracy, speed, heading = _number(fix.accuracy_m), _number(fix.speed_kmh), _number(fix.heading)
    return (
        f'{{"van_id":"{van_id}","fixed_at":"{fix.fixed_at.isoformat()}","received_at":"{now.isoformat()}",'
        f'"lat":{fix.lat!r},"lon":{fix.lon!r},"accuracy":{accuracy},"speed":{speed},"heading":{heading},'
        f'"source":"{form}","refused":{refused},"attributes":{_ENCODE({**fix.attributes, **ours})}}}'
    )


def _number(value: float | None) -> str:
    return "null" if value is None else repr(value)
