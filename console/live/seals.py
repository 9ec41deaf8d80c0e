"""Keeps the record's checkpoints on this computer, and says so when one comes that does not continue the last.

What lies here is out of reach for whoever owns the record's server: the newest checkpoint, the first of each day,
and what did not continue. It names nobody. Of each record a folder; the oldest of both are taken away.
"""

import asyncio
import shutil
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from console.live.seal_seen import SealSeen
from db.audit.checkpoint import Checkpoint, read_note
from db.audit.tree import TreePart, between, continues
from db.errors import Invalid, RecordError
from db.geo.quick_copy import whole_file

DAYS: Final = 400
"""How many days have a checkpoint here."""
RECORDS: Final = 5
_NEWEST: Final = "newest.txt"
_BROKEN: Final = "does-not-continue.txt"


class ReadsParts(Protocol):
    """What tells the hashes of parts of the sealed tree."""

    async def sealed_parts(self, wanted: Sequence[TreePart]) -> list[bytes | None]:
        """The hash of each; None for one that is not whole. Raises RecordError."""


class KeptSeals:
    """The checkpoints of one record, in a folder."""

    def __init__(self, folder: Path, origin: str) -> None:
        # Not the name of the record: what stands in a note is the record's to say, and no way of a file.
        self._all = folder
        self._folder = folder / "".join(sign for sign in origin if sign.isalnum())[-40:]

    def newest(self) -> Checkpoint | None:
        """What was kept last; None for nothing that can be read."""
        return _read(self._folder / _NEWEST)

    def broken_at(self) -> datetime | None:
        """When something came that did not continue."""
        made = _read(self._folder / _BROKEN)
        return made.at if made is not None else None

    def keep(self, note: str, *, continues_it: bool) -> None:
        """Keep a checkpoint. Raises OSError."""
        made = read_note(note)[0]
        self._folder.mkdir(parents=True, exist_ok=True)
        if not continues_it:
            # The first one: what follows it is told from that on.
            if not (self._folder / _BROKEN).exists():
                _write(self._folder / _BROKEN, note)
            # What was seen before is what shows it.
            (self._folder / _NEWEST).replace(self._folder / f"before-{made.at:%Y-%m-%dT%H%M%S}.txt")
        _write(self._folder / _NEWEST, note)
        day = self._folder / f"{made.at:%Y-%m-%d}.txt"
        if not day.exists():
            _write(day, note)
            self._take_away()

    def _take_away(self) -> None:
        for old in sorted(self._folder.glob("[0-9]*.txt"))[:-DAYS]:
            old.unlink()
        others = [one for one in self._all.iterdir() if one.is_dir()]
        for folder in sorted(others, key=lambda one: one.stat().st_mtime)[:-RECORDS]:
            shutil.rmtree(folder, ignore_errors=True)


def _read(path: Path) -> Checkpoint | None:
    try:
        return read_note(path.read_text("utf-8"))[0]
    except (OSError, ValueError, Invalid):
        return None


def _write(path: Path, note: str) -> None:
    with whole_file(path) as out:
        out.write(note.encode())


class SealKeeper:
    """Compares each checkpoint that comes with the one that was kept, and keeps it."""

    def __init__(self, seal: SealSeen, reads: ReadsParts, folder: Path) -> None:
        self._seal = seal
        self._reads = reads
        self._folder = folder
        self._came = asyncio.Event()
        self._note = ""
        seal.changed.connect(self._take)

    def _take(self, note: str) -> None:
        self._note = note
        self._came.set()

    async def run(self) -> None:
        """Keep what comes until cancelled. What the record cannot answer is asked at the next one."""
        while True:
            await self._came.wait()
            self._came.clear()
            # A disk that is full, or a link that breaks: the next checkpoint is compared with the same one.
            with suppress(RecordError, OSError):
                await self.see(self._note)

    async def see(self, note: str) -> None:
        """Compare and keep one checkpoint. Raises RecordError, or OSError where nothing can be kept."""
        made = read_note(note)[0]
        kept = KeptSeals(self._folder, made.origin)
        before = await asyncio.to_thread(kept.newest)
        if before != made:
            goes_on = before is None or await self._continues(before, made)
            await asyncio.to_thread(kept.keep, note, continues_it=goes_on)
        self._seal.doubt(await asyncio.to_thread(kept.broken_at))

    async def _continues(self, before: Checkpoint, made: Checkpoint) -> bool:
        if made.size < before.size or made.number <= before.number:
            return False
        hashes = await self._reads.sealed_parts(between(before.size, made.size))
        whole = [said for said in hashes if said is not None]
        return continues(before.tree, made.tree, whole)
