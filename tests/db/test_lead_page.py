"""The lead's page is read without reading twice, and says what each of its parts says when it is asked alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

import asyncpg
import pytest

from console.charts.control import told_by_words
from console.views.lead.pictures import Pictures
from db.domain.clocks import local
from db.domain.measures import VanDay
from db.domain.periods import EVERYTHING, PAST, Cut, Period
from db.domain.rota import london
from db.domain.spc import FEWEST_POINTS
from db.engine import connect, transaction
from db.lead_page import DAYS, LANES_OF, WEEKS, lead_page, past_of
from db.measures import Measured, behind, by_hour, measured
from db.queries import reference_data
from tests.cluster import Record
from tests.gui.months import months


@pytest.mark.parametrize(("days", "past"), [(0.5, 12), (1, 12), (7, 12), (8, 6), (28, 3), (90, 1), (365, 1)])
def test_beside_a_stretch_stand_those_of_twelve_weeks(days: float, past: int) -> None:
    end = datetime.fromisoformat("2026-11-20T09:00+00:00")
    period = Period(end - timedelta(days=days), end)
    assert past_of(period) == past
    assert len(period.past(past)) == past


async def test_each_part_is_as_when_it_is_asked_alone(record: Record) -> None:
    owner = await asyncpg.connect(**record.owner_kwargs)
    await months(owner, 27)
    now = await owner.fetchval("SELECT cru.clock_now()")
    await owner.close()
    engine = connect(record.url("l.lead"), answer_within=60)
    try:
        days = [Period.days(many, now) for many in (7, 28, 42, 10)]
        for period in (*days, Period.tonight(now)):
            for cut in (EVERYTHING, Cut(priorities=frozenset({"P1"}))):
                async with transaction(engine) as connection:
                    whole = await lead_page(connection, period, cut)
                    read = await lead_page(connection, period, cut, LANES_OF)
                    alone = await measured(connection, period, cut, past=past_of(period))
                    weeks = await measured(connection, Period.days(7, period.end), cut, past=WEEKS - 1)
                    hours = await by_hour(connection, period, cut, past=past_of(period))
                    came = await behind(connection, "received", period, cut)
                    waited = await behind(connection, "response", period, cut)
                assert (read.measured.period, read.measured.cut) == (alone.period, alone.cut)
                assert numbers(read.measured) == pytest.approx(numbers(alone))
                assert len(read.measured.figures["response"].past) == min(PAST, past_of(period))
                assert read.weeks == weeks
                assert list(read.hours) == hours
                assert (list(read.received), list(read.waits)) == (came, waited)
                assert replace(whole, vans=()) == replace(read, vans=())
                assert within(read.vans) == within(whole.vans, period.end - LANES_OF)
    finally:
        await engine.dispose()


def numbers(found: Measured) -> dict[Any, float | None]:
    """Each figure and those before it, by when."""
    names = ("value", "n", "missing", "part", "total", "mean", "ninth", "longest")
    return {
        (key, when, name): getattr(one, name)
        for key, figure in found.figures.items()
        for when, one in ((found.period, figure), *((past.period, past) for past in figure.past))
        for name in names
    }


def within(vans: tuple[VanDay, ...], since: datetime | None = None) -> set[Any]:
    """The jobs of vans, by van; those that were over before a moment are left out."""
    return {
        (van.callsign, job.referral_id)
        for van in vans
        for job in van.jobs
        if since is None or job.until is None or job.until > since
    }


@pytest.mark.parametrize(("weeks", "days"), [(42, 98), (6, 18)])
async def test_what_somebody_froze_stays_when_its_days_are_shown_no_more(
    record: Record, weeks: int, days: int
) -> None:
    """It began so many weeks ago: also where so little is known that days are shown instead of weeks."""
    owner = await asyncpg.connect(**record.owner_kwargs)
    await months(owner, weeks + 3, 40)
    now = local(await owner.fetchval("SELECT cru.clock_now()"))
    since = now.date() - timedelta(weeks=weeks)
    write = "INSERT INTO cru.spc_baseline (measure, since_on, until_on, reason) VALUES ($1, $2, $3, 'a van more')"
    await owner.execute(write, "response", since, since + timedelta(days=days))
    waited = await owner.fetch(
        "SELECT r.received_at AS at, extract(epoch FROM a.with_patient_at - r.received_at)::float8 / 60 AS minutes"
        " FROM cru.referral r JOIN cru.assignment a ON a.referral_id = r.id"
    )
    await owner.close()
    engine = connect(record.url("l.lead"), answer_within=60)
    try:
        async with transaction(engine) as connection:
            read = await lead_page(connection, Period.days(28, now), EVERYTHING)
            names = await reference_data(connection)
            night = Pictures(await lead_page(connection, Period.tonight(now), EVERYTHING), names, now, {})
    finally:
        await engine.dispose()
    series = Pictures(read, names, now, {}).over_time("response")
    assert series is not None
    each, shown = (timedelta(weeks=1), WEEKS) if read.days is None else (timedelta(days=1), DAYS)
    # By hand: stretches from now on backwards, of which those count that began on the days that were named.
    told = []
    for back in range(1, 400):
        start, stop = ((now - (back - less) * each).astimezone(UTC) for less in (0, 1))
        part = [row["minutes"] for row in waited if start <= row["at"] < stop]
        if part and london(since) <= start < london(since + timedelta(days=days + 1)):
            told.append(median(part))
    last = series.judged[-1]
    assert last.limits is not None
    assert last.limits.worked_from == len(told) >= FEWEST_POINTS
    assert last.limits.mean == pytest.approx(sum(told) / len(told))
    assert len(series.judged) == shown
    assert told_by_words(series) == f"limits from {len(told)}, since {since.day} {since:%b}"
    assert set(read.before) == {"response"}
    # A night is told by nights, and the days that were frozen are none of them.
    (of_night,) = [night.series(*both) for both in night.measures() if both[0].key == "response"]
    assert of_night.judged[-1].limits is not None


async def test_every_ending_of_the_period_is_there_once(record: Record) -> None:
    owner = await asyncpg.connect(**record.owner_kwargs)
    await months(owner, 5)
    now = await owner.fetchval("SELECT cru.clock_now()")
    rows = await owner.fetch(
        "SELECT r.id, CASE r.state WHEN 'closed' THEN o.label ELSE r.state || ': Duplicate' END AS label"
        " FROM cru.referral r LEFT JOIN cru.outcome o ON o.code = r.outcome WHERE received_at >= $1",
        Period.days(28, now).start,
    )
    await owner.close()
    engine = connect(record.url("l.lead"), answer_within=60)
    try:
        async with transaction(engine) as connection:
            read = await lead_page(connection, Period.days(28, now), EVERYTHING)
    finally:
        await engine.dispose()
    told = {(one.label, key) for one in read.ends for key in one.ids}
    assert told == {(row["label"], row["id"]) for row in rows}
    assert [one.label for one in read.ends if ": " not in one.label] == sorted(
        one.label for one in read.ends if ": " not in one.label
    )
