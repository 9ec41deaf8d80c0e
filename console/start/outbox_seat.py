"""The disk under what somebody asks for: its key, what an earlier console left there, and what is said of it."""

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import fasteners

from console.live.outbox import Outbox
from console.live.outbox_folder import KEY_BYTES, OutboxFolder, Whose
from console.live.session import Session
from console.live.taking_up import TakenUp, take_up
from console.live.typed_on_disk import TypedOnDisk, Written, take_typed
from console.live.when_read import board_first
from console.running import keystore
from console.running.aside import Aside, Overdue
from console.running.tasks import spawn
from db.engine import transaction
from db.errors import RecordError
from db.life import RecordIdentity, identity

T = TypeVar("T")
log = logging.getLogger(__name__)
KEY_NAME: Final = "key of what waits"
KEY_WITHIN: Final = 30.0
"""Seconds for the store of keys, which may ask somebody to unlock it."""
READ_WITHIN: Final = 20.0
"""Seconds for what is on the disk."""
END_WITHIN: Final = 2.0
"""Seconds that who leaves the desk waits for a folder that is just being opened."""
BOARD_FIRST: Final = 3.0
"""Seconds for which the board may keep it waiting; what is asked for meanwhile stands in memory."""
AGAIN_AFTER: Final = 1.0
"""Seconds until the record is asked again which it is, while the link is down."""
NO_STORE: Final = "This computer has no key store, or it is locked"
NO_DISK: Final = "This computer's disk cannot be written"


class OutboxSeat:
    """Opens the outbox beside the board, and closes it with the desk."""

    def __init__(
        self,
        session: Session,
        root: Path,
        say: Callable[[str], object],
        take_typed: Callable[[TypedOnDisk, Sequence[Written]], object] = lambda *_: None,
    ) -> None:
        """Open nothing yet.

        Args:
            session: signed in.
            root: the folder of all boxes of what waits; those of what is typed stand beside it.
            say: tells the person at the desk.
            take_typed: is given the disk under what is typed, and what earlier consoles left there.
        """
        self._session, self._root, self._say, self._take_typed = session, root, say, take_typed
        self._outbox: Outbox | None = None
        self._typed: TypedOnDisk | None = None
        self._said_lost = self._is_reading = self._is_over = False
        self._opening: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Open it, however long the key store takes; until then what waits stands in memory alone."""
        self._session.desk.actions.changed.connect(self._say_lost)
        self._opening = spawn(self._open(), "open what waits")

    async def close(self) -> None:
        """Bring what waits to the disk, before the desk is left."""
        await self._end_opening()
        outbox, self._outbox = self._outbox, None
        typed, self._typed = self._typed, None
        for one in (outbox, typed):
            if one is not None:
                await one.close()

    # --- inside ---

    async def _end_opening(self) -> None:
        self._is_over = True
        if self._opening is None:
            return
        # Folders that are being opened are held by then, and the next who signs in would find them so.
        if not self._is_reading:
            self._opening.cancel()
        await asyncio.wait({self._opening}, timeout=END_WITHIN)

    async def _open(self) -> None:
        actions = self._session.desk.actions
        # Looking for the system's store takes the time in which the board is drawn.
        await board_first(self._session.desk.store, BOARD_FIRST)
        try:
            key = await Aside("the key store").run(partial(_key, self._root), KEY_WITHIN)
            record = await self._identity()
            me = self._session.desk.me
            whose = Whose(me.login, record.record, me.exercise)
            folder = OutboxFolder(self._root, key, whose)
            self._is_reading = True
            taken = await _in_thread("read what waits", take_up, folder)
        except (keystore.NoStoreError, Overdue):
            actions.no_disk = NO_STORE
        except OSError as error:
            log.warning("what waits cannot be kept: %s", type(error).__name__)
            actions.no_disk = NO_DISK
        else:
            if self._is_over:
                folder.close()
                return
            self._take(folder, taken, record.place)
            await self._open_typed(OutboxFolder(self._root.with_name("typed"), key, whose))
        self._say_lost()

    async def _open_typed(self, folder: OutboxFolder) -> None:
        """By itself: what waits goes on where this cannot be read."""
        try:
            typed, found = await _in_thread("read what was typed", take_typed, folder)
        except (Overdue, OSError) as error:
            log.warning("what is typed cannot be kept: %s", type(error).__name__)
        else:
            if self._is_over:
                await typed.close()
                return
            self._typed = typed
            self._take_typed(typed, found)

    async def _identity(self) -> RecordIdentity:
        while True:
            try:
                async with transaction(self._session.engine) as connection:
                    found = await identity(connection)
            except RecordError:
                found = None
            if found is not None:
                return found
            await asyncio.sleep(AGAIN_AFTER)

    def _take(self, folder: OutboxFolder, taken: TakenUp, place: str) -> None:
        actions = self._session.desk.actions
        self._outbox = Outbox(folder, actions.look_again)
        actions.attach(self._outbox, place)
        actions.resume(taken.kept)
        asks = sum(bool(action.question) for action in actions.pending)
        if sentence := words(taken, asks):
            self._say(sentence)

    def _say_lost(self) -> None:
        sentence = self._session.desk.actions.lost_words()
        if sentence and not self._said_lost:
            self._said_lost = True
            self._say(sentence)


async def _in_thread(name: str, read: Callable[[OutboxFolder], T], folder: OutboxFolder) -> T:
    """Open a folder. What comes too late for whoever asked is let go of: it would stay locked."""
    return await Aside(name).run(partial(read, folder), READ_WITHIN, lambda _: folder.close())


def words(taken: TakenUp, asks: int) -> str:
    """What whoever signs in is told of what waits on this computer; of others' acts no more than how many.

    Args:
        taken: what there was.
        asks: how many of their own wait for their word.
    """
    found, on = taken.found, len(taken.kept) - asks
    here, away = "on this computer", found.elsewhere
    parts = {
        f"{_actions(on, 'goes on', 'go on')} from before the console ended.": on,
        f"{_actions(asks, 'waits', 'wait')} for your word: see the status bar.": asks,
        f"{_actions(found.colleagues, 'waits', 'wait')} {here} for a colleague to sign in.": found.colleagues,
        f"{_actions(away, 'waits', 'wait')} {here} for you to sign in to another record.": away,
        f"Only another version of this program can send: {', '.join(taken.unknown)}.": len(taken.unknown),
        f"{_actions(found.unread, 'was', 'were')} damaged {here}, and cannot be sent.": found.unread,
        f"{_actions(found.sealed, 'is', 'are')} sealed {here} with a key that is gone.": found.sealed,
    }
    return " ".join(sentence for sentence, count in parts.items() if count)


def typed_again(count: int) -> str:
    """What whoever signs in is told of what they typed before the console ended."""
    what = "1 referral" if count == 1 else f"{count} referrals"
    return f"{what} typed before the console ended, and not saved: see “{count} not saved”."


def _actions(count: int, one: str, many: str) -> str:
    return f"1 action {one}" if count == 1 else f"{count} actions {many}"


def _key(root: Path) -> bytes:
    """The key of this computer's user, drawn at the first time. Two consoles that begin at once have the same."""
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    with fasteners.InterProcessLock(root / "key.lock"):
        said = keystore.recall(KEY_NAME)
        if said is None:
            said = secrets.token_hex(KEY_BYTES)
            keystore.remember(KEY_NAME, said)
    try:
        key = bytes.fromhex(said)
    except ValueError:
        raise keystore.NoStoreError from None
    if len(key) != KEY_BYTES:
        raise keystore.NoStoreError
    return key
