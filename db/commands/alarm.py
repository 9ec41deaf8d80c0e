"""Answer an alarm: acknowledge it, put it on the shelf for a while, take it off again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.commands.base import Command, verb
from db.errors import Conflict
from db.raising import ToldAlarm, raise_alarms


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeAlarm(Command):
    """Somebody has heard it and sees to it.

    Attributes:
        told: the alarm as this console knows it; one that was not raised yet is raised with it.
    """

    told: ToldAlarm


@verb(AcknowledgeAlarm)
async def acknowledge(connection: AsyncConnection, command: AcknowledgeAlarm) -> None:
    """Put down who answered; whoever is second changes nothing."""
    await raise_alarms(connection, [command.told])
    await _answer(connection, "cru.acknowledge_alarm(:alarm)", command.told)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelveAlarm(Command):
    """It rests until a time, for a reason, and then sounds again. For a shift lead."""

    told: ToldAlarm
    until: datetime
    reason: str


@verb(ShelveAlarm)
async def shelve(connection: AsyncConnection, command: ShelveAlarm) -> None:
    """Put it on the shelf; the record refuses kinds that never rest, and a time that is too far away."""
    await raise_alarms(connection, [command.told])
    given = {"until": command.until, "why": command.reason}
    await _answer(connection, "cru.shelve_alarm(:alarm, :until, :why)", command.told, given)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnshelveAlarm(Command):
    """It comes back from the shelf, acknowledged by whoever took it off. For a shift lead."""

    told: ToldAlarm


@verb(UnshelveAlarm)
async def unshelve(connection: AsyncConnection, command: UnshelveAlarm) -> None:
    """Take it off the shelf."""
    await _answer(connection, "cru.unshelve_alarm(:alarm)", command.told)


async def _answer(
    connection: AsyncConnection, call: str, told: ToldAlarm, given: dict[str, Any] | None = None
) -> None:
    query = text("SELECT id FROM cru.alarm WHERE name = :name AND closed_at IS NULL")
    found = (await connection.execute(query, {"name": told.name})).scalar()
    if found is None:
        raise Conflict("That alarm is over.", "There is nothing left to do about it.")
    await connection.execute(text(f"SELECT {call}"), {"alarm": found, **(given or {})})
