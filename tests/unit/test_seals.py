"""When the seal is an alarm; and that a console keeps checkpoints, few, and says when one does not continue."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from console.live import seals
from console.live.seal_seen import SealSeen
from console.live.seals import KeptSeals, SealKeeper
from db.audit.checkpoint import Checkpoint, note_of
from db.audit.signing import SealingKey
from db.audit.tree import Growing, TreePart, leaf_hash
from db.domain.rules import DEFAULTS
from db.domain.seals import Sealed, seal_alarms
from db.errors import Unavailable
from tests.unit.board_records import NOW

KEY = SealingKey.drawn()
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("sealed", "said"),
    [
        (Sealed(None), []),
        (Sealed(None, NOW - 400 * MINUTE), []),
        (Sealed(NOW - 29 * MINUTE), []),
        (Sealed(NOW - 40 * MINUTE), ["nothing was sealed for 40 min"]),
        (Sealed(NOW - 900 * MINUTE, NOW - 29 * MINUTE), []),
        (Sealed(NOW - 900 * MINUTE, NOW - 30 * MINUTE), ["nothing was sealed for 30 min"]),
        (Sealed(None, NOW, NOW - MINUTE), ["the record is not as it was sealed, for 1 min"]),
        (Sealed(None, NOW, NOW - timedelta(days=8)), []),
    ],
)
def test_it_is_an_alarm_when_nothing_is_sealed_and_when_it_does_not_continue(
    sealed: Sealed, said: list[str]
) -> None:
    assert [one.sentence(NOW) for one in seal_alarms(sealed, DEFAULTS) if one.sounds(NOW)] == said
    assert sealed.is_late(NOW, DEFAULTS) is any("nothing" in words for words in said)
    assert ("not sealed yet" in sealed.sentence(NOW)) is (sealed.last_at is None)


class Record:
    """A tree that grows, its checkpoints, and the hashes of its parts."""

    def __init__(self, says: str = "x") -> None:
        self._says, self._size, self._number = says, 0, 0
        self.down = False

    def sealed(self, leaves: int, days: int = 0) -> str:
        self._size, self._number = self._size + leaves, self._number + 1
        at = NOW + self._number * MINUTE + timedelta(days=days)
        made = Checkpoint("cru-audit/../x", self._size, self._grown(0, self._size).root(), self._number, at)
        return note_of(made, KEY.sign(made))

    def _grown(self, first: int, last: int) -> Growing:
        tree = Growing()
        for n in range(first, last):
            tree.add(leaf_hash(f"{self._says} {n}".encode()))
        return tree

    async def sealed_parts(self, wanted: Sequence[TreePart]) -> list[bytes | None]:
        if self.down:
            raise Unavailable("The link is down.")
        spans = [(part.ordinal << part.level, (part.ordinal + 1) << part.level) for part in wanted]
        return [self._grown(*span).root() if span[1] <= self._size else None for span in spans]


def files(folder: Path, pattern: str = "*.txt") -> dict[str, str]:
    """What is kept, by its file."""
    return {str(file.relative_to(folder)): file.read_text("utf-8") for file in folder.rglob(pattern)}


async def seen(keeper: SealKeeper, *notes: str) -> None:
    for note in notes:
        await keeper.see(note)


async def test_what_continues_is_kept_and_says_nothing(tmp_path: Path) -> None:
    record, seal = Record(), SealSeen()
    await seen(SealKeeper(seal, record, tmp_path), *(record.sealed(n) for n in (3, 0, 500, 1)))
    # Another start of the program goes on from the same.
    await seen(SealKeeper(seal, record, tmp_path), record.sealed(40))
    assert seal.known(None).broken_at is None
    # A name in a note is no way of a file.
    assert sorted(files(tmp_path)) == [f"cruauditx/{NOW:%Y-%m-%d}.txt", "cruauditx/newest.txt"]


@pytest.mark.parametrize("other", ["rewritten", "shorter", "as long", "same number"])
async def test_what_does_not_continue_is_said_and_what_was_seen_stays(tmp_path: Path, other: str) -> None:
    record, seal = Record(), SealSeen()
    keeper = SealKeeper(seal, record, tmp_path)
    kept = [record.sealed(n) for n in (3, 40)][-1]
    await seen(keeper, kept)
    again = Record("y" if other != "shorter" else "x")
    notes = [
        again.sealed(n)
        for n in {"rewritten": (3, 50, 1), "shorter": (30,), "as long": (3, 40), "same number": (3, 99)}[other]
    ]
    keeper = SealKeeper(seal, again, tmp_path)
    await seen(keeper, notes[-1])
    broken = seal.known(None).broken_at
    assert broken is not None
    assert kept in files(tmp_path, "before-*.txt").values()
    # It goes on from there, and a new start says it still.
    fresh = SealSeen()
    await seen(SealKeeper(fresh, again, tmp_path), again.sealed(2))
    assert fresh.known(None).broken_at == broken


def test_a_checkpoint_is_told_once_and_stands_there_for_whoever_prints_it() -> None:
    record, seal, told = Record(), SealSeen(), []
    seal.changed.connect(told.append)
    for note in (first := record.sealed(3), first, "what cannot be read", second := record.sealed(1)):
        seal.see(note)
        assert seal.note == note
    assert told == [first, second]


async def test_few_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seals, "DAYS", 4)
    kept = KeptSeals(tmp_path, "cru-audit/x")
    record = Record()
    for day in range(7):
        kept.keep(record.sealed(0, days=day), continues_it=True)
    assert max(files(tmp_path, "[0-9]*.txt")).endswith(f"{NOW + timedelta(days=6):%Y-%m-%d}.txt")
    assert len(files(tmp_path, "[0-9]*.txt")) == 4
    for number in range(9):
        KeptSeals(tmp_path, f"cru-audit/{number}").keep(record.sealed(0), continues_it=True)
    assert len(files(tmp_path, "*/newest.txt")) == 5


async def test_what_cannot_be_asked_now_is_asked_at_the_next_one(tmp_path: Path) -> None:
    record, seal = Record(), SealSeen()
    keeper = SealKeeper(seal, record, tmp_path)
    running = asyncio.create_task(keeper.run())
    seal.see(record.sealed(3))
    seal.see("what cannot be read")
    kept = KeptSeals(tmp_path, "cru-audit/../x")
    record.down = True
    async with asyncio.timeout(10):
        while kept.newest() is None:
            await asyncio.sleep(0.01)
    seal.see(record.sealed(3))
    await asyncio.sleep(0)
    record.down = False
    seal.see(record.sealed(3))
    async with asyncio.timeout(10):
        while (newest := kept.newest()) is None or newest.number < 3:
            await asyncio.sleep(0.01)
    running.cancel()
    assert seal.known(None).broken_at is None
    assert seal.known(NOW).since == NOW
