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
    begin_in_week,
    busy_between,
    cover_of,
    gaps,
    hours_of,
    in_week,
    london,
    monday_of,
    same_clock,
    wanted_at,
)
from db.domain.rota_view import BlockState, Week, by_person, by_van, matters, short_name, when_words
from db.domain.rules import Rules
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
    # Beside who rides, and nothing twice.
    nobody = found[0].blocks[1]
    assert nobody.plan is not None
    told = replace(nobody, plan=replace(nobody.plan, published=nobody.plan.version))
    assert [one.stands for one in (*found[0].blocks[:2], told)] == ["planned, not published", "not published", ""]


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


def test_who_rides_when() -> None:
    early = PlannedRide(uuid4(), CY.id, until_at=at(0, 9))
    late = PlannedRide(uuid4(), ANN.id, from_at=at(0, 8))
    shift = plan(ONE, at(0, 7), 12, late, early)
    assert [shift.span(ride) for ride in shift.crew] == [(at(0, 7), at(0, 9)), (at(0, 8), at(0, 19))]
    moments = (6.9, 7, 8, 8.9, 9, 18.9, 19)
    assert [len(shift.riding_at(at(0, hour))) for hour in moments] == [0, 1, 2, 2, 1, 1, 0]
    assert [shift.covers(at(0, hour)) for hour in moments] == [False, True, True, True, True, True, False]


def test_whoever_came_back_is_not_short() -> None:
    off = PlannedRide(uuid4(), ANN.id, off_at=NOW, off_reason="sick")
    other = PlannedRide(uuid4(), CY.id, off_at=NOW)
    shift = plan(ONE, at(0, 7), 12, off, other, ANN)
    assert [ride.staff_id for ride in shift.fell_out] == [CY.id]
    assert [ride.staff_id for ride in shift.crew] == [ANN.id]
    assert by_van(week(shift))[0].blocks[0].words == "off: find one · A. Ash"


def test_a_gap_ends_where_enough_are_there_again() -> None:
    cover = cover_of(PLAIN, [plan(ONE, at(0, 2), 1, ANN)], (CoverWanted(1, 0, 1), CoverWanted(1, 5, 0)))
    assert [(one.start, one.end) for one in gaps(cover)] == [(at(0, 0), at(0, 2)), (at(0, 3), at(0, 5))]


def test_what_touches_a_week_and_what_begins_in_it() -> None:
    over = plan(TWO, at(-1, 19), 12, ANN)
    inside = [plan(ONE, at(0, 0), 7), plan(ONE, at(6, 19), 12)]
    beside = [plan(ONE, at(-1, 12), 12), plan(ONE, at(7, 0), 12)]
    gone = replace(plan(ONE, at(3, 7), 12, CY), cancelled_at=NOW)
    plans = [*reversed(inside), *beside, gone, over]
    assert in_week(plans, PLAIN) == [over, *inside]
    assert begin_in_week(plans, PLAIN) == inside
    assert sum(one.vans for one in cover_of(PLAIN, [gone], WANTED)) == 0


@pytest.mark.parametrize(
    ("first", "last", "busy"),
    [(6, 7, False), (6, 7.1, True), (18.9, 20, True), (19, 20, False), (8, 9, True), (3, 23, True)],
)
def test_who_is_busy(first: float, last: float, busy: bool) -> None:
    shift = plan(ONE, at(0, 7), 12, ANN, PlannedRide(uuid4(), BOB.id, off_at=NOW))
    assert list(busy_between([shift], at(0, first), at(0, last))) == [ANN.id] * busy
    assert list(busy_between([shift], at(0, first), at(0, last), but=shift.id)) == []
    assert list(busy_between([replace(shift, cancelled_at=NOW)], at(0, first), at(0, last))) == []


def duty(where: Van, start: datetime, hours: float, *crew: StaffMember) -> Duty:
    end = start + timedelta(hours=hours)
    return Duty(uuid4(), where.id, start, end, end, tuple(Ride(one.id, start) for one in crew))


def test_a_shift_belongs_to_the_plan_that_it_fills_half_of() -> None:
    planned = plan(ONE, at(0, 7), 12, ANN)
    for began, is_one in (
        (duty(ONE, at(0, 13), 12, CY), True),
        (duty(ONE, at(0, 13.1), 12, CY), False),
        (duty(ONE, at(0, 1), 12, CY), True),
        (duty(ONE, at(0, 0.9), 12, CY), False),
        (duty(ONE, at(0, 18), 2, CY), True),
        (duty(TWO, at(0, 7), 12, CY), False),
    ):
        blocks = [block for lane in by_van(week(planned, duties=(began,), now=at(2, 0))) for block in lane.blocks]
        assert len(blocks) == 2 - is_one
        assert [block.plan for block in blocks if block.duty] == [planned if is_one else None]
        # What nobody filled is put down as that, with who was to ride.
        missed = [(block.words, block.standing) for block in blocks if not block.duty]
        assert missed == [("A. Ash", BlockState.MISSED)] * (not is_one)


def test_what_was_of_another_week_is_not_shown() -> None:
    for start, shown in ((at(-1, 12), 0), (at(-1, 12.1), 1), (at(6, 23.9), 1), (at(7, 0), 0)):
        lanes = by_van(week(duties=(duty(ONE, start, 12),), now=at(9, 0)))
        assert [(one.words, one.shorter) for one in lanes[0].blocks] == [("nobody", "nobody")] * shown


def test_a_shift_that_runs_over_its_end_reaches_to_now() -> None:
    running = Duty(uuid4(), ONE.id, at(0, 7), at(0, 19), None, (Ride(ANN.id, at(0, 7)),))
    ends = [by_van(week(duties=(running,), now=at(0, hour)))[0].blocks[0].end for hour in (18, 20)]
    assert ends == [at(0, 19), at(0, 20)]
    over = replace(running, ended_at=at(0, 18))
    assert by_van(week(duties=(over,), now=at(0, 20)))[0].blocks[0].end == at(0, 18)


def test_all_who_rode_are_named_where_nobody_rode_to_the_end() -> None:
    rides = (
        Ride(ANN.id, at(0, 7), at(0, 9)),
        Ride(CY.id, at(0, 9), at(0, 11)),
        Ride(ANN.id, at(0, 11), at(0, 12)),
    )
    was = Duty(uuid4(), ONE.id, at(0, 7), at(0, 19), at(0, 12), rides)
    block = by_van(week(duties=(was,), now=at(1, 0)))[0].blocks[0]
    assert (block.words, block.shorter) == ("A. Ash · C. Cedar", "Ash · Cedar")


def test_lanes_stand_by_callsign_and_by_name_each_with_its_shifts_by_their_start() -> None:
    ten, gone = van("CRU10"), person("Zoe Zed", active=False)
    aged = person("Abe Yew", active=False)
    staff = {one.id: one for one in (gone, CY, BOB, aged, ANN)}
    plans = (plan(ten, at(2, 7), 12, ANN), plan(TWO, at(0, 7), 12, gone, ANN), plan(TWO, at(-1, 22), 9, CY))
    found = replace(week(*plans), vans=(ten, TWO, ONE), staff=staff)
    assert [lane.title for lane in by_van(found)] == ["CRU1", "CRU2", "CRU10"]
    people = by_person(found)
    assert [lane.title for lane in people] == ["A. Ash", "B. Birch", "C. Cedar", "Z. Zed"]
    assert [(one.start, one.words) for one in people[0].blocks] == [(at(0, 7), "CRU2"), (at(2, 7), "CRU10")]
    nameless = by_person(replace(found, vans=()))
    assert [one.words for one in nameless[0].blocks] == ["a van", "a van"]


@pytest.mark.parametrize(("hour", "is_night"), [(4.9, True), (5, False), (14.9, False), (15, True), (0, True)])
def test_a_shift_of_the_night_starts_from_the_afternoon_on(hour: float, is_night: bool) -> None:
    summer = date(2027, 7, 5)
    shift = plan(ONE, london(summer) + timedelta(hours=hour), 9)
    assert by_van(replace(week(shift), monday=summer))[0].blocks[0].is_night is is_night


def test_the_first_who_joins_later_is_the_swap() -> None:
    first, later = PlannedRide(uuid4(), CY.id, from_at=at(0, 9)), PlannedRide(uuid4(), ANN.id, from_at=at(0, 11))
    shown = by_van(week(plan(ONE, at(0, 7), 12, later, first, BOB)))[0].blocks[0]
    assert (shown.words, shown.shorter) == ("swap 09:00 · B. Birch · C. Cedar · A. Ash", "swap 09:00")
    # Who join together are named by name.
    assert by_van(week(plan(ONE, at(0, 7), 12, CY, BOB, ANN)))[0].blocks[0].words == "A. Ash · B. Birch · C. Cedar"


def test_vans_that_are_missing_are_said_from_now_on_and_with_the_day_where_it_is_another() -> None:
    wanted = (CoverWanted(1, 0, 2), CoverWanted(2, 0, 0), CoverWanted(2, 8, 1), CoverWanted(3, 9, 0))
    found = replace(week(plan(ONE, at(0, 0), 20, ANN), now=at(0, 18)), wanted=wanted)
    assert [one for one in said(found) if "short" in one] == [
        "late Mon 30 Nov 18:00 to 00:00: 2 vans short",
        "late Tue 1 Dec 08:00 to Wed 2 Dec 09:00: 1 van short",
    ]


def test_the_free_are_the_active_the_rested_and_the_registered_first() -> None:
    crowd = [person(f"{name} Elm") for name in ("Dan", "Abe", "Cat", "Bea")]
    helper, old = person("Aaa Elm", registered=False), person("Abc Elm", active=False)
    hurt = PlannedRide(uuid4(), crowd[1].id, off_at=NOW, off_reason="hurt")
    nobody = plan(ONE, at(1, 7), 12)
    found = replace(week(nobody), staff={one.id: one for one in (helper, old, *crowd)})

    def free(*others: PlannedShift) -> str:
        lines = matters(replace(found, plans=(nobody, *others)))
        return next(one.detail for one in lines if "CRU1 has nobody" in one.words)

    assert free() == "free and rested: A. Elm, B. Elm, C. Elm"
    rest = Rules().rest_least / timedelta(hours=1)
    for start, hours, named in (
        (at(1, 7 - rest - 5), 5, "A. Elm, B. Elm, C. Elm"),
        (at(1, 7 - rest - 5), 5.1, "B. Elm, C. Elm, D. Elm"),
        (at(1, 19 + rest), 5, "A. Elm, B. Elm, C. Elm"),
        (at(1, 19 + rest - 0.1), 5, "B. Elm, C. Elm, D. Elm"),
    ):
        assert free(plan(TWO, start, hours, crowd[1])) == f"free and rested: {named}"
    for start, named in ((at(1, 2), "B"), (at(1, 1), "A"), (at(1, 18.9), "B"), (at(1, 19), "A")):
        assert free(plan(TWO, start, 6, hurt)).startswith(f"free and rested: {named}. Elm, ")
    assert free(plan(TWO, at(1, 7), 12, *crowd)) == "free and rested: A. Elm"
    found = replace(found, staff={old.id: old})
    assert free() == "nobody is free and rested"


def test_each_crew_has_what_the_rule_asks() -> None:
    both = replace(week(plan(ONE, at(0, 7), 12, ANN, BOB)), rules=Rules(registered_least=2), wanted=())
    assert [(one.sort, one.words, one.detail) for one in matters(both)] == [
        ("warn", "Mon 30 Nov 07:00 CRU1: 1 registered", "rule: at least 2"),
        ("good", "As many vans as wanted at every hour", ""),
        ("good", "Rest between all shifts", ""),
    ]
    assert "Registered clinician in every crew" in " ".join(said(replace(both, rules=Rules(registered_least=1))))
    none = said(replace(both, rules=Rules(registered_least=0)))
    assert not [one for one in none if "registered" in one.lower()]


def test_somebody_who_is_not_known_is_not_nobody() -> None:
    gone = PlannedRide(uuid4(), UUID(int=7))
    off = replace(gone, off_at=NOW)
    strange = replace(plan(ONE, at(0, 7), 12, gone), van_id=UUID(int=9))
    words = said(replace(week(strange, plan(ONE, at(1, 7), 12, off), plan(TWO, at(2, 7), 12)), wanted=()))
    assert words[:2] == [
        "late Tue 1 Dec 07:00 CRU1: somebody taken off",
        "late Wed 2 Dec 07:00 CRU2 has nobody",
    ]
    assert not [one for one in words if "Mon 30" in one]
    # Where one has nobody, nothing is said to be right.
    assert "good Registered clinician in every crew" not in words
    tired = (replace(gone, id=uuid4()), replace(gone, id=uuid4()))
    near = week(plan(ONE, at(0, 7), 12, tired[0]), plan(ONE, at(0, 20), 4, tired[1]))
    assert "warn Somebody: 60 min of rest before Mon 30 Nov 20:00" in said(near)


def test_rest_is_said_at_its_edges() -> None:
    least = Rules().rest_least
    for rest, is_said in ((least, False), (least - timedelta(minutes=1), True), (timedelta(0), True)):
        first = plan(ONE, at(0, 2), 4, ANN)
        second = plan(TWO, at(0, 6) + rest, 4, ANN)
        assert any("rest before" in one for one in said(week(second, first))) is is_said
    # Two parts of one shift, two at once, and what is over ask for no rest.
    parts = plan(ONE, at(0, 7), 12, PlannedRide(uuid4(), ANN.id, until_at=at(0, 9)))
    parts = replace(parts, rides=(*parts.rides, PlannedRide(uuid4(), ANN.id, from_at=at(0, 12))))
    for quiet in (
        week(parts),
        week(plan(ONE, at(0, 7), 12, ANN), plan(TWO, at(0, 18.9), 12, ANN)),
        week(plan(ONE, at(0, 2), 4, ANN), plan(TWO, at(0, 7), 2, ANN), now=at(0, 9)),
    ):
        assert not [one for one in said(quiet) if "rest before" in one]


def test_a_week_without_shifts_to_come_is_not_called_right() -> None:
    assert said(replace(week(), wanted=())) == []
    assert said(replace(week(plan(ONE, at(0, 7), 12, ANN), now=at(0, 19)), wanted=())) == []
