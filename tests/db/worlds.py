"""Nights of a record on which every measure is checked, what their events tell, and what each figure should be.

``CRU_MEASURE_SEED`` tries another history, and ``CRU_MEASURE_REFERRALS`` a longer one.
"""

import json
import os
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import pytest

from db.domain.measures import Figure, Measure
from db.domain.periods import Cut, Period
from tests.cluster import LOGINS, Record
from tests.db.events_counted import (
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
from tests.db.psql import Psql, psql_on

SEED = int(os.environ.get("CRU_MEASURE_SEED", "3"))
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


async def fill(record: Record) -> None:
    """All of the nights, with positions."""
    async with psql_on(record, tuple(LOGINS)) as psql:
        night = Night(psql, SEED)
        for period in NIGHTS.values():
            await night.run(period.start, 9, REFERRALS)
            await fixes(psql, night, period)


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
    await psql.owner.execute(
        "INSERT INTO cru.position (van_id, fixed_at, lat, lon)"
        " SELECT id, $2, 52.2, -0.9 FROM unnest($1::uuid[]) id ON CONFLICT DO NOTHING",
        night.vans[1:],
        period.end,
    )
    # A position that waited in a gateway counts for a day.
    await night.at(night.now + timedelta(hours=25))


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
