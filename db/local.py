"""The embedded record of one computer: its server, its database and its one user, a local shift lead."""

import asyncio
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from db import migrate
from db.engine import connect, transaction
from db.errors import Invalid
from db.server import EmbeddedServer, ServerAddress

# Loading what loads them takes a tenth of a second, and most starts find everything built.
if TYPE_CHECKING:
    from db.reference import Amended

DATABASE = "cru"
LOGIN = "local"


@dataclass(frozen=True, slots=True)
class LocalRecord:
    """A running embedded record. Stop ``server`` when the console is done with it."""

    server: EmbeddedServer
    url: URL


async def open_local(data_dir: Path) -> LocalRecord:
    """Start the embedded server, and build or upgrade its database.

    Raises:
        Unavailable: the server does not start; the sentence says why.
        Invalid: the record was made by a newer program.
    """
    server = EmbeddedServer.of(data_dir)
    address = await server.start()
    try:
        return await make_ready(server, address)
    except BaseException:
        await server.stop()
        raise


async def make_ready(
    server: EmbeddedServer, address: ServerAddress, county: Callable[[], "Amended | None"] | None = None
) -> LocalRecord:
    """Build or upgrade the database of a server that runs.

    Args:
        server: which.
        address: where it listens.
        county: makes the shipped reference set that of another county, for a record that is built; it may take
            seconds, and is asked in a thread.

    Raises:
        Invalid: the record was made by a newer program.
    """
    owner = address.superuser_url(DATABASE)
    if not await _is_ready(owner):
        from db import reference

        await ensure_database(address, DATABASE)
        await migrate.upgrade(owner)
        await reference.load(owner, amended=await _amended(owner, county))
        # Last, since ``_is_ready`` takes the user for the sign that all before it was done.
        await ensure_user(owner, LOGIN, password_for(address, LOGIN), "Local shift lead", "shift lead")
    return LocalRecord(server, address.url(LOGIN, DATABASE, password_for(address, LOGIN)))


async def _amended(owner: URL, county: Callable[[], "Amended | None"] | None) -> "Amended | None":
    """What is made of the shipped set: a new record has its county's places, one that is there keeps its own."""
    engine = connect(owner)
    try:
        async with transaction(engine) as connection:
            name = (await connection.execute(text("SELECT name FROM cru.service"))).scalar()
    finally:
        await engine.dispose()
    from db import reference

    if name is None:
        return await asyncio.to_thread(county) if county is not None else None
    return reference.without_places if name != reference.shipped_name() else None


async def _is_ready(owner: URL) -> bool:
    """Whether an earlier start of this same program built everything, so that the usual start is quick."""
    engine = connect(owner)
    try:
        async with transaction(engine) as connection:
            await migrate.require_served(connection)
            there = text("SELECT 1 FROM cru.user_account WHERE login = :login")
            return (await connection.execute(there, {"login": LOGIN})).first() is not None
    except Invalid:
        return False
    finally:
        await engine.dispose()


def password_for(address: ServerAddress, login: str) -> str:
    """The password of a login that only this computer uses: derived, so that two consoles agree on it."""
    # Nothing more is kept on the disk: whoever can read that password needs no other.
    secret = address.superuser_password.encode()
    return hmac.new(secret, f"login:{login}".encode(), hashlib.sha256).hexdigest()


async def ensure_database(address: ServerAddress, name: str) -> None:
    """Create a database unless it is there."""
    # CREATE DATABASE refuses a transaction block, hence AUTOCOMMIT; and it copies a template, which takes a while.
    engine = connect(address.superuser_url(), answer_within=None)
    try:
        async with engine.connect() as opened:
            connection = await opened.execution_options(isolation_level="AUTOCOMMIT")
            there = text("SELECT 1 FROM pg_database WHERE datname = :name")
            found = await connection.execute(there, {"name": name})
            if found.first() is None:
                await _create_database(connection, name)
    finally:
        await engine.dispose()


async def _create_database(connection: AsyncConnection, name: str) -> None:
    try:
        await connection.execute(text(f'CREATE DATABASE "{name}"'))
    except DBAPIError as error:
        # Two consoles may start at once; CREATE DATABASE knows no IF NOT EXISTS, and waits for its twin.
        if getattr(error.orig, "sqlstate", None) not in {"42P04", "23505"}:
            raise


async def ensure_user(owner: URL, login: str, password: str, display_name: str, role: str) -> None:
    """Create a login with a role's rights unless it is there, as the superuser of an embedded server."""
    engine = connect(owner, answer_within=None)
    try:
        async with engine.begin() as connection:
            # As ``migrate`` does: one at a time builds a database, or adds a login to it.
            await connection.execute(text(migrate.ALONE))
            await _create_login(connection, login, password, role)
            await connection.execute(
                text(
                    "INSERT INTO cru.user_account (login, display_name, role) VALUES (:login, :name, :role)"
                    " ON CONFLICT DO NOTHING"
                ),
                {"login": login, "name": display_name, "role": role},
            )
            await connection.execute(text("SELECT cru.limit_sessions()"))
    finally:
        await engine.dispose()


async def _create_login(connection: AsyncConnection, login: str, password: str, role: str) -> None:
    # CREATE ROLE takes no parameters. Names and passwords here are made by this program: letters, digits and dots
    # only.
    group = "cru_" + role.replace(" ", "_")
    there = await connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :login"), {"login": login})
    verb = "CREATE" if there.first() is None else "ALTER"
    await connection.execute(text(f"{verb} ROLE \"{login}\" LOGIN PASSWORD '{password}'"))
    await connection.execute(text(f'GRANT {group} TO "{login}"'))
