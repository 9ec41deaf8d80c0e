"""Which record is reported on, and as whom."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import platformdirs
from sqlalchemy import URL

from db.addresses import read_url
from db.errors import Invalid
from db.exercise.database import reader
from db.exercise.settings import PracticeHost
from db.local import open_local
from db.server import EmbeddedServer


@asynccontextmanager
async def chosen_record(url: str, data_dir: Path | None, *, exercise: bool) -> AsyncIterator[URL]:
    """The record that is meant, running.

    Args:
        url: a shift lead's; ``CRU_DATABASE_URL`` when empty, and else the record of this computer.
        data_dir: where the embedded server lives; ``CRU_DATA_DIR`` or the usual folder when None.
        exercise: the practice record of this computer.

    Raises:
        Invalid: the URL cannot be read, or there is no practice record.
        Unavailable: the embedded server does not start.
    """
    folder = data_dir or Path(
        os.environ.get("CRU_DATA_DIR") or platformdirs.user_data_path("cru-console", appauthor=False)
    )
    if exercise:
        if url:
            raise Invalid("A record of your own is no practice record.", "Leave out --url or --exercise.")
        server = EmbeddedServer.of(folder)
        try:
            yield await reader(PracticeHost.embedded(await server.start()))
        finally:
            await server.stop()
        return
    said = url or os.environ.get("CRU_DATABASE_URL", "")
    if said:
        yield read_url(said)
        return
    record = await open_local(folder)
    try:
        yield record.url
    finally:
        await record.server.stop()
