"""Who is offered to be on scene: over a mirror that a test fills, with a clock that a test sets."""

from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from console.live.arrivals import Arrivals, Offer
from console.live.store import Link, LinkState, Store
from db.domain.records import Location, Position
from db.domain.states import AssignmentState, DutyStatus
from db.geo.earth import moved
from tests.unit.board_records import NOW, job, position, reference, referral, van

SCENE = (52.2405, -0.8901)
WHO = referral(location=Location("Abington Street", "NN1 4LP", *SCENE))
VAN = van("CRU2", DutyStatus.AVAILABLE)
JOB = job(WHO.id, VAN.id, AssignmentState.MOBILE, allocated=20, mobile=15)


class Watched:
    """Arrivals, and what they offered and took back."""

    def __init__(self, **rows: list[Any]) -> None:
        self.now = NOW
        self.store = Store(reference(), Link(LinkState.LIVE, NOW))
        self.store.put({"referral": [WHO], "van": [VAN], "assignment": [JOB]} | rows)
        self.arrivals = Arrivals(self.store, cast("Any", SimpleNamespace(now=lambda: self.now)))
        self.offered: list[Offer] = []
        self.withdrawn: list[object] = []
        self.arrivals.offered.connect(self.offered.append)
        self.arrivals.withdrawn.connect(self.withdrawn.append)

    def fix(self, seconds: float, away: float, speed: float = 0.0) -> datetime:
        """So many seconds after now, so many metres from the scene."""
        at = NOW + timedelta(seconds=seconds)
        self.now = max(self.now, at)
        lat, lon = moved(SCENE, away, 0)
        self.store.put({"position": [self.placed(at, lat, lon, speed)]})
        return at

    @staticmethod
    def placed(at: datetime, lat: float, lon: float, speed: float) -> Position:
        return replace(position(VAN.id), fixed_at=at, lat=lat, lon=lon, speed=speed, accuracy=5)

    def pass_on(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.arrivals.tick()


def test_two_slow_fixes_there_are_an_offer_once() -> None:
    made = Watched()
    first = made.fix(0, 60)
    assert made.offered == []
    made.fix(5, 40)
    made.fix(10, 30)
    (offer,) = made.offered
    assert made.arrivals.offers == (offer,)
    assert (offer.assignment_id, offer.van_id, offer.referral_id) == (JOB.id, VAN.id, WHO.id)
    assert (offer.callsign, offer.reference, offer.at) == ("CRU2", WHO.reference, first)
    assert offer.metres == pytest.approx(40, abs=0.5)


@pytest.mark.parametrize(("away", "speed", "arrives"), [(40, 0.0, True), (40, 60.0, False), (900, 0.0, False)])
def test_a_van_that_falls_silent_there_has_arrived_as_time_passes(
    away: float, speed: float, arrives: bool
) -> None:
    made = Watched()
    at = made.fix(0, away, speed)
    for _ in range(5):
        made.pass_on(20)
    assert [offer.at for offer in made.offered] == [at] * arrives


@pytest.mark.parametrize("job_first", [True, False])
def test_a_van_that_stood_there_before_anybody_looked_is_offered_too(job_first: bool) -> None:
    standing = Watched.placed(NOW, *moved(SCENE, 40, 0), 0.0)
    made = Watched(position=[standing], assignment=[JOB] if job_first else [])
    made.store.put({} if job_first else {"assignment": [JOB]})
    for _ in range(5):
        made.pass_on(20)
    assert [offer.at for offer in made.offered] == [NOW]


def test_a_silence_of_hours_says_nothing() -> None:
    made = Watched()
    made.fix(0, 40)
    made.pass_on(3 * 3600)
    assert made.offered == []


def test_an_offer_is_never_earlier_than_the_step_before() -> None:
    late = job(WHO.id, VAN.id, AssignmentState.MOBILE, allocated=20, mobile=-1)
    made = Watched(assignment=[late])
    made.fix(0, 60)
    made.fix(5, 40)
    assert [offer.at for offer in made.offered] == [NOW + timedelta(minutes=1)]


def test_not_yet_is_quiet_for_three_minutes_and_then_asks_of_newer_fixes() -> None:
    made = Watched()
    made.fix(0, 60)
    made.fix(5, 40)
    (offer,) = made.offered
    made.arrivals.not_yet(offer)
    assert made.withdrawn == [JOB.id]
    for seconds in (10, 60, 110, 160):
        made.fix(seconds, 40)
    assert len(made.offered) == 1
    made.fix(190, 40)
    assert [one.at for one in made.offered][1:] == [NOW + timedelta(seconds=10)]


@pytest.mark.parametrize(
    "change",
    [
        {"assignment": [replace(JOB, state=AssignmentState.ON_SCENE)]},
        {"assignment": [replace(JOB, state=AssignmentState.STOOD_DOWN)]},
        {"referral": [replace(WHO, location=Location("Elsewhere", "", 52.4, -0.7))]},
        {"referral": [replace(WHO, location=Location("Elsewhere", ""))]},
    ],
)
def test_an_offer_falls_with_what_it_was_about(change: dict[str, list[Any]]) -> None:
    made = Watched()
    made.fix(0, 60)
    made.fix(5, 40)
    made.store.put(change)
    assert made.withdrawn == [JOB.id]
    assert made.arrivals.offers == ()


def test_a_van_that_drives_on_takes_its_offer_along() -> None:
    made = Watched()
    made.fix(0, 60)
    made.fix(5, 40)
    for seconds in (10, 15, 20):
        made.fix(seconds, 900, 50)
    assert made.withdrawn == [JOB.id]
    assert len(made.offered) == 1


@pytest.mark.parametrize("where", [Location("Somewhere", ""), Location("Abington Street", "NN1 4LP", *SCENE)])
@pytest.mark.parametrize("state", [AssignmentState.MOBILE, AssignmentState.ON_SCENE, AssignmentState.CLEAR])
def test_only_who_is_on_the_way_to_a_place_is_watched(where: Location, state: AssignmentState) -> None:
    made = Watched(referral=[replace(WHO, location=where)], assignment=[replace(JOB, state=state)])
    made.fix(0, 60)
    made.fix(5, 40)
    assert bool(made.offered) is (where.on_map and state is AssignmentState.MOBILE)
