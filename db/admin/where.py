"""Which record to administer, and a connection to it as its owner."""

import asyncio
import getpass
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import platformdirs
from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from db.addresses import read_url
from db.engine import connect, translate, translate_driver
from db.errors import NotAllowed, RecordError
from db.local import DATABASE, ensure_database
from db.server import EmbeddedServer

_NOT_THE_OWNER = NotAllowed(
    "This login may not administer the record.",
    "Sign in as the owner of the database; users and groups also need CREATEROLE.",
)


@asynccontextmanager
async def chosen_record(url: str, data_dir: Path | None) -> AsyncIterator[URL]:
    """The record that is meant, running.

    Args:
        url: from the command line; ``CRU_DATABASE_URL`` when empty, and else the embedded server's superuser.
        data_dir: where the embedded server lives; ``CRU_DATA_DIR`` or the usual folder when None.

    Raises:
        Invalid: the URL cannot be read.
        Unavailable: the embedded server does not start.
    """
    said = url or os.environ.get("CRU_DATABASE_URL", "")
    if said:
        yield _with_password(read_url(said))
        return
    folder = data_dir or Path(os.environ.get("CRU_DATA_DIR") or _usual_folder())
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    server = EmbeddedServer.of(folder)
    address = await server.start()
    try:
        await ensure_database(address, DATABASE)
        yield address.superuser_url(DATABASE)
    finally:
        await server.stop()


def _usual_folder() -> Path:
    return platformdirs.user_data_path("cru-console", appauthor=False)


def _with_password(url: URL) -> URL:
    if url.password is not None or "PGPASSWORD" in os.environ or not sys.stdin.isatty():
        return url
    # Nothing typed: asyncpg looks in the password file.
    typed = getpass.getpass(f"Password of {url.username or 'the owner'}: ")
    return url.set(password=typed) if typed else url


@asynccontextmanager
async def explained() -> AsyncIterator[None]:
    """Turn what a driver raises into a sentence for an owner.

    Raises:
        Conflict | NotAllowed | Invalid | Unavailable: what happened, and what to do.
    """
    try:
        yield
    except DBAPIError as error:
        raise _for_an_owner(translate(error), getattr(error.orig, "sqlstate", "")) from error
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise _for_an_owner(translate_driver(error), getattr(error, "sqlstate", "")) from error


def _for_an_owner(error: RecordError, code: str | None) -> RecordError:
    return _NOT_THE_OWNER if code == "42501" else error


@asynccontextmanager
async def as_owner(url: URL) -> AsyncIterator[AsyncConnection]:
    """One transaction as the owner, committed at the end of the block.

    Raises:
        RecordError: refused or out of reach; nothing changed.
    """
    async with explained():
        engine = connect(url, "cru-admin", answer_within=60)
        try:
            async with engine.begin() as connection:
                yield connection
        finally:
            await engine.dispose()
