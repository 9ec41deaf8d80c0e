"""When the next waiting crew is free, on the wall: the first of all that wait, or why nothing is told."""

from datetime import timedelta
from typing import Any

import pytest

from console.live.joins import referral_facts
from console.views.wall.free import crews_free, next_free
from db.domain.board import nobody_knows
from db.domain.clocks import wall_time
from db.domain.situation import EtaOf
from db.domain.states import AssignmentState, ReferralState
from db.domain.wall import FreeAt, wall
from tests.bench.test_bench_board import desk_of
from tests.bench.test_bench_timeline import own_past
from tests.unit.board_records import NOW, handover, job, referral, van

THERE = {"allocated": 40, "mobile": 38}


def room(*on_scene: float, past: int = 60) -> Any:
    """A desk with a crew waiting at each, whose van came to the scene so many minutes ago."""
    rows = [referral(number, 50, state=ReferralState.ATTENDING) for number, _ in enumerate(on_scene)]
    vans = [van(f"CRU{number}") for number, _ in enumerate(on_scene)]
    jobs = [
        job(one.id, at.id, AssignmentState.ON_SCENE, on_scene=ago, **THERE)
        for one, at, ago in zip(rows, vans, on_scene, strict=True)
    ]
    desk = desk_of(rows)
    desk.store.put({"van": vans, "assignment": jobs, "handover": [handover(one.id, expected=45) for one in rows]})
    if past:
        desk.foresight.take(own_past(past), NOW)
    return desk


def free(desk: Any, eta_of: EtaOf = nobody_knows) -> FreeAt:
    """What is told of all the referrals of a desk."""
    known = [facts for row in desk.store.referrals() if (facts := referral_facts(desk.store, row.id)) is not None]
    return next_free(desk, known, crews_free(desk, known, eta_of))


def test_where_nobody_waits_that_is_said() -> None:
    assert free(room()) == free(desk_of([referral(1, 5)]))
    assert (free(room()).at, free(room()).words) == (None, "no crew waits")


def test_the_first_of_those_who_wait_is_told_with_how_sure_that_is() -> None:
    longer = free(room(12))
    both = free(room(1, 12))
    assert both == longer
    assert both.at is not None
    assert NOW <= both.at < NOW + timedelta(hours=1)
    assert both.words.startswith("8 in 10 by ")


@pytest.mark.parametrize(("past", "said"), [(0, "by the service's target"), (3, "by the service's target")])
def test_from_too_few_nothing_is_foretold(past: int, said: str) -> None:
    found = free(room(6, past=past))
    assert found.at is not None
    assert found.words == said


def test_a_van_that_is_not_there_yet_is_foreseen_by_its_arrival_or_not_at_all() -> None:
    rows = [referral(1, 30, state=ReferralState.ALLOCATED)]
    vans = [van("CRU1")]
    sent = job(rows[0].id, vans[0].id, AssignmentState.MOBILE, allocated=9, mobile=7)
    desk = desk_of(rows)
    desk.store.put({"van": vans, "assignment": [sent], "handover": [handover(rows[0].id, expected=25)]})
    desk.foresight.take(own_past(60), NOW)
    assert free(desk).words == "not known until a van is there"
    arrives = NOW + timedelta(minutes=8)
    found = free(desk, lambda _: arrives)
    assert found.at is not None
    assert found.at > arrives


def test_beside_each_whom_a_crew_waits_with_stands_when_it_is_free() -> None:
    desk = room(1, 12)
    known = [referral_facts(desk.store, row.id) for row in desk.store.referrals()]
    crews = crews_free(desk, known, nobody_knows)
    found = wall(known, [], desk.store.reference, NOW, nobody_knows, crews=crews)
    times = sorted(wall_time(crew.release.at) for crew in crews.values())
    assert sorted(row.beside for row in found.rows) == [f"EMAS free about {time}" for time in times]
    # Whose van is on its way is told when that is there; whoever waits alone has nobody to be freed.
    coming = wall(known, [], desk.store.reference, NOW, nobody_knows)
    assert {row.beside for row in coming.rows} == {""}
