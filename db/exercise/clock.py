"""The exercise clock, which its owner sets."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_SET = text("UPDATE cru.service SET clock_origin = clock_timestamp(), clock_shown = :shown, clock_speed = :speed")


async def set_clock(practice: AsyncConnection, shown: datetime, speed: float) -> None:
    """Set the exercise clock; at speed 0 it stands still.

    Args:
        practice: the owner's connection to the practice database.
        shown: the time it shows now, aware.
        speed: how many of its seconds pass in one.
    """
    await practice.execute(_SET, {"shown": shown, "speed": speed})
