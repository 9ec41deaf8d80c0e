"""When the facts behind the measures are worked out: nobody waits for it, and nothing is missed."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from db.domain.periods import Period
from db.domain.records import Location
from db.domain.rules import Rules
from db.domain.towns import _OTHERS, _POST_TOWNS, whereabouts
from db.measures import on_wall
from tests.cluster import Cluster
from tests.db.measuring import now_of, read, reading, told
from tests.db.psql import TAKE_BACK, Psql
from tests.db.upgrades import LeftBy, cloned

HOURS = (1, 24, 25, 100, 168, 169, 420)


async def received(psql: Psql) -> float | None:
    return (await read(psql, anew=False)).figures["received"].value


async def test_what_is_not_committed_is_counted_once_it_is(psql: Psql) -> None:
    begun = psql.shah.transaction()
    await begun.start()
    await psql.take()
    assert await received(psql) == 0
    await begun.commit()
    assert await received(psql) == 1
    again = psql.shah.transaction()
    await again.start()
    await psql.take()
    await again.rollback()
    assert await received(psql) == 1


async def test_two_leads_read_at_once_and_see_the_same(psql: Psql) -> None:
    for _ in range(3):
        await psql.referral("declined")
    both = await asyncio.gather(*(read(psql, anew=False) for _ in range(3)))
    assert [one.figures["declined"].part for one in both] == [3, 3, 3]


async def test_a_reader_that_may_not_write_sees_what_was_worked_out_last(psql: Psql) -> None:
    await psql.take()
    assert await received(psql) == 1
    await psql.take()
    sql = "SELECT value FROM cru.measure_figures(ARRAY[now() - interval '1 day'], ARRAY[now()], '{}')"
    async with psql.lead.transaction(readonly=True):
        assert await psql.lead.fetchval(f"{sql} WHERE key = 'received'") == 1
    assert await received(psql) == 2


async def test_whoever_writes_waits_for_no_reader(psql: Psql) -> None:
    made = await psql.take()
    reader = psql.lead.transaction()
    await reader.start()
    await psql.lead.fetch("SELECT * FROM cru.measure_figures(ARRAY[now()], ARRAY[now()], '{}')")
    await asyncio.wait_for(psql.set(psql.shah, "referral", made, caller="a neighbour"), 2)
    await reader.commit()


async def test_the_passing_of_time_makes_something_else_of_it(psql: Psql) -> None:
    made = await psql.referral("declined")
    await psql.amend(psql.shah, "referral", made, nhs_number="943 476 5919")
    assert await told(psql, "back") == [(0, 0, 1)]
    now = await psql.owner.fetchval("SELECT now()")
    await psql.owner.execute(
        "UPDATE cru.service SET clock_origin = now(), clock_shown = $1, clock_speed = 1", now + timedelta(hours=73)
    )
    found = (await read(psql, anew=False)).figures["back"]
    assert (found.part, found.n, found.missing) == (0, 1, 0)


async def test_positions_of_a_job_are_waited_for_a_day_and_of_one_that_did_not_happen_not_at_all(
    psql: Psql,
) -> None:
    first = await psql.assignment("with patient")
    made = (await psql.read("assignment", first))["referral_id"]

    async def again_at() -> Any:
        await read(psql, anew=False)
        return await psql.owner.fetchval("SELECT again_at FROM cru.referral_fact WHERE referral_id = $1", made)

    await psql.allocate(made, await psql.van())
    await psql.shah.execute(TAKE_BACK)
    assert await again_at() is None
    other = await psql.allocate(made, await psql.van())
    await psql.set(psql.shah, "assignment", other, state="stood down", stand_down_reason="not_needed")
    ended = (await psql.read("assignment", other))["stood_down_at"]
    assert await again_at() == ended + timedelta(days=1)


async def test_of_shifts_and_jobs_that_part_counts_which_lies_in_a_stretch_however_long_they_were(
    psql: Psql,
) -> None:
    now = await psql.owner.fetchval("SELECT date_trunc('hour', cru.clock_now())")
    start, stop = now - timedelta(days=3), now - timedelta(days=2)
    begun = [start + timedelta(hours=n) for n in (-400, -168, -167, -25, -24, -23, -1, 0, 5, 24, 30)]
    spans = [(at, at + timedelta(hours=long)) for at in begun for long in HOURS]
    # What is open still goes on now: one of a van at most.
    spans += [(at, None) for at in begun[::5]]
    job = await psql.assignment("with patient")
    await psql.owner.execute("SELECT cru.settle_measures()")
    vans = [row["id"] for row in await psql.owner.fetch("SELECT id FROM cru.van ORDER BY id LIMIT 3")]
    await psql.owner.execute("SET session_replication_role = replica")
    await psql.owner.execute("DELETE FROM cru.shift_member; DELETE FROM cru.shift")
    for at, until in spans:
        # What did not happen counts nowhere.
        for back in (None, now) if until else (None,):
            await psql.owner.execute(
                "INSERT INTO cru.shift (van_id, started_at, planned_end_at, ended_at, taken_back_at)"
                " SELECT $1, t, t + interval '12 hours', $3, $4 FROM CAST($2 AS timestamptz) t",
                vans[begun.index(at) // 5],
                at,
                until,
                back,
            )
        await psql.owner.execute(
            "INSERT INTO cru.job_fact SELECT (jsonb_populate_record(f, jsonb_build_object('assignment_id',"
            " gen_random_uuid(), 'from_at', $1::timestamptz, 'until_at', $2::timestamptz))).* FROM cru.job_fact f"
            " WHERE assignment_id = $3",
            at,
            until,
            job,
        )
    await psql.owner.execute("DELETE FROM cru.job_fact WHERE assignment_id = $1", job)
    inside = sorted(
        (max(at, start), min(until or stop, stop)) for at, until in spans if at < stop and (until or now) > start
    )
    for function in ("duties_between", "jobs_between"):
        asks = f"SELECT from_at, until_at FROM cru.{function}($1, $2, $3) ORDER BY 1, 2"  # noqa: S608 - ours
        assert [tuple(row) for row in await psql.owner.fetch(asks, start, stop, "{}")] == inside, function
        others = f'{{"vans": ["{job}"]}}'
        assert await psql.owner.fetch(asks, start, stop, others) == [], function


async def test_who_came_back_makes_the_referral_before_count(psql: Psql) -> None:
    async def back(anew: bool = False) -> tuple[Any, int, int]:
        found = (await read(psql, anew=anew)).figures["back"]
        return found.part, found.n, found.missing

    first = await psql.take(patient_name="Ida Example")
    await psql.set(psql.shah, "referral", first, state="declined", end_reason="out_of_area")
    assert await back() == (0, 0, 1)
    second = await psql.take(patient_name="Somebody")
    assert await back() == (0, 0, 1)
    for who, which in ((psql.shah, first), (psql.shah, second)):
        await psql.amend(who, "referral", which, nhs_number="943 476 5919")
    assert await back() == (1, 1, 0)
    # Each of these is an act on the other referral.
    await psql.set(psql.shah, "referral", second, nhs_number=None)
    assert await back() == (0, 0, 1)
    await psql.set(psql.shah, "referral", second, nhs_number="943 476 5919")
    assert await back() == (1, 1, 0)
    said = "INSERT INTO cru.same_person (referral_id, other_id, is_same) VALUES ($1, $2, $3)"
    await psql.shah.execute(said, second, first, False)
    assert await back() == (0, 0, 1)
    await psql.shah.execute(said, second, first, True)
    assert await back() == (1, 1, 0)
    await psql.set(psql.shah, "referral", second, nhs_number=None)
    assert await back() == (1, 1, 0)
    await mark_in_error(psql, second)
    assert await back() == (0, 0, 1)


async def mark_in_error(psql: Psql, referral: UUID) -> None:
    now = await psql.owner.fetchval("SELECT cru.clock_now()")
    await psql.set(psql.lead, "referral", referral, entered_in_error_at=now, entered_in_error_reason="a test")


async def test_an_assumption_that_a_lead_sets_is_gone_by_at_once(psql: Psql) -> None:
    await psql.handover("released")
    (before,) = [(await read(psql)).figures["ems_given_back"].value]
    await psql.lead.execute("UPDATE cru.rule SET value = 34 WHERE name = 'assumed_without'")
    found = await read(psql, anew=False)
    after = found.figures["ems_given_back"].value
    assert before is not None
    assert after is not None
    assert round(before - after, 6) == 1
    said = await psql.owner.fetchrow("SELECT author, dated FROM cru.rule WHERE name = 'assumed_without'")
    assert said["author"] == "l.lead"
    # Whoever reads the figure reads the assumption, its day and its author.
    (measure,) = [one for one in found.measures if one.assumes]
    day = f"{said['dated'].day} {said['dated']:%b %Y}"
    assert (measure.key, measure.assumes) == ("ems_given_back", f"34 min, {day}")
    assert measure.definition.endswith(f" Assumed: 34 min, {day}, L. Lead.")


@pytest.mark.parametrize(
    ("change", "words"),
    [("value = 2, unit = 'hours'", "2 h 00, "), ("active = false", "94 min, which nobody has set.")],
)
async def test_an_assumption_is_said_as_it_is_gone_by(psql: Psql, change: str, words: str) -> None:
    await psql.owner.execute(f"UPDATE cru.rule SET {change} WHERE name = 'assumed_without'")  # noqa: S608 - ours
    found = await read(psql, anew=False)
    assert [words in one.definition for one in found.measures if one.assumes] == [True]
    async with reading(psql, "w.wall") as connection:
        wall = (await on_wall(connection, Period.tonight(await now_of(psql)), past=0)).measures
    assert [words in one.definition for one in wall if one.assumes] == [True]


async def test_a_number_of_a_definition_is_gone_by_at_once(psql: Psql) -> None:
    job = await psql.assignment("with patient")
    late = timedelta(minutes=50)
    await psql.owner.execute("SET session_replication_role = replica")
    await psql.owner.execute(
        "UPDATE cru.referral r SET received_at = a.with_patient_at - $2::interval FROM cru.assignment a"
        " WHERE a.id = $1 AND r.id = a.referral_id",
        job,
        late,
    )
    await psql.owner.execute("RESET session_replication_role")
    assert await told(psql, "within_45", "within_60") == [(0, 1, 0), (1, 1, 0)]
    await psql.owner.execute("UPDATE cru.measure SET within_limit = 50 WHERE key = 'within_45'")
    assert await told(psql, "within_45") == [(1, 1, 0)]


# --- what stands in two places is the same ---


async def test_the_record_knows_the_towns_and_the_age_of_a_stale_fix_as_the_screen_does(psql: Psql) -> None:
    rows = await psql.owner.fetch("SELECT town, districts FROM cru.post_towns()")
    assert {row["town"]: row["districts"] for row in rows} == {**_POST_TOWNS, **dict.fromkeys(_OTHERS, "")}
    assert await psql.owner.fetchval("SELECT cru.stale_after()") == Rules().stale_fix
    known = {*_POST_TOWNS, *_OTHERS}
    for postcode, place in (
        ("NN18 9ND", "12 Studfall Avenue"),
        ("nn18", ""),
        ("NN15 5AB", "High Street, Burton Latimer"),
        ("NN15 5AB", "Kettering Road, Burton Latimer, Northants"),
        ("", "12 Studfall Avenue, Corby, NN18 9ND"),
        ("", "Wicksteed Park - Kettering"),
        ("", "behind the old mill"),
        ("", "near the A43"),
        ("", "4 London Road\nDaventry\nNN11 4BB"),
        ("MK41 9ZZ", ""),
        ("ZZ1 1ZZ", "nowhere"),
        ("", "Market Square, Higham Ferrers"),
    ):
        said = whereabouts(Location(place, postcode)).town
        sql = "SELECT town FROM cru.towns_said(ARRAY[gen_random_uuid()], ARRAY[$1], ARRAY[$2])"
        found = await psql.owner.fetchval(sql, postcode, place)
        assert found == (said if said in known else ""), (postcode, place)


@pytest.mark.long
async def test_a_record_in_use_gets_its_figures(left_by: LeftBy, cluster: Cluster) -> None:
    async with cloned(cluster, left_by("0020")) as psql:
        await psql.assignment("with patient")
        await psql.referral("declined")
        await psql.owner.execute("UPDATE cru.measure SET definition = 'Our own words' WHERE key = 'back'")
        before = await psql.owner.fetch("SELECT key, title, definition, balance FROM cru.measure ORDER BY key")
        from db import migrate

        await migrate.upgrade(psql.record.owner_url)
        assert await psql.owner.fetchval("SELECT count(*) FROM cru.referral_fact") == 2
        found = {row["key"]: row for row in await psql.owner.fetch("SELECT * FROM cru.measure")}
        assert all(found[row["key"]]["title"] == row["title"] for row in before)
        assert found["back"]["definition"] == "Our own words"
        assert found["response"]["definition"] != {row["key"]: row for row in before}["response"]["definition"]
        assert await psql.owner.fetchval("SELECT value FROM cru.rule WHERE name = 'assumed_without'") == 94
        figures = (await read(psql, anew=False)).figures
        assert (figures["response"].n, figures["declined"].part) == (1, 1)


async def test_what_is_no_measure_is_refused_by_the_table(psql: Psql) -> None:
    for wrong in ("target = 'NaN'", "within_limit = 0", "better = ''"):
        try:
            await psql.owner.execute(f"UPDATE cru.measure SET {wrong} WHERE key = 'response'")  # noqa: S608
        except asyncpg.CheckViolationError:
            continue
        raise AssertionError(wrong)


async def test_a_console_that_only_looks_at_a_record_makes_nothing_due(psql: Psql) -> None:
    made = await psql.take()
    assert await received(psql) == 1
    await psql.shah.execute("INSERT INTO cru.event (referral_id, kind) VALUES ($1, 'record opened')", made)
    assert await psql.owner.fetchval("SELECT count(*) FROM cru.fact_due") == 0
