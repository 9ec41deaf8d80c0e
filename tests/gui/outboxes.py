"""A disk under a room's acts, and consoles that end without a word: take ``disks`` by name."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keyring
import pytest

from console.live.actions import Action, Progress
from console.live.one_act import Safety
from console.start.outbox_seat import OutboxSeat
from db.commands import Command
from db.errors import Unavailable
from tests.gui.desks import Room
from tests.keyrings import FileKeyring


class Disked:
    """A room with a disk, and what its desk was told of it."""

    def __init__(self, room: Room, root: Path) -> None:
        self.room, self.root = room, root
        self.actions = room.desk.actions
        self.told: list[str] = []
        self.refused: list[str] = []
        self.actions.refused.connect(lambda action: self.refused.append(f"{action.label}: {action.error}"))
        self.is_dead = False
        self.seat = OutboxSeat(room.session, root, self.told.append)

    def begin(self) -> "Disked":
        """Open the disk, and go on with what is there."""

        async def begun() -> None:
            self.seat.begin()

        self.room.run(begun())
        self.room.until(lambda: self.actions.outbox is not None or self.actions.no_disk)
        return self

    def lose(self) -> None:
        """From now on the record answers nothing."""

        async def lost(_engine: object, _command: Command) -> None:
            raise Unavailable("lost")

        self.actions._execute = lost

    def ask(self, command: Command, label: str, **given: Any) -> Action:
        """Ask for something, and wait until it is said to wait."""

        async def asked() -> Action | None:
            return self.actions.submit(command, label, **given)

        action = self.room.run(asked())
        assert action is not None
        self.room.until(lambda: action.progress is Progress.WAITING)
        return action

    def die(self) -> None:
        """As the system ends the process: nothing more is written, sent or said."""
        outbox = self.actions.outbox
        assert outbox is not None
        self.room.until(lambda: outbox._working is None or outbox._working.done())
        assert all(one.safety is Safety.DISK for one in self.actions.pending)
        outbox._is_over, self.actions.outbox, self.is_dead = True, None, True
        for lock in (outbox._folder._lock, *(lock for _, lock in outbox._folder._taken_over)):
            if lock.acquired:
                lock.release()

        async def stop() -> None:
            self.actions.close()

        self.room.run(stop())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FileKeyring]:
    """A store of keys that works."""
    before = keyring.get_keyring()
    found = FileKeyring(tmp_path / "store")
    keyring.set_keyring(found)
    yield found
    keyring.set_keyring(before)


@pytest.fixture
def disks(store: FileKeyring, tmp_path: Path) -> Iterator[Callable[[Room], Disked]]:
    """Opens a disk under a room; all rooms sit at one computer."""
    made: list[Disked] = []

    def disk(room: Room) -> Disked:
        made.append(Disked(room, tmp_path / "outbox").begin())
        return made[-1]

    yield disk
    for one in made:
        if not one.is_dead:
            one.room.run(one.seat.close())
