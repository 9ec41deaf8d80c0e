"""Alarms as the record holds them: their states, who answered them, and when the room has too many.

States and moves are those of ISA-18.2 and EEMUA 191. Everything here is pure; times are aware and UTC.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

FLOOD_WITHIN: Final = timedelta(minutes=10)
FLOOD_BEGINS: Final = 10
FLOOD_ENDS: Final = 5
"""EEMUA 191: ten and more new alarms in ten minutes are a flood, which ends under five."""
NAG_AFTER: Final = timedelta(minutes=15)
"""How long an alarm stands without an answer until it says so in words."""


class AlarmState(StrEnum):
    """Where an alarm stands. *Suppressed by design* is never raised: a graver one stands in its place."""

    UNACKNOWLEDGED = "unacknowledged"
    ACKNOWLEDGED = "acknowledged"
    RETURNED = "returned unacknowledged"
    SHELVED = "shelved"
    NORMAL = "normal"
    OUT_OF_SERVICE = "out of service"


@dataclass(frozen=True, slots=True)
class AlarmKind:
    """What a kind of alarm asks for; a trust sets it.

    Attributes:
        priority: 1 (gravest) to 3.
        delay: how long its cause lasts before it is raised.
        times: how often its cause must begin within ``within`` before it is raised.
        escalates_after: unanswered for so long, it is the shift lead's; None for never.
        stays: it is in sight until somebody has seen it, also when its cause is gone.
        what_to_do: in a sentence.
        active: a kind that is not is out of service, and never raised.
    """

    code: str
    label: str
    priority: int
    delay: timedelta
    times: int
    within: timedelta
    escalates_after: timedelta | None
    stays: bool
    shelvable: bool
    what_to_do: str
    active: bool


@dataclass(frozen=True, slots=True)
class RaisedAlarm:
    """An alarm of the record.

    Attributes:
        name: the same as long as it is the same condition (:attr:`db.domain.alarms.Alarm.key`).
        since_at: when its cause began.
        again_at: when it came again, or got graver, before it was closed.
        returned_at: when its cause was gone.
        reference: of the referral; the record says it, since that may have left the board. Empty for none.
    """

    id: UUID
    version: int
    name: str
    kind: str
    priority: int
    words: str
    referral_id: UUID | None
    van_id: UUID | None
    since_at: datetime
    raised_at: datetime
    again_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    shelved_by: str = ""
    shelved_until: datetime | None = None
    shelved_reason: str = ""
    returned_at: datetime | None = None
    closed_at: datetime | None = None
    reference: str = ""

    def unanswered_since(self, now: datetime) -> datetime:
        """When it last had reason to sound: raised, again, graver, or back from the shelf by time."""
        back = self.shelved_until if self.shelved_until is not None and self.shelved_until <= now else None
        return max(moment for moment in (self.raised_at, self.again_at, back) if moment is not None)

    def is_acknowledged(self, now: datetime) -> bool:
        """Whether somebody answered it since then."""
        return self.acknowledged_at is not None and self.acknowledged_at >= self.unanswered_since(now)

    def is_shelved(self, now: datetime) -> bool:
        """Whether it rests; that always has an end."""
        return self.shelved_until is not None and now < self.shelved_until


def state(alarm: RaisedAlarm, kind: AlarmKind | None, now: datetime) -> AlarmState:
    """Where an alarm stands at a moment.

    Acknowledging and returning may come in any order; what both happened to is normal again.
    """
    if alarm.closed_at is not None:
        return AlarmState.NORMAL
    if kind is not None and not kind.active:
        return AlarmState.OUT_OF_SERVICE
    if alarm.is_shelved(now):
        return AlarmState.SHELVED
    seen, stays = alarm.is_acknowledged(now), kind is None or kind.stays
    if alarm.returned_at is not None:
        return AlarmState.NORMAL if seen or not stays else AlarmState.RETURNED
    return AlarmState.ACKNOWLEDGED if seen else AlarmState.UNACKNOWLEDGED


def escalates_at(alarm: RaisedAlarm, kind: AlarmKind | None, now: datetime) -> datetime | None:
    """When it goes to the shift lead unless somebody answers; None if it never does, or was answered."""
    if kind is None or kind.escalates_after is None or state(alarm, kind, now) is not AlarmState.UNACKNOWLEDGED:
        return None
    return alarm.unanswered_since(now) + kind.escalates_after


def nags(alarm: RaisedAlarm, kind: AlarmKind | None, now: datetime) -> bool:
    """Whether nobody has answered it for so long that it says so."""
    waits = state(alarm, kind, now) in {AlarmState.UNACKNOWLEDGED, AlarmState.RETURNED}
    return waits and now >= alarm.unanswered_since(now) + NAG_AFTER


def is_flood(raised: Iterable[datetime], now: datetime) -> bool:
    """Whether the room has more new alarms than people can answer.

    It begins with ten within ten minutes and lasts until there are fewer than five: in between it depends on
    which came first, so the moments since the last quiet are gone through.

    Args:
        raised: when each alarm was raised; at least of the last hour, in any order.
        now: the moment asked about.
    """
    times = sorted(moment for moment in raised if moment <= now)
    begun = False
    for moment in sorted({*times, *(one + FLOOD_WITHIN for one in times if one + FLOOD_WITHIN <= now), now}):
        count = sum(moment - FLOOD_WITHIN < one <= moment for one in times)
        begun = count >= (FLOOD_ENDS if begun else FLOOD_BEGINS)
    return begun
