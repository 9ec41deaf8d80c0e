"""A damaged queue: set aside for a person to look at, and what can still be read of it goes on."""

import contextlib
import logging
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_BESIDE: Final = ("-wal", "-shm")
_MOST_UNREADABLE: Final = 100_000
"""Numbers in a row that cannot be read, after which nothing more is looked for."""
_KEPT: Final = {
    "device": "INSERT INTO device VALUES (?)",
    "alarm": "INSERT OR REPLACE INTO alarm VALUES (?, ?)",
    "rejected": "INSERT OR REPLACE INTO rejected VALUES (?, ?, ?, ?)",
}

log = logging.getLogger(__name__)


def is_damage(error: sqlite3.Error) -> bool:
    """Whether an error means that the file is not what it was, rather than that the disk is full or busy."""
    # The low byte is the kind of error; the rest says more closely what.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED


def is_whole(db: sqlite3.Connection) -> bool:
    """Whether every page of a file can be read and fits the others."""
    try:
        return bool(db.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.DatabaseError:
        return False


def set_aside(file: Path) -> Path:
    """Move a damaged file, with what SQLite keeps beside it, out of the way. Returns where it is now."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    aside = file.with_name(f"{file.stem}.damaged-{stamp}{file.suffix}")
    file.rename(aside)
    # The log beside it holds what was committed and has not been moved into the file.
    for end in _BESIDE:
        with contextlib.suppress(FileNotFoundError):
            file.with_name(file.name + end).rename(aside.with_name(aside.name + end))
    return aside


def carry_over(aside: Path, into: sqlite3.Connection) -> int:
    """Copy what can be read of a damaged file into a new one. Returns how many entries that were."""
    found = 0
    with contextlib.closing(sqlite3.connect(aside, isolation_level=None)) as old:
        old.text_factory = lambda raw: raw.decode("utf-8", "replace")
        into.execute("BEGIN IMMEDIATE")
        for row in _entries(old):
            into.execute("INSERT OR IGNORE INTO entry (seq, kind, body) VALUES (?, ?, ?)", row)
            found += 1
        for table, insert in _KEPT.items():
            with contextlib.suppress(sqlite3.Error):
                into.executemany(insert, old.execute(f"SELECT * FROM {table}").fetchall())  # noqa: S608 - ours
        into.execute("COMMIT")
    log.error("the queue was damaged: it is set aside as %s, and %d entries of it go on", aside.name, found)
    return found


def _entries(old: sqlite3.Connection) -> Iterator[tuple[int, str, str]]:
    """One by one, passing over the numbers whose page cannot be read."""
    # By the table itself: an index has pages of its own, which may be the damaged ones.
    sql = "SELECT seq, kind, body FROM entry NOT INDEXED WHERE seq > ? ORDER BY seq LIMIT 1"
    at, unreadable = 0, 0
    while unreadable < _MOST_UNREADABLE:
        try:
            row = old.execute(sql, (at,)).fetchone()
        except sqlite3.Error:
            row = (at, None, None)
        if row is None:
            return
        if _makes_sense(*row):
            at, unreadable = row[0], 0
            yield row
        else:
            # A damaged page may also give a row that never was, under any number: the next one is looked for.
            at, unreadable = at + 1, unreadable + 1


def _makes_sense(_seq: int, kind: object, body: object) -> bool:
    if not isinstance(body, str):
        return False
    return kind == "alarm" or (kind == "fix" and body.startswith("{") and body.endswith("}"))
