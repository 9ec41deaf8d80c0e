"""Nobody waits unheard: calls by the schedule, holds that are agreed, and what was promised. At a psql prompt."""

from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest

from db import care_rows, queries
from db import commands as do
from db.domain.calls import next_call
from db.engine import connect, transaction
from tests.db.doing import does
from tests.db.psql import TAKE_BACK, Psql


async def clock(psql: Psql) -> datetime:
    moment: datetime = await psql.owner.fetchval("SELECT cru.clock_now()")
    return moment


async def at_hour(psql: Psql, moment: str = "2026-02-11T22:05:00Z") -> datetime:
    """A record whose clock stands still."""
    await psql.owner.execute(
        "UPDATE cru.service SET clock_shown = $1::text::timestamptz, clock_origin = clock_timestamp(),"
        " clock_speed = 0",
        moment,
    )
    return await clock(psql)


async def waiting(psql: Psql, priority: str = "P2") -> UUID:
    made = await psql.take(source="hub", priority=priority, location_text="Mill Lane, Desborough")
    await psql.screen(made)
    await psql.set(psql.shah, "referral", made, state="accepted")
    return made


@pytest.mark.hazard("H-014")
async def test_a_hold_past_the_due_time_is_not_silent(psql: Psql) -> None:
    now = await at_hour(psql)
    who = await waiting(psql)
    due = now + timedelta(hours=4)
    rest = {"hold_until": due + timedelta(minutes=1), "hold_reason": "day_visit"}
    for someone in (psql.shah, psql.lead, psql.owner):
        await psql.set_refused(
            someone, "referral", who, code="CR003", says="due with the person by 02:05 Thu", **rest
        )
    await psql.set(psql.shah, "referral", who, hold_until=due, hold_reason="day_visit")


@pytest.mark.hazard("H-014")
@pytest.mark.parametrize(
    "call",
    [
        {"spoke_with": "carer", "with_name": "Bram, her brother"},
        {"spoke_with": "other", "with_name": "the night porter"},
        {"spoke_with": "nobody", "why_not": "voicemail"},
        {"spoke_with": "person", "with_name": "Ottoline"},
        {"spoke_with": "person", "with_name": "Ottoline", "agreed_until": timedelta(hours=8, minutes=59)},
    ],
)
async def test_only_the_person_lets_a_hold_pass_it_and_only_as_long_as_they_agreed(
    psql: Psql, call: dict[str, Any]
) -> None:
    now = await at_hour(psql)
    who = await waiting(psql)
    agreed = {"agreed_until": now + call.pop("agreed_until")} if "agreed_until" in call else {}
    await psql.call(who, about="hold", **call, **agreed)
    rest = {"hold_until": now + timedelta(hours=9), "hold_reason": "day_visit"}
    await psql.set_refused(psql.shah, "referral", who, code="CR003", says="in silence", **rest)
    await psql.call(who, about="hold", with_name="Ottoline", agreed_until=rest["hold_until"])
    await psql.set(psql.shah, "referral", who, **rest)
    assert "on hold" in await psql.kinds(who)


async def test_what_somebody_else_agreed_to_or_was_taken_back_counts_for_nothing(psql: Psql) -> None:
    now = await at_hour(psql)
    who, other = await waiting(psql), await waiting(psql)
    until = now + timedelta(hours=11)
    await psql.call(other, agreed_until=until)
    rest = {"hold_until": until, "hold_reason": "day_visit"}
    await psql.set_refused(psql.shah, "referral", who, says="in silence", **rest)
    await psql.call(who, agreed_until=until)
    act = await psql.shah.fetchval("SELECT act_id FROM cru.my_last_act()")
    await psql.shah.execute("SELECT cru.take_back($1)", act)
    await psql.set_refused(psql.shah, "referral", who, says="in silence", **rest)


async def test_an_agreement_is_the_persons_and_lies_ahead(psql: Psql) -> None:
    now = await at_hour(psql)
    who = await waiting(psql)
    sql = (
        "INSERT INTO cru.contact (referral_id, spoke_with, with_name, why_not, agreed_until, made_at)"
        " VALUES ($1, $2, $3, $4, $5, $6)"
    )
    ahead = now + timedelta(hours=2)
    await psql.refused(psql.shah, sql, who, "carer", "Bram", "", ahead, now, code="23514")
    await psql.refused(psql.shah, sql, who, "person", " ", "", ahead, now, code="23514")
    await psql.refused(psql.shah, sql, who, "nobody", "", "\n", None, now, code="23514")
    await psql.refused(
        psql.shah, sql, who, "person", "O", "", now - timedelta(minutes=1), now, says="before the call"
    )
    late = now + timedelta(minutes=2)
    await psql.refused(psql.shah, sql, who, "person", "O", "", ahead, late, says="future")
    early = now - timedelta(minutes=1)
    await psql.refused(
        psql.shah, sql, who, "person", "O", "", ahead, early, says="before the referral was received"
    )


async def test_what_was_said_never_changes_and_nobody_deletes_it(psql: Psql) -> None:
    call = await psql.call(await waiting(psql), said="The dog keeps her company")
    await psql.refused(psql.shah, "UPDATE cru.contact SET said = 'x' WHERE id = $1", call, code="42501")
    await psql.refused(psql.owner, "UPDATE cru.contact SET said = 'x' WHERE id = $1", call, says="never changes")
    await psql.refused(psql.shah, "DELETE FROM cru.contact WHERE id = $1", call, code="42501")
    await psql.refused(psql.owner, "DELETE FROM cru.contact WHERE id = $1", call, says="never changed or deleted")
    await psql.refused(psql.wall, "SELECT * FROM cru.contact", code="42501")


@pytest.mark.hazard("H-071")
async def test_a_promise_is_kept_or_not_and_that_is_said_once(psql: Psql) -> None:
    who = await waiting(psql)
    nothing = await psql.call(who)
    await psql.set_refused(
        psql.shah, "contact", nothing, code="CR003", says="Nothing was promised", promise_outcome="kept"
    )
    call = await psql.call(who, promised="A call before anybody rings the bell")
    await psql.set(psql.shah, "contact", call, promise_outcome="not kept", promise_note="the line was down")
    row = await psql.read("contact", call)
    assert (row["promise_closed_by"], row["promise_closed_at"] is not None) == ("a.shah", True)
    await psql.set_refused(psql.lead, "contact", call, code="CR001", says="said already", promise_outcome="kept")
    assert (await psql.kinds(who))[-1] == "promise not kept"
    assert await psql.owner.fetchval("SELECT words FROM cru.event ORDER BY id DESC LIMIT 1") == (
        "A call before anybody rings the bell. the line was down"
    )


async def test_a_call_says_when_it_was_due(psql: Psql) -> None:
    now = await at_hour(psql)
    who = await waiting(psql)
    first = await psql.read("contact", await psql.call(who))
    assert first["due_at"] == now + timedelta(minutes=30)
    second = await psql.read("contact", await psql.call(who))
    assert second["due_at"] == now + timedelta(minutes=60)
    await psql.allocate(who, await psql.van())
    assert (await psql.read("contact", await psql.call(who)))["due_at"] is None


@pytest.mark.hazard("H-015")
async def test_the_record_and_the_screen_say_the_same_next_call(psql: Psql) -> None:
    dice = Random(9)
    engine = connect(psql.record.url("a.shah"))
    async with transaction(engine) as connection:
        schedules = (await queries.reference_data(connection)).schedules
    await engine.dispose()
    assert set(schedules) == {"P2", "P3"}
    now, van = await clock(psql), None
    for turn in range(25):
        priority = dice.choice(sorted(schedules))
        # A night when the clocks do not change, and both kinds when they do.
        nights = {0: "2026-02-11T22:05Z", 9: "2026-03-28T20:05Z", 18: "2026-10-24T20:05Z"}
        now = await at_hour(psql, nights.get(turn) or (now + timedelta(minutes=20)).isoformat())
        van = van or await psql.van()
        who = await waiting(psql, priority)
        for _ in range(dice.randrange(5)):
            now = await at_hour(psql, (now + timedelta(minutes=dice.randrange(1, 90))).isoformat())
            if dice.random() < 0.2:
                await _sent_and_stood_down(psql, who, van)
            spoke = dice.choice(["person", "carer", "other", "nobody"])
            agreed = {"agreed_until": now + timedelta(minutes=dice.randrange(1, 400))} if spoke == "person" else {}
            why = {"why_not": "no answer"} if spoke == "nobody" else {}
            call = await psql.call(who, spoke_with=spoke, **why, **(agreed if dice.random() < 0.5 else {}))
            if dice.random() < 0.2:
                act = await psql.owner.fetchval("SELECT act_id FROM cru.act_part WHERE row_id = $1", str(call))
                await psql.lead.execute("SELECT cru.take_back($1, 'a slip')", act)
                assert (await psql.read("contact", call))["taken_back_at"] is not None
            if dice.random() < 0.2:
                # Made more urgent, it ends what was agreed.
                priority = dice.choice(sorted(schedules))
                await psql.set(psql.shah, "referral", who, priority=priority)
        rows = await psql.owner.fetch(
            "SELECT * FROM cru.contact WHERE referral_id = $1 AND taken_back_at IS NULL", who
        )
        received = (await psql.read("referral", who))["received_at"]
        down = "SELECT max(stood_down_at) FROM cru.assignment WHERE referral_id = $1"
        stood_down = await psql.owner.fetchval(down, who)
        calls = [care_rows.contact(row) for row in rows]
        theirs = next_call(received, calls, schedules[priority], stood_down)
        assert await psql.owner.fetchval("SELECT cru.next_call($1)", who) == theirs


async def _sent_and_stood_down(psql: Psql, who: UUID, van: UUID) -> None:
    # By the commands, which read why nobody answered.
    sent = do.Allocate(referral_id=who, van_id=van)
    await does(psql, sent, do.StandDown(assignment_id=sent.assignment_id, reason="higher_priority"))


@pytest.mark.hazard("H-015")
async def test_who_was_to_be_visited_and_waits_again_is_called_soon(psql: Psql) -> None:
    now = await at_hour(psql)
    who, van = await waiting(psql, "P3"), await psql.van()
    await psql.call(who, agreed_until=now + timedelta(hours=9))
    now = await at_hour(psql, (now + timedelta(hours=1)).isoformat())
    await _sent_and_stood_down(psql, who, van)
    assert await psql.owner.fetchval("SELECT cru.next_call($1)", who) == now + timedelta(minutes=30)
    # Nobody answered: again a while later; heard, it is as it was agreed.
    now = await at_hour(psql, (now + timedelta(minutes=20)).isoformat())
    await psql.call(who, spoke_with="nobody", why_not="voicemail")
    assert await psql.owner.fetchval("SELECT cru.next_call($1)", who) == now + timedelta(minutes=30)
    await psql.call(who, agreed_until=now + timedelta(hours=8))
    assert await psql.owner.fetchval("SELECT cru.next_call($1)", who) == now + timedelta(hours=8)
    # An allocation that is taken back sent nobody.
    await does(psql, do.AddNote(referral_id=who, words="rang their landline as well"))
    await psql.allocate(who, van)
    await psql.shah.execute(TAKE_BACK)
    assert await psql.owner.fetchval("SELECT cru.next_call($1)", who) == now + timedelta(hours=8)


async def test_a_priority_without_a_schedule_has_no_next_call(psql: Psql) -> None:
    assert await psql.owner.fetchval("SELECT cru.next_call($1)", await psql.referral()) is None
    who = await waiting(psql)
    await psql.lead.execute("UPDATE cru.contact_schedule SET active = false WHERE priority = 'P2'")
    assert await psql.owner.fetchval("SELECT cru.next_call($1)", who) is None


async def test_a_lead_sets_the_schedule_and_answers_for_it(psql: Psql) -> None:
    change = "UPDATE cru.contact_schedule SET every_minutes = 25 WHERE priority = 'P3'"
    await psql.refused(psql.shah, change, code="42501")
    await psql.refused(psql.lead, "UPDATE cru.contact_schedule SET author = 'x'", code="42501")
    await psql.lead.execute(change)
    row = await psql.owner.fetchrow("SELECT author, dated FROM cru.contact_schedule WHERE priority = 'P3'")
    assert (row["author"], row["dated"]) == ("l.lead", (await clock(psql)).date())
    event = await psql.owner.fetchrow("SELECT kind, recorded_by, words FROM cru.event ORDER BY id DESC LIMIT 1")
    assert (event["kind"], event["recorded_by"]) == ("contact schedule", "l.lead")
    assert event["words"] == "P3: first after 120 min, then every 25 min, 30 min after no answer"
    await psql.lead.execute("INSERT INTO cru.contact_schedule VALUES ('P1', 5, 10, 2)")
    assert await psql.owner.fetchval("SELECT author FROM cru.contact_schedule WHERE priority = 'P1'") == "l.lead"


@pytest.mark.hazard("H-034")
@pytest.mark.parametrize("state", ["received", "accepted"])
async def test_a_caller_does_not_cancel_over_the_persons_head(psql: Psql, state: str) -> None:
    who = await psql.referral(state)
    end = {"state": "cancelled", "end_reason": "by_caller"}
    for someone in (psql.shah, psql.lead):
        await psql.set_refused(
            someone, "referral", who, code="CR003", says="nobody has spoken to the person", **end
        )
    await psql.call(who, about="waiting")
    await psql.call(who, about="cancel", spoke_with="carer")
    await psql.set_refused(psql.shah, "referral", who, says="nobody has spoken to the person", **end)
    await psql.call(who, about="cancel")
    await psql.set(psql.shah, "referral", who, **end)


@pytest.mark.hazard("H-034")
async def test_or_it_is_said_why_not_and_once_does_not_serve_twice(psql: Psql) -> None:
    who = await psql.referral()
    end = {"state": "cancelled", "end_reason": "by_caller"}
    await psql.call(who, about="cancel", spoke_with="nobody", why_not="the caller knows no number")
    await psql.set(psql.shah, "referral", who, **end)
    await psql.lead.execute("SELECT set_config('cru.reason', 'rang again', false)")
    await psql.set(psql.lead, "referral", who, state="accepted")
    await psql.set_refused(psql.shah, "referral", who, says="nobody has spoken to the person", **end)
    await psql.set(psql.shah, "referral", who, state="cancelled", end_reason="duplicate")


@pytest.mark.hazard("H-034")
async def test_so_it_is_where_an_end_is_put_right(psql: Psql) -> None:
    who = await psql.referral("cancelled")
    await psql.lead.execute("SELECT set_config('cru.reason', 'the landlord rang', false)")
    end = {"end_reason": "by_caller"}
    await psql.set_refused(psql.lead, "referral", who, code="CR003", says="nobody has spoken", **end)
    await psql.call(who, about="cancel", spoke_with="nobody", why_not="no number")
    await psql.set(psql.lead, "referral", who, **end)


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"first_minutes": 241}, "after the time that P2 allows"),
        ({"every_minutes": 1441}, "once a day at least"),
        ({"again_minutes": 241}, "within four hours"),
    ],
)
async def test_no_slip_of_the_finger_leaves_somebody_uncalled(
    psql: Psql, columns: dict[str, int], says: str
) -> None:
    for who in (psql.lead, psql.owner):
        pairs = ", ".join(f"{name} = {value}" for name, value in columns.items())
        await psql.refused(who, f"UPDATE cru.contact_schedule SET {pairs} WHERE priority = 'P2'", says=says)  # noqa: S608 - ours
    sql = "UPDATE cru.contact_schedule SET first_minutes = 240, every_minutes = 1440, again_minutes = 240"
    await psql.lead.execute(f"{sql} WHERE priority = 'P2'")
