"""The sealer: takes what was written, puts it into the tree, and signs how far it came. It holds up nobody.

A run is one transaction of the record's owner. What is committed is taken in the order in which it was written;
what is still being written is taken by a later run. How far the tree is complete is told by the transactions: who
wrote before a checkpoint was begun had a lower number than the sealer, and once none of those runs, all is in.
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
_LOCK = text("LOCK TABLE cru.audit_checkpoint IN SHARE ROW EXCLUSIVE MODE NOWAIT")
_LAST = text("SELECT note FROM cru.audit_checkpoint ORDER BY number DESC LIMIT 1")
_NEXT_PLACE = text("SELECT coalesce(max(place) + 1, 0) FROM cru.audit_leaf")
_NOW = text("SELECT cru.clock_now() AS at, cru.record_life() AS life, epoch FROM cru.service WHERE id = 1")
# Its own number is drawn after the clock was read, and how far others are is asked before their leaves are taken.
_OWN = text(
    "SELECT (pg_current_xact_id()::text)::bigint AS xid,"
    " (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint AS oldest"
)
_COMPLETE = text(
    "SELECT made_at FROM cru.audit_checkpoint WHERE life = :life AND xid < :oldest ORDER BY number DESC LIMIT 1"
)
_TAKE = text("""
WITH taken AS (
    DELETE FROM cru.audit_pending
    WHERE id IN (SELECT id FROM cru.audit_pending ORDER BY id LIMIT :most) RETURNING *
)
INSERT INTO cru.audit_leaf (place, id, xid, shape, op, row_key, digest, salt)
SELECT :size + row_number() OVER (ORDER BY id) - 1, id, xid, shape, op, row_key, digest, salt FROM taken
RETURNING place, id, xid, shape, op, digest, row_key
""")
_KEEP = text("INSERT INTO cru.audit_node (level, index, hash) VALUES (:level, :index, :hash)")
_WRITE = text(
    "INSERT INTO cru.audit_checkpoint (number, size, made_at, note, xid, life)"
    " VALUES (:number, :size, :made_at, :note, :xid, :life)"
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
    """Seal what was written, in the owner's transaction, which its caller commits.

    Raises:
        Conflict: another sealer is at work, or what was sealed is not what stands there.
    """
    await _alone(connection)
    note = (await connection.execute(_LAST)).scalar_one_or_none()
    last = read_note(note)[0] if note else None
    tree = await _tree(connection, last)
    now = (await connection.execute(_NOW)).one()
    own = (await connection.execute(_OWN)).one()
    complete = (await connection.execute(_COMPLETE, {"life": now.life, "oldest": own.oldest})).scalar_one_or_none()
    taken = sorted((await connection.execute(_TAKE, {"most": most, "size": tree.size})).all())
    more = len(taken) == most
    if not taken and last is not None and timedelta(0) <= now.at - last.at < QUIET:
        return SealedRun("", 0)
    await _grow(connection, tree, taken)
    if more:
        # Of what waits nobody knows when it was written.
        complete = last.complete_to if last is not None else None
    number = last.number + 1 if last is not None else 1
    made = Checkpoint(f"{ORIGIN}{now.epoch}", tree.size, tree.root(), number, now.at, complete)
    signed = note_of(made, key.sign(made))
    row = {
        "number": number,
        "size": tree.size,
        "made_at": now.at,
        "note": signed,
        "xid": own.xid,
        "life": now.life,
    }
    await connection.execute(_WRITE, row)
    return SealedRun(signed, len(taken), more)


async def _alone(connection: AsyncConnection) -> None:
    """One at a time: by a lock that nobody but the owner can take, and that no reader of checkpoints minds."""
    try:
        await connection.execute(_LOCK)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") == "55P03":
            raise Conflict("Another sealer is at work.", "One is enough.") from error
        raise


async def _tree(connection: AsyncConnection, last: Checkpoint | None) -> Growing:
    """The tree as it was sealed last. Raises Conflict where the record holds another one."""
    size = last.size if last is not None else 0
    hashes = [said for said in await parts_of(connection, parts(0, size)) if said is not None]
    if len(hashes) != len(parts(0, size)) or (await connection.execute(_NEXT_PLACE)).scalar_one() != size:
        raise _NOT_AS_SEALED
    tree = Growing(size, hashes)
    if last is not None and tree.root() != last.root:
        raise _NOT_AS_SEALED
    return tree


async def _grow(connection: AsyncConnection, tree: Growing, taken: Sequence[Any]) -> None:
    kept: list[dict[str, Any]] = []
    for _, number, xid, shape, op, digest, row_key in taken:
        for part, said in tree.add(leaf_hash(leaf_said(number, xid, shape, op, digest, row_key))):
            if part.level >= KEPT_LEVEL:
                kept.append({"level": part.level, "index": part.ordinal, "hash": said})
    if kept:
        await connection.execute(_KEEP, kept)


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
        opened: gives a transaction of the owner's.
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
