"""Every measure, for every cut, is what an independent calculation makes of the events: over random nights.

So is what is drawn beside the figures: demand by hour, ends, wishes, and the vans' day.
"""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest

from db.domain.periods import EVERYTHING, Cut, Period
from db.measures import behind, by_hour, ends, measured, wishes
from db.van_days import van_days
from tests.cluster import LOGINS, Cluster, Record, run
from tests.db.events_counted import MISSING, OF_JOBS, OF_REFERRALS, World, hours_of
from tests.db.events_told import Story, far_off
from tests.db.measuring import reading
from tests.db.psql import Psql, psql_on
from tests.db.worlds import ALL, NIGHTS, at, belongs, compare, expected, fill, world_of

PERIODS = [*NIGHTS.values(), Period(min(p.start for p in NIGHTS.values()), max(p.end for p in NIGHTS.values()))]


@pytest.fixture(scope="module")
def filled(cluster: Cluster, template: str) -> Iterator[Record]:
    """A record with a few nights of everything that may happen."""
    del template
    record = cluster.create_record()
    run(fill(record))
    yield record
    cluster.drop_record(record)


@pytest.fixture
async def nights(filled: Record) -> AsyncIterator[Psql]:
    async with psql_on(filled, tuple(LOGINS)) as psql:
        yield psql


def cuts(psql: Psql, world: World) -> list[Cut]:
    vans = sorted({job.van for story in world.stories for job in story.jobs}, key=str)
    return [
        EVERYTHING,
        *(Cut(priorities=frozenset({code})) for code in ("P1", "P2", "P3")),
        *(Cut(sources=frozenset({code})) for code in ("ems_crew", "hub")),
        *(Cut(areas=frozenset({town})) for town in ("Corby", "Burton Latimer", "")),
        Cut(hours=frozenset({1})),
        Cut(hours=frozenset({22, 23, 0})),
        *(Cut(vans=frozenset({van})) for van in vans[:2]),
        Cut(frozenset({"P1", "P2"}), frozenset({"ems_crew", "police"}), hours=frozenset(range(19, 24))),
    ]


async def test_every_figure_is_what_the_events_make_of_it(nights: Psql) -> None:
    world = await world_of(nights)
    async with reading(nights) as connection:
        for cut in cuts(nights, world):
            found = await measured(connection, ALL, cut, past=0)
            assert {one.key for one in found.measures} == {
                *OF_REFERRALS,
                *OF_JOBS,
                "utilisation",
                "entered_in_error",
            }
            for measure in found.measures:
                wanted = expected(measure, world, ALL, cut)
                compare(found.figures[measure.key], wanted, f"{measure.key}, {cut}")


@pytest.mark.parametrize("night", NIGHTS)
async def test_a_night_and_the_same_hours_of_past_weeks(nights: Psql, night: str) -> None:
    world, period = await world_of(nights), NIGHTS[night]
    async with reading(nights) as connection:
        found = await measured(connection, period, past=3)
    for measure in found.measures:
        figure = found.figures[measure.key]
        compare(figure, expected(measure, world, period, EVERYTHING), f"{measure.key}, {night}")
        for past in figure.past:
            wanted = expected(measure, world, past.period, EVERYTHING)
            assert (past.n, past.missing) == (wanted.n, wanted.missing), measure.key


@pytest.mark.hazard("H-085")
async def test_behind_each_figure_stand_those_that_make_it(nights: Psql) -> None:
    world, cut = await world_of(nights), Cut(priorities=frozenset({"P1", "P3"}))
    by_id = {story.row["id"]: story for story in world.stories}
    async with reading(nights) as connection:
        found = await measured(connection, ALL, cut, past=0)
        for key, figure in found.figures.items():
            those = await behind(connection, key, ALL, cut)
            known = [one for one in those if not one.missing]
            assert {one.group for one in those} <= {"P1", "P3"}
            assert all(one.reference == by_id[one.referral_id].row["reference"] for one in those)
            assert sum(one.missing for one in those) == figure.missing, key
            if key in OF_REFERRALS:
                assert sum(one.of for one in known) == figure.n or figure.unit == "count", key
                values = [OF_REFERRALS[key](by_id[one.referral_id], world) for one in those]
                assert [one.value for one in those] == [
                    None if value == MISSING else pytest.approx(value[0] if isinstance(value, tuple) else value)
                    for value in values
                ], key


async def test_what_was_worked_out_bit_by_bit_is_what_all_of_it_comes_to(nights: Psql) -> None:
    async def facts() -> list[str]:
        await nights.owner.execute("SELECT cru.settle_measures()")
        sql = "SELECT (to_jsonb(f) - 'settled_at')::text AS row FROM cru.{} f ORDER BY 1"
        found = [await nights.owner.fetch(sql.format(name)) for name in ("referral_fact", "job_fact")]
        return [row["row"] for rows in found for row in rows]

    bit_by_bit = await facts()
    await nights.owner.execute("SELECT cru.measure_anew()")
    assert bit_by_bit == await facts()


async def test_the_nights_hold_all_that_makes_a_measure_hard(nights: Psql) -> None:
    world = await world_of(nights)
    told = world.stories
    assert [story for story in told if story.in_error]
    assert [story for story in told if story.last("reopened")]
    assert [story for story in told if len({job.van for job in story.jobs}) > 1 and story.met]
    assert [story for story in told if story.amended]
    assert await nights.owner.fetchval("SELECT count(*) FROM cru.assignment WHERE taken_back_at IS NOT NULL")
    assert await nights.owner.fetchval("SELECT count(*) FROM cru.handover WHERE taken_back_at IS NOT NULL")
    values = [OF_REFERRALS[key](story, world) for key in ("response", "handover") for story in told]
    assert MISSING in values
    twice = Period(at("2026-10-25T00:30"), at("2026-10-25T02:30"))
    assert [story for story in told if twice.start <= story.received < twice.end]


# --- what is drawn beside them ---


def counted(told: list[Story], period: Period) -> list[Story]:
    return [story for story in told if belongs(story, period, EVERYTHING) and not story.in_error]


async def test_demand_and_vans_by_the_hour(nights: Psql) -> None:
    world = await world_of(nights)
    for period in PERIODS[:3]:
        async with reading(nights) as connection:
            found = await by_hour(connection, period, past=2)
        assert [one.hour for one in found][:3] == [19, 20, 21]
        for one in found:
            only = frozenset({one.hour})
            length = hours_of(period.start, period.end, only)
            duty = sum(hours_of(max(a, period.start), min(b, period.end), only) for _, a, b in world.duties)
            job = sum(
                hours_of(max(job.times["allocated"], period.start), min(job.until or world.now, period.end), only)
                for story in world.stories
                if not story.in_error
                for job in story.jobs
            )
            assert one.received == sum(story.hour == one.hour for story in counted(world.stories, period))
            # A week in which the record began is half known: it is laid beside nothing.
            whole = [past for past in period.past(2) if past.start >= world.stories[0].received]
            then = [sum(s.hour == one.hour for s in counted(world.stories, past)) for past in whole]
            assert one.usual == (sum(then) / len(whole) if whole else None)
            assert one.days == pytest.approx(length / 60)
            assert (one.staffed, one.committed) == (pytest.approx(duty / length), pytest.approx(job / length))
    # The hour that comes twice is one of two hours.
    async with reading(nights) as connection:
        twice = {one.hour: one.days for one in await by_hour(connection, PERIODS[1], past=0)}
    assert (twice[0], twice[1]) == (1, 2)


async def test_how_referrals_ended_and_demand_that_was_not_met(nights: Psql) -> None:
    world = await world_of(nights)
    async with reading(nights) as connection:
        found = await ends(connection, PERIODS[3])
    wanted: Counter[tuple[str, str]] = Counter()
    met: Counter[tuple[str, str]] = Counter()
    for story in counted(world.stories, PERIODS[3]):
        end = story.ending
        key = (end["kind"], end["words"]) if end else ("open", "")
        wanted[key] += 1
        met[key] += story.met
    assert {(one.state, one.code): one.n for one in found} == wanted
    assert {(one.state, one.code): one.met for one in found} == met
    labels = {one.code: one.label for one in found}
    assert labels.get("gp", "GP") == "GP"


async def test_wishes_one_by_one(nights: Psql) -> None:
    world = await world_of(nights)
    async with reading(nights) as connection:
        found = await wishes(connection, PERIODS[3])
    last = [
        {one["words"]: one["detail"]["kept"] for one in story.all("wish kept")}
        for story in counted(world.stories, PERIODS[3])
    ]
    said = [kept for each in last for kept in each.values()]
    assert sum(one.said for one in found) == len(said)
    assert sum(one.kept for one in found) == said.count("yes")
    assert sum(one.partly for one in found) == said.count("partly")


async def test_the_day_of_each_van(nights: Psql) -> None:
    world = await world_of(nights)
    for period in PERIODS[:2]:
        async with reading(nights) as connection:
            found = await van_days(connection, period)
        assert [day.callsign for day in found] == sorted(day.callsign for day in found)
        wanted = {
            (job.van, tuple(sorted(at for step, at in job.times.items() if step != "stood down")))
            for story in world.stories
            if not story.in_error
            for job in story.jobs
            if job.times["allocated"] < period.end and (job.until or far_off()) > period.start
        }
        assert {(day.van_id, tuple(sorted(job.steps.values()))) for day in found for job in day.jobs} == wanted
        for day in found:
            duties = [(start, end) for van, start, end in world.duties if van == day.van_id]
            assert day.duties == tuple(one for one in duties if one[0] < period.end and one[1] > period.start)
            for job in day.jobs:
                assert job.handed_over[1] is None or job.handed_over[1] >= job.steps["allocated"]


async def test_a_meal_is_a_break_in_the_day_of_a_van(psql: Psql) -> None:
    van = await psql.van()
    await psql.set(psql.shah, "van", van, duty_status="meal break")
    await psql.set(psql.shah, "van", van, duty_status="available")
    await psql.set(psql.shah, "van", van, duty_status="meal break")
    now = await psql.owner.fetchval("SELECT cru.clock_now()")
    async with reading(psql) as connection:
        (day,) = await van_days(connection, Period(now - timedelta(hours=1), now + timedelta(hours=1)))
    assert [(until is None) for _, until in day.meals] == [False, True]
    assert all(until is None or begun <= until for begun, until in day.meals)
