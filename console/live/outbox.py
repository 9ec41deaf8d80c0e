"""Brings acts to the disk and away from it, one after the other and never in the way of the screen."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from console.live.asked import may_wait
from console.live.kept_act import KeptAct
from console.live.one_act import QueuedAct, Safety
from console.live.outbox_folder import FullError, OutboxFolder
from console.running.aside import Aside, Overdue
from console.running.tasks import spawn
from db.commands.written import UnknownCommandError

log = logging.getLogger(__name__)
SAID_WITHIN: Final = 2.0
"""Seconds that an act may take to the disk; then it is said to wait all the same, and not to be safe."""
WRITE_WITHIN: Final = 30.0
"""Seconds after which nothing more is written: what hangs may go on hanging."""
SLOW: Final = "This computer's disk does not answer"
FULL: Final = "No more may wait on this computer's disk"
NOT_WRITTEN: Final = "This computer's disk cannot be written"


class Outbox:
    """The disk under a desk's acts. All its methods are called in the loop of the screen."""

    def __init__(self, folder: OutboxFolder, told: Callable[[], object]) -> None:
        """Write nothing yet.

        Args:
            folder: open.
            told: an act came to the disk, or could not.
        """
        self._folder, self._told = folder, told
        self._names: dict[QueuedAct, str] = {}
        self._taken: set[QueuedAct] = set()
        self._due: deque[QueuedAct] = deque()
        self._disk = Aside("write what waits")
        self._working: asyncio.Task[Any] | None = None
        self._at_hand: QueuedAct | None = None
        self._is_over = self._is_slow = False
        self.trouble = ""
        """Why something does not stand on the disk, as the first half of a sentence; empty while all does."""

    def wants(self, act: QueuedAct) -> bool:
        """Whether an act is to stand on the disk."""
        return not self._is_over and may_wait(act.command)

    def holds_up(self, act: QueuedAct) -> bool:
        """Whether an act is not said to wait before it stands on the disk."""
        return self.wants(act) and not self._is_slow

    def take(self, act: QueuedAct) -> None:
        """Bring an act to the disk that is to be said to wait, once."""
        if act not in self._taken:
            self._taken.add(act)
            self.keep(act)

    def keep(self, act: QueuedAct) -> None:
        """Bring an act to the disk, or anew, with what follows it by now."""
        if self.wants(act):
            self._ask(act)

    def drop(self, act: QueuedAct) -> None:
        """Take an act that came to its end from the disk, unless it is left there for the next console."""
        self._taken.discard(act)
        if act in self._names or act is self._at_hand:
            self._ask(act)

    def adopt(self, act: QueuedAct, name: str) -> None:
        """An act stands on the disk already, in a file of this name."""
        act.safety, self._names[act] = Safety.DISK, name
        self._taken.add(act)

    async def close(self) -> None:
        """Write what is due, and let go of the folder."""
        if self._working is not None:
            await asyncio.wait({self._working}, timeout=SAID_WITHIN)
        self._is_over = True
        try:
            await self._disk.run(self._folder.close, SAID_WITHIN)
        except (Overdue, OSError):
            self.trouble = SLOW

    # --- inside ---

    def _ask(self, act: QueuedAct) -> None:
        if self._is_over or act in self._due:
            return
        self._due.append(act)
        if self._working is None or self._working.done():
            self._working = spawn(self._work(), "write what waits")

    async def _work(self) -> None:
        while self._due:
            await self._bring(self._due.popleft())

    async def _bring(self, act: QueuedAct) -> None:
        gone, name = act.has_ended and not act.left_behind, self._names.get(act, "")
        if gone and not name:
            return
        work: Callable[[], Any] = (
            partial(self._folder.drop, name) if gone else partial(self._put, _kept(act), name)
        )
        self._at_hand = act
        late = asyncio.get_running_loop().call_later(SAID_WITHIN, self._say_slow)
        try:
            written = await self._disk.run(work, WRITE_WITHIN)
        except Overdue:
            # The thread may still be at it, so nothing more is begun.
            self._is_over = True
            self._say_slow()
            self._due.clear()
        except FullError:
            self._give_up(act, FULL)
        except UnknownCommandError:
            self._give_up(act, self.trouble)
        except Exception as error:  # noqa: BLE001 - whatever it is, the act is said to wait
            # By its type: its words may hold what somebody typed.
            log.warning("what waits was not written: %s", type(error).__name__)
            self._give_up(act, NOT_WRITTEN)
        else:
            self._brought(act, "" if gone else written)
        finally:
            late.cancel()
            self._is_slow = False

    def _say_slow(self) -> None:
        self._is_slow, self.trouble = True, SLOW
        for act in (self._at_hand, *self._due):
            if act is not None and act.safety is Safety.WANTED:
                act.safety = Safety.MEMORY
        self._told()

    def _put(self, kept: KeptAct, name: str) -> str:
        return self._folder.put(kept.said(), name)

    def _brought(self, act: QueuedAct, name: str) -> None:
        if not name:
            del self._names[act]
            return
        self._names[act] = name
        if act.safety is not Safety.DISK:
            act.safety, self.trouble = Safety.DISK, ""
            self._told()

    def _give_up(self, act: QueuedAct, trouble: str) -> None:
        self.trouble = trouble
        if act.safety is Safety.WANTED:
            act.safety = Safety.MEMORY
        self._told()


def _kept(act: QueuedAct) -> KeptAct:
    return KeptAct(((act.command, act.label), *act.following), act.keys, act.asked, act.number)
