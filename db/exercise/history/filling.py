"""Puts a month into a practice record: each deed by the command that a person would give, at its own time."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import asyncpg
from sqlalchemy import URL, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db import queries, rows
from db.commands import Command, DoFollowUp, run
from db.commands.past import opened_for
from db.domain.clocks import days_in_words, local
from db.domain.records import Van
from db.domain.roles import Role
from db.engine import connect, transaction, translate, translate_driver
from db.errors import Conflict, Invalid, NotAllowed, Unavailable
from db.exercise.control_room import looked_at
from db.exercise.history.deeds import Deed, DoFollowUps, HandOverRoom, LookAtReviews, SeeToWords, What
from db.exercise.history.month import Month
from db.exercise.history.played import Played, Service, played
from db.exercise.history.room_done import handed_over, looked_at_afterwards
from db.exercise.record import Login
from db.exercise.run import set_clock
from db.exercise.scenario import read_waypoints
from db.exercise.settings import Prepared, Told, nobody
from db.exercise.simulation import BEFORE, SimulationInputs
from db.exercise.trackers import RecordSender, TrackerFix
from db.opening import open_list

_RANG = "Rang: safe, seen by the liaison team"
# Deeds: a record that grows from nothing is read in ways that fit an empty one until its tables are looked at.
_LOOK_AT_TABLES = frozenset({500, 4000})
_METRES = 8.0
_TOLD_EVERY = timedelta(days=1)
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Filled:
    """What was put into the record: how often which command, and the sentences of what it refused."""

    done: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)


class Doers(Protocol):
    """Whose connection it is done by."""

    def of(self, login: Login, at: datetime) -> AbstractAsyncContextManager[AsyncConnection]:
        """A transaction by a login, with the record's clock standing at a time."""
        ...

    async def look_at_tables(self) -> None:
        """Let the server see how the tables have grown."""
        ...


class OwnerInPlace:
    """By the owner's one connection, which takes each login's place in turn: what it writes is that login's.

    A command costs half as much as by connections of their own, of which each waits for the other. Only a server's
    superuser may do it.

    Args:
        connection: the owner's, which begins no transaction by itself.
        names: the logins by their names in the server.
    """

    def __init__(self, connection: AsyncConnection, names: Mapping[Login, str]) -> None:
        self._connection, self._names = connection, names

    @asynccontextmanager
    async def of(self, login: Login, at: datetime) -> AsyncIterator[AsyncConnection]:
        """As :class:`Doers`."""
        # In one go, since half of what a deed costs is the way there and back.
        await self._say(
            "BEGIN; UPDATE cru.service SET clock_origin = clock_timestamp(), clock_speed = 0,"  # noqa: S608 - our own
            f" clock_shown = '{at.isoformat()}'; SET LOCAL SESSION AUTHORIZATION \"{self._names[login]}\""
        )
        try:
            yield self._connection
        except BaseException:
            await self._say("ROLLBACK")
            raise
        await self._say("COMMIT")

    async def look_at_tables(self) -> None:
        """As :class:`Doers`."""
        await self._say("ANALYZE")

    async def _say(self, script: str) -> None:
        raw = await self._connection.get_raw_connection()
        if raw.driver_connection is None:
            raise Unavailable("The record cannot be reached.")
        await raw.driver_connection.execute(script)


class EachInTurn:
    """By a connection each.

    Args:
        owner: sets the clock.
        engines: a signed-in engine a login.
    """

    def __init__(self, owner: AsyncEngine, engines: Mapping[Login, AsyncEngine]) -> None:
        self._owner, self._engines = owner, engines
        self._shown: datetime | None = None

    @asynccontextmanager
    async def of(self, login: Login, at: datetime) -> AsyncIterator[AsyncConnection]:
        """As :class:`Doers`."""
        if at != self._shown:
            async with self._owner.begin() as connection:
                await set_clock(connection, at, 0)
            self._shown = at
        async with transaction(self._engines[login]) as connection:
            yield connection

    async def look_at_tables(self) -> None:
        """As :class:`Doers`."""
        async with self._owner.begin() as connection:
            await connection.execute(text("ANALYZE"))


async def fill(prepared: Prepared, inputs: SimulationInputs, told: Told) -> Filled:
    """Play the days before a shift into its record, and leave the clock where the shift's own time before begins.

    Args:
        prepared: the logins, and the plan with its days.
        inputs: from ``load_inputs``.
        told: is told each day.
    """
    plan = prepared.plan
    month = Month(plan.start - BEFORE, plan.history_days, plan.seed, plan.intensity)
    owner = connect(prepared.owner, "cru-exercise-owner", answer_within=None)
    engines = {login: connect(url, f"cru-exercise-{login.value}") for login, url in prepared.logins.items()}
    try:
        service = await _service(engines[Login.CREWS], inputs)
        # A second of working out, while somebody looks at a window that is to answer.
        found = await asyncio.to_thread(played, month, inputs.ground.scenario, inputs.generator, service)
        async with _doers(owner, engines, prepared.logins) as doers:
            filled = await put_in(doers, found.deeds, month, told)
        await _say_where(prepared, found, month.until)
        return filled
    finally:
        for engine in (owner, *engines.values()):
            await engine.dispose()


async def _service(reading: AsyncEngine, inputs: SimulationInputs) -> Service:
    async with transaction(reading) as connection:
        found = await queries.snapshot(connection, Role.DISPATCHER)
        vans = sorted((one for one in found["van"] if isinstance(one, Van)), key=lambda one: one.callsign)
        reference = await queries.reference_data(connection)
        waypoints = await read_waypoints(connection, vans, inputs.ground.scenario, inputs.ground.postcodes)
    return Service(vans, reference, waypoints, inputs.times)


@asynccontextmanager
async def _doers(
    owner: AsyncEngine, engines: Mapping[Login, AsyncEngine], urls: Mapping[Login, URL]
) -> AsyncIterator[Doers]:
    async with owner.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        query = text("SELECT rolsuper FROM pg_roles WHERE rolname = session_user")
        takes_places = (await connection.execute(query)).scalar_one()
        # A practice record that a power cut shortens by a second is made anew: nobody waits for its disk.
        await connection.execute(text("SET synchronous_commit = off"))
        if takes_places:
            yield OwnerInPlace(connection, {login: url.username or "" for login, url in urls.items()})
        else:
            yield EachInTurn(owner, engines)


async def _say_where(prepared: Prepared, found: Played, now: datetime) -> None:
    """Each van's device says once where it is: whoever plays on goes on from there."""
    if prepared.gateway is None:
        return
    sender = RecordSender(connect(prepared.gateway, "cru-exercise-devices"))
    try:
        await sender.send(
            [TrackerFix(van, now, lat, lon, _METRES, 0.0, None) for van, (lat, lon) in found.places.items()]
        )
    finally:
        await sender.close()


async def put_in(doers: Doers, deeds: Iterable[Deed], month: Month, told: Told = nobody) -> Filled:
    """Do one deed after the other; each day is told."""
    filled, told_next = Filled(), month.begins
    for number, deed in enumerate(deeds):
        if deed.at >= told_next:
            day = local(deed.at)
            told(f"Playing {_span(month)} before the shift: {day:%a} {day.day} {day:%b}")
            told_next += _TOLD_EVERY
        if number in _LOOK_AT_TABLES:
            await doers.look_at_tables()
        await _do(doers, deed, filled)
    await doers.look_at_tables()
    return filled


def _span(month: Month) -> str:
    return "the day" if month.days == 1 else f"the {days_in_words(month.days)}"


async def _do(doers: Doers, deed: Deed, filled: Filled) -> None:
    try:
        commands = await _done(doers, deed)
    except (Conflict, Invalid, NotAllowed) as refusal:
        _refused(filled, deed.what, refusal)
    except DBAPIError as error:
        _refused(filled, deed.what, translate(error))
    except asyncpg.PostgresError as error:
        # What is checked only when a transaction ends.
        _refused(filled, deed.what, translate_driver(error))
    else:
        filled.done.update(type(command).__name__ for command in commands)


async def _done(doers: Doers, deed: Deed) -> list[Command]:
    """Do it, whatever of it is past being opened before, as a console does. Returns the commands that it took."""
    if isinstance(deed.what, LookAtReviews):
        async with doers.of(deed.login, deed.at) as connection:
            look = await open_list(connection, "review", deed.what.since, deed.what.until)
        async with doers.of(deed.login, deed.at) as connection:
            return await _each(connection, await looked_at_afterwards(connection, look))
    try:
        return await _in_turn(doers, deed)
    except (Conflict, Invalid):
        async with doers.of(deed.login, deed.at) as connection:
            was_past = await opened_for(connection, deed.what)
        if not was_past:
            raise
    return await _in_turn(doers, deed)


async def _in_turn(doers: Doers, deed: Deed) -> list[Command]:
    async with doers.of(deed.login, deed.at) as connection:
        return await _each(connection, await _commands(connection, deed.what))


async def _each(connection: AsyncConnection, commands: list[Command]) -> list[Command]:
    for command in commands:
        await run(connection, command)
    return commands


def _refused(filled: Filled, what: What, refusal: Exception) -> None:
    filled.refused.append(f"{type(what).__name__}: {refusal}")
    # The sentence may name people: the log says only what kind of thing was refused.
    _log.warning("the month before: %s was refused (%s)", type(what).__name__, type(refusal).__name__)


async def _commands(connection: AsyncConnection, what: What) -> list[Command]:
    """A command as it is, or those that what the record holds asks for."""
    if isinstance(what, SeeToWords):
        query = text("SELECT * FROM cru.danger WHERE referral_id = :referral")
        row = (await connection.execute(query, {"referral": what.referral_id})).mappings().first()
        stands = rows.dangers(row).seen_to if row is not None else ()
        return [looked_at(what.referral_id, stands)] if stands else []
    if isinstance(what, DoFollowUps):
        query = text(
            "SELECT id FROM cru.follow_up WHERE referral_id = :referral AND done_at IS NULL"
            " AND taken_back_at IS NULL ORDER BY due_at, id"
        )
        found = (await connection.execute(query, {"referral": what.referral_id})).scalars()
        return [DoFollowUp(follow_up_id=key, outcome=_RANG, referral_id=what.referral_id) for key in found]
    if isinstance(what, HandOverRoom):
        return await handed_over(connection, what)
    return [what] if isinstance(what, Command) else []
