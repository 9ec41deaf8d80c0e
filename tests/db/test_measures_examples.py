"""What each measure counts where it is not plain: one example a rule."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from db import commands as do
from db.domain.periods import Period
from db.measures import behind
from tests.db.doing import does
from tests.db.measuring import figures, now_of, put, reading, told
from tests.db.psql import Psql


async def times(psql: Psql, table: str, row: UUID, **minutes: float | None) -> None:
    """Put times of a row at so many minutes after an hour that lies five hours back, with no guard asked."""
    start = await hour(psql)
    to = {f"{name}_at": None if n is None else start + timedelta(minutes=n) for name, n in minutes.items()}
    async with psql.owner.transaction():
        await psql.owner.execute("SET LOCAL session_replication_role = replica")
        await psql.set(psql.owner, table, row, **to)


async def hour(psql: Psql) -> datetime:
    now: datetime = await now_of(psql)
    return now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=5)


async def met(psql: Psql, referral: UUID, *, received: float = 0) -> None:
    await times(psql, "referral", referral, received=received, accepted=received)


async def job(psql: Psql, referral: UUID, **minutes: float | None) -> UUID:
    """A job that went through some steps at some minutes, and is clear."""
    made = await psql.allocate(referral, await psql.van())
    await psql.set(psql.shah, "assignment", made, state="on scene")
    await psql.set(psql.shah, "assignment", made, state="clear")
    await times(psql, "assignment", made, **({"allocated": 0, "on_scene": None, "clear": 200} | minutes))
    return made


async def median(psql: Psql, key: str) -> tuple[Any, int, int]:
    (found,) = await figures(psql, key)
    return found.value, found.n, found.missing


@pytest.mark.hazard("H-034")
async def test_the_first_crew_counts_and_no_later_one_instead(psql: Psql) -> None:
    referral = await psql.referral()
    await met(psql, referral)
    await job(psql, referral, with_patient=50)
    assert await median(psql, "response") == (50, 1, 0)
    await job(psql, referral, with_patient=31)
    assert await median(psql, "response") == (31, 1, 0)
    # A third crew was there before both, by what it did next; nobody put down when it came.
    await job(psql, referral, conveying=20)
    assert await median(psql, "response") == (None, 0, 1)
    assert await told(psql, "within_45", "never_met") == [(0, 0, 1), (0, 0, 0)]


async def test_who_was_met_before_a_reopening_is_not_met_anew(psql: Psql) -> None:
    referral = await psql.referral()
    await job(psql, referral, with_patient=40)
    await psql.set(psql.shah, "referral", referral, state="closed", outcome="gp")
    async with psql.lead.transaction():
        await psql.lead.execute("SELECT set_config('cru.reason', 'rang again', true)")
        await psql.set(psql.lead, "referral", referral, state="accepted")
    # Why it was is read before anybody is sent.
    await does(psql, do.AddNote(referral_id=referral, words="as before"))
    await met(psql, referral)
    await job(psql, referral, with_patient=190)
    assert await median(psql, "response") == (40, 1, 0)
    # It is open again, so it has not ended.
    assert await told(psql, "never_met") == [(0, 0, 0)]


async def test_what_was_taken_back_is_met_by_nobody(psql: Psql) -> None:
    referral = await psql.referral()
    await met(psql, referral)
    wrong = await job(psql, referral, with_patient=5)
    await job(psql, referral, with_patient=44)
    async with psql.owner.transaction():
        await psql.owner.execute("SET LOCAL session_replication_role = replica")
        await psql.set(psql.owner, "assignment", wrong, taken_back_at=await now_of(psql))
    assert await median(psql, "response") == (44, 1, 0)
    assert (await median(psql, "job_cycle"))[1] == 1


@pytest.mark.hazard("H-015")
async def test_who_waits_alone_is_told_from_who_does_not(psql: Psql) -> None:
    for source, minutes in (("hub", 70), ("ems_crew", 10), ("police", 30)):
        referral = await psql.referral()
        await met(psql, referral)
        await psql.owner.execute("UPDATE cru.referral SET source = $2 WHERE id = $1", referral, source)
        await job(psql, referral, with_patient=minutes)
    assert await median(psql, "response_alone") == (70, 1, 0)
    assert await median(psql, "response_accompanied") == (20, 2, 0)


async def link(psql: Psql, referral: UUID, ordinal: int, giver: str, **minutes: float | None) -> None:
    start = await hour(psql)
    kind = "ems" if giver.startswith("EMAS") else "police"
    at = {f"{name}_at": start + timedelta(minutes=n) for name, n in minutes.items() if n is not None}
    state = "released" if "released_at" in at else "accepted"
    to = {"to_party": "CRU", "to_kind": "cru", "from_party": giver, "from_kind": kind, "state": state}
    await put(psql, "handover", referral_id=referral, ordinal=ordinal, expected_at=start, **to, **at)


@pytest.mark.hazard("H-034")
async def test_the_first_handover_counts_and_a_crew_that_waits_is_not_missing(psql: Psql) -> None:
    referral = await psql.referral()
    await met(psql, referral)
    await job(psql, referral, on_scene=30, with_patient=32)
    await link(psql, referral, 1, "EMAS A1", accepted=41)
    assert await median(psql, "handover") == (11, 1, 0)
    assert await told(psql, "handover_15", "handover_30", "handover_60") == [(1, 1, 0)] * 3
    assert await median(psql, "ems_wait") == (None, 0, 0)
    await link(psql, referral, 2, "EMAS B2", accepted=60, released=64)
    assert await median(psql, "handover") == (11, 1, 0)
    assert [await median(psql, key) for key in ("ems_wait", "ems_release")] == [(64, 1, 0), (34, 1, 0)]
    # Once it is closed, a release that nobody put down is missing.
    other = await psql.referral()
    await job(psql, other, on_scene=30)
    await link(psql, other, 1, "EMAS A1", accepted=41)
    await psql.set(psql.shah, "referral", other, state="closed", outcome="gp")
    assert await median(psql, "ems_wait") == (64, 1, 1)


async def test_a_crew_that_was_kept_longer_takes_nothing_away(psql: Psql) -> None:
    for released in (34, 154):
        referral = await psql.referral()
        await met(psql, referral)
        await job(psql, referral, on_scene=20)
        await link(psql, referral, 1, "EMAS A1", accepted=30, released=released)
    (found,) = await figures(psql, "ems_given_back")
    assert (found.value, found.n, found.short()) == (1, 2, "1.0 h")


async def test_a_skipped_step_is_missing_and_one_to_come_is_not(psql: Psql) -> None:
    referral = await psql.referral()
    await met(psql, referral)
    await job(psql, referral, mobile=3, on_scene=15)
    await job(psql, referral, on_scene=20)
    await job(psql, referral, mobile=5)
    await psql.allocate(referral, await psql.van())  # on its way to nothing yet
    assert await median(psql, "activation") == (4, 2, 1)
    assert await median(psql, "travel") == (12, 1, 1)
    assert await median(psql, "job_cycle") == (200, 3, 0)


@pytest.mark.hazard("H-071")
async def test_a_call_that_was_never_made_was_not_made_in_time(psql: Psql) -> None:
    waits, fresh, met_first = [await psql.take(priority="P2", source="hub") for _ in range(3)]
    await times(psql, "referral", waits, received=0)
    await times(psql, "referral", met_first, received=0)
    start = await hour(psql)
    for made, due in ((20, 30), (95, 80)):
        at = {"made_at": start + timedelta(minutes=made), "due_at": start + timedelta(minutes=due)}
        await put(psql, "contact", referral_id=waits, spoke_with="person", with_name="Ida", **at)
    await put(psql, "assignment", referral_id=met_first, van_id=await psql.van(), allocated_at=start)
    # The first in time, the second late, and a third that is due and was not made; nothing is due of the others.
    assert await told(psql, "called_in_time") == [(1, 3, 0)]
    assert fresh


@pytest.mark.hazard("H-071")
@pytest.mark.parametrize(("ended", "due"), [(40, 1), (100, 0), (None, 0)])
async def test_an_agreement_that_had_ended_puts_no_call_off(psql: Psql, ended: int | None, due: int) -> None:
    waits = await psql.take(priority="P2", source="hub")
    await times(psql, "referral", waits, received=0)
    start = await hour(psql)
    at = {"made_at": start + timedelta(minutes=20), "agreed_until": start + timedelta(minutes=180)}
    over = {} if ended is None else {"agreed_ended_at": start + timedelta(minutes=ended)}
    await put(psql, "contact", referral_id=waits, spoke_with="person", with_name="Ida", **at, **over)
    # A van was allocated 90 minutes after: only by then it matters whether the agreement held.
    allocated = start + timedelta(minutes=90)
    await put(psql, "assignment", referral_id=waits, van_id=await psql.van(), allocated_at=allocated)
    assert await told(psql, "called_in_time") == [(0, due, 0)]


async def test_a_click_and_a_device_type_nothing(psql: Psql) -> None:
    referral = await psql.referral("closed")
    await psql.owner.execute("SELECT cru.measure_anew()")
    clicked = await told(psql, "untyped")
    assert clicked == [(clicked[0][1], clicked[0][1], 0)]
    start = await hour(psql)
    for source in ("user", "crew", "geofence", "device", "message"):
        await put(psql, "event", referral_id=referral, kind="van mobile", happened_at=start, source=source)
    assert await told(psql, "untyped") == [(clicked[0][0] + 3, clicked[0][1] + 5, 0)]
    async with psql.lead.transaction():
        await psql.lead.execute("SELECT set_config('cru.reason', 'a slip', true)")
        await psql.set(psql.lead, "referral", referral, closed_at=await now_of(psql))
    assert await told(psql, "untyped") == [(clicked[0][0] + 2, clicked[0][1] + 5, 0)]
    (amended,) = await figures(psql, "amended")
    assert (amended.value, amended.n) == (1, 1)


async def test_a_stale_position_is_what_the_room_did_not_know(psql: Psql) -> None:
    start = await hour(psql)
    referral = await psql.referral()
    seen, unseen = await job(psql, referral, clear=20), await job(psql, referral, clear=20)
    assert unseen
    van = await psql.owner.fetchval("SELECT van_id FROM cru.assignment WHERE id = $1", seen)
    at = [start + timedelta(minutes=n) for n in range(21)]
    await put(psql, "position", van_id=van, fixed_at=at[20], lat=52.2, lon=-0.9)
    # Fresh until 1; at 8 one comes in that says where it was at 7; one of 12 comes in at 15, and is old by then;
    # one that nobody can believe makes nothing fresh.
    for fixed, came, refused in ((-1, 0, ""), (7, 8, ""), (12, 15, ""), (17, 17, "too fast")):
        moments = {"fixed_at": start + timedelta(minutes=fixed), "received_at": start + timedelta(minutes=came)}
        await put(psql, "position_fix", van_id=van, lat=52.2, lon=-0.9, refused=refused, **moments)
    (found,) = await figures(psql, "stale")
    assert (found.part, found.total, found.n, found.missing) == (18, 20, 1, 1)


async def test_police_are_avoided_where_it_is_answered(psql: Psql) -> None:
    for said in ("yes", "no", "unknown", None):
        referral = await psql.referral()
        await job(psql, referral, with_patient=9)
        await psql.set(psql.shah, "referral", referral, police_avoided=said)
    await psql.referral("declined")
    assert await told(psql, "police_avoided") == [(1, 2, 2)]


@pytest.mark.hazard("H-010")
async def test_overrides_stand_beside_those_who_were_not_taken_on(psql: Psql) -> None:
    plain, let_on, concern, none = [await psql.take() for _ in range(4)]
    await psql.screen(plain)
    for referral in (let_on, concern):
        await psql.screen(referral, seizure="not known")
    said = {"clinician": "Dr Ray", "reason": "seen yesterday", "covers": ["x"], "kind": "let on"}
    await put(psql, "decision", referral_id=let_on, **said)
    for referral in (concern, none):
        await psql.set(psql.shah, "referral", referral, state="declined", end_reason="out_of_area")
    assert await told(psql, "overrides", "screened_out") == [(1, 3, 0), (1, 3, 0)]


async def test_behind_a_share_stands_how_each_came_out(psql: Psql) -> None:
    first, second = await psql.referral("declined"), await psql.referral("cancelled")
    await psql.take()
    now = await now_of(psql)
    async with reading(psql) as connection:
        found = await behind(connection, "declined", Period(now - timedelta(days=1), now))
    assert [(one.referral_id, one.value, one.of) for one in found] == [(first, 1, 1), (second, 0, 1)]


@pytest.mark.hazard("H-061")
async def test_beside_the_time_stand_those_whom_nobody_met(psql: Psql) -> None:
    await job(psql, await psql.referral("attending"), with_patient=9)
    for state in ("declined", "cancelled", "received", "accepted"):
        await psql.referral(state)
    assert await told(psql, "never_met", "declined", "cancelled") == [(2, 2, 0), (1, 2, 0), (1, 2, 0)]


@pytest.mark.hazard("H-014")
async def test_a_hold_is_past_due_when_it_ends_after_the_time_of_its_priority(psql: Psql) -> None:
    for minutes in (59, 60, 61, None):
        referral = await psql.take(priority="P1", source="hub")
        await times(psql, "referral", referral, received=0)
        if minutes is not None:
            until = (await hour(psql) + timedelta(minutes=minutes)).isoformat()
            # One that was ended before, and another that is longer, of the same referral.
            for end in (None, until):
                await put(psql, "event", referral_id=referral, kind="on hold", detail=json.dumps({"until": end}))
    assert await told(psql, "holds_past_due") == [(1, 3, 0)]


@pytest.mark.hazard("H-062", "H-080")
async def test_force_that_nobody_put_down_is_no_force_that_did_not_happen(psql: Psql) -> None:
    for said in ("yes", "no", "no", "unknown", None):
        referral = await psql.referral()
        await job(psql, referral, with_patient=9)
        await psql.set(psql.shah, "referral", referral, state="closed", outcome="gp")
        await psql.amend(psql.shah, "referral", referral, force_used=said, ae_avoided=said)
    await psql.referral("closed")  # nobody met them
    keys = ("force", "force_not_said", "avoided")
    assert await told(psql, *keys) == [(1, 3, 2), (1, 5, 0), (1, 3, 2)]


async def test_wishes_were_asked_for_where_any_stands_in_the_plan_or_what_helps_does(psql: Psql) -> None:
    job = await psql.assignment("with patient")
    referral = (await psql.read("assignment", job))["referral_id"]
    await psql.owner.execute("SET session_replication_role = replica")
    for plan, asked in (
        ('{"wishes": [], "helps": ""}', 0),
        ('{"wishes": ["tea"]}', 1),
        ('{"helps": "a quiet room"}', 1),
    ):
        await psql.set(psql.owner, "referral", referral, plan=plan)
        assert await told(psql, "wishes_asked") == [(asked, 1, 0)], plan
