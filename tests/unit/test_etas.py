"""When each van on its way is expected: from where it was seen, by the roads, and anew when its job changes."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import QObject, Signal

from console.live import etas as etas_of
from console.live.etas import Etas
from console.live.store import Link, LinkState, Store
from db.domain.records import Assignment, Location
from db.domain.states import AssignmentState
from tests.unit.board_records import NOW, job, position, reference, referral, van

SCENE = (52.4, -0.7)
WHO = referral(location=Location("Corby", "NN17 1AA", *SCENE))
VAN = van("CRU2")


class Roads(QObject):
    """Ways of so many minutes; what was asked is kept."""

    loaded = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.takes = 12.0
        self.asked: list[tuple[object, object]] = []

    async def minutes(self, scene: object, sources: Sequence[object]) -> Any:
        self.asked.append((scene, list(sources)))
        return [SimpleNamespace(minutes=self.takes)]


class Expected:
    def __init__(self, *jobs: Assignment, seen: float | None = 30) -> None:
        self.store = Store(reference(), Link(LinkState.LIVE, NOW))
        self.store.put({"referral": [WHO], "van": [VAN], "assignment": list(jobs)})
        if seen is not None:
            self.store.put({"position": [position(VAN.id, seen)]})
        self.roads = Roads()
        clock: Any = SimpleNamespace(now=lambda: NOW)
        given: Any = self.roads
        self.etas = Etas(self.store, given, clock)
        self.changes = 0
        self.etas.changed.connect(self._count)

    def _count(self) -> None:
        self.changes += 1

    def work_out(self) -> None:
        asyncio.run(self.etas._work_out())


def going(state: AssignmentState = AssignmentState.MOBILE, **more: Any) -> Assignment:
    return replace(job(WHO.id, VAN.id, state), **more)


@pytest.mark.parametrize(
    ("state", "seen", "takes", "at"),
    [
        # One that is on its way left from where it was seen; one that is not, leaves now at the earliest.
        (AssignmentState.MOBILE, 60, 12, NOW - timedelta(seconds=60) + timedelta(minutes=12)),
        (AssignmentState.ALLOCATED, 60, 12, NOW + timedelta(minutes=12)),
        (AssignmentState.ACKNOWLEDGED, 60, 12, NOW + timedelta(minutes=12)),
        # Never in the past.
        (AssignmentState.MOBILE, 900, 12, NOW),
    ],
)
def test_it_is_expected_from_its_last_fix_by_the_roads(
    qapp: object, state: AssignmentState, seen: float, takes: float, at: datetime
) -> None:
    one = going(state)
    made = Expected(one, seen=seen)
    made.roads.takes = takes
    made.work_out()
    assert made.etas.of(one.id) == at
    assert made.roads.asked == [(SCENE, [(52.3, -0.8)])]
    assert made.etas.of(UUID(int=1)) is None
    made.work_out()
    assert made.changes == 1, "the same again is no news"


@pytest.mark.parametrize("state", [AssignmentState.ON_SCENE, AssignmentState.WITH_PATIENT, AssignmentState.CLEAR])
def test_of_a_van_that_is_there_nothing_is_expected(qapp: object, state: AssignmentState) -> None:
    one = going(state)
    made = Expected(one)
    made.work_out()
    assert (made.etas.of(one.id), made.roads.asked, made.changes) == (None, [], 0)


def test_without_a_place_or_a_fix_on_the_map_nobody_can_say(qapp: object) -> None:
    one = going()
    nowhere = Expected(one)
    nowhere.store.put({"referral": [replace(WHO, version=2, location=Location("somewhere", ""))]})
    unseen = Expected(one, seen=None)
    off = Expected(one, seen=None)
    off.store.put({"position": [replace(position(VAN.id), lat=95.0, lon=0.0, version=2)]})
    for made in (nowhere, unseen):
        made.work_out()
        assert (made.etas.of(one.id), made.roads.asked) == (None, [])
    off.work_out()
    assert (off.etas.of(one.id), off.roads.asked) == (None, [])


def test_what_is_no_longer_expected_goes(qapp: object) -> None:
    one = going()
    made = Expected(one)
    made.work_out()
    made.store.put({"assignment": [replace(one, version=2, state=AssignmentState.ON_SCENE)]})
    made.work_out()
    assert (made.etas.of(one.id), made.changes) == (None, 2)


def test_it_is_worked_out_anew_when_a_job_changes_when_roads_are_there_and_every_ten_seconds(
    qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = going()
    made = Expected(one)
    assert etas_of.AGAIN_AFTER == 10
    told = made.etas._job_changed
    for tells, news in (
        (lambda: made.store.put({"van": [van("CRU9")]}), False),
        (lambda: made.store.put({"assignment": [replace(one, version=2)]}), True),
        (made.roads.loaded.emit, True),
    ):
        told.clear()
        tells()
        assert told.is_set() is news
    monkeypatch.setattr(etas_of, "AGAIN_AFTER", 0.01)
    worked: list[bool] = []

    async def work() -> None:
        worked.append(told.is_set())
        if len(worked) == 3:
            raise asyncio.CancelledError

    monkeypatch.setattr(made.etas, "_work_out", work)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(made.etas._keep_fresh())
    assert worked == [False] * 3, "what changed meanwhile is looked at once more"
