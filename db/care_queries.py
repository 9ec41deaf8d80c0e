"""Reads of what is configured for people who wait and for endings: schedules, rules, destinations."""

from datetime import timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.domain.care import CallSchedule, Destination, EndingRule, PlacesFree
from db.domain.texts import paragraphs
from db.listed import listed


async def of_care(connection: AsyncConnection, *, desk: bool) -> dict[str, Any]:
    """The parts of :class:`db.domain.reference.ReferenceData` that are about this, by their names there.

    Args:
        connection: in a transaction.
        desk: whether it is read for a desk, and not for a wall, whose login reads no destinations' places.
    """
    return {
        "schedules": await _schedules(connection),
        "ending_rules": await _ending_rules(connection),
        "places": await _places(connection) if desk else {},
    }


async def _schedules(connection: AsyncConnection) -> dict[str, CallSchedule]:
    return {
        one.priority: CallSchedule(
            timedelta(minutes=one.first_minutes),
            timedelta(minutes=one.every_minutes),
            timedelta(minutes=one.again_minutes),
            one.author,
            one.dated,
        )
        for one in await listed(connection, "contact_schedule", "WHERE active")
    }


async def _ending_rules(connection: AsyncConnection) -> dict[tuple[str, str], EndingRule]:
    return {
        (one.kind, one.code): EndingRule(
            one.needs_meeting,
            one.asks_person,
            timedelta(hours=one.aftercare_hours) if one.aftercare_hours is not None else None,
            one.only_unmet,
            one.asks_search,
            one.asks_ground,
        )
        for one in await listed(connection, "ending_rule", "WHERE active")
    }


async def _places(connection: AsyncConnection) -> dict[str, Destination]:
    """By name, as what is chosen from; with the newest word on how many places are free."""
    query = text(
        "SELECT d.name, d.kind, d.address, d.phone, d.hours, f.free, f.said_by, f.said_at FROM cru.destination d"
        " LEFT JOIN LATERAL (SELECT * FROM cru.places_free p WHERE p.destination = d.name"
        " ORDER BY said_at DESC, recorded_at DESC LIMIT 1) f ON true WHERE d.active ORDER BY d.name"
    )
    return {
        row.name: Destination(
            row.name,
            row.kind,
            paragraphs(row.address),
            paragraphs(row.phone),
            paragraphs(row.hours),
            PlacesFree(row.free, paragraphs(row.said_by), row.said_at) if row.free is not None else None,
        )
        for row in await connection.execute(query)
    }
