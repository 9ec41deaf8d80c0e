"""Seals the record of one computer, and a practice on it, from beside the console that uses it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from db.audit.sealing import keep_sealing
from db.audit.signing import SealingKey
from db.engine import DRIVERS_OWN, connect, translate, translate_driver
from db.server import EmbeddedServer

AT_ONCE: Final = 200
"""Leaves of one run: a window is painted between two of them."""


async def keep_sealed(server: EmbeddedServer, database: str, file: Path) -> None:
    """Seal until cancelled, by a key that is made when there is none.

    Consoles that share a record share its key: whoever comes second waits for a minute.

    Args:
        server: joined by this console; it may come back at another address.
        database: of the record.
        file: of the key.

    Raises:
        Invalid: the file holds no key.
        OSError: no key can be written.
    """
    await keep_sealing(lambda: _as_owner(server, database), await asyncio.to_thread(_key, file), most=AT_ONCE)


def _key(file: Path) -> SealingKey:
    with suppress(FileExistsError):
        SealingKey.drawn().write(file)
    return SealingKey.read(file)


@asynccontextmanager
async def _as_owner(server: EmbeddedServer, database: str) -> AsyncIterator[AsyncConnection]:
    address = await asyncio.to_thread(server.address)
    engine = connect(address.superuser_url(database), "cru-sealer")
    try:
        async with engine.begin() as connection:
            yield connection
    except DBAPIError as error:
        raise translate(error) from error
    except DRIVERS_OWN as error:
        raise translate_driver(error) from error
    finally:
        await engine.dispose()
