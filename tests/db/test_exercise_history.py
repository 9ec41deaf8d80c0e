"""The days before a practice shift: a believable month, by the record's own rules, with a bad week to be found."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import fields
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import fmean, median
from typing import TypeVar
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from db import commands as do
from db import queries
from db.domain.clocks import LONDON, local
from db.domain.measures import Better, minutes_in_words
from db.domain.records import Van
from db.domain.roles import Role
from db.domain.rota import london
from db.domain.spc import SpcPoint, judge
from db.domain.spc_words import SpcIcon, SpcTelling, earlier_words, icons_of, sentence_of
from db.engine import connect, transaction
from db.exercise.database import prepare
from db.exercise.history.deeds import Deed
from db.exercise.history.filling import Doers, EachInTurn, OwnerInPlace, put_in
from db.exercise.history.month import Month
from db.exercise.history.played import Service, played
from db.exercise.record import Login
from db.exercise.referrals import ReferralGenerator
from db.exercise.scenario import CountyPostcodes, load_scenario, read_waypoints
from db.exercise.settings import PracticeHost, ShiftPlan
from db.exercise.simulation import BEFORE
from db.geo.roads.times import travel_times
from tests.cluster import Cluster, Record, run
from tests.db.practice import START, cache, look, signed_in, where

__all__ = ["cache", "where"]
C = TypeVar("C", bound=do.Command)
DAYS = 28
UNTIL = START - BEFORE


@pytest.fixture(scope="module")
def postcodes(cache: Path) -> CountyPostcodes:
    return CountyPostcodes(load_scenario(), cache)


@pytest.fixture(scope="module")
def service(cluster: Cluster, template: str, postcodes: CountyPostcodes) -> Service:
    made = cluster.create_record()
    try:
        return run(_service_of(made, postcodes))
    finally:
        cluster.drop_record(made)


async def _service_of(record: Record, postcodes: CountyPostcodes) -> Service:
    engine = connect(record.url("a.shah"))
    try:
        async with transaction(engine) as connection:
            found = await queries.snapshot(connection, Role.DISPATCHER)
            vans = sorted((one for one in found["van"] if isinstance(one, Van)), key=lambda one: one.callsign)
            reference = await queries.reference_data(connection)
            waypoints = await read_waypoints(connection, vans, load_scenario(), postcodes)
    finally:
        await engine.dispose()
    return Service(vans, reference, waypoints, travel_times(None))


def deeds_of(service: Service, postcodes: CountyPostcodes, seed: int, days: int = DAYS) -> Sequence[Deed]:
    scenario = load_scenario()
    generator = ReferralGenerator(seed, scenario, postcodes)
    return played(Month(UNTIL, days, seed), scenario, generator, service).deeds


@pytest.fixture(scope="module")
def deeds(service: Service, postcodes: CountyPostcodes) -> Sequence[Deed]:
    return deeds_of(service, postcodes, 4)


def of_kind(deeds: Sequence[Deed], kind: type[C]) -> list[tuple[datetime, C]]:
    return [(deed.at, deed.what) for deed in deeds if isinstance(deed.what, kind)]


# --- the bad week ---


def daily_medians(responses: Mapping[date, Sequence[float]]) -> tuple[list[date], list[float]]:
    days = sorted(responses)
    return days, [median(responses[day]) for day in days]


def outside(values: Sequence[float]) -> list[int]:
    """The places of the points above the upper limit of an XmR chart, by the NHS's own arithmetic."""
    upper = fmean(values) + 2.66 * fmean(abs(b - a) for a, b in pairwise(values))
    return [place for place, value in enumerate(values) if value > upper]


def responses_of(deeds: Sequence[Deed]) -> dict[date, list[float]]:
    """Minutes from received to with patient, of those with whom a crew waits, by the day on which they rang."""
    received, jobs, met = dict[UUID, datetime](), dict[UUID, UUID](), dict[UUID, datetime]()
    for deed in deeds:
        match deed.what:
            case do.TakeReferral(details=details, received_at=datetime() as at) if details.priority == "P1":
                received[deed.what.referral_id] = at
            case do.Allocate():
                jobs[deed.what.assignment_id] = deed.what.referral_id
            case do.Step(to="with patient", at=datetime() as at):
                met.setdefault(jobs[deed.what.assignment_id], at)
    found = defaultdict[date, list[float]](list)
    for key in received.keys() & met.keys():
        found[local(received[key]).date()].append((met[key] - received[key]) / timedelta(minutes=1))
    return found


@pytest.mark.parametrize("seed", [2, 5, 11])
def test_a_chart_of_the_daily_median_finds_the_bad_week_and_nothing_else(
    service: Service, postcodes: CountyPostcodes, seed: int
) -> None:
    bad = Month(UNTIL, DAYS, seed).bad_week
    days, values = daily_medians(responses_of(deeds_of(service, postcodes, seed)))
    found = [days[place] for place in outside(values)]
    # One point in a hundred lies outside by chance: a month may hold one.
    assert len(set(found) & set(bad)) >= 1
    assert len(set(found) - set(bad)) <= 1
    assert all(UNTIL.date() - timedelta(days=DAYS) < day < UNTIL.date() for day in bad)
    usual = fmean(value for day, value in zip(days, values, strict=True) if day not in bad)
    worse = fmean(value for day, value in zip(days, values, strict=True) if day in bad)
    assert 20 < usual < 50
    assert worse > 1.3 * usual
    # The console's own chart says so, too: as a concern, in its icon and its sentence.
    judged = judge([SpcPoint(london(day), value) for day, value in zip(days, values, strict=True)])
    high = {days[at] for at, one in enumerate(judged) if SpcIcon("concern", "H") in icons_of(one, Better.LOWER)}
    assert {days[place] for place in outside(values)} <= high
    telling = SpcTelling(minutes_in_words, "day")
    until = judged[: 1 + max(days.index(day) for day in high & set(bad))]
    assert "higher than usual for" in sentence_of(until, telling)
    assert "H concern" in earlier_words(judged, Better.LOWER, telling) + sentence_of(judged, telling)


# --- a believable month ---


def test_people_ring_in_the_evening_and_at_the_end_of_the_week(deeds: Sequence[Deed]) -> None:
    rang = [local(one.received_at or at) for at, one in of_kind(deeds, do.TakeReferral)]
    assert 450 < len(rang) < 750
    hours, days = Counter(at.hour for at in rang), Counter(at.weekday() for at in rang)
    assert sum(hours[hour] for hour in range(18, 24)) > 2 * sum(hours[hour] for hour in range(3, 9))
    assert days[4] + days[5] > 1.1 * (days[0] + days[1])
    assert {one.details.source for _, one in of_kind(deeds, do.TakeReferral)} == {
        *("ems_crew", "ems_desk", "hub", "police", "professional")
    }


def test_what_happens_in_a_real_month_happens_here(deeds: Sequence[Deed]) -> None:
    told = Counter(type(deed.what).__name__ for deed in deeds)
    rare = {
        *("RefuseHandover", "StandDown", "Cancel", "Decline", "Reopen", "TakeBack", "AmendTime", "Hold"),
        *("MarkEnteredInError", "ExtendShift", "TakeOutOfService", "Advise999", "AddFlag", "PlanFollowUp"),
        *("ReportWishes", "AddFeedback", "RecordContact", "ClosePromise", "DoFollowUps", "StartMealBreak"),
        *("ExpectHandover", "NameResponsible", "TellAbout", "SayEthnicity", "CancelPlan", "SeeToWords"),
    }
    assert rare <= set(told)
    kept = Counter(one.kept for _, one in of_kind(deeds, do.ClosePromise))
    assert kept[True] > kept[False] > 0
    wishes = Counter(answer for _, one in of_kind(deeds, do.ReportWishes) for _, answer in one.kept)
    assert wishes["yes"] > wishes["partly"] + wishes["no"] > 0
    answers = Counter(one.ae_avoided.value for _, one in of_kind(deeds, do.Close))
    assert answers["yes"] > answers["no"] > 0
    assert answers["unknown"] > 0


def test_times_are_missing_late_and_sometimes_two_vans_go(deeds: Sequence[Deed]) -> None:
    sent = of_kind(deeds, do.Allocate)
    steps = Counter(one.to.value for _, one in of_kind(deeds, do.Step))
    met = steps["with patient"]
    assert 0.02 * met < met - steps["on scene"] + _too_soon(deeds) < 0.10 * met
    assert steps["acknowledged"] < 0.95 * len(sent)
    late = [at - one.at for at, one in of_kind(deeds, do.Step) if one.at is not None]
    assert 0.03 < sum(span > timedelta(minutes=2) for span in late) / len(late) < 0.25
    together = Counter(one.referral_id for _, one in sent)
    assert any(count > 1 for count in together.values())
    slow = [span for span in _handovers(deeds) if span > timedelta(minutes=15)]
    assert 0.05 < len(slow) / len(_handovers(deeds)) < 0.4


def _too_soon(deeds: Sequence[Deed]) -> int:
    said = {one.command_id for _, one in of_kind(deeds, do.Step) if one.to == "on scene"}
    return sum(one.act_id in said for _, one in of_kind(deeds, do.TakeBack))


def _handovers(deeds: Sequence[Deed]) -> list[timedelta]:
    started = {one.handover_id: one.at for _, one in of_kind(deeds, do.MoveHandover) if one.to == "started"}
    return [
        one.at - begun
        for _, one in of_kind(deeds, do.MoveHandover)
        if one.to == "accepted" and one.at and (begun := started.get(one.handover_id))
    ]


def test_some_ring_again_within_three_days(deeds: Sequence[Deed]) -> None:
    last, again = dict[tuple[object, ...], datetime](), 0
    for at, one in of_kind(deeds, do.TakeReferral):
        who = (one.details.patient.name, one.details.patient.born)
        if None not in who and who in last and timedelta(hours=1) < at - last[who] < timedelta(hours=72):
            again += 1
        last[who] = at
    assert 10 < again < 80


def test_crews_are_two_they_sleep_and_no_van_has_two_jobs(deeds: Sequence[Deed]) -> None:
    off, duty, jobs = dict[UUID, datetime](), dict[UUID, tuple[UUID, ...]](), dict[UUID, UUID]()
    busy = set[UUID]()
    for deed in deeds:
        match deed.what:
            case do.GoOnDuty(van_id=van, staff_ids=crew):
                assert len(set(crew)) == 2
                assert van not in duty
                assert not any(member in pair for pair in duty.values() for member in crew)
                assert all(
                    deed.at - off.get(member, START - 99 * timedelta(days=1)) > timedelta(hours=9)
                    for member in crew
                )
                duty[van] = crew
            case do.GoOffDuty(van_id=van) if van in duty:
                assert van not in busy
                off |= dict.fromkeys(duty.pop(van), deed.at)
            case do.Allocate(van_id=van):
                assert van in duty
                assert van not in busy
                busy.add(van)
                jobs[deed.what.assignment_id] = van
            case do.Step(to="clear") | do.StandDown():
                busy.discard(jobs[deed.what.assignment_id])


def test_two_vans_fewer_are_planned_away_in_the_bad_week(deeds: Sequence[Deed], service: Service) -> None:
    bad = Month(UNTIL, DAYS, 4).bad_week
    on_duty = defaultdict[date, set[UUID]](set)
    for at, one in of_kind(deeds, do.GoOnDuty):
        on_duty[local(at).date()].add(one.van_id)
    assert {len(on_duty[day]) for day in bad[1:]} == {len(service.vans) - 2}
    whole = sorted(on_duty)[1:-1]
    assert {len(on_duty[day]) for day in whole if day not in bad} == {len(service.vans)}
    planned = {one.planned_shift_id: one for _, one in of_kind(deeds, do.SetPlan) if one.version is None}
    fell = [planned[one.planned_shift_id] for _, one in of_kind(deeds, do.CancelPlan)]
    assert {local(one.starts_at).date() for one in fell} == set(bad)


def told_of(deed: Deed) -> tuple[object, ...]:
    """A deed, but for ids that the commands draw for rows which nothing refers to."""
    drawn = {one.name for one in fields(deed.what) if one.default_factory is uuid4}
    said = {one.name: getattr(deed.what, one.name) for one in fields(deed.what)}
    ids = {"command_id", "referral_id", "assignment_id", "planned_shift_id", "staff_id", "act_id"}
    return (
        deed.at,
        deed.login,
        type(deed.what),
        {name: said[name] for name in said if name in ids or name not in drawn},
    )


def test_the_same_seed_is_the_same_month(service: Service, postcodes: CountyPostcodes) -> None:
    first, again, other = (deeds_of(service, postcodes, seed, days=4) for seed in (6, 6, 7))
    assert [told_of(one) for one in first] == [told_of(one) for one in again]
    assert [one.at for one in first] != [one.at for one in other]


def test_a_night_shift_ends_at_seven_also_when_the_clocks_go_back(
    service: Service, postcodes: CountyPostcodes
) -> None:
    scenario = load_scenario()
    month = Month(datetime(2026, 10, 26, 18, tzinfo=LONDON), 4, 3)
    found = played(month, scenario, ReferralGenerator(3, scenario, postcodes), service)
    planned = [one for _, one in of_kind(found.deeds, do.SetPlan)]
    night = [one for one in planned if local(one.starts_at) == datetime(2026, 10, 24, 19, tzinfo=LONDON)]
    assert night
    for one in night:
        assert local(one.ends_at) == datetime(2026, 10, 25, 7, tzinfo=LONDON) or local(one.ends_at).hour == 3
    assert any(one.ends_at.timestamp() - one.starts_at.timestamp() == 13 * 3600 for one in night)


# --- into the record ---

_EVENTS = """
SELECT e.kind, e.happened_at, e.recorded_at, split_part(e.recorded_by, '.', 2) AS by, e.source, r.reference,
    v.callsign, e.words
FROM cru.event e LEFT JOIN cru.referral r ON r.id = e.referral_id LEFT JOIN cru.van v ON v.id = e.van_id
WHERE pg_has_role(e.recorded_by::name, 'cru_dispatcher', 'MEMBER') AND e.recorded_by <> current_user ORDER BY e.id
"""
_RESPONSES = """
SELECT r.received_at, min(a.with_patient_at) FROM cru.referral r JOIN cru.assignment a ON a.referral_id = r.id
WHERE r.priority = 'P1' AND r.entered_in_error_at IS NULL AND a.with_patient_at IS NOT NULL
    AND a.taken_back_at IS NULL GROUP BY r.id
"""


async def rows(url: object, query: str) -> list[tuple[object, ...]]:
    engine = connect(url)  # type: ignore[arg-type] # a URL
    try:
        async with engine.connect() as connection:
            return [tuple(row) for row in await connection.execute(text(query))]
    finally:
        await engine.dispose()


_LOGINS = {
    Login.CALLS: "a.shah",
    Login.CREWS: "b.okafor",
    Login.DISPATCH: "a.shah",
    Login.DISPATCH_TOO: "b.okafor",
    Login.LEAD: "l.lead",
    Login.LEAD_TOO: "l.lead",
}


@pytest.mark.long
async def test_by_the_owners_connection_or_by_its_own_the_record_is_the_same(
    cluster: Cluster, template: str, service: Service, postcodes: CountyPostcodes
) -> None:
    deeds = deeds_of(service, postcodes, 6, days=2)[:160]
    stories = []
    for by_owner in (True, False):
        made = cluster.create_record()
        try:
            async with hands_of(made, by_owner=by_owner) as hands:
                filled = await put_in(hands, deeds, Month(UNTIL, 2, 6))
            assert filled.refused == []
            stories.append(await rows(made.owner_url, _EVENTS))
        finally:
            cluster.drop_record(made)
    assert len(stories[0]) > 150
    assert stories[0] == stories[1]
    assert {row[3] for row in stories[0]} == {"shah", "okafor", "lead"}


@asynccontextmanager
async def hands_of(record: Record, *, by_owner: bool) -> AsyncIterator[Doers]:
    owner = connect(record.owner_url, answer_within=None)
    engines = {login: connect(record.url(name)) for login, name in _LOGINS.items()}
    try:
        if by_owner:
            async with owner.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
                yield OwnerInPlace(connection, _LOGINS)
        else:
            yield EachInTurn(owner, engines)
    finally:
        for engine in (owner, *engines.values()):
            await engine.dispose()


@pytest.mark.long
async def test_a_shift_goes_on_where_the_days_before_it_end(where: PracticeHost, cache: Path) -> None:
    told: list[str] = []
    plan = ShiftPlan(start=START, cache_dir=cache, seed=9, history_days=1)
    prepared = await prepare(where, plan, told=told.append)
    assert told == [
        "Making the practice database",
        "Playing the day before the shift: Sat 21 Nov",
        "Playing the hour and a half before the shift",
    ]
    story = await rows(where.practice_url, _EVENTS)
    async with signed_in(prepared) as engine:
        snapshot = await look(engine)
    recorded = [row[2] for row in story]
    assert recorded == sorted(recorded)
    assert min(recorded) >= UNTIL - timedelta(days=1)
    assert any(UNTIL - timedelta(days=1) < at < UNTIL - timedelta(hours=20) for at in recorded)
    # What is told of a step lies in the past of whoever wrote it down, and before the shift.
    assert all(happened <= at + timedelta(seconds=1) for _, happened, at, *_ in story)
    by = {row[3] for row in story}
    assert {"calls", "crews", "n"} <= by
    assert len(snapshot.shifts) == len(snapshot.vans)
    assert any(job.state == "mobile" for job in snapshot.jobs.values())
    assert {one.priority for one in snapshot.open_referrals()} >= {"P1", "P2"}


@pytest.mark.long
async def test_a_month_is_refused_by_nothing_and_the_bad_week_is_in_the_record(
    where: PracticeHost, cache: Path
) -> None:
    prepared = await prepare(where, ShiftPlan(start=START, cache_dir=cache, seed=4, history_days=DAYS))
    responses = defaultdict[date, list[float]](list)
    for received, met in await rows(where.practice_url, _RESPONSES):
        assert isinstance(received, datetime)
        assert isinstance(met, datetime)
        if received < UNTIL:
            responses[local(received).date()].append((met - received) / timedelta(minutes=1))
    days, values = daily_medians(responses)
    signals = {days[place] for place in outside(values)}
    assert signals & set(Month(UNTIL, DAYS, 4).bad_week)
    assert prepared.plan.history_days == DAYS
