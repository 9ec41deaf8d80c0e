"""What waits, on the disk: sealed, whole or not at all, bounded, and read by nobody but whose it is."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from console.live import outbox_folder
from console.live.outbox_folder import KEPT_DAYS, KEY_BYTES, FoundActs, FullError, OutboxFolder, Whose

KEY = bytes(range(KEY_BYTES))
SHAH = Whose("a.shah", "epoch-1")
WORDS = "Robin Sample rang from Mill Lane"


def act(number: int, words: str = WORDS) -> dict[str, Any]:
    return {"number": number, "words": words}


OPEN: list[OutboxFolder] = []


def opened(root: Path, whose: Whose = SHAH, key: bytes = KEY) -> tuple[OutboxFolder, FoundActs]:
    folder = OutboxFolder(root, key, whose)
    OPEN.append(folder)
    return folder, folder.open()


def die() -> None:
    """As the system ends a process: its locks are gone, and nothing else is done."""
    for folder in OPEN:
        for lock in (folder._lock, *(lock for _, lock in folder._taken_over)):
            if lock.acquired:
                lock.release()
    OPEN.clear()


@pytest.fixture(autouse=True)
def all_die() -> Iterator[None]:
    yield
    die()


def left(root: Path, *numbers: int, whose: Whose = SHAH, key: bytes = KEY) -> list[Path]:
    """Acts that a console wrote before it was killed: nothing is closed."""
    folder, _ = opened(root, whose, key)
    names = [folder.put(act(number)) for number in numbers]
    die()
    return [folder._box / name for name in names]


def numbers(found: FoundActs) -> list[list[int]]:
    return [[one["number"] for one in box] for box in found.mine]


def files(root: Path) -> list[Path]:
    return [file for file in root.rglob("*") if file.is_file()]


def test_the_next_console_of_the_same_person_has_them_in_order(tmp_path: Path) -> None:
    left(tmp_path, 3, 1, 2, 10)
    folder, found = opened(tmp_path)
    assert numbers(found) == [[1, 2, 3, 10]]
    assert found.mine[0][0]["words"] == WORDS
    folder.forget_before()
    folder.close()
    assert [one for one in tmp_path.iterdir() if one.is_dir()] == []


def test_until_they_stand_in_the_new_box_they_stand_in_the_old_one(tmp_path: Path) -> None:
    left(tmp_path, 1, 2)
    for _ in range(3):
        _, found = opened(tmp_path)
        die()  # killed again before it wrote anything
        assert [one for one in numbers(found) if one] == [[1, 2]]


@pytest.mark.hazard("H-054")
def test_nothing_on_the_disk_tells_anything(tmp_path: Path) -> None:
    left(tmp_path, 1, 2)
    for file in files(tmp_path):
        assert not any(word in str(file.relative_to(tmp_path)) for word in ("shah", "epoch", "Robin", "act"))
        text = file.read_bytes()
        assert not any(word in text for word in (b"Robin", b"Mill", b"shah", b"epoch", b"words"))
    one, other = (file for file in files(tmp_path) if file.stat().st_size > 100 and file.name != "about")
    assert one.stat().st_size == other.stat().st_size
    assert one.read_bytes() != other.read_bytes()


@pytest.mark.skipif(os.name == "nt", reason="Windows has rights of another kind")
def test_nobody_else_on_this_computer_may_look(tmp_path: Path) -> None:
    root = tmp_path / "outbox"
    for file in left(root, 1):
        assert file.stat().st_mode & 0o077 == 0
        assert file.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("whose", "key", "told"),
    [
        (Whose("b.okafor", "epoch-1"), KEY, (0, 0, 2)),
        (Whose("A.SHAH", "epoch-1"), KEY, (0, 0, 2)),
        (Whose("a.shah", "epoch-2"), KEY, (2, 0, 0)),
        (SHAH, bytes(KEY_BYTES), (0, 2, 0)),
    ],
    ids=["another person", "another spelling", "another record", "another key"],
)
@pytest.mark.hazard("H-054")
def test_another_person_or_record_is_told_how_many_and_no_more(
    tmp_path: Path, whose: Whose, key: bytes, told: tuple[int, int, int]
) -> None:
    left(tmp_path, 1, 2)
    folder, found = opened(tmp_path, whose, key)
    assert found.mine == []
    assert (found.elsewhere, found.sealed, found.colleagues) == told
    folder.close()
    assert numbers(opened(tmp_path)[1]) == [[1, 2]]


def test_each_person_and_each_record_has_a_key_of_its_own(tmp_path: Path) -> None:
    """So that what stands in a box is read by nobody else, whatever its label says."""
    whose = (SHAH, Whose("b.okafor", "epoch-1"), Whose("a.shah", "epoch-2"), Whose("a.shahepoch-1", ""))
    keys = {OutboxFolder(tmp_path, KEY, one)._mine for one in whose}
    assert len(keys - {KEY}) == len(whose)
    assert OutboxFolder(tmp_path, bytes(KEY_BYTES), SHAH)._mine not in keys


def test_a_practice_is_over_for_everybody(tmp_path: Path) -> None:
    left(tmp_path, 1, whose=Whose("a.shah", "practice-1", exercise=True))
    _, found = opened(tmp_path)
    assert (found.elsewhere, found.colleagues) == (0, 0)
    assert len(files(tmp_path)) == 2  # of the box that is open


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-40])


def empty(file: Path) -> None:
    file.write_bytes(b"")


def turn(file: Path) -> None:
    text = bytearray(file.read_bytes())
    text[len(text) // 2] ^= 1
    file.write_bytes(text)


def foreign(file: Path) -> None:
    file.write_bytes(b"x" * 600)


def under_another_name(file: Path) -> None:
    file.rename(file.with_name("0" * 16))


def from_another_box(file: Path) -> None:
    other = left(file.parent.parent, 9)[0]
    file.write_bytes(other.read_bytes())


@pytest.mark.parametrize("spoil", [cut, empty, turn, foreign, under_another_name, from_another_box])
def test_what_was_torn_or_changed_costs_itself(tmp_path: Path, spoil: Any) -> None:
    spoil(left(tmp_path, 1, 2, 3)[1])
    folder, found = opened(tmp_path)
    assert [1, 3] in numbers(found)
    assert found.unread == 1
    folder.forget_before()
    assert opened(tmp_path)[1].unread == 0


@pytest.mark.parametrize("spoil", [cut, empty, foreign, Path.unlink])
def test_a_box_of_which_nobody_knows_whose_it_is_is_left_alone(tmp_path: Path, spoil: Any) -> None:
    first = left(tmp_path, 1, 2)[0]
    spoil(first.parent / "about")
    folder, found = opened(tmp_path)
    assert (found.mine, found.sealed) == ([], 2)
    folder.close()
    assert first.exists()


def test_a_write_that_was_not_finished_is_none(tmp_path: Path) -> None:
    written = left(tmp_path, 1)[0]
    written.with_name("f" * 16 + ".new").write_bytes(written.read_bytes()[:30])
    _, found = opened(tmp_path)
    assert (numbers(found), found.unread) == ([[1]], 0)


def test_written_anew_it_stands_once_and_the_last_way(tmp_path: Path) -> None:
    folder, _ = opened(tmp_path)
    name = folder.put(act(1, "first"))
    assert folder.put(act(1, "second"), name) == name
    _, found = opened(tmp_path)
    assert [one["words"] for one in found.mine[0]] == ["second"]


def test_dropped_it_is_gone_also_twice(tmp_path: Path) -> None:
    folder, _ = opened(tmp_path)
    name = folder.put(act(1))
    folder.drop(name)
    folder.drop(name)
    assert opened(tmp_path)[1].mine == [[]]


def test_a_box_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_folder, "MOST", 3)
    folder, _ = opened(tmp_path)
    names = [folder.put(act(number)) for number in range(3)]
    with pytest.raises(FullError):
        folder.put(act(4))
    folder.put(act(0, "anew"), names[0])
    folder.drop(names[1])
    folder.put(act(4))
    assert numbers(opened(tmp_path)[1]) == [[0, 2, 4]]


def test_a_box_has_so_many_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_folder, "MOST_BYTES", 3000)
    folder, _ = opened(tmp_path)
    name = folder.put(act(1, "x" * 900))
    with pytest.raises(FullError):
        folder.put(act(2, "x" * 2500))
    with pytest.raises(FullError):
        folder.put(act(1, "x" * 5000), name)
    folder.put(act(1, "x" * 2000), name)
    _, found = opened(tmp_path)
    assert [len(one["words"]) for one in found.mine[0]] == [2000]
    assert sum(file.stat().st_size for file in files(tmp_path)) < 5000


def test_what_nobody_came_for_in_a_month_goes_and_no_sooner(tmp_path: Path) -> None:
    old, newer = left(tmp_path, 1)[0], left(tmp_path, 2)[0]
    for file, days in ((old, KEPT_DAYS + 1), (newer, KEPT_DAYS - 1)):
        moment = time.time() - days * 86400
        os.utime(file, (moment, moment))
    folder, found = opened(tmp_path, Whose("b.okafor", "epoch-1"))
    assert found.colleagues == 2
    folder.close()
    assert not old.exists()
    assert newer.exists()
    assert numbers(opened(tmp_path)[1]) == [[2]]


HOLDS = """
import sys
from pathlib import Path
from console.live.outbox_folder import OutboxFolder, Whose
folder = OutboxFolder(Path(sys.argv[1]), bytes(range(32)), Whose("a.shah", "epoch-1"))
folder.open()
folder.put({"number": 1})
print("held", flush=True)
sys.stdin.readline()
"""


def test_a_console_that_lives_keeps_its_own(tmp_path: Path) -> None:
    """Locks are between processes, so it takes one."""
    command = [sys.executable, "-c", HOLDS, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        folder, found = opened(tmp_path)
        assert (found.mine, found.colleagues) == ([], 0)
        folder.close()
        other.kill()
        other.wait()
    assert numbers(opened(tmp_path)[1]) == [[1]]
