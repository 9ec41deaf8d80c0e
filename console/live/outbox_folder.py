"""What waits for the record, on the disk: sealed, bounded, and each in a file of its own.

``outbox/BOX/FILE``: a box is one run of a console, locked for as long as that lives; whoever signs in next as the
same person to the same record takes over the boxes of those that died. All names are drawn by chance. A file is
sealed with a key of the box's login and record and bound to its own name, so it is read nowhere else and by nobody
else. It comes to its name whole or not at all. Nothing here waits for the screen: it is called in a thread.
"""

import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import fasteners
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES: Final = 32
MOST: Final = 200
"""Acts in a box."""
MOST_BYTES: Final = 4_000_000
"""On the disk, of a box."""
KEPT_DAYS: Final = 31
"""By this computer's clock, until what nobody asked for again is taken away."""
_MAGIC: Final = b"cru1"
_NONCE: Final = 12
_BLOCK: Final = 512
"""Sizes are rounded up, so that they tell little of what was written."""
_ABOUT, _LOCK, _NEW = "about", "lock", ".new"


class FullError(Exception):
    """A box holds as much as it may."""


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose acts a box holds, and for which record.

    Attributes:
        login: who asked.
        record: the number drawn when that record was born.
        exercise: it is a practice, which nobody goes back to.
    """

    login: str
    record: str
    exercise: bool = False


@dataclass(slots=True)
class FoundActs:
    """What there was when somebody signed in.

    Attributes:
        mine: what the same person asked for, of the same record, as it was written; each box in its order.
        unread: how many of those could not be opened; they are gone.
        elsewhere: how many acts of the same person wait for another record.
        colleagues: how many acts of others wait, of those who are not here now.
        sealed: how many acts wait of whom nobody knows, since the key of this computer is another one.
    """

    mine: list[list[dict[str, Any]]] = field(default_factory=list)
    unread: int = 0
    elsewhere: int = 0
    colleagues: int = 0
    sealed: int = 0


class OutboxFolder:
    """The box of one run, and what is found beside it."""

    def __init__(self, root: Path, key: bytes, whose: Whose) -> None:
        """Touch nothing yet.

        Args:
            root: the folder of all boxes; it is made.
            key: of this computer's user, :data:`KEY_BYTES` long.
            whose: of this box.
        """
        self._root, self._key, self._whose = root, key, whose
        self._mine = _derived(key, f"acts\0{whose.login}\0{whose.record}")
        self._box, self._lock = self._drawn()
        self._sizes: dict[str, int] = {}
        self._taken_over: list[tuple[Path, Any]] = []

    def open(self) -> FoundActs:
        """Make the box, and take over those that the same person left for the same record.

        They stay where they are until :meth:`forget_before`, since what was read has to be written here first.

        Raises:
            OSError: the folder cannot be written.
        """
        self._box.mkdir(parents=True, mode=0o700)
        while not self._lock.acquire(blocking=False):
            # Somebody who signs in this moment took the empty box for one that was left.
            self._lock.lockfile.close()
            self._box, self._lock = self._drawn()
            self._box.mkdir(mode=0o700)
        self._write(_ABOUT, _derived(self._key, "about"), asdict(self._whose))
        found = FoundActs()
        for box in sorted(self._root.iterdir()):
            if box != self._box and box.is_dir():
                self._look_into(box, found)
        return found

    def put(self, said: dict[str, Any], name: str = "") -> str:
        """Write an act, or write it anew under its name. It is on the disk when this returns.

        Returns:
            The name of its file.

        Raises:
            FullError: there is no room for it.
            OSError: it cannot be written; what stood under the name before still does.
        """
        if not name and len(self._sizes) >= MOST:
            raise FullError
        name = name or secrets.token_hex(8)
        self._sizes[name] = self._write(name, self._mine, said)
        return name

    def drop(self, name: str) -> None:
        """Take an act away, which was answered or taken back."""
        (self._box / name).unlink(missing_ok=True)
        self._sizes.pop(name, None)

    def forget_before(self) -> None:
        """Take away the boxes that were taken over: what they held stands here now."""
        while self._taken_over:
            _take_away(*self._taken_over.pop())

    def close(self) -> None:
        """Let go of the box; an empty one goes."""
        for _, lock in self._taken_over:
            lock.release()
        self._taken_over = []
        if not self._sizes:
            _take_away(self._box, self._lock)
        elif self._lock.acquired:
            self._lock.release()

    # --- inside ---

    def _drawn(self) -> tuple[Path, Any]:
        box = self._root / secrets.token_hex(8)
        return box, fasteners.InterProcessLock(box / _LOCK)

    def _look_into(self, box: Path, found: FoundActs) -> None:
        lock = fasteners.InterProcessLock(box / _LOCK)
        try:
            if not lock.acquire(blocking=False):
                lock.lockfile.close()
                return  # its console lives
        except OSError:
            return  # somebody else takes it away just now, or it is nobody's of this user
        try:
            is_mine = self._count(box, found)
        except OSError:
            is_mine = False
        if is_mine:
            self._taken_over.append((box, lock))
        elif _is_left_for_good(box):
            _take_away(box, lock)
        else:
            lock.release()

    def _count(self, box: Path, found: FoundActs) -> bool:
        """Count what a box holds, and read it if it is mine. Returns whether it is."""
        names = [file.name for file in _acts_in(box)]
        whose = self._whose_is(box)
        if whose is None:
            found.sealed += len(names)
        elif whose == self._whose:
            said = [one for name in names if (one := _read(box, name, self._mine)) is not None]
            found.unread += len(names) - len(said)
            found.mine.append(sorted(said, key=lambda one: int(one.get("number", 0))))
            return True
        elif whose.exercise:
            (box / _ABOUT).unlink()  # its record is gone
            for name in names:
                (box / name).unlink()
        elif whose.login == self._whose.login:
            found.elsewhere += len(names)
        else:
            found.colleagues += len(names)
        return False

    def _whose_is(self, box: Path) -> Whose | None:
        said = _read(box, _ABOUT, _derived(self._key, "about"))
        try:
            return Whose(**said) if said is not None else None
        except TypeError:
            return None

    def _write(self, name: str, key: bytes, said: dict[str, Any]) -> int:
        text = json.dumps(said, separators=(",", ":")).encode()
        text = text.ljust(-(-len(text) // _BLOCK) * _BLOCK)
        nonce = secrets.token_bytes(_NONCE)
        sealed = _MAGIC + nonce + AESGCM(key).encrypt(nonce, text, _bound_to(self._box, name))
        if sum(self._sizes.values()) - self._sizes.get(name, 0) + len(sealed) > MOST_BYTES:
            raise FullError
        new = self._box / f"{name}{_NEW}"
        # ``O_BINARY`` is Windows' own: without it a byte that looks like the end of a line would become two.
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
        with open(os.open(new, flags, 0o600), "wb") as file:  # noqa: PTH123 - with rights of its own
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._box / name)
        return len(sealed)


def _derived(key: bytes, purpose: str) -> bytes:
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=b"cru outbox\0" + purpose.encode()).derive(key)


def _bound_to(box: Path, name: str) -> bytes:
    return b"\0".join((_MAGIC, box.name.encode(), name.encode()))


def _read(box: Path, name: str, key: bytes) -> dict[str, Any] | None:
    """What a file says; None where it was torn, changed, moved here, or sealed with another key."""
    with suppress(OSError, InvalidTag, ValueError):
        sealed = (box / name).read_bytes()
        start = len(_MAGIC) + _NONCE
        if sealed.startswith(_MAGIC):
            text = AESGCM(key).decrypt(sealed[len(_MAGIC) : start], sealed[start:], _bound_to(box, name))
            said = json.loads(text)
            return said if isinstance(said, dict) else None
    return None


def _acts_in(box: Path) -> Iterator[Path]:
    for file in sorted(box.iterdir()):
        if file.name not in {_ABOUT, _LOCK} and file.suffix != _NEW:
            yield file


def _is_left_for_good(box: Path) -> bool:
    """Whether nothing is in it, or nobody came for it in a month."""
    with suppress(OSError):
        newest = max((file.stat().st_mtime for file in _acts_in(box)), default=0.0)
        return newest < time.time() - KEPT_DAYS * 86400
    return False


def _take_away(box: Path, lock: Any) -> None:  # noqa: ANN401 - fasteners has no types
    # What stays, such as a file that a scanner holds open, is tried again at the next sign-in.
    with suppress(OSError):
        for file in _acts_in(box):
            file.unlink()
    with suppress(OSError):
        for file in box.iterdir():
            if file.name != _LOCK:
                file.unlink()
    with suppress(OSError, RuntimeError):
        lock.release()
    with suppress(OSError):
        (box / _LOCK).unlink()
        box.rmdir()
