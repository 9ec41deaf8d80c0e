"""Opening what is past. The record puts down who looked, and lets it be read in the transactions that follow.

A referral is past once it ended three days ago and nobody has to see to it any more (``cru.in_sight``). Each of
these is committed before what it opened is read: in its own transaction it opens nothing, so that none is undone.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.engine import transaction

OpenedList = Literal["review", "feedback", "log", "handed over"]
_ROWS = text("SELECT cru.open_rows(:ids, :why)")
_RECORD = text("SELECT cru.open_record(:referral)")
_KNOWN = text("SELECT cru.open_known(:referral)")
_DAY = text("SELECT cru.open_day(:since, :until)")
_LIST = text("SELECT cru.open_list(:of, :since, coalesce(:until, cru.clock_now()))")


async def open_rows(connection: AsyncConnection, ids: Collection[UUID], why: str) -> int:
    """Open the referrals that some rows are about, each known by its id; 200 at most. Returns how many were past.

    Args:
        connection: in a transaction.
        ids: of referrals, or of rows that hang on one; what is none of these opens nothing.
        why: in letters and blanks, such as the name of a command.
    """
    return int((await connection.execute(_ROWS, {"ids": list(ids), "why": why})).scalar_one())


async def open_record(connection: AsyncConnection, referral_id: UUID) -> None:
    """Open a referral for whoever looks at its whole record, which stands in its story from then on.

    Raises:
        DBAPIError: there is none.
    """
    await connection.execute(_RECORD, {"referral": referral_id})


async def open_known(connection: AsyncConnection, referral_id: UUID) -> bool:
    """Open what is known of the past beside a referral that is in sight (``cru.known_of``, ``cru.about_before``).

    Returns:
        Whether the past was looked through; not where this login opened too much of it within the hour.
    """
    return (await connection.execute(_KNOWN, {"referral": referral_id})).scalar_one() is not None


async def open_day(connection: AsyncConnection, start: datetime, end: datetime) -> int:
    """Open all that was on the board between two moments (aware), 26 hours apart at most. Returns of how many."""
    return int((await connection.execute(_DAY, {"since": start, "until": end})).scalar_one())


async def open_list(
    connection: AsyncConnection, which: OpenedList, start: datetime, end: datetime | None = None
) -> int:
    """Open a list of what was between two moments (aware). Returns the number of the look.

    Args:
        connection: of a shift lead for what is to be reviewed; of any desk for the rest.
        which: what is on it.
        start: of the stretch.
        end: of the stretch; now where it is left out.
    """
    return int((await connection.execute(_LIST, {"of": which, "since": start, "until": end})).scalar_one())


async def list_opened(engine: AsyncEngine, which: OpenedList, start: datetime, end: datetime | None = None) -> int:
    """The same in a transaction of its own. Raises :class:`db.errors.RecordError`."""
    async with transaction(engine) as connection:
        return await open_list(connection, which, start, end)
