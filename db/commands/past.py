"""A command about something that is past: what it is about is opened first, and that is put down.

Nobody asks of each command whether it is: one that is refused asks, and is carried out once more where it was.
"""

from collections.abc import Iterator
from dataclasses import fields
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from db.opening import open_rows

_MOST = 200
"""Rows that are asked for; a command about more opens none, and its refusal stands."""


async def opened_for(connection: AsyncConnection, command: object) -> bool:
    """Open what a command is about. Returns whether something of it was past; it is read once this is committed.

    Args:
        connection: in a transaction of its own.
        command: a dataclass, whose ids say what it is about.
    """
    ids = set(_ids(tuple(getattr(command, one.name) for one in fields(command))))  # type: ignore[arg-type]
    # In letters and blanks, as a look is put down: "Advise999" has figures.
    letters = (one for one in type(command).__name__ if one.isalpha())
    words = "".join(f" {one}" if one.isupper() else one for one in letters).strip()
    return len(ids) <= _MOST and await open_rows(connection, ids, words[:40]) > 0


def _ids(value: object) -> Iterator[UUID]:
    if isinstance(value, UUID):
        yield value
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _ids(one)
