"""Reads: queries in, domain records out. Never ORM objects."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, MetaData, Row, Select, Table, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from db import rows, tables
from db.domain.records import Event, Record, StaffMember
from db.domain.reference import (
    Choice,
    Priority,
    ReferenceData,
    ScreeningItem,
    ScreeningTool,
    Source,
    User,
)
from db.domain.roles import Role
from db.domain.states import OPEN_REFERRAL
from db.errors import NotAllowed

KEEP_CLOSED = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Me:
    """Who is signed in, and in which service."""

    login: str
    display_name: str
    role: Role
    service: str
    exercise: bool


@dataclass(frozen=True, slots=True)
class ClockReading:
    """What the record's clock showed (UTC), and how fast it runs: 1 in a real service."""

    now: datetime
    speed: float


@dataclass(frozen=True, slots=True)
class _Mirrored:
    """How one mirrored table is read: its columns, its key, what is live, and the record made of a row."""

    columns: Select[Any]
    key: Any
    live: ColumnElement[bool] | None
    record: Callable[[Row[Any]], Record]


def _live(referral: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a Table's columns or a declared class
    recent = referral.closed_at > text(f"cru.clock_now() - interval '{KEEP_CLOSED.total_seconds()} seconds'")
    return or_(referral.state.in_([state.value for state in OPEN_REFERRAL]), recent)


# Columns as in the referral table, personal ones empty: all that a wall board may see.
_WALL = Table(
    "referral_wall",
    MetaData(schema=tables.SCHEMA),
    *[Column(column.name, column.type) for column in tables.Referral.__table__.columns],
)


def _mirrored(role: Role) -> dict[str, _Mirrored]:
    wall = role is Role.VIEWER
    referral: Any = _WALL.c if wall else tables.Referral
    whole = select(_WALL) if wall else select(tables.Referral.__table__)
    live_ids = select(referral.id).where(_live(referral))
    members = (
        select(func.array_agg(tables.ShiftMember.staff_id))
        .where(tables.ShiftMember.shift_id == tables.Shift.id)
        .scalar_subquery()
    )
    found = {
        "van": _Mirrored(select(tables.Van.__table__), tables.Van.id, tables.Van.active.is_(True), rows.van),
        "shift": _Mirrored(
            select(tables.Shift.__table__, members.label("staff_ids")),
            tables.Shift.id,
            tables.Shift.ended_at.is_(None),
            rows.shift,
        ),
        "position": _Mirrored(select(tables.Position.__table__), tables.Position.van_id, None, rows.position),
        "referral": _Mirrored(whole, referral.id, _live(referral), rows.referral),
        "assignment": _Mirrored(
            select(tables.Assignment.__table__),
            tables.Assignment.id,
            tables.Assignment.referral_id.in_(live_ids),
            rows.assignment,
        ),
        "handover": _Mirrored(
            select(tables.Handover.__table__),
            tables.Handover.id,
            tables.Handover.referral_id.in_(live_ids),
            rows.handover,
        ),
    }
    if not wall:
        found["screening"] = _Mirrored(
            select(tables.Screening.__table__),
            tables.Screening.id,
            tables.Screening.referral_id.in_(live_ids),
            rows.screening,
        )
    return found


async def snapshot(connection: AsyncConnection, role: Role) -> dict[str, list[Record]]:
    """Everything that is live, by table: open referrals, those closed in the last 12 hours, and the vans."""
    await connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    found: dict[str, list[Record]] = {}
    for name, mirrored in _mirrored(role).items():
        query = mirrored.columns if mirrored.live is None else mirrored.columns.where(mirrored.live)
        found[name] = [mirrored.record(row) for row in await connection.execute(query)]
    return found


async def fetch(connection: AsyncConnection, role: Role, table: str, ids: Collection[UUID]) -> list[Record]:
    """The named rows of one mirrored table as they are now; ids that are not there are left out."""
    mirrored = _mirrored(role).get(table)
    if mirrored is None or not ids:
        return []
    result = await connection.execute(mirrored.columns.where(mirrored.key.in_(list(ids))))
    return [mirrored.record(row) for row in result]


async def events_of(connection: AsyncConnection, referral_id: UUID) -> list[Event]:
    """What happened to a referral, oldest first."""
    query = select(tables.Event.__table__).where(tables.Event.referral_id == referral_id)
    result = await connection.execute(query.order_by(tables.Event.happened_at, tables.Event.id))
    return [rows.event(row) for row in result]


async def events_of_van(connection: AsyncConnection, van_id: UUID, limit: int = 50) -> list[Event]:
    """What a van's crew did lately, newest first."""
    query = select(tables.Event.__table__).where(tables.Event.van_id == van_id)
    result = await connection.execute(query.order_by(tables.Event.id.desc()).limit(limit))
    return [rows.event(row) for row in result]


async def me(connection: AsyncConnection) -> Me:
    """Who is signed in.

    Raises:
        NotAllowed: the login is unknown to the record, or was disabled.
    """
    query = text(
        "SELECT session_user::text AS login, u.display_name, u.role, u.disabled_at, s.name, s.exercise"
        " FROM cru.service s LEFT JOIN cru.user_account u ON u.login = session_user"
    )
    row = (await connection.execute(query)).first()
    if row is None or row.role is None:
        raise NotAllowed(
            "This login is not a user of the record.", "The owner adds it with main.py admin add-user."
        )
    if row.disabled_at is not None:
        raise NotAllowed("This login is disabled.", "Ask the owner.")
    return Me(row.login, row.display_name, Role(row.role), row.name, row.exercise)


async def clock(connection: AsyncConnection) -> ClockReading:
    """The record's clock."""
    query = text("SELECT cru.clock_now() AS now, clock_speed, clock_origin FROM cru.service WHERE id = 1")
    row = (await connection.execute(query)).one()
    return ClockReading(row.now, row.clock_speed if row.clock_origin else 1.0)


async def reference_data(connection: AsyncConnection) -> ReferenceData:
    """Everything configurable."""
    service = (await connection.execute(select(tables.Service.name))).scalar_one()
    return ReferenceData(
        service=service,
        priorities=await _priorities(connection),
        sources=await _sources(connection),
        tools=await _tools(connection),
        reasons=await _reasons(connection),
        outcomes=await _choices(connection, tables.Outcome),
        staff=await _staff(connection),
        users=await _users(connection),
        wishes=tuple(await _active(connection, tables.Wish, lambda row: str(row.label))),
        destinations=await _destinations(connection),
        bases=await _bases(connection),
    )


async def _active(
    connection: AsyncConnection, table: type[tables.Base], make: Callable[[Row[Any]], Any]
) -> list[Any]:
    columns = table.__table__.columns
    query = select(table.__table__).where(columns["active"])
    order = [columns[name] for name in ("rank", "callsign", "name") if name in columns][:1]
    return [make(row) for row in await connection.execute(query.order_by(*order))]


async def _priorities(connection: AsyncConnection) -> Mapping[str, Priority]:
    made: Sequence[Priority] = await _active(
        connection,
        tables.Priority,
        lambda row: Priority(
            row.code, row.meaning, row.within_minutes, row.aim_minutes, row.rank, row.triage_scale
        ),
    )
    return {priority.code: priority for priority in made}


async def _sources(connection: AsyncConnection) -> Mapping[str, Source]:
    made: Sequence[Source] = await _active(
        connection,
        tables.ReferralSource,
        lambda row: Source(row.code, row.label, row.waits, row.default_priority),
    )
    return {source.code: source for source in made}


async def _tools(connection: AsyncConnection) -> Mapping[int, ScreeningTool]:
    items: dict[int, list[ScreeningItem]] = {}
    query = select(tables.ScreeningItem.__table__).order_by(tables.ScreeningItem.ordinal)
    for row in await connection.execute(query):
        item = ScreeningItem(row.key, row.section, row.text, tuple(row.watch_words))
        items.setdefault(row.tool_version, []).append(item)
    found = await connection.execute(select(tables.ScreeningTool.__table__))
    return {
        row.version: ScreeningTool(row.version, row.signed_by, tuple(items.get(row.version, ()))) for row in found
    }


async def _reasons(connection: AsyncConnection) -> Mapping[str, tuple[Choice, ...]]:
    made: Sequence[tuple[str, Choice]] = await _active(
        connection, tables.Reason, lambda row: (row.kind, Choice(row.code, row.label))
    )
    kinds = dict.fromkeys(kind for kind, _ in made)
    return {kind: tuple(choice for its, choice in made if its == kind) for kind in kinds}


async def _choices(connection: AsyncConnection, table: type[tables.Base]) -> tuple[Choice, ...]:
    return tuple(await _active(connection, table, lambda row: Choice(row.code, row.label)))


async def _destinations(connection: AsyncConnection) -> tuple[Choice, ...]:
    return tuple(await _active(connection, tables.Destination, lambda row: Choice(row.name, row.kind)))


async def _bases(connection: AsyncConnection) -> Mapping[str, tuple[float, float]]:
    # A base that is no longer in use too: a van may still be said to stand there.
    found = await connection.execute(select(tables.VanBase.name, tables.VanBase.lat, tables.VanBase.lon))
    return {row.name: (row.lat, row.lon) for row in found}


async def _staff(connection: AsyncConnection) -> Mapping[UUID, StaffMember]:
    made: Sequence[StaffMember] = await _active(
        connection,
        tables.Staff,
        lambda row: StaffMember(row.id, row.name, row.profession, row.gender, tuple(row.languages)),
    )
    return {member.id: member for member in made}


async def _users(connection: AsyncConnection) -> Mapping[str, User]:
    found = await connection.execute(select(tables.UserAccount.__table__))
    return {row.login: User(row.login, row.display_name, row.role, row.disabled_at is not None) for row in found}
