"""Who holds what a command waits for, asked beside it while it waits: afterwards nobody knows."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from db.engine import DESK, LOCK_NOT_AVAILABLE, TRIES_AGAIN, transaction
from db.errors import Busy, RecordError

_ASKED_AFTER = 1.0
"""Seconds. Nearly every command has ended by then, and costs no second connection."""


@asynccontextmanager
async def holder_named(engine: AsyncEngine, pid: int) -> AsyncIterator[None]:
    """Say of a lock that was waited for in vain who holds it.

    Args:
        engine: for a second connection, opened if the wait is long.
        pid: the server's process of the one that waits.

    Raises:
        Busy: somebody holds it; nothing was done.
    """
    asked = asyncio.create_task(_holder(engine, pid))
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE:
            raise
        found = asked.result() if asked.done() and not asked.cancelled() else ""
        raise Busy(found or "Somebody else is changing this.", TRIES_AGAIN) from error
    finally:
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)


async def _holder(engine: AsyncEngine, pid: int) -> str:
    await asyncio.sleep(_ASKED_AFTER)
    with suppress(RecordError):
        async with transaction(engine) as asking:
            row = (await asking.execute(text("SELECT * FROM cru.held_up_by(:pid)"), {"pid": pid})).first()
        return holding(row.who, row.application) if row else ""
    return ""


def holding(who: str, application: str) -> str:
    """The sentence about somebody who holds what is wanted, with their desk or else the program that holds it."""
    before, desk, name = application.partition(DESK)
    if desk and name:
        return f"{who} at {name} holds this just now."
    return f"{who} holds this just now{f' ({before})' if before and not before.startswith('cru-') else ''}."
