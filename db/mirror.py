"""What a console mirrors: which rows of which tables are live, and how they are read.

Read by plain asyncpg on the connection that follows the record, because 200 consoles read at every change. A row
that cannot be read is named and left out, and never costs the rows beside it.
"""
# ruff: noqa: S608 - the parts of these statements are words of this module; what comes from outside is an argument

from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar
from uuid import UUID

import asyncpg

from db import care_rows, room_rows, rows
from db.domain.messages import IN_SIGHT
from db.domain.records import Record
from db.domain.roles import Role
from db.domain.shift_log import KEPT_IN_SIGHT

# How long the board keeps what has ended is a trust's to set; asked once a reading, and not for each row.
_RECENT = "(SELECT cru.rule_span('ended_board', '12 hours'))"
# What somebody still has to see to keeps its referral on the board, however long ago that ended. The record tells
# it in the words of the indexes that serve it.
_KEPT = "cru.kept_in_sight"
_PAST_REVIEW = "90 days"
"""How long a flag is shown as past its review; then nobody looked at it for so long that it says nothing."""

Connection = Any  # asyncpg's stubs make every row's type a parameter
T = TypeVar("T")


class Wait(Protocol):
    """Awaits a part of a reading, in its own way."""

    async def __call__(self, part: Coroutine[Any, Any, T]) -> T:
        """What the part gives."""


OF = "referral_id"


@dataclass(frozen=True, slots=True)
class Live:
    """How one mirrored table is read.

    Attributes:
        select: the columns; its rows' key is called as ``key`` says.
        where: what is live, as SQL; of a referral's rows, beside that their referral is.
        key: the column by which a record is known.
        record: makes the record of a row.
        about: the column that names the referral that its rows are, or belong to (:data:`OF`) and come and go
            with; empty for what is of none.
        of_live: the same columns of no more than the rows of the live referrals, ``$1``, for when everything is
            read; empty where ``where`` finds what is live without reading the past.
    """

    select: str
    where: str
    key: str
    record: Callable[[Any], Record]
    about: str = ""
    of_live: str = ""


@dataclass(slots=True)
class Found:
    """What was read, by table.

    Attributes:
        records: rows that are live, and readable.
        gone: ids asked for that are not there, or no longer live.
        unreadable: ids of rows that cannot be shown.
    """

    records: dict[str, list[Record]] = field(default_factory=dict)
    gone: dict[str, set[UUID]] = field(default_factory=dict)
    unreadable: dict[str, set[UUID]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Board:
    """Which referrals are live.

    Attributes:
        referral: the view that has the times of each, or the one that a viewer may read.
        is_live: whether the referral ``r`` is, as SQL: for a few that are named.
        ids: all that are, as SQL, each part by an index of its own; ``$1`` is since when what ended is shown.
    """

    referral: str
    is_live: str
    ids: str


def board(role: Role) -> Board:
    """For somebody of a role."""
    # By the time and not by the state: one that this program does not know is somebody who waits, too.
    # One in error never gets a time of its end; a call that was no referral is one, too.
    # Only times and keys are asked for, of which no row has to be looked at by who asks.
    referral = "cru.referral_wall" if role is Role.VIEWER else "cru.referral_times"
    ends = (
        "closed_at IS NULL AND entered_in_error_at IS NULL",
        "closed_at IS NULL AND entered_in_error_at > {since}",
        "closed_at > {since}",
    )
    is_live = [f"r.{end.replace('AND ', 'AND r.')}" for end in ends]
    ids = [f"SELECT id FROM {referral} WHERE {end}" for end in ends]
    # A viewer may not read endings and follow-ups, and the wall does without what hangs on them.
    if role is not Role.VIEWER:
        is_live.append(f"EXISTS (SELECT FROM {_KEPT} k WHERE k.referral_id = r.id)")
        ids.append(f"SELECT referral_id FROM {_KEPT}")
    since = f"cru.clock_now() - {_RECENT}"
    return Board(
        referral,
        f"({' OR '.join(is_live)})".replace("{since}", since),
        " UNION ".join(ids).replace("{since}", "$1"),
    )


def mirrored(role: Role) -> Mapping[str, Live]:
    """What somebody of a role mirrors, by table, in the order in which rows refer to each other."""
    # A table that is added here also needs triggers that note its changes (``cru.note_rows``) and a place in the
    # store; without the triggers it stands still between two readings of everything.
    wall = role is Role.VIEWER
    on_wall = "_wall" if wall else ""
    aboard = "m.shift_id = t.id AND m.until_at IS NULL"
    members = f"ARRAY(SELECT m.staff_id FROM cru.shift_member m WHERE {aboard} ORDER BY 1)"
    found = {
        "van": Live("SELECT * FROM cru.van t", "active", "id", rows.van),
        "shift": Live(
            f"SELECT t.*, {members} AS staff_ids FROM cru.shift t",
            "ended_at IS NULL AND taken_back_at IS NULL",
            "id",
            rows.shift,
        ),
        "position": Live("SELECT * FROM cru.position t", "true", "van_id", rows.position),
        "referral": Live(f"SELECT * FROM cru.referral{on_wall} t", "true", "id", rows.referral, about="id"),
        "assignment": _of_referral("assignment", rows.assignment, on_wall=on_wall),
        "handover": _of_referral("handover", rows.handover, on_wall=on_wall),
    }
    if not wall:
        found |= _personal() | _room()
        for name, record in care_rows.RECORDS.items():
            found[name] = _of_referral(name, record, "reopened_at IS NULL" if name == "ending" else "")
        found["danger"] = Live("SELECT * FROM cru.danger t", "true", OF, rows.dangers, OF)
        calls = "SELECT * FROM cru.intake_call t"
        found["intake_call"] = Live(calls, "true", OF, rows.intake_call, OF)
    return found


def _of_referral(name: str, record: Callable[[Any], Record], also: str = "", *, on_wall: str = "") -> Live:
    # What was taken back did not happen: it goes from every console.
    where = " AND ".join(filter(None, ("taken_back_at IS NULL", also)))
    return Live(f"SELECT * FROM cru.{name}{on_wall} t", where, "id", record, OF)


def _personal() -> dict[str, Live]:
    """What the wall never reads. A flag is live while a live referral is of its person or at its address."""
    return {
        "screening": _of_referral("screening", rows.screening),
        "about_me": _of_referral("about_me", rows.about_item, "ended_at IS NULL"),
        "read_back": _of_referral("read_back", rows.read_back),
        "crew_word": _of_referral("crew_word", rows.crew_word),
        "interpreter": _of_referral("interpreter", rows.booking),
        "flag": Live(
            _flags(),
            "cardinality(t.applies_to) > 0",
            "id",
            rows.flag,
            # From the few who are here to their flags: to ask of every flag that is in force whose it is takes
            # longer with each year.
            of_live=_flags("AND f.id = ANY (ARRAY(SELECT e.flag_id FROM cru.flags_ever_of($1) e))"),
        ),
    }


def _flags(also: str = "") -> str:
    # OFFSET 0: worked out once a flag, also where it is asked for and looked at.
    return (
        "SELECT t.* FROM (SELECT f.*, a.applies_to FROM cru.flag f CROSS JOIN LATERAL"
        " (SELECT cru.referrals_of_flag(f.id) AS applies_to OFFSET 0) a"
        " WHERE f.withdrawn_at IS NULL AND f.taken_back_at IS NULL"
        f" AND f.expires_at > cru.clock_now() - interval '{_PAST_REVIEW}' {also}) t"
    )


def _room() -> dict[str, Live]:
    """What the room tells itself: its log and handover, messages, and who looks at what."""
    lately = f"cru.clock_now() - interval '{int(KEPT_IN_SIGHT.total_seconds())} seconds'"
    now_or_last = f"withdrawn_at IS NULL AND (taken_at IS NULL OR taken_at > {lately})"
    of_it = f"shift_handover_id IN (SELECT id FROM cru.shift_handover WHERE {now_or_last})"
    where = {
        "shift_log": f"written_at > {lately} AND taken_back_at IS NULL",
        "shift_handover": now_or_last,
        "shift_handover_item": of_it,
        # Those of the last half hour tell a flood.
        "alarm": "(closed_at IS NULL OR raised_at > cru.clock_now() - interval '30 minutes')",
        # One to somebody stays until they saw it; one to the room is of this shift.
        "message": f"(written_at > cru.clock_now() - interval '{int(IN_SIGHT.total_seconds())} seconds'"
        " OR t.id = ANY (ARRAY(SELECT w.message_id FROM cru.message_waiting w)))",
        "presence": "true",
    }
    seen = (
        ", ARRAY(SELECT s.seen_by FROM cru.message_seen s WHERE s.message_id = t.id ORDER BY s.seen_at) AS seen_by"
    )
    about = f", {room_rows.REFERENCE}"
    besides = {"shift_log": about, "alarm": about, "message": about + seen}
    return {
        name: Live(f"SELECT t.*{besides.get(name, '')} FROM cru.{name} t", where[name], "id", record)
        for name, record in room_rows.RECORDS.items()
    }


async def at_once(part: Coroutine[Any, Any, T]) -> T:
    """Wait for a part of the reading as long as it takes."""
    return await part


async def whole(connection: Connection, role: Role, wait: Wait = at_once) -> Found:
    """Everything that is live. For one picture of one moment, call it in a repeatable-read transaction.

    Args:
        connection: asyncpg's.
        role: what may be seen.
        wait: awaits each part, one table after the other; what it raises ends the reading.
    """
    found, live = Found(), await wait(_live(connection, role))
    for name, table in mirrored(role).items():
        await wait(_read_all(connection, found, name, table, live))
    return found


async def _live(connection: Connection, role: Role) -> list[UUID]:
    """All referrals that are."""
    # Asked first, so that Postgres knows how few have ended since then.
    since = await connection.fetchval(f"SELECT cru.clock_now() - {_RECENT}")
    return [row[0] for row in await connection.fetch(board(role).ids, since)]


async def _read_all(connection: Connection, found: Found, name: str, table: Live, live: list[UUID]) -> None:
    query = f"{table.of_live or table.select} WHERE {table.where}"
    if table.about:
        await _read(connection, found, name, table, f"{query} AND t.{table.about} = ANY($1)", live)
    elif table.of_live:
        await _read(connection, found, name, table, query, live)
    else:
        await _read(connection, found, name, table, query)


async def rows_of(
    connection: Connection,
    role: Role,
    changed: Mapping[str, Collection[UUID] | None],
    known: Collection[UUID] = (),
) -> Found:
    """The named rows as they are now.

    Args:
        connection: asyncpg's.
        role: what may be seen.
        changed: ids by table; None for every row of it. A table that is not mirrored is passed over.
        known: referrals that are in the mirror. One that is not brings its screenings, vans and handovers along.
    """
    found = Found()
    tables, live, everyone = mirrored(role), board(role), list[UUID]()
    # In the order of the tables and not of the changes: a part never comes before what it belongs to.
    for name in [one for one in tables if one in changed]:
        table, ids = tables[name], changed[name]
        if ids is None:
            # Asked once, and only for what is of a referral.
            asks = bool(table.about or table.of_live)
            everyone = everyone or (await _live(connection, role) if asks else [])
            await _read_all(connection, found, name, table, everyone)
        elif ids:
            await _read_ids(connection, found, name, table, set(ids), live)
    # Its parts did not change when it came back onto the board, so no list of changes names them.
    came = {row.id for row in found.records.get("referral", ())} - set(known)
    if came:
        await _read_parts(connection, found, tables, came)
    return found


async def _read_parts(
    connection: Connection, found: Found, tables: Mapping[str, Live], referrals: Collection[UUID]
) -> None:
    for name, table in tables.items():
        if table.about == OF:
            query = f"{table.select} WHERE {table.where} AND t.{OF} = ANY($1)"
            await _read(connection, found, name, table, query, list(referrals))


async def _read_ids(
    connection: Connection, found: Found, name: str, table: Live, ids: set[UUID], live: Board
) -> None:
    query = f"{table.select} WHERE {table.where} AND t.{table.key} = ANY($1)"
    if table.about:
        query += f" AND EXISTS (SELECT FROM {live.referral} r WHERE r.id = t.{table.about} AND {live.is_live})"
    before = len(found.records.get(name, ()))
    await _read(connection, found, name, table, query, list(ids))
    # What cannot be shown is there all the same, and is not gone.
    there = {row.id for row in found.records[name][before:]} | found.unreadable.get(name, set())
    found.gone.setdefault(name, set()).update(ids - there)


async def _read(
    connection: Connection, found: Found, name: str, table: Live, query: str, ids: list[UUID] | None = None
) -> None:
    given = () if ids is None else (ids,)
    records = found.records.setdefault(name, [])
    try:
        fetched = await connection.fetch(query, *given)
    except _UNDECODABLE:
        await _read_apart(connection, found, name, table, query, given)
        return
    for row in fetched:
        _take(found, name, table, row, records)


def _take(found: Found, name: str, table: Live, row: Any, records: list[Record]) -> None:  # noqa: ANN401 - asyncpg's row
    try:
        records.append(table.record(row))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        found.unreadable.setdefault(name, set()).add(row[table.key])


# A time before Christ, or one that Python's calendar does not reach, fails in the driver and takes the whole
# answer with it. Then the rows are asked for one by one: slow, rare, and nobody else's row is lost.
_UNDECODABLE = (ValueError, OverflowError, TypeError, asyncpg.InternalClientError, asyncpg.DataError)


async def _read_apart(
    connection: Connection, found: Found, name: str, table: Live, query: str, given: Iterable[Any]
) -> None:
    # That these are live the keys say already; one by one the condition would only be worked out again.
    keys = await connection.fetch(f"SELECT q.{table.key} AS key FROM ({query}) q", *given)
    for key in [row["key"] for row in keys]:
        try:
            row = await connection.fetchrow(f"{table.select} WHERE t.{table.key} = $1", key)
        except _UNDECODABLE:
            found.unreadable.setdefault(name, set()).add(key)
            continue
        if row is not None:
            _take(found, name, table, row, found.records[name])
