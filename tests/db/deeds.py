"""What each command of a night does to the record, and what it says where it may not be done, as lines of text."""

import json
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import MISSING, dataclass, field, fields, is_dataclass, replace
from datetime import date, timedelta
from enum import Enum
from typing import Any, Final, Literal, get_origin, get_type_hints
from uuid import UUID, uuid4

import asyncpg
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from db import commands as do
from db.commands.base import run
from db.engine import connect, transaction
from db.errors import RecordError
from tests.cluster import LOGINS, Record
from tests.filled.commands import LEAD, OWNER, SHAH

DESK: Final = {SHAH: "a dispatcher", LEAD: "a shift lead", "w.wall": "a viewer"}
LONG_AGO: Final = timedelta(days=400)
# Made for each, and told nowhere: what was before, what is sealed, what is looked up by, who is there.
_UNTOLD: Final = (
    "act",
    "act_part",
    "command_log",
    "findable",
    "presence",
    "opened",
    "alembic_version",
    "fact_due",
)
_LOCKED: Final = re.compile(
    r"FROM (?:cru\.)?(\w+)(?:.|\n)*?FOR ((?:NO KEY )?UPDATE|SHARE)(?: OF (?:cru\.)?(\w+))?"
)
_WEEKDAY: Final = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*"
_MONTH: Final = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
_CHANGING: Final = (
    (re.compile(r"CRU-\d{8}-\d+"), "CRU-N"),
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "#"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d[\d:.+Z]*"), "TIME"),
    (re.compile(rf"\b(?:{_WEEKDAY} )?\d{{1,2}} {_MONTH}\b(?: \d{{4}})?"), "DAY"),
    (re.compile(rf"\b(?:{_WEEKDAY} )?\d\d:\d\d\b(?: (?:GMT|BST))?"), "hh:mm"),
    # Which day it is may depend on the hour of the test.
    (re.compile(r"(?:DAY )?hh:mm(?: DAY)?"), "hh:mm"),
    (re.compile(r"\b20\d\d-\d\d-\d\d\b"), "DATE"),
)
# What each row has, and each command.
_EACH: Final = ("id", "xid", "command_id", "recorded_at", "source")
_OF_EACH: Final = ("command_id", "origin", "insisted")
_FEW: Final = 6
Row = Mapping[str, Any]


class Undone(Exception):  # noqa: N818 - it says that a try was rolled back
    """Nothing of it stays."""


@dataclass
class Deeds:
    """A record, everybody's way into it, and what stood in each row when it was last looked at."""

    owner: Any
    engines: dict[str, AsyncEngine]
    locks: list[str] = field(default_factory=list)
    rows: dict[tuple[str, str], Row] = field(default_factory=dict)
    _changed: str = ""

    async def begin(self) -> None:
        """Look at everything once."""
        found = await self.owner.fetch(
            "SELECT relname FROM pg_class WHERE relnamespace = 'cru'::regnamespace AND relkind IN ('r', 'p')"
            " AND NOT relispartition AND relname <> ALL ($1) AND relname NOT LIKE 'audit%' ORDER BY 1",
            list(_UNTOLD),
        )
        one = "SELECT '{0}' AS name, to_jsonb(t) AS row FROM cru.{0} t WHERE t.xmin::text::bigint >= $1"
        self._changed = " UNION ALL ".join(one.format(row["relname"]) for row in found)
        await self.changed(0)

    async def now(self) -> int:
        """The number of the next transaction."""
        return int(await self.owner.fetchval("SELECT pg_current_xact_id()::text::bigint"))

    async def changed(self, since: int) -> list[str]:
        """Which rows are others since a transaction, and in which columns."""
        told, heard = [], set()
        for found in await self.owner.fetch(self._changed, since):
            name, row = found["name"], json.loads(found["row"])
            key = (name, str([row.get(one) for one in ("id", "referral_id", "name", "code", "key", "at")]))
            before = self.rows.get(key, {})
            self.rows[key] = row
            if name == "change":
                heard.add(row["entity"])
                continue
            words = [
                f"{column}={'#' if isinstance(value, int) and column.endswith('_id') else shown(value)}"
                for column, value in sorted(row.items())
                if column not in _EACH
                and before.get(column) != value
                and (is_said(value) or is_said(before.get(column)))
            ]
            if words:
                told.append(f"{'' if before else 'new '}{name}: {' '.join(words)}")
        return [f"tells of {' '.join(sorted(heard))}"] * bool(heard) + sorted(told)

    async def done(self, login: str, command: do.Command) -> list[str]:
        """Do it for good; what it locked and what it changed."""
        self.locks.clear()
        since = await self.now()
        await do.execute(self.engines[login], command)
        locked = [f"locks {' '.join(self.locks)}"] if self.locks else []
        return locked + await self.changed(since)

    async def answer(self, login: str, command: do.Command) -> str:
        """What is said to somebody who tries it; nothing of it stays."""
        with suppress(Undone):
            return await self._refused(login, command)
        return "done"

    async def _refused(self, login: str, command: do.Command) -> str:
        try:
            async with transaction(self.engines[login]) as connection:
                await run(connection, command)
                await connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
                raise Undone
        except (KeyError, ValueError, UnboundLocalError):
            return "no program sends that"
        except RecordError as error:
            return steady(" | ".join(one for one in (error.sentence, error.next_step, error.field) if one))


def is_said(value: Any) -> bool:
    return value not in (None, "", [], {})


def steady(words: str) -> str:
    """Without what is another at every run."""
    for pattern, instead in _CHANGING:
        words = pattern.sub(instead, words)
    return words


def shown(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, str) and re.fullmatch(r"[\d.]{8,}|[0-9a-f]{20,}|\\x[0-9a-f]+", value):
        return "N"
    words = steady(str(value))
    return repr(words[:80]) if " " in words else words[:80] or "none"


def anew(command: do.Command) -> do.Command:
    """The same asked for once more, by ids of its own where it makes something."""
    if getattr(command, "is_new", True) is False or getattr(command, "version", None) is not None:
        return replace(command, command_id=uuid4())
    made = {one.name: uuid4() for one in fields(command) if one.default_factory is uuid4}
    return replace(command, **made)


def otherwise(command: do.Command, others: Mapping[str, UUID]) -> Iterator[tuple[str, do.Command]]:
    """The same with one thing left out, of another row, of none, or long ago; what was changed of it, first.

    Args:
        command: where it may be done.
        others: of each field an id of another row.
    """
    kinds = get_type_hints(type(command))
    for one in fields(command):
        # No program has another word where only some are known.
        if one.name in _OF_EACH or one.default_factory is uuid4 or get_origin(kinds[one.name]) is Literal:
            continue
        for words, value in _instead_of(getattr(command, one.name), others.get(one.name)):
            yield f"{one.name}{words}", replace(anew(command), **{one.name: value})


def ids_of(command: do.Command) -> dict[str, UUID]:
    """The ids in a command, by field."""
    found = {one.name: getattr(command, one.name) for one in fields(command) if one.name not in _OF_EACH}
    return {name: value for name, value in found.items() if isinstance(value, UUID)}


def _instead_of(value: Any, other: UUID | None) -> Iterator[tuple[str, Any]]:
    """Other values for a field, and what to call them."""
    if value is None or isinstance(value, Enum | bool):
        return
    if is_dataclass(value) and not isinstance(value, type):
        yield from _with_less(value)
    elif isinstance(value, UUID):
        yield " of none", UUID(int=0)
        yield from [(" of another", other)] if other not in (None, value) else []
    elif isinstance(value, date):
        yield " long ago", value - LONG_AGO
    elif isinstance(value, int | float):
        yield " other", value + 7
    elif value:
        yield " left out", "  " if isinstance(value, str) else type(value)()
        if isinstance(value, dict):
            others = {name: next((it for _, it in _instead_of(inner, None)), "x") for name, inner in value.items()}
            yield " other", others


def _with_less(value: Any) -> Iterator[tuple[str, Any]]:
    """A part of a command without anything in it, or one by one without each part of its own."""
    needed = [one.name for one in fields(value) if one.default is MISSING and one.default_factory is MISSING]
    is_words = all(isinstance(getattr(value, name), str) for name in needed)
    if needed and (len(fields(value)) > _FEW or not is_words):
        for one in fields(value):
            for words, inner in _instead_of(getattr(value, one.name), None):
                yield f".{one.name}{words}", replace(value, **{one.name: inner})
    else:
        empty = type(value)(**dict.fromkeys(needed, ""))
        yield from [(" left out", empty)] if value != empty else []


@asynccontextmanager
async def deeds_in(record: Record) -> AsyncIterator[Deeds]:
    """Everything that is needed to do each command of a night."""
    owner = await asyncpg.connect(**record.owner_kwargs)
    engines = {login: connect(record.url(login), answer_within=60) for login in LOGINS}
    engines[OWNER] = connect(record.owner_url, answer_within=60)
    made = Deeds(owner, engines)
    for engine in engines.values():

        @event.listens_for(engine.sync_engine, "before_cursor_execute")
        def _(_c: Any, _k: Any, statement: str, *_: Any) -> None:
            made.locks.extend(found[3] or found[1] for found in _LOCKED.finditer(statement))

    await made.begin()
    yield made
    for engine in engines.values():
        await engine.dispose()
    await owner.close()
