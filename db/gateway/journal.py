"""What was accepted and is not in the record yet: an SQLite file in write-ahead mode, flushed with every commit.

A batch is marked with its Postgres transaction's number before that commits. After a crash, or when the link broke
under a commit, the record is asked what became of the number: nothing is lost, and nothing is stored twice.
"""

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal
from uuid import UUID

from db.errors import Invalid
from db.gateway.devices import RegisteredDevice, VanStay
from db.gateway.salvage import carry_over, is_damage, is_whole, set_aside

Kind = Literal["alarm", "fix"]
FILE = "queue.sqlite3"
_LOOK = "Look at the folder's rights and the disk, then start again."
# AUTOINCREMENT, since a number must not come back once its row is gone: batches are marked, and told ones passed
# over, by their numbers.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS entry_kind ON entry (kind, seq);
CREATE TABLE IF NOT EXISTS sending (one INTEGER PRIMARY KEY CHECK (one = 1), first INTEGER NOT NULL,
    last INTEGER NOT NULL, kind TEXT NOT NULL, number TEXT NOT NULL, cluster TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS rejected (seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, body TEXT NOT NULL,
    why TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS device (body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS alarm (device TEXT PRIMARY KEY, body TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """One thing to tell the record: a fix as ``cru.record_fixes`` takes it, or a van's id that raised an alarm."""

    kind: Kind
    body: str


@dataclass(frozen=True, slots=True)
class Batch:
    """The oldest entries of one kind, ``first`` to ``last`` by number."""

    kind: Kind
    first: int
    last: int
    bodies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnsettledBatch:
    """A batch that was being committed: the transaction's number, and the cluster that knows it."""

    kind: Kind
    first: int
    last: int
    number: str
    cluster: str


class Journal:
    """The file. Its methods block for a disk flush: call them from one thread that is not the loop's.

    Once it is open they raise ``sqlite3.Error`` where the disk refuses; nothing is changed then.

    Raises:
        Invalid: the folder or the file cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            (folder / FILE).touch(mode=0o600)
            self._file = folder / FILE
            self._open()
        except OSError as error:
            raise Invalid(f"The queue's folder {folder} cannot be used.", _LOOK) from error
        except sqlite3.OperationalError as error:
            raise Invalid(f"The queue in {folder} is in use or cannot be opened.", _LOOK) from error
        except sqlite3.DatabaseError as error:
            raise Invalid(f"The queue in {folder} is damaged.", "Move the file away, then start again.") from error

    def _open(self) -> None:
        self._connect()
        try:
            self._prepare()
            whole = is_whole(self._db)
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            whole = False
        if not whole:
            self.renew()

    def _connect(self) -> None:
        # Opened in one thread and used in another; and transactions are begun here, not behind our back
        # by the module.
        self._db = sqlite3.connect(self._file, timeout=1, check_same_thread=False, isolation_level=None)
        # A row whose text is damaged must not hold up the others: the record refuses it, and it is put aside.
        self._db.text_factory = lambda raw: raw.decode("utf-8", "replace")

    def renew(self) -> int:
        """Begin a new file with what can be read of a damaged one. Returns how many entries it has."""
        self._db.close()
        aside = set_aside(self._file)
        self._file.touch(mode=0o600)
        self._connect()
        self._prepare()
        return carry_over(aside, self._db)

    def _prepare(self) -> None:
        # Exclusive: a second gateway on the same folder is refused; the lock dies with the process.
        for pragma in ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=FULL"):
            self._db.execute(f"PRAGMA {pragma}").fetchall()
        self._db.executescript(_SCHEMA)

    @contextlib.contextmanager
    def _commit(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
            raise

    @contextlib.contextmanager
    def _note(self) -> Iterator[None]:
        """A commit that is not waited for: it outlives the process, and goes to the disk with the next that is.

        Should the computer itself lose its power meanwhile, a batch is told again, and the record stores it once.
        """
        self._db.execute("PRAGMA synchronous=NORMAL")
        try:
            with self._commit():
                yield
        finally:
            self._db.execute("PRAGMA synchronous=FULL")

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def count(self) -> int:
        """How many entries wait."""
        return int(self._db.execute("SELECT count(*) FROM entry").fetchone()[0])

    def rejected(self) -> int:
        """How many entries the record would not take; they are kept for a person to look at."""
        return int(self._db.execute("SELECT count(*) FROM rejected").fetchone()[0])

    def append(self, entries: Iterable[QueueEntry]) -> None:
        """Store entries in order; they are on the disk when this returns."""
        with self._commit():
            self._db.executemany(
                "INSERT INTO entry (kind, body) VALUES (?, ?)", ((one.kind, one.body) for one in entries)
            )

    def head(self, most: int, told: Mapping[Kind, int] | None = None) -> Batch | None:
        """The next batch: an alarm goes before every fix. None if nothing waits.

        Args:
            most: how many fixes at most.
            told: the last number of each kind that is in the record already, and could not be forgotten.
        """
        after = told or {}
        return self._oldest("alarm", 1, after.get("alarm", 0)) or self._oldest("fix", most, after.get("fix", 0))

    def _oldest(self, kind: Kind, most: int, after: int) -> Batch | None:
        sql = "SELECT seq, body FROM entry WHERE kind = ? AND seq > ? ORDER BY seq LIMIT ?"
        rows = self._db.execute(sql, (kind, after, most)).fetchall()
        return Batch(kind, rows[0][0], rows[-1][0], tuple(body for _, body in rows)) if rows else None

    def mark(self, mark: UnsettledBatch) -> None:
        """Remember that a batch is being committed."""
        values = (mark.first, mark.last, mark.kind, mark.number, mark.cluster)
        with self._note():
            self._db.execute("INSERT OR REPLACE INTO sending VALUES (1, ?, ?, ?, ?, ?)", values)

    def marked(self) -> UnsettledBatch | None:
        """The batch whose end is not known."""
        row = self._db.execute("SELECT kind, first, last, number, cluster FROM sending").fetchone()
        return UnsettledBatch(*row) if row else None

    def unmark(self) -> None:
        """The marked batch was not committed."""
        with self._note():
            self._db.execute("DELETE FROM sending")

    def done(self, batch: Batch | UnsettledBatch, told: int = 0) -> int:
        """Forget a batch that is in the record, and all of its kind before it.

        Args:
            batch: what was told.
            told: the last number of its kind that was known to be in the record already, and was counted then.

        Returns:
            How many there were behind that number.
        """
        with self._note():
            self._db.execute("DELETE FROM sending")
            sql = "DELETE FROM entry WHERE kind = ? AND seq <= ? RETURNING seq"
            return sum(seq > told for (seq,) in self._db.execute(sql, (batch.kind, batch.last)))

    def reject(self, batch: Batch, why: str) -> int:
        """Put aside a batch that the record will never take. Returns how many entries it had."""
        with self._commit():
            self._db.execute("DELETE FROM sending")
            self._db.execute(
                "INSERT OR REPLACE INTO rejected SELECT seq, kind, body, ? FROM entry "
                "WHERE kind = ? AND seq BETWEEN ? AND ?",
                (why, batch.kind, batch.first, batch.last),
            )
            return self._delete(batch)

    def _delete(self, batch: Batch) -> int:
        sql = "DELETE FROM entry WHERE kind = ? AND seq BETWEEN ? AND ?"
        return self._db.execute(sql, (batch.kind, batch.first, batch.last)).rowcount

    def save_devices(self, devices: Sequence[RegisteredDevice]) -> None:
        """Keep the list of devices for a start without the record."""
        bodies = [(_as_text(one),) for one in devices]
        with self._commit():
            self._db.execute("DELETE FROM device")
            self._db.executemany("INSERT INTO device VALUES (?)", bodies)

    def devices(self) -> list[RegisteredDevice]:
        """The list of devices as last kept; empty if there never was one."""
        return [_from_text(body) for (body,) in self._db.execute("SELECT body FROM device")]

    def save_alarm(self, device_id: str, body: str) -> None:
        """Keep what is known of a device's last alarm, so that a restart does not raise it again."""
        with self._commit():
            self._db.execute("INSERT OR REPLACE INTO alarm VALUES (?, ?)", (device_id, body))

    def alarms(self) -> dict[str, str]:
        """Each device's last alarm, as kept."""
        return dict(self._db.execute("SELECT device, body FROM alarm").fetchall())


def _as_text(device: RegisteredDevice) -> str:
    stays = [
        [str(stay.van_id), stay.since.isoformat(), stay.until.isoformat() if stay.until else None]
        for stay in device.stays
    ]
    known = [device.device_id, str(device.van_id), device.callsign, device.digest, device.active]
    return json.dumps([*known, stays])


def _from_text(text: str) -> RegisteredDevice:
    # A gateway of before kept no stays.
    name, van, callsign, digest, active, *stays = json.loads(text)
    kept = (
        VanStay(UUID(of), datetime.fromisoformat(since), datetime.fromisoformat(until) if until else None)
        for of, since, until in (stays[0] if stays else ())
    )
    return RegisteredDevice(name, UUID(van), callsign, digest, active, tuple(kept))
