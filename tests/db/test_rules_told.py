"""What the record writes down of what is done: one event each, with its words, its time, and what it amends."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.db.psql import Psql, age


async def clock(psql: Psql) -> datetime:
    now: datetime = await psql.owner.fetchval("SELECT cru.clock_now()")
    return now


async def told(psql: Psql, referral: UUID, after: int = 0) -> list[tuple[str, str]]:
    """Kind and words of the events since one, in the order written."""
    rows = await psql.owner.fetch(
        "SELECT kind, words FROM cru.event WHERE referral_id = $1 AND id > $2 ORDER BY id", referral, after
    )
    return [tuple(row) for row in rows]


async def told_of_van(psql: Psql, van: UUID, after: int) -> list[tuple[str, str]]:
    rows = await psql.owner.fetch(
        "SELECT kind, words FROM cru.event WHERE van_id = $1 AND id > $2 ORDER BY id", van, after
    )
    return [tuple(row) for row in rows]


async def last(psql: Psql) -> Any:
    return await psql.owner.fetchrow("SELECT * FROM cru.event ORDER BY id DESC LIMIT 1")


async def newest(psql: Psql) -> int:
    return int(await psql.owner.fetchval("SELECT coalesce(max(id), 0) FROM cru.event"))


@pytest.mark.parametrize(
    ("state", "move", "events"),
    [
        ("received", {"state": "declined", "end_reason": " out_of_area "}, [("declined", "out_of_area")]),
        ("accepted", {"state": "cancelled", "end_reason": "duplicate"}, [("cancelled", "duplicate")]),
        ("accepted", {"priority": "P2", "caller": "Ann"}, [("details changed", "caller, priority")]),
        # What ends it is said by the ending; what else changed is said beside it.
        (
            "accepted",
            {"state": "declined", "end_reason": "x", "caller": "Ann"},
            [("declined", "x"), ("details changed", "caller")],
        ),
        ("received", {"state": "received", "priority": "P1"}, []),
    ],
)
async def test_a_change_of_a_referral_is_told_once(
    psql: Psql, state: str, move: dict[str, str], events: list[tuple[str, str]]
) -> None:
    referral = await psql.referral(state)
    before = await newest(psql)
    await psql.set(psql.shah, "referral", referral, **move)
    assert await told(psql, referral, before) == events


async def test_details_are_told_as_they_were_and_are(psql: Psql) -> None:
    referral = await psql.referral("received")
    await psql.set(psql.shah, "referral", referral, caller="Ann", police="PC 12")
    detail = json.loads((await last(psql))["detail"])
    assert detail == {"caller": {"from": "", "to": "Ann"}, "police": {"from": "", "to": "PC 12"}}


async def test_a_closing_is_told_with_its_outcome_and_amended_beside_itself(psql: Psql) -> None:
    referral = await psql.referral("attending")
    job = await psql.owner.fetchval("SELECT id FROM cru.assignment WHERE referral_id = $1", referral)
    await psql.set(psql.shah, "assignment", job, state="clear")
    before = await newest(psql)
    await psql.set(psql.shah, "referral", referral, state="closed", outcome="gp", ae_avoided="yes")
    assert await told(psql, referral, before) == [("closed", "gp")]
    row = await psql.read("referral", referral)
    assert (await last(psql))["happened_at"] == row["closed_at"]
    at = row["closed_at"] - timedelta(microseconds=1)
    await psql.lead.execute("SELECT set_config('cru.reason', 'typed late', false)")
    await psql.set(psql.lead, "referral", referral, closed_at=at)
    event = await last(psql)
    assert (event["kind"], event["words"]) == ("time amended", "closed")
    detail = json.loads(event["detail"])
    assert [datetime.fromisoformat(detail[end]) for end in ("from", "to")] == [row["closed_at"], at]


@pytest.mark.hazard("H-069")
async def test_a_hold_is_told_when_it_begins_moves_and_ends(psql: Psql) -> None:
    referral, now, before = await psql.referral(), await clock(psql), await newest(psql)
    await psql.set(
        psql.shah, "referral", referral, hold_until=now + timedelta(minutes=40), hold_reason=" call_back "
    )
    until = json.loads((await last(psql))["detail"])["until"]
    assert datetime.fromisoformat(until) == now + timedelta(minutes=40)
    await psql.set(psql.shah, "referral", referral, hold_until=now + timedelta(minutes=50))
    await psql.set(psql.shah, "referral", referral, hold_until=None, hold_reason="")
    assert await told(psql, referral, before) == [
        ("on hold", "call_back"),
        ("on hold", "call_back"),
        ("hold ended", ""),
    ]


async def test_a_hold_that_ran_out_stays_as_it_was(psql: Psql) -> None:
    # It ended by itself, and was no part of what came later.
    referral, now = await psql.referral(), await clock(psql)
    past = now - timedelta(minutes=5)
    await psql.owner.execute("ALTER TABLE cru.referral DISABLE TRIGGER guard")
    await psql.set(psql.owner, "referral", referral, hold_until=past, hold_reason="call_back")
    await psql.owner.execute("ALTER TABLE cru.referral ENABLE TRIGGER guard")
    before = await newest(psql)
    await psql.set(psql.shah, "referral", referral, state="cancelled", end_reason="duplicate")
    row = await psql.read("referral", referral)
    assert (row["hold_until"], row["hold_reason"]) == (past, "call_back")
    assert await told(psql, referral, before) == [("cancelled", "duplicate")]


async def test_entered_in_error_is_told_and_can_be_taken_back(psql: Psql) -> None:
    referral, now, before = await psql.referral(), await clock(psql), await newest(psql)
    mark = {"entered_in_error_at": now, "entered_in_error_reason": " test call "}
    await psql.set(psql.lead, "referral", referral, **mark)
    assert (await psql.read("referral", referral))["entered_in_error_reason"] == "test call"
    await psql.lead.execute("SELECT set_config('cru.reason', 'it was real', false)")
    await psql.set(psql.lead, "referral", referral, entered_in_error_at=None, entered_in_error_reason="")
    assert await told(psql, referral, before) == [
        ("entered in error", "test call"),
        ("entered in error undone", ""),
    ]


async def test_the_first_screening_sets_the_time_and_each_is_told(psql: Psql) -> None:
    referral = await psql.take()
    first = await psql.screen(referral, weapon="yes", overdose="not known")
    row = await psql.read("screening", first)
    assert (row["completed_by"], row["version"]) == ("a.shah", 1)
    assert (await psql.read("referral", referral))["screened_at"] == row["completed_at"]
    noes = len(await psql.answers()) - 2
    event = await last(psql)
    assert (event["kind"], event["words"]) == ("screening complete", f"{noes} no, 1 yes, 1 not known")
    assert event["happened_at"] == row["completed_at"]
    assert json.loads(event["detail"])["answers"]["weapon"] == "yes"
    before = await newest(psql)
    await psql.screen(referral)
    assert (await psql.read("referral", referral))["screened_at"] == row["completed_at"]
    assert await told(psql, referral, before) == [("screening complete", f"{noes + 2} no, 0 yes, 0 not known")]


@pytest.mark.hazard("H-010")
async def test_an_override_is_told_by_whom_and_why_at_its_own_time(psql: Psql) -> None:
    referral = await psql.take()
    screening = await psql.screen(referral, weapon="yes")
    at = await clock(psql) - timedelta(minutes=2)
    override = {"override_at": at, "override_clinician": " Dr Example ", "override_reason": " searched "}
    await psql.set(psql.lead, "screening", screening, **override)
    event = await last(psql)
    assert (event["kind"], event["words"]) == ("screening overridden", "Dr Example: searched")
    assert event["happened_at"] == at
    assert (await psql.read("screening", screening))["version"] == 2


async def test_a_vans_steps_are_told_each_with_what_it_needs(psql: Psql) -> None:
    job = await psql.assignment()
    row = await psql.read("assignment", job)
    before = await newest(psql)
    await psql.set(psql.shah, "assignment", job, state="mobile")
    await psql.set(psql.shah, "assignment", job, state="conveying", destination="Crisis house")
    # Where to is told by the step; only where else, later, is a detail that changed.
    assert len(await told(psql, row["referral_id"], before)) == 2
    await psql.set(psql.shah, "assignment", job, destination="Berrywood")
    await psql.set(psql.shah, "assignment", job, state="at destination")
    expected = [
        ("van mobile", ""),
        ("van conveying", "Crisis house"),
        ("details changed", "destination"),
        ("van at destination", ""),
    ]
    assert await told(psql, row["referral_id"], before) == expected
    assert await told_of_van(psql, row["van_id"], before) == expected


async def test_a_stand_down_is_told_with_its_reason(psql: Psql) -> None:
    job = await psql.assignment("mobile")
    row = await psql.read("assignment", job)
    before = await newest(psql)
    await psql.set(psql.shah, "assignment", job, state="stood down", stand_down_reason=" not_needed ")
    assert await told(psql, row["referral_id"], before) == [("van stood down", "not_needed")]
    assert (await psql.read("assignment", job))["stand_down_reason"] == "not_needed"


async def test_handovers_are_told_with_both_parties_or_the_reason(psql: Psql) -> None:
    handover = await psql.handover("started")
    referral = (await psql.read("handover", handover))["referral_id"]
    before = await newest(psql)
    await psql.set(psql.shah, "handover", handover, state="refused", refusal_reason=" not_safe ")
    assert await told(psql, referral, before) == [("handover refused", "not_safe")]
    other = await psql.handover()
    referral = (await psql.read("handover", other))["referral_id"]
    before = await newest(psql)
    await psql.set(psql.shah, "handover", other, to_party="CRU2")
    await psql.set(psql.shah, "handover", other, state="accepted")
    assert await told(psql, referral, before) == [
        ("details changed", "to party"),
        ("handover accepted", "EMAS A1 to CRU2"),
    ]


async def test_a_vans_duty_and_emergency_are_told(psql: Psql) -> None:
    van, before = await psql.van(), await newest(psql)
    await psql.set(psql.shah, "van", van, duty_status="out of service", duty_reason=" fault ")
    row = await psql.read("van", van)
    event = await last(psql)
    assert event["happened_at"] == row["duty_since_at"]
    assert row["duty_since_at"] > await clock(psql) - timedelta(minutes=1)
    at = await clock(psql) - timedelta(minutes=4)
    await psql.set(psql.shah, "van", van, emergency_at=at)
    assert (await last(psql))["happened_at"] == at
    await psql.set(psql.lead, "van", van, emergency_at=None)
    assert (await last(psql))["happened_at"] > at
    assert await told_of_van(psql, van, before) == [
        ("out of service", "fault"),
        ("emergency", ""),
        ("emergency cleared", ""),
    ]


async def test_a_shift_is_told_when_it_begins_moves_and_ends(psql: Psql) -> None:
    before = await newest(psql)
    van = await psql.van()
    shift = await psql.owner.fetchval("SELECT id FROM cru.shift WHERE van_id = $1", van)
    now = await clock(psql)
    # When it should end and when the crew eats are plans: they are moved without a reason, and ahead.
    for who, column in ((psql.lead, "planned_end_at"), (psql.shah, "meal_due_at"), (psql.shah, "meal_until_at")):
        await psql.set(who, "shift", shift, **{column: now + timedelta(hours=3)})
    await psql.set(psql.shah, "van", van, duty_status="off duty")
    await psql.set(psql.shah, "shift", shift, ended_at=now)
    assert await told_of_van(psql, van, before) == [
        ("shift started", ""),
        ("joined the crew", "Amara Example"),
        ("available", ""),
        ("details changed", "planned end"),
        ("details changed", "meal due"),
        ("details changed", "meal until"),
        ("off duty", ""),
        ("shift ended", ""),
    ]
    assert (await psql.read("shift", shift))["version"] == 5


@pytest.mark.parametrize(
    ("table", "state", "column", "kind"),
    [
        ("referral", "accepted", "accepted_at", "accepted"),
        ("assignment", "mobile", "mobile_at", "van mobile"),
        ("handover", "started", "started_at", "handover started"),
    ],
)
async def test_an_amendment_names_the_event_it_amends(
    psql: Psql, table: str, state: str, column: str, kind: str
) -> None:
    make = {"referral": psql.referral, "assignment": psql.assignment, "handover": psql.handover}
    row = await make[table](state)
    # Another of the same kind, later, that is not meant.
    await make[table](state)
    is_of = "id" if table == "referral" else "referral_id"
    amended = await psql.owner.fetchval(
        f"SELECT max(e.id) FROM cru.event e JOIN cru.{table} t ON t.{is_of} = e.referral_id"  # noqa: S608
        " WHERE t.id = $1 AND e.kind = $2",
        row,
        kind,
    )
    was = (await psql.read(table, row))[column]
    await psql.lead.execute("SELECT set_config('cru.reason', 'typed late', false)")
    await psql.set(psql.lead, table, row, **{column: was - timedelta(microseconds=1)})
    event = await last(psql)
    assert (event["kind"], event["words"], event["amends"]) == ("time amended", kind, amended)
    detail = json.loads(event["detail"])
    assert detail["time"] == kind
    assert datetime.fromisoformat(detail["from"]) - datetime.fromisoformat(detail["to"]) == timedelta(
        microseconds=1
    )


async def test_the_time_of_an_earlier_step_is_amended_too(psql: Psql) -> None:
    job = await psql.assignment("mobile")
    await psql.set(psql.shah, "assignment", job, state="on scene")
    handover = await psql.handover("released")
    await psql.lead.execute("SELECT set_config('cru.reason', 'typed late', false)")
    for table, row, columns in (
        ("assignment", job, ("allocated_at", "mobile_at")),
        ("handover", handover, ("expected_at", "accepted_at")),
    ):
        for column in columns:
            at = (await psql.read(table, row))[column] - timedelta(microseconds=1)
            await psql.set(psql.lead, table, row, **{column: at})
            assert (await psql.read(table, row))[column] == at
            assert (await last(psql))["kind"] == "time amended"


@pytest.mark.hazard("H-041", "H-079")
async def test_feedback_and_cautions_are_told_with_whom_and_until_when(psql: Psql) -> None:
    referral = await psql.referral()
    await psql.shah.execute(
        "INSERT INTO cru.feedback (referral_id, said_by, words) VALUES ($1, 'person', 'kind')", referral
    )
    event = await last(psql)
    said = str(await psql.owner.fetchval("SELECT id FROM cru.feedback"))
    assert (event["kind"], event["words"], json.loads(event["detail"])) == (
        "feedback",
        "kind",
        {"about": "person", "consent": "not asked", "feedback": said},
    )
    ends = await clock(psql) + timedelta(days=9)
    await psql.shah.execute(
        "INSERT INTO cru.flag (referral_id, subject, kind, reason, expires_at)"
        " VALUES ($1, 'address', 'pets', 'a dog', $2)",
        referral,
        ends,
    )
    event = await last(psql)
    detail = json.loads(event["detail"])
    assert (event["kind"], event["words"], detail["about"]) == ("flag", "a dog", "pets")
    assert datetime.fromisoformat(detail["expires_at"]) == ends


async def test_what_an_event_was_told_from_is_kept_with_it(psql: Psql) -> None:
    job = await psql.assignment()
    await age(psql.owner)
    command = "11111111-2222-3333-4444-555555555555"
    for name, value in (("source", "crew"), ("command", command), ("reason", " by radio ")):
        await psql.shah.execute("SELECT set_config('cru.' || $1, $2, false)", name, value)
    at = await clock(psql) - timedelta(minutes=5)
    await psql.set(psql.shah, "assignment", job, state="mobile", mobile_at=at)
    event = await last(psql)
    assert (event["source"], str(event["command_id"]), event["reason"]) == ("crew", command, "by radio")
    assert event["happened_at"] == at
    assert event["recorded_at"] > at + timedelta(minutes=4)


async def test_what_told_of_a_time_last_is_of_that_referral_and_van_and_of_that_kind(psql: Psql) -> None:
    referral, other = [await psql.take() for _ in range(2)]
    van, another = [row["id"] for row in await psql.owner.fetch("SELECT id FROM cru.van LIMIT 2")]
    await psql.owner.execute("SET session_replication_role = replica")
    told = {}
    # Of each the earlier first; what follows is about something else.
    for about in (
        *[(referral, van, "mobile")] * 2,
        *[(None, van, "mobile")] * 2,
        *[(referral, None, "mobile")] * 2,
        (other, van, "mobile"),
        (None, another, "mobile"),
        (referral, van, "clear"),
        (None, van, "clear"),
        (referral, None, "clear"),
        (other, None, "mobile"),
        (referral, another, "mobile"),
    ):
        sql = "INSERT INTO cru.event (referral_id, van_id, kind) VALUES ($1, $2, $3) RETURNING id"
        told[about] = await psql.owner.fetchval(sql, *about)
    for about, last in told.items():
        assert await psql.owner.fetchval("SELECT cru.told_last($1, $2, $3)", *about) == last, about
    assert await psql.owner.fetchval("SELECT cru.told_last($1, $2, 'scene')", None, van) is None
