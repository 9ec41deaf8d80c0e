"""What is typed and not in the record yet, on the disk: whoever's console ends finds it again at the next sign-in.

Only what the record does not keep itself: an edit of a referral, and a call before its place is known. It stands
in boxes like what waits (:mod:`console.live.outbox_folder`), under a folder of its own.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final
from uuid import UUID

from console.live.outbox_folder import FullError, OutboxFolder
from console.live.taking_up import brought
from console.running.aside import Aside, Overdue
from console.running.tasks import spawn

log = logging.getLogger(__name__)
WRITE_WITHIN: Final = 30.0
"""Seconds after which nothing more is written: what hangs may go on hanging."""
CLOSE_WITHIN: Final = 2.0
"""Seconds for what is due when the desk is left."""
Written = Mapping[str, Any]
"""One draft as it is written: JSON, its referral's id under ``referral``."""


class TypedOnDisk:
    """The disk under what is typed. All its methods are called in the loop of the screen."""

    def __init__(self, folder: OutboxFolder, names: Mapping[UUID, str]) -> None:
        """Write nothing yet.

        Args:
            folder: open.
            names: the files of what was found, by referral.
        """
        self._folder, self._names = folder, dict(names)
        self._due: dict[UUID, Written | None] = {}
        self._disk = Aside("write what is typed")
        self._failed: set[UUID] = set()
        self._working: asyncio.Task[Any] | None = None
        self._is_over = False
        self.before_close: Callable[[], object] = lambda: None
        """Brings here what was typed last, before the desk is left."""

    def keep(self, key: UUID, said: Written) -> None:
        """Bring what is typed about a referral to the disk, in the place of what stood there."""
        self._ask(key, said)

    def drop(self, key: UUID) -> None:
        """The record has it, or nobody wants it."""
        self._ask(key, None)

    def takes(self, key: UUID) -> bool:
        """Whether what is typed about a referral stands here, or will before the desk is left."""
        return not self._is_over and key not in self._failed

    async def close(self) -> None:
        """Write what is due, and let go of the folder."""
        self.before_close()
        if self._working is not None:
            await asyncio.wait({self._working}, timeout=CLOSE_WITHIN)
        self._is_over = True
        try:
            await self._disk.run(self._folder.close, CLOSE_WITHIN)
        except (Overdue, OSError) as error:
            log.warning("what is typed was not closed: %s", type(error).__name__)

    # --- inside ---

    def _ask(self, key: UUID, said: Written | None) -> None:
        if self._is_over:
            return
        self._due[key] = said
        if self._working is None or self._working.done():
            self._working = spawn(self._work(), "write what is typed")

    async def _work(self) -> None:
        while self._due:
            key = next(iter(self._due))
            await self._bring(key, self._due.pop(key))

    async def _bring(self, key: UUID, said: Written | None) -> None:
        name = self._names.get(key, "")
        if said is None and not name:
            return
        work: Callable[[], str | None] = (
            partial(self._folder.drop, name) if said is None else partial(self._folder.put, dict(said), name)
        )
        try:
            written = await self._disk.run(work, WRITE_WITHIN)
        except Overdue:
            # The thread may still be at it, so nothing more is begun.
            self._is_over = True
            self._due.clear()
        except (FullError, OSError) as error:
            # By its type: its words may hold what somebody typed.
            log.warning("what is typed was not written: %s", type(error).__name__)
            self._failed.add(key)
        else:
            self._failed.discard(key)
            if written:
                self._names[key] = written
            else:
                del self._names[key]


def take_typed(folder: OutboxFolder) -> tuple[TypedOnDisk, list[Written]]:
    """Open the folder and take over what the same person's earlier consoles left there. Called in a thread.

    Raises:
        OSError: the folder cannot be written.
    """
    found = {_key(said): said for box in folder.open().mine for said in box}
    names = brought(folder, list(found.values()))
    kept = {key: name for key, name in zip(found, names, strict=True) if key}
    return TypedOnDisk(folder, kept), [said for key, said in found.items() if key]


def _key(said: Written) -> UUID | None:
    try:
        return UUID(said["referral"])
    except (KeyError, ValueError, AttributeError, TypeError):
        return None
