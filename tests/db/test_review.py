"""What a shift lead has to look at: found in a night of everything, and gone from the list once signed off."""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from db import commands as do
from db.commands import SignOff, execute
from db.domain.review import ToReview, in_order
from db.engine import connect, transaction
from db.opening import list_opened
from db.review_queries import to_review
from tests.cluster import LOGINS, Record
from tests.db.doing import does
from tests.db.psql import STOPPED, Psql, psql_on


@pytest.fixture
async def psql(record: Record) -> AsyncIterator[Psql]:
    """A clock that stands still until it is set on."""
    async with psql_on(record, tuple(LOGINS)) as made:
        await made.owner.execute(STOPPED)
        yield made


async def on(psql: Psql, minutes: float) -> datetime:
    await psql.owner.execute(
        "UPDATE cru.service SET clock_shown = clock_shown + make_interval(secs => $1)", minutes * 60
    )
    now: datetime = await psql.owner.fetchval("SELECT cru.clock_now()")
    return now


async def listed(psql: Psql, record: Record, hours: float = 24) -> list[ToReview]:
    engine = connect(record.url("l.lead"))
    try:
        now = await psql.owner.fetchval("SELECT cru.clock_now()")
        look = await list_opened(engine, "review", now - timedelta(hours=hours), now + timedelta(minutes=1))
        async with transaction(engine) as connection:
            return await to_review(connection, look)
    finally:
        await engine.dispose()


async def kinds(psql: Psql, record: Record, of: UUID | None = None) -> list[str]:
    return [one.kind for one in await listed(psql, record) if of is None or one.referral_id == of]


async def sent(psql: Psql, priority: str = "P1") -> tuple[UUID, UUID]:
    made = await psql.take(priority=priority)
    await psql.screen(made)
    await psql.set(psql.shah, "referral", made, state="accepted")
    return made, await psql.allocate(made, await psql.van())


@pytest.mark.parametrize(("minutes", "late"), [(59, False), (60, False), (61, True), (300, True)])
async def test_who_was_met_late(psql: Psql, record: Record, minutes: float, late: bool) -> None:
    made, job = await sent(psql)
    await on(psql, minutes)
    await psql.set(psql.shah, "assignment", job, state="with patient")
    found = [one for one in await listed(psql, record) if one.kind == "late"]
    assert [one.referral_id for one in found] == ([made] if late else [])
    assert all(f"met {minutes:.0f} min after receipt, allowed 60 min" == one.words for one in found)


async def test_who_was_never_met_counts_from_its_end_and_a_decline_does_not(psql: Psql, record: Record) -> None:
    made, job = await sent(psql)
    declined = await psql.take()
    await on(psql, 90)
    await psql.set(psql.shah, "assignment", job, state="on scene")
    await psql.set(psql.shah, "assignment", job, state="clear")
    await psql.set(psql.shah, "referral", made, state="closed", outcome="not_found")
    await psql.set(psql.shah, "referral", declined, state="declined", end_reason="duplicate")
    found = [one for one in await listed(psql, record) if one.kind == "late"]
    assert [(one.referral_id, one.words) for one in found] == [
        (made, "never met, ended 90 min after receipt, allowed 60 min")
    ]


async def test_what_was_taken_back_or_entered_in_error_is_not_late(psql: Psql, record: Record) -> None:
    made, job = await sent(psql)
    await on(psql, 90)
    await psql.set(psql.shah, "assignment", job, state="with patient")
    act = await psql.shah.fetchval("SELECT act_id FROM cru.my_last_act()")
    await psql.shah.execute("SELECT cru.take_back($1, '')", act)
    assert await kinds(psql, record, made) == ["taken back"]


@pytest.mark.parametrize(
    ("minutes", "rule", "long"),
    [
        *((14, "", False), (15, "", False), (16, "", True)),
        # A number that the trust set, and one that is out of use.
        *((30, "value = 30", False), (31, "value = 30", True), (16, "value = 30, active = false", True)),
    ],
)
async def test_a_long_handover(psql: Psql, record: Record, minutes: float, rule: str, long: bool) -> None:
    if rule:
        await psql.owner.execute(f"UPDATE cru.rule SET {rule} WHERE name = 'long_handover'")  # noqa: S608 - of ours
    link = await psql.handover("started")
    await on(psql, minutes)
    await psql.set(psql.shah, "handover", link, state="accepted")
    assert ("long handover" in await kinds(psql, record)) is long


async def test_a_refusal_and_what_an_override_let_on(psql: Psql, record: Record) -> None:
    await psql.handover("refused")
    # Nobody read the brief back either.
    assert sorted(await kinds(psql, record)) == ["reality objected", "refused"]


async def test_an_amended_time_says_which_and_why_and_by_whom(psql: Psql, record: Record) -> None:
    made, job = await sent(psql)
    await on(psql, 20)
    await psql.set(psql.shah, "assignment", job, state="mobile")
    async with psql.lead.transaction():
        await psql.lead.execute("SELECT set_config('cru.reason', 'the crew rang', true)")
        at = (await psql.read("assignment", job))["allocated_at"] + timedelta(minutes=3)
        await psql.set(psql.lead, "assignment", job, mobile_at=at)
    (one,) = [found for found in await listed(psql, record) if found.kind == "amended"]
    assert (one.words, one.by, one.referral_id) == ("van mobile amended: the crew rang", "l.lead", made)


async def test_who_comes_back_within_three_days(psql: Psql, record: Record) -> None:
    person: dict[str, Any] = {"nhs_number": "943 476 5919"}
    first = await psql.take(**person)
    await psql.set(psql.shah, "referral", first, state="declined", end_reason="duplicate")
    await on(psql, 70 * 60)
    again = await psql.take(nhs_number="9434765919")
    await on(psql, 10 * 60)
    await psql.take(nhs_number="9434765919", location_text="elsewhere")
    found = [one.referral_id for one in await listed(psql, record) if one.kind == "back in 72 h"]
    assert found == [again], "the third came more than 72 hours after the only one that had ended"


async def test_who_comes_back_is_known_as_the_measures_know_it(psql: Psql, record: Record) -> None:
    """An accent or an apostrophe makes nobody another; a dispatcher's word does."""
    named = {"patient_name": "Siân O'Hare", "patient_born": date(1990, 5, 6)}
    first = await psql.take(**named)
    await psql.set(psql.shah, "referral", first, state="declined", end_reason="duplicate")
    await on(psql, 60)
    again, denied = await psql.take(**named | {"patient_name": "Sian O’HARE"}), await psql.take(**named)
    say = "INSERT INTO cru.same_person (referral_id, other_id, is_same) VALUES ($1, $2, false)"
    await psql.shah.execute(say, again, first)
    found = [one.referral_id for one in await listed(psql, record) if one.kind == "back in 72 h"]
    assert found == [denied]
    await psql.shah.execute(say, denied, first)
    assert "back in 72 h" not in await kinds(psql, record)


async def test_who_was_met_but_nobody_put_down_when_is_neither_late_nor_never_met(
    psql: Psql, record: Record
) -> None:
    made, job = await sent(psql)
    await on(psql, 90)
    for state in ("on scene", "conveying", "clear"):
        await psql.set(psql.shah, "assignment", job, state=state)
    await psql.set(psql.shah, "referral", made, state="closed", outcome="gp")
    assert "late" not in await kinds(psql, record, made)


async def test_a_second_van_and_a_reopening_make_nobody_late_who_was_met_in_time(
    psql: Psql, record: Record
) -> None:
    made, job = await sent(psql)
    await on(psql, 30)
    second = await psql.allocate(made, await psql.van())
    await psql.set(psql.shah, "assignment", job, state="with patient")
    await on(psql, 60)
    await psql.set(psql.shah, "assignment", second, state="with patient")
    for one in (job, second):
        await psql.set(psql.shah, "assignment", one, state="clear")
    await psql.set(psql.shah, "referral", made, state="closed", outcome="gp")
    async with psql.lead.transaction():
        await psql.lead.execute("SELECT set_config('cru.reason', 'rang again', true)")
        await psql.set(psql.lead, "referral", made, state="accepted")
    await does(psql, do.AddNote(referral_id=made, words="as before"))  # the reason is read with it
    await on(psql, 30)
    third = await psql.allocate(made, await psql.van())
    await psql.set(psql.shah, "assignment", third, state="with patient")
    assert "late" not in await kinds(psql, record, made)


@pytest.mark.parametrize("clock", ["2026-10-25 00:30Z", "2026-03-29 00:30Z"])
async def test_where_the_clocks_change_a_wait_is_as_long_as_it_was(psql: Psql, record: Record, clock: str) -> None:
    await psql.owner.execute("UPDATE cru.service SET clock_shown = CAST($1::text AS timestamptz)", clock)
    made, job = await sent(psql)
    await on(psql, 59)
    await psql.set(psql.shah, "assignment", job, state="with patient")
    assert "late" not in await kinds(psql, record, made)
    other, job = await sent(psql)
    await on(psql, 62)
    await psql.set(psql.shah, "assignment", job, state="with patient")
    (late,) = [one for one in await listed(psql, record) if one.kind == "late"]
    assert (late.referral_id, late.words) == (other, "met 62 min after receipt, allowed 60 min")


async def test_nothing_of_what_was_entered_in_error_is_looked_at(psql: Psql, record: Record) -> None:
    referral = await psql.take()
    await psql.shah.execute(
        "INSERT INTO cru.feedback (referral_id, said_by, words) VALUES ($1, 'carer', 'never rung back')", referral
    )
    assert await kinds(psql, record, referral) == ["feedback"]
    await psql.set(
        psql.lead,
        "referral",
        referral,
        entered_in_error_at=await on(psql, 1),
        entered_in_error_reason="Taken twice",
    )
    assert await kinds(psql, record, referral) == []


async def test_a_refusal_says_why_in_words(psql: Psql, record: Record) -> None:
    link = await psql.handover("refused")
    (one,) = [one for one in await listed(psql, record) if one.kind == "refused"]
    code = (await psql.read("handover", link))["refusal_reason"]
    query = "SELECT label FROM cru.reason WHERE kind = 'refuse_handover' AND code = $1"
    assert one.words.endswith(f" refused: {await psql.owner.fetchval(query, code)}")


async def test_feedback_and_an_insisted_step_are_looked_at(psql: Psql, record: Record) -> None:
    made, job = await sent(psql)
    async with psql.shah.transaction():
        await psql.shah.execute("SELECT set_config('cru.insisted', 'fix 7.6 km away', true)")
        await psql.set(psql.shah, "assignment", job, state="on scene")
    await psql.shah.execute(
        "INSERT INTO cru.feedback (referral_id, said_by, words) VALUES ($1, 'EMAS crew', 'with us in 45')", made
    )
    found = {one.kind: one for one in await listed(psql, record)}
    assert (
        found["reality objected"].words
        == "van on scene, although fix 7.6 km away; CRU1 has not read the brief back"
    )
    assert found["feedback"].words == "EMAS crew: with us in 45"


async def test_what_was_signed_off_goes_behind_what_was_not(psql: Psql, record: Record) -> None:
    for words in ("one", "two"):
        await psql.shah.execute("INSERT INTO cru.feedback (said_by, words) VALUES ('carer', $1)", words)
        await on(psql, 1)
    first = next(one for one in await listed(psql, record) if one.words == "carer: two")
    engine = connect(record.url("l.lead"))
    await execute(engine, SignOff(kind=first.kind, about=first.about, words="rang her back"))
    await engine.dispose()
    found = await listed(psql, record)
    assert [(one.words, one.is_open, one.line) for one in found] == [
        ("carer: one", True, ""),
        ("carer: two", False, "rang her back"),
    ]
    assert in_order(found[::-1]) == found


async def test_what_lies_outside_the_time_asked_for_is_left_out(psql: Psql, record: Record) -> None:
    await psql.shah.execute("INSERT INTO cru.feedback (said_by, words) VALUES ('carer', 'x')")
    await on(psql, 25 * 60)
    assert await listed(psql, record) == []
    assert len(await listed(psql, record, 26)) == 1
