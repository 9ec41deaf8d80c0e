"""Tells the record which alarms have begun and which are over, for whichever console does it for all."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

MOST: int = 500
"""How many alarms are told at once."""


@dataclass(frozen=True, slots=True)
class ToldAlarm:
    """An alarm as it is told to the record.

    Attributes:
        name: the same as long as it is the same condition.
        words: what it is, without its age.
        since: when it had reason to sound, UTC.
    """

    name: str
    kind: str
    words: str
    since: datetime
    referral_id: UUID | None = None
    van_id: UUID | None = None


async def watch_alarms(connection: AsyncConnection, console: UUID) -> bool:
    """Whether this console raises for all: it did so last, or nobody has for six seconds."""
    watches = await connection.execute(text("SELECT cru.watch_alarms(:console)"), {"console": console})
    return bool(watches.scalar())


async def raise_alarms(connection: AsyncConnection, alarms: Sequence[ToldAlarm]) -> int:
    """Raise what has begun; what is raised already stays as it is. Returns how many changed."""
    told = [_told(one) for one in alarms[:MOST]]
    raised = await connection.execute(
        text("SELECT cru.raise_alarms(CAST(:told AS jsonb))"), {"told": json.dumps(told)}
    )
    return int(raised.scalar() or 0)


async def end_alarms(connection: AsyncConnection, names: Collection[str]) -> int:
    """Say that the cause of these is gone. Returns how many changed."""
    ended = await connection.execute(text("SELECT cru.end_alarms(:names)"), {"names": sorted(names)})
    return int(ended.scalar() or 0)


def _told(alarm: ToldAlarm) -> dict[str, object]:
    return {
        "name": alarm.name,
        "kind": alarm.kind,
        "words": alarm.words,
        "since": alarm.since.isoformat(),
        "referral_id": str(alarm.referral_id) if alarm.referral_id else None,
        "van_id": str(alarm.van_id) if alarm.van_id else None,
    }
