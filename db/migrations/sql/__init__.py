"""SQL kept as SQL: what Alembic's operations cannot say."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import op
from sqlalchemy.util import await_only

if TYPE_CHECKING:
    from asyncpg import Connection, Record

_HERE = Path(__file__).resolve().parent


def run(revision: str, first: int, last: int) -> None:
    """Run a revision's files whose leading number lies between ``first`` and ``last``, in order.

    The files hold many statements each, which a prepared statement refuses, so they go to the driver directly,
    inside the migration's own transaction.
    """
    driver = _driver()
    for file in sorted((_HERE / revision).glob("*.sql")):
        if first <= int(file.name[:2]) <= last:
            await_only(driver.execute(file.read_text("utf-8")))


def amend(function: str, was: str, becomes: str) -> None:
    """Change part of a function of the record; the rest stays as it stands, with what other revisions made of it.

    Args:
        function: with the types of its arguments, such as ``facts_of(uuid[])``.
        was: the part, as the database keeps it; it stands there once.
        becomes: what takes its place.

    Raises:
        RuntimeError: it does not stand there once: this is not the function that was meant.
    """
    driver = _driver()
    text: str = await_only(driver.fetchval("SELECT pg_get_functiondef($1::text::regprocedure)", f"cru.{function}"))
    if text.count(was) != 1:
        raise RuntimeError(f"cru.{function} is not as it was")
    await_only(driver.execute(text.replace(was, becomes)))


def amend_all(changes: Sequence[tuple[str, str]]) -> None:
    """Write every function of the record anew in which one of ``changes`` is found; the others stay.

    Args:
        changes: regular expressions, each with what takes its place, one after the other. They are looked for in
            bodies that the database keeps as text, not in those that it keeps parsed.
    """
    driver = _driver()
    bodies: list[Record] = await_only(
        driver.fetch(
            "SELECT pg_get_functiondef(oid) AS text FROM pg_proc WHERE pronamespace = 'cru'::regnamespace"
            " AND prokind = 'f' AND prosqlbody IS NULL ORDER BY oid"
        )
    )
    for (was,) in bodies:
        becomes = was
        for pattern, instead in changes:
            becomes = re.sub(pattern, instead, becomes)
        if becomes != was:
            await_only(driver.execute(becomes))


def _driver() -> "Connection[Record]":
    """The driver's own connection, in the migration's transaction."""
    bind = op.get_bind()
    bind.exec_driver_sql("SELECT 1")
    driver: Connection[Record] | None = bind.connection.driver_connection
    if driver is None:
        raise RuntimeError("a migration needs a live connection")
    return driver
