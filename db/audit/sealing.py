"""The sealer: takes what was written, puts it into the tree, and signs how far it came. It holds up nobody.

A run is one transaction, of a login that may seal or of the record's owner. What is committed is taken in the
order in which it was written; what is still being written is taken by a later run. How far the tree is complete is
told by the transactions: who wrote before a checkpoint was begun had a lower number than the sealer, and once none
of those runs, all is in.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from db.audit.checkpoint import ORIGIN, Checkpoint, note_of, read_note
from db.audit.parts import parts_of
from db.audit.signing import SealingKey
from db.audit.tree import Growing, leaf_hash, parts
from db.errors import Conflict, RecordError

EVERY: Final = 60.0
"""Seconds between two runs."""
AT_MOST: Final = 20_000
"""Leaves of one run."""
QUIET: Final = timedelta(minutes=10)
"""How old a checkpoint becomes before another one is made though nothing was written."""
KEPT_LEVEL: Final = 8
"""From this level on parts of the tree are kept; ``cru.sealed_part`` works those below out of the leaves."""
_NOT_AS_SEALED = Conflict(
    "What was sealed is not what stands in the record now; nothing more is sealed.",
    "Find out what was changed: main.py admin verify",
)
_BEGIN = text("SELECT * FROM cru.begin_seal()")
_TAKE = text("SELECT * FROM cru.take_leaves(:most)")
_END = text(
    "SELECT cru.end_seal(:number, :size, :made_at, :note, CAST(:levels AS int[]), CAST(:indexes AS bigint[]),"
    " CAST(:hashes AS bytea[]))"
)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SealedRun:
    """What a run did.

    Attributes:
        note: the checkpoint that was made; empty where there was nothing to say.
        taken: how many leaves.
        more: others wait, that were too many for one run.
    """

    note: str
    taken: int
    more: bool = False


async def seal(connection: AsyncConnection, key: SealingKey, *, most: int = AT_MOST) -> SealedRun:
    """Seal what was written, in a transaction of a sealer's or the owner's, which the caller commits.

    Raises:
        Conflict: another sealer is at work, or what was sealed is not what stands there.
    """
    begun = await _begin(connection)
    last = read_note(begun.note)[0] if begun.note else None
    tree = await _tree(connection, last, begun.size)
    taken = sorted((await connection.execute(_TAKE, {"most": most})).all())
    more = len(taken) == most
    if not taken and last is not None and timedelta(0) <= begun.at - last.at < QUIET:
        return SealedRun("", 0)
    whole = _grow(tree, taken)
    complete = begun.complete_to
    if more:
        # Of what waits nobody knows when it was written.
        complete = last.complete_to if last is not None else None
    number = last.number + 1 if last is not None else 1
    made = Checkpoint(f"{ORIGIN}{begun.epoch}", tree.size, tree.root(), number, begun.at, complete)
    signed = note_of(made, key.sign(made))
    row = {"number": number, "size": tree.size, "made_at": begun.at, "note": signed}
    await connection.execute(_END, row | whole)
    return SealedRun(signed, len(taken), more)


async def _begin(connection: AsyncConnection) -> Any:  # noqa: ANN401 - a row
    """How far it was sealed. One at a time: by a lock that no other login can take and no reader minds."""
    try:
        return (await connection.execute(_BEGIN)).one()
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") == "55P03":
            raise Conflict("Another sealer is at work.", "One is enough.") from error
        raise


async def _tree(connection: AsyncConnection, last: Checkpoint | None, there: int) -> Growing:
    """The tree as it was sealed last. Raises Conflict where the record holds another one, or more leaves."""
    size = last.size if last is not None else 0
    hashes = [said for said in await parts_of(connection, parts(0, size)) if said is not None]
    if len(hashes) != len(parts(0, size)) or there != size:
        raise _NOT_AS_SEALED
    tree = Growing(size, hashes)
    if last is not None and tree.root() != last.root:
        raise _NOT_AS_SEALED
    return tree


def _grow(tree: Growing, taken: Sequence[Any]) -> dict[str, list[Any]]:
    """Put leaves into the tree. The parts that became whole and are kept, as the record takes them."""
    levels, indexes, hashes = list[int](), list[int](), list[bytes]()
    for _, number, xid, shape, op, digest, row_key in taken:
        for part, said in tree.add(leaf_hash(leaf_said(number, xid, shape, op, digest, row_key))):
            if part.level >= KEPT_LEVEL:
                levels.append(part.level)
                indexes.append(part.ordinal)
                hashes.append(said)
    return {"levels": levels, "indexes": indexes, "hashes": hashes}


def leaf_said(number: int, xid: int, shape: int, op: str, digest: bytes, row_key: str) -> bytes:
    """The bytes of a leaf: its columns with blanks between, the key last, since that may hold blanks itself."""
    return f"{number} {xid} {shape} {op} {digest.hex()} {row_key}".encode()


async def keep_sealing(
    opened: Callable[[], AbstractAsyncContextManager[AsyncConnection]],
    key: SealingKey,
    *,
    every: float = EVERY,
    most: int = AT_MOST,
    told: Callable[[SealedRun], None] = lambda _: None,
) -> None:
    """Seal again and again until cancelled; what goes wrong is logged by its kind and tried again.

    Args:
        opened: gives a transaction of a sealer's or the owner's.
        key: signs.
        every: seconds between two runs.
        most: leaves of one run.
        told: hears of each run that made a checkpoint.
    """
    while True:
        run = SealedRun("", 0)
        try:
            async with opened() as connection:
                run = await seal(connection, key, most=most)
        except RecordError as error:
            log.warning("nothing was sealed: %s", error.sentence)
        else:
            if run.note:
                told(run)
        if not run.more:
            await asyncio.sleep(every)
