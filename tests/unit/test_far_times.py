"""Times at the calendar's ends, and numbers that are none: held where they are worked out."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from console.map.marks import VanMark, van_row
from console.timeline.scale import Scale, clock, moment
from db.domain.alarms import referral_alarms, unreadable_alarm, van_alarms
from db.domain.board import Group, board_row, face, place, unreadable_row
from db.domain.clocks import EARLIEST, LATEST, age_in_words, in_words, is_ambiguous, local, local_time, shifted
from db.domain.fleet import VanFacts
from db.domain.holding import predicted_release
from db.domain.records import Location, Position
from db.domain.situation import Facts
from db.domain.states import AssignmentState, HandoverState
from db.geo.earth import metres
from db.geo.geofence import Fence, seen
from tests.unit.board_records import NOW, ago, handover, job, position, reference, referral, shift, van

FAR = (EARLIEST, EARLIEST + timedelta(hours=1), LATEST, LATEST.replace(tzinfo=timezone(-timedelta(hours=5))))


@pytest.mark.parametrize("at", FAR)
def test_a_far_time_has_words(at: datetime) -> None:
    assert local(at).year == at.year
    assert local_time(at, NOW, seconds=True)
    assert clock(at)
    assert moment(at)
    assert not is_ambiguous(at)
    assert in_words(NOW - at)
    assert age_in_words(NOW - at)


@pytest.mark.parametrize("at", FAR)
def test_a_far_time_has_a_row_alarms_and_a_pixel(at: datetime) -> None:
    facts = Facts(referral(times={"received": at}))
    row = board_row(facts, reference())
    assert place(row, NOW)
    assert face(row, NOW).title
    assert referral_alarms(facts, reference())
    assert math.isfinite(Scale(NOW, timedelta(hours=2), 800.0).x(at))


def test_adding_stops_at_the_ends() -> None:
    assert shifted(NOW, timedelta(minutes=5)) == NOW + timedelta(minutes=5)
    assert shifted(LATEST, timedelta(days=1)) == LATEST
    assert shifted(EARLIEST, -timedelta(days=1)) == EARLIEST
    assert shifted(LATEST.replace(tzinfo=None), timedelta(1)).tzinfo is None


def test_a_window_of_time_stops_at_the_ends() -> None:
    first = Scale(EARLIEST, timedelta(hours=2), 100.0)
    assert first.panned(-50).start == EARLIEST
    assert first.zoomed(2, 50).start == EARLIEST
    assert first.showing(EARLIEST, 50).start == EARLIEST
    assert Scale(LATEST, timedelta(hours=2), 100.0).end == LATEST


def test_alarms_and_predictions_of_far_times_stop_at_the_ends() -> None:
    facts = Facts(referral(), handovers=[link := handover(referral().id, HandoverState.STARTED)])
    late = {HandoverState.STARTED: LATEST}
    far = replace(link, times=late)
    assert (
        max(alarm.since for alarm in referral_alarms(Facts(facts.referral, handovers=[far]), reference()))
        == LATEST
    )
    assert predicted_release([far], [], None, NOW).at == LATEST
    on_it = van()
    ends = shift(on_it.id, 0)
    ends = type(ends)(ends.id, 1, on_it.id, (), ago(9), EARLIEST)
    going = job(referral().id, on_it.id, AssignmentState.MOBILE)
    assert (
        min(one.since for one in van_alarms(VanFacts(on_it, ends, going, position=position(on_it.id)))) == EARLIEST
    )


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf, 91.0, 1e308])
def test_what_is_no_place_is_nowhere_near(odd: float) -> None:
    scene = (52.24, -0.9)
    assert metres((odd, -0.9), scene) == math.inf
    assert metres(scene, (52.24, odd if odd != 91.0 else 181.0)) == math.inf
    assert not Location("", lat=odd, lon=0.0).on_map
    assert Location("", lat=odd, lon=0.0).point is None
    fix = Position(van().id, 1, NOW, NOW, odd, -0.9, 5.0, 0.0, None, "device")
    assert not fix.on_map
    assert seen(Fence(), fix, scene, NOW).entered_at is None


def test_the_page_is_given_no_length_that_is_no_number() -> None:
    row = van_row(
        VanMark("id", "CRU1", 52.0, -0.9, datetime(2026, 1, 1, tzinfo=UTC), math.nan, math.inf, -math.inf)
    )
    assert not [value for value in row if isinstance(value, float) and not math.isfinite(value)]


@pytest.mark.hazard("H-051")
def test_a_referral_that_cannot_be_read_stands_first_in_its_group_and_has_an_alarm() -> None:
    bad = referral(7, times={"received": ago(500)})
    row = unreadable_row(bad)
    late = board_row(Facts(referral(8, received=5000)), reference())
    assert place(row, NOW) < place(late, NOW)
    assert place(row, NOW)[0] is Group.OPEN
    assert face(row, NOW).spoken(row.priority).startswith("P1, CRU-0007, this record cannot be shown")
    alarm = unreadable_alarm(bad.id, "CRU-0007", 1, ago(3))
    assert alarm.sounds(NOW)
    assert alarm.sentence(NOW) == "CRU-0007 cannot be read: its alarms are not known"


@pytest.mark.parametrize(
    ("lat", "lon", "there"),
    [
        (52.24, -0.9, True),
        (90.0, 180.0, True),
        (-90.0, -180.0, True),
        (0.0, 0.0, True),
        (90.1, 0.0, False),
        (0.0, -180.1, False),
        (None, -0.9, False),
        (52.24, None, False),
        (None, None, False),
    ],
)
def test_a_place_has_a_point_where_both_degrees_are_known(
    lat: float | None, lon: float | None, there: bool
) -> None:
    where = Location("", lat=lat, lon=lon)
    assert where.point == ((lat, lon) if there else None)
    assert where.on_map is there
