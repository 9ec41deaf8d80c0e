"""Makes the database of a practice shift: its own, anew each time, and never another one."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
from sqlalchemy import URL, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from db import migrate, reference
from db.domain.roles import Role
from db.domain.tokens import digest_of
from db.engine import connect, translate, translate_driver
from db.errors import Conflict, Invalid, NotAllowed, RecordError
from db.exercise.history.filling import fill
from db.exercise.record import Login
from db.exercise.run import play_before, set_clock
from db.exercise.settings import PracticeHost, Prepared, ShiftPlan, Told, nobody
from db.exercise.simulation import load_inputs
from db.exercise.trackers import DeviceKey

_MARK = "A practice shift of the CRU console: dropped and made anew at every start"
_IN_USE, _NO_RIGHTS = "55006", "42501"
_RUNNING = Conflict("A practice shift is running here already.", "Join it with --join, or close it first.")
_LOGINS: tuple[tuple[str, str, Role], ...] = (
    ("lead", "Shift lead (you)", Role.SHIFT_LEAD),
    (Login.CALLS, "C. Practice, call-taker", Role.DISPATCHER),
    (Login.CREWS, "Crew tablets", Role.DISPATCHER),
    (Login.DISPATCH, "D. Hale", Role.DISPATCHER),
    (Login.DISPATCH_TOO, "S. Roy", Role.DISPATCHER),
    (Login.LEAD, "N. Bell, shift lead", Role.SHIFT_LEAD),
    (Login.LEAD_TOO, "T. Okafor, shift lead", Role.SHIFT_LEAD),
    ("gateway", "Van devices", Role.GATEWAY),
)
_READER = "reports"
_SHORT = {
    Login.DISPATCH.value: "d.hale",
    Login.DISPATCH_TOO.value: "s.roy",
    Login.LEAD.value: "n.bell",
    Login.LEAD_TOO.value: "t.okafor",
}


async def prepare(where: PracticeHost, plan: ShiftPlan, *, join: bool = False, told: Told = nobody) -> Prepared:
    """Make a practice shift ready, its clock running and ninety minutes of it already played.

    Args:
        where: the server, and the practice database's name.
        plan: what is asked for.
        join: sign in to a shift that is running already instead.
        told: is told each step.

    Raises:
        Conflict: a practice shift is running there.
        Invalid: there is none to join, or a database of that name is something else.
        NotAllowed: the owner's login may not make databases or logins.
        Unavailable: the server does not answer.
    """
    async with _owner(where.owner_url) as server:
        await _alone(server, where.database)
        running = await _sessions(server, where.database)
        if join:
            return await _join(server, where, plan, running=running)
        if running:
            raise _RUNNING
        told("Making the practice database")
        await _drop(server, where.database)
        await _create(server, where.database)
        return await _furnish(server, where, plan, told)


@asynccontextmanager
async def _owner(url: URL) -> AsyncIterator[AsyncConnection]:
    engine = connect(url, "cru-exercise-owner", answer_within=None)
    try:
        # Making and dropping a database refuse a transaction block.
        async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            yield connection
    except DBAPIError as error:
        raise _explained(translate(error), str(getattr(error.orig, "sqlstate", ""))) from error
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise _explained(translate_driver(error), str(getattr(error, "sqlstate", ""))) from error
    finally:
        await engine.dispose()


def _explained(error: RecordError, code: str) -> RecordError:
    if code == _IN_USE:
        return _RUNNING
    if code == _NO_RIGHTS:
        return NotAllowed("This login may not make a practice database.", "Use the login of the server's owner.")
    return error


async def _alone(server: AsyncConnection, database: str) -> None:
    # Given up when the connection closes: two starts at once must not drop each other's database.
    # Where the record's owner lets nobody take such locks, the second of two that start at once fails instead.
    may = text("SELECT has_function_privilege('pg_catalog.pg_try_advisory_lock(bigint)', 'EXECUTE')")
    if not (await server.execute(may)).scalar_one():
        return
    query = text("SELECT pg_try_advisory_lock(hashtext(:name))")
    if not (await server.execute(query, {"name": database})).scalar_one():
        raise Conflict("A practice shift is being prepared here.", "Try again in a moment, with --join.")


async def _sessions(server: AsyncConnection, database: str) -> int:
    query = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = :name"
        " AND coalesce(backend_type, 'client backend') = 'client backend'"
    )
    return int((await server.execute(query, {"name": database})).scalar_one())


async def reader(where: PracticeHost) -> URL:
    """A login of its own that reads a practice record as a shift lead, also while a shift runs there.

    Raises:
        Invalid: there is none.
    """
    async with _owner(where.owner_url) as server:
        if await _mark_of(server, where.database) != _MARK:
            raise Invalid(
                "There is no practice record here.", "Fill one: main.py exercise --history 28d --no-window."
            )
        async with _owner(where.practice_url) as practice:
            login = f"{where.database}.{_READER}"
            there = text("SELECT 1 FROM cru.user_account WHERE login = :login")
            if (await practice.execute(there, {"login": login})).first() is None:
                return await _login(server, practice, where, _READER, "Reports", Role.SHIFT_LEAD)
            # Whoever asked before is signed in already, or has ended.
            password = secrets.token_urlsafe(18)
            await server.execute(text(f"ALTER ROLE \"{login}\" PASSWORD '{password}'"))
            return where.practice_url.set(username=login, password=password)


async def _mark_of(server: AsyncConnection, database: str) -> str | None:
    """What a database says of itself; None where there is none of that name."""
    query = text(
        "SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database WHERE datname = :name"
    )
    found: str | None = (await server.execute(query, {"name": database})).scalar_one_or_none()
    return found


async def _drop(server: AsyncConnection, database: str) -> None:
    mark = await _mark_of(server, database)
    if mark is None:
        return
    # The name alone proves nothing: only what we made ourselves is dropped.
    if mark != _MARK:
        raise Invalid(
            f"The database {database} is not a practice database, and is left alone.",
            "Rename it, or practise on another server.",
        )
    await server.execute(text(f'DROP DATABASE "{database}"'))
    logins = text("SELECT rolname FROM pg_roles WHERE starts_with(rolname, :prefix)")
    for login in (await server.execute(logins, {"prefix": f"{database}."})).scalars().all():
        await server.execute(text(f'DROP ROLE "{login}"'))


async def _create(server: AsyncConnection, database: str) -> None:
    await server.execute(text(f'CREATE DATABASE "{database}"'))
    await server.execute(text(f"COMMENT ON DATABASE \"{database}\" IS '{_MARK}'"))


async def _furnish(server: AsyncConnection, where: PracticeHost, plan: ShiftPlan, told: Told) -> Prepared:
    # Beside each other: neither needs the other, both take a while, and somebody waits.
    inputs, _ = await asyncio.gather(asyncio.to_thread(load_inputs, plan), migrate.upgrade(where.practice_url))
    await reference.load(where.practice_url, amended=inputs.ground.reference_set)
    async with _owner(where.practice_url) as practice:
        name = {"name": f"EXERCISE {inputs.ground.area.name}"}
        await practice.execute(text("UPDATE cru.service SET name = :name, exercise = true"), name)
        urls = {who: await _login(server, practice, where, who, shown, role) for who, shown, role in _LOGINS}
        prepared = Prepared(
            where.database,
            where.practice_url,
            urls["lead"],
            plan,
            {login: urls[login] for login in Login},
            urls["gateway"],
            await _devices(practice),
        )
        if plan.history_days:
            await fill(prepared, inputs, told)
        told("Playing the hour and a half before the shift")
        await play_before(prepared, inputs, practice)
        await set_clock(practice, plan.start, plan.speed)
    return prepared


async def _login(
    server: AsyncConnection, practice: AsyncConnection, where: PracticeHost, who: str, shown: str, role: Role
) -> URL:
    # Logins belong to the whole server: the database's name before them keeps them apart from real ones.
    login, password = f"{where.database}.{_SHORT.get(who, who)}", secrets.token_urlsafe(18)
    # A login that outlives its shift is of no use to anybody.
    until = (await server.execute(text("SELECT (now() + interval '7 days')::text"))).scalar_one()
    await server.execute(text(f"CREATE ROLE \"{login}\" LOGIN PASSWORD '{password}' VALID UNTIL '{until}'"))
    await server.execute(text(f'GRANT {role.group} TO "{login}"'))
    await practice.execute(
        text("INSERT INTO cru.user_account (login, display_name, role) VALUES (:login, :shown, :role)"),
        {"login": login, "shown": shown, "role": role.value},
    )
    await practice.execute(text("SELECT cru.limit_sessions()"))
    return where.practice_url.set(username=login, password=password)


async def _devices(practice: AsyncConnection) -> dict[UUID, DeviceKey]:
    found: dict[UUID, DeviceKey] = {}
    add = text("INSERT INTO cru.device (device_id, van_id, token_digest) VALUES (:device, :van, :digest)")
    for van in await practice.execute(text("SELECT id, callsign FROM cru.van WHERE active ORDER BY callsign")):
        key = found[van.id] = DeviceKey(f"exercise-{van.callsign}", secrets.token_urlsafe(18))
        await practice.execute(add, {"device": key.device_id, "van": van.id, "digest": digest_of(key.token)})
    return found


async def _join(server: AsyncConnection, where: PracticeHost, plan: ShiftPlan, *, running: int) -> Prepared:
    if not running:
        raise Invalid("There is no practice shift to join here.", "Start one without --join.")
    async with _owner(where.practice_url) as practice:
        query = text("SELECT count(*) FROM cru.user_account WHERE role = 'shift lead'")
        number = (await practice.execute(query)).scalar_one() + 1
        url = await _login(server, practice, where, f"lead{number}", f"Shift lead {number}", Role.SHIFT_LEAD)
    return Prepared(where.database, where.practice_url, url, plan, joined=True)
