"""Vans drive at speeds a van can drive, and their devices are as honest as devices are."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from uuid import UUID

import pytest

from db.domain.records import Van
from db.domain.states import DutyStatus
from db.exercise.driving import Driver, Leg, leg
from db.geo.earth import Point, bearing, metres
from db.geo.roads.travel import EstimatedTimes

NOW = datetime(2026, 11, 22, 19, 30, tzinfo=UTC)
TIMES = EstimatedTimes()
KETTERING, DAVENTRY = (52.398, -0.728), (52.256, -1.161)
SANE_KMH = 120.0


def a_van(callsign: str = "CRU1") -> Van:
    return Van(UUID(int=1), 1, callsign, "EX01 CRU", "Base", "unmarked", 5, (), DutyStatus.AVAILABLE, "", NOW)


def somewhere(rng: Random) -> Point:
    return rng.uniform(52.0, 52.6), rng.uniform(-1.3, -0.4)


def test_a_leg_takes_as_long_as_the_formula_says_and_ends_there() -> None:
    drive = leg(TIMES, KETTERING, DAVENTRY, NOW)
    assert drive is not None
    assert (drive.arrives - NOW).total_seconds() == pytest.approx(60 * TIMES.minutes(KETTERING, DAVENTRY))
    assert drive.at(NOW)[0] == pytest.approx(KETTERING)
    assert drive.at(drive.arrives)[0] == pytest.approx(DAVENTRY)
    assert drive.at(drive.arrives + timedelta(hours=1))[0] == pytest.approx(DAVENTRY)


def test_nobody_sets_off_to_where_he_is() -> None:
    assert leg(TIMES, KETTERING, KETTERING, NOW) is None


def steps(drive: Leg) -> list[float]:
    """Km/h between places five seconds apart."""
    count = int((drive.arrives - drive.started).total_seconds() // 5)
    places = [drive.at(NOW + timedelta(seconds=5 * number))[0] for number in range(count + 1)]
    return [metres(*pair) * 0.72 for pair in pairwise(places)]


def test_no_van_is_ever_faster_than_a_van() -> None:
    rng = Random(4)
    for _ in range(60):
        drive = leg(TIMES, somewhere(rng), somewhere(rng), NOW)
        assert drive is not None
        fastest = max(steps(drive))
        assert 10 < fastest < SANE_KMH
        said = max(drive.kmh(NOW + timedelta(seconds=second)) for second in range(0, 3600, 5))
        assert said < SANE_KMH


def test_a_van_that_is_sent_elsewhere_turns_where_it_is() -> None:
    driver = Driver(a_van(), KETTERING, TIMES, 1)
    driver.drive_to(DAVENTRY, NOW)
    later = NOW + timedelta(minutes=15)
    before = driver.place(later)
    assert metres(before, KETTERING) > 3000
    arrives = driver.drive_to(KETTERING, later)
    assert driver.place(later) == pytest.approx(before)
    assert driver.place(arrives) == pytest.approx(KETTERING)


def test_asking_again_does_not_start_again() -> None:
    driver = Driver(a_van(), KETTERING, TIMES, 1)
    arrives = driver.drive_to(DAVENTRY, NOW)
    assert driver.drive_to(DAVENTRY, NOW + timedelta(minutes=5)) == arrives


def test_a_fix_is_near_the_truth_and_says_how_it_moves() -> None:
    driver = Driver(a_van(), KETTERING, TIMES, 1)
    driver.drive_to(DAVENTRY, NOW)
    fixes = [fix for at in range(60, 1200, 5) if (fix := driver.fix(NOW + timedelta(seconds=at)))]
    assert len(fixes) > 100
    for fix in fixes:
        assert metres((fix.lat, fix.lon), driver.place(fix.fixed_at)) < 50
        assert 0 < fix.speed < SANE_KMH
        assert fix.heading is not None
        assert 0 <= fix.heading < 360.1
        assert 0 < fix.accuracy < 50
    headings = [fix.heading for fix in fixes if fix.heading is not None]
    mean = bearing(KETTERING, DAVENTRY)
    assert sum(abs(heading - mean) < 60 for heading in headings) > len(headings) * 0.9


def test_a_van_at_rest_has_no_heading() -> None:
    driver = Driver(a_van(), KETTERING, TIMES, 1)
    fix = next(fix for at in range(0, 3600, 60) if (fix := driver.fix(NOW + timedelta(seconds=at))))
    assert fix.speed == 0
    assert fix.heading is None


def test_devices_fall_silent_now_and_then() -> None:
    drivers = [Driver(a_van(f"CRU{number}"), KETTERING, TIMES, 1) for number in range(1, 7)]
    asked = [(driver, NOW + timedelta(minutes=minute)) for driver in drivers for minute in range(0, 1440, 10)]
    silent = sum(driver.silent(at) for driver, at in asked)
    assert 0.02 < silent / len(asked) < 0.09
    assert all(driver.fix(at) is None for driver, at in asked if driver.silent(at))
