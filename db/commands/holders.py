"""Who holds what a command waits for, asked beside it while it waits: afterwards nobody knows."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from db.engine import DESK, DRIVERS_OWN, NO_ANSWER, beside
from db.errors import Busy, Unavailable

_ASKED_AFTER = 1.0
"""Seconds. Nearly every command has ended by then, and costs no further connection."""


@asynccontextmanager
async def holder_named(engine: AsyncEngine) -> AsyncIterator[Callable[[int], None]]:
    """Say of what was waited for in vain who holds it.

    Args:
        engine: for one more connection, opened if the wait is long.

    Yields:
        what is told the server's process of the transaction, once that has begun.

    Raises:
        Busy | Unavailable: as the block did, with the holder's name where there is one.
    """
    asked: list[asyncio.Task[str]] = []
    try:
        yield lambda pid: asked.append(asyncio.create_task(_holder(engine, pid)))
    except Unavailable as error:
        found = next((one.result() for one in asked if one.done()), "")
        # Behind another who waits too, the time for an answer may be over before the one for the lock.
        if found and (isinstance(error, Busy) or error.sentence == NO_ANSWER):
            raise type(error)(found, error.next_step) from error
        raise
    finally:
        for one in asked:
            one.cancel()
        await asyncio.gather(*asked, return_exceptions=True)


async def _holder(engine: AsyncEngine, pid: int) -> str:
    await asyncio.sleep(_ASKED_AFTER)
    # Not of the pool: where two wait for what a third holds, neither would get another.
    with suppress(*DRIVERS_OWN, asyncpg.PostgresError):
        async with beside(engine) as asking:
            row = await asking.fetchrow("SELECT who, application FROM cru.held_up_by($1)", pid)
        return holding(row["who"], row["application"]) if row else ""
    return ""


def holding(who: str, application: str) -> str:
    """The sentence about somebody who holds what is wanted, with their desk or else the program that holds it."""
    before, _, name = application.partition(DESK)
    if name:
        return f"{who} at {name} holds this just now."
    return f"{who} holds this just now{f' ({before})' if before and not before.startswith('cru-') else ''}."
