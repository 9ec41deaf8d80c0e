"""The queue's file: what is in it survives, and what it cannot be used for is said."""

import os
import sqlite3
import stat
from pathlib import Path
from uuid import UUID

import pytest

from db.errors import Invalid
from db.gateway.devices import DeviceBook, RegisteredDevice, digest_of, matches, speaks_for
from db.gateway.journal import FILE, Batch, Journal, QueueEntry, UnsettledBatch

A, B, C = (QueueEntry("fix", name) for name in "abc")
ALARM, OTHER = QueueEntry("alarm", "v"), QueueEntry("alarm", "w")
MARK = UnsettledBatch("fix", 1, 2, "77", "cluster")


def reopened(journal: Journal, folder: Path) -> Journal:
    journal.close()
    return Journal(folder)


def test_the_folder_is_made_and_is_private(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "queue"
    for _ in range(2):
        Journal(folder).close()
    if os.name == "posix":
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Invalid, match="cannot be used") as caught:
        Journal(tmp_path / "file")
    assert caught.value.next_step == "Look at the folder's rights and the disk, then start again."


def test_each_change_is_on_the_disk_before_it_is_answered(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    pragmas = {
        name: journal._db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")
    }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2}
    assert not journal._db.in_transaction
    journal.close()


def test_alarms_come_first_one_by_one_then_fixes_in_order(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    assert journal.head(10) is None
    journal.append([A, ALARM, B, OTHER, C])
    journal = reopened(journal, tmp_path)
    assert journal.count() == 5
    seen = []
    while batch := journal.head(2):
        seen.append(batch)
        assert journal.done(batch) == len(batch.bodies)
    assert seen == [
        Batch("alarm", 2, 2, ("v",)),
        Batch("alarm", 4, 4, ("w",)),
        Batch("fix", 1, 3, ("a", "b")),
        Batch("fix", 5, 5, ("c",)),
    ]
    assert journal.count() == 0
    # A number is not given twice: a mark that was left could mean another fix.
    journal.append([A])
    journal = reopened(journal, tmp_path)
    assert journal.head(1) == Batch("fix", 6, 6, ("a",))
    journal.close()


def test_what_lies_between_the_numbers_of_a_batch_stays_if_it_is_of_another_kind(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.append([A, ALARM, B])
    assert journal.done(UnsettledBatch("fix", 1, 3, "7", "c")) == 2
    assert journal.head(5) == Batch("alarm", 2, 2, ("v",))
    journal.close()


def test_a_mark_stays_until_its_batch_is_settled(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    assert journal.marked() is None
    journal.append([A, B, C])
    journal.mark(UnsettledBatch("fix", 1, 1, "76", "cluster"))
    journal.mark(MARK)
    journal = reopened(journal, tmp_path)
    assert journal.marked() == MARK
    journal.unmark()
    assert journal.marked() is None
    assert journal.count() == 3
    journal.mark(MARK)
    assert journal.done(MARK) == 2
    journal = reopened(journal, tmp_path)
    assert journal.marked() is None
    assert journal.head(5) == Batch("fix", 3, 3, ("c",))
    journal.close()


def test_what_is_put_aside_is_kept_for_a_person(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.append([A, B, ALARM])
    journal.mark(MARK)
    assert journal.reject(Batch("fix", 2, 2, ("b",)), "It is no fix.") == 1
    journal = reopened(journal, tmp_path)
    assert (journal.count(), journal.rejected(), journal.marked()) == (2, 1, None)
    assert journal.head(5) == Batch("alarm", 3, 3, ("v",))
    rows = journal._db.execute("SELECT seq, kind, body, why FROM rejected").fetchall()
    assert rows == [(2, "fix", "b", "It is no fix.")]
    journal.close()


def test_a_change_that_fails_changes_nothing(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    with pytest.raises(sqlite3.Error):
        journal.append([A, QueueEntry("fix", None)])  # type: ignore[arg-type] # that is the point
    assert journal.count() == 0
    journal.append([B])
    journal = reopened(journal, tmp_path)
    assert journal.head(5) == Batch("fix", 2, 2, ("b",)) or journal.head(5) == Batch("fix", 1, 1, ("b",))
    journal.close()


def known(name: str, *, active: bool = True) -> RegisteredDevice:
    return RegisteredDevice(name, UUID(int=3), "Tango 3", digest_of(name), active)


def test_devices_and_alarms_are_kept_for_the_next_start(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    assert (journal.devices(), journal.alarms()) == ([], {})
    journal.save_devices([known("one"), known("two", active=False)])
    journal.save_devices([known("two", active=False), known("three")])
    journal.save_alarm("one", "first")
    journal.save_alarm("one", "second")
    journal.save_alarm("two", "third")
    journal = reopened(journal, tmp_path)
    assert journal.devices() == [known("two", active=False), known("three")]
    assert journal.alarms() == {"one": "second", "two": "third"}
    journal.close()


def test_the_book_of_devices() -> None:
    book = DeviceBook()
    assert not book.known
    assert len(book) == 0
    assert book.find(("one",)) is None
    book.replace([])
    assert book.known
    book.replace([known("one"), known("two")])
    assert len(book) == 2
    assert book.find(("none", "two", "one")) == known("two")
    assert book.find(()) is None


def test_a_token_is_known_by_its_digest() -> None:
    assert speaks_for(known("one"), "one")
    assert not speaks_for(known("one"), "two")
    assert not speaks_for(known("one"), "")
    assert matches(digest_of("hush").upper(), "hush")
    assert not matches("", "hush")
    assert not matches("", "")
    assert not matches(digest_of(""), "")
    assert matches(digest_of("naïve \ud800"), "naïve \ud800")


def test_what_is_accepted_is_waited_for_and_what_is_noted_goes_along(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    said: list[str] = []
    journal._db.set_trace_callback(said.append)

    def waited() -> bool:
        """Whether the last commit was flushed: how SQLite stood when it began."""
        until = said[: max(n for n, line in enumerate(said) if line == "COMMIT")]
        stood = [line.rpartition("=")[2] for line in until if line.startswith("PRAGMA synchronous")]
        said.clear()
        return not stood or stood[-1] == "FULL"

    journal.append([QueueEntry("fix", "{}")])
    assert waited()
    batch = journal.head(1)
    assert batch is not None
    journal.mark(UnsettledBatch("fix", batch.first, batch.last, "7", "x"))
    assert not waited()
    journal.done(batch)
    assert not waited()
    journal.append([QueueEntry("fix", "{}")])
    assert waited()
    assert journal._db.execute("PRAGMA synchronous").fetchone() == (2,)
    journal.close()
