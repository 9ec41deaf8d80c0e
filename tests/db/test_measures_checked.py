"""Every measure, for every cut, is what an independent calculation makes of the events: over random nights.

``CRU_MEASURE_SEED`` tries another history, and ``CRU_MEASURE_REFERRALS`` a longer one.
"""

import json
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import pytest

from db.domain.measures import Figure, Measure
from db.domain.periods import EVERYTHING, Cut, Period
from db.measures import behind, measured
from tests.cluster import LOGINS, Cluster, Record, run
from tests.db.events_counted import (
    MISSING,
    OF_JOBS,
    OF_REFERRALS,
    Counted,
    World,
    hours_of,
    of_minutes,
    of_shares,
    of_sums,
    of_time,
)
from tests.db.events_told import LONDON, Job, Story, stories
from tests.db.histories import PLACES, Night
from tests.db.measuring import reading
from tests.db.psql import Psql, psql_on

SEED = int(os.environ.get("CRU_MEASURE_SEED", "11"))
REFERRALS = int(os.environ.get("CRU_MEASURE_REFERRALS", "8"))
TOWNS = {(postcode, place): town for postcode, place, town in PLACES}


def at(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=LONDON)


NIGHTS = {
    "in which an hour is missing": Period(at("2026-03-28T19:00"), at("2026-03-29T07:00")),
    "in which an hour comes twice": Period(at("2026-10-24T19:00"), at("2026-10-25T07:00")),
    "two days after": Period(at("2026-10-26T19:00"), at("2026-10-27T07:00")),
}
ALL = Period(at("2026-03-01T00:00"), at("2026-11-30T00:00"))


@pytest.fixture(scope="module")
def filled(cluster: Cluster, template: str) -> Iterator[Record]:
    """A record with a few nights of everything that may happen."""
    del template
    record = cluster.create_record()
    run(fill(record))
    yield record
    cluster.drop_record(record)


async def fill(record: Record) -> None:
    async with psql_on(record, tuple(LOGINS)) as psql:
        night = Night(psql, SEED)
        for period in NIGHTS.values():
            await night.run(period.start, 9, REFERRALS)
            await fixes(psql, night, period)


@pytest.fixture
async def nights(filled: Record) -> AsyncIterator[Psql]:
    async with psql_on(filled, tuple(LOGINS)) as psql:
        yield psql


async def fixes(psql: Psql, night: Night, period: Period) -> None:
    """Positions of all vans but one, with gaps, some of them late."""
    for van in night.vans[1:]:
        moment, found = period.start, []
        while moment < period.end:
            moment += timedelta(seconds=night.random.choice((20, 40, 70, 400)))
            late = timedelta(seconds=night.random.choice((0, 0, 1, 90, 1500)))
            found.append((van, moment, moment + late))
        await psql.owner.executemany(
            "INSERT INTO cru.position_fix (van_id, fixed_at, received_at, lat, lon)"
            " VALUES ($1, $2, $3, 52.2, -0.9)",
            found,
        )
    await night.at(night.now + timedelta(hours=1))


async def world_of(psql: Psql) -> World:
    """Everything that the other half of the comparison may read."""
    rows = [dict(row) for row in await psql.owner.fetch("SELECT * FROM cru.referral")]
    events = [dict(row) for row in await psql.owner.fetch("SELECT * FROM cru.event")]
    for one in events:
        one["detail"] = json.loads(one["detail"])
    told = stories(rows, [one for one in events if one["referral_id"] is not None])

    async def table(sql: str) -> dict[Any, Any]:
        return {row[0]: row[1] for row in await psql.owner.fetch(sql)}

    schedule = await psql.owner.fetch("SELECT * FROM cru.contact_schedule WHERE active")
    positions: dict[Any, list[tuple[datetime, datetime]]] = {}
    for row in await psql.owner.fetch("SELECT van_id, received_at, fixed_at FROM cru.position_fix"):
        positions.setdefault(row["van_id"], []).append((row["received_at"], row["fixed_at"]))
    said = await psql.owner.fetch("SELECT * FROM cru.same_person WHERE taken_back_at IS NULL ORDER BY added_at")
    return World(
        now=await psql.owner.fetchval("SELECT cru.clock_now()"),
        stories=told,
        within=await table("SELECT code, within_minutes FROM cru.priority"),
        schedule={row["priority"]: row for row in schedule},
        assumed=await psql.owner.fetchval("SELECT value FROM cru.rule WHERE name = 'assumed_without'"),
        waits=await table("SELECT code, waits_kind FROM cru.referral_source"),
        duties=_duties(events),
        fixes=positions,
        same={frozenset((row["referral_id"], row["other_id"])): row["is_same"] for row in said},
    )


def _duties(events: list[dict[str, Any]]) -> list[Any]:
    begun: dict[Any, datetime] = {}
    found = []
    for one in sorted(events, key=lambda one: one["id"]):
        if one["kind"] == "shift started":
            begun[one["van_id"]] = one["happened_at"]
        elif one["kind"] == "shift ended":
            found.append((one["van_id"], begun.pop(one["van_id"]), one["happened_at"]))
    return found


# --- the comparison ---


def belongs(story: Story, period: Period, cut: Cut) -> bool:
    row = story.row
    return period.start <= story.received < period.end and all(
        not wanted or has in wanted
        for wanted, has in (
            (cut.priorities, row["priority"]),
            (cut.sources, row["source"]),
            (cut.areas, TOWNS[row["postcode"], row["location_text"]]),
            (cut.hours, story.hour),
        )
    )


def expected(measure: Measure, world: World, period: Period, cut: Cut) -> Counted:
    here = [story for story in world.stories if belongs(story, period, cut)]
    counted = [story for story in here if not story.in_error]
    if measure.key == "utilisation":
        return utilisation(world, period, cut)
    if measure.key == "entered_in_error":
        those = [story for story in here if of_vans(story, cut)]
        return of_sums([float(story.in_error) for story in those])
    if measure.key in OF_JOBS:
        jobs = [job for story in counted for job in story.jobs if not cut.vans or job.van in cut.vans]
        values = [OF_JOBS[measure.key](job, world) for job in jobs]
    else:
        values = [OF_REFERRALS[measure.key](story, world) for story in counted if of_vans(story, cut)]
    known = [one for one in values if one is not None]
    sums = {"minutes": of_minutes, "share": of_shares, "count": of_sums, "hours": of_sums, "time": of_time}
    return sums[measure.unit](known)  # type: ignore[operator] # each takes what its measures give


def of_vans(story: Story, cut: Cut) -> bool:
    return not cut.vans or (story.first is not None and story.first.van in cut.vans)


def utilisation(world: World, period: Period, cut: Cut) -> Counted:
    def inside(start: datetime, end: datetime) -> float:
        return hours_of(max(start, period.start), min(end, period.end), cut.hours)

    duties = [
        duty
        for duty in world.duties
        if duty[1] < period.end and duty[2] > period.start and (not cut.vans or duty[0] in cut.vans)
    ]
    jobs: list[Job] = [
        job
        for story in world.stories
        if not story.in_error and belongs(story, ALL, Cut(cut.priorities, cut.sources, cut.areas))
        for job in story.jobs
        if not cut.vans or job.van in cut.vans
    ]
    part = sum(inside(job.times["allocated"], job.until or world.now) for job in jobs)
    total = sum(inside(start, end) for _, start, end in duties)
    return Counted(part / total if total else None, len(duties), 0, part=part, total=total)


def compare(figure: Figure, wanted: Counted, where: str) -> None:
    for name, value in asdict(wanted).items():
        found = getattr(figure, name)
        assert found == (None if value is None else pytest.approx(value, abs=1e-6)), f"{where}: {name}"


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
