# ruff: noqa: S608 - the tests name tables and columns of our own
"""No time lies before one that must precede it, nor before the referral was received, whoever writes."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import product
from uuid import UUID

import asyncpg
import pytest

from db import commands as do
from db.domain.clocks import local_time
from db.domain.states import ASSIGNMENT_MOVES, HANDOVER_MOVES, AssignmentState, HandoverState
from db.domain.time_order import PRECEDES, REACHED
from tests.db.doing import does
from tests.db.psql import Connection, Psql

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
# One order in which all of it may happen; EMAS may be there before anything else.
HISTORY = (
    *(f"referral.{name}" for name in ("ems_on_scene", "call_connected", "sent", "received", "acknowledged")),
    *(
        "screening.completed",
        "referral.screened",
        "referral.accepted",
        "assignment.allocated",
        "handover.expected",
    ),
    *(f"assignment.{name}" for name in ("acknowledged", "mobile", "at_rendezvous", "on_scene", "with_patient")),
    *(f"handover.{name}" for name in ("started", "accepted", "released", "refused")),
    *(f"assignment.{name}" for name in ("conveying", "at_destination", "stood_down", "clear")),
    *("referral.closed", "shift.started", "shift.ended"),
)
# These are never empty.
ALWAYS = ("referral.received", "screening.completed", "assignment.allocated", "handover.expected", "shift.started")


def column(step: str) -> tuple[str, str]:
    """The table and the column of a step."""
    entity, _, name = step.removeprefix("ems ").partition(".")
    return ("assignment", "on_scene_at") if step == REACHED else (entity, f"{name}_at")


def words(step: str) -> str:
    """What the record calls a step, without the van."""
    entity, _, name = step.partition(".")
    known = {
        "ems_on_scene": "EMAS on scene",
        "screened": "screening complete",
        "completed": "screening complete",
        "reached": "at the scene",
    }
    said = known.get(name, name.replace("_", " "))
    return f"handover {said}" if "handover" in entity else said


class Past:
    """A referral with an EMAS crew, a van and a shift, whose times are set with no guard asked."""

    def __init__(self, psql: Psql, rows: Mapping[str, UUID], now: datetime) -> None:
        self.psql = psql
        self.rows = rows
        self.now = now

    def at(self, step: str) -> datetime:
        """When a step happens in ``HISTORY``: an hour after the one before it."""
        of_history = "assignment.on_scene" if step == REACHED else step.removeprefix("ems ")
        return self.now - (len(HISTORY) - HISTORY.index(of_history) + 1) * HOUR

    async def lay(self, *steps: str) -> set[str]:
        """Leave only these times and those that are never empty. Returns all that are there, by their names."""
        there = {step.removeprefix("ems ") for step in (*steps, *ALWAYS) if step != REACHED}
        there |= {"assignment.on_scene"} if REACHED in steps else set()
        async with self.psql.owner.transaction():
            await self.psql.owner.execute("SET LOCAL session_replication_role = replica")
            for step in HISTORY:
                table, name = column(step)
                at = self.at(step) if step in there else None
                sql = f"UPDATE cru.{table} SET {name} = $2 WHERE id = $1"
                await self.psql.owner.execute(sql, self.rows[table], at)
        at_scene = {f"assignment.{name}" for name in ("on_scene", "with_patient", "conveying", "at_destination")}
        ems = {f"ems {step}" for step in there if step.startswith("handover.")}
        return there | ems | ({REACHED} if at_scene & there else set())

    async def amend(self, who: Connection, step: str, at: datetime) -> None:
        table, name = column(step)
        await self.psql.set(who, table, self.rows[table], **{name: at})


async def past(psql: Psql) -> Past:
    handover = await psql.handover("accepted")
    referral = await psql.owner.fetchval("SELECT referral_id FROM cru.handover WHERE id = $1", handover)
    rows = {"referral": referral, "handover": handover}
    for table in ("assignment", "screening"):
        rows[table] = await psql.owner.fetchval(f"SELECT id FROM cru.{table} WHERE referral_id = $1", referral)
    van = await psql.van()
    await psql.set(psql.shah, "van", van, duty_status="off duty")
    rows["shift"] = await psql.owner.fetchval("SELECT id FROM cru.shift WHERE van_id = $1", van)
    for who in (psql.lead, psql.owner):
        await who.execute("SELECT set_config('cru.reason', 'read from the log', false)")
    return Past(psql, rows, await psql.owner.fetchval("SELECT cru.clock_now()"))


async def test_the_order_is_the_domains(psql: Psql) -> None:
    rows = await psql.owner.fetch("SELECT earlier, later FROM cru.time_order()")
    assert len(rows) == len(PRECEDES)
    assert {tuple(row) for row in rows} == PRECEDES


def test_an_order_it_is() -> None:
    """Nothing precedes itself by any way round, and the history that the tests go by keeps to it."""
    for earlier, later in PRECEDES:
        first, second = (
            HISTORY.index("assignment.on_scene" if step == REACHED else step.removeprefix("ems "))
            for step in (earlier, later)
        )
        assert first < second, (earlier, later)


@pytest.mark.hazard("H-023")
@pytest.mark.parametrize("entity", ["referral", "assignment", "handover", "screening", "shift"])
async def test_no_time_is_amended_before_what_must_precede_it(psql: Psql, entity: str) -> None:
    told = await past(psql)
    pairs = sorted(pair for pair in PRECEDES if column(pair[1])[0] == entity and pair[1] != "screening.completed")
    pairs += [("referral.received", "screening.completed")] if entity == "screening" else []
    for earlier, later in pairs:
        there = await told.lay(earlier, later)
        wrong = told.at(earlier) - MINUTE
        names = {later, later.removeprefix("ems ")}
        nearest = max((step for step in there if PRECEDES & {(step, name) for name in names}), key=told.at)
        says = f"{words(later)} {local_time(wrong, told.now)} is before"
        for who in (psql.lead, psql.owner):
            if entity == "screening" or (entity == "shift" and who is psql.lead):
                continue  # these are no lead's to change
            with pytest.raises(asyncpg.PostgresError) as refusal:
                await told.amend(who, later, wrong)
            assert refusal.value.sqlstate == "CR003", (earlier, later)
            sentence = str(refusal.value)
            assert says.casefold() in sentence.casefold()
            assert words(nearest) in sentence
            assert local_time(told.at(nearest), told.now) in sentence
        if entity in {"referral", "assignment", "handover"}:
            await told.amend(psql.lead, later, told.at(nearest))  # at the same moment is in order


async def test_nor_is_what_precedes_amended_past_what_came_after(psql: Psql) -> None:
    told = await past(psql)
    for earlier, later in sorted(PRECEDES):
        there = await told.lay(earlier, later)
        wrong = told.at(later) + MINUTE
        nearest = min((step for step in there if (earlier, step) in PRECEDES), key=told.at)
        for who in (psql.lead, psql.owner):
            if column(earlier)[0] in {"screening", "shift"}:
                continue
            with pytest.raises(asyncpg.PostgresError) as refusal:
                await told.amend(who, earlier, wrong)
            assert refusal.value.sqlstate == "CR003", (earlier, later)
            assert local_time(told.at(nearest), told.now) in str(refusal.value)
            assert local_time(wrong, told.now) in str(refusal.value)
        with pytest.raises(asyncpg.PostgresError, match=r"Only a shift lead|permission denied|never changes"):
            await told.amend(psql.shah, earlier, wrong)


@pytest.mark.hazard("H-023")
@pytest.mark.parametrize("was", AssignmentState)
async def test_no_step_of_a_van_is_taken_before_the_one_before_it(psql: Psql, was: AssignmentState) -> None:
    job = await psql.assignment(was)
    before = (await psql.read("assignment", job))[f"{was.replace(' ', '_')}_at"]
    for to, who in product(ASSIGNMENT_MOVES[was], (psql.shah, psql.session("b.okafor"), psql.lead, psql.owner)):
        reason = {"stand_down_reason": "not_needed"} if to is AssignmentState.STOOD_DOWN else {}
        given = {"state": to.value, f"{to.replace(' ', '_')}_at": before - timedelta(seconds=2)} | reason
        await psql.set_refused(who, "assignment", job, code="CR003", says=f" {to} ", **given)


@pytest.mark.parametrize("was", HandoverState)
async def test_no_step_of_a_handover_is_taken_before_the_one_before_it(psql: Psql, was: HandoverState) -> None:
    link = await psql.handover(was)
    before = (await psql.read("handover", link))[f"{was}_at"]
    for to, who in product(HANDOVER_MOVES[was], (psql.shah, psql.lead, psql.owner)):
        reason = {"refusal_reason": "not_safe"} if to is HandoverState.REFUSED else {}
        given = {"state": to.value, f"{to}_at": before - timedelta(seconds=2)} | reason
        await psql.set_refused(who, "handover", link, code="CR003", says=f"Handover {to} ", **given)


async def test_nothing_happens_before_the_referral_was_received(psql: Psql) -> None:
    now = await psql.owner.fetchval("SELECT cru.clock_now()")
    early = now - 2 * HOUR
    received = {"received_at": now - HOUR}
    for name in ("call_connected_at", "sent_at"):
        with pytest.raises(asyncpg.PostgresError, match=r"^Received .* is before "):
            await psql.take(**received, **{name: now - MINUTE})
        await psql.take(**received, **{name: early})
    with pytest.raises(asyncpg.PostgresError, match=r"^Acknowledged .* is before received "):
        await psql.take(**received, acknowledged_at=early)
    # An ambulance may have been there long before, or come much later.
    for moment in (early, now):
        await psql.take(**received, ems_on_scene_at=moment)
    referral = await psql.take(**received)
    sql = "INSERT INTO cru.screening (referral_id, tool_version, answers, completed_at) VALUES ($1, 1, '{}', $2)"
    await psql.refused(psql.shah, sql, referral, early, code="CR003", says="Screening complete ")
    sql = (
        "INSERT INTO cru.handover (referral_id, ordinal, from_party, to_party, expected_at)"
        " VALUES ($1, 1, 'EMAS', 'CRU', $2)"
    )
    await psql.refused(psql.shah, sql, referral, early, code="CR003", says="Handover expected ")
    await psql.screen(referral)
    at = {"state": "accepted", "accepted_at": early}
    await psql.set_refused(psql.shah, "referral", referral, code="CR003", says="Accepted ", **at)
    await psql.set(psql.shah, "referral", referral, state="accepted")
    sql = "INSERT INTO cru.assignment (referral_id, van_id, allocated_at) VALUES ($1, $2, $3)"
    await psql.refused(psql.shah, sql, referral, await psql.van(), early, code="CR003", says=" allocated ")


async def test_a_referral_is_closed_after_its_last_van_is_clear(psql: Psql) -> None:
    referral = await psql.referral("attending")
    other = await psql.allocate(referral, await psql.van())
    first = await psql.owner.fetchval(
        "SELECT id FROM cru.assignment WHERE referral_id = $1 AND id <> $2", referral, other
    )
    await psql.set(psql.shah, "assignment", first, state="clear")
    between = (await psql.read("assignment", first))["clear_at"]
    await psql.set(psql.shah, "assignment", other, state="stood down", stand_down_reason="not_needed")
    ended = {"state": "closed", "outcome": "gp", "closed_at": between}
    await psql.set_refused(psql.shah, "referral", referral, code="CR003", says=" stood down ", **ended)
    await psql.set(psql.shah, "referral", referral, state="closed", outcome="gp")
    # Reopened, it is closed again after what happened since.
    await psql.lead.execute("SELECT set_config('cru.reason', 'rang again', false)")
    await psql.set(psql.lead, "referral", referral, state="accepted")
    again = do.Allocate(referral_id=referral, van_id=await psql.van())
    await does(psql, again)
    for step in ("on scene", "clear"):
        await psql.set(psql.shah, "assignment", again.assignment_id, state=step)
    await psql.set_refused(psql.shah, "referral", referral, code="CR003", says=" clear ", **ended)
    await psql.set(psql.shah, "referral", referral, state="closed", outcome="gp")


async def test_the_first_crew_on_scene_binds_a_handover_and_each_van_goes_its_own_way(psql: Psql) -> None:
    link = await psql.handover("accepted")
    referral = (await psql.read("handover", link))["referral_id"]
    first = await psql.owner.fetchval("SELECT id FROM cru.assignment WHERE referral_id = $1", referral)
    second = await psql.allocate(referral, await psql.van())
    # The second van is mobile after the first is on scene, and comes after the handover.
    for state in ("mobile", "on scene"):
        await psql.set(psql.shah, "assignment", second, state=state)
    await psql.lead.execute("SELECT set_config('cru.reason', 'read from the log', false)")
    accepted = (await psql.read("handover", link))["accepted_at"]
    late = {"on_scene_at": accepted + timedelta(microseconds=1)}
    says = "Handover accepted "
    await psql.set_refused(psql.lead, "assignment", first, code="CR003", says=says, **late)
    # The order is one of a record: a crew that comes later moves freely after the handover.
    await psql.set(
        psql.lead, "assignment", second, on_scene_at=await psql.owner.fetchval("SELECT cru.clock_now()")
    )


async def test_a_vans_next_job_begins_after_the_one_before_it(psql: Psql) -> None:
    van = await psql.van()
    one, two = await psql.referral(), await psql.referral()
    job = await psql.allocate(one, van)
    for state in ("on scene", "clear"):
        await psql.set(psql.shah, "assignment", job, state=state)
    cleared = (await psql.read("assignment", job))["clear_at"]
    sql = "INSERT INTO cru.assignment (referral_id, van_id, allocated_at) VALUES ($1, $2, $3)"
    early = cleared - timedelta(microseconds=1)
    before = (await psql.read("referral", two))["accepted_at"]
    assert before < early
    await psql.refused(psql.shah, sql, two, van, early, code="CR003", says=" clear ")
    following = await psql.allocate(two, van)
    begun = (await psql.read("assignment", following))["allocated_at"]
    await psql.lead.execute("SELECT set_config('cru.reason', 'read from the log', false)")
    reference = (await psql.read("referral", two))["reference"]
    past_it = {"clear_at": begun + timedelta(microseconds=1)}
    await psql.set_refused(psql.lead, "assignment", job, code="CR003", says=reference, **past_it)
    await psql.set(psql.lead, "assignment", job, clear_at=begun)


async def test_two_times_at_once_are_one_amendment(psql: Psql) -> None:
    told = await past(psql)
    await told.lay("assignment.mobile", "assignment.on_scene")
    mobile, on_scene = told.at("assignment.on_scene") + MINUTE, told.at("assignment.on_scene") + 2 * MINUTE
    job = told.rows["assignment"]
    await psql.set(psql.lead, "assignment", job, mobile_at=mobile, on_scene_at=on_scene)
    assert (await psql.read("assignment", job))["mobile_at"] == mobile


@pytest.mark.parametrize(
    ("later", "earlier", "said"),
    [
        # The date where it is another day, the zone in the hour that comes twice, seconds within a minute.
        ("2026-11-21 23:50", "2026-11-22 00:04", "On scene 23:50 Sat 21 Nov is before mobile 00:04 Sun 22 Nov."),
        (
            "2026-10-25 00:50Z",
            "2026-10-25 01:10Z",
            "On scene 01:50 BST Sun 25 Oct is before mobile 01:10 GMT Sun 25 Oct.",
        ),
        ("2026-03-29 00:59Z", "2026-03-29 01:01Z", "On scene 00:59 Sun 29 Mar is before mobile 02:01 Sun 29 Mar."),
        (
            "2026-07-05 14:03:07Z",
            "2026-07-05 14:03:09Z",
            "On scene 15:03:07 Sun 05 Jul is before mobile 15:03:09 Sun 05 Jul.",
        ),
    ],
)
async def test_a_sentence_says_both_times_as_a_clock_on_the_wall(
    psql: Psql, later: str, earlier: str, said: str
) -> None:
    sql = (
        "SELECT cru.refuse_order('assignment.on_scene', '', $1::text::timestamptz,"
        " 'assignment.mobile', '', $2::text::timestamptz)"
    )
    await psql.owner.execute("SET timezone = 'UTC'; SET datestyle = 'SQL, DMY'")
    with pytest.raises(asyncpg.PostgresError) as refusal:
        await psql.owner.execute(sql, later, earlier)
    assert refusal.value.args[0] == said


async def test_the_record_says_a_time_as_the_console_does(psql: Psql) -> None:
    start = datetime.fromisoformat("2026-10-24T20:07:00+00:00")
    moments = [start + n * timedelta(minutes=29) for n in range(40)]
    moments += [one.replace(month=3, day=28) for one in moments[:20]] + [one.replace(year=2025) for one in moments]
    today = start + timedelta(hours=5)
    found = [await psql.owner.fetchval("SELECT cru.local_time($1, $2)", one, today) for one in moments]
    assert found == [local_time(one, today) for one in moments]


async def test_two_amendments_at_once_do_not_pass_each_other(psql: Psql) -> None:
    told = await past(psql)
    await told.lay("referral.accepted", "assignment.allocated")
    middle = told.at("referral.accepted") + 30 * MINUTE
    doing = psql.lead.transaction()
    await doing.start()
    await told.amend(psql.lead, "referral.accepted", middle + MINUTE)
    other = asyncio.create_task(told.amend(psql.owner, "assignment.allocated", middle))
    waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    looking = await asyncpg.connect(**psql.record.owner_kwargs)
    async with asyncio.timeout(10):
        while not await looking.fetchval(waits) and not other.done():
            await asyncio.sleep(0.01)
    await looking.close()
    await doing.commit()
    with pytest.raises(asyncpg.PostgresError, match=r"allocated .* is before accepted "):
        await other
