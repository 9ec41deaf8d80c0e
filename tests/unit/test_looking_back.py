"""The past beyond the mirror: what is read of it, when, and what is said meanwhile."""

import asyncio
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QObject

from console.live.lookback import LookBack
from db.domain.clocks import local_time
from db.errors import Unavailable
from db.lookback import MOST, PastStretch
from tests.unit.board_records import NOW

HOUR = timedelta(hours=1)


def at(hours: float) -> datetime:
    """So many hours before now."""
    return NOW - hours * HOUR


class Past:
    """A record that answers when a test lets it."""

    def __init__(self) -> None:
        self.asked: list[tuple[datetime, datetime]] = []
        self.cut = False
        self.error: Exception | None = None
        self.gate = asyncio.Event()
        self.gate.set()
        self.owner = QObject()
        self.looked = LookBack(self.read, lambda: 24 * HOUR, self.owner)
        self.changes = 0
        self.looked.changed.connect(self._changed)

    def _changed(self) -> None:
        self.changes += 1

    async def read(self, start: datetime, end: datetime) -> PastStretch:
        self.asked.append((start, end))
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return PastStretch(start + HOUR if self.cut else start, end, is_cut=self.cut)

    async def want(self, start: float, end: float) -> list[tuple[datetime, datetime]]:
        """What was asked of the record for it, in the end."""
        before = len(self.asked)
        self.looked.want(at(start), at(end), NOW)
        while self.looked.is_reading:
            await asyncio.sleep(0)
        return self.asked[before:]


@pytest.fixture
def past(qapp: object) -> type[Past]:
    return Past


@pytest.mark.parametrize(
    ("start", "end", "read"),
    [
        # What the mirror has anyway.
        (24, 0, None),
        (5, 2, None),
        # As much again before it, at least six hours and at most two days; nothing that is yet to come.
        (24.1, 23.1, (30.1, 23.1)),
        (48, 24, (72, 24)),
        (30, -5, (60, 0)),
        (200, 100, (248, 100)),
    ],
)
async def test_how_much_is_read(
    past: type[Past], start: float, end: float, read: tuple[float, float] | None
) -> None:
    made = past()
    found = await made.want(start, end)
    assert found == ([] if read is None else [(at(read[0]), at(read[1]))])
    assert made.changes == (0 if read is None else 2)


@pytest.mark.parametrize("cut", [False, True])
async def test_what_was_read_is_not_read_again(past: type[Past], cut: bool) -> None:
    made = past()
    made.cut = cut
    assert len(await made.want(48, 40)) == 1
    # It begins at 56, or at 55 where there was more.
    for start, end, again in ((56, 41, False), (50, 40, False), (57, 41, not cut), (48, 39, True), (30, 28, True)):
        assert bool(await made.want(start, end)) is again, (start, end)
        await made.want(48, 40)


async def test_whoever_goes_on_meanwhile_gets_the_later_stretch(past: type[Past]) -> None:
    made = past()
    made.gate.clear()
    made.looked.want(at(48), at(40), NOW)
    assert (made.looked.words(NOW), made.looked.is_reading) == ("reading…", True)
    await asyncio.sleep(0)
    made.looked.want(at(100), at(90), NOW)
    made.gate.set()
    while made.looked.is_reading:
        await asyncio.sleep(0)
    assert [end for _, end in made.asked] == [at(40), at(90)]
    assert made.looked.past is not None
    assert made.looked.past.end == at(90)
    assert made.looked.words(NOW) == ""


async def test_what_is_wrong_or_not_all_of_it_is_said(past: type[Past]) -> None:
    made = past()
    made.error = Unavailable("The record cannot be reached.")
    await made.want(48, 40)
    assert made.looked.words(NOW) == "the past cannot be read: The record cannot be reached."
    assert made.looked.past is None
    made.error, made.cut = None, True
    await made.want(48, 40)
    assert made.looked.words(NOW) == f"the newest {MOST}, back to {local_time(at(55), NOW)}"


async def test_when_nobody_looks_back_it_is_let_go(past: type[Past]) -> None:
    made = past()
    assert made.looked.words(NOW) == ""
    made.looked.forget()
    assert made.changes == 0
    await made.want(48, 40)
    made.looked.forget()
    assert (made.looked.past, made.changes) == (None, 3)
    made.error = Unavailable("gone")
    await made.want(48, 40)
    made.looked.forget()
    assert made.looked.words(NOW) == ""
    assert made.changes == 5
