"""Arrivals by geofence: found when true, and not made by drift, buffers or bad fixes."""

from datetime import UTC, datetime, timedelta
from itertools import accumulate
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.domain.records import Position
from db.domain.rules import DEFAULTS
from db.geo.earth import metres, moved
from db.geo.geofence import (
    ACCURACY_CAP_M,
    Fence,
    seen,
    waited,
)

SCENE = (52.2405, -0.8901)
START = datetime(2026, 11, 22, 3, 31, tzinfo=UTC)


def fix(
    second: float, away: float, speed: float | None = 0.0, accuracy: float | None = 5.0, late: float = 1
) -> Position:
    at = START + timedelta(seconds=second)
    received = at + timedelta(seconds=late)
    return Position(UUID(int=1), 1, at, received, *moved(SCENE, away, 0), accuracy, speed, None, "osmand")


def run(*fixes: Position, fence: Fence | None = None) -> Fence:
    now = fence or Fence()
    for one in fixes:
        now = seen(now, one, SCENE, one.received_at)
    return now


def at(second: float) -> datetime:
    return START + timedelta(seconds=second)


@pytest.mark.parametrize("fence", [Fence(), Fence(slow_at=at(0)), Fence(last=fix(0, 30, 5))])
def test_time_alone_makes_no_arrival(fence: Fence) -> None:
    assert waited(fence, at(60)) == fence


@pytest.mark.hazard("H-048")
def test_two_slow_fixes_inside_are_an_arrival_at_the_first_of_the_row() -> None:
    fence = run(fix(0, 400, 50), fix(5, 75, 30), fix(10, 40, 8))
    assert fence.arrived_at is None
    assert run(fix(15, 38, 0), fence=fence).arrived_at == at(5)


@pytest.mark.hazard("H-048")
def test_a_van_that_drives_through_has_not_arrived() -> None:
    assert run(*(fix(second, abs(300 - second * 12), 43) for second in range(50))).arrived_at is None


def test_two_fixes_of_the_same_moment_are_one_observation() -> None:
    assert run(fix(0, 30), fix(0.2, 30), fix(0.4, 30)).arrived_at is None
    assert run(fix(0, 30), fix(0.2, 30), fix(3, 30)).arrived_at == at(0)


def test_a_device_that_falls_silent_when_it_stands_has_arrived_after_twenty_seconds() -> None:
    fence = run(fix(0, 30))
    assert waited(fence, at(19)).arrived_at is None
    assert waited(fence, at(20)).arrived_at == at(0)
    assert waited(fence, at(121)).arrived_at is None


def test_silence_after_a_fast_or_unknown_fix_proves_nothing() -> None:
    assert waited(run(fix(0, 30, 40)), at(60)).arrived_at is None
    assert waited(run(fix(0, 30, None)), at(60)).arrived_at is None
    assert waited(run(fix(0, 30, 5), fix(5, 60, 40)), at(60)).arrived_at is None


def test_unknown_speed_is_worked_out_from_the_way_driven() -> None:
    fast = [fix(second, abs(200 - second * 12), None) for second in range(0, 33, 4)]
    assert run(*fast).arrived_at is None
    assert run(fix(0, 40, None), fix(5, 38, None), fix(10, 39, None)).arrived_at == at(0)


def test_accuracy_widens_the_ring_up_to_a_cap_and_a_poor_fix_says_nothing() -> None:
    assert run(fix(0, 100, 0, 25), fix(5, 100, 0, 25)).arrived_at == at(0)
    edge = DEFAULTS.arrives_within + ACCURACY_CAP_M + 5
    assert run(fix(0, edge, 0, 150), fix(5, edge, 0, 150)).arrived_at is None
    assert run(fix(0, 10, 0, 900), fix(5, 10, 0, 900)) == Fence()


def test_stale_late_and_future_fixes_say_nothing() -> None:
    assert run(fix(0, 10, late=121), fix(5, 10, late=121)) == Fence()
    assert seen(Fence(), fix(0, 10), SCENE, at(121)) == Fence()
    assert seen(Fence(), fix(300, 10), SCENE, at(0)) == Fence()
    outside = run(fix(60, 900))
    assert run(fix(10, 10, late=51), fix(20, 10, late=41), fence=outside) == outside


def test_a_row_does_not_reach_across_a_silence() -> None:
    assert run(fix(0, 30, 40), fix(600, 30), fix(605, 30)).arrived_at == at(600)


def test_it_leaves_only_when_two_fixes_in_a_row_are_well_beyond() -> None:
    there = run(fix(0, 30), fix(5, 30))
    assert run(fix(10, 260), fence=there).arrived_at == at(0)
    assert run(fix(10, 260), fix(15, 150), fix(20, 260), fence=there).arrived_at == at(0)
    assert run(fix(10, 240, 0, 45), fix(15, 240, 0, 45), fence=there).arrived_at == at(0)
    gone = run(fix(10, 260, 40), fix(15, 320, 40), fence=there)
    assert gone.arrived_at is None
    assert run(fix(40, 30), fix(45, 30), fence=gone).arrived_at == at(40)


aways = st.floats(0, 1000)
speeds = st.none() | st.floats(0, 120)
accuracies = st.none() | st.floats(0, 3000)
steps = st.lists(st.tuples(st.floats(0.1, 200), aways, speeds, accuracies, st.floats(0, 400)), max_size=30)


def journey(given: list[tuple[float, float, float | None, float | None, float]]) -> list[Position]:
    seconds = accumulate(part[0] for part in given)
    return [fix(second, *part[1:4], late=part[4]) for second, part in zip(seconds, given, strict=True)]


@given(
    st.lists(
        st.tuples(st.floats(0.5, 60), st.floats(0, DEFAULTS.leaves_beyond - 0.01), speeds, accuracies), max_size=40
    )
)
def test_drift_within_the_outer_ring_never_makes_a_departure(
    drift: list[tuple[float, float, float | None, float | None]],
) -> None:
    fence = run(fix(-10, 30), fix(-5, 30))
    assert run(*journey([(*part, 0.5) for part in drift]), fence=fence).arrived_at == at(-10)


@given(steps)
def test_no_arrival_without_a_fresh_fix_near_the_scene(
    given: list[tuple[float, float, float | None, float | None, float]],
) -> None:
    fixes = journey(given)
    fence = Fence()
    for one in fixes:
        fence = seen(fence, one, SCENE, one.received_at)
        near = [
            f.fixed_at
            for f in fixes
            if f.received_at - f.fixed_at <= timedelta(minutes=2)
            and metres((f.lat, f.lon), SCENE) <= DEFAULTS.arrives_within + ACCURACY_CAP_M
        ]
        assert fence.arrived_at is None or fence.arrived_at in near


@given(steps, st.permutations(range(6)))
def test_fixes_that_come_in_late_and_out_of_order_change_nothing(
    given: list[tuple[float, float, float | None, float | None, float]], order: list[int]
) -> None:
    before = run(*journey(given))
    if before.last is None:
        return
    newest = before.last
    after = before
    for place in order:
        buffered = fix(-60 * place, 5)
        after = seen(after, buffered, SCENE, newest.received_at)
    assert after == before


@given(steps)
def test_a_van_that_never_comes_near_never_arrives(
    given: list[tuple[float, float, float | None, float | None, float]],
) -> None:
    far = [(gap, away + 131, *rest) for gap, away, *rest in given]
    fence = run(*journey(far))  # type: ignore[arg-type] # the same shape, farther away
    assert fence.arrived_at is None
    assert waited(fence, at(10_000)).arrived_at is None


@pytest.mark.parametrize(("speed", "arrives"), [(14.9, True), (15.0, False)])
def test_slow_is_below_fifteen_km_an_hour(speed: float, arrives: bool) -> None:
    assert bool(run(fix(0, 30, speed), fix(5, 30, speed)).arrived_at) is arrives


@pytest.mark.parametrize(("step", "arrives"), [(20, True), (22, False)])
def test_an_unknown_speed_is_the_way_driven_in_its_time(step: float, arrives: bool) -> None:
    # Fifteen kilometres an hour are nearly 21 metres in five seconds.
    fixes = [fix(5 * n, 75 - step * n, None) for n in range(4)]
    assert bool(run(*fixes).arrived_at) is arrives


@pytest.mark.parametrize(
    ("away", "accuracy", "inside"),
    [(79, 0, True), (81, 0, False), (129, 50, True), (131, 50, False), (131, 90, False)],
)
def test_the_ring_is_eighty_metres_and_at_most_fifty_of_doubt(away: float, accuracy: float, inside: bool) -> None:
    fixes = [fix(second, away, 0.0, accuracy) for second in (0, 5)]
    assert bool(run(*fixes).arrived_at) is inside


@pytest.mark.parametrize(("seconds", "arrives"), [(2.9, False), (3, True)])
def test_two_observations_lie_three_seconds_apart(seconds: float, arrives: bool) -> None:
    assert bool(run(fix(0, 30), fix(seconds, 30)).arrived_at) is arrives


@pytest.mark.parametrize(("accuracy", "counts"), [(200, True), (201, False)])
def test_a_fix_poorer_than_two_hundred_metres_says_nothing(accuracy: float, counts: bool) -> None:
    assert bool(run(fix(0, 30, 0.0, accuracy), fix(5, 30, 0.0, accuracy)).arrived_at) is counts


@pytest.mark.parametrize(("seconds", "arrives"), [(19, False), (20, True), (130, False)])
def test_silence_counts_from_twenty_seconds_to_two_minutes(seconds: float, arrives: bool) -> None:
    fence = run(fix(0, 30))
    assert bool(waited(fence, at(seconds)).arrived_at) is arrives


@pytest.mark.parametrize(
    ("away", "accuracy", "leaves"), [(199.5, 0, False), (200.5, 0, True), (249.5, 50, False), (250.5, 90, True)]
)
def test_it_leaves_beyond_two_hundred_metres_and_at_most_fifty_of_doubt(
    away: float, accuracy: float, leaves: bool
) -> None:
    gone = (fix(second, away, 40.0, accuracy) for second in (10, 15))
    assert (run(fix(0, 30), fix(5, 30), *gone).arrived_at is None) is leaves


@pytest.mark.parametrize(("away", "inside"), [(129.5, True), (130.5, False)])
def test_doubt_widens_the_ring_by_fifty_metres_and_no_more(away: float, inside: bool) -> None:
    assert bool(run(fix(0, away, 0.0, 60), fix(5, away, 0.0, 60)).arrived_at) is inside


@pytest.mark.parametrize(("ahead", "counts"), [(119, True), (120, True), (121, False)])
def test_a_fix_may_be_dated_ahead_by_as_much_as_clocks_differ(ahead: float, counts: bool) -> None:
    assert (seen(Fence(), fix(ahead, 30), SCENE, at(0)).last is not None) is counts


def test_a_slow_fix_before_a_silence_makes_no_arrival_after_it() -> None:
    assert run(fix(0, 30), fix(600, 30)).arrived_at is None


def test_a_fix_that_was_slow_by_the_way_driven_proves_nothing_by_silence() -> None:
    assert waited(run(fix(0, 30, None), fix(2, 30, None)), at(60)).arrived_at is None
    there = run(fix(0, 30), fix(5, 30))
    assert waited(there, at(60)) == there
