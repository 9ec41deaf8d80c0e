"""Where the vans' devices send what they know."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from db.engine import transaction

SOURCE = "exercise"


@dataclass(frozen=True, slots=True)
class Fix:
    """What a device says: WGS 84 degrees, metres, km/h, degrees from north (None at rest), time in UTC."""

    van_id: UUID
    fixed_at: datetime
    lat: float
    lon: float
    accuracy: float
    speed: float
    heading: float | None


class PositionSink(Protocol):
    """A way in for positions."""

    async def send(self, fixes: Sequence[Fix]) -> int:
        """Deliver a batch.

        Returns:
            How many of the first ones were taken.

        Raises:
            Unavailable: nobody took any.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class RecordSink:
    """Straight into the record, by the gateway's login.

    Args:
        engine: signed in as a gateway; closed with the sink.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def send(self, fixes: Sequence[Fix]) -> int:
        """Store a batch in one call."""
        if not fixes:
            return 0
        rows = [_row(fix) for fix in fixes]
        async with transaction(self._engine) as connection:
            await connection.execute(text("SELECT cru.record_fixes(:fixes)"), {"fixes": json.dumps(rows)})
        return len(fixes)

    async def close(self) -> None:
        """Close the engine."""
        await self._engine.dispose()


def _row(fix: Fix) -> dict[str, object]:
    # A device's word is received when it is sent, also where a past hour is written in one go.
    at = fix.fixed_at.isoformat()
    return {
        "van_id": str(fix.van_id),
        "fixed_at": at,
        "received_at": at,
        "lat": fix.lat,
        "lon": fix.lon,
        "accuracy": fix.accuracy,
        "speed": fix.speed,
        "heading": fix.heading,
        "source": SOURCE,
    }
