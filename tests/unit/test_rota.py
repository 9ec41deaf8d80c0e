"""The rota by itself: weeks by the clock on the wall, cover by the hour, what is to be put right."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest

from db.domain.records import StaffMember, Van
from db.domain.rota import (
    CoverWanted,
    Duty,
    PlannedRide,
    PlannedShift,
    Ride,
    cover_of,
    gaps,
    hours_of,
    london,
    monday_of,
    same_clock,
    wanted_at,
)
from db.domain.rota_view import BlockState, Week, by_person, by_van, matters, short_name, when_words
from db.domain.states import DutyStatus

SPRING, AUTUMN, PLAIN = date(2027, 3, 22), date(2026, 10, 19), date(2026, 11, 30)
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def person(name: str, *, registered: bool = True, active: bool = True) -> StaffMember:
    return StaffMember(uuid4(), name, "Nurse", "", (), (), registered, active)


def van(callsign: str) -> Van:
    return Van(uuid4(), 1, callsign, "", "Corby", "marked", 5, (), DutyStatus.OFF_DUTY, "", NOW)


ONE, TWO = van("CRU1"), van("CRU2")
ANN, BOB, CY = person("Ann Ash"), person("Bob Birch", registered=False), person("Cy Cedar")
STAFF = {one.id: one for one in (ANN, BOB, CY)}
WANTED = (CoverWanted(1, 7, 2), CoverWanted(1, 19, 1), CoverWanted(3, 7, 0))


def at(day: int, hour: float, monday: date = PLAIN) -> datetime:
    return london(monday + timedelta(days=day)) + timedelta(hours=hour)


def plan(where: Van, start: datetime, hours: float, *crew: StaffMember | PlannedRide) -> PlannedShift:
    rides = tuple(one if isinstance(one, PlannedRide) else PlannedRide(uuid4(), one.id) for one in crew)
    return PlannedShift(uuid4(), 1, where.id, start, start + timedelta(hours=hours), rides)


def week(*plans: PlannedShift, duties: tuple[Duty, ...] = (), now: datetime = NOW) -> Week:
    return Week(PLAIN, now, (TWO, ONE), STAFF, plans, duties, WANTED)


def said(found: Week) -> list[str]:
    return [f"{one.sort} {one.words}" for one in matters(found)]


@pytest.mark.parametrize(("monday", "hours"), [(SPRING, 167), (AUTUMN, 169), (PLAIN, 168)])
def test_a_week_has_the_hours_that_it_has(monday: date, hours: int) -> None:
    assert len(hours_of(monday)) == hours
    assert all(monday_of(hour) == monday for hour in hours_of(monday))


@pytest.mark.parametrize("days", [7, -7, 1, 28])
@pytest.mark.parametrize("monday", [SPRING, AUTUMN, PLAIN])
def test_a_copy_keeps_the_clock_on_the_wall(monday: date, days: int) -> None:
    for hour in (7, 19):
        moved = same_clock(london(monday + timedelta(days=5), time(hour)), days)
        assert moved == london(monday + timedelta(days=5 + days), time(hour))


def test_so_many_are_wanted_until_the_next_row_and_over_the_end_of_the_week() -> None:
    found = [wanted_at(at(*when), WANTED) for when in ((0, 0), (0, 6.9), (0, 7), (0, 19), (2, 6), (2, 7), (6, 23))]
    assert found == [0, 0, 2, 1, 1, 0, 0]
    assert wanted_at(at(0, 7), ()) == 0


def test_a_van_counts_while_somebody_is_in_it_for_the_whole_hour() -> None:
    late = PlannedRide(uuid4(), ANN.id, from_at=at(0, 9.5))
    swap = (PlannedRide(uuid4(), BOB.id, until_at=at(0, 12.25)), PlannedRide(uuid4(), CY.id, from_at=at(0, 12.25)))
    cover = cover_of(PLAIN, [plan(ONE, at(0, 8), 12, late), plan(TWO, at(0, 8), 12, *swap)], WANTED)
    by_hour = {one.hour: one.vans for one in cover}
    assert [by_hour[at(0, hour)] for hour in (7, 8, 9, 10, 12, 19, 20)] == [0, 1, 1, 2, 2, 2, 0]
    # A shift that began counts, planned or not, and no van twice.
    rode = Duty(uuid4(), TWO.id, at(0, 7.5), at(0, 19), at(0, 20))
    both = cover_of(PLAIN, [plan(TWO, at(0, 8), 12, ANN)], WANTED, [rode])
    assert [one.vans for one in both if at(0, 7) <= one.hour <= at(0, 20)] == [0, *[1] * 12, 0]
    off = replace(late, off_at=NOW)
    assert sum(one.vans for one in cover_of(PLAIN, [plan(ONE, at(0, 8), 12, off)], WANTED)) == 0


def test_gaps_are_stretches() -> None:
    cover = cover_of(PLAIN, [plan(ONE, at(0, 7), 12, ANN), plan(ONE, at(1, 7), 24, ANN)], WANTED)
    assert [(one.start, one.end, one.short) for one in gaps(cover)] == [
        (at(0, 7), at(1, 7), 1),
    ]
    none = cover_of(PLAIN, [], (CoverWanted(1, 0, 3), CoverWanted(1, 2, 1), CoverWanted(1, 3, 0)))
    assert [(one.start, one.end, one.short) for one in gaps(none)] == [(at(0, 0), at(0, 3), 3)]


def test_a_lane_says_who_rides_and_how_it_stands() -> None:
    sick = PlannedRide(uuid4(), ANN.id, off_at=NOW, off_reason="sick")
    swap = (PlannedRide(uuid4(), ANN.id, until_at=at(3, 11)), PlannedRide(uuid4(), CY.id, from_at=at(3, 11)))
    found = by_van(
        week(
            plan(ONE, at(0, 7), 12, BOB, ANN),
            plan(ONE, at(1, 19), 12),
            plan(ONE, at(2, 7), 12, sick, BOB),
            plan(ONE, at(3, 7), 12, *swap),
        )
    )
    assert [lane.title for lane in found] == ["CRU1", "CRU2"]
    assert [(block.words, block.standing, block.is_night) for block in found[0].blocks] == [
        ("A. Ash · B. Birch", BlockState.PLANNED, False),
        ("nobody yet", BlockState.NOBODY, True),
        ("sick: find one · B. Birch", BlockState.SHORT, False),
        ("swap 11:00 · A. Ash · C. Cedar", BlockState.PLANNED, False),
    ]


def test_what_was_goes_before_what_was_planned() -> None:
    planned = plan(ONE, at(0, 7), 12, ANN)
    rides = (Ride(ANN.id, at(0, 7.1), at(0, 9), "sick"), Ride(CY.id, at(0, 9)))
    running = Duty(uuid4(), ONE.id, at(0, 7.1), at(0, 19), None, rides)
    lanes = by_van(week(planned, duties=(running,), now=at(0, 10)))
    assert [(one.words, one.standing) for one in lanes[0].blocks] == [("C. Cedar", BlockState.RUNNING)]
    was = replace(running, ended_at=at(0, 18))
    lanes = by_van(week(planned, duties=(was,), now=at(2, 10)))
    assert [one.standing for one in lanes[0].blocks] == [BlockState.WAS]
    people = by_person(week(planned, duties=(was,), now=at(2, 10)))
    assert [(lane.title, [(one.start, one.end) for one in lane.blocks]) for lane in people] == [
        ("A. Ash", [(at(0, 7.1), at(0, 9))]),
        ("B. Birch", []),
        ("C. Cedar", [(at(0, 9), at(0, 18))]),
    ]
    assert by_van(week(planned, now=at(2, 10)))[0].blocks[0].standing is BlockState.MISSED


def test_what_is_to_be_put_right_is_said_with_who_is_free() -> None:
    sick = PlannedRide(uuid4(), ANN.id, off_at=NOW, off_reason="sick")
    found = week(plan(ONE, at(0, 7), 12, sick, BOB), plan(TWO, at(0, 7), 12))
    words = said(found)
    assert "late Mon 30 Nov 07:00 CRU1: A. Ash sick" in words
    assert "late Mon 30 Nov 07:00 CRU2 has nobody" in words
    assert "warn Mon 30 Nov 07:00 CRU1: no registered clinician" in words
    # Not whoever is sick herself, nor whoever rides.
    assert next(one.detail for one in matters(found) if "A. Ash sick" in one.words) == "free and rested: C. Cedar"
    assert [one[:4] for one in words] == sorted([one[:4] for one in words], key=["late", "warn", "good"].index)


def test_rest_is_counted_between_shifts_also_from_the_week_before() -> None:
    before = plan(TWO, at(-1, 19), 9, ANN)
    tired = week(before, plan(ONE, at(0, 7), 12, ANN))
    assert "warn A. Ash: 3 h of rest before Mon 30 Nov 07:00" in said(tired)
    rested = week(before, plan(ONE, at(0, 15), 9, ANN))
    assert not [one for one in said(rested) if "rest before" in one]
    assert "good Rest between all shifts" in said(rested)


def test_what_is_over_is_put_to_nobody() -> None:
    assert "has nobody" not in " ".join(said(week(plan(ONE, at(0, 7), 12), now=at(5, 0))))


@pytest.mark.parametrize(
    ("name", "short"), [("Ann Ash", "A. Ash"), ("Cher", "Cher"), ("Ana de la Cruz", "A. Cruz"), (" ", "")]
)
def test_a_name_is_said_short(name: str, short: str) -> None:
    assert short_name(name) == short


def test_times_are_said_by_the_clock_in_london() -> None:
    summer = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    assert when_words(summer, summer + timedelta(hours=8)) == "Wed 1 Jul 23:30 to 07:30"


def test_nobody_known_is_somebody() -> None:
    gone = PlannedRide(uuid4(), UUID(int=7))
    assert by_van(week(plan(ONE, at(0, 7), 12, gone)))[0].blocks[0].words == "somebody"
